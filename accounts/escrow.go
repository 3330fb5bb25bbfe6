package accounts

import (
	"context"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// MakeEscrow returns a copy of the master key encrypted with passphrase, for an owner to print and
// store elsewhere. It has verified that the passphrase opens the copy. For anybody but an owner it
// returns fault.NotFound.
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
	// This takes a second, so it runs outside the transaction.
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

// IsNewestEscrow reports whether text is the latest copy, still waiting for confirmation. It can
// then be shown again to somebody who has it.
func (st *Store) IsNewestEscrow(ctx context.Context, text string) (bool, error) {
	return st.vault.IsExpectedEscrow(ctx, st.db, text)
}

// ConfirmEscrow confirms that an owner has stored the copy, by its last characters.
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

// Escrowed reports whether a copy of the current master key was confirmed.
func (st *Store) Escrowed(ctx context.Context) (bool, error) { return st.vault.Escrowed(ctx, st.db) }
