package sessions

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
)

// interval returns a part of a session, in minutes after four; -1 is still open.
func interval(kind Kind, from, to int) Interval {
	s := Interval{Kind: kind, BeganAt: after(from)}
	if end := after(to); to >= 0 {
		s.EndedAt = &end
	}
	return s
}

func TestTimeIsSummedByKindAndOnlyThePauseIsNotWorked(t *testing.T) {
	minute := time.Minute
	for name, tt := range map[string]struct {
		stretches  []Interval
		want       Times
		total, apt time.Duration
	}{
		"nothing yet": {nil, Times{}, 0, 0},
		"joint to the end": {
			[]Interval{interval(Joint, 0, 53)},
			Times{Joint: 53 * minute},
			53 * minute, 0,
		},
		"still open": {
			[]Interval{interval(Joint, 0, -1)},
			Times{Now: Joint, Joint: 60 * minute},
			60 * minute, 0,
		},
		"each alone": {
			[]Interval{interval(Joint, 0, 20), interval(AloneA, 20, 30), interval(AloneB, 30, 40), interval(Joint, 40, 50)},
			Times{Joint: 30 * minute, A: 10 * minute, B: 10 * minute},
			50 * minute, 20 * minute,
		},
		"two pauses": {
			[]Interval{
				interval(Joint, 0, 10), interval(Pause, 10, 13), interval(Joint, 13, 20), interval(Pause, 20, 21),
				interval(Joint, 21, 30),
			},
			Times{Joint: 26 * minute, Paused: 4 * minute, Pauses: 2},
			26 * minute, 0,
		},
		"paused now": {
			[]Interval{interval(Joint, 0, 10), interval(Pause, 10, -1)},
			Times{Now: Pause, Joint: 10 * minute, Paused: 50 * minute, Pauses: 1},
			10 * minute, 0,
		},
		"alone now": {
			[]Interval{interval(AloneB, 50, -1)},
			Times{Now: AloneB, B: 10 * minute},
			10 * minute, 10 * minute,
		},
		"a clock that was set back": {
			[]Interval{interval(Joint, 0, 10), interval(AloneA, 90, -1)},
			Times{Now: AloneA, Joint: 10 * minute},
			10 * minute, 0,
		},
		"an end before its beginning": {[]Interval{interval(Joint, 30, 10)}, Times{}, 0, 0},
	} {
		got := Sum(tt.stretches, after(60))
		if diff := cmp.Diff(tt.want, got); diff != "" || got.Total() != tt.total || got.Individual() != tt.apt {
			t.Errorf("%s: total %v, individual %v\n%s", name, got.Total(), got.Individual(), diff)
		}
	}
}

func TestStartingTwiceIsStartingOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		planned := w.plan()
		w.must(w.st.Start(t.Context(), planned, four))
		w.must(w.st.Start(t.Context(), planned, after(5))) // from a window with an earlier state
		w.must(w.st.Start(t.Context(), w.reload(planned), after(6)))
		got := w.reload(planned)
		if got.State != Running || !got.StartedAt.Equal(four) || w.count(`SELECT COUNT(*) FROM session_intervals`) != 1 {
			w.Error(got)
		}
		w.must(w.st.End(t.Context(), got, after(50)))
		w.want("started after it ended", w.st.Start(t.Context(), planned, after(60)), fault.Locked)
	})
}

func TestOneSessionRunsAtATimePerCouple(t *testing.T) {
	eachWorld(t, func(w *world) {
		first, second := w.start(), w.plan()
		w.want("a second one", w.st.Start(t.Context(), second, after(1)), fault.Conflict)
		if got := w.reload(second); got.State != Planned || w.count(`SELECT COUNT(*) FROM session_intervals WHERE session_id = ?`,
			second.ID) != 0 {
			w.Error("the second has begun:", got)
		}
		home := w.couple
		w.couple = w.meet("Quinn Applegarth", "Terry Candlewick")
		w.start() // another couple's
		w.couple = home
		w.must(w.st.End(t.Context(), first, after(50)))
		w.must(w.st.Start(t.Context(), second, after(51)))
	})
}

func TestTenPressesAtOnceStartOneClock(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.plan()
		for _, err := range atOnce(10, func(int) error { return w.st.Start(t.Context(), s, four) }) {
			w.must(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM session_intervals WHERE ended_at IS NULL`); n != 1 {
			w.Errorf("got %d open stretches", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM session_intervals`); n != 1 {
			w.Errorf("got %d stretches", n)
		}
	})
}

func TestTenTurnsAtOnceLeaveOneClock(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		kinds := []Kind{AloneA, AloneB, Pause, Joint}
		for _, err := range atOnce(10, func(i int) error { return w.st.Turn(t.Context(), s, kinds[i%4], after(10)) }) {
			w.must(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM session_intervals WHERE ended_at IS NULL`); n != 1 {
			w.Errorf("got %d open stretches", n)
		}
	})
}

func TestTurningSwitchesWhatTheClockCounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		for _, turn := range []struct {
			to Kind
			at int
		}{{Joint, 3}, {AloneA, 10}, {AloneA, 12}, {AloneB, 20}, {Pause, 30}, {Joint, 33}} {
			w.must(w.st.Turn(t.Context(), s, turn.to, after(turn.at)))
		}
		if n := w.count(`SELECT COUNT(*) FROM session_intervals`); n != 5 { // the same kind again
			w.Errorf("got %d stretches, want 5", n)
		}
		w.want("a kind that there is not", w.st.Turn(t.Context(), s, "lunch", after(34)), fault.Malformed)
		got, err := w.st.Times(t.Context(), s, after(50))
		want := Times{
			Now: Joint, Joint: 27 * time.Minute, A: 10 * time.Minute, B: 10 * time.Minute,
			Paused: 3 * time.Minute, Pauses: 1,
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			w.Error(diff, err)
		}
		w.must(w.st.End(t.Context(), s, after(53)))
		w.want("after its end", w.st.Turn(t.Context(), s, Pause, after(54)), fault.Locked)
		w.want("before its beginning", w.st.Turn(t.Context(), w.plan(), Pause, after(54)), fault.Locked)
	})
}

func TestEndingStopsTheClockAndBeginsOneNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		running := w.start()
		_, err := w.st.FindNote(t.Context(), running)
		w.want("a note before the end", err, fault.NotFound)
		w.must(w.st.End(t.Context(), running, after(53)))
		w.must(w.st.End(t.Context(), running, after(58))) // from a window with an earlier state
		w.must(w.st.End(t.Context(), w.reload(running), after(59)))
		got := w.reload(running)
		times, err := w.st.Times(t.Context(), got, after(999))
		if got.State != Ended || !got.EndedAt.Equal(after(53)) || err != nil || times.Now != "" ||
			times.Joint != 53*time.Minute {
			w.Error(got, times, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM notes`); n != 1 || w.note(got).Format != "DAP" {
			w.Errorf("got %d notes", n)
		}
	})
}

func TestARunningSessionGoesOnAfterARestart(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		w.must(w.st.Turn(t.Context(), s, AloneA, after(10)))
		w.st = NewStore(w.db, w.st.vault, methodContent(t))
		again := w.reload(s)
		got, err := w.st.Times(t.Context(), again, after(25))
		if diff := cmp.Diff(Times{Now: AloneA, Joint: 10 * time.Minute, A: 15 * time.Minute}, got); diff != "" || err != nil {
			w.Error(diff, err)
		}
		w.must(w.st.Turn(t.Context(), again, Joint, after(30)))
		w.must(w.st.End(t.Context(), again, after(50)))
	})
}

func TestTypedTimesAreCheckedAndEndASessionThatWasHeldWithoutMend(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, now := w.plan(), after(600)
		good := Correction{
			StartedAt: four, EndedAt: after(50), AMinutes: 10, BMinutes: 10,
			PausedMinutes: 5, Base: s.Revision,
		}
		for name, tt := range map[string]struct {
			field  string
			change func(*Correction)
		}{
			"no start": {"stop", func(c *Correction) { c.StartedAt = time.Time{} }},
			"no end":   {"stop", func(c *Correction) { *c = Correction{StartedAt: four, Base: c.Base} }},
			"no time at all": {
				"stop",
				func(c *Correction) { *c = Correction{StartedAt: four, EndedAt: four, Base: c.Base} },
			},
			"half a day and more":     {"stop", func(c *Correction) { c.StartedAt, c.EndedAt = after(-300), after(421) }},
			"still to come":           {"stop", func(c *Correction) { c.EndedAt = after(602) }},
			"more apart than held":    {"a_minutes", func(c *Correction) { c.AMinutes = 36 }},
			"less than nothing":       {"a_minutes", func(c *Correction) { c.PausedMinutes = -1 }},
			"more than a clock holds": {"a_minutes", func(c *Correction) { c.AMinutes = 1 << 53 }},
		} {
			c := good
			tt.change(&c)
			err := w.st.Correct(t.Context(), s, c, now)
			if faultsOf(err)[tt.field] == "" {
				w.Errorf("%s: got %v, want %s at fault", name, err, tt.field)
			}
		}
		w.must(w.st.Correct(t.Context(), s, good, now))
		got := w.reload(s)
		times, err := w.st.Times(t.Context(), got, now)
		want := Times{Joint: 25 * time.Minute, A: 10 * time.Minute, B: 10 * time.Minute, Paused: 5 * time.Minute}
		if diff := cmp.Diff(want, times); diff != "" || err != nil || got.State != Ended || !got.Corrected {
			w.Error(diff, err, got)
		}
		w.note(got)
	})
}

func TestTypedTimesNeverOverwriteWhatWasNotSeenNorWhatIsSigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		c := Correction{StartedAt: four, EndedAt: after(45), Base: s.Revision}
		w.must(w.st.Correct(t.Context(), s, c, after(60)))
		c.EndedAt = after(40)
		w.want("stale", w.st.Correct(t.Context(), s, c, after(61)), fault.Conflict)
		s = w.reload(s)
		if !s.EndedAt.Equal(after(45)) || w.count(`SELECT COUNT(*) FROM notes`) != 1 {
			w.Error(s)
		}
		running := w.start()
		w.want("running",
			w.st.Correct(t.Context(), running, Correction{StartedAt: four, EndedAt: after(9), Base: running.Revision},
				after(61)), fault.Conflict)
		w.sign(s, after(62))
		err := w.st.Correct(t.Context(), w.reload(s),
			Correction{StartedAt: four, EndedAt: after(40), Base: w.reload(s).Revision}, after(63))
		if !errors.Is(err, fault.Locked) {
			w.Errorf("signed: %v", err)
		}
	})
}
