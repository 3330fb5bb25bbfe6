package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// An invitation code has eight characters: the first three locate the invitation and the other five
// authorize it. Wrong guesses of the five count against that invitation.
const (
	codeAlphabet   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's alphabet, without ambiguous characters
	locatorLength  = 3
	codeLength     = 8
	mostTries      = 5
	invitationLife = 72 * time.Hour
)

// Invite creates an invitation for a partner and returns its code, which is shown once and not
// stored. Earlier invitations of that partner end. It returns ErrUnreviewed until an owner has
// confirmed the crisis lines, because they appear on the first page that a partner sees.
func (st *Store) Invite(ctx context.Context, practice, partner string, now time.Time) (code string, err error) {
	return st.InviteIf(ctx, practice, partner, func(context.Context, *database.DB) error { return nil }, now)
}

// InviteIf is Invite unless allowed returns an error in the same transaction.
func (st *Store) InviteIf(ctx context.Context, practice, partner string,
	allowed func(context.Context, *database.DB) error, now time.Time,
) (code string, err error) {
	return st.withCode(ctx, func(ctx context.Context, tx *database.DB, code string) error {
		if err := allowed(ctx, tx); err != nil {
			return err
		}
		if err := st.requireReviewed(ctx, tx, practice); err != nil {
			return err
		}
		return st.insertInvitation(ctx, tx, invitation{PracticeID: practice, PartnerID: partner}, code, now)
	})
}

// An Invited is an invitation of a partner.
type Invited struct {
	ID        string     `db:"id"`
	Partner   string     `db:"partner_id"`
	OpensAt   *time.Time `db:"opens_at"` // for an account in use: when the code works without a proof
	ExpiresAt time.Time  `db:"expires_at"`
	UsedAt    *time.Time `db:"used_at"`
	ClosedAt  *time.Time `db:"closed_at"`
}

// Waits reports whether the code can still be used.
func (i Invited) Waits(now time.Time) bool {
	return i.ClosedAt == nil && i.UsedAt == nil && now.Before(i.ExpiresAt)
}

// LastInvitations returns the latest invitation of each of a practice's partners that have one, by
// partner id.
func (st *Store) LastInvitations(ctx context.Context, practice string, partners []string) (map[string]Invited, error) {
	var rows []Invited
	marks, ids := database.In(partners)
	err := st.db.Select(ctx, &rows, `
		SELECT id, partner_id, opens_at, expires_at, used_at, closed_at
		FROM invitations
		WHERE practice_id = ? AND partner_id IN (`+marks+`)
		ORDER BY created_at, id`, append([]any{practice}, ids...)...)
	if err != nil {
		return nil, fmt.Errorf("invitations: %w", err)
	}
	last := make(map[string]Invited, len(partners))
	for _, r := range rows {
		last[r.Partner] = r
	}
	return last, nil
}

// withCode generates an invitation code, passes it to insert and returns it formatted. If its
// locator is taken, it tries another one.
func (st *Store) withCode(ctx context.Context,
	insert func(ctx context.Context, tx *database.DB, code string) error,
) (code string, err error) {
	for range 5 {
		code = randomCode()
		err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return insert(ctx, tx, code) })
		if !errors.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	return code[:4] + "-" + code[4:], nil
}

// insertInvitation stores an invitation. Earlier invitations of the same person end.
func (st *Store) insertInvitation(ctx context.Context, tx *database.DB, inv invitation, code string,
	now time.Time,
) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET closed_at = ? WHERE closed_at IS NULL AND expires_at < ?`, now, now)
	if err == nil {
		_, err = tx.Exec(ctx, `
			UPDATE invitations SET closed_at = ?
			WHERE closed_at IS NULL AND practice_id = ? AND COALESCE(partner_id, counselor_id) = ?`, now,
			inv.PracticeID, inv.invited())
	}
	if err != nil {
		return err
	}
	object, ends := "partner", now.Add(invitationLife)
	if inv.CounselorID != "" {
		object = "colleague"
	}
	opens, err := st.opensAt(ctx, tx, inv, now)
	if err != nil {
		return err
	}
	if opens != nil {
		ends = opens.Add(invitationLife)
	}
	_, err = audit.Exec(ctx, tx,
		audit.Event{Practice: inv.PracticeID, Action: audit.Invited, Object: object, ID: inv.invited()}, `
		INSERT INTO invitations (id, practice_id, partner_id, counselor_id, locator, secret_hash, created_at, expires_at,
		  made_by, opens_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		rand.Text(), inv.PracticeID, nullable(inv.PartnerID), nullable(inv.CounselorID), code[:locatorLength],
		hashToken(code), now, ends, audit.PersonOf(ctx), opens)
	return err
}

func randomCode() string {
	var b strings.Builder
	for range codeLength {
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(codeAlphabet))))
		b.WriteByte(codeAlphabet[n.Int64()])
	}
	return b.String()
}

// readCode normalizes a typed code: only letters and digits, with letters mistaken for digits
// corrected. It returns "" for anything that cannot be a code.
func readCode(typed string) string {
	typed = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(NormalizeCode(typed))
	if len(typed) != codeLength || strings.Trim(typed, codeAlphabet) != "" {
		return ""
	}
	return typed
}

// An invitation is for a partner or a colleague.
type invitation struct {
	ID          string     `db:"id"`
	PracticeID  string     `db:"practice_id"`
	PartnerID   string     `db:"partner_id"`
	CounselorID string     `db:"counselor_id"`
	SecretHash  string     `db:"secret_hash"`
	Tries       int        `db:"tries"`
	ExpiresAt   time.Time  `db:"expires_at"`
	OpensAt     *time.Time `db:"opens_at"` // for a sign-in that is in use: when it opens without a proof
}

func (inv invitation) invited() string { return inv.PartnerID + inv.CounselorID }

// errCode is the only answer to a code that does not open an invitation.
var errCode = fault.Fields{"code": "error.invitation_code"}

var signInName = regexp.MustCompile(`^[a-z]{3,12}-[a-z]{3,12}-[0-9]{2,3}$`)

// Join redeems an invitation: it creates the partner's sign-in with name and passphrase and returns
// the token of a new login. An existing sign-in of the partner is replaced and its logins end. Five
// wrong codes invalidate an invitation.
func (st *Store) Join(ctx context.Context, code, name, passphrase string, now time.Time) (token string, err error) {
	return st.JoinFrom(ctx, Browser{}, code, name, passphrase, now)
}

// JoinFrom is Join from a known browser.
func (st *Store) JoinFrom(ctx context.Context, from Browser, code, name, passphrase string,
	now time.Time,
) (token string, err error) {
	return st.JoinWith(ctx, from, JoinRequest{Code: code, Name: name, Password: passphrase}, now)
}

// JoinWith is JoinFrom with a proof, for a sign-in that is in use.
func (st *Store) JoinWith(ctx context.Context, from Browser, j JoinRequest, now time.Time) (token string, err error) {
	name, passphrase, bad := j.Name, j.Password, fault.Fields{}
	checkPassword(bad, "passphrase", passphrase)
	if !signInName.MatchString(name) {
		bad["name"] = "error.name_not_offered"
	}
	if err := bad.Err(); err != nil {
		return "", err
	}
	hash, err := st.hashing.hash(ctx, askerFrom(from), passphrase)
	if err != nil {
		return "", err
	}
	return st.redeemInvitation(ctx, from, j, ofPartners, now,
		func(ctx context.Context, tx *database.DB, inv invitation) (string, error) {
			return st.createSignIn(ctx, tx, inv, name, hash, from, now)
		})
}

// SQL conditions for whom an invitation is for. A partner's code is not valid for a colleague, nor
// the reverse.
const (
	ofPartners   = `partner_id IS NOT NULL`
	ofColleagues = `counselor_id IS NOT NULL`
	ofAnybody    = `TRUE`
)

// redeemInvitation redeems the invitation of a code and returns the token of the login that enter creates. Wrong
// codes count against the address.
func (st *Store) redeemInvitation(ctx context.Context, from Browser, j JoinRequest, of string, now time.Time,
	enter func(context.Context, *database.DB, invitation) (string, error),
) (token string, err error) {
	if err := st.prove(ctx, from, j, of, now); err != nil {
		return "", err
	}
	a := &attempt{"", audit.Event{Action: audit.SignInFailed, Object: "invitation"}, errCode}
	err = st.limitTries(ctx, a, from, now, func() error {
		wrong := false
		err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			inv, err := redeemCode(ctx, tx, readCode(j.Code), of, now)
			a.event.Practice, a.event.ID = inv.PracticeID, inv.invited()
			if errors.Is(err, fault.NotFound) {
				wrong = true
				return nil // commit, to keep the count of tries
			}
			if err != nil {
				return err
			}
			token, err = enter(ctx, tx, inv)
			return err
		})
		if wrong {
			return errCode
		}
		return err
	})
	return token, err
}

// redeemCode closes the invitation that code opens. A wrong code uses up one try of the invitation that
// it locates.
func redeemCode(ctx context.Context, tx *database.DB, code, of string, now time.Time) (invitation, error) {
	var inv invitation
	if code == "" {
		return inv, fault.NotFound
	}
	err := tx.Get(ctx, &inv, `
		UPDATE invitations SET tries = tries + 1
		WHERE locator = ? AND closed_at IS NULL AND expires_at > ? AND created_at <= ? AND tries < ? AND `+of+`
		RETURNING id, practice_id, COALESCE(partner_id, '') AS partner_id, COALESCE(counselor_id, '') AS counselor_id,
		  secret_hash, tries, expires_at, opens_at`, code[:locatorLength], now, now.Add(ClockMayDiffer), mostTries)
	if err != nil {
		return inv, err
	}
	right := inv.opens(code)
	if right && inv.waits(now) {
		return inv, errWaits
	}
	if right || inv.Tries >= mostTries {
		used := &now
		if !right {
			used = nil
		}
		if _, err := tx.Exec(ctx, `UPDATE invitations SET closed_at = ?, used_at = ? WHERE id = ?`, now,
			used, inv.ID); err != nil {
			return inv, err
		}
	}
	if !right {
		return inv, fault.NotFound
	}
	return inv, nil
}

// createSignIn creates or replaces the invited partner's sign-in and opens a login.
func (st *Store) createSignIn(ctx context.Context, tx *database.DB, inv invitation, name, hash string, from Browser,
	now time.Time,
) (string, error) {
	index, err := st.signInIndex(ctx, tx, name)
	if err != nil {
		return "", err
	}
	var id string
	err = tx.Get(ctx, &id, `
		INSERT INTO sign_ins (id, practice_id, partner_id, name_index, password_hash, language, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (partner_id) DO UPDATE
		  SET name_index = excluded.name_index, password_hash = excluded.password_hash, language = excluded.language
		RETURNING id`, rand.Text(), inv.PracticeID, inv.PartnerID, index, hash, i18n.Of(from.Language).Tag, now)
	if errors.Is(err, fault.Conflict) {
		return "", fault.Fields{"name": "error.name_taken"}
	}
	if err != nil {
		return "", fmt.Errorf("sign-in: %w", err)
	}
	if err := st.keepName(ctx, tx, inv.PracticeID, id, name); err != nil {
		return "", err
	}
	if err := st.resetFactors(ctx, tx, inv.PracticeID, id, now); err != nil {
		return "", err
	}
	if err := st.stampMACs(ctx, tx, inv.PracticeID, id); err != nil {
		return "", err
	}
	who := &audit.Who{Person: inv.PartnerID, Role: "partner"}
	err = audit.Record(ctx, tx,
		audit.Event{Practice: inv.PracticeID, Action: audit.Joined, Object: "sign-in", ID: id, Who: who})
	if err != nil {
		return "", err
	}
	return st.openHeld(ctx, tx, credentials{PracticeID: inv.PracticeID, SignInID: id, PartnerID: inv.PartnerID}, from, now)
}

// resetFactors ends owner's logins and deletes the second factors, which may have been lost too, when
// an invitation is redeemed.
func (st *Store) resetFactors(ctx context.Context, tx *database.DB, practice, owner string, now time.Time) error {
	for _, table := range []string{"factors", "passkeys", "recovery_codes"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE practice_id = ? AND owner_id = ?`,
			practice, owner); err != nil {
			return err
		}
	}
	return revokeLogins(ctx, tx, practice, owner, "", now)
}

// openHeld is open for a sign-in that this transaction has created.
func (st *Store) openHeld(ctx context.Context, tx *database.DB, c credentials, from Browser,
	now time.Time,
) (string, error) {
	var err error
	if c.Revision, err = lockCredentials(ctx, tx, c.PracticeID, c.owner()); err != nil {
		return "", err
	}
	return st.open(ctx, tx, c, from, now)
}
