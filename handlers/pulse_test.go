package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestThePulseIsEachOnesOwnUntilBothSayYes checks the demo's couple in step 5 on both partners'
// pages and the counselor's.
func TestThePulseIsEachOnesOwnUntilBothSayYes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, a, b := w.as(w.dana), w.as(w.partner(3, "A")), w.as(w.partner(3, "B"))
		couple := w.people[2+2*3].Couple
		desk := dana.get("/couples/"+couple+"/pulse").want(t, 200, "points apart", "Private to you", "<svg",
			"Both partners have not agreed")
		if n := strings.Count(desk.body, "<circle"); n != 3 {
			t.Errorf("%d dots of A, want 3", n)
		}
		a.get("/my/answers").want(t, 200, `href="/my/pulse"`)
		mine, theirs := a.get("/my/pulse").want(t, 200, "<circle", "Only you and your counselor"),
			b.get("/my/pulse").want(t, 200, "<circle")
		mine.never(t, "points apart", `class="two"`)
		if mine.find(t, `<td>(\d+)</td>`) == theirs.find(t, `<td>(\d+)</td>`) {
			t.Error("both see the same newest figure, which is not in the story")
		}
		dana.get("/couples/"+couple+"/pulse/joint").want(t, 200, "No chart to show this time.",
			"When there is a chart to look at together", `href="/couples/`+couple+`/pulse"`).never(t,
			"<svg", "said yes", "agreed")

		events := "/couples/" + couple + "/events"
		dana.post(events,
			url.Values{"kind": {"setback"}, "day": {"soon"}, "words": {"A <late> evening"}, "key": {"e1"}}).want(t, 422,
			"Choose today or an earlier date", "A &lt;late&gt; evening")
		dana.post(events,
			url.Values{"kind": {"setback"}, "day": {"2031-02-20"}, "words": {"A <late> evening"}, "key": {"e1"}}).want(t, 303)
		id := dana.get("/couples/"+couple+"/pulse").want(t, 200, "A &lt;late&gt; evening", `class="event"`).find(t,
			`name="remove" value="`+id+`"`)
		dana.post(events, url.Values{"remove": {id}}).want(t, 303)
		dana.get("/couples/"+couple+"/pulse").never(t, "A &lt;late&gt; evening")
		w.as(w.ellis).get("/couples/"+couple+"/pulse").want(t, 404)
		a.get("/couples/"+couple+"/pulse/joint").want(t, 404)
	})
}
