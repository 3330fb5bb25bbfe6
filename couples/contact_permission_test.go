package couples_test

import (
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
)

// TestNothingIsSentOnceCounselingEnded, to either partner, until it is taken up again.
func TestNothingIsSentOnceCounselingEnded(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.must(p.save(couples.B, askedAlone("sasha@private.example")))
		both := func(when string, want bool) {
			t.Helper()
			p.wantSent(when, couples.A, want)
			p.wantSent(when, couples.B, want)
		}
		both("before", true)
		people := accounts.NewStore(p.db, p.v, accounts.NewHashing(1, 8))
		end := couples.Closing{
			Ending: couples.EnoughForNow, AUntil: at.AddDate(0, 1, 0), BUntil: at.AddDate(0, 1, 0), FormKey: "end",
		}
		p.must(p.st.Close(t.Context(), people, p.c, end, nothingPlanned, at))
		both("ended", false)
		p.must(p.st.Reopen(t.Context(), people, p.c, "They called.", at.Add(time.Hour)))
		both("taken up again", true)
	})
}

// TestWhoStopsMessagesAsksForNoneOfHomework: one choice does not outlive the other.
func TestWhoStopsMessagesAsksForNoneOfHomework(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		robin := p.c.Partners[0]
		both := couples.Reminders{Stopped: true, Nudges: true}
		p.must(p.st.ChooseReminders(t.Context(), p.c, robin, both, at))
		got, err := p.st.Reminders(t.Context(), p.c.PracticeID, robin.ID)
		if err != nil || got != (couples.Reminders{Stopped: true}) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}
