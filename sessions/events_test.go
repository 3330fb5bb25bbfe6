package sessions

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
)

func TestATimeLineHoldsWhatWasMarkedAndTheMovesOfSteps(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 2 { // submitted twice
			w.must(w.st.MarkEvent(w.Context(), w.couple,
				Event{Kind: "setback", Day: "2031-03-10", Words: " The old number again "}, "k1", after(0)))
		}
		w.must(w.st.MarkEvent(w.Context(), w.couple, Event{Kind: "disclosure", Day: "2031-03-11"}, "k2", after(0)))
		w.must(w.st.MarkEvent(w.Context(), w.couple, Event{Kind: "other", Day: "2030-01-01", Words: "Long ago"},
			"k3", after(0)))
		w.must(w.st.MoveStep(w.Context(), w.couple, w.dana.ID, "acknowledge", Working, "", after(0)))
		list, err := w.st.Events(w.Context(), w.couple, after(-60*24*60))
		w.must(err)
		var says []string
		for _, e := range list {
			says = append(says, e.Day+" "+e.Label()+": "+e.Words)
		}
		if diff := cmp.Diff([]string{
			"2031-03-10 Setback: The old number again", "2031-03-11 Disclosure: ",
			"2031-03-12 Step: Acknowledge the betrayal: working",
		}, says); diff != "" {
			w.Error(diff)
		}
		w.must(w.st.RemoveEvent(w.Context(), w.couple, list[0].ID, after(1)))
		if list, err := w.st.Events(w.Context(), w.couple, after(-60*24*60)); err != nil || len(list) != 2 {
			w.Errorf("%+v %v", list, err)
		}
		other := w.meet("Kit Larkspur", "Noor Elmwood")
		if list, err := w.st.Events(w.Context(), other, after(-60*24*60)); err != nil || len(list) != 0 {
			w.Errorf("another couple's time line: %+v %v", list, err)
		}
		w.must(w.st.RemoveEvent(w.Context(), other, list[1].ID, after(1)))
		if list, _ := w.st.Events(w.Context(), w.couple, after(-60*24*60)); len(list) != 2 {
			w.Error("another couple's counselor takes it off")
		}
	})
}

func TestAnEventThatCannotBeIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, e := range []struct {
			field string
			Event
		}{
			{"kind", Event{Kind: "party", Day: "2031-03-10"}},
			{"day", Event{Kind: "setback", Day: "2031-03-20"}},
			{"day", Event{Kind: "setback", Day: "0001-01-01"}},
			{"words", Event{Kind: "setback", Day: "2031-03-10", Words: strings.Repeat("x", 201)}},
		} {
			var bad fault.Fields
			err := w.st.MarkEvent(w.Context(), w.couple, e.Event, e.Day, after(0))
			if !errors.As(err, &bad) || bad[e.field] == "" {
				w.Errorf("%s: %v", e.field, err)
			}
		}
	})
}
