// Package audit is the tamper-evident log: who did what, to what, when. Each
// entry of a practice is chained to the one before by a keyed MAC and written
// in the same transaction as the change it tells of. It holds ids and codes,
// never what anybody wrote.
package audit

import (
	"context"
	"crypto/ed25519"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mend/internal/database"
)

// An Action is what was done.
type Action string

// The actions.
const (
	SignedIn        Action = "signed in"
	SignInFailed    Action = "sign-in failed"
	SteppedUp       Action = "stepped up" // who is signed in gave the password or a passkey again
	SignedOut       Action = "signed out" // a quick exit, too: nobody but the person should learn of it
	Joined          Action = "joined"
	Invited         Action = "invited"
	PasswordSet     Action = "password set"
	FactorChanged   Action = "second factor changed"
	Created         Action = "created"
	Changed         Action = "changed"
	Opened          Action = "opened"   // shown to somebody who is not its author
	Compared        Action = "compared" // read by the program beside what was shown, and shown to nobody
	Sent            Action = "sent"
	Shared          Action = "sharing"
	Signed          Action = "signed"
	Printed         Action = "printed"
	Held            Action = "joint work held"
	Decided         Action = "decided"
	Acknowledged    Action = "acknowledged"
	Denied          Action = "denied"
	EmergencyAccess Action = "emergency access"
	KeysChanged     Action = "keys changed"
	Erased          Action = "erased"
	PracticeMade    Action = "practice made"
	SettingChanged  Action = "setting changed"
)

// An Event is what is recorded. Reason is a code, never words of anybody.
type Event struct {
	Practice string
	Couple   string // "" where it concerns none
	Side     string // of the partner whose material it is; "" for both, or none
	Action   Action
	Object   string // the kind of thing
	ID       string // and its id
	Reason   string
	Who      *Who // instead of who made the request: somebody who signs in just now
}

// Who made a request.
type Who struct {
	Practice string
	Person   string // id of a counselor or partner
	Role     string
	Login    string
	Address  string // of the network, not of the device: /24 or /64
	Device   string // short hash of what the browser says it is
}

// Keys are where the keys of the chain come from: internal/vault. They are
// functions, because the vault itself writes to the log.
type Keys struct {
	MAC  func(ctx context.Context, db *database.DB, practice string) ([]byte, error)
	Sign func(ctx context.Context, db *database.DB, practice string) (ed25519.PrivateKey, error)
}

// A Log writes and checks the chain.
type Log struct {
	db          *database.DB
	keys        Keys
	checkpoints string
	now         func() time.Time
	written     atomic.Int64
	due         chan struct{}
	refusals    refusals
}

// New returns the log in db. Its signed checkpoints go to the file checkpoints,
// best on another disk; "" for none.
func New(db *database.DB, keys Keys, checkpoints string, now func() time.Time) *Log {
	return &Log{db: db, keys: keys, checkpoints: checkpoints, now: now, due: make(chan struct{}, 1)}
}

// A trail is what a request leaves.
type trail struct {
	log *Log
	who Who

	mu     sync.Mutex
	seen   map[Event]bool
	opened []Event // and not yet written
}

type trailKey struct{}

type comparingKey struct{}

// PersonOf is who makes the request of ctx, "" outside one.
func PersonOf(ctx context.Context) string {
	if t, ok := ctx.Value(trailKey{}).(*trail); ok {
		return t.who.Person
	}
	return ""
}

// Comparing returns a context under which the program reads in order to compare
// or to decide: what is opened under it is shown to nobody, so that no opening of
// a page is recorded, only that such things of the couple were compared.
func Comparing(ctx context.Context) context.Context {
	return context.WithValue(ctx, comparingKey{}, true)
}

// Begin returns a context under which everything is recorded in l as done by
// who.
func (l *Log) Begin(ctx context.Context, who Who) context.Context {
	return context.WithValue(ctx, trailKey{}, &trail{log: l, who: who, seen: map[Event]bool{}})
}

// Record writes events within the transaction tx of the change. What is done
// outside a request, by a test or the demo's seeding, leaves no trail.
func Record(ctx context.Context, tx *database.DB, events ...Event) error {
	t, ok := ctx.Value(trailKey{}).(*trail)
	if !ok {
		return nil
	}
	return t.log.write(ctx, tx, t.who, events)
}

// RecordRead notes that a request opened something. Flush writes it, if it is
// shown: what is opened to be changed leaves the entry of the change.
func RecordRead(ctx context.Context, e Event) {
	t, ok := ctx.Value(trailKey{}).(*trail)
	if !ok {
		return
	}
	if comparing, _ := ctx.Value(comparingKey{}).(bool); comparing {
		e.Action, e.Side, e.ID = Compared, "", ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.seen[e] {
		t.seen[e] = true
		t.opened = append(t.opened, e)
	}
}

// HasOpened tells whether a request has opened, and not yet written, anything of
// these kinds in order to show it.
func HasOpened(ctx context.Context, objects []string) bool {
	t, ok := ctx.Value(trailKey{}).(*trail)
	if !ok {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.opened,
		func(e Event) bool { return e.Action == Opened && slices.Contains(objects, e.Object) })
}

// Flush writes what the request of ctx opened. It is called before an answer
// that shows it is sent, whatever the request was for: when it fails, nothing
// must be sent.
func Flush(ctx context.Context) error {
	t, ok := ctx.Value(trailKey{}).(*trail)
	if !ok {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.log.write(ctx, t.log.db, t.who, t.opened); err != nil {
		return err
	}
	t.opened = nil
	return nil
}

// Write writes events that belong to no change of the database, such as a
// refused request.
func (l *Log) Write(ctx context.Context, who Who, events ...Event) error {
	return l.write(ctx, l.db, who, events)
}

// Exec runs one statement in a transaction of db and, if it changed anything,
// records e with it. It returns how many rows it changed.
func Exec(ctx context.Context, db *database.DB, e Event, query string, args ...any) (n int64, err error) {
	err = db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var err error
		if n, err = tx.Exec(ctx, query, args...); err != nil || n == 0 {
			return err
		}
		return Record(ctx, tx, e)
	})
	return n, err
}
