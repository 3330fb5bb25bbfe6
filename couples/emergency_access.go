package couples

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// How long emergency access lasts, and the minimum length of its reason.
const (
	EmergencyAccessFor = time.Hour
	leastReason        = 20
)

// An EmergencyAccess is an owner's time-limited access to the record of one couple outside their
// caseload. The vault's policy gives it no access to anything about one partner alone.
type EmergencyAccess struct {
	ID         string     `db:"id"`
	PracticeID string     `db:"practice_id"`
	CoupleID   string     `db:"couple_id"`
	RecordNo   string     `db:"record_no"`
	OwnerID    string     `db:"owner_id"`
	BegunAt    time.Time  `db:"begun_at"`
	Until      time.Time  `db:"until"`
	EndedAt    *time.Time `db:"ended_at"`
	Sealed     []byte     `db:"reason"`
	Reason     string     `db:"-"` // only if the policy lets the reader see it
}

// Over returns when g ended or will end.
func (g EmergencyAccess) Over() time.Time {
	if g.EndedAt != nil {
		return *g.EndedAt
	}
	return g.Until
}

func (g EmergencyAccess) event(reason string) audit.Event {
	return audit.Event{
		Practice: g.PracticeID, Couple: g.CoupleID, Action: audit.EmergencyAccess, Object: "record",
		ID: g.ID, Reason: reason,
	}
}

// OpenEmergencyAccess gives an owner access for an hour to the record of the couple with recordNo,
// and returns the couple's id. Access that is already open is not extended.
func (st *Store) OpenEmergencyAccess(ctx context.Context, practice, owner, recordNo, reason string,
	now time.Time,
) (couple string, err error) {
	bad := fault.Fields{}
	reason = strings.TrimSpace(reason)
	if bad.Length("reason", reason, 0, 1000); bad["reason"] == "" && len([]rune(reason)) < leastReason {
		bad["reason"] = i18n.Plain("Please say why in at least %d characters. The couple’s counselor will read it.",
			leastReason)
	}
	if err := bad.Err(); err != nil {
		return "", err
	}
	if err := st.endEmergencyAccesses(ctx, practice, owner, now); err != nil {
		return "", err
	}
	g := EmergencyAccess{
		ID: rand.Text(), PracticeID: practice, OwnerID: owner, BegunAt: now,
		Until: now.Add(EmergencyAccessFor),
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := requireRole(ctx, tx, practice, owner, accounts.Owner); err != nil {
			return fmt.Errorf("emergency access: %w", err)
		}
		if g.CoupleID, err = findForEmergency(ctx, tx, practice, owner, recordNo); err != nil {
			return err
		}
		return st.insertEmergencyAccess(ctx, tx, g, reason)
	})
	return g.CoupleID, err
}

// findForEmergency returns the id of the couple with recordNo, which must not be in the owner's own caseload.
func findForEmergency(ctx context.Context, tx *database.DB, practice, owner, recordNo string) (string, error) {
	var c Couple
	err := tx.Get(ctx, &c,
		`SELECT id, counselor_id FROM couples WHERE practice_id = ? AND record_no = ? AND erased_at IS NULL`,
		practice, strings.ToUpper(strings.TrimSpace(recordNo)))
	switch {
	case errors.Is(err, fault.NotFound):
		return "", fault.Fields{"record_no": "No couple in your practice has this record number."}
	case err == nil && c.CounselorID == owner:
		return "", fault.Fields{"record_no": "This is your own couple. Open it under Couples."}
	}
	return c.ID, err
}

func (st *Store) insertEmergencyAccess(ctx context.Context, tx *database.DB, g EmergencyAccess, reason string) error {
	box, err := st.vault.Open(ctx, tx, vault.ForEmergencyAccess(g.PracticeID, g.OwnerID, g.CoupleID), reasonOf(g.CoupleID))
	if err != nil {
		return fmt.Errorf("emergency access: %w", err)
	}
	row := box.Row("emergency_access", g.ID)
	sealed := row.Seal("reason", reason)
	if row.Err() != nil {
		return row.Err()
	}
	_, err = audit.Exec(ctx, tx, g.event("begun"), `
		INSERT INTO emergency_access (id, practice_id, couple_id, owner_id, reason, begun_at, until)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, g.ID, g.PracticeID, g.CoupleID, g.OwnerID, sealed, g.BegunAt, g.Until)
	if err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, g.PracticeID, rowmac.EmergencyAccess, g.ID)
}

func reasonOf(couple string) vault.Item {
	return vault.Item{Couple: couple, Material: vault.Reason, State: vault.Kept}
}

const emergencyColumns = `g.id, g.practice_id, g.couple_id, c.record_no, g.owner_id, g.begun_at, g.until, g.ended_at,
	g.reason`

// accessIsOpen is the SQL condition that access g is open. Its parameters are the owner's id and
// the time.
const accessIsOpen = `g.owner_id = ? AND g.ended_at IS NULL AND g.until > ?
	AND EXISTS (SELECT 1 FROM counselors o WHERE o.id = g.owner_id AND o.role = 'owner' AND o.disabled_at IS NULL)`

// OpenAccesses returns an owner's accesses that are open at now, without the reasons, and marks
// expired ones as ended.
func (st *Store) OpenAccesses(ctx context.Context, practice, owner string, now time.Time) ([]EmergencyAccess, error) {
	var open []EmergencyAccess
	err := st.db.Select(ctx, &open, `
		SELECT `+emergencyColumns+`
		FROM emergency_access g JOIN couples c ON c.id = g.couple_id
		WHERE g.practice_id = ? AND g.owner_id = ? AND g.ended_at IS NULL
		ORDER BY g.begun_at`, practice, owner)
	if err != nil {
		return nil, fmt.Errorf("emergency access of %s: %w", owner, err)
	}
	var last []EmergencyAccess
	for _, g := range open {
		if g.Until.After(now) {
			last = append(last, g)
		}
	}
	if len(last) < len(open) {
		err = st.endEmergencyAccesses(ctx, practice, owner, now)
	}
	return last, err
}

// endEmergencyAccesses marks an owner's expired accesses as ended.
func (st *Store) endEmergencyAccesses(ctx context.Context, practice, owner string, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var over []EmergencyAccess
		err := tx.Select(ctx, &over, `
			UPDATE emergency_access SET ended_at = until
			WHERE practice_id = ? AND owner_id = ? AND ended_at IS NULL AND until <= ?
			RETURNING id, practice_id, couple_id`, practice, owner, now)
		if err != nil {
			return fmt.Errorf("end emergency access of %s: %w", owner, err)
		}
		for _, g := range over {
			if err := audit.Record(ctx, tx, g.event("over")); err != nil {
				return err
			}
			if err := rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.EmergencyAccess, g.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// FindInEmergency returns a couple to whose record an owner has access, as far as the policy
// allows, with the access and its reason. It logs that the record was read.
func (st *Store) FindInEmergency(ctx context.Context, practice, owner, couple string,
	now time.Time,
) (Couple, EmergencyAccess, error) {
	var g EmergencyAccess
	err := st.db.Get(ctx, &g, `
		SELECT `+emergencyColumns+`
		FROM emergency_access g JOIN couples c ON c.id = g.couple_id
		WHERE g.practice_id = ? AND g.couple_id = ? AND c.erased_at IS NULL AND `+accessIsOpen, practice, couple, owner, now)
	if err == nil {
		err = st.checkMAC(ctx, practice, rowmac.EmergencyAccess, g.ID)
	}
	if err != nil {
		return Couple{}, g, fmt.Errorf("record of couple %s: %w", couple, err)
	}
	reader := vault.ForEmergencyAccess(practice, owner, couple)
	c, err := st.find(ctx, practice, func(Couple) vault.Actor { return reader }, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		WHERE c.practice_id = ? AND c.id = ? AND c.erased_at IS NULL`, practice, couple)
	if err == nil {
		err = st.unsealReason(ctx, reader, &g)
	}
	audit.RecordRead(ctx, g.event("read"))
	return c, g, err
}

func (st *Store) unsealReason(ctx context.Context, reader vault.Actor, g *EmergencyAccess) error {
	box, err := st.vault.Open(ctx, st.db, reader, reasonOf(g.CoupleID))
	if err != nil {
		return fmt.Errorf("reason of emergency access %s: %w", g.ID, err)
	}
	row := box.Row("emergency_access", g.ID)
	g.Reason = row.Read("reason", g.Sealed)
	return row.Err()
}

// EndEmergencyAccess ends an owner's access to a couple's record early. If none is open, nothing
// changes.
func (st *Store) EndEmergencyAccess(ctx context.Context, practice, owner, couple string, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var g EmergencyAccess
		err := tx.Get(ctx, &g, `
			UPDATE emergency_access SET ended_at = ?
			WHERE practice_id = ? AND couple_id = ? AND owner_id = ? AND ended_at IS NULL AND until > ?
			RETURNING id, practice_id, couple_id`, now, practice, couple, owner, now)
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("end emergency access on couple %s: %w", couple, err)
		}
		if err := audit.Record(ctx, tx, g.event("ended")); err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.EmergencyAccess, g.ID)
	})
}

// UnseenAccesses returns a counselor's unacknowledged emergency accesses to their couples' records,
// with the reasons.
func (st *Store) UnseenAccesses(ctx context.Context, practice, counselor string) ([]EmergencyAccess, error) {
	var list []EmergencyAccess
	err := st.db.Select(ctx, &list, `
		SELECT `+emergencyColumns+`
		FROM emergency_access g JOIN couples c ON c.id = g.couple_id
		WHERE g.practice_id = ? AND c.counselor_id = ? AND g.seen_at IS NULL AND c.erased_at IS NULL
		ORDER BY g.begun_at, g.id`, practice, counselor)
	if err != nil {
		return nil, fmt.Errorf("emergency access: %w", err)
	}
	for i := range list {
		if err := st.unsealReason(ctx, vault.ForCounselor(practice, counselor, list[i].CoupleID), &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// AcknowledgeAccess records that the couple's counselor has seen an emergency access. Repeating it
// changes nothing.
func (st *Store) AcknowledgeAccess(ctx context.Context, practice, counselor, id string, now time.Time) error {
	_, err := rowmac.Exec(ctx, st.db, st.vault, rowmac.EmergencyAccess, id,
		audit.Event{Practice: practice, Action: audit.Acknowledged, Object: "emergency access", ID: id}, `
		UPDATE emergency_access SET seen_at = ?
		WHERE practice_id = ? AND id = ? AND seen_at IS NULL
		  AND EXISTS (SELECT 1 FROM couples c WHERE c.id = emergency_access.couple_id AND c.counselor_id = ?)`, now,
		practice, id, counselor)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("acknowledge emergency access %s: %w", id, err)
	}
	return nil
}
