// Package audit is the tamper-evident log: who did what, to what, when. Each entry of a practice is
// chained to the previous one by a keyed MAC and written in the same transaction as the change that
// it records. It contains ids and codes, never anybody's text.
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
	Reauthenticated Action = "stepped up" // a signed-in person gave the password or a passkey again
	SignedOut       Action = "signed out" // also a quick exit: only the person should know of it
	Joined          Action = "joined"
	Invited         Action = "invited"
	PasswordSet     Action = "password set"
	FactorChanged   Action = "second factor changed"
	Created         Action = "created"
	Changed         Action = "changed"
	Opened          Action = "opened"   // shown to somebody other than its author
	Compared        Action = "compared" // read by the program for comparison, and not shown
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

// Label returns what readers of the log see. It differs from a for actions that have a plainer name
// than the one with which they are stored, which cannot change.
func (a Action) Label() string {
	switch a {
	case Reauthenticated:
		return "confirmed identity"
	case PracticeMade:
		return "practice created"
	}
	return string(a)
}

// An Event is what is recorded. Reason is a code, never free text.
type Event struct {
	Practice string
	Couple   string // "" if none
	Side     string // the partner whose material it is; "" for both or none
	Action   Action
	Object   string // the kind of object
	ID       string // its id
	Reason   string
	Who      *Who // overrides who made the request, for somebody who is signing in
}

// Who identifies the person who made a request.
type Who struct {
	Practice string
	Person   string // id of a counselor or partner
	Role     string
	Login    string
	Address  string // of the network, not the device: /24 or /64
	Device   string // short hash of the browser's user agent
}

// Keys provide the keys of the chain from internal/vault. They are functions because the vault
// itself writes to the log.
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

// New returns the log in db. Its signed checkpoints are written to the file checkpoints, best on
// another disk; "" for none.
func New(db *database.DB, keys Keys, checkpoints string, now func() time.Time) *Log {
	return &Log{db: db, keys: keys, checkpoints: checkpoints, now: now, due: make(chan struct{}, 1)}
}

// A requestLog collects the audit entries of a request.
type requestLog struct {
	log *Log
	who Who

	mu     sync.Mutex
	seen   map[Event]bool
	opened []Event // not written yet
}

type requestLogKey struct{}

type comparingKey struct{}

// PersonOf returns the person who makes the request of ctx, or "" outside a request.
func PersonOf(ctx context.Context) string {
	if t, ok := ctx.Value(requestLogKey{}).(*requestLog); ok {
		return t.who.Person
	}
	return ""
}

// Comparing returns a context for reading in order to compare or decide. What is read under it is
// shown to nobody, so it is not logged as opened, but as compared.
func Comparing(ctx context.Context) context.Context {
	return context.WithValue(ctx, comparingKey{}, true)
}

// Begin returns a context under which everything is recorded in l as done by who.
func (l *Log) Begin(ctx context.Context, who Who) context.Context {
	return context.WithValue(ctx, requestLogKey{}, &requestLog{log: l, who: who, seen: map[Event]bool{}})
}

// Record writes events within the transaction tx of the change. Outside a request, as in tests or
// when the demo is seeded, nothing is recorded.
func Record(ctx context.Context, tx *database.DB, events ...Event) error {
	t, ok := ctx.Value(requestLogKey{}).(*requestLog)
	if !ok {
		return nil
	}
	return t.log.write(ctx, tx, t.who, events)
}

// RecordRead notes that a request opened something. Flush writes it if it is shown; something
// opened to be changed has the entry of the change.
func RecordRead(ctx context.Context, e Event) {
	t, ok := ctx.Value(requestLogKey{}).(*requestLog)
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

// HasOpened reports whether a request has opened anything of these kinds to show it, with the entry
// not written yet.
func HasOpened(ctx context.Context, objects []string) bool {
	t, ok := ctx.Value(requestLogKey{}).(*requestLog)
	if !ok {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.opened,
		func(e Event) bool { return e.Action == Opened && slices.Contains(objects, e.Object) })
}

// Flush writes what the request of ctx opened. It is called before a response that shows it is
// sent; if it fails, nothing must be sent.
func Flush(ctx context.Context) error {
	t, ok := ctx.Value(requestLogKey{}).(*requestLog)
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

// Write writes events that belong to no change, such as a refused request.
func (l *Log) Write(ctx context.Context, who Who, events ...Event) error {
	return l.write(ctx, l.db, who, events)
}

// Exec runs a statement in a transaction of db and, if it changed anything, records e with it. It
// returns the number of rows changed.
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
