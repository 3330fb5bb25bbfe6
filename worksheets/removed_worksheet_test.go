package worksheets

import (
	"os"
	"strings"
	"testing"
)

// TestAWorksheetThatLeftTheCatalogueIsFinishedAndReadAsItWasAsked: “How are things right now?” is
// now part of “Where I stand today”, and a page of it can still be filled in and read.
func TestAWorksheetThatLeftTheCatalogueIsFinishedAndReadAsItWasAsked(t *testing.T) {
	source, err := os.ReadFile("testdata/readiness-check.yaml")
	if err != nil {
		t.Fatal(err)
	}
	eachWorld(t, func(w *world) {
		if _, ok := shipped(t).Find("readiness-check"); ok {
			w.Fatal("it is in the catalogue")
		}
		p := w.give("sharing-preferences", ToA, -1, 1)[0]
		w.rewordPage(p, string(source))
		w.send(p, map[string]Value{
			"ready": cells("r1", "mostly", "r2", "mostly", "r3", "mostly", "r4", "mostly", "r6", "slightly", "r7", "mostly",
				"r8", "mostly", "r9", "mostly", "r10", "somewhat"),
			"overwhelm_help": textValue("Ten minutes of air."),
		}, 2)
		page := w.read(p)[0]
		var shown strings.Builder
		for _, f := range page.Worksheet.Fields {
			shown.WriteString(f.Label + "\n" + strings.Join(f.Show(page.Values[f.ID]), "\n") + "\n")
		}
		for _, want := range []string{"I am sleeping and eating well enough to cope: Slightly", "Ten minutes of air."} {
			if !strings.Contains(shown.String(), want) {
				w.Errorf("%q is not there: %s", want, &shown)
			}
		}
		if len(page.Flags) == 0 {
			w.Error("what it asks the counselor to look at is gone")
		}
	})
}
