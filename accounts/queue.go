package accounts

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mend/internal/fault"
)

// How many passwords are hashed at once and how many requests may wait. Each hash uses its memory
// for a tenth of a second.
const (
	slotsForAll   = 2
	slotsForKnown = 1 // for known devices and signed-in people
	mostInLine    = 20
	mostWaiting   = 400 // requests from unknown devices
	longestWait   = 10 * time.Second
)

// An asker identifies for whom a password is hashed. Requests in one line are served in order, and
// lines take turns.
type asker struct {
	line  string
	known bool // has signed in before
}

// askerFrom returns the asker for an unknown person, identified by network address.
func askerFrom(b Browser) asker { return asker{line: "network " + b.Address} }

// askerKnown returns the asker for somebody who is signed in, or was on the same device. owner is
// the id of their counselor or sign-in.
func askerKnown(owner string) asker { return asker{line: "sign-in " + owner, known: true} }

// A queue limits how many requests run at once. Waiting requests are held in lines, one per network
// and one per person on a known device. The lines take turns, so that frequent requests by some do
// not delay others.
type queue struct {
	mu      sync.Mutex
	free    int     // slots for anybody
	reserve int     // slots for known askers only
	lines   []*line // the next to be served first; none is empty
}

// A line holds the waiting requests of one asker, oldest first.
type line struct {
	asker
	waiters []*waiter
}

// A waiter is a waiting request.
type waiter struct {
	turn chan turn // buffered, so that sending never blocks
}

// A turn is the response to a waiter.
type turn struct {
	reserved bool // the slot is from the reserve
	busy     bool // refused: the place was given to another line
}

func newQueue() *queue { return &queue{free: slotsForAll, reserve: slotsForKnown} }

// enter waits for a slot and returns the function that releases it. It returns fault.Busy if too
// many are waiting or after too long a wait.
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

// await waits for w's turn.
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

// join takes a free slot for by, or returns a waiter in its line.
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

// lineOf returns the line of by, or nil if it has none.
func (q *queue) lineOf(by asker) *line {
	i := slices.IndexFunc(q.lines, func(l *line) bool { return l.asker == by })
	if i < 0 {
		return nil
	}
	return q.lines[i]
}

// makeRoom reports whether one more unknown asker may wait, in line l or a new one. If all places
// are taken, the longest line loses its last request to a shorter one.
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

// leave passes a slot to the next waiter, or frees it.
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

// next removes the oldest request from the line whose turn it is and moves that line to the end. It
// returns nil if nobody is waiting for such a slot.
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

// abandon removes w from its line and returns why. If w was given a slot meanwhile, the slot is
// passed on.
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
