package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// ErrFactorDue means that the password was correct and the second factor is still needed.
var ErrFactorDue = fmt.Errorf("second factor is due: %w", fault.SignedOut)

// loginRow is a login as stored, joined with its owner.
type loginRow struct {
	ID            string      `db:"id"`
	PracticeID    string      `db:"practice_id"`
	CounselorID   string      `db:"counselor_id"`
	CounselorName []byte      `db:"counselor_name"`
	Role          Role        `db:"role"`
	SignInID      string      `db:"sign_in_id"`
	PartnerID     string      `db:"partner_id"`
	PracticeName  string      `db:"practice_name"`
	TimeZone      string      `db:"time_zone"`
	Generator     bool        `db:"generator"`
	Passkeys      int         `db:"passkeys"`
	FactorDue     bool        `db:"factor_due"`
	Shared        bool        `db:"shared"`
	Language      string      `db:"language"`
	Frame         PublicFrame `db:"frame"`
	SeenAt        time.Time   `db:"seen_at"`
	FreshUntil    time.Time   `db:"fresh_until"`
	AbsoluteUntil time.Time   `db:"absolute_until"`
	RevokedAt     *time.Time  `db:"revoked_at"`
	EndsAt        *time.Time  `db:"ends_at"`
	CodeWaits     bool        `db:"code_waits"`
}

// find returns the login of token if it is valid, and whether its second factor is still due.
func (st *Store) find(ctx context.Context, token string, now time.Time) (Login, bool, error) {
	var r loginRow
	err := st.db.Get(ctx, &r, `
		SELECT l.id, l.practice_id, COALESCE(l.counselor_id, '') AS counselor_id, c.name AS counselor_name,
		  COALESCE(c.role, '') AS role, COALESCE(l.sign_in_id, '') AS sign_in_id,
		  COALESCE(s.partner_id, '') AS partner_id, p.name AS practice_name, p.time_zone,
		  f.owner_id IS NOT NULL AS generator,
		  (SELECT COUNT(*) FROM passkeys k WHERE k.owner_id = COALESCE(l.counselor_id, l.sign_in_id)) AS passkeys,
		  l.factor_due, l.shared, COALESCE(s.language, '') AS language, COALESCE(ps.app_name, '') AS "frame.app_name",
		  COALESCE(ps.exit_url, '') AS "frame.exit_url", ps.crisis_lines AS "frame.crisis_lines",
		  l.seen_at, l.fresh_until, l.absolute_until, l.revoked_at, s.ends_at,
		  EXISTS (SELECT 1 FROM invitations i
		    WHERE COALESCE(i.partner_id, i.counselor_id) = COALESCE(s.partner_id, l.counselor_id)
		    AND i.closed_at IS NULL AND i.opens_at IS NOT NULL AND i.expires_at > ?) AS code_waits
		FROM logins l
		JOIN practices p ON p.id = l.practice_id
		LEFT JOIN practice_safety ps ON ps.practice_id = p.id
		LEFT JOIN counselors c ON c.id = l.counselor_id
		LEFT JOIN sign_ins s ON s.id = l.sign_in_id
		LEFT JOIN factors f ON f.owner_id = COALESCE(l.counselor_id, l.sign_in_id) AND f.confirmed_at IS NOT NULL
		WHERE l.token_hash = ?`, now, hashToken(token))
	if errors.Is(err, fault.NotFound) {
		return Login{}, false, fault.SignedOut
	}
	if err != nil {
		return Login{}, false, fmt.Errorf("login: %w", err)
	}
	l := Login{
		ID: r.ID, PracticeID: r.PracticeID, CounselorID: r.CounselorID, Role: r.Role, PartnerID: r.PartnerID,
		PracticeName: r.PracticeName,
		TimeZone:     r.TimeZone, Factor: r.Generator || r.Passkeys > 0, Generator: r.Generator, Passkeys: r.Passkeys,
		Shared: r.Shared, Language: r.Language, SeenAt: r.SeenAt, FreshUntil: r.FreshUntil,
		AbsoluteUntil: r.AbsoluteUntil, signInID: r.SignInID, CodeWaits: r.CodeWaits,
	}
	hasEnded := r.EndsAt != nil && !now.Before(*r.EndsAt)
	if hasEnded || r.RevokedAt != nil || l.Left(now) < 0 || l.isFromFuture(now) {
		return Login{}, false, fault.SignedOut
	}
	if l.FreshUntil.After(now.Add(FreshFor + ClockMayDiffer)) {
		l.FreshUntil = time.Time{}
	}
	err = st.checkMACs(ctx, st.db, r.PracticeID, l.owner(), signInKinds(!l.IsCounselor())[0])
	if errors.Is(err, fault.NotFound) {
		err = fault.SignedOut
	}
	if err == nil {
		l.Frame, err = st.frameOf(ctx, r.PracticeID, r.Frame)
	}
	if err != nil {
		return Login{}, false, err
	}
	if r.CounselorName != nil {
		if l.CounselorName, err = st.counselorName(ctx, r); err != nil {
			return Login{}, false, err
		}
	}
	return l, r.FactorDue, nil
}

// counselorName decrypts the name of the counselor of login r.
func (st *Store) counselorName(ctx context.Context, r loginRow) (string, error) {
	box, err := st.staff(ctx, st.db, r.PracticeID)
	if err != nil {
		return "", err
	}
	row := box.Row("counselors", r.CounselorID)
	name := row.Read("name", r.CounselorName)
	return name, row.Err()
}

// Authenticate returns the login of token and records its use. It returns fault.SignedOut if there
// is none, it was revoked, or it was idle or open for too long, and ErrFactorDue while the second
// factor is due.
func (st *Store) Authenticate(ctx context.Context, token string, now time.Time) (Login, error) {
	l, err := st.Peek(ctx, token, now)
	if err == nil && now.Sub(l.SeenAt) > touchEvery {
		l.SeenAt, err = now, st.touch(ctx, l, now)
	}
	return l, err
}

// Peek is Authenticate without extending the login, for background requests.
func (st *Store) Peek(ctx context.Context, token string, now time.Time) (Login, error) {
	l, due, err := st.find(ctx, token, now)
	if err == nil && due {
		err = ErrFactorDue
	}
	if err != nil {
		return Login{}, err
	}
	return l, nil
}

// touch records the use of a login, so that it does not become idle. It updates only logins that
// are not revoked: a slow request that ends after a sign-out must not undo it.
func (st *Store) touch(ctx context.Context, l Login, now time.Time) error {
	_, err := st.db.Exec(ctx, `UPDATE logins SET seen_at = ? WHERE id = ? AND revoked_at IS NULL`, now, l.ID)
	if err != nil {
		return fmt.Errorf("touch login %s: %w", l.ID, err)
	}
	return nil
}

// matches reports whether password is the one of l's owner.
func (st *Store) matches(ctx context.Context, l Login, password string) (bool, error) {
	var hash string
	query := `SELECT password_hash FROM sign_ins WHERE practice_id = ? AND id = ?`
	if l.IsCounselor() {
		query = `SELECT password_hash FROM counselors WHERE practice_id = ? AND id = ?`
	}
	if err := st.db.Get(ctx, &hash, query, l.PracticeID, l.owner()); err != nil {
		return false, fmt.Errorf("password of %s: %w", l.Person(), err)
	}
	return st.hashing.matches(ctx, askerKnown(l.owner()), hash, password)
}

// Reauthenticate checks the person's password, grants the login five minutes without
// re-authentication, and returns its new token. asked names the protected action in the audit log.
func (st *Store) Reauthenticate(ctx context.Context, l Login, from Browser, asked, password string,
	now time.Time,
) (token string, err error) {
	if err := st.passwordOf(ctx, l, from, asked, password, "error.password_wrong", now); err != nil {
		return "", err
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		token, err = freshen(ctx, tx, l, asked, now)
		return err
	})
	return token, err
}

// freshen grants a login five minutes without re-authentication and gives it a new token.
func freshen(ctx context.Context, tx *database.DB, l Login, asked string, now time.Time) (token string, err error) {
	token = rand.Text()
	n, err := audit.Exec(ctx, tx, audit.Event{
		Practice: l.PracticeID, Action: audit.Reauthenticated, Object: asked, ID: l.ID,
	}, `
		UPDATE logins SET fresh_until = ?, token_hash = ?
		WHERE id = ? AND revoked_at IS NULL`, now.Add(FreshFor), hashToken(token), l.ID)
	if err == nil && n == 0 {
		err = fault.SignedOut
	}
	return token, err
}

// Freshen grants a login five minutes without re-authentication after its password was given for
// something else, such as a signature.
func (st *Store) Freshen(ctx context.Context, l Login, now time.Time) error {
	_, err := st.db.Exec(ctx, `UPDATE logins SET fresh_until = ? WHERE practice_id = ? AND id = ? AND revoked_at IS NULL`,
		now.Add(FreshFor), l.PracticeID, l.ID)
	if err != nil {
		return fmt.Errorf("freshen login %s: %w", l.ID, err)
	}
	return nil
}

// ChangePassword changes the signed-in person's password after checking the current one. It ends
// their other logins and returns a new token for this one.
func (st *Store) ChangePassword(ctx context.Context, l Login, from Browser, old, password string,
	now time.Time,
) (token string, err error) {
	bad := fault.Fields{}
	own := []string{l.PracticeName, l.CounselorName}
	if l.IsCounselor() {
		c, err := st.FindCounselor(ctx, l.PracticeID, l.CounselorID)
		if err != nil {
			return "", err
		}
		own = append(own, c.Email)
	}
	checkPassword(bad, "new", password, own...)
	if err := bad.Err(); err != nil {
		return "", err
	}
	if token, err = st.Reauthenticate(ctx, l, from, "password", old, now); err != nil {
		if problems, ok := errors.AsType[fault.Fields](err); ok {
			return "", fault.Fields{"old": problems["password"]}
		}
		return "", err
	}
	hash, err := st.hashing.hash(ctx, askerKnown(l.owner()), password)
	if err != nil {
		return "", err
	}
	query := `UPDATE sign_ins SET password_hash = ? WHERE practice_id = ? AND id = ?`
	if l.IsCounselor() {
		query = `UPDATE counselors SET password_hash = ? WHERE practice_id = ? AND id = ?`
	}
	return token, st.changeOwnCredentials(ctx, l, func(ctx context.Context, tx *database.DB) error {
		if _, err := lockCredentials(ctx, tx, l.PracticeID, l.owner()); err != nil {
			return err
		}
		set := audit.Event{Practice: l.PracticeID, Action: audit.PasswordSet, Object: "sign-in", ID: l.owner()}
		if _, err := audit.Exec(ctx, tx, set, query, hash, l.PracticeID, l.owner()); err != nil {
			return err
		}
		return revokeLogins(ctx, tx, l.PracticeID, l.owner(), l.ID, now)
	})
}

// CheckPassword checks the signed-in person's password for a signature, which asked names in the audit
// log. If it is wrong, it returns fault.Fields for "password".
func (st *Store) CheckPassword(ctx context.Context, l Login, from Browser, asked,
	password string, now time.Time,
) error {
	return st.passwordOf(ctx, l, from, asked, password,
		i18n.Plain("Incorrect password. Nothing has been signed. After several tries, wait 15 minutes."), now)
}

// An OpenLogin is an entry in the list of a person's logins.
type OpenLogin struct {
	ID        string    `db:"id"`
	Device    string    `db:"device"`
	Shared    bool      `db:"shared"`
	CreatedAt time.Time `db:"created_at"`
	SeenAt    time.Time `db:"seen_at"`
}

// Logins returns the open logins of the signed-in person, newest first.
func (st *Store) Logins(ctx context.Context, l Login, now time.Time) ([]OpenLogin, error) {
	var list []OpenLogin
	err := st.db.Select(ctx, &list, `
		SELECT id, device, shared, created_at, seen_at
		FROM logins
		WHERE practice_id = ? AND COALESCE(counselor_id, sign_in_id) = ? AND revoked_at IS NULL AND NOT factor_due
		  AND absolute_until > ?
		ORDER BY created_at DESC, id`, l.PracticeID, l.owner(), now)
	return list, err
}

// Revoke ends one login of the signed-in person, or, if id is "", all but the current one.
func (st *Store) Revoke(ctx context.Context, l Login, id string, now time.Time) error {
	query, args := `UPDATE logins SET revoked_at = ?
		WHERE practice_id = ? AND COALESCE(counselor_id, sign_in_id) = ? AND revoked_at IS NULL`,
		[]any{now, l.PracticeID, l.owner()}
	if id == "" {
		query, args = query+` AND id <> ?`, append(args, l.ID)
	} else {
		query, args = query+` AND id = ?`, append(args, id)
	}
	_, err := audit.Exec(ctx, st.db,
		audit.Event{Practice: l.PracticeID, Action: audit.SignedOut, Object: "login", ID: id, Reason: "from the list"},
		query, args...)
	if err != nil {
		return fmt.Errorf("revoke logins of %s: %w", l.Person(), err)
	}
	return nil
}
