package handlers

import (
	"net/url"
	"testing"
)

// TestWhatWasTypedIntoAPageThatIsGoneIsShownOnce more, so that it can be copied: nothing short, and
// no secret. The answer is the same as for a page that never existed.
func TestWhatWasTypedIntoAPageThatIsGoneIsShownOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		form := url.Values{
			"a.now": {"I wanted to say this <b>for a long time</b>."}, "a.kind": {"two words"}, "key": {"k"}, "seen": {"0"},
			"password": {"correct horse battery staple"}, "do": {"send"},
		}
		mine := "/my/worksheets/" + things["shareable"]
		w.as(w.dana).post("/assignments/"+things["shareable"]+"/withdraw", url.Values{}).want(t, 303)
		gone := kit.post(mine, form).want(t, 404, "Here is what you typed.",
			"I wanted to say this &lt;b&gt;for a long time&lt;/b&gt;.")
		gone.never(t, "two words", "battery staple")
		same(t, []string{keyless(gone.body)}, []string{keyless(kit.post("/my/worksheets/AAAAAAAAAAAAAAAAAAAAAAAAAA", form).body)})
		kit.get(mine).want(t, 404).never(t, "what you typed")
	})
}
