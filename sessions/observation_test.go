package sessions

import (
	"strings"
	"testing"
)

// TestWhatTheCounselorSawReachesTheNoteInEveryFormat, because it was typed for the note.
func TestWhatTheCounselorSawReachesTheNoteInEveryFormat(t *testing.T) {
	m := methodContent(t)
	for _, f := range m.Note.Formats {
		held := false
		for _, section := range f.Sections {
			for _, block := range section.Blocks {
				held = held || block == "observation"
			}
		}
		if !held {
			t.Errorf("%s has no place for observations", f.Name)
		}
	}
	for typed, want := range map[string]string{
		"Both looked at each other":  "Observations in session: Both looked at each other.",
		"Both looked up. ":           "Observations in session: Both looked up.",
		"J.T. asked: “What now?”":    "Observations in session: J.T. asked: “What now?”",
		"First silence.\nThen tears": "Observations in session: First silence.\nThen tears.",
		" \n ":                       "",
	} {
		f := example(t)
		f.Record["observation"] = typed
		if got := m.Draft(f)["observation"]; got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
	f := example(t)
	f.Record["observation"] = ""
	if text := strings.Join([]string{m.Draft(f)["observation"], m.Draft(f)["interaction"]},
		""); strings.Contains(text, "Observations") {
		t.Error(text)
	}
}
