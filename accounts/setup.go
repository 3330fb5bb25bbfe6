package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// BeginSetup returns a new one-time token for setting up this installation, which replaces an
// earlier one, or "" if it is set up already.
func (st *Store) BeginSetup(ctx context.Context) (token string, err error) {
	token = rand.Text()
	n, err := st.db.Exec(ctx, `
		INSERT INTO installation (id, token_hash) VALUES (1, ?)
		ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash
		WHERE installation.practice_id IS NULL`, hashToken(token))
	if err != nil {
		return "", fmt.Errorf("begin set-up: %w", err)
	}
	if n == 0 {
		return "", nil
	}
	return token, nil
}

// IsSetUp reports whether a practice has been set up here.
func (st *Store) IsSetUp(ctx context.Context) (bool, error) {
	var n int
	err := st.db.Get(ctx, &n, `SELECT COUNT(*) FROM installation WHERE practice_id IS NOT NULL`)
	return n > 0, err
}

// MaySetUp returns nil if token may set up this installation, and fault.NotFound otherwise.
func (st *Store) MaySetUp(ctx context.Context, token string) error {
	var hash string
	err := st.db.Get(ctx, &hash, `SELECT token_hash FROM installation WHERE id = 1 AND practice_id IS NULL`)
	if err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hashToken(NormalizeCode(token)))) != 1 {
		return fmt.Errorf("set-up token: %w", fault.NotFound)
	}
	return nil
}

// SetUp creates the practice and its owner, once. Of concurrent calls one succeeds; the others get
// fault.NotFound.
func (st *Store) SetUp(ctx context.Context, token string, p *Practice, owner *Counselor,
	password string, now time.Time,
) error {
	if err := st.MaySetUp(ctx, token); err != nil {
		return err
	}
	if err := st.prepare(ctx, p, owner, password, now); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.insertPractice(ctx, tx, p); err != nil {
			return err
		}
		// Claim the installation before storing the owner: of two submissions of one form, the
		// second must not fail because the address is taken.
		n, err := tx.Exec(ctx, `
			UPDATE installation SET practice_id = ?
			WHERE id = 1 AND practice_id IS NULL AND token_hash = ?`, p.ID, hashToken(NormalizeCode(token)))
		if err == nil && n == 0 {
			err = fault.NotFound
		}
		if err != nil {
			return fmt.Errorf("set-up: %w", err)
		}
		return st.insertCounselor(ctx, tx, owner)
	})
}

// CreatePractice creates a further practice and its owner, for the demo and tests. People use
// SetUp.
func (st *Store) CreatePractice(ctx context.Context, p *Practice, owner *Counselor,
	password string, now time.Time,
) error {
	if err := st.prepare(ctx, p, owner, password, now); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.insertPractice(ctx, tx, p); err != nil {
			return err
		}
		return st.insertCounselor(ctx, tx, owner)
	})
}

// prepare validates the practice and its owner and sets ids, times and the password hash.
func (st *Store) prepare(ctx context.Context, p *Practice, owner *Counselor, password string, now time.Time) error {
	p.ID, p.Revision, p.CreatedAt = rand.Text(), 1, now
	owner.Role, owner.Email = Owner, strings.ToLower(strings.TrimSpace(owner.Email))
	if err := ValidateSetup(*p, *owner, password); err != nil {
		return err
	}
	return st.prepareCounselor(ctx, p.ID, owner, password, now)
}

// ValidateSetup returns everything that is wrong with a practice, its owner and the owner's
// password, by form field.
func ValidateSetup(p Practice, owner Counselor, password string) error {
	bad := fault.Fields{}
	checkPassword(bad, "password", password, p.Name, p.Address, owner.Name, owner.Email)
	bad.Add(p.Validate())
	return bad.And(owner.Validate())
}

func (st *Store) prepareCounselor(ctx context.Context, practice string, c *Counselor,
	password string, now time.Time,
) error {
	c.ID, c.PracticeID, c.CreatedAt = rand.Text(), practice, now
	c.Email = strings.ToLower(strings.TrimSpace(c.Email))
	bad := fault.Fields{}
	checkPassword(bad, "password", password, c.Name, c.Email)
	if err := bad.And(c.Validate()); err != nil {
		return err
	}
	var err error
	c.PasswordHash, err = st.hashing.hash(ctx, asker{}, password)
	return err
}

func (st *Store) insertPractice(ctx context.Context, tx *database.DB, p *Practice) error {
	_, err := tx.ExecNamed(ctx, `
		INSERT INTO practices (id, name, address, telephone, time_zone, letterhead, paper, revision, created_at)
		VALUES (:id, :name, :address, :telephone, :time_zone, :letterhead, :paper, :revision, :created_at)`, p)
	if err != nil {
		return fmt.Errorf("practice: %w", err)
	}
	if err := st.vault.CreatePractice(ctx, tx, p.ID, p.CreatedAt); err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, p.ID, rowmac.Practice, p.ID)
}

func (st *Store) insertCounselor(ctx context.Context, tx *database.DB, c *Counselor) error {
	row, err := st.seal(ctx, tx, *c)
	if err != nil {
		return fmt.Errorf("counselor: %w", err)
	}
	_, err = tx.ExecNamed(ctx, `
		INSERT INTO counselors (`+counselorColumns+`)
		VALUES (:id, :practice_id, :email_index, :email, :name, :credentials, :license_type, :license_no,
			:license_state, :role, :password_hash, :created_at, :disabled_at)`, row)
	if errors.Is(err, fault.Conflict) {
		return fault.Fields{"email": "Someone already signs in with this email address."}
	}
	if err != nil {
		return fmt.Errorf("counselor: %w", err)
	}
	return st.stampMACs(ctx, tx, c.PracticeID, c.ID)
}

// AddCounselor adds a counselor, supervisor or front desk with a known password, for the demo and
// tests. People use InviteColleague.
func (st *Store) AddCounselor(ctx context.Context, practice string, c *Counselor,
	password string, now time.Time,
) error {
	if c.Role != Supervisor && c.Role != FrontDesk {
		c.Role = Member
	}
	if err := st.prepareCounselor(ctx, practice, c, password, now); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return st.insertCounselor(ctx, tx, c) })
}

// ResetPassword sets a new password for the counselor with that email address and ends all their
// logins. It is for the person who runs the server.
func (st *Store) ResetPassword(ctx context.Context, email, password string, now time.Time) error {
	bad := fault.Fields{}
	checkPassword(bad, "password", password, email)
	if err := bad.Err(); err != nil {
		return err
	}
	hash, err := st.hashing.hash(ctx, asker{}, password)
	if err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		index, err := st.signInIndex(ctx, tx, email)
		if err != nil {
			return fmt.Errorf("reset password: %w", err)
		}
		var found struct {
			ID       string `db:"id"`
			Practice string `db:"practice_id"`
		}
		err = tx.Get(ctx, &found, `UPDATE counselors SET password_hash = ? WHERE email_index = ? RETURNING id, practice_id`,
			hash, index)
		if err != nil {
			return fmt.Errorf("reset password: %w", err)
		}
		reset := audit.Event{
			Practice: found.Practice, Action: audit.PasswordSet, Object: "sign-in",
			ID: found.ID, Reason: "reset",
		}
		if err := audit.Record(ctx, tx, reset); err != nil {
			return err
		}
		if err := revokeLogins(ctx, tx, found.Practice, found.ID, "", now); err != nil {
			return err
		}
		return st.stampMACs(ctx, tx, found.Practice, found.ID)
	})
}
