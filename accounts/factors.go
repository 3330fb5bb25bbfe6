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

// An authenticator app changes its code every thirty seconds; one step earlier or
// later is let pass for clocks that differ.
const (
	codeStep = 30
)

var errCodeWrong = fault.Fields{"code": "error.authenticator_code"}

// factorRow is a second factor as stored.
type factorRow struct {
	Secret   []byte `db:"secret"`
	LastStep int64  `db:"last_step"`
}

// BeginFactor makes a new secret for an authenticator app and returns it as text
// and as the address that a generator scans. It is not asked for until a first
// code has confirmed it; beginning again forgets an unconfirmed one.
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
	err = st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
		n, err := tx.Exec(ctx, `
		INSERT INTO factors (owner_id, practice_id, secret, last_step, created_at)
		VALUES (?, ?, ?, 0, ?)
		ON CONFLICT (owner_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at
		WHERE factors.confirmed_at IS NULL`, l.owner(), l.PracticeID, sealed, now)
		if err == nil && n == 0 {
			err = fault.Conflict // there is one already
		}
		return err
	})
	return key.Secret(), key.URL(), err
}

// ConfirmFactor sets the second factor up with its first code, which from then
// on is used up, and returns recovery codes, shown once, to whoever has none. All other logins
// of the person end.
func (st *Store) ConfirmFactor(ctx context.Context, l Login, code string, now time.Time) ([]string, error) {
	var codes []string
	err := st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
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
		return renew(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
	return codes, err
}

// RemoveFactor takes the authenticator app away and ends the person's other
// logins. With the last factor the recovery codes go.
func (st *Store) RemoveFactor(ctx context.Context, l Login, now time.Time) error {
	return st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
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
		return renew(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
}

// spendCode uses up a code of the person's generator. Each works once: the step
// it belongs to has to be later than the last one used.
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
	step, ok := stepOf(secret, TypedCode(code), now)
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

// stepOf returns the step that code belongs to: the present one, the one
// before or the one after.
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

// GiveFactor completes a sign-in with a code of the generator or a recovery
// code and returns the token of the login, a new one. Wrong codes are counted
// like wrong passwords.
func (st *Store) GiveFactor(ctx context.Context, token string, from Browser, code string,
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
	err = st.counted(ctx, factorOf(l, "second factor", errCodeWrong), from, now, func() error {
		return st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
			if err := st.spend(ctx, tx, l, code, now); err != nil {
				return err
			}
			return complete(ctx, tx, l, fresh, now)
		})
	})
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// complete makes a login whole whose second factor was given. Its token is a
// new one.
func complete(ctx context.Context, tx *database.DB, l Login, token string, now time.Time) error {
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

// roleName is what the log calls what l's person is when they sign in.
func (l Login) roleName() string {
	if l.IsCounselor() {
		return "counselor"
	}
	return "partner"
}

// spend uses up a recovery code, if code looks like one, and else a code of
// the generator.
func (st *Store) spend(ctx context.Context, tx *database.DB, l Login, code string, now time.Time) error {
	plain := strings.ToLower(TypedCode(code))
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
