package accounts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// challengeLife is how long a challenge can be answered.
const challengeLife = 5 * time.Minute

// A purpose is what a challenge is for. An answer is valid for no other purpose.
type purpose struct {
	name    string
	subject string // for a signature: what is signed
}

var (
	forAdding           = purpose{name: "add"}
	forSignIn           = purpose{name: "sign in"}
	forReauthentication = purpose{name: "step up"}
	forCode             = purpose{name: "new code"}
)

func forSignature(subject string) purpose { return purpose{"signature", subject} }

// challenge stores a challenge for owner, the id of a login or an invitation, and returns the
// browser's options. An earlier challenge of owner ends.
func (st *Store) challenge(ctx context.Context, owner string, purpose purpose, options any,
	ceremony *webauthn.SessionData, now time.Time,
) ([]byte, error) {
	kept, err := json.Marshal(ceremony)
	if err != nil {
		return nil, fmt.Errorf("challenge: %w", err)
	}
	_, err = st.db.Exec(ctx, `
		INSERT INTO challenges (owner_id, purpose, subject, ceremony, expires_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (owner_id) DO UPDATE
		  SET purpose = excluded.purpose, subject = excluded.subject, ceremony = excluded.ceremony,
		    expires_at = excluded.expires_at`, owner, purpose.name, purpose.subject, string(kept), now.Add(challengeLife))
	if err != nil {
		return nil, fmt.Errorf("challenge of %s: %w", owner, err)
	}
	return json.Marshal(options)
}

// spendChallenge deletes and returns the challenge of owner. A second or late answer, or one for
// another purpose, gets errPasskey.
func (st *Store) spendChallenge(ctx context.Context, owner string, asked purpose,
	now time.Time,
) (webauthn.SessionData, error) {
	var kept string
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var found struct {
			Purpose   string    `db:"purpose"`
			Subject   string    `db:"subject"`
			Ceremony  string    `db:"ceremony"`
			ExpiresAt time.Time `db:"expires_at"`
		}
		err := tx.Get(ctx, &found, `
			DELETE FROM challenges WHERE owner_id = ? RETURNING purpose, subject, ceremony, expires_at`, owner)
		if err == nil && (purpose{found.Purpose, found.Subject}) == asked && found.ExpiresAt.After(now) &&
			!found.ExpiresAt.After(now.Add(challengeLife+ClockMayDiffer)) {
			kept = found.Ceremony
		}
		if errors.Is(err, fault.NotFound) {
			err = nil
		}
		return err
	})
	var ceremony webauthn.SessionData
	if err != nil {
		return ceremony, fmt.Errorf("challenge of %s: %w", owner, err)
	}
	if kept == "" {
		return ceremony, errPasskey
	}
	return ceremony, json.Unmarshal([]byte(kept), &ceremony)
}

// createChallenge returns, as JSON, the options with which a browser has one of the person's passkeys sign for
// owner. Without a passkey it returns errPasskey.
func (st *Store) createChallenge(ctx context.Context, rp RelyingParty, l Login, owner string, purpose purpose,
	now time.Time,
) ([]byte, error) {
	keys, err := st.passkeys(ctx, st.db, l)
	if err != nil {
		return nil, err
	}
	who := keyholder{id: l.owner(), keys: keys}
	if !rp.Possible() || len(who.WebAuthnCredentials()) == 0 {
		return nil, errPasskey
	}
	options, ceremony, err := rp.web.BeginLogin(who)
	if err != nil {
		return nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return st.challenge(ctx, owner, purpose, options, ceremony, now)
}

// checkAssertion verifies the answer to a challenge of l's person, records the use of the passkey,
// and runs open in the same transaction. If the signature counter did not increase, the passkey may
// have been copied: then it is disabled and open does not run.
func (st *Store) checkAssertion(ctx context.Context, rp RelyingParty, l Login, ceremony webauthn.SessionData,
	answer string, now time.Time, open func(context.Context, *database.DB) error,
) error {
	keys, err := st.passkeys(ctx, st.db, l)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	var used *webauthn.Credential
	if err == nil && rp.Possible() {
		used, err = rp.web.ValidateLogin(keyholder{id: l.owner(), keys: keys}, ceremony, parsed)
	}
	if err != nil || used == nil || !used.Flags.UserVerified {
		return refusedPasskey(ctx, err)
	}
	suspect := used.Authenticator.CloneWarning
	err = st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if err := st.notePasskey(ctx, tx, l, keys, used, now); err != nil || suspect {
			return err
		}
		return open(ctx, tx)
	})
	if err == nil && suspect {
		err = errPasskey
	}
	return err
}

// notePasskey stores the new counter and time of use of a passkey, or that a copy is suspected.
func (st *Store) notePasskey(ctx context.Context, tx *database.DB, l Login, keys []Passkey,
	used *webauthn.Credential, now time.Time,
) error {
	for _, key := range keys {
		if string(key.record.ID) != string(used.ID) {
			continue
		}
		if used.Authenticator.CloneWarning {
			who := &audit.Who{Person: l.Person(), Login: l.ID}
			copied := audit.Event{
				Practice: l.PracticeID, Action: audit.FactorChanged, Object: "passkey", ID: key.ID,
				Reason: "may be a copy", Who: who,
			}
			_, err := audit.Exec(ctx, tx, copied, `UPDATE passkeys SET suspect_at = ? WHERE practice_id = ? AND id = ?`,
				now, l.PracticeID, key.ID)
			return err
		}
		_, record, err := st.sealPasskey(ctx, tx, l, key.ID, key.Name, used)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE passkeys SET record = ?, used_at = ? WHERE practice_id = ? AND id = ?`, record,
			now, l.PracticeID, key.ID)
		if err == nil && n == 0 {
			err = errPasskey // removed meanwhile
		}
		return err
	}
	return errPasskey
}

// HasPasskey reports whether the sign-in of token is waiting for the second factor and can be
// completed with a passkey.
func (st *Store) HasPasskey(ctx context.Context, token string, now time.Time) (bool, error) {
	l, due, err := st.find(ctx, token, now)
	if err != nil || !due {
		return false, err
	}
	keys, err := st.passkeys(ctx, st.db, l)
	return len(keyholder{keys: keys}.WebAuthnCredentials()) > 0, err
}

// ChallengeSecondFactor returns the challenge that completes the sign-in of token.
func (st *Store) ChallengeSecondFactor(ctx context.Context, rp RelyingParty, token string, now time.Time,
) ([]byte, error) {
	l, due, err := st.find(ctx, token, now)
	if err != nil || !due {
		return nil, errors.Join(fault.SignedOut, err)
	}
	return st.createChallenge(ctx, rp, l, l.ID, forSignIn, now)
}

// CompleteWithPasskey completes a sign-in with a passkey and returns the login's new token. Wrong answers
// are counted like wrong codes.
func (st *Store) CompleteWithPasskey(ctx context.Context, rp RelyingParty, token string, from Browser, answer string,
	now time.Time,
) (string, error) {
	l, due, err := st.find(ctx, token, now)
	if err != nil || !due {
		return "", errors.Join(fault.SignedOut, err)
	}
	fresh := rand.Text()
	err = st.limitTries(ctx, factorOf(l, "second factor", errPasskey), from, now, func() error {
		ceremony, err := st.spendChallenge(ctx, l.ID, forSignIn, now)
		if err != nil {
			return err
		}
		return st.checkAssertion(ctx, rp, l, ceremony, answer, now, func(ctx context.Context, tx *database.DB) error {
			return completeSignIn(ctx, tx, l, fresh, now)
		})
	})
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// ChallengeReauthentication returns the challenge for re-authentication in login l.
func (st *Store) ChallengeReauthentication(ctx context.Context, rp RelyingParty, l Login, now time.Time,
) ([]byte, error) {
	return st.createChallenge(ctx, rp, l, l.ID, forReauthentication, now)
}

// ReauthenticateWithPasskey grants the login five minutes without re-authentication, as a password
// does, and returns its new token.
func (st *Store) ReauthenticateWithPasskey(ctx context.Context, rp RelyingParty, l Login, from Browser, answer string,
	now time.Time,
) (token string, err error) {
	err = st.limitTries(ctx, factorOf(l, "re-authentication", errPasskey), from, now, func() error {
		ceremony, err := st.spendChallenge(ctx, l.ID, forReauthentication, now)
		if err != nil {
			return err
		}
		return st.checkAssertion(ctx, rp, l, ceremony, answer, now, func(ctx context.Context, tx *database.DB) error {
			token, err = freshen(ctx, tx, l, "re-authentication", now)
			return err
		})
	})
	return token, err
}

// ChallengeSignature returns the challenge with which l signs subject instead of with a password.
func (st *Store) ChallengeSignature(ctx context.Context, rp RelyingParty, l Login, subject string, now time.Time) (
	[]byte, error,
) {
	return st.createChallenge(ctx, rp, l, l.ID, forSignature(subject), now)
}

var errPasskeySignature = fault.Fields{
	"passkey": "That passkey couldn’t be used, so nothing was signed. Try again, or enter your password.",
}

// CheckPasskey checks the signed-in person's passkey answer for signing subject. If it is wrong, it
// returns fault.Fields for "passkey". asked names the action in the audit log.
func (st *Store) CheckPasskey(ctx context.Context, rp RelyingParty, l Login, from Browser, asked, subject,
	answer string, now time.Time,
) error {
	return st.limitTries(ctx, factorOf(l, asked, errPasskeySignature), from, now, func() error {
		ceremony, err := st.spendChallenge(ctx, l.ID, forSignature(subject), now)
		if err != nil {
			return err
		}
		return st.checkAssertion(ctx, rp, l, ceremony, answer, now, func(context.Context, *database.DB) error { return nil })
	})
}
