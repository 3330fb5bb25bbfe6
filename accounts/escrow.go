package accounts

import (
	"context"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// MakeEscrow returns a copy of the master key sealed with passphrase, which was
// typed twice, to print and to keep elsewhere. The copy has been opened with it. It is an owner's to make; for anybody
// else there is
// no such thing.
func (st *Store) MakeEscrow(ctx context.Context, l Login, passphrase, repeated string,
	now time.Time,
) (text string, err error) {
	if l.Role != Owner {
		return "", fault.NotFound
	}
	bad := fault.Fields{}
	checkPassword(bad, "passphrase", passphrase)
	if passphrase != repeated {
		bad["repeated"] = "The passphrases don’t match. Enter the same one twice."
	}
	if err := bad.Err(); err != nil {
		return "", err
	}
	// Takes a second, so not within the transaction.
	if text, err = st.vault.Escrow(passphrase, st.hashing.EscrowWork); err != nil {
		return "", err
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.vault.ExpectEscrow(ctx, tx, text, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx,
			audit.Event{Practice: l.PracticeID, Action: audit.KeysChanged, Object: "master key", Reason: "copy made"})
	})
	return text, err
}

// IsNewestEscrow tells whether text is the copy that was made last and waits for
// its end to be typed back: it can be shown once more to who has it.
func (st *Store) IsNewestEscrow(ctx context.Context, text string) (bool, error) {
	return st.vault.IsExpectedEscrow(ctx, st.db, text)
}

// ConfirmEscrow takes the end of the copy, typed back by the owner who kept it.
func (st *Store) ConfirmEscrow(ctx context.Context, l Login, tail string, now time.Time) error {
	if l.Role != Owner {
		return fault.NotFound
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.vault.ConfirmEscrow(ctx, tx, tail, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx,
			audit.Event{Practice: l.PracticeID, Action: audit.KeysChanged, Object: "master key", Reason: "copy confirmed"})
	})
}

// Escrowed tells whether a copy of the present master key was shown to be kept.
func (st *Store) Escrowed(ctx context.Context) (bool, error) { return st.vault.Escrowed(ctx, st.db) }
