package worksheets

import (
	"strings"
	"testing"

	"mend/couples"
)

func TestAJointNoteCannotRepeatWhatWasWrittenInPrivate(t *testing.T) {
	eachWorld(t, func(w *world) {
		private := w.give("impact-statement", ToA, 0, 1)[0]
		w.send(private,
			map[string]Value{"now": textValue("I check the mailbox before I take off my coat,\nevery single evening.")}, 2)
		draft := w.give("impact-statement", ToA, 0, 3)[0]
		w.keep(draft, map[string]Value{"now": textValue("Nobody has ever read these very words of mine yet.")}, 4)
		file := w.give("private-conversation-record", ToA, -1, 5)[0]
		w.keep(file, map[string]Value{"rationale": textValue("She told me that the door was locked twice in March.")}, 6)
		for i, text := range []string{
			"He doesn’t call when he’s late, he said, and it’s always so.",
			"Aun que él llegó tarde no me dijo nada.",
		} {
			w.send(w.give("impact-statement", ToA, 0, 5)[0], map[string]Value{"now": textValue(text)}, 6+i)
		}
		alone := w.give("date-night-plan", ToJoint, -1, 7)[1]
		w.send(alone, map[string]Value{"counselor_only": textValue("I said yes because it is easier than saying no.")}, 8)
		for _, tt := range []struct {
			text string
			bad  bool
		}{
			{"A described how the evenings are.", false},
			{"A said: I check the mailbox before I take off my keys.", true},
			{"a said i CHECK the mailbox, before I take off (my) shoes", true},
			{"take off my coat every single evening and wait", false}, // seven of her words
			{"I take off my coat every single evening, A said.", true},
			{"I check the mailbox before I take", false},
			{"Nobody has ever read these very words of mine yet.", false}, // from an unsent draft
			{"It was said that the door was locked twice in March.", true},
			{"yes because it is easier than saying no", true},
			{"He doesn't call when he’s late, he said, and it’s always so.", true}, // curly quotes of a phone
			{"He doesn’t call when he's  late,\u00a0he said, and it's always so.", true},
			{"He doesnt call when hes late he said and its", true},
			{"Aun que e\u0301l llego\u0301 tarde no me dijo nada.", true}, // decomposed accents
			{"AUN QUE EL LLEGO TARDE NO ME DIJO", true},
			{"He doesn\u200b't call when he\u00ad's late, he said, and it's", true},
			{"", false},
		} {
			got := faultsOf(w.st.CheckNote(t.Context(), w.db, w.couple,
				NoteCheck{Texts: map[string]string{"text.impression": tt.text, "other": "Both came."}}))
			if (got["text.impression"] != "") != tt.bad || got["other"] != "" {
				w.Errorf("%q: %v", tt.text, got)
			}
		}
		w.must(w.consent(private, Yes, 9))
		w.must(w.decide(private, Release, 10))
		w.must(w.st.CheckNote(t.Context(), w.db, w.couple,
			NoteCheck{Texts: map[string]string{"x": "I check the mailbox before I take off my coat"}}))
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		w.must(w.st.CheckNote(t.Context(), w.db, strangers,
			NoteCheck{Texts: map[string]string{"x": "the door was locked twice in March, she told me"}}))
	})
}

// TestWhatAReleasedPageWithholdsStaysPrivate: questions for the counselor alone and withheld rows,
// though the rest of the page may be repeated; after a separation all of it.
func TestWhatAReleasedPageWithholdsStaysPrivate(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("how-trust-was-broken", ToA, 0, 1)[0]
		w.send(page, map[string]Value{
			"events": {Rows: []map[string]string{
				{"what": "He wrote to her on the train every morning", "known": "found-out"},
				{"what": "There was a second account in her name too", "known": "not-out-yet"},
			}},
			"counselor_only": textValue("I am still seeing a lawyer about leaving him next spring."),
		}, 2)
		w.must(w.consent(page, Yes, 3))
		w.must(w.decide(page, Release, 4))
		check := func(text string) bool {
			bad := faultsOf(w.st.CheckNote(t.Context(), w.db, w.couple, NoteCheck{Texts: map[string]string{"x": text}}))
			return bad["x"] == ""
		}
		const shown = "He wrote to her on the train every morning"
		if !check(shown) {
			w.Error("what both can read may not be repeated")
		}
		for _, text := range []string{
			"There was a second account in her name too",
			"I am still seeing a lawyer about leaving him next spring",
		} {
			if check(text) {
				w.Errorf("%q may be repeated", text)
			}
		}
		w.ends(couples.Separating, 9)
		if check(shown) {
			w.Error("after a separation a page that nobody can read any more may be repeated")
		}
	})
}

func TestRunsAreOfEightWords(t *testing.T) {
	if got := runsOf("One, two; three four: five six seven."); got != nil {
		t.Error(got)
	}
	got := runsOf("Zoë’s “one”—two three four five six SEVEN eight")
	if len(got) != 2 || got[1] != "one two three four five six seven eight" || !strings.HasPrefix(got[0], "zoes") {
		t.Errorf("%q", got)
	}
}
