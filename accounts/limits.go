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

// How often one may fail within a quarter of an hour: at one account, and from
// one network, which many honest people may share.
const (
	mostAtAccount = 10
	mostFromHere  = 100
	forgetAfter   = 15 * time.Minute
)

// A subject is what failures are counted for, as a token.
type subject struct {
	token string
	most  int
}

// An attempt is something that may be got wrong.
type attempt struct {
	subject string       // whose it is: failures are counted for it, and for the address; "" for the address alone
	event   audit.Event  // what the log says of a failure
	wrong   fault.Fields // the one answer to it
}

// subjects are whose password or factor somebody tries, whether there is such a
// person or not, and the address that they come from.
func (st *Store) subjects(ctx context.Context, name string, from Browser) ([]subject, error) {
	var list []subject
	if name != "" {
		account, err := st.signInIndex(ctx, st.db, "limit/"+typedSignIn(name))
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

// barred tells whether any of the subjects failed too often of late.
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

// count adds a failure of the subjects, and forgets what is long ago.
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

// counted is the one place where a password, a code or a factor is tried. A
// failure is recorded, and counts for whose it is and for the address. With too
// many of late nothing is tried and nothing counted, whatever was given: the bar
// ends by itself.
func (st *Store) counted(ctx context.Context, a *attempt, from Browser, now time.Time, try func() error) error {
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

// isWrong tells whether err faults what was tried, and not another field.
func (a *attempt) isWrong(err error) bool {
	problems, _ := errors.AsType[fault.Fields](err)
	for field := range a.wrong {
		if problems[field] != "" {
			return true
		}
	}
	return false
}

// passwordOf checks the password of whoever is signed in, which is asked for
// before something delicate. The hash is made first, so that a bar takes as long.
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
	return st.counted(ctx, a, from, now, func() error {
		if !ok {
			return wrong
		}
		return nil
	})
}

// factorOf is an attempt at a second factor of l, at the sign-in or later.
func factorOf(l Login, asked string, wrong fault.Fields) *attempt {
	who := &audit.Who{Person: l.Person(), Login: l.ID}
	return &attempt{
		"factor/" + l.owner(),
		audit.Event{Practice: l.PracticeID, Action: audit.SignInFailed, Object: asked, Who: who},
		wrong,
	}
}

// TryCode tries a code that is found by itself, such as that of a couple's screen:
// failures, which are fault.NotFound, count for the address.
func (st *Store) TryCode(ctx context.Context, from Browser, asked string, now time.Time, try func() error) error {
	wrong := fault.Fields{"code": i18n.Message(asked)}
	a := &attempt{"", audit.Event{Action: audit.SignInFailed, Object: asked}, wrong}
	err := st.counted(ctx, a, from, now, func() error {
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
