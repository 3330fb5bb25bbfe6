package audit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Repeated refusals become one entry per minute with a count, so that nobody can fill the log by
// repeating a request.
const (
	foldedFor = time.Minute
	mostAlike = 1000 // limit on the kinds counted at once
)

// A refusal is what was refused to whom.
type refusal struct {
	who   Who
	event Event
}

// A fold is the number of repetitions since a refusal was written.
type fold struct {
	since time.Time
	again int
}

// refusals are the refusals of the last minute.
type refusals struct {
	mu   sync.Mutex
	list map[refusal]*fold
}

// Refuse records, for the request of ctx, that something was refused.
func Refuse(ctx context.Context, e Event) error {
	t, ok := ctx.Value(requestLogKey{}).(*requestLog)
	if !ok {
		return nil
	}
	return t.log.Refuse(ctx, t.who, e)
}

// Refuse records that something was refused to who. Repetitions within a minute are counted and
// written once, by the next one after that or by WriteRefusals.
func (l *Log) Refuse(ctx context.Context, who Who, e Event) error {
	who.Practice = cmp.Or(e.Practice, who.Practice)
	if e.Who != nil {
		who.Person, who.Role, who.Login, e.Who = e.Who.Person, e.Who.Role, e.Who.Login, nil
	}
	e.Practice = who.Practice
	key, now := refusal{who, e}, l.now()
	before, kinds := l.refusals.take(key, now)
	switch {
	case kinds == 0:
		return nil
	case kinds > mostAlike:
		if err := l.WriteRefusals(ctx); err != nil {
			return err
		}
	}
	events := []Event{e}
	if before > 0 {
		events = []Event{e.times(before), e}
	}
	return l.write(ctx, l.db, who, events)
}

// take counts a refusal. If it is to be written, it returns its earlier count and the number of
// kinds counted now; otherwise kinds is 0.
func (r *refusals) take(key refusal, now time.Time) (before, kinds int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, ok := r.list[key]
	if ok && now.Sub(f.since).Abs() < foldedFor {
		f.again++
		return 0, 0
	}
	if r.list == nil {
		r.list = map[refusal]*fold{}
	}
	r.list[key] = &fold{since: now}
	if ok {
		before = f.again
	}
	return before, len(r.list)
}

// times returns e with the number of repetitions.
func (e Event) times(n int) Event {
	e.Reason = fmt.Sprintf("%s %d more within a minute", e.Reason, n)
	return e
}

// WriteRefusals writes the counted refusals that were not written yet.
func (l *Log) WriteRefusals(ctx context.Context) error {
	l.refusals.mu.Lock()
	list := maps.Clone(l.refusals.list)
	clear(l.refusals.list)
	l.refusals.mu.Unlock()
	for key, f := range list {
		if f.again == 0 {
			continue
		}
		if err := l.write(ctx, l.db, key.who, []Event{key.event.times(f.again)}); err != nil {
			return err
		}
	}
	return nil
}
