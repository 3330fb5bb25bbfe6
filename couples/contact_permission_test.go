package couples_test

import (
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
)

// TestNothingIsSentOnceCounselingEnded, to either partner, until the work is reopened.
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

// TestWhoStopsMessagesAsksForNoneOfHomework: stopping messages also turns off those about homework.
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

// TestAConcernThatWasSettledPastTheProgramStillStopsMessages: a follow-up marked as decided
// directly in the database still stops messages to its partner.
func TestAConcernThatWasSettledPastTheProgramStillStopsMessages(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.must(couples.PlaceFollowUp(t.Context(), p.db, p.v, couples.FollowUp{
			PracticeID: p.c.PracticeID, CoupleID: p.c.ID, PartnerID: p.c.Partners[0].ID, Holds: true,
		}, "record", at))
		p.wantSent("while it is undecided", couples.A, false)
		p.exec(`UPDATE follow_ups SET decided_at = ?`, at)
		p.wantSent("settled past the program", couples.A, false)
	})
}
