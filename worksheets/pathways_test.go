package worksheets

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

// storePathway stores a pathway and returns it.
func (w *world) storePathway(name string, lines ...PathwayLine) Pathway {
	w.Helper()
	for range 2 { // submitted twice
		w.must(w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID, Pathway{Name: name, Lines: lines}, name))
	}
	list, err := w.st.Pathways(w.Context(), w.practice.ID)
	w.must(err)
	p, ok := find(list, func(p Pathway) bool { return p.Name == name })
	if !ok {
		w.Fatalf("no pathway %s in %+v", name, list)
	}
	return p
}

func TestAPathwayIsGivenWithOnePressAndOpensForEachInTheirOwnTime(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.storePathway("Calm first", PathwayLine{Worksheet: "reminder-care-plan", Rule: AfterLast},
			PathwayLine{Worksheet: "boundary-map", Rule: AfterLast},
			PathwayLine{Worksheet: "apology-builder", Rule: AfterLast},
			PathwayLine{Worksheet: "response-to-apology", Rule: AfterLast},
			PathwayLine{Worksheet: "date-night-plan", Rule: OnWord},
			PathwayLine{Worksheet: "trust-pulse", Rule: AfterDays, Days: 10})
		for range 2 {
			w.must(w.st.GivePathway(w.Context(), w.couple, p.ID, w.breach(0), "press", after(0)))
		}
		if n := len(w.pages()); n != 2+2+1+1+3+2 {
			w.Errorf("%d pages", n)
		}
		for _, side := range []couples.Side{couples.A, couples.B} {
			if diff := cmp.Diff([]string{"reminder-care-plan"}, w.seen(side, after(1))); diff != "" {
				w.Error(side, diff)
			}
		}
		for _, page := range w.pages() {
			if page.Worksheet.ID == "reminder-care-plan" && page.Side == couples.B {
				w.send(page, nil, 10)
			}
		}
		if diff := cmp.Diff([]string{"boundary-map"}, w.seen(couples.B, after(11))); diff != "" {
			w.Error(diff)
		}
		if diff := cmp.Diff([]string{"reminder-care-plan"}, w.seen(couples.A, after(11))); diff != "" {
			w.Error("A is carried along:", diff)
		}
		if diff := cmp.Diff([]string{"trust-pulse", "boundary-map"}, w.seen(couples.B, someday)); diff != "" {
			w.Error(diff) // the apology waits for the boundary map, and the response for the counselor
		}
	})
}

func TestAPathwayIsChangedByOneAtATimeAndWhatWasGivenStays(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.storePathway("Calm first", PathwayLine{Worksheet: "reminder-care-plan"})
		w.must(w.st.GivePathway(w.Context(), w.couple, p.ID, "", "press", after(0)))
		p.Lines = []PathwayLine{{Worksheet: "trust-pulse"}}
		w.must(w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID, p, "x"))
		w.want("changed elsewhere", w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID, p, "y"), fault.Conflict)
		w.want("another practice's", w.st.SavePathway(w.Context(), "elsewhere", w.dana.ID, p, "z"), fault.NotFound)
		w.want("given by another practice",
			w.st.GivePathway(w.Context(), couples.Couple{PracticeID: "elsewhere"}, p.ID, "", "z", after(1)), fault.NotFound)
		if diff := cmp.Diff([]string{"reminder-care-plan"}, w.seen(couples.A, someday)); diff != "" {
			w.Error(diff)
		}
		w.must(w.st.RetirePathway(w.Context(), w.practice.ID, p.ID, after(2)))
		w.want("retired", w.st.GivePathway(w.Context(), w.couple, p.ID, "", "again", after(3)), fault.NotFound)
	})
}

// TestAPathwayDoesNotOpenAGate: the openness agreement stays closed, and nothing else of the
// pathway is assigned.
func TestAPathwayDoesNotOpenAGate(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.storePathway("Windows", PathwayLine{Worksheet: "boundary-map"}, PathwayLine{Worksheet: "transparency-agreement"})
		var bad fault.Fields
		if err := w.st.GivePathway(w.Context(), w.couple, p.ID, "", "press", after(0)); !errors.As(err,
			&bad) || bad["pathway"] == "" {
			w.Error(err)
		}
		if len(w.pages()) > 0 {
			w.Error("something was given")
		}
	})
}

func TestAPathwayThatMakesNoSenseIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for field, p := range map[string]Pathway{
			"name":             {Lines: []PathwayLine{{Worksheet: "trust-pulse"}}},
			"line.0.worksheet": {Name: "x"},
			"line.1.worksheet": {
				Name:  "x",
				Lines: []PathwayLine{{Worksheet: "trust-pulse"}, {Worksheet: "private-conversation-record"}},
			},
			"line.0.rule": {Name: "x", Lines: []PathwayLine{{Worksheet: "trust-pulse", Rule: OnDate}}},
			"line.0.days": {Name: "x", Lines: []PathwayLine{{Worksheet: "trust-pulse", Rule: AfterDays, Days: 400}}},
		} {
			var bad fault.Fields
			if err := w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID, p, field); !errors.As(err,
				&bad) || bad[field] == "" {
				w.Errorf("%s: %v %v", field, err, bad)
			}
		}
	})
}

// TestANameIsAsLongAsTheDatabaseCounts: a letter with an accent of its own is two.
func TestANameIsAsLongAsTheDatabaseCounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		save := func(name string) error {
			return w.st.SavePathway(t.Context(), w.practice.ID, w.dana.ID,
				Pathway{Name: name, Lines: []PathwayLine{{Worksheet: "trust-pulse"}}}, rand.Text())
		}
		w.must(save(strings.Repeat("e\u0301", 60)))
		if bad := faultsOf(save(strings.Repeat("e\u0301", 61))); bad["name"] == "" {
			w.Error("a name that is too long is no problem of the form")
		}
	})
}
