package sessions

import (
	"slices"
	"strings"
)

// compose arranges the blocks of the note in its format and collects the missing and the unreviewed
// ones.
func (st *Store) compose(w *NoteDraft, in NoteContext) {
	w.Document = newDocument(w.Facts, in)
	w.Document.Format = w.Note.Format
	for _, section := range st.method.Note.Sections(w.Note.Format, in.Practice.Insurer) {
		if part := st.part(w, section); len(part.Blocks) > 0 || !section.Typed {
			w.Document.Parts = append(w.Document.Parts, part)
		}
	}
	risk, _ := w.text("risk")
	w.NoRoutine = !strings.Contains(risk, st.method.Note.RoutineRisk)
	w.Hash = w.Document.hash()
}

// part returns one section of the note.
func (st *Store) part(w *NoteDraft, section FormatSection) Part {
	part := Part{Name: section.Name}
	for _, block := range section.Blocks {
		text, touched := w.text(block)
		if text == "" && st.required(block, w.Facts) {
			w.Missing = append(w.Missing, block)
		}
		if text == "" {
			continue
		}
		if !touched {
			w.Untouched = append(w.Untouched, block)
		}
		t := Text{Block: block, Text: text}
		if section.Typed {
			t.Label = w.names[block]
		}
		part.Blocks = append(part.Blocks, t)
	}
	return part
}

// text returns a block's text and whether the counselor wrote or accepted it.
func (w NoteDraft) text(block string) (text string, touched bool) {
	if own := w.Facts.Slots["text."+block]; strings.TrimSpace(own) != "" {
		return own, true
	}
	return w.Drafts[block], w.Drafts[block] != "" && w.Facts.Slots["accepted."+block] == w.Drafts[block]
}

// required reports whether the note needs the block. The response of an absent partner is not
// required.
func (st *Store) required(block string, f Facts) bool {
	if block == "response_a" && f.Record["attendance.A"] == "absent" || block == "response_b" &&
		f.Record["attendance.B"] == "absent" {
		return false
	}
	return slices.Contains(st.method.Note.Required, block)
}
