package worksheets

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/fields"
)

// listedFor returns everything that a partner's list of pages shows.
func (w *world) listedFor(side couples.Side) []string {
	w.Helper()
	pages, err := w.st.MyPages(w.Context(), w.asPartner(side), w.couple.Partner(side), someday)
	w.must(err)
	var list []string
	for _, p := range pages {
		list = append(list,
			fmt.Sprint(p.Worksheet.Title, p.State, p.Side, p.Audience, p.CreatedAt.Unix(), p.BegunAt == nil,
				p.SentAt == nil, p.ReadAt == nil))
		f, err := w.st.PartnerPage(w.Context(), w.asPartner(side), w.couple.Partner(side), p.Assignment.ID, someday)
		if !errors.Is(err, fault.NotFound) {
			w.must(err)
		}
		list = append(list, fmt.Sprint(f.Role, f.Seen(), f.Values))
	}
	return list
}

func TestNothingThatAPartnerSeesDependsOnTheOther(t *testing.T) {
	tell := func(t *testing.T, db *database.DB, busy bool) []string {
		w := newWorld(t, db)
		var hers []Page
		for i, worksheet := range []string{"commitment-check", "boundary-map", "trust-pulse"} {
			hers = append(hers, w.give(worksheet, ToEach, -1, i)[0])
		}
		hers = append(hers, w.give("date-night-plan", ToJoint, -1, 5)[1])
		if busy {
			hers = append(hers, w.give("impact-statement", ToA, 0, 6)...)
			w.give("private-conversation-record", ToA, -1, 7)
			for i, p := range hers[:4] {
				w.send(p, nil, 10+i)
				w.must(w.st.MarkRead(t.Context(), w.couple, p.Assignment.ID, after(20)))
			}
			w.keep(hers[4], map[string]Value{"now": textValue("I check the mailbox.")}, 12)
		}
		return w.listedFor(couples.B)
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		quiet := tell(t, db, false)
		if diff := cmp.Diff(quiet, tell(t, dbtest.SQLite(t), true)); diff != "" || len(quiet) != 8 {
			t.Errorf("of %d lines: %s", len(quiet), diff)
		}
	})
}

func TestAPageIsItsAuthorsAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, b := w.couple.Partner(couples.A), w.couple.Partner(couples.B)
		theirs, form := w.give("boundary-map", ToA, -1, 1)[0], w.give("private-conversation-record", ToB, -1, 2)[0]
		for name, try := range map[string]struct {
			who  couples.Partner
			page Page
		}{
			"the other's page": {b, theirs}, "the counselor's form": {b, form},
			"the counselor's form about the other": {a, form},
			"no page":                              {a, Page{}}, "a stranger": {couples.Partner{ID: "nobody"}, theirs},
		} {
			_, err := w.st.PartnerPage(t.Context(), w.asPartner(try.who.Side), try.who, try.page.Assignment.ID, someday)
			w.want(name, err, fault.NotFound)
		}
		elsewhere := w.couple
		elsewhere.PracticeID = "elsewhere"
		_, err := w.st.PartnerPage(t.Context(), elsewhere, a, theirs.Assignment.ID, someday)
		w.want("another practice", err, fault.NotFound)
		if got := w.listedFor(couples.B); got != nil {
			w.Error(got)
		}
		_, err = w.st.CounselorForm(t.Context(), w.couple, theirs.Assignment.ID)
		w.want("a partner's page as the counselor's form", err, fault.NotFound)
		if f, err := w.st.CounselorForm(t.Context(), w.couple, form.Assignment.ID); err != nil || f.Side != couples.B {
			w.Error(f.Side, err)
		}
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		_, err = w.st.CounselorForm(t.Context(), strangers, form.Assignment.ID)
		w.want("through another couple", err, fault.NotFound)
	})
}

func TestALockedPageIsNotReadAgainByItsAuthorAndAnyOtherIs(t *testing.T) {
	eachWorld(t, func(w *world) {
		locked, free := w.give("commitment-check", ToA, -1, 1)[0], w.give("boundary-map", ToA, -1, 2)[0]
		w.keep(locked, map[string]Value{"commitment": textValue("3")}, 3)
		if f := w.open(locked); f.Values["commitment"].Text != "3" {
			w.Error("while writing:", f.Values)
		}
		w.send(locked, map[string]Value{"commitment": textValue("3")}, 4)
		w.send(free, nil, 4)
		_, err := w.st.PartnerPage(t.Context(), w.asPartner(couples.A), w.couple.Partner(couples.A), locked.Assignment.ID,
			someday)
		w.want("locked", err, fault.NotFound)
		if f := w.open(free); !f.Sent() || len(f.Values) == 0 {
			w.Error(f.Values)
		}
	})
}

func TestAnAnswerIsSavedByRevisionsUntilItIsSent(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("impact-statement", ToA, 0, 1)[0]
		f := w.open(p)
		first := edit("now", "I check the mailbox.", 0)
		for range 2 { // sent again because the answer was lost
			saved, err := w.st.SaveField(t.Context(), f, first)
			if err != nil || saved.Revision != 1 {
				w.Fatal(saved, err)
			}
		}
		_, err := w.st.SaveField(t.Context(), f, edit("now", "from the phone", 0))
		clash, ok := errors.AsType[fields.Clash](err)
		if !ok || clash.Theirs.Value != textValue("I check the mailbox.").Encode() ||
			w.count(`SELECT COUNT(*) FROM field_copies`) != 1 {
			w.Error(err)
		}
		again := w.open(p)
		if again.Values["now"].Text != "I check the mailbox." || again.Seen() != 1 || again.BegunAt == nil ||
			!again.BegunAt.Equal(after(5)) {
			w.Error(again.Values, again.Seen(), again.BegunAt)
		}
		w.send(p, again.Values, 6)
		if sent := w.open(p); !sent.BegunAt.Equal(after(5)) || !sent.SentAt.Equal(after(6)) {
			w.Error("begun", sent.BegunAt, "sent", sent.SentAt)
		}
		_, err = w.st.SaveField(t.Context(), f, edit("now", "afterwards", 1))
		w.want("afterwards", err, fault.Locked)
		_, err = w.st.SaveField(t.Context(), f, edit("first", "afterwards", 0))
		w.want("a new field afterwards", err, fault.Locked)
	})
}
