package accounts

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mend/internal/fault"
)

// How many passwords are hashed at once, and how many requests wait for that. Each hash
// takes its memory for a tenth of a second.
const (
	slotsForAll   = 2
	slotsForKnown = 1 // for known devices and people who are signed in
	mostInLine    = 20
	mostWaiting   = 400 // of requests that are not from known devices
	longestWait   = 10 * time.Second
)

// An asker is who a password is hashed for. Requests of one line are served one after
// the other, and lines take turns.
type asker struct {
	line  string
	known bool // somebody who has signed in before
}

// askerFrom is somebody whom nothing is known of but where they ask from.
func askerFrom(b Browser) asker { return asker{line: "network " + b.Address} }

// askerKnown is somebody who is signed in, or was on the same device. owner is what
// they sign in with.
func askerKnown(owner string) asker { return asker{line: "sign-in " + owner, known: true} }

// A queue lets a few requests run at once. Those that wait stand in lines, one for each
// network and one for each person on a known device. The lines take turns, so that
// nobody is served later because others ask often.
type queue struct {
	mu      sync.Mutex
	free    int     // slots that anybody may have
	reserve int     // slots that known askers alone may have
	lines   []*line // the next turn first; none is empty
}

// A line holds the waiting requests of one asker, the oldest first.
type line struct {
	asker
	waiters []*waiter
}

// A waiter is one request that waits.
type waiter struct {
	turn chan turn // has room for one, so that nobody waits to tell it
}

// A turn is the answer to a waiter.
type turn struct {
	reserved bool // the slot is one of the reserve
	busy     bool // there is none: others need the place more
}

func newQueue() *queue { return &queue{free: slotsForAll, reserve: slotsForKnown} }

// enter waits for a slot and returns what gives it back. It returns fault.Busy when too
// many wait, or after too long a wait.
func (q *queue) enter(ctx context.Context, by asker) (leave func(), err error) {
	w, got, err := q.join(by)
	if err != nil {
		return nil, err
	}
	if w != nil {
		if got, err = q.await(ctx, w); err != nil {
			return nil, err
		}
	}
	return func() { q.leave(got.reserved) }, nil
}

// await waits for the turn of w.
func (q *queue) await(ctx context.Context, w *waiter) (turn, error) {
	timeout := time.NewTimer(longestWait)
	defer timeout.Stop()
	select {
	case got := <-w.turn:
		if got.busy {
			return got, errTooMany
		}
		return got, nil
	case <-ctx.Done():
		return turn{}, q.abandon(w, ctx.Err())
	case <-timeout.C:
		return turn{}, q.abandon(w, errTooMany)
	}
}

var errTooMany = fmt.Errorf("password hashing: %w", fault.Busy)

// join takes a free slot for by, or returns the place where by waits.
func (q *queue) join(by asker) (*waiter, turn, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.free > 0:
		q.free--
		return nil, turn{}, nil
	case by.known && q.reserve > 0:
		q.reserve--
		return nil, turn{reserved: true}, nil
	}
	l := q.lineOf(by)
	if l != nil && len(l.waiters) >= mostInLine || !by.known && !q.makeRoom(l) {
		return nil, turn{}, errTooMany
	}
	if l == nil {
		l = &line{asker: by}
		q.lines = append(q.lines, l)
	}
	w := &waiter{make(chan turn, 1)}
	l.waiters = append(l.waiters, w)
	return w, turn{}, nil
}

// lineOf returns the line of by, or nil if nobody waits there.
func (q *queue) lineOf(by asker) *line {
	i := slices.IndexFunc(q.lines, func(l *line) bool { return l.asker == by })
	if i < 0 {
		return nil
	}
	return q.lines[i]
}

// makeRoom tells whether one more unknown asker may wait, in line l or in a new one. When
// all places are taken, the longest line gives up its last place to a shorter one.
func (q *queue) makeRoom(l *line) bool {
	waiting := 0
	var longest *line
	for _, other := range q.lines {
		if other.known {
			continue
		}
		waiting += len(other.waiters)
		if longest == nil || len(other.waiters) > len(longest.waiters) {
			longest = other
		}
	}
	if waiting < mostWaiting {
		return true
	}
	mine := 0
	if l != nil {
		mine = len(l.waiters)
	}
	last := len(longest.waiters) - 1
	if last <= mine {
		return false
	}
	longest.waiters[last].turn <- turn{busy: true}
	longest.waiters = longest.waiters[:last]
	return true
}

// leave gives a slot to whoever is next, or sets it free.
func (q *queue) leave(reserved bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.next(reserved)
	switch {
	case w != nil:
		w.turn <- turn{reserved: reserved}
	case reserved:
		q.reserve++
	default:
		q.free++
	}
}

// next takes the oldest request out of the line whose turn it is, which goes to the end.
// It returns nil if nobody waits for such a slot.
func (q *queue) next(reserved bool) *waiter {
	i := slices.IndexFunc(q.lines, func(l *line) bool { return l.known || !reserved })
	if i < 0 {
		return nil
	}
	l := q.lines[i]
	w := l.waiters[0]
	q.lines = slices.Delete(q.lines, i, i+1)
	if l.waiters = l.waiters[1:]; len(l.waiters) > 0 {
		q.lines = append(q.lines, l)
	}
	return w
}

// abandon takes w out of its line and returns why. If w was given a slot meanwhile, the
// slot goes to the next one.
func (q *queue) abandon(w *waiter, why error) error {
	q.mu.Lock()
	for i, l := range q.lines {
		if at := slices.Index(l.waiters, w); at >= 0 {
			l.waiters = slices.Delete(l.waiters, at, at+1)
			if len(l.waiters) == 0 {
				q.lines = slices.Delete(q.lines, i, i+1)
			}
			break
		}
	}
	q.mu.Unlock()
	select {
	case got := <-w.turn:
		if !got.busy {
			q.leave(got.reserved)
		}
	default:
	}
	return why
}
