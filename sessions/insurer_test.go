package sessions

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/pdf"
)

// forInsurer are the four fields of the block, as a counselor fills them in.
var forInsurer = map[string]string{
	"text.insurer_symptoms":     "Low mood and poor sleep since May.",
	"text.insurer_impairment":   "Missed four days of work this month.",
	"text.insurer_necessity":    "Without treatment the symptoms are likely to persist.",
	"text.insurer_intervention": "Apology coaching, for the goal “Establish clear ownership and repair.”",
}

// insurerTexts returns the texts that the block adds to a document, or nil without the block.
func insurerTexts(d Document) []Text {
	for _, p := range d.Parts {
		if p.Name == "For the insurer" {
			return p.Blocks
		}
	}
	return nil
}

func TestTheInsurersBlockIsThereOnlyWhereThePracticeAsksForIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		off := w.write(s)
		w.practice.Insurer = true
		if on := w.write(s); on.Hash != off.Hash || insurerTexts(on.Document) != nil || on.Missing != nil {
			w.Error("an empty block changes the note:", on.Missing)
		}
		for field, text := range forInsurer {
			_, err := w.st.SaveNoteField(t.Context(), s, n, edit(field, text, 0))
			w.must(err)
		}
		want := []Text{
			{"insurer_symptoms", "Symptoms", forInsurer["text.insurer_symptoms"]},
			{"insurer_impairment", "Functional impairment", forInsurer["text.insurer_impairment"]},
			{"insurer_necessity", "Medical necessity", forInsurer["text.insurer_necessity"]},
			{
				"insurer_intervention", "Intervention and the goal it addresses",
				forInsurer["text.insurer_intervention"],
			},
		}
		for _, format := range w.st.Method().Note.Formats {
			w.must(w.st.SetFormat(t.Context(), s, n, format.Name))
			if diff := cmp.Diff(want, insurerTexts(w.write(s).Document)); diff != "" {
				w.Error(format.Name, diff)
			}
		}
		if on := w.write(s); on.Hash == off.Hash || slices.ContainsFunc(on.Untouched, isInsurerBlock) {
			w.Error("what was typed is not in the hash, or counts as drafted:", on.Untouched)
		}
		w.practice.Insurer = false
		w.must(w.st.SetFormat(t.Context(), s, n, "DAP"))
		if again := w.write(s); again.Hash != off.Hash || again.Saved["text.insurer_symptoms"].Value == "" {
			w.Error("off, the block is still in the note, or what was typed is lost")
		}
	})
}

func isInsurerBlock(block string) bool { return strings.HasPrefix(block, "insurer_") }

func TestNothingOfTheInsurersBlockIsEverDrafted(t *testing.T) {
	f := example(t)
	for _, part := range []string{"symptoms", "impairment", "necessity", "intervention"} {
		f.Slots["insurer_"+part], f.Record["insurer_"+part] = "filled in", "filled in"
	}
	for block, text := range methodContent(t).Draft(f) {
		if isInsurerBlock(block) {
			t.Errorf("%s is drafted: %s", block, text)
		}
	}
}

func TestASignedNoteKeepsTheInsurersBlockThatItHas(t *testing.T) {
	eachWorld(t, func(w *world) {
		without := w.signed()
		w.practice.Insurer = true
		s, n := w.heldWithNote()
		w.must(w.st.SaveNote(t.Context(), s, n, with(w.requiredFields(), "text.insurer_symptoms", "Low mood."), "k", after(61)))
		w.sign(s, after(70))
		w.practice.Insurer = false
		d, err := w.note(s).Document()
		w.must(err)
		field := pdf.Field{Label: "Symptoms", Value: "Low mood."}
		if !slices.ContainsFunc(d.body(), func(b pdf.Block) bool { return b == field }) {
			w.Error("the block is gone from the signed note, or has no label")
		}
		earlier := w.note(without)
		if strings.Contains(earlier.Content, "insurer") || strings.Contains(earlier.Content, `"label"`) {
			w.Error("a note that was signed without the block has something of it")
		}
	})
}

func TestTheRationaleIsTypedAndStandsBesideTheInterventions(t *testing.T) {
	f := example(t)
	if text, drafted := methodContent(t).Draft(f)["rationale"]; drafted {
		t.Error("a rationale nobody typed:", text)
	}
	f.Slots["rationale"] = "ownership before explanation lowers defensiveness. "
	const want = "Clinical rationale: ownership before explanation lowers defensiveness."
	if got := methodContent(t).Draft(f)["rationale"]; got != want {
		t.Error(got)
	}
	for _, format := range methodContent(t).Note.Formats {
		if !slices.ContainsFunc(format.Sections, func(s FormatSection) bool {
			i := slices.Index(s.Blocks, "interventions")
			return i >= 0 && i+1 < len(s.Blocks) && s.Blocks[i+1] == "rationale"
		}) {
			t.Error(format.Name)
		}
	}
}
