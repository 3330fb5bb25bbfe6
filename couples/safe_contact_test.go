package couples_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/vault"
)

const today = "2031-03-12"

// askedAlone returns what a partner answered when asked alone.
func askedAlone(address string) couples.SafeContact {
	return couples.SafeContact{
		Channel: couples.Email, Wording: couples.SayNeutral, Address: address, Sender: "Front office",
		From: 8, Until: 20, NoVoicemail: true, AskedOn: today,
	}
}

// A contactPlace is a couple whose partners are asked how to reach them.
type contactPlace struct {
	*testing.T
	db *database.DB
	v  *vault.Vault
	st *couples.Store
	c  couples.Couple
}

func eachContactPlace(t *testing.T, story func(p *contactPlace)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := &contactPlace{T: t, db: db, v: dbtest.Vault(t, db)}
		p.st = couples.NewStore(db, p.v, kinds)
		p.c = create(t, p.st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		story(p)
	})
}

func (p *contactPlace) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *contactPlace) save(side couples.Side, s couples.SafeContact) error {
	stored, err := p.st.SafeContact(p.Context(), p.c, p.c.Partner(side))
	p.must(err)
	s.ConfirmedAt = stored.ConfirmedAt
	return p.st.SaveSafeContact(p.Context(), p.c, p.c.Partner(side), s, true, today, at)
}

func (p *contactPlace) exec(query string, args ...any) {
	p.Helper()
	if _, err := p.db.Exec(p.Context(), query, args...); err != nil {
		p.Fatal(err)
	}
}

// wantSent checks whether a message may be sent to a partner.
func (p *contactPlace) wantSent(when string, side couples.Side, want bool) {
	p.Helper()
	p.must(p.db.InTx(p.Context(), func(ctx context.Context, tx *database.DB) error {
		_, may, err := couples.Permission(ctx, tx, p.v, p.c.PracticeID, p.c.Partner(side).ID)
		if may != want {
			p.Errorf("%s, a message to %s: %v, want %v", when, side, may, want)
		}
		return err
	}))
}

func (p *contactPlace) caution(side couples.Side, forbids bool) {
	p.Helper()
	p.must(couples.NoteCaution(p.Context(), p.db, p.v, p.c.PracticeID, p.c.ID, p.c.Partner(side).ID, forbids))
}

// TestASafeContactComesBackAsItWasConfirmed, with who confirmed it and when, and neither partner
// can read it.
func TestASafeContactComesBackAsItWasConfirmed(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		robin := p.c.Partners[0]
		before, err := p.st.SafeContact(p.Context(), p.c, robin)
		if err != nil || before.IsConfirmed() || before.AskedOn != "" || before.MayMail() {
			t.Fatalf("before anybody asked: %+v %v", before, err)
		}
		want := askedAlone("robin@private.example")
		p.must(p.save(couples.A, want))
		got, err := p.st.SafeContact(p.Context(), p.c, robin)
		p.must(err)
		if got.ConfirmedBy == nil || *got.ConfirmedBy != p.c.CounselorID || !got.ConfirmedAt.Equal(at) {
			t.Errorf("confirmed by %v at %v", got.ConfirmedBy, got.ConfirmedAt)
		}
		want.ConfirmedBy, want.ConfirmedAt = got.ConfirmedBy, got.ConfirmedAt
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, partner := range p.c.Partners {
			mine, _, err := p.st.FindForPartner(p.Context(), p.c.PracticeID, partner.ID)
			p.must(err)
			if s, err := p.st.SafeContact(p.Context(), mine, robin); err == nil {
				t.Errorf("%s reads %+v", partner.Name, s)
			}
		}
	})
}

// TestNothingIsSentBeforeAPartnerWasAskedAlone, nor by a channel or in a wording that the partner
// did not allow.
func TestNothingIsSentBeforeAPartnerWasAskedAlone(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.wantSent("before anybody asked", couples.A, false)
		if (couples.SafeContact{Channel: couples.Email, Wording: couples.SayNeutral}).MayMail() {
			p.Error("what nobody confirmed allows a message")
		}
		said := askedAlone("robin@private.example")
		wantFaults(t, p.st.SaveSafeContact(p.Context(), p.c, p.c.Partners[0], said, false, today, at), "asked")
		p.wantSent("without having been asked alone", couples.A, false)
		p.must(p.save(couples.A, said))
		p.wantSent("after it was confirmed", couples.A, true)
		p.wantSent("after the other was asked", couples.B, false)
		quiet := said
		quiet.Wording = couples.SayNothing
		p.must(p.save(couples.A, quiet))
		p.wantSent("where nothing may be said", couples.A, false)
		none := said
		none.Channel = couples.NoChannel
		p.must(p.save(couples.A, none))
		p.wantSent("where no channel is safe", couples.A, false)
	})
}

// TestWhatStandsInTheIndividualFileOverridesWhatWasConfirmed, also when the contact is confirmed
// again, and only for the partner whose file it is.
func TestWhatStandsInTheIndividualFileOverridesWhatWasConfirmed(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.must(p.save(couples.B, askedAlone("sasha@private.example")))
		p.caution(couples.A, true)
		p.wantSent("under a caution", couples.A, false)
		p.wantSent("under a caution about the other", couples.B, true)
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.wantSent("under a caution, confirmed again", couples.A, false)
		p.caution(couples.A, false)
		p.wantSent("without the caution", couples.A, true)

		up := couples.FollowUp{PracticeID: p.c.PracticeID, CoupleID: p.c.ID, PartnerID: p.c.Partners[0].ID, Holds: true}
		p.must(couples.PlaceFollowUp(p.Context(), p.db, p.v, up, "record", at))
		p.wantSent("while joint work is held", couples.A, false)
		p.wantSent("while joint work is held for the other", couples.B, true)
		_, open, err := p.st.DecidedOf(p.Context(), p.c, p.c.Partners[0])
		p.must(err)
		p.must(p.st.Decide(p.Context(), p.c, p.c.Partners[0], couples.Decision{
			Decision: couples.Decisions[0], Reasons: "Both want it, asked alone.", Seen: open,
		}, at))
		p.wantSent("after the decision", couples.A, true)
	})
}

// TestACautionBeforeAnybodyAskedStays when the partner is asked later.
func TestACautionBeforeAnybodyAskedStays(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.caution(couples.A, true)
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.wantSent("under an earlier caution", couples.A, false)
	})
}

// TestAPartnerStopsMessagesAlone, and only that partner can allow them again.
func TestAPartnerStopsMessagesAlone(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.must(p.save(couples.B, askedAlone("sasha@private.example")))
		mine, me, err := p.st.FindForPartner(p.Context(), p.c.PracticeID, p.c.Partners[0].ID)
		p.must(err)
		choose := func(want couples.Reminders) {
			t.Helper()
			p.must(p.st.ChooseReminders(p.Context(), mine, me, want, at))
			got, err := p.st.Reminders(p.Context(), p.c.PracticeID, me.ID)
			if err != nil || got != want {
				t.Errorf("got %+v, want %+v; %v", got, want, err)
			}
		}
		choose(couples.Reminders{Stopped: true})
		p.wantSent("after it was stopped", couples.A, false)
		p.wantSent("after the other stopped", couples.B, true)
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.wantSent("stopped, and confirmed again by the counselor", couples.A, false)
		choose(couples.Reminders{Nudges: true})
		p.wantSent("after it was allowed again", couples.A, true)
	})
}

// TestWhatIsWrongWithASafeContactIsSaidAtItsField, and nothing of the form is stored.
func TestWhatIsWrongWithASafeContactIsSaidAtItsField(t *testing.T) {
	wrong := map[string]func(s *couples.SafeContact){
		"address":  func(s *couples.SafeContact) { s.Channel, s.Address = couples.NoChannel, "robin" },
		"channel":  func(s *couples.SafeContact) { s.Channel = "pigeon" },
		"wording":  func(s *couples.SafeContact) { s.Wording = "everything" },
		"sender":   func(s *couples.SafeContact) { s.Sender = "Front\r\nBcc: all@example.org" },
		"until":    func(s *couples.SafeContact) { s.From, s.Until = 20, 8 },
		"asked_on": func(s *couples.SafeContact) { s.AskedOn = "2031-03-13" },
	}
	eachContactPlace(t, func(p *contactPlace) {
		for field, change := range wrong {
			s := askedAlone("robin@private.example")
			change(&s)
			wantFaults(t, p.save(couples.A, s), field)
		}
		for _, address := range []string{
			"", "robin", "robin@", "Robin <robin@private.example>", "robin@private.example, eve@example.org",
			"robin@private.example\r\nBcc: eve@example.org", "robin@private.example\nX: y", "a b@example.org",
			"<robin@private.example>", "robin\u2028@private.example", "robin\u0085@private.example",
			strings.Repeat("r", 250) + "@example.org",
		} {
			if err := p.save(couples.A, askedAlone(address)); err == nil {
				t.Errorf("%q is taken", address)
			}
		}
		for _, hours := range [][2]int{{-1, 8}, {8, 25}, {8, 8}} {
			s := askedAlone("robin@private.example")
			s.From, s.Until = hours[0], hours[1]
			wantFaults(t, p.save(couples.A, s), "until")
		}
		p.wantSent("after all of these", couples.A, false)
		wholeDay := askedAlone("robin@private.example")
		wholeDay.From, wholeDay.Until = 0, 24
		p.must(p.save(couples.A, wholeDay))
	})
}

// TestOneAddressForBothPartnersIsRefused, because the other partner would read the messages.
func TestOneAddressForBothPartnersIsRefused(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("home@private.example")))
		wantFaults(t, p.save(couples.B, askedAlone(" Home@Private.example")), "address")
		p.wantSent("after it was refused", couples.B, false)
		p.must(p.save(couples.A, askedAlone("home@private.example")))
	})
}

// TestASafeContactThatWasChangedPastTheProgramIsNotUsed, and the next change does not write a valid
// MAC for it.
func TestASafeContactThatWasChangedPastTheProgramIsNotUsed(t *testing.T) {
	for _, change := range []string{
		`UPDATE safe_contacts SET wording = 'link'`, `UPDATE safe_contacts SET cautioned = FALSE`,
		`UPDATE safe_contacts SET stopped_at = NULL, until_hour = 24`, `UPDATE safe_contacts SET asked_on = '2031-01-01'`,
	} {
		t.Run(change, func(t *testing.T) { eachContactPlace(t, func(p *contactPlace) { p.changedPast(change) }) })
	}
}

func (p *contactPlace) changedPast(change string) {
	p.must(p.save(couples.A, askedAlone("robin@private.example")))
	p.exec(change + `, no_voicemail = FALSE`)
	p.wantSent(change, couples.A, false)
	if warning, err := p.st.ContactWarning(p.Context(), p.c, p.c.Partners[0]); err != nil ||
		warning != (couples.ContactWarning{Channel: couples.NoChannel, NoVoicemail: true}) {
		p.Errorf("%s: %+v %v", change, warning, err)
	}
	p.caution(couples.A, false)
	p.wantSent(change+", and another change", couples.A, false)
}

// TestTheFrontDeskLearnsTheChannelAndNeverWhy: a caution, a stop and a plain no are shown alike.
func TestTheFrontDeskLearnsTheChannelAndNeverWhy(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		robin := p.c.Partners[0]
		want := func(when string, want couples.ContactWarning) {
			t.Helper()
			got, err := p.st.ContactWarning(p.Context(), p.c, robin)
			if err != nil || got != want {
				t.Errorf("%s: %+v, want %+v; %v", when, got, want, err)
			}
		}
		none := couples.ContactWarning{Asked: true, Channel: couples.NoChannel, NoVoicemail: true}
		want("before", couples.ContactWarning{Channel: couples.NoChannel, NoVoicemail: true})
		said := askedAlone("robin@private.example")
		p.must(p.save(couples.A, said))
		want("asked", couples.ContactWarning{Asked: true, Channel: couples.Email, NoVoicemail: true})
		p.caution(couples.A, true)
		want("under a caution", none)
		p.caution(couples.A, false)
		p.must(p.st.ChooseReminders(p.Context(), p.c, robin, couples.Reminders{Stopped: true}, at))
		want("stopped", none)
		p.must(p.st.ChooseReminders(p.Context(), p.c, robin, couples.Reminders{}, at))
		said.Channel = couples.NoChannel
		p.must(p.save(couples.A, said))
		want("a plain no", none)
	})
}

// TestErasingOnePartnerTakesTheirSafeContactWithIt and leaves the other's.
func TestErasingOnePartnerTakesTheirSafeContactWithIt(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		p.must(p.save(couples.B, askedAlone("sasha@private.example")))
		people := accounts.NewStore(p.db, p.v, accounts.NewHashing(1, 8))
		p.must(p.st.Erase(p.Context(), people, p.c, askErasure("A"), later))
		p.wantSent("erased", couples.A, false)
		p.wantSent("the other erased", couples.B, true)
		if n := count(t, p.db, `SELECT COUNT(*) FROM safe_contacts`); n != 1 {
			t.Error(n, "safe contacts are left")
		}
	})
}

// TestAnotherPracticeNeitherReadsNorUsesASafeContact.
func TestAnotherPracticeNeitherReadsNorUsesASafeContact(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		p.must(p.save(couples.A, askedAlone("robin@private.example")))
		elsewhere := practice(t, p.db, "ola@example.org")
		p.must(p.db.InTx(p.Context(), func(ctx context.Context, tx *database.DB) error {
			_, may, err := couples.Permission(ctx, tx, p.v, elsewhere.PracticeID, p.c.Partners[0].ID)
			if may {
				t.Error("another practice may send")
			}
			return err
		}))
		theirs := p.c
		theirs.PracticeID, theirs.Reader = elsewhere.PracticeID, vault.ForCounselor(elsewhere.PracticeID, elsewhere.ID, p.c.ID)
		if s, err := p.st.SafeContact(p.Context(), theirs, p.c.Partners[0]); err == nil && s.Address != "" {
			t.Errorf("another practice reads %+v", s)
		}
	})
}

func TestASafeContactThatWasChangedMeanwhileIsNotOverwritten(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		first := askedAlone("robin@private.example")
		p.must(p.st.SaveSafeContact(p.Context(), p.c, p.c.Partners[0], first, true, today, at))
		second := askedAlone("another@private.example")
		if err := p.st.SaveSafeContact(p.Context(), p.c, p.c.Partners[0], second, true, today, at.Add(time.Minute)); !errors.Is(
			err, fault.Conflict) {
			t.Errorf("from a page of before: %v", err)
		}
		stored, err := p.st.SafeContact(p.Context(), p.c, p.c.Partners[0])
		if err != nil || stored.Address != "robin@private.example" {
			t.Error(stored.Address, err)
		}
	})
}
