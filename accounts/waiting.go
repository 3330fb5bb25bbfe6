package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
)

// The person who creates a code is not the person it is for. So a new code for a sign-in that is in
// use needs a proof that only its owner has, or a waiting time during which the owner can see and
// refuse it.

// A JoinRequest is what somebody enters to redeem an invitation.
type JoinRequest struct {
	Code     string
	Name     string // the sign-in name that a partner chose
	Password string
	Proof    string // for a sign-in in use: a recovery or authenticator code
	Passkey  string // instead of Proof: a passkey's answer to ChallengeInvitation
	Party    RelyingParty
}

// errWaits means that a code is correct but cannot be used yet.
var errWaits = fault.Fields{"proof": "error.code_waits"}

// errProof means that a proof is wrong.
var errProof = fault.Fields{"proof": errCodeWrong["code"]}

// opens reports whether code is the code of inv.
func (inv invitation) opens(code string) bool {
	return subtle.ConstantTimeCompare([]byte(inv.SecretHash), []byte(hashToken(code))) == 1
}

// waits reports whether inv is still in its waiting time.
func (inv invitation) waits(now time.Time) bool {
	return inv.OpensAt != nil && now.Before(*inv.OpensAt)
}

// opensAt returns when an invitation opens without a proof, or nil if at once, because the sign-in
// is not in use.
func (st *Store) opensAt(ctx context.Context, tx *database.DB, inv invitation, now time.Time) (*time.Time, error) {
	var of struct {
		InUse bool `db:"in_use"`
		Hours int  `db:"wait_hours"`
	}
	err := tx.Get(ctx, &of, `
		SELECT p.wait_hours, EXISTS (SELECT 1 FROM sign_ins s WHERE s.practice_id = p.id AND s.partner_id = ?)
		    OR EXISTS (SELECT 1 FROM counselors c WHERE c.practice_id = p.id AND c.id = ? AND c.password_hash <> '') AS in_use
		FROM practices p
		WHERE p.id = ?`, inv.PartnerID, inv.CounselorID, inv.PracticeID)
	if err != nil || !of.InUse {
		return nil, err
	}
	hours, err := trustedSetting(ctx, tx, st.vault, inv.PracticeID, of.Hours, mostWaitHours)
	opens := now.Add(time.Duration(hours) * time.Hour)
	return &opens, err
}

// waitingCode returns the invitation of a typed code that is in its waiting time, and whose sign-in
// it is for. For any other code ok is false; errors in it are reported when it is redeemed.
func (st *Store) waitingCode(ctx context.Context, typed, of string, now time.Time) (
	inv invitation, l Login, ok bool, err error,
) {
	code := readCode(typed)
	if code == "" {
		return inv, l, false, nil
	}
	err = st.db.Get(ctx, &inv, `
		SELECT id, practice_id, COALESCE(partner_id, '') AS partner_id, COALESCE(counselor_id, '') AS counselor_id,
		  secret_hash, tries, expires_at, opens_at
		FROM invitations
		WHERE locator = ? AND closed_at IS NULL AND expires_at > ? AND created_at <= ? AND tries < ? AND `+of,
		code[:locatorLength], now, now.Add(ClockMayDiffer), mostTries)
	if errors.Is(err, fault.NotFound) || err == nil && (!inv.opens(code) || !inv.waits(now)) {
		return inv, l, false, nil
	}
	if err != nil {
		return inv, l, false, fmt.Errorf("invitation: %w", err)
	}
	l = Login{PracticeID: inv.PracticeID, CounselorID: inv.CounselorID, PartnerID: inv.PartnerID}
	if inv.PartnerID != "" {
		err = st.db.Get(ctx, &l.signInID, `SELECT id FROM sign_ins WHERE practice_id = ? AND partner_id = ?`,
			inv.PracticeID, inv.PartnerID)
		if err != nil {
			return inv, l, false, fmt.Errorf("sign-in of partner %s: %w", inv.PartnerID, err)
		}
	}
	return inv, l, true, nil
}

// prove ends an invitation's waiting time if the proof is valid. A wrong proof counts as at
// sign-in.
func (st *Store) prove(ctx context.Context, from Browser, j JoinRequest, of string, now time.Time) error {
	if j.Proof == "" && j.Passkey == "" {
		return nil
	}
	inv, l, ok, err := st.waitingCode(ctx, j.Code, of, now)
	if err != nil || !ok {
		return err
	}
	open := func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `UPDATE invitations SET opens_at = ? WHERE id = ?`, now, inv.ID)
		return err
	}
	if j.Passkey != "" {
		return st.provePasskey(ctx, from, j, inv, l, now, open)
	}
	return st.limitTries(ctx, factorOf(l, "second factor", errProof), from, now, func() error {
		return st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
			err := st.spendFactor(ctx, tx, l, j.Proof, now)
			// NotFound: there is no factor.
			if _, wrong := errors.AsType[fault.Fields](err); wrong || errors.Is(err, fault.NotFound) {
				return errProof
			}
			if err != nil {
				return err
			}
			return open(ctx, tx)
		})
	})
}

// errPasskeyProof means that a passkey was not accepted as proof.
var errPasskeyProof = fault.Fields{"proof": errPasskey["passkey"]}

// provePasskey is prove with a passkey.
func (st *Store) provePasskey(ctx context.Context, from Browser, j JoinRequest, inv invitation, l Login,
	now time.Time, open func(context.Context, *database.DB) error,
) error {
	return st.limitTries(ctx, factorOf(l, "second factor", errPasskeyProof), from, now, func() error {
		ceremony, err := st.spendChallenge(ctx, inv.ID, forCode, now)
		if err == nil {
			err = st.checkAssertion(ctx, j.Party, l, ceremony, j.Passkey, now, open)
		}
		if _, wrong := errors.AsType[fault.Fields](err); wrong {
			return errPasskeyProof
		}
		return err
	})
}

// ChallengeInvitation returns, as JSON, the passkey challenge for redeeming an invitation without waiting.
// It returns nil if the code is not waiting or its owner has no passkey.
func (st *Store) ChallengeInvitation(ctx context.Context, rp RelyingParty, code string, now time.Time) ([]byte, error) {
	inv, l, ok, err := st.waitingCode(ctx, code, ofAnybody, now)
	if err != nil || !ok {
		return nil, err
	}
	options, err := st.createChallenge(ctx, rp, l, inv.ID, forCode, now)
	if _, none := errors.AsType[fault.Fields](err); none {
		return nil, nil
	}
	return options, err
}

// RefuseCode closes the code that is waiting to replace the signed-in person's sign-in.
func (st *Store) RefuseCode(ctx context.Context, l Login, now time.Time) error {
	refused := audit.Event{
		Practice: l.PracticeID, Action: audit.Decided, Object: "invitation",
		ID: l.Person(), Reason: "refused",
	}
	_, err := audit.Exec(ctx, st.db, refused, `
		UPDATE invitations SET closed_at = ?, refused_at = ?
		WHERE practice_id = ? AND COALESCE(partner_id, counselor_id) = ? AND closed_at IS NULL`, now, now,
		l.PracticeID, l.Person())
	return err
}

// A NewCode is a code for a sign-in that was in use when the code was created.
type NewCode struct {
	For       string     `db:"person"` // id of the partner or counselor it is for
	MadeBy    string     `db:"made_by"`
	MadeAt    time.Time  `db:"created_at"`
	OpensAt   time.Time  `db:"opens_at"`
	ExpiresAt time.Time  `db:"expires_at"`
	RefusedAt *time.Time `db:"refused_at"`
	UsedAt    *time.Time `db:"used_at"`
	ClosedAt  *time.Time `db:"closed_at"`
}

// State returns the state of the code.
func (n NewCode) State(now time.Time) i18n.Message {
	switch {
	case n.RefusedAt != nil:
		return "new_code.state.refused"
	case n.UsedAt != nil:
		return "new_code.state.used"
	case n.ClosedAt != nil || !n.ExpiresAt.After(now):
		return "new_code.state.ended"
	case n.OpensAt.After(now):
		return "new_code.state.not_active"
	}
	return "new_code.state.active"
}

// codesShown is how long a code stays listed.
const codesShown = 90 * 24 * time.Hour

// NewCodes returns the codes for a person's sign-in and those that the person created for others,
// newest first.
func (st *Store) NewCodes(ctx context.Context, practice, person string, now time.Time) ([]NewCode, error) {
	var list []NewCode
	err := st.db.Select(ctx, &list, `
		WITH listed AS (
		  SELECT id FROM invitations WHERE practice_id = ? AND partner_id = ?
		  UNION SELECT id FROM invitations WHERE practice_id = ? AND counselor_id = ?
		  UNION SELECT id FROM invitations WHERE practice_id = ? AND made_by = ? AND opens_at IS NOT NULL)
		SELECT COALESCE(i.partner_id, i.counselor_id) AS person, i.made_by, i.created_at, i.opens_at, i.expires_at,
		  i.refused_at, i.used_at, i.closed_at
		FROM listed l CROSS JOIN invitations i
		WHERE i.id = l.id AND i.opens_at IS NOT NULL AND i.created_at > ?
		ORDER BY i.created_at DESC`, practice, person, practice, person, practice, person, now.Add(-codesShown))
	return list, err
}

// WaitHours returns the waiting time of new codes for a sign-in in use.
func (st *Store) WaitHours(ctx context.Context, practice string) (hours int, err error) {
	if err = st.db.Get(ctx, &hours, `SELECT wait_hours FROM practices WHERE id = ?`, practice); err != nil {
		return 0, err
	}
	return trustedSetting(ctx, st.db, st.vault, practice, hours, mostWaitHours)
}

// The limits of the waiting time: one to thirty days.
const (
	leastWaitHours = 24
	mostWaitHours  = 720
)

// SetWaitHours sets the waiting time of new codes on behalf of owner.
func (st *Store) SetWaitHours(ctx context.Context, practice, owner string, hours int) error {
	if hours < leastWaitHours || hours > mostWaitHours {
		return fault.Fields{"hours": "Enter a number of hours from 24 to 720."}
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.ownerOnly(ctx, tx, practice, owner); err != nil {
			return err
		}
		chosen := audit.Event{
			Practice: practice, Action: audit.SettingChanged,
			Object: "waiting time of new codes", ID: practice,
		}
		_, err := rowmac.Exec(ctx, tx, st.vault, rowmac.Practice, practice, chosen,
			`UPDATE practices SET wait_hours = ? WHERE id = ?`, hours, practice)
		return err
	})
}
