package accounts

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// A PublicFrame is what a practice shows on every page that partners see. It is the same for
// everybody, so that none of it is a signal.
type PublicFrame struct {
	AppName string      `db:"app_name"` // in the browser's tab; does not reveal what this is
	ExitURL string      `db:"exit_url"` // the target of the quick exit
	Lines   CrisisLines `db:"crisis_lines"`
}

// orDefault returns s, or the default if the practice has not reviewed its own settings.
func (s PublicFrame) orDefault() PublicFrame {
	if s.AppName == "" {
		return DefaultSafety().PublicFrame
	}
	return s
}

// Safety is a practice's safety settings. They are stored only after an owner has confirmed every
// crisis line; no partner can be invited before that.
type Safety struct {
	PublicFrame
	Region        string
	CoverName     string // who covers when the counselor is unavailable
	CoverContact  string
	NoCover       string // or a statement that there is no coverage
	EscalateHours int    // hours after which the cover is named for an open concern
	ReviewedAt    *time.Time
	ReviewedBy    string
	Revision      int
}

// sealedSafety is a practice's safety settings as stored.
type sealedSafety struct {
	PublicFrame
	Region        string    `db:"region"`
	CoverName     []byte    `db:"cover_name"`
	CoverContact  []byte    `db:"cover_contact"`
	NoCover       []byte    `db:"no_cover"`
	EscalateHours int       `db:"escalate_hours"`
	ReviewedAt    time.Time `db:"reviewed_at"`
	ReviewedBy    string    `db:"reviewed_by"`
	Revision      int       `db:"revision"`
}

// Reviewed reports whether an owner has confirmed these settings.
func (s Safety) Reviewed() bool { return s.ReviewedAt != nil }

// DefaultSafety returns the settings of a practice that has not reviewed its own.
func DefaultSafety() Safety {
	p := crisisRegions[0]
	return Safety{PublicFrame: PublicFrame{"Notes", p.ExitURL, p.Lines}, Region: p.Region, EscalateHours: 4}
}

// revealingWords matches words that would reveal in a browser's tab what Mend is for.
var revealingWords = regexp.MustCompile(
	`(?i)couple|trust|counsel|therap|marri|relation|partner|affair|divorce|abuse|safety|mend`)

// Validate returns what is wrong with s, by form field.
func (s Safety) Validate() error {
	bad := fault.Fields{}
	bad.Stored("app_name", s.AppName, 1, 30)
	if revealingWords.MatchString(s.AppName) {
		bad["app_name"] = "Choose a name that doesn’t mention counseling, such as Notes."
	}
	bad.Length("exit_url", s.ExitURL, 0, 300)
	if !publicSite(s.ExitURL) {
		bad["exit_url"] = "Enter the https address of a public site, such as https://www.weather.gov/."
	}
	if _, err := FindCrisisRegion(s.Region); err != nil {
		bad["region"] = "Choose a region from the list."
	}
	s.Lines.validate(bad)
	bad.Length("cover_name", s.CoverName, 0, 120)
	bad.Length("cover_contact", s.CoverContact, 0, 200)
	bad.Length("no_cover", s.NoCover, 0, 500)
	if s.NoCover == "" && (s.CoverName == "" || s.CoverContact == "") {
		bad["cover_name"] = "Enter a covering clinician and contact info, or explain below that you have no coverage."
	}
	if s.EscalateHours < 1 || s.EscalateHours > 72 {
		bad["escalate_hours"] = "Choose between 1 and 72 hours."
	}
	return bad.Err()
}

const safetyColumns = `app_name, exit_url, crisis_lines, region, cover_name, cover_contact, no_cover,
	escalate_hours, reviewed_at, reviewed_by, revision`

// FindSafety returns the safety settings of practice, or the default if it has not reviewed its own
// or the row's MAC is invalid.
func (st *Store) FindSafety(ctx context.Context, practice string) (Safety, error) {
	return st.findSafety(ctx, st.db, practice)
}

func (st *Store) findSafety(ctx context.Context, db *database.DB, practice string) (Safety, error) {
	var s sealedSafety
	err := db.Get(ctx, &s, `SELECT `+safetyColumns+` FROM practice_safety WHERE practice_id = ?`, practice)
	if err == nil {
		err = st.checkMACs(ctx, db, practice, practice, rowmac.Safety)
	}
	if errors.Is(err, fault.NotFound) {
		return DefaultSafety(), nil
	}
	if err != nil {
		return Safety{}, fmt.Errorf("safety of practice %s: %w", practice, err)
	}
	box, err := st.staff(ctx, db, practice)
	if err != nil {
		return Safety{}, err
	}
	row := box.Row("practice_safety", practice)
	return Safety{
		s.PublicFrame, s.Region, row.Read("cover_name", s.CoverName), row.Read("cover_contact", s.CoverContact),
		row.Read("no_cover", s.NoCover), s.EscalateHours, &s.ReviewedAt, s.ReviewedBy, s.Revision,
	}, row.Err()
}

// FrontFrame returns the frame of pages without a login: that of the only practice, or the default
// if there are several.
func (st *Store) FrontFrame(ctx context.Context) (PublicFrame, error) {
	var fronts []struct {
		PublicFrame
		Practice string `db:"id"`
	}
	err := st.db.Select(ctx, &fronts, `
		SELECT p.id, COALESCE(s.app_name, '') AS app_name, COALESCE(s.exit_url, '') AS exit_url, s.crisis_lines
		FROM practices p
		LEFT JOIN practice_safety s ON s.practice_id = p.id
		LIMIT 2`)
	if err != nil || len(fronts) != 1 {
		return DefaultSafety().PublicFrame, err
	}
	return st.frameOf(ctx, fronts[0].Practice, fronts[0].PublicFrame)
}

// frameOf returns the frame that was read for practice, or the default if the row's MAC is invalid:
// an exit URL that somebody wrote to the database is not used.
func (st *Store) frameOf(ctx context.Context, practice string, read PublicFrame) (PublicFrame, error) {
	good, err := rowmac.IsValid(ctx, st.db, st.vault, practice, rowmac.Safety, practice)
	if err != nil || !good {
		return DefaultSafety().PublicFrame, err
	}
	return read.orDefault(), nil
}

// ReviewSafety stores s as confirmed by owner. It returns fault.Conflict if the settings were
// changed since s.Revision, and fault.NotFound for anybody but an owner. Repeating it changes
// nothing.
func (st *Store) ReviewSafety(ctx context.Context, practice, owner string, s Safety, now time.Time) error {
	s.AppName, s.ExitURL = strings.TrimSpace(s.AppName), strings.TrimSpace(s.ExitURL)
	if err := s.Validate(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.ownerOnly(ctx, tx, practice, owner); err != nil {
			return err
		}
		if err := st.dropForeignSafety(ctx, tx, practice); err != nil {
			return err
		}
		n, err := st.writeSafety(ctx, tx, practice, owner, s, now)
		if err != nil || n == 1 {
			return err
		}
		stored, err := st.findSafety(ctx, tx, practice)
		if err == nil && !stored.sameAs(s) {
			err = fault.Conflict
		}
		return err
	})
}

// dropForeignSafety deletes settings whose MAC is invalid, so that an owner can confirm new ones.
func (st *Store) dropForeignSafety(ctx context.Context, tx *database.DB, practice string) error {
	good, err := rowmac.IsValid(ctx, tx, st.vault, practice, rowmac.Safety, practice)
	if err != nil || good {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM practice_safety WHERE practice_id = ?`, practice)
	return err
}

// writeSafety stores s if the settings still have s.Revision, and returns the number of rows
// changed.
func (st *Store) writeSafety(ctx context.Context, tx *database.DB, practice, owner string, s Safety,
	now time.Time,
) (int64, error) {
	box, err := st.staff(ctx, tx, practice)
	if err != nil {
		return 0, err
	}
	row := box.Row("practice_safety", practice)
	name, contact, nobody := row.Seal("cover_name", s.CoverName), row.Seal("cover_contact", s.CoverContact),
		row.Seal("no_cover", s.NoCover)
	if err := row.Err(); err != nil {
		return 0, err
	}
	n, err := audit.Exec(ctx, tx,
		audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "safety", ID: practice}, `
		INSERT INTO practice_safety (practice_id, app_name, exit_url, crisis_lines, region, cover_name, cover_contact,
		  no_cover,
		       escalate_hours, reviewed_at, reviewed_by, revision)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
		ON CONFLICT (practice_id) DO UPDATE
		SET app_name = excluded.app_name, exit_url = excluded.exit_url, crisis_lines = excluded.crisis_lines,
		  region = excluded.region,
		    cover_name = excluded.cover_name, cover_contact = excluded.cover_contact, no_cover = excluded.no_cover,
		    escalate_hours = excluded.escalate_hours, reviewed_at = excluded.reviewed_at, reviewed_by = excluded.reviewed_by,
		    revision = practice_safety.revision + 1
		WHERE practice_safety.revision = ?`,
		practice, s.AppName, s.ExitURL, s.Lines.encode(), s.Region, name, contact, nobody,
		s.EscalateHours, now, owner, s.Revision)
	if err != nil || n == 0 {
		return n, err
	}
	return n, rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.Safety, practice)
}

// sameAs reports whether two settings are equal apart from their confirmation.
func (s Safety) sameAs(other Safety) bool {
	s.ReviewedAt, s.ReviewedBy, s.Revision = other.ReviewedAt, other.ReviewedBy, other.Revision
	return reflect.DeepEqual(s, other)
}

// ErrUnreviewed means that no owner has reviewed the practice's crisis lines yet, so no partner can
// be invited.
var ErrUnreviewed = errors.New("the crisis lines have not been reviewed")

// requireReviewed returns ErrUnreviewed unless an owner has confirmed the practice's
// crisis lines.
func (st *Store) requireReviewed(ctx context.Context, tx *database.DB, practice string) error {
	good, err := rowmac.IsValid(ctx, tx, st.vault, practice, rowmac.Safety, practice)
	if err == nil && !good {
		err = ErrUnreviewed
	}
	return err
}

// Reviewed reports whether an owner has confirmed the practice's crisis lines.
func (st *Store) Reviewed(ctx context.Context, practice string) (bool, error) {
	return rowmac.IsValid(ctx, st.db, st.vault, practice, rowmac.Safety, practice)
}
