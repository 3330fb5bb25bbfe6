package consents_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/couples/consents"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
)

var at = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

// A place is a practice with one couple and one published form, in English and Spanish.
type place struct {
	*testing.T
	db      *database.DB
	st      *consents.Store
	couples *couples.Store
	dana    accounts.Counselor
	couple  couples.Couple
	version consents.Version
	presses int
}

func (p *place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// want checks which error an attempt returned.
func (p *place) want(what string, got, want error) {
	p.Helper()
	if !errors.Is(got, want) {
		p.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func each(t *testing.T, story func(p *place)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		p := &place{T: t, db: db, st: consents.NewStore(db, v), couples: couples.NewStore(db, v, []string{"affair"})}
		practice := accounts.Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"}
		p.dana = accounts.Counselor{Email: "dana@example.org", Name: "Dana Invented"}
		p.must(accounts.NewStore(db, v, accounts.NewHashing(1, 8)).CreatePractice(t.Context(), &practice, &p.dana,
			"seven quiet herons", at))
		p.couple = couples.Couple{
			PracticeID: p.dana.PracticeID, CounselorID: p.dana.ID, FormKey: "key", CreatedAt: at,
			Partners: [2]couples.Partner{
				{Name: "Robin Invented", AddressAs: "Robin"}, {Name: "Sasha Madeup", AddressAs: "Sasha"},
			},
			Breaches: []couples.Breach{{Name: "The summer", Broke: couples.B, KindList: "affair"}},
		}
		p.must(p.couples.Create(t.Context(), &p.couple))
		p.version = p.publish("fees", "Fees", "An hour costs ten pebbles.")
		story(p)
	})
}

// publish creates a form of a kind and publishes it.
func (p *place) publish(kind consents.Kind, title, text string) consents.Version {
	p.Helper()
	id, err := p.st.MakeForm(p.Context(), p.dana.PracticeID, p.dana.ID, kind, title)
	p.must(err)
	p.rewrite(id, title, text)
	return p.newest(id)
}

// rewrite saves a text of a form and publishes it.
func (p *place) rewrite(id, title, text string) {
	p.Helper()
	f, err := p.st.FindForm(p.Context(), p.dana.PracticeID, id)
	p.must(err)
	f.Title, f.Text, f.TitleES, f.TextES = title, text, "Tarifas", "Una hora cuesta diez piedritas."
	p.must(p.st.SaveForm(p.Context(), p.dana.PracticeID, f))
	p.must(p.st.Publish(p.Context(), p.dana.PracticeID, p.dana.ID, id, f.Revision+1, at))
}

func (p *place) newest(form string) consents.Version {
	p.Helper()
	list, err := p.st.Versions(p.Context(), p.dana.PracticeID, form)
	p.must(err)
	return list[0]
}

func (p *place) give(side couples.Side, key string) {
	p.Helper()
	p.presses++
	now := at.Add(time.Duration(p.presses) * time.Minute)
	p.must(p.st.Give(p.Context(), p.couple, p.couple.Partner(side), []string{p.version.ID}, key, now))
}

// mine returns the couple as read by a partner, and that partner.
func (p *place) mine(side couples.Side) (couples.Couple, couples.Partner) {
	p.Helper()
	mine, me, err := p.couples.FindForPartner(p.Context(), p.couple.PracticeID, p.couple.Partner(side).ID)
	p.must(err)
	return mine, me
}

// list returns a partner's consents as that partner reads them.
func (p *place) list(side couples.Side) []consents.Consent {
	p.Helper()
	mine, me := p.mine(side)
	list, err := p.st.List(p.Context(), mine, me)
	p.must(err)
	return list
}

// reply gives an answer to the partner's newest consent, read in English.
func (p *place) reply(side couples.Side, answer consents.State, key string) error {
	p.Helper()
	mine, me := p.mine(side)
	list := p.list(side)
	words, _ := list[0].Version.In(i18n.English)
	return p.st.Reply(p.Context(), mine, me, consents.Reply{
		Consent: list[0].ID, Answer: answer, Name: me.Name, TextHash: words.Hash(), Zone: "America/Denver", FormKey: key,
	}, at.Add(time.Hour))
}

func (p *place) wantState(when string, side couples.Side, want consents.State) {
	p.Helper()
	if list := p.list(side); len(list) == 0 || list[0].State() != want {
		p.Errorf("%s: %+v, want %s", when, list, want)
	}
}

func TestEachPartnerSignsWhatTheyReadAloneAndReadsItAgain(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "give")
		p.give(couples.A, "give") // submitted twice
		p.give(couples.A, "another press")
		if list := p.list(couples.A); len(list) != 1 || list[0].State() != consents.Open {
			p.Fatalf("%+v", list)
		}
		mine, me := p.mine(couples.A)
		consent := p.list(couples.A)[0]
		spanish, tag := consent.Version.In(i18n.Spanish)
		signed := consents.Reply{
			Consent: consent.ID, Answer: consents.Signed, Name: "  Robin Invented ", TextHash: spanish.Hash(),
			Zone: "America/Denver", FormKey: "sign",
		}
		for range 2 { // submitted twice
			p.must(p.st.Reply(p.Context(), mine, me, signed, at.Add(time.Hour)))
		}
		found, err := p.st.Find(p.Context(), p.couple, p.couple.Partner(couples.A), consent.ID)
		p.must(err)
		s, ok := found.Signature()
		if !ok || len(found.Answers) != 1 || s.Name != "Robin Invented" || s.Language != tag || tag != "es" ||
			s.TextHash != spanish.Hash() || s.When().Format("15:04 MST") != "10:00 MDT" {
			p.Errorf("%+v", found)
		}
		if words, in := found.Read(i18n.English); words != spanish || in != "es" {
			p.Errorf("it is read again as %q", words)
		}
		if list := p.list(couples.B); len(list) != 0 {
			p.Errorf("the other has %+v", list)
		}
	})
}

// TestWhatOneDoesTheOtherCannotAskFor, nor can the other do it in their place.
func TestWhatOneDoesTheOtherCannotAskFor(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "a")
		p.give(couples.B, "b")
		bs, b := p.mine(couples.B)
		_, err := p.st.List(p.Context(), bs, bs.Partner(couples.A))
		p.want("a list of what the other has open", err, fault.NotFound)
		p.must(p.reply(couples.A, consents.Declined, "no"))
		p.wantState("B has not been asked", couples.B, consents.Open)
		as := p.list(couples.A)[0]
		_, err = p.st.List(p.Context(), bs, bs.Partner(couples.A))
		p.want("a list of the other's", err, fault.NotFound)
		_, err = p.st.Find(p.Context(), bs, b, as.ID)
		p.want("one of the other's", err, fault.NotFound)
		words, _ := as.Version.In(i18n.English)
		reply := consents.Reply{
			Consent: as.ID, Answer: consents.Signed, Name: "Robin", TextHash: words.Hash(), Zone: "UTC", FormKey: "k",
		}
		p.want("for the other", p.st.Reply(p.Context(), bs, bs.Partner(couples.A), reply, at), fault.NotFound)
		p.want("as oneself", p.st.Reply(p.Context(), bs, b, reply, at), fault.NotFound)
		p.want("by the counselor", p.st.Reply(p.Context(), p.couple, p.couple.Partner(couples.A), reply, at),
			fault.NotFound)
		p.want("a partner gives", p.st.Give(p.Context(), bs, b, []string{p.version.ID}, "k", at), fault.NotFound)
		p.want("a partner takes back", p.st.Cancel(p.Context(), bs, b, p.list(couples.B)[0].ID, at), fault.NotFound)
		p.wantState("A", couples.A, consents.Declined)
	})
}

// TestAnAnswerFitsWhereTheConsentStands: what was declined may be signed, what was withdrawn or
// canceled may not, and nothing is signed twice.
func TestAnAnswerFitsWhereTheConsentStands(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "a")
		p.want("withdraw what is open", p.reply(couples.A, consents.Withdrawn, "1"), fault.Conflict)
		p.must(p.reply(couples.A, consents.Declined, "2"))
		p.want("cancel what was answered", p.st.Cancel(p.Context(), p.couple, p.couple.Partner(couples.A),
			p.list(couples.A)[0].ID, at), fault.Conflict)
		p.want("decline twice", p.reply(couples.A, consents.Declined, "3"), fault.Conflict)
		p.must(p.reply(couples.A, consents.Signed, "4"))
		p.want("sign twice", p.reply(couples.A, consents.Signed, "5"), fault.Conflict)
		p.must(p.reply(couples.A, consents.Withdrawn, "6"))
		p.want("sign after withdrawing", p.reply(couples.A, consents.Signed, "7"), fault.Conflict)
		p.wantState("at the end", couples.A, consents.Withdrawn)
		if got := p.list(couples.A)[0].Answers; len(got) != 3 || got[1].Name == "" || got[0].Name+got[2].Name != "" {
			p.Errorf("%+v", got)
		}
		p.want("something else", p.reply(couples.A, "forgotten", "8"), fault.Malformed)

		p.give(couples.A, "once more") // after a withdrawal it may be asked for again
		p.wantState("once more", couples.A, consents.Open)
		id := p.list(couples.A)[0].ID
		p.must(p.st.Cancel(p.Context(), p.couple, p.couple.Partner(couples.A), id, at))
		p.want("sign what was canceled", p.reply(couples.A, consents.Signed, "9"), fault.Conflict)
		p.want("cancel twice", p.st.Cancel(p.Context(), p.couple, p.couple.Partner(couples.A), id, at), fault.Conflict)
	})
}

func TestASignatureNeedsANameAndTheTextThatWasShown(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "a")
		mine, me := p.mine(couples.A)
		consent := p.list(couples.A)[0]
		words, _ := consent.Version.In(i18n.English)
		try := func(name, hash string) error {
			return p.st.Reply(p.Context(), mine, me, consents.Reply{
				Consent: consent.ID, Answer: consents.Signed, Name: name, TextHash: hash, Zone: "UTC", FormKey: "k" + name,
			}, at)
		}
		for _, name := range []string{" ", strings.Repeat("n", 121)} {
			if problems, ok := errors.AsType[fault.Fields](try(name, words.Hash())); !ok || problems["name"] == "" {
				p.Errorf("%q is a name", name)
			}
		}
		p.want("another text", try("Robin", "0"), fault.Conflict)
		p.wantState("nothing was signed", couples.A, consents.Open)
	})
}

// TestAPublishedTextIsFrozen: a partner reads and signs the version that was assigned, whatever is
// published later, and the database refuses to change it.
func TestAPublishedTextIsFrozen(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "a")
		p.rewrite(p.version.FormID, "Fees", "An hour costs twelve pebbles.")
		p.must(p.reply(couples.A, consents.Signed, "sign"))
		if words, _ := p.list(couples.A)[0].Read(i18n.English); words.Text != "An hour costs ten pebbles." {
			p.Error(words)
		}
		p.want("the old one", p.st.Give(p.Context(), p.couple, p.couple.Partner(couples.B), []string{p.version.ID}, "b", at),
			fault.Conflict)
		for _, query := range []string{
			`UPDATE consent_versions SET text = 'nothing'`, `DELETE FROM consent_versions`,
			`UPDATE consent_answers SET answer = 'declined'`, `DELETE FROM consent_answers`,
		} {
			if _, err := p.db.Exec(p.Context(), query); err == nil {
				p.Errorf("the database took %s", query)
			}
		}
	})
}

// TestWhatWasChangedPastTheProgramCountsAsNotThere: a text or an answer that was changed directly
// in the database is not found.
func TestWhatWasChangedPastTheProgramCountsAsNotThere(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "a")
		p.must(p.reply(couples.A, consents.Declined, "no"))
		good, err := rowmac.IsValid(p.Context(), p.db, dbtest.Vault(p, p.db), p.couple.PracticeID, rowmac.Consents,
			p.couple.ID)
		if err != nil || !good {
			p.Fatal(good, err)
		}
		p.must(p.db.InTx(p.Context(), func(ctx context.Context, tx *database.DB) error {
			_, err := tx.Exec(ctx, `UPDATE consents SET partner_id = ?`, p.couple.Partner(couples.B).ID)
			return err
		}))
		_, err = p.st.List(p.Context(), p.couple, p.couple.Partner(couples.B))
		p.want("given to the other by hand", err, fault.NotFound)
	})
}

// TestTheSheetHoldsTextSignatureAndHash in the language in which the text was read.
func TestTheSheetHoldsTextSignatureAndHash(t *testing.T) {
	words := consents.Wording{Title: "Tarifas", Text: "Una hora.\r\n\r\n## Seguro\nNo lo cubre.\n\nAdiós."}
	sheet := words.Sheet("es", []consents.Answer{
		{Answer: consents.Signed, Language: "es", Name: "Robin", Zone: "America/Denver", AnsweredAt: at},
		{Answer: consents.Withdrawn, Language: "es", Zone: "America/Denver", AnsweredAt: at.Add(time.Hour)},
	}, consents.PrintSetup{})
	var kinds []string
	for _, b := range sheet.Blocks {
		kinds = append(kinds, b.Kind())
	}
	if got := strings.Join(kinds, " "); got != "paragraph heading paragraph paragraph signature signature paragraph" {
		t.Error(got)
	}
	if sheet.Title != "Tarifas" || sheet.Language != "es" || !sheet.Made.Equal(at.Add(time.Hour)) ||
		!strings.Contains(sheet.Footer, words.Hash()[:16]) {
		t.Errorf("%+v", sheet)
	}
}

// TestASignatureThatIsCutOffIsNone: if the process is killed between the signature and the commit,
// the form is still open, nobody is told that it was signed, and signing again counts once.
func TestASignatureThatIsCutOffIsNone(t *testing.T) {
	each(t, func(p *place) {
		p.give(couples.A, "g")
		mend := dbtest.Cut(t, p.db, "UPDATE", "row_macs")
		if err := p.reply(couples.A, consents.Signed, "s"); err == nil {
			p.Error("signed although it was cut off")
		}
		mend()
		p.wantState("cut off", couples.A, consents.Open)
		p.must(p.reply(couples.A, consents.Signed, "s"))
		p.wantState("signed again", couples.A, consents.Signed)
		if n := len(p.list(couples.A)[0].Answers); n != 1 {
			p.Errorf("%d answers", n)
		}
	})
}
