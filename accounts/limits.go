package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
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

// subjects are the account that somebody wants to sign in to, whether there is
// one or not, and the network they come from.
func (st *Store) subjects(ctx context.Context, signIn string, from Browser) ([]subject, error) {
	account, err := st.signInIndex(ctx, st.db, "limit/"+typedSignIn(signIn))
	if err != nil {
		return nil, err
	}
	list := []subject{{account, mostAtAccount}}
	if from.Network == "" {
		return list, nil
	}
	network, err := st.vault.Index(ctx, st.db, "", "network/"+from.Network)
	return append(list, subject{network, mostFromHere}), err
}

// barred tells whether any of the subjects failed too often of late.
func (st *Store) barred(ctx context.Context, subjects []subject, now time.Time) (bool, error) {
	for _, s := range subjects {
		var failures int
		err := st.db.Get(ctx, &failures, `SELECT COALESCE(MAX(failures), 0) FROM sign_in_failures WHERE subject = ? AND forget_at > ?`, s.token, now)
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
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_failures WHERE forget_at <= ?`, now); err != nil {
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

// counted tries something that may be got wrong. A failure, which is a
// fault.Fields, counts for name and network; with too many of late try is not
// called and the answer is wrong.
func (st *Store) counted(ctx context.Context, name string, from Browser, now time.Time, wrong error, try func() error) error {
	subjects, err := st.subjects(ctx, name, from)
	if err != nil {
		return err
	}
	barred, err := st.barred(ctx, subjects, now)
	if err != nil {
		return err
	}
	if barred {
		return wrong
	}
	err = try()
	if _, failed := errors.AsType[fault.Fields](err); failed {
		return errors.Join(st.count(ctx, subjects, now), err)
	}
	return err
}

// failed counts and records a sign-in that failed and returns the one answer.
func (st *Store) failed(ctx context.Context, subjects []subject, c credentials, now time.Time) error {
	who := &audit.Who{Person: c.CounselorID + c.PartnerID}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		return audit.Record(ctx, tx, audit.Event{Practice: c.PracticeID, Action: audit.SignInFailed, Object: "login", Who: who})
	})
	if err := errors.Join(err, st.count(ctx, subjects, now)); err != nil {
		return err
	}
	return errNoMatch
}
