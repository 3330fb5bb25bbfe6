package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// How long a login lasts without use, and at most. A counselor may sit through
// a whole session without touching the screen; a partner's phone may be shared.
const (
	CounselorIdle = time.Hour
	PartnerIdle   = 20 * time.Minute
	LongestLogin  = 12 * time.Hour
	touchEvery    = 30 * time.Second
)

// A Login is a browser in which somebody is signed in: a counselor or a
// partner, never both.
type Login struct {
	ID            string     `db:"id"`
	PracticeID    string     `db:"practice_id"`
	CounselorID   string     `db:"counselor_id"`
	CounselorName string     `db:"counselor_name"`
	Role          Role       `db:"role"` // of a counselor
	PartnerID     string     `db:"partner_id"`
	PracticeName  string     `db:"practice_name"`
	TimeZone      string     `db:"time_zone"`
	SeenAt        time.Time  `db:"seen_at"`
	AbsoluteUntil time.Time  `db:"absolute_until"`
	RevokedAt     *time.Time `db:"revoked_at"`
}

// Zone returns the practice's time zone.
func (l Login) Zone() *time.Location { return Practice{TimeZone: l.TimeZone}.Zone() }

// IsCounselor tells whether a counselor, not a partner, is signed in.
func (l Login) IsCounselor() bool { return l.CounselorID != "" }

// Person returns the id of whoever is signed in.
func (l Login) Person() string {
	if l.IsCounselor() {
		return l.CounselorID
	}
	return l.PartnerID
}

func (l Login) idle() time.Duration {
	if l.IsCounselor() {
		return CounselorIdle
	}
	return PartnerIdle
}

// credentials is what a sign-in is checked against.
type credentials struct {
	PracticeID  string `db:"practice_id"`
	CounselorID string `db:"counselor_id"`
	SignInID    string `db:"sign_in_id"`
	PartnerID   string `db:"partner_id"`
	Hash        string `db:"password_hash"`
}

// errNoMatch is the one answer to every sign-in that fails.
var errNoMatch = fault.Fields{"sign_in": "That sign-in and password do not match. Please try again."}

// SignIn checks a sign-in name or e-mail address with its password and, if
// they match, returns the token of a new login. If samePerson is not empty,
// only that person may sign in. An unknown name costs what a wrong password
// costs and is answered with the same words.
func (st *Store) SignIn(ctx context.Context, signIn, password, samePerson string, now time.Time) (token string, err error) {
	if st.nobodyOK != nil {
		return "", st.nobodyOK
	}
	found, err := st.lookUp(ctx, strings.ToLower(strings.TrimSpace(signIn)))
	unknown := errors.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return "", err
	}
	if unknown {
		found.Hash = st.nobody
	}
	ok, err := st.hashing.matches(ctx, found.Hash, password)
	if err != nil {
		return "", err
	}
	other := samePerson != "" && samePerson != found.CounselorID && samePerson != found.PartnerID
	if !ok || unknown || other {
		return "", errNoMatch
	}
	return st.open(ctx, st.db, found, now)
}

func (st *Store) lookUp(ctx context.Context, signIn string) (credentials, error) {
	var c credentials
	if strings.Contains(signIn, "@") {
		err := st.db.Get(ctx, &c, `
			SELECT practice_id, id AS counselor_id, '' AS sign_in_id, '' AS partner_id, password_hash
			FROM counselors
			WHERE email = ?`, storable(signIn))
		return c, err
	}
	err := st.db.Get(ctx, &c, `
		SELECT practice_id, '' AS counselor_id, id AS sign_in_id, partner_id, password_hash
		FROM sign_ins
		WHERE name = ?`, storable(signIn))
	return c, err
}

// storable drops what a database would refuse to compare.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// open makes a new login and returns its token, of which only the hash stays.
func (st *Store) open(ctx context.Context, db *database.DB, c credentials, now time.Time) (string, error) {
	token := rand.Text()
	_, err := db.Exec(ctx, `
		INSERT INTO logins (id, token_hash, practice_id, counselor_id, sign_in_id, created_at, seen_at, absolute_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rand.Text(), hashToken(token), c.PracticeID, nullable(c.CounselorID), nullable(c.SignInID), now, now, now.Add(LongestLogin))
	if err != nil {
		return "", fmt.Errorf("open login: %w", err)
	}
	return token, nil
}

func nullable(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Authenticate returns the login of token. It returns fault.SignedOut when
// there is none, it was revoked, or it was idle or open for too long.
func (st *Store) Authenticate(ctx context.Context, token string, now time.Time) (Login, error) {
	var l Login
	err := st.db.Get(ctx, &l, `
		SELECT l.id, l.practice_id, COALESCE(l.counselor_id, '') AS counselor_id, COALESCE(c.name, '') AS counselor_name, COALESCE(c.role, '') AS role,
		       COALESCE(s.partner_id, '') AS partner_id, p.name AS practice_name, p.time_zone,
		       l.seen_at, l.absolute_until, l.revoked_at
		FROM logins l
		JOIN practices p ON p.id = l.practice_id
		LEFT JOIN counselors c ON c.id = l.counselor_id
		LEFT JOIN sign_ins s ON s.id = l.sign_in_id
		WHERE l.token_hash = ?`, hashToken(token))
	if errors.Is(err, fault.NotFound) {
		return Login{}, fault.SignedOut
	}
	if err != nil {
		return Login{}, fmt.Errorf("login: %w", err)
	}
	if l.RevokedAt != nil || now.After(l.AbsoluteUntil) || now.Sub(l.SeenAt) > l.idle() {
		return Login{}, fault.SignedOut
	}
	if now.Sub(l.SeenAt) > touchEvery {
		err = st.touch(ctx, l, now)
	}
	return l, err
}

// touch keeps a login from falling idle. It only ever updates a row that is
// not revoked: a slow request that ends after a logout must not undo it.
func (st *Store) touch(ctx context.Context, l Login, now time.Time) error {
	_, err := st.db.Exec(ctx, `UPDATE logins SET seen_at = ? WHERE id = ? AND revoked_at IS NULL`, now, l.ID)
	if err != nil {
		return fmt.Errorf("touch login %s: %w", l.ID, err)
	}
	return nil
}

// SignOut ends the login of token, at once and for good.
func (st *Store) SignOut(ctx context.Context, token string, now time.Time) error {
	_, err := st.db.Exec(ctx, `UPDATE logins SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL`, now, hashToken(token))
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// CheckPassword returns nil if password is the counselor's own, and otherwise
// says so at the field "password". Signing asks for it.
func (st *Store) CheckPassword(ctx context.Context, practice, counselor, password string) error {
	c, err := st.FindCounselor(ctx, practice, counselor)
	if err != nil {
		return err
	}
	ok, err := st.hashing.matches(ctx, c.PasswordHash, password)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Fields{"password": "That is not your password. Nothing was signed."}
	}
	return nil
}
