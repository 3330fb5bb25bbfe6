package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

const (
	// linkBefore is how long before a video session its link is shown to both partners, so that
	// somebody else with a partner's phone finds nothing to open earlier.
	linkBefore = 15 * time.Minute
	// linkAfter is how long after its end the link stays, for sessions that run over.
	linkAfter = 15 * time.Minute
)

// isOpen reports whether a video session is about to begin or may be running at now.
func (a Appointment) isOpen(now time.Time) bool {
	return a.Place == "video" && (a.State == Planned || a.State == Held) &&
		!now.Before(a.StartsAt.Add(-linkBefore)) && now.Before(a.Ends().Add(linkAfter))
}

// IsLink reports whether text is an https URL.
func IsLink(text string) bool {
	address, err := url.Parse(text)
	return err == nil && address.Scheme == "https" && address.Host != "" && address.User == nil &&
		!strings.ContainsAny(text, " \t\r\n")
}

// VideoSettings are a counselor's settings for video sessions.
type VideoSettings struct {
	Link     string // the default link of video sessions; "" for none
	Licenses []USState
	Revision int
}

// Licensed reports whether a state is among the licenses on file, or none are on file.
func (v VideoSettings) Licensed(code string) bool {
	return len(v.Licenses) == 0 || slices.ContainsFunc(v.Licenses, func(s USState) bool { return s.Code == code })
}

// LicenseLine returns the licenses as they are entered: "NY, PA".
func (v VideoSettings) LicenseLine() string {
	codes := make([]string, len(v.Licenses))
	for i, s := range v.Licenses {
		codes[i] = s.Code
	}
	return strings.Join(codes, ", ")
}

// ParseLicenses parses a list of states such as "NY, Pennsylvania". unknown is the first entry that
// is not a state.
func ParseLicenses(line string) (list []USState, unknown string) {
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",;\r\n", r) }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		state, ok := FindState(part)
		if !ok {
			return list, strings.TrimSpace(part)
		}
		if !slices.Contains(list, state) {
			list = append(list, state)
		}
	}
	return list, ""
}

// VideoSettings returns a counselor's settings for video sessions.
func (st *Store) VideoSettings(ctx context.Context, practice, counselor string) (VideoSettings, error) {
	var stored struct {
		Link     []byte `db:"link"`
		Licenses []byte `db:"licenses"`
		Revision int    `db:"revision"`
	}
	err := st.db.Get(ctx, &stored, `SELECT link, licenses, revision FROM video_settings
		WHERE practice_id = ? AND counselor_id = ?`, practice, counselor)
	if errors.Is(err, fault.NotFound) {
		return VideoSettings{}, nil
	}
	if err != nil {
		return VideoSettings{}, fmt.Errorf("video settings: %w", err)
	}
	row, err := st.videoRow(ctx, st.db, practice, counselor)
	if err != nil {
		return VideoSettings{}, err
	}
	v := VideoSettings{Link: row.Read("link", stored.Link), Revision: stored.Revision}
	v.Licenses, _ = ParseLicenses(row.Read("licenses", stored.Licenses))
	return v, row.Err()
}

// videoRow opens the vault row of a counselor's video settings. Like a counselor's name they are
// encrypted with the practice's keys, since the program reads them for everybody in the meeting.
func (st *Store) videoRow(ctx context.Context, db *database.DB, practice, counselor string) (*vault.Row, error) {
	box, err := st.vault.Open(ctx, db, vault.ForProgram(practice), vault.Item{Material: vault.Staff, State: vault.Kept})
	return box.Row("video_settings", counselor), err
}

// SaveVideoSettings stores a counselor's settings. It returns fault.Conflict if they were changed
// since they were read.
func (st *Store) SaveVideoSettings(ctx context.Context, practice, counselor string, v VideoSettings) error {
	v.Link = strings.TrimSpace(v.Link)
	bad := fault.Fields{}
	bad.Length("link", v.Link, 0, 200)
	if bad["link"] == "" && v.Link != "" && !IsLink(v.Link) {
		bad["link"] = "Enter a link that begins with https://."
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		row, err := st.videoRow(ctx, tx, practice, counselor)
		if err != nil {
			return err
		}
		link, licenses := row.Seal("link", v.Link), row.Seal("licenses", v.LicenseLine())
		if row.Err() != nil {
			return row.Err()
		}
		n, err := tx.Exec(ctx, `
			INSERT INTO video_settings (counselor_id, practice_id, link, licenses, revision) VALUES (?, ?, ?, ?, 1)
			ON CONFLICT (counselor_id) DO UPDATE SET link = excluded.link, licenses = excluded.licenses,
			  revision = video_settings.revision + 1
			WHERE video_settings.practice_id = excluded.practice_id AND video_settings.revision = ?`,
			counselor, practice, link, licenses, v.Revision)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return fmt.Errorf("video settings: %w", err)
		}
		return audit.Record(ctx, tx, audit.Event{
			Practice: practice, Action: audit.SettingChanged, Object: "video settings", ID: counselor,
		})
	})
}

// linkOf returns where partners join a: its own link or its counselor's.
func (st *Store) linkOf(ctx context.Context, a Appointment) (string, error) {
	if IsLink(a.PlaceDetail) {
		return a.PlaceDetail, nil
	}
	v, err := st.VideoSettings(ctx, a.PracticeID, a.CounselorID)
	return v.Link, err
}
