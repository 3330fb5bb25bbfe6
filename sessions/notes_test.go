package sessions

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
)

// texts returns the blocks of a document by name.
func texts(d Document) map[string]string {
	all := map[string]string{}
	for _, p := range d.Parts {
		for _, b := range p.Blocks {
			all[b.Block] += b.Text
		}
	}
	return all
}

func TestChangingTheFormatKeepsEveryFactAndMovesEditedTextWhole(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		mine := "Between them it was quiet.\n\nThen Rowan spoke – “at last”."
		w.must(w.st.SaveNote(t.Context(), s, n, map[string]string{"text.interaction": mine}, "k", after(61)))
		all := map[string]string{}
		for _, format := range w.st.Method().Note.Formats {
			w.must(w.st.SetFormat(t.Context(), s, n, format.Name))
			for block, text := range texts(w.write(s).Document) {
				if was, known := all[block]; known && was != text {
					w.Errorf("%s in %s: got %q, was %q", block, format.Name, text, was)
				}
				all[block] = text
			}
		}
		for _, format := range append(w.st.Method().Note.Formats, w.st.Method().Note.Formats[0]) {
			w.must(w.st.SetFormat(t.Context(), s, n, format.Name))
			wr := w.write(s)
			want := map[string]string{}
			for _, section := range format.Sections { // a format may lack a block, and a block may be empty
				for _, block := range section.Blocks {
					if all[block] != "" {
						want[block] = all[block]
					}
				}
			}
			if diff := cmp.Diff(want, texts(wr.Document)); diff != "" || wr.Missing != nil || wr.Document.Format != format.Name {
				w.Error(format.Name, diff, wr.Missing)
			}
		}
		if all["interaction"] != mine {
			w.Error(all["interaction"])
		}
		if got := faultsOf(w.st.SetFormat(t.Context(), s, n, "POEM")); got["format"] == "" {
			w.Error("a format that there is not")
		}
	})
}

func TestASentenceIsUntouchedUntilItIsAcceptedOrEdited(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		before := w.write(s)
		if !slices.Contains(before.Untouched, "focus") || !slices.Contains(before.Untouched, "checkin") ||
			slices.Contains(before.Untouched, "assigned") {
			w.Fatal(before.Untouched)
		}
		w.must(w.st.SaveNote(t.Context(), s, n,
			map[string]string{"accepted.focus": before.Drafts["focus"], "text.checkin": "Both came in tired."}, "k", after(61)))
		now := w.write(s)
		want := slices.DeleteFunc(slices.Clone(before.Untouched),
			func(b string) bool { return b == "focus" || b == "checkin" })
		if diff := cmp.Diff(want, now.Untouched); diff != "" || texts(now.Document)["checkin"] != "Both came in tired." {
			w.Error(diff)
		}
		if texts(now.Document)["focus"] != before.Drafts["focus"] {
			w.Error("accepting changed the sentence:", texts(now.Document)["focus"])
		}
		_, err := w.st.SaveField(t.Context(), s, edit("focus", "something else", 1))
		w.must(err)
		if got := w.write(s); !slices.Contains(got.Untouched, "focus") ||
			!strings.Contains(texts(got.Document)["focus"], "something else") {
			w.Error("a changed sentence counts as accepted:", got.Untouched)
		}
	})
}

func TestWhatIsRequiredAndEmptyIsMissing(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.held()
		want := []string{"assigned", "next", "progress", "risk"}
		missing := func() []string { return slices.Sorted(slices.Values(w.write(s).Missing)) }
		if diff := cmp.Diff(want, missing()); diff != "" {
			w.Error(diff)
		}
		n := w.note(s)
		w.must(w.st.SaveNote(t.Context(), s, n, with(w.requiredFields(), "text.assigned", " \n "), "k", after(60)))
		if diff := cmp.Diff([]string{"assigned"}, missing()); diff != "" {
			w.Error("of blanks alone:", diff)
		}
		w.must(w.st.SaveNote(t.Context(), s, n, w.requiredFields(), "l", after(60)))
		if got := missing(); got != nil {
			w.Error(got)
		}
		w.must(w.st.SaveRecord(t.Context(), s, map[string]string{"response.A": ""}, "m", after(60)))
		if diff := cmp.Diff([]string{"response_a"}, missing()); diff != "" {
			w.Error(diff)
		}
		w.must(w.st.SaveRecord(t.Context(), s, map[string]string{"attendance.A": "absent"}, "o", after(60)))
		if got := missing(); got != nil {
			w.Error("the response of somebody absent is asked for:", got)
		}
	})
}

func TestLeavingADraftedSentenceAloneIsNotWritingIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		w.must(w.st.SaveNote(t.Context(), s, n, map[string]string{"text.checkin": "Both came in tired."}, "k", after(61)))
		wr := w.write(s)
		form := map[string]string{
			"text.focus": wr.Drafts["focus"] + "\n", "text.checkin": wr.Drafts["checkin"],
			"text.attendance": "They met.", "impression": "mine",
		}
		want := with(form)
		delete(want, "text.focus") // the field that was not changed
		if diff := cmp.Diff(want, wr.Own(form)); diff != "" {
			w.Error(diff)
		}
		if wr.Label("response_a") != "Rowan’s response" || wr.Label("b_reported") != "Jules’s report" {
			w.Error(wr.Label("response_a"), wr.Label("b_reported"))
		}
	})
}

func TestANoteTakesOnlyItsOwnFields(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.held()
		n, goal := w.note(s), w.couple.Goals[0].ID
		for _, f := range [][2]string{
			{"text.attendance", strings.Repeat("é", 20000)},
			{"accepted.risk", "x"},
			{"progress." + goal, "regressed"},
			{"progress_text." + goal, "x"},
			{"a_reported", "x"},
			{"risk.routine", "yes"},
			{"risk.routine", ""},
			{"status_choice", "return to an earlier step"},
			{"service", "90847"},
		} {
			w.must(w.st.SaveNote(t.Context(), s, n, map[string]string{f[0]: f[1]}, "good", after(60)))
		}
		for _, field := range []string{
			"signer", "text.", "text.poem", "accepted.poem", "progress.1", "content",
			"hash", "", "text.attendance.x",
		} {
			w.want(field, w.st.SaveNote(t.Context(), s, n, map[string]string{field: "x", "impression": "y"}, "bad", after(60)),
				fault.Malformed)
			_, err := w.st.SaveNoteField(t.Context(), s, n, edit(field, "x", 0))
			w.want(field, err, fault.Malformed)
		}
		for _, f := range [][2]string{
			{"text.attendance", strings.Repeat("x", 20001)},
			{"progress." + goal, "cured"},
			{"risk.routine", "no"},
			{"status_choice", "give up"},
			{"service", strings.Repeat("x", 121)},
			{"impression", "nul\x00"},
			{"plan_text", "\xff"},
			{"text.next", "a\x00"},
		} {
			if got := faultsOf(w.st.SaveNote(t.Context(), s, n, map[string]string{f[0]: f[1], "a_reported": "y"}, "bad",
				after(60))); got[f[0]] == "" {
				w.Errorf("%s = %.20q is taken", f[0], f[1])
			}
		}
		if saved := w.write(s).Facts.Slots; saved["a_reported"] != "x" || saved["impression"] != "" {
			w.Error("half a form was stored:", saved)
		}
		_, err := w.st.SaveNoteField(t.Context(), s, n, edit("a_reported", "from a stale window", 0))
		w.want("stale", err, fault.Conflict)
	})
}

func TestTheDocumentSaysWhoWhenAndWhere(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		w.must(w.st.SaveNote(t.Context(), s, n, map[string]string{"service": "90847"}, "k", after(61)))
		got := w.write(s).Document
		got.Parts = nil
		want := Document{
			Version: 1, Practice: []string{"Riverbend", "12 Invented Lane"}, RecordNo: w.couple.RecordNo,
			Partners: []string{"Rowan Mossfield", "Jules Thistledown"}, Date: "March 12, 2031",
			Time:  "4:03–4:56 p.m. EDT (53 minutes, all together)",
			Place: "Office", Service: "90847", Goals: []string{"Speak about the hidden loan without escalation."}, Format: "DAP",
			FileDate: "2031-03-12", Letter: true, Counselor: "Dana Okafor-Lind",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Error(diff)
		}
		w.must(w.st.Correct(t.Context(), s,
			Correction{StartedAt: four, EndedAt: after(53), AMinutes: 10, BMinutes: 8, PausedMinutes: 3, Base: s.Revision},
			after(62)))
		if got := w.write(w.reload(s)).Document.Time; got != "4:03–4:56 p.m. EDT (50 minutes: 32 together, 10 and 8 apart)" {
			w.Error(got)
		}
	})
}

func TestANoteOfAnotherPracticeIsNotThere(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		s.PracticeID = "elsewhere"
		_, err := w.st.FindNote(t.Context(), s)
		w.want("found", err, fault.NotFound)
		if err := w.st.SetFormat(t.Context(), s, n, "SOAP"); err == nil || errors.Is(err, fault.Conflict) {
			w.Error(err)
		}
		if _, err := w.st.SaveNoteField(t.Context(), s, n, edit("impression", "theirs", 1)); err == nil {
			w.Error("written to from elsewhere")
		}
	})
}
