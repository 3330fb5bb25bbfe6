package sessions

import (
	"fmt"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// addStaff makes somebody of role work in the practice.
func (w *world) addStaff(email string, role accounts.Role) accounts.Counselor {
	w.Helper()
	c := accounts.Counselor{Name: "Sam Invented", Email: email, Role: role}
	w.must(accounts.NewStore(w.db, dbtest.Vault(w, w.db), accounts.NewHashing(1, 8)).AddCounselor(w.Context(),
		w.practice.ID, &c, "quiet-harbor-test", after(-9000)))
	return c
}

func (w *world) supervised(sam accounts.Counselor) couples.Couple {
	w.Helper()
	w.must(w.couples.Supervise(w.Context(), w.practice.ID, w.dana.ID, sam.ID, w.dana.ID, "", after(-8000)))
	c, err := w.couples.FindForSupervisor(w.Context(), w.practice.ID, sam.ID, w.couple.ID)
	w.must(err)
	return c
}

// TestASupervisorReadsASignedNoteAndNothingThatLedToIt: neither the draft, nor
// what was typed in the session, nor where it was held.
func TestASupervisorReadsASignedNoteAndNothingThatLedToIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		couple := w.supervised(w.addStaff("sam@riverbend.example", accounts.Supervisor))
		s := w.session()
		s.PlaceDetail = "the small room"
		w.must(w.st.Plan(t.Context(), &s, nil, after(-3000)))
		w.must(w.st.Start(t.Context(), s, four))
		w.must(w.st.End(t.Context(), w.reload(s), after(50)))
		seen, err := w.st.FindIn(t.Context(), couple, s.ID)
		if err != nil || seen.PlaceDetail != "" || seen.Reader != couple.Reader {
			t.Errorf("%+v, %v", seen, err)
		}
		_, err = w.st.FindNote(t.Context(), seen)
		w.want("a draft", err, fault.NotFound)
		_, err = w.st.Record(t.Context(), seen)
		w.want("what was typed in the session", err, fault.NotFound)
		_, err = w.st.FindIn(t.Context(), couple, "another")
		w.want("another session", err, fault.NotFound)

		signed := w.signed()
		if seen, err = w.st.FindIn(t.Context(), couple, signed.ID); err != nil {
			t.Fatal(err)
		}
		note, err := w.st.FindNote(t.Context(), seen)
		if err != nil || !note.Signed() || note.Content == "" {
			t.Errorf("%+v, %v", note, err)
		}
		own, err := w.st.FindIn(t.Context(), w.couple, s.ID)
		if err != nil || own.PlaceDetail != "the small room" {
			t.Errorf("its own counselor: %q, %v", own.PlaceDetail, err)
		}
	})
}

func TestTheCalendarSaysWhoComesWhenToTheFrontDeskAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		drew, sam := w.addStaff("drew@riverbend.example", accounts.FrontDesk),
			w.addStaff("sam@riverbend.example", accounts.Supervisor)
		s := w.plan()
		later := w.session()
		later.StartsAt = four.AddDate(0, 0, 7)
		w.must(w.st.Plan(t.Context(), &later, nil, after(-3000)))
		list, _, err := w.st.Calendar(t.Context(), w.practice.ID, drew.ID, Span{From: four, Until: four.AddDate(0, 0, 7)})
		want := Appointment{
			s.ID, w.couple.ID, w.dana.ID, s.StartsAt, 50, "office", w.couple.Partners[0].AddressAs,
			w.couple.Partners[1].AddressAs,
		}
		if len(list) == 1 {
			list[0].StartsAt = list[0].StartsAt.UTC()
		}
		if err != nil || len(list) != 1 || list[0] != want {
			t.Errorf("got %+v, want %+v, %v", list, want, err)
		}
		for _, other := range []string{w.dana.ID, w.ellis.ID, sam.ID, "nobody", ""} {
			if list, _, err := w.st.Calendar(t.Context(), w.practice.ID, other,
				Span{From: four, Until: four.Add(time.Hour)}); err != nil || len(list) > 0 {
				t.Errorf("%s: %v, %v", other, list, err)
			}
		}
		if list, _, err := w.st.Calendar(t.Context(), "elsewhere", drew.ID,
			Span{From: four, Until: four.Add(time.Hour)}); err != nil || len(list) > 0 {
			t.Errorf("of another practice: %v, %v", list, err)
		}
	})
}

func TestTheCalendarHasAPageAtATimeAndEachAppointmentOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		drew := w.addStaff("drew@riverbend.example", accounts.FrontDesk)
		n := AppointmentsAtOnce + 5
		for i := range n { // some at the same moment
			s := w.session()
			s.StartsAt, s.FormKey = four.Add(time.Duration(i/4)*time.Hour), fmt.Sprint("form-", i)
			w.must(w.st.Plan(t.Context(), &s, nil, after(-3000)))
		}
		seen, in := map[string]bool{}, Span{From: four, Until: four.AddDate(0, 0, 28)}
		for more := "begin"; more != ""; in.After = more {
			var list []Appointment
			var err error
			list, more, err = w.st.Calendar(t.Context(), w.practice.ID, drew.ID, in)
			w.must(err)
			for _, a := range list {
				if seen[a.ID] {
					w.Error("twice")
				}
				seen[a.ID] = true
			}
		}
		if len(seen) != n {
			w.Error(len(seen), "appointments instead of", n)
		}
	})
}
