package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// A crowd is everybody, signed in and ready.
type crowd struct {
	partners   []*partner
	counselors []*counselor
}

// gather signs everybody in, a few at a time, since checking passwords is expensive.
func gather(ctx context.Context, s *server, o options, sessions int) (*crowd, error) {
	c := &crowd{}
	var ready []func() error
	writers := o.people - 2*sessions
	for _, who := range s.people {
		switch {
		case who.Role == "partner" && len(c.partners) < writers:
			p := &partner{browser: newBrowser(s.url)}
			c.partners = append(c.partners, p)
			ready = append(ready, func() error { return p.open(ctx, who) })
		case (who.Role == "owner" || who.Role == "counselor") && len(c.counselors) < sessions:
			l := &counselor{browser: newBrowser(s.url), screen: newBrowser(s.url)}
			c.counselors = append(c.counselors, l)
			ready = append(ready, func() error { return l.open(ctx, who) })
		}
	}
	if len(c.partners) < writers || len(c.counselors) < sessions {
		return nil, fmt.Errorf("there are only %d partners and %d counselors", len(c.partners), len(c.counselors))
	}
	var all sync.WaitGroup
	problems := make([]error, len(ready))
	few := make(chan bool, 4)
	for i, open := range ready {
		all.Go(func() {
			few <- true
			problems[i] = open()
			<-few
		})
	}
	all.Wait()
	return c, errors.Join(problems...)
}

// run lets everybody work until the time is over.
func (c *crowd) run(ctx context.Context, o options, r *report, s *server) {
	ctx, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	var all sync.WaitGroup
	begin := func(work func(ctx context.Context, r *report)) {
		all.Go(func() {
			for wait(ctx, time.Duration(rand.Int64N(int64(o.pause)))) { // so that nobody works in step
				work(context.WithoutCancel(ctx), r) // finish what was begun
				if !wait(ctx, o.pause/2) {
					return
				}
			}
		})
	}
	for _, p := range c.partners {
		begin(p.work)
	}
	for _, l := range c.counselors {
		all.Go(func() { l.watch(ctx, r) })
		all.Go(func() { l.follow(ctx, r) })
		begin(l.work)
	}
	for wait(ctx, max(o.last/100, 100*time.Millisecond)) {
		r.memory = append(r.memory, s.memory())
	}
	all.Wait()
}

// wait waits and reports whether there is time left.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// readBack checks that each field still has its last acknowledged value.
func (c *crowd) readBack(ctx context.Context, r *report) {
	for _, p := range c.partners {
		p.readBack(ctx, r)
	}
	for _, l := range c.counselors {
		l.readBack(ctx, r)
	}
}
