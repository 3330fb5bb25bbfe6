package handlers

import (
	"testing"
	"time"
)

// TestALoginIsAnsweredSoOftenAMinute: more requests with the same login are refused, and not each
// is logged. Other logins continue, including those of the same person.
func TestALoginIsAnsweredSoOftenAMinute(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.site.MostAMinute = 100
		w.server.Config.Handler = New(w.site)
		kit, again := w.as(w.partner(1, "A")), w.as(w.partner(1, "A"))
		before, answered := w.last(1)[0].Seq, map[int]int{}
		for range 500 {
			answered[kit.get("/couples").status]++
		}
		if answered[404] != 100 || answered[503] != 400 {
			t.Errorf("got %v", answered)
		}
		again.get("/my").want(t, 200)
		w.as(w.dana).get("/audit").want(t, 200, "99 more within a minute")
		if entries := w.last(1)[0].Seq - before; entries > 4 {
			t.Errorf("they left %d entries", entries)
		}
		w.now = w.now.Add(time.Minute)
		kit.get("/my").want(t, 200)
	})
}
