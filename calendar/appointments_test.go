package calendar

import (
	"context"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
)

func TestAnAppointmentIsFoundByItsCounselorAndTheFrontDeskAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		desk, err := w.st.FindForDesk(t.Context(), w.practice.ID, w.drew.ID, a.ID)
		if err != nil || desk.PlaceDetail != "the small room" || !desk.StartsAt.Equal(a.StartsAt) {
			t.Error(desk, err)
		}
		for name, who := range map[string][2]string{
			"another counselor": {w.practice.ID, w.ellis.ID}, "another practice": {"elsewhere", w.dana.ID},
			"the front desk as a counselor": {w.practice.ID, w.drew.ID},
		} {
			_, err := w.st.Find(t.Context(), who[0], who[1], a.ID)
			w.want(name, err, fault.NotFound)
		}
		for name, who := range map[string]string{"a counselor at the desk": w.dana.ID, "nobody": ""} {
			_, err := w.st.FindForDesk(t.Context(), w.practice.ID, who, a.ID)
			w.want(name, err, fault.NotFound)
		}
	})
}

func TestBookingTwiceWithOneFormIsOneAppointment(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := Appointment{
			PracticeID: w.practice.ID, CoupleID: w.couple.ID, CounselorID: w.dana.ID, Slot: slot(noon), FormKey: "k",
			Reader: w.couple.Reader,
		}
		second := first
		w.must(w.st.Book(t.Context(), &first, noon))
		w.must(w.st.Book(t.Context(), &second, noon))
		if first.ID != second.ID || len(w.days()) != 1 {
			t.Error(first.ID, second.ID, w.days())
		}
	})
}

func TestASlotIsCheckedFieldByField(t *testing.T) {
	for field, change := range map[string]func(*Slot){
		"date":         func(s *Slot) { s.StartsAt = time.Time{} },
		"minutes":      func(s *Slot) { s.Minutes = 481 },
		"place":        func(s *Slot) { s.Place = "the moon" },
		"place_detail": func(s *Slot) { s.PlaceDetail = strings.Repeat("x", 201) },
		"zone":         func(s *Slot) { s.Zone = "Mars/Olympus" },
	} {
		s := slot(noon)
		change(&s)
		problems, ok := s.Validate().(fault.Fields)
		if !ok || len(problems) != 1 || problems[field] == "" {
			t.Errorf("%s: %v", field, problems)
		}
	}
}

func TestAMoveKeepsTheFormerAppointmentAndNamesTheNext(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		next, err := w.move(a, slot(noon.AddDate(0, 0, 8)))
		w.must(err)
		old := w.find(a.ID)
		if old.State != Moved || old.MovedTo == nil || *old.MovedTo != next.ID || old.PlaceDetail != "the small room" {
			t.Errorf("the former: %+v", old)
		}
		if got := w.find(next.ID); got.State != Planned || got.UID != a.UID || got.Sequence <= a.Sequence {
			t.Errorf("the next: %+v", got)
		}
		_, err = w.move(a, slot(noon.AddDate(0, 0, 9)))
		w.want("moved from a stale page", err, fault.Locked)
		w.want("canceled from a stale page", w.cancel(old, ByA, noon), fault.Locked)
	})
}

func TestWhatWasChangedMeanwhileIsNotChangedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		a.Revision++
		w.want("another revision", w.cancel(a, ByA, noon), fault.Conflict)
	})
}

func TestCancelingIsLateAsThePracticeSetsIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		starts := noon.AddDate(0, 0, 7)
		for _, c := range []struct {
			who    string
			before time.Duration
			want   State
		}{
			{ByA, 25 * time.Hour, Canceled},
			{ByA, 23 * time.Hour, LateCanceled},
			{ByBoth, time.Minute, LateCanceled},
			{ByPractice, time.Minute, Canceled},
		} {
			a := w.booked(w.couple, starts)
			w.must(w.cancel(a, c.who, starts.Add(-c.before)))
			if got := w.find(a.ID); got.State != c.want || got.Absent != c.who {
				t.Errorf("%+v: %s by %s", c, got.State, got.Absent)
			}
		}
		w.must(w.st.SaveSettings(t.Context(), w.practice.ID, Settings{LateHours: 48}))
		a := w.booked(w.couple, starts)
		w.must(w.cancel(a, ByB, starts.Add(-30*time.Hour)))
		if got := w.find(a.ID); got.State != LateCanceled {
			t.Error("with 48 hours:", got.State)
		}
		a = w.booked(w.couple, starts)
		w.wantFault("by whom", w.cancel(a, "somebody", noon), "who")
	})
}

func TestAnAppointmentIsMissedOnceItHasBegun(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		miss := func(at time.Time) error {
			return w.in(func(ctx context.Context, tx *database.DB) error { return w.st.MissIn(ctx, tx, a, ByBoth, at) })
		}
		w.wantFault("before it began", miss(a.StartsAt.Add(-time.Second)), "who")
		w.must(miss(a.StartsAt))
		if got := w.find(a.ID); got.State != Missed || got.Absent != ByBoth {
			t.Error(got)
		}
	})
}

// Both partners read the same, whoever canceled: in one world A canceled, in the other B.
func TestWhatAPartnerReadsTellsNothingOfWhoCanceled(t *testing.T) {
	eachWorld(t, func(w *world) {
		var seen []Upcoming
		for i, who := range []string{ByA, ByB, ByBoth, ByPractice} {
			a := w.booked(w.couple, noon.AddDate(0, 0, 7))
			w.must(w.cancel(a, who, noon.AddDate(0, 0, 6)))
			for _, side := range []couples.Side{couples.A, couples.B} {
				c, _ := w.partner(side)
				coming, err := w.st.Upcoming(t.Context(), c, noon)
				w.must(err)
				if coming.Next != nil || coming.Canceled == nil || !coming.Canceled.Equal(a.StartsAt) {
					t.Fatalf("%s, %s: %+v", who, side, coming)
				}
				seen = append(seen, coming)
			}
			if _, err := w.db.Exec(t.Context(), `UPDATE appointments SET starts_at = ? WHERE id = ?`,
				noon.AddDate(-1, 0, i), a.ID); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen) != 8 {
			t.Error(len(seen))
		}
		c, _ := w.partner(couples.B)
		a := w.booked(w.couple, noon.AddDate(0, 0, 9))
		w.must(w.cancel(a, ByA, noon))
		list, err := w.st.OfCouple(t.Context(), c, noon, noon.AddDate(0, 1, 0))
		w.want("who canceled, read as a partner", err, fault.NotFound)
		for _, l := range list {
			if l.Absent != "" {
				t.Error("a partner reads who canceled:", l.Absent)
			}
		}
	})
}

func TestAWishToCancelIsForStaffAndEndsWithTheAppointment(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		c, robin := w.partner(couples.A)
		_, sasha := w.partner(couples.B)
		w.must(w.st.AskToCancel(t.Context(), c, robin, a.ID, noon))
		w.must(w.st.AskToCancel(t.Context(), c, robin, a.ID, noon))
		list, err := w.st.Requests(t.Context(), w.practice.ID, w.dana.ID)
		if err != nil || len(list) != 1 || list[0].Name != "Rowan" {
			t.Error(list, err)
		}
		if asked, err := w.st.Asked(t.Context(), sasha, a.ID); err != nil || asked {
			t.Error("the other asked:", asked, err)
		}
		if list, _ := w.st.Requests(t.Context(), w.practice.ID, w.ellis.ID); len(list) > 0 {
			t.Error("another counselor:", list)
		}
		other, _, err := w.couples.FindForPartner(t.Context(), w.practice.ID, w.other.Partners[0].ID)
		w.must(err)
		w.want(
			"of another couple",
			w.st.AskToCancel(t.Context(), other, w.other.Partners[0], a.ID, noon),
			fault.NotFound,
		)
		w.must(w.cancel(w.find(a.ID), ByA, noon))
		if list, _ := w.st.Requests(t.Context(), w.practice.ID, w.dana.ID); len(list) > 0 {
			t.Error("after it was canceled:", list)
		}
		w.want("what is canceled", w.st.AskToCancel(t.Context(), c, sasha, a.ID, noon), fault.NotFound)
		next := w.booked(w.couple, noon.AddDate(0, 0, 8))
		w.want("what has begun", w.st.AskToCancel(t.Context(), c, robin, next.ID, next.StartsAt), fault.NotFound)
	})
}

func TestTheFrontDeskSeesAllCounselorsAndACounselorTheOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		of := w.meet(w.ellis, "Noemi Ashdown", "Basil Fernsby")
		w.booked(w.couple, noon.Add(time.Hour))
		elsewhere := Appointment{
			PracticeID: w.practice.ID, CoupleID: of.ID, CounselorID: w.ellis.ID, Slot: slot(noon.Add(2 * time.Hour)),
			FormKey: "e", Reader: of.Reader,
		}
		w.must(w.st.Book(t.Context(), &elsewhere, noon))
		moved := w.booked(w.other, noon.Add(3*time.Hour))
		_, err := w.move(moved, slot(noon.AddDate(0, 0, 2)))
		w.must(err)
		names := func(list []Listed, err error) string {
			w.must(err)
			var all []string
			for _, l := range list {
				all = append(all, l.Names())
			}
			return strings.Join(all, "; ")
		}
		day := noon.AddDate(0, 0, 1)
		if got := names(w.st.ForDesk(t.Context(), w.practice.ID, w.drew.ID, noon, day)); got !=
			"Rowan and Jules; Noemi and Basil" {
			t.Error("desk:", got)
		}
		if got := names(w.st.Between(t.Context(), w.practice.ID, w.dana.ID, noon, day)); got != "Rowan and Jules" {
			t.Error("Dana:", got)
		}
		for _, who := range []string{w.dana.ID, w.ellis.ID, "", "nobody"} {
			if got := names(w.st.ForDesk(t.Context(), w.practice.ID, who, noon, day)); got != "" {
				t.Errorf("%s at the desk: %s", who, got)
			}
		}
	})
}

func TestRemindersGoWithAnAppointmentAndEndWithIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		waiting := func() (at []string) {
			w.must(w.db.Select(t.Context(), &at, `SELECT DISTINCT CAST(starts_at AS TEXT) FROM reminders WHERE state = 'waiting'`))
			return at
		}
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		if got := waiting(); len(got) != 1 || !strings.HasPrefix(got[0], "2031-03-20") {
			t.Error("booked:", got)
		}
		next, err := w.move(a, slot(noon.AddDate(0, 0, 8)))
		w.must(err)
		if got := waiting(); len(got) != 1 || !strings.HasPrefix(got[0], "2031-03-21") {
			t.Error("moved:", got)
		}
		w.must(w.cancel(w.find(next.ID), ByA, noon))
		if got := waiting(); len(got) > 0 {
			t.Error("canceled:", got)
		}
	})
}

func TestASecondPressMovesCancelsAndMissesNothingMore(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		move := func(key string) (next Appointment, err error) {
			err = w.in(func(ctx context.Context, tx *database.DB) (err error) {
				next, err = w.st.MoveIn(ctx, tx, a, slot(noon.AddDate(0, 0, 8)), key, noon)
				return err
			})
			return next, err
		}
		first, err := move("k")
		w.must(err)
		second, err := move("k")
		if err != nil || second.ID != first.ID || len(w.days()) != 1 {
			t.Error(second.ID, first.ID, err, w.days())
		}
		_, err = move("another")
		w.want("from a stale page", err, fault.Locked)
		w.must(w.cancel(first, ByA, noon))
		w.must(w.cancel(w.find(first.ID), ByA, noon))
		w.want("by another", w.cancel(w.find(first.ID), ByB, noon), fault.Locked)
		c := w.booked(w.couple, noon.AddDate(0, 0, 9))
		for range 2 {
			w.must(w.in(func(ctx context.Context, tx *database.DB) error {
				return w.st.MissIn(ctx, tx, w.find(c.ID), ByBoth, c.StartsAt)
			}))
		}
	})
}

func TestAMoveAnswersAWishToCancel(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		c, robin := w.partner(couples.A)
		w.must(w.st.AskToCancel(t.Context(), c, robin, a.ID, noon))
		_, err := w.move(w.find(a.ID), slot(noon.AddDate(0, 0, 8)))
		w.must(err)
		var open int
		w.must(w.db.Get(t.Context(), &open, `SELECT COUNT(*) FROM cancellation_requests WHERE answered_at IS NULL`))
		if open != 0 {
			t.Error("the wish is still open")
		}
	})
}
