package reminders

import (
	"context"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/i18n"
	"mend/internal/mailtest"
)

// TestAMessageSaysWhatWasAllowedAndNotAWordMore, in each wording and language.
func TestAMessageSaysWhatWasAllowedAndNotAWordMore(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		language *i18n.Language
		topic    Topic
		wording  couples.MessageWording
		want     string
	}{
		{i18n.English, OfAppointment, couples.SayNeutral, "You have an appointment on Thursday at 4:00 PM."},
		{
			i18n.English, OfAppointment, couples.SayPractice,
			"You have an appointment with Riverbend on Thursday at 4:00 PM.",
		},
		{
			i18n.English, OfAppointment, couples.SayLink,
			"You have an appointment with Riverbend on Thursday at 4:00 PM.\n\nhttps://mend.example/login",
		},
		{
			i18n.English, OfHomework, couples.SayLink,
			"You have something in your account. Sign in when you are in a private place.",
		},
		{i18n.Spanish, OfAppointment, couples.SayNeutral, "Tienes una cita: jueves, 4:00 p. m."},
		{i18n.Spanish, OfAppointment, couples.SayPractice, "Tienes una cita con Riverbend: jueves, 4:00 p. m."},
		{
			i18n.Spanish, OfHomework, couples.SayNeutral,
			"Tienes algo en tu cuenta. Inicia sesión cuando estés en un lugar privado.",
		},
	} {
		r := reminder{Topic: test.topic, StartsAt: thursday}
		if got := text(test.language, r, test.wording, "Riverbend", "https://mend.example/login", zone); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestAnAppointmentKeepsItsOwnClock, also when the clocks change in between.
func TestAnAppointmentKeepsItsOwnClock(t *testing.T) {
	eachWorld(t, func(w *world) {
		chicago := w.appointment()
		chicago.Zone, chicago.StartsAt = "America/Chicago", time.Date(2031, 3, 9, 20, 0, 0, 0, time.UTC) // the clocks change that night
		w.at(chicago.StartsAt.Add(-72 * time.Hour))
		w.plan(chicago)
		w.must(w.deliver(chicago.StartsAt.Add(-24 * time.Hour)))
		if texts := w.texts(couples.A); len(texts) != 1 || !strings.Contains(texts[0], "on Sunday at 3:00 PM.") {
			t.Error(texts)
		}
	})
}

// TestAMessageHoldsNoNameOfAPerson and is signed with the name that the partner chose.
func TestAMessageHoldsNoNameOfAPerson(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.allow(couples.A, couples.SayLink)
		w.plan(w.appointment())
		w.must(w.deliver(before(24 * time.Hour)))
		text := w.texts(couples.A)[0]
		for _, never := range []string{"Robin", "Sasha", "Dana", "Madeup", "couple", "counsel", "therap", "List-Unsubscribe", "Mend "} {
			if strings.Contains(text, never) {
				t.Errorf("it says %s:\n%s", never, text)
			}
		}
		if !strings.Contains(text, `From: "Front office"`) || !strings.Contains(text, "Subject: Reminder\r\n") {
			t.Errorf("it begins otherwise:\n%s", text)
		}
		if strings.Contains(w.texts(couples.B)[0], "mend.example") {
			t.Error("the other gets a link that they did not allow")
		}
	})
}

// TestAMessageArrivesWithinTheHoursOfThePartner, in the time zone of the appointment.
func TestAMessageArrivesWithinTheHoursOfThePartner(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.allowAt(couples.A, couples.SayNeutral, 18, 20)
		w.allowAt(couples.B, couples.SayNeutral, 8, 10)
		w.plan(w.appointment()) // due on Wednesday at 4:00 PM
		w.must(w.deliver(before(24 * time.Hour)))
		w.wantArrived("at 4 PM", 0, 0)
		w.must(w.deliver(before(22*time.Hour + time.Minute)))
		w.wantArrived("at 5:59 PM", 0, 0)
		w.must(w.deliver(before(22 * time.Hour)))
		w.wantArrived("at 6 PM", 1, 0)
		w.must(w.deliver(before(8 * time.Hour)))
		w.wantArrived("at 8 AM", 1, 1)
	})
}

// TestHoursThatComeTooLateAreNoReason to send at another time.
func TestHoursThatComeTooLateAreNoReason(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.st.SaveSettings(t.Context(), w.dana.PracticeID, Settings{Hours: 2}))
		w.allowAt(couples.A, couples.SayNeutral, 18, 20)
		w.plan(w.appointment())
		w.must(w.deliver(before(2 * time.Hour)))
		w.wantArrived("two hours before", 0, 1)
		w.wantState("two hours before", couples.A, Dropped)
	})
}

// TestWhatChangedSincePlanningCounts: a partner who stopped messages, a caution, or a pending
// decision stops the message up to the moment it is handed over.
func TestWhatChangedSincePlanningCounts(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"stopped": func(w *world) {
			w.must(w.couples.ChooseReminders(w.Context(), w.couple, w.couple.Partners[0], couples.Reminders{Stopped: true}, planned))
		},
		"cautioned": func(w *world) {
			w.must(couples.NoteCaution(w.Context(), w.db, w.v, w.dana.PracticeID, w.couple.ID, w.couple.Partners[0].ID, true))
		},
		"held": func(w *world) {
			up := couples.FollowUp{
				PracticeID: w.dana.PracticeID, CoupleID: w.couple.ID, PartnerID: w.couple.Partners[0].ID, Holds: true,
			}
			w.must(couples.PlaceFollowUp(w.Context(), w.db, w.v, up, "record", planned))
		},
		"nothing may be said": func(w *world) { w.allow(couples.A, couples.SayNothing) },
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.plan(w.appointment())
				change(w)
				w.must(w.deliver(before(24 * time.Hour)))
				w.wantArrived(name, 0, 1)
				w.wantState(name, couples.A, Dropped)
			})
		})
		t.Run(name+" while the server is called", func(t *testing.T) {
			eachWorld(t, func(w *world) {
				a := w.appointment()
				a.With = couples.A
				w.plan(a)
				w.server.Answer(func(at mailtest.Stage) string {
					if at == mailtest.Hello {
						change(w)
					}
					return ""
				})
				w.must(w.deliver(before(24 * time.Hour)))
				w.wantArrived(name, 0, 0)
				w.wantState(name, couples.A, Dropped)
			})
		})
	}
}

// TestHomeworkIsToldOfOnceAndOnlyToWhoAskedForIt, and only to a partner who has homework.
func TestHomeworkIsToldOfOnceAndOnlyToWhoAskedForIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		hasSome := map[string]bool{}
		deliver := func(now time.Time) { w.deliverWithHomework(now, hasSome) }
		for _, p := range w.couple.Partners {
			hasSome[p.ID] = true
		}
		w.must(w.couples.ChooseReminders(w.Context(), w.couple, w.couple.Partners[0], couples.Reminders{Nudges: true}, planned))
		w.plan(w.appointment())
		deliver(before(48 * time.Hour))
		w.wantArrived("two days before", 1, 0)
		if text := w.texts(couples.A); !strings.Contains(text[0], "You have something in your account.") {
			t.Error(text)
		}
		deliver(before(47 * time.Hour))
		w.wantArrived("an hour later", 1, 0)

		hasSome = map[string]bool{}
		next := w.appointment()
		next.ID, next.StartsAt = "next", thursday.Add(7*24*time.Hour)
		w.plan(next)
		deliver(before(-5 * 24 * time.Hour))
		w.wantArrived("with nothing left to do", 1, 0)
	})
}

// deliverWithHomework delivers what is due while the partners with these ids have homework.
func (w *world) deliverWithHomework(now time.Time, has map[string]bool) {
	w.Helper()
	w.at(now)
	sends := w.worker()
	sends.Homework = func(_ context.Context, _ *database.DB, _, partner string, _ time.Time) (bool, error) {
		return has[partner], nil
	}
	w.must(sends.Deliver(w.Context()))
}

// TestAskingForHomeworkRemindersAllowsNoMessage that the partner stopped or that a caution forbids.
func TestAskingForHomeworkRemindersAllowsNoMessage(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, b := w.couple.Partners[0], w.couple.Partners[1]
		w.must(w.couples.ChooseReminders(w.Context(), w.couple, a, couples.Reminders{Nudges: true, Stopped: true}, planned))
		w.must(w.couples.ChooseReminders(w.Context(), w.couple, b, couples.Reminders{Nudges: true}, planned))
		w.must(couples.NoteCaution(w.Context(), w.db, w.v, w.dana.PracticeID, w.couple.ID, b.ID, true))
		w.plan(w.appointment())
		w.deliverWithHomework(before(48*time.Hour), map[string]bool{a.ID: true, b.ID: true})
		w.wantArrived("two days before", 0, 0)
	})
}

func TestACoupleWhoseCounselingEndedIsSentNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		_, err := w.db.Exec(t.Context(), `
			INSERT INTO closings (id, practice_id, couple_id, ending, closed_at, a_until, b_until, form_key)
			VALUES ('c', ?, ?, 'lost-contact', ?, ?, ?, 'k')`, w.dana.PracticeID, w.couple.ID, planned, planned, planned)
		w.must(err)
		w.must(w.deliver(before(24 * time.Hour)))
		w.wantArrived("closed", 0, 0)
		w.wantState("closed", couples.A, Dropped)
	})
}
