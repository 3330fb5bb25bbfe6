package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// codeStep is the time step of authenticator codes in seconds. One step earlier or later is
// accepted, for clock differences.
const (
	codeStep = 30
)

var errCodeWrong = fault.Fields{"code": "error.authenticator_code"}

// factorRow is a second factor as stored.
type factorRow struct {
	Secret   []byte `db:"secret"`
	LastStep int64  `db:"last_step"`
}

// BeginFactor creates a secret for an authenticator app and returns it as text and as a URI for a
// QR code. It takes effect once a first code has confirmed it; beginning again replaces an
// unconfirmed one.
func (st *Store) BeginFactor(ctx context.Context, l Login, name string, now time.Time) (secret, uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Mend", AccountName: name})
	if err != nil {
		return "", "", fmt.Errorf("second factor: %w", err)
	}
	box, err := st.factorBox(ctx, st.db, l.PracticeID)
	if err != nil {
		return "", "", err
	}
	row := box.Row("factors", l.owner())
	sealed := row.Seal("secret", key.Secret())
	if err := row.Err(); err != nil {
		return "", "", err
	}
	err = st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		n, err := tx.Exec(ctx, `
		INSERT INTO factors (owner_id, practice_id, secret, last_step, created_at)
		VALUES (?, ?, ?, 0, ?)
		ON CONFLICT (owner_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at
		WHERE factors.confirmed_at IS NULL`, l.owner(), l.PracticeID, sealed, now)
		if err == nil && n == 0 {
			err = fault.Conflict // one is already set up
		}
		return err
	})
	return key.Secret(), key.URL(), err
}

// ConfirmFactor activates the authenticator app with its first code, which is then used up. It
// returns recovery codes, which are shown once, if the person has none, and ends the person's other
// logins.
func (st *Store) ConfirmFactor(ctx context.Context, l Login, code string, now time.Time) ([]string, error) {
	var codes []string
	err := st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		if err := st.spendCode(ctx, tx, l, code, now); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx,
			audit.Event{Practice: l.PracticeID, Action: audit.FactorChanged, Object: "factor", ID: l.owner(), Reason: "set up"},
			`
			UPDATE factors SET confirmed_at = ? WHERE practice_id = ? AND owner_id = ? AND confirmed_at IS NULL`, now,
			l.PracticeID, l.owner())
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return err
		}
		if codes, err = missingRecoveryCodes(ctx, tx, l); err != nil {
			return err
		}
		return revokeLogins(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
	return codes, err
}

// RemoveFactor removes the authenticator app and ends the person's other logins. With the last
// factor, the recovery codes are deleted too.
func (st *Store) RemoveFactor(ctx context.Context, l Login, now time.Time) error {
	return st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx,
			audit.Event{Practice: l.PracticeID, Action: audit.FactorChanged, Object: "factor", ID: l.owner(), Reason: "removed"},
			`DELETE FROM factors WHERE practice_id = ? AND owner_id = ?`, l.PracticeID, l.owner())
		if err != nil || n == 0 {
			return err
		}
		if err := dropIdleRecoveryCodes(ctx, tx, l); err != nil {
			return err
		}
		return revokeLogins(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
}

// spendCode uses up an authenticator code. Each works once: its time step has to be later than the
// last one used.
func (st *Store) spendCode(ctx context.Context, tx *database.DB, l Login, code string, now time.Time) error {
	var f factorRow
	err := tx.Get(ctx, &f, `SELECT secret, last_step FROM factors WHERE practice_id = ? AND owner_id = ?`,
		l.PracticeID, l.owner())
	if err != nil {
		return fmt.Errorf("factor of %s: %w", l.Person(), err)
	}
	box, err := st.factorBox(ctx, tx, l.PracticeID)
	if err != nil {
		return err
	}
	row := box.Row("factors", l.owner())
	secret := row.Read("secret", f.Secret)
	if row.Err() != nil {
		return row.Err()
	}
	step, ok := stepOf(secret, NormalizeCode(code), now)
	if !ok {
		return errCodeWrong
	}
	n, err := tx.Exec(ctx, `UPDATE factors SET last_step = ? WHERE practice_id = ? AND owner_id = ? AND last_step < ?`,
		step, l.PracticeID, l.owner(), step)
	if err == nil && n == 0 {
		err = errCodeWrong
	}
	return err
}

// stepOf returns the time step that code belongs to: the current one or one of its neighbors.
func stepOf(secret, code string, now time.Time) (int64, bool) {
	present := now.Unix() / codeStep
	for _, step := range []int64{present, present - 1, present + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*codeStep, 0),
			totp.ValidateOpts{Period: codeStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// CompleteWithCode completes a sign-in with an authenticator or recovery code and returns the login's new
// token. Wrong codes are counted like wrong passwords.
func (st *Store) CompleteWithCode(ctx context.Context, token string, from Browser, code string,
	now time.Time,
) (string, error) {
	l, due, err := st.find(ctx, token, now)
	if err != nil {
		return "", err
	}
	if !due {
		return "", fault.SignedOut
	}
	fresh := rand.Text()
	err = st.limitTries(ctx, factorOf(l, "second factor", errCodeWrong), from, now, func() error {
		return st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
			if err := st.spendFactor(ctx, tx, l, code, now); err != nil {
				return err
			}
			return completeSignIn(ctx, tx, l, fresh, now)
		})
	})
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// completeSignIn activates a login whose second factor was given, under a new token.
func completeSignIn(ctx context.Context, tx *database.DB, l Login, token string, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE logins SET factor_due = FALSE, token_hash = ?, absolute_until = ?, seen_at = ?, fresh_until = ?
		WHERE id = ? AND revoked_at IS NULL AND factor_due`, hashToken(token), now.Add(LongestLogin), now,
		now.Add(FreshFor), l.ID)
	if err == nil && n == 0 {
		err = fault.SignedOut
	}
	if err != nil {
		return err
	}
	who := &audit.Who{Person: l.Person(), Role: l.roleName(), Login: l.ID}
	return audit.Record(ctx, tx,
		audit.Event{Practice: l.PracticeID, Action: audit.SignedIn, Object: "login", ID: l.ID, Who: who})
}

// roleName returns the role of l's person in audit entries of the sign-in.
func (l Login) roleName() string {
	if l.IsCounselor() {
		return "counselor"
	}
	return "partner"
}

// spendFactor uses up code as a recovery code if it has that form, or else as an authenticator code.
func (st *Store) spendFactor(ctx context.Context, tx *database.DB, l Login, code string, now time.Time) error {
	plain := strings.ToLower(NormalizeCode(code))
	if len(plain) != 16 {
		return st.spendCode(ctx, tx, l, code, now)
	}
	n, err := tx.Exec(ctx, `
		UPDATE recovery_codes SET used_at = ?
		WHERE practice_id = ? AND owner_id = ? AND code_hash = ? AND used_at IS NULL`, now, l.PracticeID,
		l.owner(), hashToken(plain))
	if err == nil && n == 0 {
		err = errCodeWrong
	}
	if err != nil {
		return err
	}
	who := &audit.Who{Person: l.Person(), Login: l.ID}
	return audit.Record(ctx, tx,
		audit.Event{
			Practice: l.PracticeID, Action: audit.FactorChanged, Object: "recovery code", ID: l.owner(),
			Reason: "used", Who: who,
		})
}
