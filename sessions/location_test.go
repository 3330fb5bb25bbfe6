package sessions

import (
	"crypto/rand"
	"strings"
	"testing"

	"mend/calendar"
	"mend/couples"
)

// located is the sentence of a note that states that both gave their locations.
const located = "Location of each was confirmed."

// heldAt returns an ended session whose appointment was at place, and whose partners of sides gave
// their locations.
func (w *world) heldAt(place string, sides ...couples.Side) Session {
	w.Helper()
	s := w.session()
	s.Place = place
	w.must(w.st.Plan(w.Context(), &s, nil, after(-3000)))
	for _, side := range sides {
		c, p, err := w.couples.FindForPartner(w.Context(), w.practice.ID, w.couple.Partner(side).ID)
		w.must(err)
		a, err := w.st.AppointmentOf(w.Context(), w.reload(s))
		w.must(err)
		told := calendar.PartnerLocation{
			AppointmentID: a.ID, FormKey: rand.Text(), State: "NJ", Place: "CANARY Pear Street", Company: "others",
			Telephone: "CANARY 555-0100",
		}
		w.must(w.st.calendar.TellLocation(w.Context(), c, p, told, after(1)))
	}
	w.must(w.st.Start(w.Context(), w.reload(s), four))
	w.must(w.st.SaveRecord(w.Context(), w.reload(s), spoken, rand.Text(), after(50)))
	w.must(w.st.End(w.Context(), w.reload(s), after(53)))
	return w.reload(s)
}

func TestANoteSaysThatLocationsWereConfirmedOnceBothToldThemAndNeverWhere(t *testing.T) {
	for name, c := range map[string]struct {
		place string
		told  []couples.Side
		want  bool
	}{
		"nobody told":         {"video", nil, false},
		"one told":            {"video", []couples.Side{couples.A}, false},
		"one told twice":      {"video", []couples.Side{couples.B, couples.B}, false},
		"both told":           {"video", []couples.Side{couples.A, couples.B}, true},
		"it is in the office": {"office", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				text, _ := w.write(w.heldAt(c.place, c.told...)).Document.encode()
				if got := strings.Contains(text, located); got != c.want {
					t.Errorf("the note says so: %v, want %v: %s", got, c.want, text)
				}
				for _, word := range []string{"CANARY", "New Jersey", "555-0100"} {
					if strings.Contains(text, word) {
						t.Errorf("the note has %q", word)
					}
				}
			})
		})
	}
}

func TestAnswersForOneSessionSayNothingInTheNoteOfAnother(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.heldAt("video", couples.A, couples.B)
		second := w.heldAt("video", couples.A)
		for s, want := range map[string]bool{first.ID: true, second.ID: false} {
			if got, err := calendar.BothLocated(t.Context(), w.db, w.practice.ID, s); err != nil || got != want {
				t.Errorf("%v, want %v, %v", got, want, err)
			}
		}
	})
}

func TestASessionThatIsNotByVideoSaysNothingOfLocations(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.heldAt("video", couples.A, couples.B)
		_, err := w.db.Exec(t.Context(), `UPDATE appointments SET place = 'office'`)
		w.must(err)
		if text, _ := w.write(s).Document.encode(); strings.Contains(text, located) {
			t.Error(text)
		}
	})
}

func TestWhatWasTickedAndWhatBothToldStandTogether(t *testing.T) {
	facts := example(t)
	facts.Located = true
	want := "At the start of the telehealth session, each partner’s identity, location and privacy were confirmed. " + located
	if got := methodContent(t).Draft(facts)["telehealth"]; got != want {
		t.Errorf("got %q", got)
	}
	facts.Record = with(facts.Record, "telehealth", "")
	if got := methodContent(t).Draft(facts)["telehealth"]; got != located {
		t.Errorf("got %q", got)
	}
}
