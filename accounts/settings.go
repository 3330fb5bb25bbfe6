package accounts

import (
	"context"
	"fmt"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// ownerOnly returns fault.NotFound unless counselor is an owner of practice.
func (st *Store) ownerOnly(ctx context.Context, tx *database.DB, practice, counselor string) error {
	var role Role
	err := tx.Get(ctx, &role, `SELECT role FROM counselors WHERE practice_id = ? AND id = ? AND disabled_at IS NULL`,
		practice, counselor)
	if err == nil && role != Owner {
		err = fault.NotFound
	}
	if err != nil {
		return fmt.Errorf("owner %s: %w", counselor, err)
	}
	return st.checkMACs(ctx, tx, practice, counselor, rowmac.Staff)
}

// SavePractice stores the practice on behalf of owner. What was signed before keeps its letterhead.
// It returns fault.Conflict if the practice was changed since p.Revision; repeating a save changes
// nothing.
func (st *Store) SavePractice(ctx context.Context, owner string, p Practice) error {
	if err := p.Validate(); err != nil {
		return err
	}
	change := func(ctx context.Context, tx *database.DB) error {
		if err := st.ownerOnly(ctx, tx, p.ID, owner); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, audit.Event{Practice: p.ID, Action: audit.SettingChanged, Object: "practice", ID: p.ID},
			`
			UPDATE practices
			SET name = ?, address = ?, telephone = ?, time_zone = ?, letterhead = ?, paper = ?, formal_spanish = ?,
			  insurer_block = ?, revision = revision + 1
			WHERE id = ? AND revision = ?`, p.Name, p.Address, p.Telephone, p.TimeZone, p.Letterhead, p.Paper, p.Formal,
			p.Insurer, p.ID, p.Revision)
		if err != nil || n == 1 {
			return err
		}
		stored, err := findPractice(ctx, tx, p.ID)
		stored.Revision, stored.CreatedAt = p.Revision, p.CreatedAt
		if err == nil && stored != p {
			err = fault.Conflict
		}
		return err
	}
	return rowmac.Change(ctx, st.db, st.vault, p.ID, rowmac.Practice, p.ID, change)
}

// KeepYears returns how many years after the last service a practice keeps a record: seven, unless
// an owner chose otherwise (docs/clinical.md, 5.6).
func (st *Store) KeepYears(ctx context.Context, practice string) (years int, err error) {
	if err = st.db.Get(ctx, &years, `SELECT keep_years FROM practices WHERE id = ?`, practice); err != nil {
		return 0, err
	}
	return KeptFor(ctx, st.db, st.vault, practice, years)
}

// mostKeepYears is the longest retention period that an owner can set.
const mostKeepYears = 99

// KeptFor returns the retention period of a practice, given years as read from its row.
func KeptFor(ctx context.Context, db *database.DB, v *vault.Vault, practice string, years int) (int, error) {
	return trustedSetting(ctx, db, v, practice, years, mostKeepYears)
}

// trustedSetting returns read, a setting of the practice, or most, its maximum, if the row's MAC is invalid.
// So changing the database can neither hasten an erasure nor shorten a waiting time.
func trustedSetting(ctx context.Context, db *database.DB, v *vault.Vault, practice string, read, most int,
) (int, error) {
	good, err := rowmac.IsValid(ctx, db, v, practice, rowmac.Practice, practice)
	if err == nil && !good {
		read = most
	}
	return read, err
}

// SetKeepYears sets the retention period on behalf of owner.
func (st *Store) SetKeepYears(ctx context.Context, practice, owner string, years int) error {
	if years < 0 || years > mostKeepYears {
		return fault.Fields{"years": "Enter a number of years from 0 to 99."}
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.ownerOnly(ctx, tx, practice, owner); err != nil {
			return err
		}
		kept := audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "years to keep", ID: practice}
		_, err := rowmac.Exec(ctx, tx, st.vault, rowmac.Practice, practice, kept,
			`UPDATE practices SET keep_years = ? WHERE id = ?`, years, practice)
		return err
	})
}

// SaveCounselor stores the counselor's own name, credentials and license. Signed notes keep their
// signature.
func (st *Store) SaveCounselor(ctx context.Context, c Counselor) error {
	if err := c.Validate(); err != nil {
		return err
	}
	row, err := st.seal(ctx, st.db, c)
	if err != nil {
		return fmt.Errorf("counselor %s: %w", c.ID, err)
	}
	event := audit.Event{Practice: c.PracticeID, Action: audit.SettingChanged, Object: "counselor", ID: c.ID}
	n, err := rowmac.Exec(ctx, st.db, st.vault, rowmac.Staff, c.ID, event, `
		UPDATE counselors
		SET name = ?, credentials = ?, license_type = ?, license_no = ?, license_state = ?
		WHERE practice_id = ? AND id = ?`, row.Name, row.Credentials, row.LicenseType, row.LicenseNo,
		row.LicenseState, c.PracticeID, c.ID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return fmt.Errorf("counselor %s: %w", c.ID, err)
	}
	return nil
}
