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

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// How long a login lasts without use, and at most. A counselor may not touch the screen for a whole
// session; a partner's phone may be shared.
const (
	CounselorIdle = time.Hour
	PartnerIdle   = 20 * time.Minute
	SharedIdle    = 3 * time.Minute // on a shared device
	LongestLogin  = 12 * time.Hour
	touchEvery    = 30 * time.Second
	FreshFor      = 5 * time.Minute // after which sensitive actions need the password again
	codeDueFor    = 5 * time.Minute // within which the second factor has to be given
)

// A Login is a browser in which somebody is signed in: either a counselor or a partner.
type Login struct {
	ID            string
	PracticeID    string
	CounselorID   string
	CounselorName string
	Role          Role // of a counselor
	PartnerID     string
	PracticeName  string
	TimeZone      string
	Factor        bool   // a second factor is set up
	Generator     bool   // an authenticator app is one of them
	Passkeys      int    // how many of them are passkeys
	Shared        bool   // the device is shared, or assumed to be
	Language      string // the tag of the partner's language
	Frame         PublicFrame
	SeenAt        time.Time
	FreshUntil    time.Time // until when no re-authentication is needed
	AbsoluteUntil time.Time
	CodeWaits     bool // somebody created a new code for this sign-in, which can be refused

	signInID string // of a partner
}

// Zone returns the practice's time zone.
func (l Login) Zone() *time.Location { return Practice{TimeZone: l.TimeZone}.Zone() }

// IsCounselor reports whether the signed-in person works in the practice.
func (l Login) IsCounselor() bool { return l.CounselorID != "" }

// Person returns the id of the signed-in person.
func (l Login) Person() string {
	if l.IsCounselor() {
		return l.CounselorID
	}
	return l.PartnerID
}

// owner returns the id of the counselor or sign-in whose credentials opened the login.
func (l Login) owner() string {
	if l.IsCounselor() {
		return l.CounselorID
	}
	return l.signInID
}

// LeadsCouples reports whether the signed-in person has a caseload.
func (l Login) LeadsCouples() bool { return l.Role == Owner || l.Role == Member }

// IsOwner reports whether the signed-in person is an owner of the practice.
func (l Login) IsOwner() bool { return l.Role == Owner }

// Idle returns how long the login lasts without use.
func (l Login) Idle() time.Duration {
	switch {
	case l.Shared:
		return SharedIdle
	case l.IsCounselor():
		return CounselorIdle
	}
	return PartnerIdle
}

// Left returns how long the login lasts from now if it is not used.
func (l Login) Left(now time.Time) time.Duration {
	return min(l.SeenAt.Add(l.Idle()).Sub(now), l.AbsoluteUntil.Sub(now))
}

// ClockMayDiffer is the tolerated difference between the clocks of two processes.
const ClockMayDiffer = 5 * time.Minute

// isFromFuture reports whether the login was created or used in the future, while the clock was
// ahead. Such a login would outlast all others.
func (l Login) isFromFuture(now time.Time) bool {
	return l.SeenAt.After(now.Add(ClockMayDiffer)) || l.AbsoluteUntil.After(now.Add(LongestLogin+ClockMayDiffer))
}

// credentials is what a sign-in is checked against.
type credentials struct {
	PracticeID  string `db:"practice_id"`
	CounselorID string `db:"counselor_id"`
	SignInID    string `db:"sign_in_id"`
	PartnerID   string `db:"partner_id"`
	Hash        string `db:"password_hash"`
	Factor      bool   `db:"factor"`
	Disabled    bool   `db:"disabled"`
	Revision    int    `db:"revision"`
}

// owner returns the id of the counselor or sign-in.
func (c credentials) owner() string { return c.CounselorID + c.SignInID }

// asker returns for whom c's password is checked.
func (c credentials) asker(from Browser, known bool) asker {
	if known {
		return askerKnown(c.owner())
	}
	return askerFrom(from)
}

// errNoMatch is the only answer to a failed sign-in.
var errNoMatch = fault.Fields{"sign_in": "error.sign_in"}

// A Browser describes where a sign-in comes from.
type Browser struct {
	Address string // the network address, for which failures are counted
	Device  string // a label such as "Firefox on Windows"
	Shared  bool   // see SharedDevice
	Known   string // the token of RememberDevice, if the device has one

	Language string // of the sign-in page; the initial language of a new partner
}

// SharedDevice interprets the answer to "Does anyone else use this device?" at sign-in. Without an
// answer, a partner's device is assumed to be shared, and a counselor's is not, since the login has
// to last for a session.
func SharedDevice(answer, signIn string) bool {
	return answer == "yes" || answer != "no" && !strings.Contains(signIn, "@")
}

// SignIn checks a sign-in name or email address and its password and returns the token of a new
// login. If samePerson is not empty, only that person may sign in. An unknown name takes as long
// and gets the same answer as a wrong password, and so does one with too many failures.
func (st *Store) SignIn(ctx context.Context, signIn, password, samePerson string,
	now time.Time,
) (token string, err error) {
	return st.SignInFrom(ctx, Browser{}, signIn, password, samePerson, now)
}

// SignInFrom is SignIn from a known browser.
func (st *Store) SignInFrom(ctx context.Context, from Browser, signIn, password, samePerson string,
	now time.Time,
) (token string, err error) {
	found, err := st.findCredentials(ctx, signIn, now)
	if err == nil {
		err = st.checkMACs(ctx, st.db, found.PracticeID, found.owner(), signInKinds(found.PartnerID != "")...)
	}
	unknown := errors.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return "", err
	}
	if unknown || found.Hash == "" { // no such name, or the invitation is not used yet
		unknown, found.Hash = true, st.dummyHash
	}
	known, err := st.isKnown(ctx, from, found, now)
	if err != nil {
		return "", err
	}
	ok, err := st.hashing.matches(ctx, found.asker(from, known), found.Hash, password)
	if err != nil {
		return "", err
	}
	other := samePerson != "" && samePerson != found.CounselorID && samePerson != found.PartnerID
	who := &audit.Who{Person: found.CounselorID + found.PartnerID}
	a := &attempt{
		signIn,
		audit.Event{Practice: found.PracticeID, Action: audit.SignInFailed, Object: "login", Who: who},
		errNoMatch,
	}
	counts := from
	if known { // other people's failures do not bar it
		a.subject, counts = "device/"+from.Known, Browser{}
	}
	err = st.limitTries(ctx, a, counts, now, func() error {
		if !ok || unknown || other || found.Disabled {
			return errNoMatch
		}
		token, err = st.open(ctx, st.db, found, from, now)
		if errors.Is(err, fault.Conflict) { // the credentials changed since they were read
			return errNoMatch
		}
		return err
	})
	return token, err
}

func (st *Store) findCredentials(ctx context.Context, signIn string, now time.Time) (credentials, error) {
	var c credentials
	signIn = normalizeSignIn(signIn)
	index, err := st.signInIndex(ctx, st.db, signIn)
	if err != nil {
		return c, err
	}
	if strings.Contains(signIn, "@") {
		err := st.db.Get(ctx, &c, `
			SELECT c.practice_id, c.id AS counselor_id, '' AS sign_in_id, '' AS partner_id, c.password_hash, c.revision,
			  c.disabled_at IS NOT NULL AS disabled,
			       EXISTS (SELECT 1 FROM factors f WHERE f.owner_id = c.id AND f.confirmed_at IS NOT NULL)
			  OR EXISTS (SELECT 1 FROM passkeys k WHERE k.owner_id = c.id) AS factor
			FROM counselors c
			WHERE c.email_index = ?`, index)
		return c, err
	}
	err = st.db.Get(ctx, &c, `
		SELECT s.practice_id, '' AS counselor_id, s.id AS sign_in_id, s.partner_id, s.password_hash, s.revision,
		  s.ends_at IS NOT NULL AND s.ends_at <= ? AS disabled,
		       EXISTS (SELECT 1 FROM factors f WHERE f.owner_id = s.id AND f.confirmed_at IS NOT NULL)
		  OR EXISTS (SELECT 1 FROM passkeys k WHERE k.owner_id = s.id) AS factor
		FROM sign_ins s
		WHERE s.name_index = ?`, now, index)
	return c, err
}

// open creates a login and returns its token, of which only the hash is stored. If a second factor
// is set up, the login is invalid until it is given. open returns fault.Conflict if c was changed
// since it was read.
func (st *Store) open(ctx context.Context, db *database.DB, c credentials, from Browser,
	now time.Time,
) (string, error) {
	token, id := rand.Text(), rand.Text()
	until := now.Add(LongestLogin)
	if c.Factor {
		until = now.Add(codeDueFor)
	}
	who := audit.Who{Person: c.CounselorID, Role: "counselor", Login: id}
	if c.CounselorID == "" {
		who = audit.Who{Person: c.PartnerID, Role: "partner", Login: id}
	}
	err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if revision, err := lockCredentials(ctx, tx, c.PracticeID, c.owner()); err != nil || revision != c.Revision {
			return errors.Join(fault.Conflict, err)
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO logins (id, token_hash, practice_id, counselor_id, sign_in_id, created_at, seen_at, absolute_until,
			  factor_due, fresh_until, device, shared)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, hashToken(token), c.PracticeID, nullable(c.CounselorID), nullable(c.SignInID), now, now, until, c.Factor,
			now.Add(FreshFor), from.Device, from.Shared)
		if err != nil || c.Factor { // with a second factor, the sign-in is complete only later
			return err
		}
		return audit.Record(ctx, tx,
			audit.Event{Practice: c.PracticeID, Action: audit.SignedIn, Object: "login", ID: id, Who: &who})
	})
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

// SignOut ends the login of token.
func (st *Store) SignOut(ctx context.Context, token string, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var ended struct {
			ID        string `db:"id"`
			Practice  string `db:"practice_id"`
			Counselor string `db:"counselor"`
		}
		err := tx.Get(ctx, &ended, `
			UPDATE logins SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL
			RETURNING id, practice_id, COALESCE(counselor_id, '') AS counselor`, now, hashToken(token))
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sign out: %w", err)
		}
		who := &audit.Who{Person: ended.Counselor, Login: ended.ID}
		return audit.Record(ctx, tx,
			audit.Event{Practice: ended.Practice, Action: audit.SignedOut, Object: "login", ID: ended.ID, Who: who})
	})
}
