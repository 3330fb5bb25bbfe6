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

// A RelyingParty is the site as passkeys know it: they answer to its name alone.
type RelyingParty struct{ web *webauthn.WebAuthn }

// NewRelyingParty returns the site at address, as browsers reach it. Where that
// has no name, but a number, there are no passkeys.
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
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // none is used
	})
	if err != nil {
		return RelyingParty{}
	}
	return RelyingParty{web}
}

// Possible tells whether the site can have passkeys.
func (rp RelyingParty) Possible() bool { return rp.web != nil }

// A Passkey is a passkey as its owner sees it.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt time.Time
	UsedAt    *time.Time
	SuspectAt *time.Time // since when there may be a copy, so that it opens nothing

	record webauthn.Credential
}

// A keyholder is somebody with passkeys, as the library asks for it.
type keyholder struct {
	id, name string
	keys     []Passkey
}

// WebAuthnID is the id that an authenticator keeps for the person.
func (k keyholder) WebAuthnID() []byte { return []byte(k.id) }

// WebAuthnName is the name that a browser shows.
func (k keyholder) WebAuthnName() string { return k.name }

// WebAuthnDisplayName is the name that a browser shows.
func (k keyholder) WebAuthnDisplayName() string { return k.name }

// WebAuthnCredentials are the passkeys of the person.
func (k keyholder) WebAuthnCredentials() []webauthn.Credential {
	var list []webauthn.Credential
	for _, key := range k.keys {
		if key.SuspectAt == nil {
			list = append(list, key.record)
		}
	}
	return list
}

// mostPasskeys one person can have.
const mostPasskeys = 10

var errNoPasskeys = fault.Fields{"passkey": "error.no_passkeys_here"}

var errPasskey = fault.Fields{"passkey": "error.passkey"}

// Passkeys returns the passkeys of whoever is signed in, oldest first.
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

// factorBox opens what second factors are sealed with.
func (st *Store) factorBox(ctx context.Context, db *database.DB, practice string) (vault.Box, error) {
	return st.vault.Open(ctx, db, vault.ForProgram(practice), vault.Item{Material: vault.Factor, State: vault.Kept})
}

// BeginPasskey returns, as JSON, what a browser needs to make a passkey for
// whoever is signed in. shown is what the device calls the account. On a
// device that others use, whoever unlocks it would have the passkey: none is
// made there.
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

// AddPasskey stores the passkey that answers the challenge of this login, as
// name. The person's other logins end. Whoever has no recovery codes gets some,
// shown once.
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
	err = st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		if err := st.insertPasskey(ctx, tx, l, name, made, now); err != nil {
			return err
		}
		if codes, err = missingRecoveryCodes(ctx, tx, l); err != nil {
			return err
		}
		return renew(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
	return codes, err
}

// refusedPasskey is the one answer to what a passkey does wrong. Why is for
// the log; the library's words hold no secret.
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

// RemovePasskey takes a passkey of whoever is signed in away and ends their
// other logins. With the last factor the recovery codes go.
func (st *Store) RemovePasskey(ctx context.Context, l Login, id string, now time.Time) error {
	return st.changingLogin(ctx, l, func(ctx context.Context, tx *database.DB) error {
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
		return renew(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
}
