package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"mend/internal/fault"
)

var (
	attacker = asker{line: "network 192.0.2.1"}
	neighbor = asker{line: "network 198.51.100.1"}
	kit      = asker{line: "sign-in kit", known: true}
)

// fullQueue returns a queue whose slots are all taken.
func fullQueue(t *testing.T) *queue {
	t.Helper()
	q := newQueue()
	for range slotsForAll + slotsForKnown {
		if w, _, err := q.join(asker{line: "sign-in first", known: true}); w != nil || err != nil {
			t.Fatal("a slot is missing:", err)
		}
	}
	return q
}

// mustWait has each of askers wait and returns their places.
func mustWait(t *testing.T, q *queue, askers ...asker) (places []*waiter) {
	t.Helper()
	for _, by := range askers {
		w, _, err := q.join(by)
		if w == nil || err != nil {
			t.Fatalf("%s does not wait: %v", by.line, err)
		}
		places = append(places, w)
	}
	return places
}

// indexOfServed returns the index of the place that was given a turn, or -1.
func indexOfServed(places []*waiter) int {
	return slices.IndexFunc(places, func(w *waiter) bool { return len(w.turn) > 0 })
}

// TestLinesTakeTurns: a single request is served after one request of each other network, however
// many of those wait.
func TestLinesTakeTurns(t *testing.T) {
	q := fullQueue(t)
	many := mustWait(t, q, slices.Repeat([]asker{attacker}, mostInLine)...)
	one := mustWait(t, q, neighbor)
	q.leave(false)
	if indexOfServed(many) != 0 || indexOfServed(one) != -1 {
		t.Error("the first of the first line is not the first")
	}
	q.leave(false)
	if indexOfServed(one) != 0 || indexOfServed(many[1:]) != -1 {
		t.Error("one request of another network waits for a second one of the line before it")
	}
	q.leave(false)
	if indexOfServed(many[1:]) != 0 {
		t.Error("the line does not go on")
	}
}

// TestTheReserveIsForKnownDevices, whatever is waiting ahead of them.
func TestTheReserveIsForKnownDevices(t *testing.T) {
	q := newQueue()
	for range slotsForAll {
		mustGet(t, q, attacker)
	}
	many := mustWait(t, q, slices.Repeat([]asker{attacker}, mostInLine)...)
	leave := mustGet(t, q, kit)
	next := mustWait(t, q, kit)
	leave()
	if indexOfServed(next) != 0 || indexOfServed(many) != -1 {
		t.Error("a slot of the reserve goes to somebody unknown")
	}
}

// TestKnownDevicesKeepNobodyOut: they take turns with the others for the slots open to everybody.
func TestKnownDevicesKeepNobodyOut(t *testing.T) {
	q := fullQueue(t)
	mustWait(t, q, slices.Repeat([]asker{kit}, mostInLine)...)
	one := mustWait(t, q, neighbor)
	q.leave(false)
	q.leave(false)
	if indexOfServed(one) != 0 {
		t.Error("a known device goes before others twice")
	}
}

func mustGet(t *testing.T, q *queue, by asker) (leave func()) {
	t.Helper()
	leave, err := q.enter(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return leave
}

// TestALineHasAnEnd: each line is limited, and all lines together; then the longest one gives up a
// place to a shorter one. Known devices are not counted.
func TestALineHasAnEnd(t *testing.T) {
	q := fullQueue(t)
	mustWait(t, q, slices.Repeat([]asker{attacker}, mostInLine)...)
	if _, _, err := q.join(attacker); !errors.Is(err, fault.Busy) {
		t.Errorf("one more waits: %v", err)
	}
	var last []*waiter
	for n := range mostWaiting/mostInLine - 1 {
		last = mustWait(t, q, slices.Repeat([]asker{{line: fmt.Sprint("network ", n)}}, mostInLine)...)
	}
	mustWait(t, q, neighbor)
	given := 0
	for _, l := range q.lines {
		given += mostInLine - len(l.waiters)
	}
	if given != mostInLine { // the new line lacks all but one, and another lacks one
		t.Errorf("%d places are free, want those of the new line", given)
	}
	if len(last) == 0 {
		t.Fatal("nobody waits")
	}
	mustWait(t, q, kit)
}

// TestWhoGaveUpAPlaceIsBusy: a request that lost its place is told so at once.
func TestWhoGaveUpAPlaceIsBusy(t *testing.T) {
	q := fullQueue(t)
	for n := range mostWaiting / 2 {
		by := asker{line: fmt.Sprint("network ", n)}
		mustWait(t, q, by, by)
	}
	places := q.lines[0].waiters
	mustWait(t, q, neighbor)
	if indexOfServed(places) != 1 {
		t.Fatal("nobody gives up a place")
	}
	if got := <-places[1].turn; !got.busy {
		t.Errorf("%+v", got)
	}
	for n := range mostWaiting/2 - 1 {
		mustWait(t, q, asker{line: fmt.Sprint("further network ", n)})
	}
	if _, _, err := q.join(asker{line: "one too many"}); !errors.Is(err, fault.Busy) {
		t.Errorf("nobody's line is longer, and yet one gave up its place: %v", err)
	}
}

// TestWhoLeavesGivesUpTheirPlace, also when their turn comes at that moment.
func TestWhoLeavesGivesUpTheirPlace(t *testing.T) {
	q := fullQueue(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 * mostInLine {
		if _, err := q.enter(ctx, attacker); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want canceled", err)
		}
	}
	if len(q.lines) != 0 {
		t.Errorf("%d lines are left", len(q.lines))
	}
	w := mustWait(t, q, attacker)[0]
	q.leave(false)
	if err := q.abandon(w, context.Canceled); !errors.Is(err, context.Canceled) || q.free != 1 {
		t.Errorf("%v, %d free", err, q.free)
	}
}

// TestNobodyWaitsForever: after ten seconds a request is refused as busy.
func TestNobodyWaitsForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := fullQueue(t)
		began := time.Now()
		if _, err := q.enter(t.Context(), kit); !errors.Is(err, fault.Busy) || time.Since(began) != longestWait {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// TestEverySlotComesBack when many requests of every kind come and go at once.
func TestEverySlotComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for n := range 300 {
			by := []asker{attacker, neighbor, kit, {line: fmt.Sprint("network ", n)}}[n%4]
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n%40)*time.Second/4)
				defer cancel()
				if leave, err := q.enter(ctx, by); err == nil {
					time.Sleep(147 * time.Millisecond)
					leave()
				}
			}()
		}
		time.Sleep(time.Minute)
		if q.free != slotsForAll || q.reserve != slotsForKnown || len(q.lines) != 0 {
			t.Errorf("%d free, %d in reserve, %d lines", q.free, q.reserve, len(q.lines))
		}
	})
}
