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

// How long a login lasts without use, and at most. A counselor may sit through
// a whole session without touching the screen; a partner's phone may be shared.
const (
	CounselorIdle = time.Hour
	PartnerIdle   = 20 * time.Minute
	SharedIdle    = 3 * time.Minute // on a device that others use
	LongestLogin  = 12 * time.Hour
	touchEvery    = 30 * time.Second
	FreshFor      = 5 * time.Minute // after which what is delicate asks for the password again
	codeDueFor    = 5 * time.Minute // in which the second factor has to be given
)

// A Login is a browser in which somebody is signed in: a counselor or a
// partner, never both.
type Login struct {
	ID            string
	PracticeID    string
	CounselorID   string
	CounselorName string
	Role          Role // of somebody who works in the practice
	PartnerID     string
	PracticeName  string
	TimeZone      string
	Factor        bool   // a second factor is set up
	Generator     bool   // an authenticator app is one of them
	Passkeys      int    // how many of them are passkeys
	Shared        bool   // others use the device, or nobody said that they do not
	Language      string // of a partner: the tag of the one that they chose
	Frame         PublicFrame
	SeenAt        time.Time
	FreshUntil    time.Time // until when no step-up is asked for
	AbsoluteUntil time.Time
	CodeWaits     bool // somebody made a new code for this sign-in, which can be refused

	signInID string // of a partner
}

// Zone returns the practice's time zone.
func (l Login) Zone() *time.Location { return Practice{TimeZone: l.TimeZone}.Zone() }

// IsCounselor tells whether somebody who works in the practice, not a partner,
// is signed in.
func (l Login) IsCounselor() bool { return l.CounselorID != "" }

// Person returns the id of whoever is signed in.
func (l Login) Person() string {
	if l.IsCounselor() {
		return l.CounselorID
	}
	return l.PartnerID
}

// owner is whose password and second factor the login was opened with.
func (l Login) owner() string {
	if l.IsCounselor() {
		return l.CounselorID
	}
	return l.signInID
}

// LeadsCouples tells whether somebody with a caseload of their own is signed in.
func (l Login) LeadsCouples() bool { return l.Role == Owner || l.Role == Member }

// IsOwner tells whether an owner of the practice is signed in.
func (l Login) IsOwner() bool { return l.Role == Owner }

// Idle is how long the login lasts without use.
func (l Login) Idle() time.Duration {
	switch {
	case l.Shared:
		return SharedIdle
	case l.IsCounselor():
		return CounselorIdle
	}
	return PartnerIdle
}

// Left is how long the login lasts from now if it is not used.
func (l Login) Left(now time.Time) time.Duration {
	return min(l.SeenAt.Add(l.Idle()).Sub(now), l.AbsoluteUntil.Sub(now))
}

// ClockMayDiffer is how far the clocks of two processes may be apart.
const ClockMayDiffer = 5 * time.Minute

// isOfAnotherTime tells whether the login was made or used at a time that is still to
// come: while the clock was ahead. It would outlast every other.
func (l Login) isOfAnotherTime(now time.Time) bool {
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

// owner is whose password c is.
func (c credentials) owner() string { return c.CounselorID + c.SignInID }

// asker is who c's password is checked for.
func (c credentials) asker(from Browser, known bool) asker {
	if known {
		return askerKnown(c.owner())
	}
	return askerFrom(from)
}

// errNoMatch is the one answer to every sign-in that fails.
var errNoMatch = fault.Fields{"sign_in": "error.sign_in"}

// A Browser is where somebody signs in from.
type Browser struct {
	Address string // where it comes from, which failures are counted for
	Device  string // a label such as "Firefox on Windows"
	Shared  bool   // as SharedDevice says
	Known   string // the token of KnowDevice, if the device has one

	Language string // of the door: in which somebody new is spoken to
}

// SharedDevice reads the answer to "Does anyone else use this device?" of
// somebody who signs in. Left open, a partner's device is taken to be shared,
// and a counselor's, who has to sit through a session with it, is not.
func SharedDevice(answer, signIn string) bool {
	return answer == "yes" || answer != "no" && !strings.Contains(signIn, "@")
}

// SignIn checks a sign-in name or e-mail address with its password and, if
// they match, returns the token of a new login. If samePerson is not empty,
// only that person may sign in. An unknown name costs what a wrong password
// costs and is answered with the same words; so is one with which somebody
// failed too often.
func (st *Store) SignIn(ctx context.Context, signIn, password, samePerson string,
	now time.Time,
) (token string, err error) {
	return st.SignInFrom(ctx, Browser{}, signIn, password, samePerson, now)
}

// SignInFrom is SignIn from a browser that is known.
func (st *Store) SignInFrom(ctx context.Context, from Browser, signIn, password, samePerson string,
	now time.Time,
) (token string, err error) {
	found, err := st.lookUp(ctx, signIn, now)
	if err == nil {
		err = st.vouched(ctx, st.db, found.PracticeID, found.owner(), signsIn(found.PartnerID != "")...)
	}
	unknown := errors.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return "", err
	}
	if unknown || found.Hash == "" { // nobody, or somebody whose invitation waits
		unknown, found.Hash = true, st.nobody
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
	if known { // what others get wrong does not bar it
		a.subject, counts = "device/"+from.Known, Browser{}
	}
	err = st.counted(ctx, a, counts, now, func() error {
		if !ok || unknown || other || found.Disabled {
			return errNoMatch
		}
		token, err = st.open(ctx, st.db, found, from, now)
		if errors.Is(err, fault.Conflict) { // the password was right a moment ago
			return errNoMatch
		}
		return err
	})
	return token, err
}

func (st *Store) lookUp(ctx context.Context, signIn string, now time.Time) (credentials, error) {
	var c credentials
	signIn = typedSignIn(signIn)
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

// open makes a new login and returns its token, of which only the hash stays.
// Where a second factor is set up, the login is nobody's until it was given. It
// returns fault.Conflict if c was changed since it was read.
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
		if err != nil || c.Factor { // with the second factor the sign-in is complete
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

// SignOut ends the login of token, at once and for good.
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
