package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// A Colleague is somebody who works in a practice, as the owner sees them.
type Colleague struct {
	Counselor
	InvitedUntil *time.Time // when the open invitation expires
}

// Waiting reports whether the colleague has not chosen a password yet.
func (c Colleague) Waiting() bool { return c.PasswordHash == "" }

// Colleagues returns everybody who works or worked in a practice, sorted by name.
func (st *Store) Colleagues(ctx context.Context, practice string, now time.Time) ([]Colleague, error) {
	people, err := st.Counselors(ctx, practice)
	if err != nil {
		return nil, err
	}
	var open []invitation
	err = st.db.Select(ctx, &open, `
		SELECT counselor_id, expires_at FROM invitations
		WHERE practice_id = ? AND `+ofColleagues+` AND closed_at IS NULL AND expires_at > ?`, practice, now)
	if err != nil {
		return nil, fmt.Errorf("invitations of colleagues: %w", err)
	}
	list := make([]Colleague, len(people))
	for i, c := range people {
		list[i].Counselor = c
		if n := slices.IndexFunc(open, func(inv invitation) bool { return inv.CounselorID == c.ID }); n >= 0 {
			list[i].InvitedUntil = &open[n].ExpiresAt
		}
	}
	return list, nil
}

// InviteColleague adds c to the practice on behalf of owner and returns the invitation code, which
// is shown only once. Nobody can sign in as c until it is used.
func (st *Store) InviteColleague(ctx context.Context, practice, owner string, c *Counselor,
	now time.Time,
) (code string, err error) {
	c.ID, c.PracticeID, c.CreatedAt, c.PasswordHash = rand.Text(), practice, now, ""
	c.Name, c.Email = strings.TrimSpace(c.Name), strings.ToLower(strings.TrimSpace(c.Email))
	bad := fault.Fields{}
	if !slices.Contains(Roles, c.Role) {
		bad["role"] = "Choose a role."
	}
	if err := bad.And(c.Validate()); err != nil {
		return "", err
	}
	return st.withCode(ctx, func(ctx context.Context, tx *database.DB, code string) error {
		if err := st.ownerOnly(ctx, tx, practice, owner); err != nil {
			return err
		}
		if err := st.insertCounselor(ctx, tx, c); err != nil {
			return err
		}
		return st.insertInvitation(ctx, tx, invitation{PracticeID: practice, CounselorID: c.ID}, code, now)
	})
}

// InviteAgain creates a new code for a colleague who lost the code, the password or the second
// factor, or who returns to the practice. Nothing changes before it is used.
func (st *Store) InviteAgain(ctx context.Context, practice, owner, colleague string,
	now time.Time,
) (code string, err error) {
	return st.withCode(ctx, func(ctx context.Context, tx *database.DB, code string) error {
		if err := st.checkColleague(ctx, tx, practice, owner, colleague); err != nil {
			return err
		}
		return st.insertInvitation(ctx, tx, invitation{PracticeID: practice, CounselorID: colleague}, code, now)
	})
}

// checkColleague returns fault.NotFound unless owner is an owner of practice and colleague is
// somebody else who works there. Since nobody can change themselves, and the practice's row is
// locked until tx ends, at least one owner always remains.
func (st *Store) checkColleague(ctx context.Context, tx *database.DB, practice, owner, colleague string) error {
	if _, err := tx.Exec(ctx, `UPDATE practices SET name = name WHERE id = ?`, practice); err != nil {
		return err
	}
	if err := st.ownerOnly(ctx, tx, practice, owner); err != nil {
		return err
	}
	var id string
	return tx.Get(ctx, &id, `SELECT id FROM counselors WHERE practice_id = ? AND id = ? AND id <> ?`,
		practice, colleague, owner)
}

// JoinColleague redeems a colleague's invitation, with a proof if the sign-in is in use. It sets
// the password, ends earlier logins and returns the token of a new one.
func (st *Store) JoinColleague(ctx context.Context, from Browser, j JoinRequest, now time.Time,
) (token string, err error) {
	password := j.Password
	bad := fault.Fields{}
	checkPassword(bad, "password", password)
	if err := bad.Err(); err != nil {
		return "", err
	}
	hash, err := st.hashing.hash(ctx, askerFrom(from), password)
	if err != nil {
		return "", err
	}
	return st.redeemInvitation(ctx, from, j, ofColleagues, now,
		func(ctx context.Context, tx *database.DB, inv invitation) (string, error) {
			if err := st.checkMACs(ctx, tx, inv.PracticeID, inv.CounselorID, rowmac.Staff); err != nil {
				return "", err
			}
			if err := st.checkInvitedPassword(ctx, tx, inv, password); err != nil {
				return "", err
			}
			if err := st.resetFactors(ctx, tx, inv.PracticeID, inv.CounselorID, now); err != nil {
				return "", err
			}
			who := &audit.Who{Person: inv.CounselorID, Role: "counselor"}
			joined := audit.Event{
				Practice: inv.PracticeID, Action: audit.Joined, Object: "colleague",
				ID: inv.CounselorID, Who: who,
			}
			_, err := audit.Exec(ctx, tx, joined, `
			UPDATE counselors SET password_hash = ?, disabled_at = NULL
			WHERE practice_id = ? AND id = ?`, hash, inv.PracticeID, inv.CounselorID)
			if err != nil {
				return "", fmt.Errorf("colleague %s: %w", inv.CounselorID, err)
			}
			if err := st.stampMACs(ctx, tx, inv.PracticeID, inv.CounselorID); err != nil {
				return "", err
			}
			return st.openHeld(ctx, tx, credentials{PracticeID: inv.PracticeID, CounselorID: inv.CounselorID}, from, now)
		})
}

// checkInvitedPassword returns fault.Fields if the password contains the name or email address of the
// invited colleague, which are known only once the code was accepted.
func (st *Store) checkInvitedPassword(ctx context.Context, tx *database.DB, inv invitation, password string) error {
	var row sealedCounselor
	err := tx.Get(ctx, &row, `SELECT `+counselorColumns+` FROM counselors WHERE practice_id = ? AND id = ?`,
		inv.PracticeID, inv.CounselorID)
	if err != nil {
		return err
	}
	c, err := st.unseal(ctx, tx, row)
	if err != nil {
		return err
	}
	bad := fault.Fields{}
	checkPassword(bad, "password", password, c.Name, c.Email)
	return bad.Err()
}

// SetRole changes a colleague's role on behalf of owner and ends their logins.
func (st *Store) SetRole(ctx context.Context, practice, owner, colleague string, role Role, now time.Time) error {
	if !slices.Contains(Roles, role) {
		return fault.Fields{"role": "Choose a role."}
	}
	return st.changeCredentials(ctx, practice, colleague, false, func(ctx context.Context, tx *database.DB) error {
		if err := st.checkColleague(ctx, tx, practice, owner, colleague); err != nil {
			return err
		}
		return changeColleague(ctx, tx, practice, colleague, "role: "+string(role), now,
			`UPDATE counselors SET role = ? WHERE practice_id = ? AND id = ? AND role <> ?`, role, practice, colleague, role)
	})
}

// Disable ends a colleague's access on behalf of owner: their logins and invitations end at once,
// and they cannot sign in until they are invited again.
func (st *Store) Disable(ctx context.Context, practice, owner, colleague string, now time.Time) error {
	return st.changeCredentials(ctx, practice, colleague, false, func(ctx context.Context, tx *database.DB) error {
		if err := st.checkColleague(ctx, tx, practice, owner, colleague); err != nil {
			return err
		}
		// Lock the invitations first, in the same order as when one is redeemed.
		_, err := tx.Exec(ctx,
			`UPDATE invitations SET closed_at = ? WHERE practice_id = ? AND counselor_id = ? AND closed_at IS NULL`,
			now, practice, colleague)
		if err != nil {
			return fmt.Errorf("invitations of colleague %s: %w", colleague, err)
		}
		return changeColleague(ctx, tx, practice, colleague, "disabled", now,
			`UPDATE counselors SET disabled_at = ? WHERE practice_id = ? AND id = ? AND disabled_at IS NULL`,
			now, practice, colleague)
	})
}

// changeColleague runs query, which changes a colleague's account, and ends their logins. If query
// changes nothing, their logins stay.
func changeColleague(ctx context.Context, tx *database.DB, practice, colleague, what string, now time.Time,
	query string, args ...any,
) error {
	if _, err := lockCredentials(ctx, tx, practice, colleague); err != nil {
		return err
	}
	n, err := audit.Exec(ctx, tx,
		audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "colleague", ID: colleague, Reason: what},
		query, args...)
	if err != nil {
		return fmt.Errorf("colleague %s: %w", colleague, err)
	}
	if n == 0 {
		return nil
	}
	return revokeLogins(ctx, tx, practice, colleague, "", now)
}
