package accounts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A RelyingParty is the site for which passkeys are valid.
type RelyingParty struct{ web *webauthn.WebAuthn }

// NewRelyingParty returns the site at address, the URL that browsers use. If its host is an IP
// address, passkeys are not possible.
func NewRelyingParty(address string) RelyingParty {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return RelyingParty{}
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Mend", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementDiscouraged, UserVerification: protocol.VerificationRequired,
		},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // Mend uses no extensions
	})
	if err != nil {
		return RelyingParty{}
	}
	return RelyingParty{web}
}

// Possible reports whether the site can use passkeys.
func (rp RelyingParty) Possible() bool { return rp.web != nil }

// A Passkey is a passkey as its owner sees it.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt time.Time
	UsedAt    *time.Time
	SuspectAt *time.Time // since when a copy is suspected, which disables it

	record webauthn.Credential
}

// A keyholder is somebody with passkeys, for the webauthn library.
type keyholder struct {
	id, name string
	keys     []Passkey
}

// WebAuthnID returns the user id that authenticators store.
func (k keyholder) WebAuthnID() []byte { return []byte(k.id) }

// WebAuthnName returns the name that browsers show.
func (k keyholder) WebAuthnName() string { return k.name }

// WebAuthnDisplayName returns the name that browsers show.
func (k keyholder) WebAuthnDisplayName() string { return k.name }

// WebAuthnCredentials returns the person's usable passkeys.
func (k keyholder) WebAuthnCredentials() []webauthn.Credential {
	var list []webauthn.Credential
	for _, key := range k.keys {
		if key.SuspectAt == nil {
			list = append(list, key.record)
		}
	}
	return list
}

// mostPasskeys limits the passkeys of one person.
const mostPasskeys = 10

var errNoPasskeys = fault.Fields{"passkey": "error.no_passkeys_here"}

var errPasskey = fault.Fields{"passkey": "error.passkey"}

// Passkeys returns the passkeys of the signed-in person, oldest first.
func (st *Store) Passkeys(ctx context.Context, l Login) ([]Passkey, error) {
	return st.passkeys(ctx, st.db, l)
}

func (st *Store) passkeys(ctx context.Context, db *database.DB, l Login) ([]Passkey, error) {
	var rows []struct {
		ID        string     `db:"id"`
		Name      []byte     `db:"name"`
		Record    []byte     `db:"record"`
		CreatedAt time.Time  `db:"created_at"`
		UsedAt    *time.Time `db:"used_at"`
		SuspectAt *time.Time `db:"suspect_at"`
	}
	err := db.Select(ctx, &rows, `
		SELECT id, name, record, created_at, used_at, suspect_at
		FROM passkeys
		WHERE practice_id = ? AND owner_id = ?
		ORDER BY created_at, id`, l.PracticeID, l.owner())
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.factorBox(ctx, db, l.PracticeID)
	if err != nil {
		return nil, err
	}
	list := make([]Passkey, len(rows))
	for i, r := range rows {
		row := box.Row("passkeys", r.ID)
		list[i] = Passkey{
			ID: r.ID, Name: row.Read("name", r.Name), CreatedAt: r.CreatedAt,
			UsedAt: r.UsedAt, SuspectAt: r.SuspectAt,
		}
		record := row.Read("record", r.Record)
		if err := row.Err(); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(record), &list[i].record); err != nil {
			return nil, fmt.Errorf("passkey %s: %w", r.ID, err)
		}
	}
	return list, nil
}

// factorBox opens the vault box for second factors.
func (st *Store) factorBox(ctx context.Context, db *database.DB, practice string) (vault.Box, error) {
	return st.vault.Open(ctx, db, vault.ForProgram(practice), vault.Item{Material: vault.Factor, State: vault.Kept})
}

// BeginPasskey returns, as JSON, the options with which a browser creates a passkey for the
// signed-in person. shown is the account name on the device. On a shared device no passkey is
// created, since anybody who unlocks it could use it.
func (st *Store) BeginPasskey(ctx context.Context, rp RelyingParty, l Login, shown string,
	now time.Time,
) ([]byte, error) {
	if !rp.Possible() || l.Shared {
		return nil, errNoPasskeys
	}
	keys, err := st.passkeys(ctx, st.db, l)
	if err != nil {
		return nil, err
	}
	if len(keys) >= mostPasskeys {
		return nil, fault.Fields{"passkey": "error.most_passkeys"}
	}
	who := keyholder{l.owner(), shown, keys}
	options, ceremony, err := rp.web.BeginRegistration(who,
		webauthn.WithExclusions(webauthn.Credentials(who.WebAuthnCredentials()).CredentialDescriptors()),
		webauthn.WithRegistrationRelyingPartyName(shown))
	if err != nil {
		return nil, fmt.Errorf("begin a passkey: %w", err)
	}
	return st.challenge(ctx, l.ID, forAdding, options, ceremony, now)
}

// AddPasskey stores the passkey that answers this login's challenge under name, and ends the
// person's other logins. It returns recovery codes, which are shown once, if the person has none.
func (st *Store) AddPasskey(ctx context.Context, rp RelyingParty, l Login, name, answer string,
	now time.Time,
) (codes []string, err error) {
	bad := fault.Fields{}
	if bad.Length("name", name, 1, 60); bad.Err() != nil {
		return nil, bad
	}
	if !rp.Possible() || l.Shared {
		return nil, errNoPasskeys
	}
	ceremony, err := st.spendChallenge(ctx, l.ID, forAdding, now)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	var made *webauthn.Credential
	if err == nil {
		made, err = rp.web.CreateCredential(keyholder{id: l.owner()}, ceremony, parsed)
	}
	if err != nil || !made.Flags.UserVerified {
		return nil, refusedPasskey(ctx, err)
	}
	err = st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		if err := st.insertPasskey(ctx, tx, l, name, made, now); err != nil {
			return err
		}
		if codes, err = missingRecoveryCodes(ctx, tx, l); err != nil {
			return err
		}
		return revokeLogins(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
	return codes, err
}

// refusedPasskey returns the only answer to a failed passkey and logs the reason. The library's
// error type contains no secret.
func refusedPasskey(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*protocol.Error](err); ok {
		slog.InfoContext(ctx, "passkey refused", "why", e.Type)
	}
	return errPasskey
}

func (st *Store) insertPasskey(ctx context.Context, tx *database.DB, l Login, name string,
	made *webauthn.Credential, now time.Time,
) error {
	id := rand.Text()
	sealedName, record, err := st.sealPasskey(ctx, tx, l, id, name, made)
	if err != nil {
		return err
	}
	_, err = audit.Exec(ctx, tx,
		audit.Event{Practice: l.PracticeID, Action: audit.FactorChanged, Object: "passkey", ID: id, Reason: "set up"}, `
		INSERT INTO passkeys (id, practice_id, owner_id, name, record, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id, l.PracticeID, l.owner(), sealedName, record, now)
	return err
}

func (st *Store) sealPasskey(ctx context.Context, tx *database.DB, l Login, id, name string,
	made *webauthn.Credential,
) (sealedName, record []byte, err error) {
	text, err := json.Marshal(made)
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: %w", err)
	}
	box, err := st.factorBox(ctx, tx, l.PracticeID)
	if err != nil {
		return nil, nil, err
	}
	row := box.Row("passkeys", id)
	sealedName, record = row.Seal("name", name), row.Seal("record", string(text))
	return sealedName, record, row.Err()
}

// RemovePasskey removes a passkey of the signed-in person and ends their other logins. With the
// last factor, the recovery codes are deleted too.
func (st *Store) RemovePasskey(ctx context.Context, l Login, id string, now time.Time) error {
	return st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx,
			audit.Event{Practice: l.PracticeID, Action: audit.FactorChanged, Object: "passkey", ID: id, Reason: "removed"},
			`DELETE FROM passkeys WHERE practice_id = ? AND owner_id = ? AND id = ?`, l.PracticeID, l.owner(), id)
		if err != nil || n == 0 {
			return err
		}
		if err := dropIdleRecoveryCodes(ctx, tx, l); err != nil {
			return err
		}
		return revokeLogins(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
}
