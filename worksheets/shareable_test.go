package worksheets

import (
	"testing"

	"mend/internal/fault"
)

// TestOnlyWhatIsFilledAloneAndNotKeptPrivateCanBeShared tries each reason alone.
func TestOnlyWhatIsFilledAloneAndNotKeptPrivateCanBeShared(t *testing.T) {
	if !(Definition{Portal: true}).Shareable() {
		t.Error("a partner's own page cannot be shared")
	}
	for what, d := range map[string]Definition{
		"a counselor's form":     {},
		"a locked page":          {Portal: true, Locked: true},
		"a page of both":         {Portal: true, FilledBy: Joint},
		"a page that is private": {Portal: true, Privacy: Private},
	} {
		if d.Shareable() {
			t.Errorf("%s can be shared", what)
		}
	}
}

// TestAPageThatIsNeverSharedTakesNoDecision, although it was sent.
func TestAPageThatIsNeverSharedTakesNoDecision(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("feelings-log", ToA, -1, 0)[0]
		if page.Worksheet.Shareable() {
			t.Fatal("the test needs a worksheet that is never shared")
		}
		w.send(page, nil, 1)
		w.want("the author", w.consent(page, Yes, 2), fault.NotFound)
		w.want("the counselor", w.decide(page, Keep, 3), fault.NotFound)
	})
}
