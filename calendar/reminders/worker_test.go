package reminders

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/mail"
	"mend/internal/mailtest"
)

// TestABusyServerIsTriedForHoursAndGetsTheMessageOnce.
func TestABusyServerIsTriedForHoursAndGetsTheMessageOnce(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.Hello, mailtest.Sender, mailtest.Recipient, mailtest.Data, mailtest.Content} {
		t.Run(string(stage), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.plan(w.appointment())
				w.server.AnswerAt(stage, "451 busy")
				for minute := range 60 {
					_ = w.deliver(before(24*time.Hour - time.Duration(minute)*time.Minute)) // fails: it is busy
				}
				tried := w.server.Reached(stage)
				if tried < 4 || tried > 40 {
					t.Errorf("it was tried %d times in an hour", tried)
				}
				w.wantArrived("while it was busy", 0, 0)
				w.server.AnswerAt(stage, "")
				w.must(w.deliver(before(21 * time.Hour)))
				w.must(w.deliver(before(20 * time.Hour)))
				w.wantArrived("afterwards", 1, 1)
			})
		})
	}
}

func TestEachFurtherTryWaitsTwiceAsLongUpToAnHour(t *testing.T) {
	for attempts, least := range map[int]time.Duration{
		0: time.Minute, 1: 2 * time.Minute, 5: 32 * time.Minute, 6: time.Hour, 60: time.Hour,
	} {
		for range 50 {
			if got := backoff(attempts); got < least || got >= least+least/2 {
				t.Errorf("after %d tries it waits %v", attempts, got)
			}
		}
	}
}

// TestAServerThatNeverTakesItTellsTheCounselor when the appointment begins.
func TestAServerThatNeverTakesItTellsTheCounselor(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.Connected, mailtest.Recipient} {
		t.Run(string(stage), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.plan(w.appointment())
				w.server.AnswerAt(stage, "421 not now")
				for hour := range 25 {
					_ = w.deliver(before(time.Duration(24-hour) * time.Hour))
					_ = w.deliver(before(time.Duration(24-hour) * time.Hour)) // the second of two
				}
				w.wantState("at the appointment", couples.A, Failed)
				w.wantArrived("at the appointment", 0, 0)
			})
		})
	}
}

// TestARefusalTellsTheCounselorAlone, until the counselor has seen it.
func TestARefusalTellsTheCounselorAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.appointment()
		a.With = couples.A
		w.plan(a)
		w.server.AnswerAt(mailtest.Recipient, "550 no such mailbox")
		w.must(w.deliver(before(24 * time.Hour)))
		w.server.AnswerAt(mailtest.Recipient, "")
		w.must(w.deliver(before(time.Hour)))
		w.wantState("refused", couples.A, Failed)
		w.wantArrived("refused", 0, 0)
		for counselor, want := range map[string]int{w.dana.ID: 1, "another": 0} {
			list, err := w.st.Troubles(t.Context(), w.dana.PracticeID, counselor)
			if err != nil || len(list) != want {
				t.Fatalf("%d troubles, want %d; %v", len(list), want, err)
			}
			if want == 1 && (list[0].Name != "Robin" || list[0].State != Failed) {
				t.Errorf("got %+v", list[0])
			}
		}
		list, err := w.st.Troubles(t.Context(), w.dana.PracticeID, w.dana.ID)
		w.must(err)
		w.must(w.st.MarkSeen(t.Context(), w.dana.PracticeID, "another", list[0].ID, thursday))
		if list, _ := w.st.Troubles(t.Context(), w.dana.PracticeID, w.dana.ID); len(list) != 1 {
			t.Error("another counselor marked it as seen")
		}
		w.must(w.st.MarkSeen(t.Context(), w.dana.PracticeID, w.dana.ID, list[0].ID, thursday))
		if list, _ := w.st.Troubles(t.Context(), w.dana.PracticeID, w.dana.ID); len(list) != 0 {
			t.Error("it is shown after it was seen")
		}
	})
}

// TestALostAnswerIsNeverSentAgain: the message may have arrived, so the counselor is told.
func TestALostAnswerIsNeverSentAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.server.AnswerAt(mailtest.Content, mailtest.Hangup)
		w.must(w.deliver(before(24 * time.Hour)))
		w.server.AnswerAt(mailtest.Content, "")
		w.must(w.deliver(before(23 * time.Hour)))
		w.must(w.deliver(before(time.Hour)))
		w.wantState("the answer was lost", couples.A, Unknown)
		w.wantArrived("the answer was lost", 0, 0)
		if n := w.server.Reached(mailtest.Content); n != 2 {
			t.Errorf("two messages were handed over %d times", n)
		}
		if list, err := w.st.Troubles(t.Context(), w.dana.PracticeID, w.dana.ID); err != nil || len(list) != 2 {
			t.Errorf("the counselor is told of %d; %v", len(list), err)
		}
	})
}

// TestNobodyThereIsTriedAgain.
func TestNobodyThereIsTriedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.server.AnswerAt(mailtest.Connected, mailtest.Hangup)
		for range 2 {
			if err := w.deliver(before(24 * time.Hour)); !errors.Is(err, mail.ErrLater) {
				t.Error("nobody learns of it:", err)
			}
		}
		w.server.AnswerAt(mailtest.Connected, "")
		w.must(w.deliver(before(23 * time.Hour)))
		w.wantArrived("an hour later", 1, 1)
	})
}

// TestAProcessThatStopsLosesNoMessageAndSendsNoneTwice: if it stops before handing the message
// over, another process sends it; if after, nobody does.
func TestAProcessThatStopsLosesNoMessageAndSendsNoneTwice(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.must(w.deliver(before(25 * time.Hour)))
		due := before(24 * time.Hour)
		w.at(due)
		first, err := w.st.claim(t.Context(), due) // then the process stops
		w.must(err)
		second, err := w.st.claim(t.Context(), due)
		w.must(err)
		if began, err := second.begin(t.Context(), w.db, due); !began || err != nil { // then the process stops
			t.Fatal(began, err)
		}
		if _, err := w.st.claim(t.Context(), due); !isNone(err) {
			t.Error("a third is due:", err)
		}
		w.must(w.deliver(due.Add(lease - time.Second)))
		w.wantArrived("while both may still live", 0, 0)
		w.must(w.deliver(due.Add(lease)))
		w.must(w.deliver(due.Add(2 * lease)))
		if n := len(w.server.Taken()); n != 1 {
			t.Errorf("%d messages arrived", n)
		}
		var state State
		w.must(w.db.Get(t.Context(), &state, `SELECT state FROM reminders WHERE id = ?`, second.ID))
		if state != Unknown {
			t.Errorf("the other one is %s", state)
		}
		if began, _ := first.begin(t.Context(), w.db, due); began {
			t.Error("the first process, come back, sends it once more")
		}
	})
}

// TestAReminderThatIsHandedOverWhileItIsCanceledIsNotTriedAgain.
func TestAReminderThatIsHandedOverWhileItIsCanceledIsNotTriedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.appointment()
		a.With = couples.A
		w.plan(a)
		w.server.Answer(func(at mailtest.Stage) string {
			if at != mailtest.Recipient {
				return ""
			}
			w.cancel("thursday")
			return "451 busy"
		})
		w.must(w.deliver(before(24 * time.Hour)))
		w.server.AnswerAt(mailtest.Recipient, "")
		w.must(w.deliver(before(time.Hour)))
		w.wantArrived("canceled meanwhile", 0, 0)
		w.wantState("canceled meanwhile", couples.A, Dropped)
	})
}

// TestAReminderThatWasDroppedMeanwhileIsNotBegun by the process that claimed it.
func TestAReminderThatWasDroppedMeanwhileIsNotBegun(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.must(w.deliver(before(25 * time.Hour))) // too early for both
		r, err := w.st.claim(t.Context(), before(24*time.Hour))
		w.must(err)
		w.cancel("thursday")
		if began, err := r.begin(t.Context(), w.db, before(24*time.Hour)); began || err != nil {
			t.Error("it is sent:", began, err)
		}
	})
}

// TestTwoProcessesSendEachMessageOnce, running at the same time.
func TestTwoProcessesSendEachMessageOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		const many = 40
		w.must(w.db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
			for i := range many {
				a := w.appointment()
				a.ID, a.StartsAt = fmt.Sprint(i), thursday.Add(time.Duration(i)*time.Second)
				if err := Plan(ctx, tx, a, planned); err != nil {
					return err
				}
			}
			return nil
		}))
		w.at(before(23 * time.Hour))
		var processes sync.WaitGroup
		for range 2 {
			sends := w.worker()
			processes.Go(func() {
				if err := sends.Deliver(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		processes.Wait()
		w.wantArrived("from two processes", many, many)
		known := map[string]bool{}
		for _, d := range w.server.Taken() {
			known[d.Text] = true
		}
		if len(known) != 2*many {
			t.Errorf("%d messages are alike", 2*many-len(known))
		}
	})
}

// TestWhatMayHaveBeenSentSinceABackupIsNotSentAgain.
func TestWhatMayHaveBeenSentSinceABackupIsNotSentAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.couples.ChooseReminders(t.Context(), w.couple, w.couple.Partners[1], couples.Reminders{Stopped: true}, planned))
		w.plan(w.appointment())
		next := w.appointment()
		next.ID, next.StartsAt = "next", thursday.Add(72*time.Hour)
		w.plan(next)
		w.must(w.st.AfterRestore(t.Context(), before(23*time.Hour)))
		w.must(w.deliver(before(22 * time.Hour)))
		w.wantArrived("after the backup was restored", 0, 0)
		w.must(w.deliver(next.StartsAt.Add(-24 * time.Hour)))
		w.wantArrived("of the next appointment", 1, 0)
		if got := fmt.Sprint(w.states(couples.A, OfAppointment), w.states(couples.B, OfAppointment)); got !=
			"[unknown sent] [dropped dropped]" {
			t.Error(got)
		}
	})
}
