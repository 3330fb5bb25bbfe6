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

// sendWishes sends what B wants to know about what A did, including two things B does not want to
// know.
func (w *world) sendWishes(at int) Page {
	w.Helper()
	page := w.give("what-i-want-to-know", ToB, 1, at)[0]
	w.send(page, map[string]Value{
		"know": {Cells: map[string]string{
			"r1": "i-want-to-know", "r7": "i-do-not-want-to-know",
			"r9": "only-the-outline", "r4": "undecided",
		}},
		"no_details": textValue("Nothing about Lisbon, please."), "counselor_only": textValue("secret-of-b"),
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

func TestWhatSomebodyDoesNotWantToKnowIsTheCounselorsUntilItIsReleased(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.sendWishes(0)
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
		w.send(w.give("what-i-want-to-know", ToB, 1, 10)[0],
			map[string]Value{"know": {Cells: map[string]string{"r2": "ask-me-first"}}}, 11)
		if diff := cmp.Diff([]string{"B: Who was involved: Ask me first"}, topics(w.boundaries(false))); diff != "" {
			w.Error("the newest counts:", diff)
		}
		if list := w.boundaries(true); len(list) != 0 {
			w.Error("an older page that was released speaks for the new one")
		}
	})
}

// TestAPageThatTouchesABoundaryAsksTheCounselorToLookFirst releases pages of A to B.
func TestAPageThatTouchesABoundaryAsksTheCounselorToLookFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.sendWishes(0)
		for text, touches := range map[string]string{
			"We sat on the porch and I said nothing for a year.": "",
			"I kissed somebody else.":                            "Physical or sexual details",
			"I spent $400 on it.":                                "Money that was spent or owed",
			"That week in LISBON was a lie.":                     "Nothing about Lisbon",
		} {
			page := w.give("acknowledgment-statement", ToA, 1, 20)[0]
			w.send(page, map[string]Value{"did": textValue(text), "counselor_only": textValue("I kissed and paid in Lisbon.")}, 21)
			w.must(w.consent(page, Yes, 22))
			err := w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Release, false, after(23))
			var bad fault.Fields
			if touches == "" && err != nil || touches != "" &&
				(!errors.As(err, &bad) || !strings.Contains(bad["looked"].String(), touches)) {
				w.Errorf("%q: %v %v", text, err, bad)
			}
			if touches != "" {
				w.must(w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Keep, false, after(24)))
				w.must(w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Release, true, after(25)))
			}
		}
		own := w.give("reminder-care-plan", ToB, -1, 40)[0] // B may write about B's own boundaries
		w.send(own, map[string]Value{"avoid": textValue("Lisbon, and being kissed.")}, 41)
		w.must(w.consent(own, Yes, 42))
		w.must(w.st.Decide(w.Context(), w.couple, own.Assignment.ID, Release, false, after(43)))
	})
}

func TestEveryTopicHasWordsAndPlainTextIsReadWordByWord(t *testing.T) {
	know, _ := wordingOf(t, wantedToKnow).Field("know")
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

// addQuestion adds a question to p, as if an earlier wording of its worksheet had asked it.
func (w *world) addQuestion(p Page, question string) {
	w.Helper()
	w.rewordPage(p, string(p.Worksheet.Source)+question)
}

// rewordPage gives p a wording that is not in the catalogue.
func (w *world) rewordPage(p Page, source string) {
	w.Helper()
	old, err := DecodeDefinition([]byte(source))
	w.must(err)
	_, err = w.db.Exec(w.Context(), `INSERT INTO definitions (hash, worksheet, source, created_at) VALUES (?, ?, ?, ?)`,
		old.Hash, old.ID, string(old.Source), noon)
	w.must(err)
	_, err = w.db.Exec(w.Context(), `UPDATE assignments SET definition = ? WHERE id = ?`, old.Hash, p.Assignment.ID)
	w.must(err)
}

// TestWhatAnEarlierWordingAskedNotToHearIsStillNotToBeDiscussed: boundary maps and impact
// statements asked it before “What I want to know” did.
func TestWhatAnEarlierWordingAskedNotToHearIsStillNotToBeDiscussed(t *testing.T) {
	eachWorld(t, func(w *world) {
		for id, question := range map[string]string{
			"impact-statement": "  - {id: no_detail, label: What not, type: long_text}\n",
			"boundary-map":     "  - {id: no_details, label: What not, type: long_text}\n",
		} {
			page := w.give(id, ToA, 0, 1)[0]
			w.addQuestion(page, question)
			field := strings.Fields(question)[2]
			w.send(page, map[string]Value{strings.TrimSuffix(field, ","): textValue("Not the hotel of " + id)}, 2)
		}
		w.send(w.give("boundary-map", ToA, 0, 3)[0], nil, 4) // a newer one without the question
		w.sendWishes(5)
		list := topics(w.boundaries(false))
		for _, want := range []string{
			"A: Not the hotel of impact-statement: In their own words", "A: Not the hotel of boundary-map: In their own words",
			"B: Nothing about Lisbon, please.: In their own words",
		} {
			if !slices.Contains(list, want) {
				w.Error(want, list)
			}
		}
		page := w.give("acknowledgment-statement", ToB, 0, 6)[0]
		w.send(page, map[string]Value{"did": textValue("I booked the hotel and lied about it.")}, 7)
		r := w.read(page)[0]
		if !slices.ContainsFunc(r.Page.Touches(r, w.boundaries(false)), func(t Touch) bool { return t.Word == "hotel" }) {
			w.Error("the check at release does not see it")
		}
	})
}

// TestAStatementIsNotReleasedBeforeItsReaderSaidWhatTheyWantToKnow, unless the counselor has
// confirmed it, because a partner cannot unread it.
func TestAStatementIsNotReleasedBeforeItsReaderSaidWhatTheyWantToKnow(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("acknowledgment-statement", ToA, 1, 1)[0]
		w.send(page, map[string]Value{"did": textValue("I lied.")}, 2)
		w.must(w.consent(page, Yes, 3))
		release := func(at int) error {
			return w.st.Decide(w.Context(), w.couple, page.Assignment.ID, Release, false, after(at))
		}
		var bad fault.Fields
		if err := release(4); !errors.As(err, &bad) || !strings.Contains(bad["looked"].String(), "has not said yet") {
			w.Error("before B was asked:", err)
		}
		w.keep(w.give("what-i-want-to-know", ToB, 1, 5)[0], map[string]Value{"no_details": textValue("x")}, 6)
		if err := release(7); !errors.As(err, &bad) {
			w.Error("while B is writing:", err)
		}
		w.send(w.give("what-i-want-to-know", ToA, 0, 8)[0], nil, 9) // A's answers about what B did
		if err := release(10); !errors.As(err, &bad) {
			w.Error("A's own page speaks for B:", err)
		}
		w.sendWishes(11)
		w.must(release(13))
	})
}
