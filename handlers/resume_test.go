package handlers

import (
	"net/url"
	"testing"
	"time"
)

// TestEndingASessionByMistakeIsNoHarm: it is resumed from its page, and the couple's screen follows.
func TestEndingASessionByMistakeIsNoHarm(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, session := w.as(w.dana), "/sessions/"+w.things()["planned"]
		dana.post(session+"/start", url.Values{}).want(t, 303)
		dana.post(session+"/end", url.Values{}).want(t, 303)
		dana.get(session).want(t, 200, "Resume session", "Write")
		if a := dana.post(session+"/start", url.Values{}).want(t, 303); a.location() != session+"/run" {
			t.Errorf("it leads to %s", a.location())
		}
		dana.get(session+"/run").want(t, 200, "End session")
		dana.post(session+"/end", url.Values{}).want(t, 303)
		w.now = w.now.Add(61 * time.Minute)
		dana = w.as(w.dana)
		dana.get(session).want(t, 200).never(t, "Resume session")
		dana.post(session+"/start", url.Values{}).want(t, 423)
	})
}
