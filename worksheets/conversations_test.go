package worksheets

import (
	"maps"
	"testing"
	"time"

	"mend/couples"
)

func (w *world) lastTalked() map[couples.Side]time.Time {
	w.Helper()
	talked, err := w.st.LastTalked(w.Context(), w.couple)
	w.must(err)
	return talked
}

// TestTheLastConversationWithEachPartnerHasItsDay counts finished records only. Forms are stored
// without their kind, which is sealed.
func TestTheLastConversationWithEachPartnerHasItsDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.give("private-conversation-record", ToA, -1, 0)
		w.send(w.give("individual-check-in", ToB, -1, 1)[0], nil, 2)
		if got := w.lastTalked(); len(got) != 0 {
			t.Errorf("nothing was finished: %v", got)
		}
		w.finishConversation(ToA, "none-seen", 10)
		w.finishConversation(ToB, "none-seen", 20)
		w.finishConversation(ToA, "none-seen", 30)
		want := map[couples.Side]time.Time{couples.A: after(31), couples.B: after(21)}
		if got := w.lastTalked(); !maps.EqualFunc(got, want, time.Time.Equal) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// TestAConversationCountsHoweverManyFormsFollow: an agreement does not close because the counselor
// filled in many other forms.
func TestAConversationCountsHoweverManyFormsFollow(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.finishConversation(ToA, "none-seen", 0)
		w.finishConversation(ToB, "none-seen", 10)
		for i := range comparedWith + 1 {
			w.give("risk-review", ToA, -1, 20+i)
		}
		if n := len(w.pages()); n < comparedWith {
			t.Fatalf("only %d forms", n)
		}
		talked, err := w.st.TalkedAlone(w.Context(), w.couple)
		w.must(err)
		if !talked[couples.A] || !talked[couples.B] {
			t.Errorf("talked: %v", talked)
		}
		w.give("transparency-agreement", ToJoint, -1, 60)
	})
}
