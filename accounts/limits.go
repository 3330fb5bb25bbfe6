package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// The limits on failures within fifteen minutes: per account, and per network address, which many
// legitimate users may share.
const (
	mostAtAccount = 10
	mostFromHere  = 100
	forgetAfter   = 15 * time.Minute
)

// A subject is a token under which failures are counted.
type subject struct {
	token string
	most  int
}

// An attempt is a check of a password, code or factor.
type attempt struct {
	subject string       // the account whose failures are counted besides the address's; "" for the address alone
	event   audit.Event  // the audit event of a failure
	wrong   fault.Fields // the only answer to a failure
}

// subjects returns the account being tried, whether it exists or not, and the address of the
// request.
func (st *Store) subjects(ctx context.Context, name string, from Browser) ([]subject, error) {
	var list []subject
	if name != "" {
		account, err := st.signInIndex(ctx, st.db, "limit/"+normalizeSignIn(name))
		if err != nil {
			return nil, err
		}
		list = append(list, subject{account, mostAtAccount})
	}
	if from.Address == "" {
		return list, nil
	}
	address, err := st.vault.Index(ctx, st.db, "", "address/"+from.Address)
	return append(list, subject{address, mostFromHere}), err
}

// barred reports whether any of the subjects has failed too often recently.
func (st *Store) barred(ctx context.Context, subjects []subject, now time.Time) (bool, error) {
	for _, s := range subjects {
		var failures int
		err := st.db.Get(ctx, &failures,
			`SELECT COALESCE(MAX(failures), 0) FROM sign_in_failures WHERE subject = ? AND forget_at > ? AND forget_at <= ?`,
			s.token, now, now.Add(forgetAfter+ClockMayDiffer))
		if err != nil {
			return false, fmt.Errorf("limits: %w", err)
		}
		if failures >= s.most {
			return true, nil
		}
	}
	return false, nil
}

// count adds a failure of the subjects and deletes expired ones.
func (st *Store) count(ctx context.Context, subjects []subject, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_failures WHERE forget_at <= ? OR forget_at > ?`, now,
			now.Add(forgetAfter+ClockMayDiffer)); err != nil {
			return err
		}
		for _, s := range subjects {
			_, err := tx.Exec(ctx, `
				INSERT INTO sign_in_failures (subject, failures, forget_at) VALUES (?, 1, ?)
				ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failures.failures + 1, forget_at = excluded.forget_at`,
				s.token, now.Add(forgetAfter))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// limitTries runs try, which checks a password, code or factor; all such checks go through it. A
// failure is logged and counted for the account and the address. After too many recent failures,
// try is not run and nothing is counted, whatever was entered, so that the bar expires.
func (st *Store) limitTries(ctx context.Context, a *attempt, from Browser, now time.Time, try func() error) error {
	subjects, err := st.subjects(ctx, a.subject, from)
	if err != nil {
		return err
	}
	barred, err := st.barred(ctx, subjects, now)
	if err != nil {
		return err
	}
	if !barred {
		if err := try(); !a.isWrong(err) {
			return err
		}
		if err := st.count(ctx, subjects, now); err != nil {
			return err
		}
	}
	if err := audit.Refuse(ctx, a.event); err != nil {
		return err
	}
	return a.wrong
}

// isWrong reports whether err is about the value being checked, not about another field.
func (a *attempt) isWrong(err error) bool {
	problems, _ := errors.AsType[fault.Fields](err)
	for field := range a.wrong {
		if problems[field] != "" {
			return true
		}
	}
	return false
}

// passwordOf checks the password of the signed-in person before a sensitive action. It computes the
// hash before looking at the limits, so that a barred attempt takes as long.
func (st *Store) passwordOf(ctx context.Context, l Login, from Browser, asked, password string,
	problem i18n.Message, now time.Time,
) error {
	ok, err := st.matches(ctx, l, password)
	if err != nil {
		return err
	}
	wrong := fault.Fields{"password": problem}
	a := &attempt{
		"person/" + l.owner(),
		audit.Event{Practice: l.PracticeID, Action: audit.SignInFailed, Object: asked},
		wrong,
	}
	return st.limitTries(ctx, a, from, now, func() error {
		if !ok {
			return wrong
		}
		return nil
	})
}

// factorOf returns an attempt at a second factor of l, at sign-in or later.
func factorOf(l Login, asked string, wrong fault.Fields) *attempt {
	who := &audit.Who{Person: l.Person(), Login: l.ID}
	return &attempt{
		"factor/" + l.owner(),
		audit.Event{Practice: l.PracticeID, Action: audit.SignInFailed, Object: asked, Who: who},
		wrong,
	}
}

// TryCode runs try for a code that is not tied to an account, such as that of a couple's screen.
// Failures, which are fault.NotFound, count against the address.
func (st *Store) TryCode(ctx context.Context, from Browser, asked string, now time.Time, try func() error) error {
	wrong := fault.Fields{"code": i18n.Message(asked)}
	a := &attempt{"", audit.Event{Action: audit.SignInFailed, Object: asked}, wrong}
	err := st.limitTries(ctx, a, from, now, func() error {
		err := try()
		if errors.Is(err, fault.NotFound) {
			return wrong
		}
		return err
	})
	if a.isWrong(err) {
		return fmt.Errorf("%s: %w", asked, fault.NotFound)
	}
	return err
}
