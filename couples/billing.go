package couples

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// Billing is the billing information on statements for the identified client, as the practice
// enters it. It is part of that partner’s individual file.
type Billing struct {
	Diagnosis string
	Code      string // the service code
	Fee       string // per appointment
	Revision  int    // 0 before the first save
}

type billingRow struct {
	PartnerID string `db:"partner_id"`
	Diagnosis []byte `db:"diagnosis"`
	Code      []byte `db:"code"`
	Fee       []byte `db:"fee"`
	Revision  int    `db:"revision"`
}

func (b Billing) validate() error {
	bad := fault.Fields{}
	bad.Length("diagnosis", b.Diagnosis, 0, 120)
	bad.Length("code", b.Code, 0, 40)
	bad.Length("fee", b.Fee, 0, 40)
	return bad.Err()
}

func billingOf(p Partner) vault.Item {
	return vault.Item{Couple: p.CoupleID, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(p.Side)}
}

// Billing returns the billing information of a partner, or the zero Billing if they are not the
// identified client.
func (st *Store) Billing(ctx context.Context, c Couple, p Partner) (Billing, error) {
	row, err := findBilling(ctx, st.db, c)
	if err != nil || row.PartnerID != p.ID {
		return Billing{}, err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, billingOf(p))
	if err != nil {
		return Billing{}, err
	}
	cells := box.Row("billing_details", c.ID)
	b := Billing{
		Diagnosis: cells.Read("diagnosis", row.Diagnosis), Code: cells.Read("code", row.Code),
		Fee: cells.Read("fee", row.Fee), Revision: row.Revision,
	}
	if err := cells.Err(); err != nil {
		return Billing{}, fmt.Errorf("billing of partner %s: %w", p.ID, err)
	}
	return b, nil
}

// findBilling returns a couple's row, or the zero row if there is none.
func findBilling(ctx context.Context, db *database.DB, c Couple) (billingRow, error) {
	var row billingRow
	err := db.Get(ctx, &row, `
		SELECT partner_id, diagnosis, code, fee, revision
		FROM billing_details
		WHERE practice_id = ? AND couple_id = ?`, c.PracticeID, c.ID)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return row, err
}

// SaveBilling makes p the identified client of c and stores the billing information. It returns
// fault.Fields if the other partner is the identified client, and fault.Conflict if b.Revision is
// not the latest.
func (st *Store) SaveBilling(ctx context.Context, c Couple, p Partner, b Billing) error {
	b.Diagnosis, b.Code, b.Fee = strings.TrimSpace(b.Diagnosis), strings.TrimSpace(b.Code), strings.TrimSpace(b.Fee)
	if err := b.validate(); err != nil {
		return err
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		row, err := findBilling(ctx, tx, c)
		if err != nil {
			return err
		}
		if row.PartnerID != "" && row.PartnerID != p.ID {
			return fault.Fields{"main": "The other partner is the identified client. Clear their details first."}
		}
		return st.storeBilling(ctx, tx, c, p, b)
	})
	if err != nil {
		return fmt.Errorf("billing of partner %s: %w", p.ID, err)
	}
	return nil
}

func (st *Store) storeBilling(ctx context.Context, tx *database.DB, c Couple, p Partner, b Billing) error {
	box, err := st.vault.Open(ctx, tx, c.Reader, billingOf(p))
	if err != nil {
		return err
	}
	cells := box.Row("billing_details", c.ID)
	diagnosis, code, fee := cells.Seal("diagnosis", b.Diagnosis), cells.Seal("code", b.Code), cells.Seal("fee", b.Fee)
	if err := cells.Err(); err != nil {
		return err
	}
	n, err := audit.Exec(ctx, tx, billingEvent(c, p, ""), `
		INSERT INTO billing_details (couple_id, practice_id, partner_id, diagnosis, code, fee, revision)
		VALUES (?, ?, ?, ?, ?, ?, 1)
		ON CONFLICT (couple_id) DO UPDATE SET diagnosis = EXCLUDED.diagnosis, code = EXCLUDED.code, fee = EXCLUDED.fee,
		  revision = billing_details.revision + 1
		WHERE billing_details.partner_id = EXCLUDED.partner_id AND billing_details.revision = ?`,
		c.ID, c.PracticeID, p.ID, diagnosis, code, fee, b.Revision)
	if err == nil && n == 0 {
		err = fault.Conflict // changed meanwhile, or saved for the other partner
	}
	return err
}

// ClearBilling deletes the billing information of p, who is then no longer the identified client.
func (st *Store) ClearBilling(ctx context.Context, c Couple, p Partner) error {
	_, err := audit.Exec(ctx, st.db, billingEvent(c, p, "cleared"), `
		DELETE FROM billing_details WHERE practice_id = ? AND couple_id = ? AND partner_id = ?`, c.PracticeID, c.ID, p.ID)
	if err != nil {
		return fmt.Errorf("billing of partner %s: %w", p.ID, err)
	}
	return nil
}

func billingEvent(c Couple, p Partner, reason string) audit.Event {
	e := c.event(audit.Changed, "billing details", p.ID)
	e.Side, e.Reason = string(p.Side), reason
	return e
}
