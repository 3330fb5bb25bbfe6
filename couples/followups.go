package couples

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A FollowUp is a to-do for the counselor from a conversation with one partner alone. It is a work
// list, not an assessment of a person (docs/clinical.md, 4.3).
type FollowUp struct {
	ID             string     `db:"id"`
	PracticeID     string     `db:"practice_id"`
	CoupleID       string     `db:"couple_id"`
	PartnerID      string     `db:"partner_id"`
	Urgent         bool       `db:"urgent"` // to be contacted today
	Holds          bool       `db:"holds"`  // joint work is on hold until a decision
	PlacedAt       time.Time  `db:"placed_at"`
	AcknowledgedAt *time.Time `db:"acknowledged_at"`
	DecidedAt      *time.Time `db:"decided_at"`
	CounselorID    string     `db:"counselor_id"`
	RecordNo       string     `db:"record_no"`
	Name           string     `db:"-"` // the partner's, only for the couple's own counselor
}

// Late reports whether f has been unacknowledged for that many hours.
func (f FollowUp) Late(hours int, now time.Time) bool {
	return f.AcknowledgedAt == nil && now.Sub(f.PlacedAt) >= time.Duration(hours)*time.Hour
}

// ErrHeld means that joint work with the couple is on hold until the counselor decides. Only the
// counselor ever learns of it.
var ErrHeld = fmt.Errorf("joint work is held until there is a decision: %w", fault.Conflict)

// PlaceFollowUp stores the follow-up of a record, within the transaction that finishes it. Each
// record has at most one.
func PlaceFollowUp(ctx context.Context, tx *database.DB, v *vault.Vault, f FollowUp,
	answer string, now time.Time,
) error {
	placed := audit.Event{
		Practice: f.PracticeID, Couple: f.CoupleID, Action: audit.Held,
		Object: "individual file", ID: f.PartnerID,
	}
	return rowmac.ChangeAnyway(ctx, tx, v, f.PracticeID, rowmac.Holds, f.CoupleID,
		func(ctx context.Context, tx *database.DB) error {
			_, err := audit.Exec(ctx, tx, placed, `
			INSERT INTO follow_ups (id, practice_id, couple_id, partner_id, answer_id, urgent, holds, placed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, rand.Text(), f.PracticeID, f.CoupleID, f.PartnerID, answer, f.Urgent, f.Holds, now)
			return err
		})
}

// NoteReview records, within the transaction that finishes a risk review begun at begun, that the
// partner's urgent follow-ups were reviewed: those that were there when it was begun, or that the
// counselor has seen since. What came later waits for a review of its own.
func NoteReview(ctx context.Context, tx *database.DB, v *vault.Vault, practice, couple,
	partner string, begun, now time.Time,
) error {
	return rowmac.ChangeAnyway(ctx, tx, v, practice, rowmac.Holds, couple,
		func(ctx context.Context, tx *database.DB) error {
			_, err := tx.Exec(ctx, `
			UPDATE follow_ups SET reviewed_at = ?, acknowledged_at = COALESCE(acknowledged_at, ?)
			WHERE practice_id = ? AND partner_id = ? AND urgent AND decided_at IS NULL
			  AND (placed_at <= ? OR acknowledged_at IS NOT NULL)`, now, now, practice, partner, begun)
			return err
		})
}

// CheckHold returns nil if joint work with a couple may continue, and ErrHeld while it is on hold. A
// later answer does not lift a hold; only a decision does.
func CheckHold(ctx context.Context, db *database.DB, v *vault.Vault, practice, couple string) error {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(*) FROM follow_ups
		WHERE practice_id = ? AND couple_id = ? AND holds AND decided_at IS NULL`, practice, couple)
	if err != nil {
		return err
	}
	good, err := rowmac.IsValid(ctx, db, v, practice, rowmac.Holds, couple)
	if err == nil && (n > 0 || !good) {
		err = ErrHeld
	}
	return err
}

// Held reports whether joint work with the couple is on hold.
func (st *Store) Held(ctx context.Context, c Couple) (bool, error) {
	err := CheckHold(ctx, st.db, st.vault, c.PracticeID, c.ID)
	if errors.Is(err, ErrHeld) {
		return true, nil
	}
	return false, err
}

const followUpColumns = `f.id, f.practice_id, f.couple_id, f.partner_id, f.urgent, f.holds, f.placed_at,
	f.acknowledged_at, f.decided_at, c.counselor_id, c.record_no`

// FollowUps returns a counselor's open follow-ups, urgent ones first.
func (st *Store) FollowUps(ctx context.Context, practice, counselor string) ([]FollowUp, error) {
	var rows []struct {
		FollowUp
		Address []byte `db:"address_as"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT `+followUpColumns+`, p.address_as
		FROM follow_ups f
		JOIN couples c ON c.id = f.couple_id
		JOIN partners p ON p.id = f.partner_id
		WHERE f.practice_id = ? AND c.counselor_id = ? AND f.decided_at IS NULL AND c.erased_at IS NULL
		ORDER BY f.urgent DESC, f.placed_at, f.id`, practice, counselor)
	if err != nil {
		return nil, fmt.Errorf("follow-ups: %w", err)
	}
	list := make([]FollowUp, len(rows))
	for i, r := range rows {
		list[i] = r.FollowUp
		reader := vault.ForCounselor(practice, counselor, r.CoupleID)
		if list[i].Name, err = AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.PartnerID, r.Address); err != nil {
			return nil, fmt.Errorf("follow-ups: %w", err)
		}
	}
	return list, nil
}

// Unacknowledged returns, for the owner, a practice's follow-ups that have been unacknowledged for
// that many hours: whose they are and since when, without their content.
func (st *Store) Unacknowledged(ctx context.Context, practice string, hours int, now time.Time) ([]FollowUp, error) {
	var list []FollowUp
	err := st.db.Select(ctx, &list, `
		SELECT `+followUpColumns+`
		FROM follow_ups f
		JOIN couples c ON c.id = f.couple_id
		WHERE f.practice_id = ? AND f.acknowledged_at IS NULL AND f.decided_at IS NULL AND f.placed_at <= ?
		  AND c.erased_at IS NULL
		ORDER BY f.placed_at, f.id`, practice, now.Add(-time.Duration(hours)*time.Hour))
	if err != nil {
		return nil, fmt.Errorf("unacknowledged follow-ups: %w", err)
	}
	return list, nil
}

// Waiting returns the number of a counselor's open follow-ups, and how many of them are urgent.
func (st *Store) Waiting(ctx context.Context, practice, counselor string) (all, urgent int, err error) {
	var n struct{ All, Urgent int }
	err = st.db.Get(ctx, &n, `
		SELECT COUNT(*) AS "all", COUNT(CASE WHEN f.urgent THEN 1 END) AS urgent
		FROM follow_ups f
		JOIN couples c ON c.id = f.couple_id
		WHERE f.practice_id = ? AND c.counselor_id = ? AND f.decided_at IS NULL AND c.erased_at IS NULL`, practice, counselor)
	if err != nil {
		return 0, 0, fmt.Errorf("waiting follow-ups: %w", err)
	}
	return n.All, n.Urgent, nil
}

// Acknowledge records that the counselor has seen a follow-up. Repeating it changes nothing.
func (st *Store) Acknowledge(ctx context.Context, practice, counselor, id string, now time.Time) error {
	var couple string
	err := st.db.Get(ctx, &couple, `SELECT couple_id FROM follow_ups WHERE practice_id = ? AND id = ?`, practice, id)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("acknowledge follow-up %s: %w", id, err)
	}
	seen := audit.Event{Practice: practice, Action: audit.Acknowledged, Object: "follow-up", ID: id}
	_, err = rowmac.Exec(ctx, st.db, st.vault, rowmac.Holds, couple, seen, `
		UPDATE follow_ups SET acknowledged_at = ?
		WHERE practice_id = ? AND id = ? AND acknowledged_at IS NULL
		  AND EXISTS (SELECT 1 FROM couples c WHERE c.id = follow_ups.couple_id AND c.counselor_id = ?)`, now,
		practice, id, counselor)
	if err != nil {
		return fmt.Errorf("acknowledge follow-up %s: %w", id, err)
	}
	return nil
}

// Decisions are a counselor's possible decisions about joint work.
var Decisions = []string{"Proceed with joint work", "Proceed with changes", "Individual work and referral instead"}

// A Decision is a counselor's decision about the open follow-ups of one partner.
type Decision struct {
	Decision, Reasons string
	Seen              []string // the follow-ups that were open when the counselor decided
}

func (d *Decision) validate() error {
	bad := fault.Fields{}
	d.Reasons = strings.TrimSpace(d.Reasons)
	bad.Length("reasons", d.Reasons, 10, 4000)
	if !slices.Contains(Decisions, d.Decision) {
		bad["decision"] = "Choose a decision."
	}
	return bad.Err()
}

// Decide closes the open follow-ups of one partner with a decision and its reasons, which are
// encrypted in that partner's file. Urgent ones can be closed only after a risk review
// (docs/clinical.md, 4.6). It returns fault.Fields if one has come that the counselor has not seen,
// and if another decision closed all of them; repeating a decision changes nothing.
func (st *Store) Decide(ctx context.Context, c Couple, p Partner, d Decision, now time.Time) error {
	if err := d.validate(); err != nil {
		return err
	}
	item := vault.Item{Couple: c.ID, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(p.Side)}
	return rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Holds, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			box, err := st.vault.Open(ctx, tx, c.Reader, item)
			if err != nil {
				return err
			}
			var open []struct {
				ID      string `db:"id"`
				Waiting bool   `db:"waiting"`
			}
			err = tx.Select(ctx, &open, `
			SELECT id, urgent AND reviewed_at IS NULL AS waiting FROM follow_ups
			WHERE practice_id = ? AND couple_id = ? AND partner_id = ? AND decided_at IS NULL`, c.PracticeID, c.ID, p.ID)
			if err != nil {
				return err
			}
			if len(open) == 0 {
				return st.decidedAlready(ctx, tx, c, p, d)
			}
			for _, up := range open {
				if !slices.Contains(d.Seen, up.ID) {
					return fault.Fields{"decision": "A new concern arrived while you were writing. Review it, then decide."}
				}
				if up.Waiting {
					return fault.Fields{"decision": "There is an urgent concern. Complete a risk review first."}
				}
				row := box.Row("follow_ups", up.ID)
				sealed := row.Seal("decision", d.Decision+"\n"+d.Reasons)
				if err := row.Err(); err != nil {
					return err
				}
				decided := c.event(audit.Decided, "individual file", p.ID)
				_, err := audit.Exec(ctx, tx, decided, `
				UPDATE follow_ups SET decided_at = ?, decision = ?, acknowledged_at = COALESCE(acknowledged_at, ?)
				WHERE practice_id = ? AND id = ?`, now, sealed, now, c.PracticeID, up.ID)
				if err != nil {
					return fmt.Errorf("decide follow-up %s: %w", up.ID, err)
				}
			}
			return nil
		})
}

// decidedAlready returns nil if the latest decision about p is d, and fault.Fields otherwise.
func (st *Store) decidedAlready(ctx context.Context, tx *database.DB, c Couple, p Partner, d Decision) error {
	list, _, err := st.decidedOf(ctx, tx, c, p)
	if err != nil {
		return err
	}
	same := func(other Decided) bool { return other.Decision == d.Decision && other.Reasons == d.Reasons }
	if slices.ContainsFunc(list, same) {
		return nil
	}
	return fault.Fields{"decision": "Another decision was saved in the meantime, so this one wasn’t."}
}

// A Decided is a closed follow-up, as shown in the individual file.
type Decided struct {
	At                time.Time
	Decision, Reasons string
}

// DecidedOf returns the decisions about one partner, newest first, and the ids of the follow-ups that
// are still open.
func (st *Store) DecidedOf(ctx context.Context, c Couple, p Partner) (list []Decided, open []string, err error) {
	return st.decidedOf(ctx, st.db, c, p)
}

func (st *Store) decidedOf(ctx context.Context, db *database.DB, c Couple, p Partner) (
	list []Decided, open []string, err error,
) {
	var rows []struct {
		ID     string     `db:"id"`
		At     *time.Time `db:"decided_at"`
		Sealed []byte     `db:"decision"`
	}
	err = db.Select(ctx, &rows, `
		SELECT id, decided_at, decision
		FROM follow_ups
		WHERE practice_id = ? AND couple_id = ? AND partner_id = ?
		ORDER BY placed_at DESC, id`, c.PracticeID, c.ID, p.ID)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	box, err := st.vault.Open(ctx, db, c.Reader,
		vault.Item{Couple: c.ID, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(p.Side)})
	if errors.Is(err, fault.NotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		if r.At == nil {
			open = append(open, r.ID)
			continue
		}
		row := box.Row("follow_ups", r.ID)
		decision, reasons, _ := strings.Cut(row.Read("decision", r.Sealed), "\n")
		if row.Err() != nil {
			return nil, nil, row.Err()
		}
		list = append(list, Decided{*r.At, decision, reasons})
	}
	return list, open, nil
}
