package worksheets

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

func TestTheCoreIsAboutTwelveWorksheetsOfPartners(t *testing.T) {
	var got []string
	for _, p := range shipped(t).CorePathways() {
		for _, line := range p.Lines {
			if d := wordingOf(t, line.Worksheet); !d.Portal || d.OnRequest {
				t.Errorf("%s cannot be for every couple", d.ID)
			}
			if !shipped(t).IsCore(line.Worksheet) {
				t.Errorf("%s is not said to be core", line.Worksheet)
			}
			got = append(got, line.Worksheet)
		}
	}
	want := []string{
		"commitment-check", "how-trust-was-broken", "individual-check-in", "what-i-want-to-know", "impact-statement",
		"acknowledgment-statement", "apology-builder", "response-to-apology", "pacing-and-space-agreement", "boundary-map",
		"transparency-agreement", "promise-tracker", "setback-plan",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if shipped(t).IsCore("forgiveness-readiness") {
		t.Error("forgiving is expected of every couple")
	}
}

// TestWhatConcernsOnePartnerAloneIsNotSuggestedInASession, because both may see the counselor's
// screen.
func TestWhatConcernsOnePartnerAloneIsNotSuggestedInASession(t *testing.T) {
	for _, id := range []string{"ending-contact", "money-in-full", "forgiveness-readiness"} {
		if d := wordingOf(t, id); !d.OnRequest || d.Privacy != Private {
			t.Errorf("%s is suggested, or can be released", id)
		}
	}
	if d := wordingOf(t, "disclosure-preparation"); d.Portal {
		t.Error("a partner finds the preparation of a disclosure among their pages")
	}
}

// TestTheCoreOfAStepIsGivenAsAPathway: what the hurt partner wants to know comes first, and nothing
// opens for one partner because of what the other did.
func TestTheCoreOfAStepIsGivenAsAPathway(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.st.GivePathway(w.Context(), w.couple, "core-acknowledge", w.breach(1), "press", after(0))) // broken by A
		if diff := cmp.Diff([]string{"what-i-want-to-know"}, w.seen(couples.B, after(1))); diff != "" {
			w.Error(diff)
		}
		first, _ := find(w.pages(), func(p Page) bool { return p.Worksheet.ID == "what-i-want-to-know" })
		w.send(first, nil, 2)
		if diff := cmp.Diff([]string{"impact-statement"}, w.seen(couples.B, after(3))); diff != "" {
			w.Error(diff)
		}
		if seen := w.seen(couples.A, after(3)); len(seen) != 0 {
			w.Error("A sees what B's page opened:", seen)
		}
	})
}

func TestACoreWorksheetBehindItsGateKeepsTheWholePathwayBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		err := w.st.GivePathway(w.Context(), w.couple, "core-open-up", w.breach(0), "press", after(0))
		var bad fault.Fields
		if !errors.As(err, &bad) || !strings.Contains(bad["pathway"].String(), "Our openness agreement") {
			w.Error(err)
		}
		if n := len(w.pages()); n != 0 {
			w.Errorf("%d pages were given", n)
		}
		unknown := w.st.GivePathway(w.Context(), w.couple, "core-nothing", w.breach(0), "press", after(0))
		w.want("no such step", unknown, fault.NotFound)
	})
}
