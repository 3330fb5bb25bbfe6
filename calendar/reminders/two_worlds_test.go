package reminders

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
)

// ids matches the random part of a message.
var ids = regexp.MustCompile(`Message-ID: <[A-Z0-9]+@`)

// sentTo runs a story in a world of its own, and returns what B was sent and B's rows of the
// outbox.
func (w *world) sentTo(side couples.Side, privately func(w *world)) (sent []string, states []State) {
	w.Helper()
	w.plan(w.appointment())
	next := w.appointment()
	next.ID, next.StartsAt = "next", thursday.Add(7*24*time.Hour)
	w.plan(next)
	privately(w)
	for eighth := range 8 * 11 {
		w.must(w.deliver(planned.Add(time.Duration(3*eighth) * time.Hour)))
	}
	for _, text := range w.texts(side) {
		sent = append(sent, ids.ReplaceAllString(text, ""))
	}
	return sent, append(w.states(side, OfAppointment), w.states(side, OfHomework)...)
}

// TestWhatOnePartnerIsSentTellsNothingOfTheOther: in two worlds that differ only in what concerns
// A, B is sent the same messages at the same times.
func TestWhatOnePartnerIsSentTellsNothingOfTheOther(t *testing.T) {
	nothing := func(*world) {}
	for name, privately := range map[string]func(w *world){
		"A stops reminders": func(w *world) {
			w.must(w.couples.ChooseReminders(w.Context(), w.couple, w.couple.Partners[0], couples.Reminders{Stopped: true}, planned))
		},
		"A asks for nudges": func(w *world) {
			w.must(w.couples.ChooseReminders(w.Context(), w.couple, w.couple.Partners[0], couples.Reminders{Nudges: true}, planned))
		},
		"A may not be contacted": func(w *world) {
			w.must(couples.NoteCaution(w.Context(), w.db, w.v, w.dana.PracticeID, w.couple.ID, w.couple.Partners[0].ID, true))
		},
		"a decision about A is awaited": func(w *world) {
			up := couples.FollowUp{
				PracticeID: w.dana.PracticeID, CoupleID: w.couple.ID, PartnerID: w.couple.Partners[0].ID, Urgent: true, Holds: true,
			}
			w.must(couples.PlaceFollowUp(w.Context(), w.db, w.v, up, "record", planned))
		},
		"A allows more": func(w *world) { w.allowAt(couples.A, couples.SayLink, 3, 4) },
	} {
		t.Run(name, func(t *testing.T) { wantAlike(t, nothing, privately) })
	}
	t.Run("who cancels", func(t *testing.T) {
		cancels := func(w *world) { w.cancel("next") }
		wantAlike(t, cancels, func(w *world) {
			w.must(w.couples.ChooseReminders(w.Context(), w.couple, w.couple.Partners[0], couples.Reminders{Stopped: true}, planned))
			w.cancel("next")
		})
	})
}

// wantAlike checks that B is sent the same in two worlds.
func wantAlike(t *testing.T, one, other func(w *world)) {
	t.Helper()
	eachWorld(t, func(w *world) {
		sent, states := w.sentTo(couples.B, one)
		second := newWorld(t, emptyAs(t, w.db))
		sentThere, statesThere := second.sentTo(couples.B, other)
		if len(sent) == 0 {
			t.Fatal("nothing is sent at all")
		}
		if diff := cmp.Diff(sent, sentThere); diff != "" {
			t.Errorf("B is sent something else:\n%s", diff)
		}
		if diff := cmp.Diff(states, statesThere); diff != "" {
			t.Errorf("B's outbox differs:\n%s", diff)
		}
	})
}
