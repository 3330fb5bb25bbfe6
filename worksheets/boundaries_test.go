package worksheets

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

// mapped sends a boundary map of B, who does not want to know two things.
func (w *world) mapped(at int) Page {
	w.Helper()
	page := w.give("boundary-map", ToB, -1, at)[0]
	w.send(page, map[string]Value{
		"know": {Cells: map[string]string{
			"r1": "i-want-to-know", "r7": "i-do-not-want-to-know",
			"r9": "only-the-outline", "r4": "undecided",
		}},
		"no_details": said("Nothing about Lisbon, please."), "limit_private": said("secret-of-b"),
	}, at+1)
	return page
}

func topics(list []Boundary) (says []string) {
	for _, b := range list {
		says = append(says, string(b.Side)+": "+b.Topic+": "+b.Wish)
	}
	return says
}

func (w *world) boundaries(told bool) []Boundary {
	w.Helper()
	list, err := w.st.Boundaries(w.Context(), w.couple, told)
	w.must(err)
	return list
}

func TestWhatABoundaryMapKeepsOutIsTheCounselorsUntilItIsReleased(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.mapped(0)
		want := []string{
			"B: Physical or sexual details: I do not want to know",
			"B: Money that was spent or owed: Only the outline", "B: Nothing about Lisbon, please.: In their own words",
		}
		if diff := cmp.Diff(want, topics(w.boundaries(false))); diff != "" {
			w.Error(diff)
		}
		if list := w.boundaries(true); len(list) != 0 {
			w.Errorf("on a screen that both see: %v", topics(list))
		}
		w.must(w.consent(page, Yes, 5))
		w.must(w.decide(page, Release, 6))
		if diff := cmp.Diff(want, topics(w.boundaries(true))); diff != "" {
			w.Error(diff)
		}
		w.send(w.give("boundary-map", ToB, -1, 10)[0],
			map[string]Value{"know": {Cells: map[string]string{"r2": "ask-me-first"}}}, 11)
		if diff := cmp.Diff([]string{"B: Who was involved: Ask me first"}, topics(w.boundaries(false))); diff != "" {
			w.Error("the newest counts:", diff)
		}
		if list := w.boundaries(true); len(list) != 0 {
			w.Error("an older map that was released speaks for the new one")
		}
	})
}

// TestAPageThatTouchesABoundaryAsksTheCounselorToLookFirst releases pages of A,
// which B would read.
func TestAPageThatTouchesABoundaryAsksTheCounselorToLookFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.mapped(0)
		for text, touches := range map[string]string{
			"We sat on the porch and I said nothing for a year.": "",
			"I kissed somebody else.":                            "Physical or sexual details",
			"I spent $400 on it.":                                "Money that was spent or owed",
			"That week in LISBON was a lie.":                     "Nothing about Lisbon",
		} {
			page := w.give("acknowledgment-statement", ToA, 1, 20)[0]
			w.send(page, map[string]Value{"did": said(text), "counselor_only": said("I kissed and paid in Lisbon.")}, 21)
			w.must(w.consent(page, Yes, 22))
			err := w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Release, false, after(23))
			var bad fault.Fields
			if touches == "" && err != nil || touches != "" &&
				(!errors.As(err, &bad) || !strings.Contains(bad["looked"], touches)) {
				w.Errorf("%q: %v %v", text, err, bad)
			}
			if touches != "" {
				w.must(w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Keep, false, after(24)))
				w.must(w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Release, true, after(25)))
			}
		}
		own := w.give("reminder-care-plan", ToB, -1, 40)[0] // what B writes is B's own to tell
		w.send(own, map[string]Value{"avoid": said("Lisbon, and being kissed.")}, 41)
		w.must(w.consent(own, Yes, 42))
		w.must(w.st.Decide(w.Context(), w.couple, own.Assignment.ID, Release, false, after(43)))
	})
}

func TestEveryTopicOfTheMapHasWordsAndPlainTextIsReadWordByWord(t *testing.T) {
	know, _ := wordingOf(t, boundaryMap).Field("know")
	for _, row := range know.Rows {
		if len(topicWords[row.ID]) == 0 {
			t.Errorf("%s has no words", row.Label)
		}
	}
	for text, want := range map[string]bool{
		"The mattress arrived.": false, "Bedtime stories": false, "in bed": true,
		"“Bed”, she said": true, "sexual": true, "Essex": false,
	} {
		if _, got := touching(plainWords(text), Boundary{Row: "r7", Side: couples.B}); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestWhatAnImpactStatementAsksNotToHearIsNotToBeDiscussed: the wish reaches the
// counselor's list beside the boundary map, and the check of what is released.
func TestWhatAnImpactStatementAsksNotToHearIsNotToBeDiscussed(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.send(w.give("impact-statement", ToA, 0, 1)[0],
			map[string]Value{"no_detail": said("Nothing about the hotel, please.")}, 2)
		w.mapped(3)
		want := "A: Nothing about the hotel, please.: In their own words"
		if list := topics(w.boundaries(false)); !slices.Contains(list, want) || !slices.Contains(list,
			"B: Nothing about Lisbon, please.: In their own words") {
			w.Error(list)
		}
		if list := w.boundaries(true); len(list) != 0 {
			w.Errorf("on a screen that both see: %v", topics(list))
		}
		page := w.give("acknowledgment-statement", ToB, 0, 5)[0]
		w.send(page, map[string]Value{"did": said("I booked the hotel and lied about it.")}, 6)
		r := w.read(page)[0]
		var words []string
		for _, touch := range r.Page.Touches(r, w.boundaries(false)) {
			words = append(words, touch.Word)
		}
		if !slices.Contains(words, "hotel") {
			w.Errorf("the check at release sees %v", words)
		}
	})
}
