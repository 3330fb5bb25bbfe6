package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

func TestASeriesKeepsItsHourWhenTheClocksChange(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-06", Repeat{Every: "week", Count: 3}) // the clocks are set forward on March 9
		w.must(w.st.Repeat(t.Context(), &s, noon))
		if got := strings.Join(w.days(), ", "); got != "Mar 6 16:00, Mar 13 16:00, Mar 20 16:00" {
			t.Error(got)
		}
		var offsets []int
		list, err := w.st.OfCouple(t.Context(), w.couple, noon.AddDate(0, -1, 0), noon.AddDate(0, 1, 0))
		w.must(err)
		for _, a := range list {
			offsets = append(offsets, a.StartsAt.UTC().Hour())
		}
		if !slices.Equal(offsets, []int{21, 20, 20}) {
			t.Error("in UTC at", offsets)
		}
	})
}

func TestHowASeriesRepeats(t *testing.T) {
	for _, c := range []struct {
		repeat            Repeat
		first, want, rule string
	}{
		{Repeat{Every: "two weeks", Count: 3}, "2031-03-06", "2031-03-06 2031-03-20 2031-04-03", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=3"},
		{Repeat{Every: "month", Count: 3}, "2031-03-13", "2031-03-13 2031-04-10 2031-05-08", "FREQ=MONTHLY;BYDAY=2TH;COUNT=3"},
		{Repeat{Every: "month", Count: 3}, "2031-01-31", "2031-01-31 2031-02-28 2031-03-28", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"},
		{Repeat{Every: "week", Until: "2032-03-07"}, "2032-02-22", "2032-02-22 2032-02-29 2032-03-07", "FREQ=WEEKLY;BYDAY=SU;UNTIL=20320307T235959Z"},
	} {
		first, err := time.Parse(time.DateOnly, c.first)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := c.repeat.Rule(first)
		if err != nil || rule != c.rule {
			t.Errorf("%+v: %q, %v", c.repeat, rule, err)
		}
		days, err := Days(rule, c.first, "", "2040-01-01")
		if got := strings.Join(days, " "); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c.repeat, got, err)
		}
	}
}

func TestARepeatThatCannotBeIsRefused(t *testing.T) {
	first := time.Date(2031, 3, 6, 0, 0, 0, 0, time.UTC)
	for field, r := range map[string][]Repeat{
		"every": {{}, {Every: "year"}, {Every: "week;COUNT=9"}},
		"count": {{Every: "week", Count: 10000}, {Every: "week", Count: 1}, {Every: "week", Count: -1}},
		"until": {{Every: "week", Until: "2031-03-05"}, {Every: "week", Until: "2131-03-05"}, {Every: "week", Until: "soon"}},
	} {
		for _, repeat := range r {
			_, err := repeat.Rule(first)
			if problems, _ := errors.AsType[fault.Fields](err); problems[field] == "" {
				t.Errorf("%+v: %v", repeat, err)
			}
		}
	}
}

func TestAnHourThatDoesNotExistOrExistsTwiceIsSaidBeforeSaving(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-02", Repeat{Every: "week", Count: 3})
		s.Clock = "02:30" // on March 9 the clocks go from 2:00 to 3:00
		_, err := w.st.Preview(t.Context(), s, noon)
		problems, _ := errors.AsType[fault.Fields](err)
		if !strings.Contains(problems["time"].String(), "March 9, 2031") {
			t.Error("skipped:", err)
		}
		w.wantFault("stored anyway", w.st.Repeat(t.Context(), &s, noon), "time")
		s = w.weekly("2031-10-26", Repeat{Every: "week", Count: 3})
		s.Clock = "01:30" // on November 2, 1:30 occurs twice
		_, err = w.st.Preview(t.Context(), s, noon)
		if problems, _ = errors.AsType[fault.Fields](err); problems["twice"] == "" {
			t.Error("twice:", err)
		}
		s.Which = SecondOccurrence
		w.must(w.st.Repeat(t.Context(), &s, noon))
		s = w.weekly("2031-03-02", Repeat{Every: "week", Count: 3})
		s.Zone = "Mars/Olympus"
		w.wantFault("no such zone", w.st.Repeat(t.Context(), &s, noon), "zone")
	})
}

func TestASeriesSkipsDaysOffAndKeepsItsRhythm(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.st.AddDaysOff(t.Context(), DaysOff{
			PracticeID: w.practice.ID, FirstDay: "2031-03-10", LastDay: "2031-03-16", FormKey: "k",
		}))
		w.must(w.st.AddDaysOff(t.Context(), DaysOff{
			PracticeID: w.practice.ID, CounselorID: &w.ellis.ID, FirstDay: "2031-03-20", LastDay: "2031-03-20", FormKey: "e",
		}))
		s := w.weekly("2031-03-06", Repeat{Every: "week", Count: 4})
		w.must(w.st.Repeat(t.Context(), &s, noon))
		if got := strings.Join(w.days(), ", "); got != "Mar 6 16:00, Mar 20 16:00, Mar 27 16:00" {
			t.Error(got)
		}
	})
}

func TestASeriesThatDoesNotEndIsMadeAheadOnceByTwoProcesses(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-13", Repeat{Every: "week"})
		s.PlaceDetail = "the small room"
		w.must(w.st.Repeat(t.Context(), &s, noon))
		first := len(w.days())
		if first != 27 {
			t.Error("at first", first)
		}
		later := noon.AddDate(0, 0, 28)
		second := NewStore(w.db, w.st.vault)
		w.must(w.st.Extend(t.Context(), later))
		w.must(second.Extend(t.Context(), later))
		w.must(second.Extend(t.Context(), later))
		days := w.days()
		if len(days) != first+4 || len(slices.Compact(slices.Clone(days))) != len(days) {
			t.Error("then", days)
		}
		list, err := w.st.OfCouple(t.Context(), w.couple, later, later.AddDate(1, 0, 0))
		w.must(err)
		if last := list[len(list)-1]; last.PlaceDetail != "the small room" {
			t.Error("the last is at", last.PlaceDetail)
		}
	})
}

func TestASeriesIsStoredOnceByTwoPressesOfOneForm(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-13", Repeat{Every: "week", Count: 5})
		again := s
		w.must(w.st.Repeat(t.Context(), &s, noon))
		w.must(w.st.Repeat(t.Context(), &again, noon))
		if s.ID != again.ID || len(w.days()) != 5 {
			t.Error(w.days())
		}
	})
}

func TestThisAndLaterOnesAreMovedOrCanceledAndEarlierOnesStay(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-20", Repeat{Every: "week", Count: 4})
		w.must(w.st.Repeat(t.Context(), &s, noon))
		list, err := w.st.OfCouple(t.Context(), w.couple, noon, noon.AddDate(1, 0, 0))
		w.must(err)
		to := slot(time.Date(2031, 3, 28, 15, 0, 0, 0, list[1].Location()))
		var moved []Appointment
		w.must(w.in(func(ctx context.Context, tx *database.DB) (err error) {
			moved, err = w.st.MoveLaterIn(ctx, tx, list[1], to, "key", noon)
			return err
		}))
		if got := strings.Join(w.days(), ", "); got != "Mar 20 16:00, Mar 28 15:00, Apr 4 15:00, Apr 11 15:00" {
			t.Error("moved:", got)
		}
		if old := w.find(list[2].ID); old.State != Moved || *old.MovedTo != moved[1].ID {
			t.Errorf("a later one: %+v", old)
		}
		second := w.find(moved[1].ID)
		w.must(w.in(func(ctx context.Context, tx *database.DB) error {
			_, err := w.st.CancelLaterIn(ctx, tx, second, ByA, noon)
			return err
		}))
		if got := strings.Join(w.days(), ", "); got != "Mar 20 16:00, Mar 28 15:00" {
			t.Error("canceled:", got)
		}
	})
}

func TestASeriesThatEndedIsNotMadeAhead(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-20", Repeat{Every: "week"})
		w.must(w.st.Repeat(t.Context(), &s, noon))
		list, err := w.st.OfCouple(t.Context(), w.couple, noon, noon.AddDate(1, 0, 0))
		w.must(err)
		w.must(w.in(func(ctx context.Context, tx *database.DB) error {
			_, err := w.st.CancelLaterIn(ctx, tx, list[2], ByPractice, noon)
			return err
		}))
		w.must(w.st.Extend(t.Context(), noon.AddDate(1, 0, 0)))
		if got := w.days(); len(got) != 2 {
			t.Error(got)
		}
	})
}

func TestWhatSpeaksAgainstATimeIsSaid(t *testing.T) {
	eachWorld(t, func(w *world) {
		at := noon.AddDate(0, 0, 7)
		w.booked(w.couple, at)
		w.must(w.st.SaveSettings(t.Context(), w.practice.ID, Settings{
			LateHours: 24, Hours: map[int]OpenHours{4: {4, "09:00", "13:00"}},
		}))
		w.must(w.st.AddDaysOff(t.Context(), DaysOff{
			PracticeID: w.practice.ID, FirstDay: "2031-03-27", LastDay: "2031-03-27", FormKey: "k",
		}))
		for _, c := range []struct {
			name string
			a    Appointment
			want []ConflictKind
		}{
			{"the same time", Appointment{CoupleID: w.other.ID, CounselorID: w.dana.ID, Slot: slot(at)}, []ConflictKind{CounselorBusy, RoomTaken}},
			{"another counselor in the same room", Appointment{CoupleID: w.other.ID, CounselorID: w.ellis.ID, Slot: slot(at.Add(49 * time.Minute))}, []ConflictKind{RoomTaken, PracticeClosed}},
			{"when it is over", Appointment{CoupleID: w.other.ID, CounselorID: w.dana.ID, Slot: slot(at.Add(50 * time.Minute))}, []ConflictKind{PracticeClosed}},
			{"the couple with somebody else", Appointment{CoupleID: w.couple.ID, CounselorID: w.ellis.ID, Slot: Slot{at.Add(-30 * time.Minute), "America/New_York", 50, "phone", ""}}, []ConflictKind{CoupleBusy}},
			{"a day off", Appointment{CoupleID: w.couple.ID, CounselorID: w.dana.ID, Slot: slot(noon.AddDate(0, 0, 14).Add(-time.Hour))}, []ConflictKind{DayOff}},
			{"last week", Appointment{CoupleID: w.couple.ID, CounselorID: w.dana.ID, Slot: slot(at.Add(-14*24*time.Hour - 2*time.Hour))}, []ConflictKind{InThePast}},
			{"a wrong year", Appointment{CoupleID: w.couple.ID, CounselorID: w.dana.ID, Slot: slot(noon.AddDate(3, 0, 0))}, []ConflictKind{PracticeClosed, FarAhead}},
			{"a free time", Appointment{CoupleID: w.couple.ID, CounselorID: w.dana.ID, Slot: slot(at.Add(-2 * time.Hour))}, nil},
		} {
			c.a.PracticeID = w.practice.ID
			conflicts, err := w.st.Conflicts(t.Context(), c.a, []time.Time{c.a.StartsAt}, noon)
			w.must(err)
			var got []ConflictKind
			for _, found := range conflicts {
				got = append(got, found.Kind)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	})
}

func TestOfficeHoursAndDaysOffAreChecked(t *testing.T) {
	eachWorld(t, func(w *world) {
		save := func(s Settings) error { return w.st.SaveSettings(t.Context(), w.practice.ID, s) }
		w.wantFault("hours", save(Settings{LateHours: -1}), "late_hours")
		w.wantFault(
			"closed before it opens",
			save(Settings{Hours: map[int]OpenHours{1: {1, "17:00", "09:00"}}}),
			"opens.1",
		)
		w.wantFault("no time", save(Settings{Hours: map[int]OpenHours{2: {2, "nine", "09:00"}}}), "opens.2")
		w.must(save(Settings{LateHours: 12}))
		w.want("from a stale page", save(Settings{LateHours: 13}), fault.Conflict)
		off := func(first, last string) error {
			return w.st.AddDaysOff(
				t.Context(),
				DaysOff{PracticeID: w.practice.ID, FirstDay: first, LastDay: last, FormKey: first},
			)
		}
		w.wantFault("no first day", off("", ""), "first_day")
		w.wantFault("it ends before it begins", off("2031-04-02", "2031-04-01"), "last_day")
		w.must(off("2031-04-02", "2031-04-03"))
		list, err := w.st.DaysOff(t.Context(), w.practice.ID, w.dana.ID, noon)
		w.must(err)
		w.want(
			"the practice's, by a counselor",
			w.st.RemoveDaysOff(t.Context(), w.practice.ID, w.ellis.ID, list[0].ID, false),
			fault.NotFound,
		)
		w.must(w.st.RemoveDaysOff(t.Context(), w.practice.ID, w.dana.ID, list[0].ID, true))
	})
}

func TestOneSeriesThatCannotGoOnKeepsNoOtherWaiting(t *testing.T) {
	eachWorld(t, func(w *world) {
		gone := w.weekly("2031-03-13", Repeat{Every: "week"})
		gone.CoupleID, gone.Reader = w.other.ID, w.other.Reader
		w.must(w.st.Repeat(t.Context(), &gone, noon))
		goesOn := w.weekly("2031-03-13", Repeat{Every: "week"})
		w.must(w.st.Repeat(t.Context(), &goesOn, noon))
		_, err := w.db.Exec(t.Context(), `UPDATE couples SET erased_at = ? WHERE id = ?`, noon, w.other.ID)
		w.must(err)
		before := len(w.days())
		broken := w.weekly("2031-03-13", Repeat{Every: "week"})
		w.must(w.st.Repeat(t.Context(), &broken, noon))
		_, err = w.db.Exec(t.Context(), `UPDATE appointment_series SET rule = 'FREQ=NEVER' WHERE id = ?`, broken.ID)
		w.must(err)
		if err := w.st.Extend(t.Context(), noon.AddDate(0, 0, 28)); err == nil {
			t.Error("a rule that cannot be read is not told of")
		}
		if got := len(w.days()); got != 2*before+4 {
			t.Errorf("%d appointments, want %d", got, 2*before+4)
		}
		var erased int
		w.must(w.db.Get(t.Context(), &erased, `SELECT COUNT(*) FROM appointments WHERE couple_id = ?`, w.other.ID))
		if erased != before {
			t.Errorf("the erased couple has %d, want %d", erased, before)
		}
	})
}

func TestASeriesThatGoesOnOverAChangeOfTheClocksTakesTheNearestTime(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-16", Repeat{Every: "week"}) // a Sunday; the clocks are set forward on 2032-03-14
		s.Clock, s.Which = "02:30", FirstOccurrence
		w.must(w.st.Repeat(t.Context(), &s, noon))
		for month := range 14 {
			w.must(w.st.Extend(t.Context(), noon.AddDate(0, month, 0)))
		}
		list, err := w.st.OfCouple(t.Context(), w.couple, time.Date(2032, 3, 14, 0, 0, 0, 0, time.UTC),
			time.Date(2032, 3, 15, 0, 0, 0, 0, time.UTC))
		w.must(err)
		if len(list) != 1 || list[0].Local().Format("Jan 2 15:04") != "Mar 14 03:30" {
			t.Errorf("%d, %v", len(list), w.days())
		}
	})
}

func TestWhatIsPlannedWithACoupleIsCanceledAtOnceAndTheSeriesEnds(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-06", Repeat{Every: "week"}) // one of them is past
		w.must(w.st.Repeat(t.Context(), &s, noon))
		kept := w.booked(w.other, noon.AddDate(0, 0, 7))
		w.must(w.in(w.st.CancelAll(w.couple, noon)))
		if got := strings.Join(w.days(), ", "); got != "Mar 6 16:00" {
			t.Error("left:", got)
		}
		w.must(w.st.Extend(t.Context(), noon.AddDate(0, 3, 0)))
		if got := len(w.days()); got != 1 {
			t.Error("made ahead:", got)
		}
		if got := w.find(kept.ID); got.State != Planned {
			t.Error("of another couple:", got.State)
		}
		var waiting int
		w.must(w.db.Get(t.Context(), &waiting, `SELECT COUNT(*) FROM reminders WHERE state = 'waiting' AND couple_id = ?`,
			w.couple.ID))
		if waiting > 0 {
			t.Error("reminders wait:", waiting)
		}
	})
}
