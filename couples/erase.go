package couples

import (
	"context"
	"crypto/rand"
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

// A Retention is how long a couple's record has to be kept.
type Retention struct {
	Until time.Time // the end of the practice's retention period after the last service
	Hold  string    // the reason of a legal hold, under which nothing may be erased; "" for none
}

// RecordService stores the date of a service, within the transaction that ends a session. The retention
// period starts there.
func RecordService(ctx context.Context, tx *database.DB, v *vault.Vault, practice, couple string, at time.Time) error {
	return rowmac.Change(ctx, tx, v, practice, rowmac.Couple, couple, func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `UPDATE couples SET served_at = ? WHERE practice_id = ? AND id = ? AND served_at < ?`,
			at, practice, couple, at)
		return err
	})
}

// Retention returns how long the record of c has to be kept.
func (st *Store) Retention(ctx context.Context, c Couple) (Retention, error) {
	return st.retention(ctx, st.db, c)
}

func (st *Store) retention(ctx context.Context, db *database.DB, c Couple) (Retention, error) {
	var row struct {
		ServedAt time.Time `db:"served_at"`
		Years    int       `db:"keep_years"`
		Hold     []byte    `db:"legal_hold"`
	}
	err := db.Get(ctx, &row, `
		SELECT c.served_at, c.legal_hold, p.keep_years
		FROM couples c
		JOIN practices p ON p.id = c.practice_id
		WHERE c.practice_id = ? AND c.id = ? AND c.erased_at IS NULL`, c.PracticeID, c.ID)
	if err != nil {
		return Retention{}, fmt.Errorf("keeping of couple %s: %w", c.ID, err)
	}
	years, err := accounts.KeptFor(ctx, db, st.vault, c.PracticeID, row.Years)
	if err != nil {
		return Retention{}, fmt.Errorf("keeping of couple %s: %w", c.ID, err)
	}
	k := Retention{Until: row.ServedAt.AddDate(years, 0, 0)}
	if row.Hold == nil {
		return k, nil
	}
	box, err := st.vault.Open(ctx, db, c.Reader, jointRecordItem(c))
	if err != nil {
		return k, err
	}
	sealed := box.Row("couples", c.ID)
	k.Hold = sealed.Read("legal_hold", row.Hold)
	return k, sealed.Err()
}

func jointRecordItem(c Couple) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.JointRecord, State: vault.Kept}
}

// SetLegalHold places a couple under legal hold, so that nothing can be erased, or lifts the hold
// if reason is empty.
func (st *Store) SetLegalHold(ctx context.Context, c Couple, reason string) error {
	reason = strings.TrimSpace(reason)
	bad := fault.Fields{}
	bad.Length("hold", reason, 0, 1000)
	if err := bad.Err(); err != nil {
		return err
	}
	var sealed []byte
	event := c.event(audit.Changed, "legal hold", c.ID)
	event.Reason = "lifted"
	if reason != "" {
		box, err := st.vault.Open(ctx, st.db, c.Reader, jointRecordItem(c))
		if err != nil {
			return err
		}
		row := box.Row("couples", c.ID)
		sealed, event.Reason = row.Seal("legal_hold", reason), "set"
		if row.Err() != nil {
			return row.Err()
		}
	}
	_, err := rowmac.Exec(ctx, st.db, st.vault, rowmac.Couple, c.ID, event,
		`UPDATE couples SET legal_hold = ? WHERE practice_id = ? AND id = ?`, sealed, c.PracticeID, c.ID)
	if err != nil {
		return fmt.Errorf("legal hold of couple %s: %w", c.ID, err)
	}
	return nil
}

// An Erasure is a request to erase, with the reason.
type Erasure struct {
	Of       Side   // the partner whose private pages and individual file are erased; "" for the whole couple
	Reason   string // a sentence, for later inquiries
	RecordNo string // typed to confirm the couple
}

// Erase destroys the keys of a couple or of one partner's private data, which nobody can then read.
// Names and contact data are deleted too, and sign-ins end. A record of who did it, when and why
// remains and cannot be erased. While the record has to be kept, Erase returns fault.Fields.
func (st *Store) Erase(ctx context.Context, people *accounts.Store, c Couple, e Erasure, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		// A legal hold or a new service waits for the erasure, or the erasure for it.
		if err := rowmac.Lock(ctx, tx, c.PracticeID, rowmac.Couple, c.ID); err != nil {
			return err
		}
		keeping, err := st.retention(ctx, tx, c)
		if err == nil {
			err = e.validate(c, keeping, now)
		}
		if err != nil {
			return err
		}
		return st.destroy(ctx, tx, people, c, e, now)
	})
	if err != nil {
		return fmt.Errorf("erase couple %s: %w", c.ID, err)
	}
	return st.vault.Forget(ctx, st.db, c.PracticeID, c.ID)
}

// destroy carries out an erasure without checking whether it is allowed.
func (st *Store) destroy(ctx context.Context, tx *database.DB, people *accounts.Store, c Couple,
	e Erasure, now time.Time,
) error {
	if err := st.recordErasure(ctx, tx, c, e, now); err != nil {
		return err
	}
	if err := st.erasePeople(ctx, tx, c, e.Of, now); err != nil {
		return err
	}
	if err := people.EndSignIns(ctx, tx, c.PracticeID, c.idsOf(e.Of), now); err != nil {
		return err
	}
	return st.vault.Destroy(ctx, tx, c.PracticeID, c.ID, vault.Side(e.Of), now)
}

// validate returns why e is not allowed, by form field.
func (e *Erasure) validate(c Couple, k Retention, now time.Time) error {
	bad := fault.Fields{}
	e.Reason = strings.TrimSpace(e.Reason)
	bad.Length("reason", e.Reason, 20, 1000)
	if accounts.NormalizeCode(e.RecordNo) != accounts.NormalizeCode(c.RecordNo) {
		bad["record_no"] = "That isn’t this couple’s record number."
	}
	switch {
	case k.Hold != "":
		bad["of"] = "This record is on legal hold. Nothing in it can be deleted."
	case now.Before(k.Until):
		bad["of"] = i18n.Message("This record is retained until " + k.Until.Format("January 2, 2006") + ".")
	case e.Of != "" && e.Of != A && e.Of != B:
		bad["of"] = "Choose what to delete."
	case e.Of != "" && c.Partner(e.Of).Erased:
		bad["of"] = "This was already deleted."
	}
	return bad.Err()
}

// idsOf returns the id of one partner, or of both if of is "".
func (c Couple) idsOf(of Side) []string {
	if of != "" {
		return []string{c.Partner(of).ID}
	}
	return []string{c.Partners[0].ID, c.Partners[1].ID}
}

func (st *Store) recordErasure(ctx context.Context, tx *database.DB, c Couple, e Erasure, now time.Time) error {
	box, err := st.vault.Open(ctx, tx, vault.ForProgram(c.PracticeID), tombstone)
	if err != nil {
		return err
	}
	id := rand.Text()
	row := box.Row("erasures", id)
	reason := row.Seal("reason", e.Reason)
	if row.Err() != nil {
		return row.Err()
	}
	event := c.event(audit.Erased, map[bool]string{true: "couple", false: "partner"}[e.Of == ""], id)
	event.Side = string(e.Of)
	_, err = audit.Exec(ctx, tx, event, `
		INSERT INTO erasures (id, practice_id, couple_id, record_no, side, reason, erased_by, erased_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, c.ID, c.RecordNo, string(e.Of), reason, c.Reader.Person(), now)
	if err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, rowmac.Erasure, id)
}

var tombstone = vault.Item{Material: vault.Tombstone, State: vault.Kept}

// erasePeople clears the data encrypted with the practice's keys, and what lists would still show.
func (st *Store) erasePeople(ctx context.Context, tx *database.DB, c Couple, of Side, now time.Time) error {
	for _, id := range c.idsOf(of) {
		_, err := tx.Exec(ctx,
			`UPDATE partners SET erased_at = COALESCE(erased_at, ?) WHERE practice_id = ? AND id = ?`, now, c.PracticeID, id)
		if err != nil {
			return err
		}
		if err := blankPartner(ctx, tx, c.PracticeID, id, of == ""); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM follow_ups WHERE practice_id = ? AND partner_id = ?`,
			c.PracticeID, id); err != nil {
			return err
		}
		for _, table := range []string{"safe_contacts", "billing_details"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE practice_id = ? AND partner_id = ?`,
				c.PracticeID, id); err != nil {
				return err
			}
		}
	}
	for _, k := range []rowmac.Kind{rowmac.Holds, rowmac.SafeContacts} {
		if err := rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, k, c.ID); err != nil {
			return err
		}
	}
	if of != "" { // the name belongs to the couple's shared data
		return rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, rowmac.Couple, c.ID)
	}
	if _, err := tx.Exec(ctx, `
		UPDATE policy_signatures SET name = ?
		WHERE practice_id = ? AND partner_id IN (SELECT id FROM partners WHERE couple_id = ?)`,
		[]byte{}, c.PracticeID, c.ID); err != nil {
		return err
	}
	if err := rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, rowmac.Policies, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE couples SET erased_at = ?, legal_hold = NULL WHERE practice_id = ? AND id = ?`, now,
		c.PracticeID, c.ID); err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, rowmac.Couple, c.ID)
}

// An Erased is the record of an erasure.
type Erased struct {
	ID       string    `db:"id"`
	RecordNo string    `db:"record_no"`
	Side     Side      `db:"side"`
	By       string    `db:"erased_by"`
	At       time.Time `db:"erased_at"`
	Reason   string    `db:"-"`
}

// Erasures returns the erasures in a practice, newest first, for its owner.
func (st *Store) Erasures(ctx context.Context, practice string) ([]Erased, error) {
	var rows []struct {
		Erased
		Sealed []byte `db:"reason"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, record_no, side, erased_by, erased_at, reason
		FROM erasures
		WHERE practice_id = ?
		ORDER BY erased_at DESC, id`, practice)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	box, err := st.vault.Open(ctx, st.db, vault.ForProgram(practice), tombstone)
	if err != nil {
		return nil, err
	}
	list := make([]Erased, len(rows))
	for i, r := range rows {
		row := box.Row("erasures", r.ID)
		list[i] = r.Erased
		list[i].Reason = row.Read("reason", r.Sealed)
		if row.Err() != nil {
			return nil, row.Err()
		}
	}
	return list, nil
}
