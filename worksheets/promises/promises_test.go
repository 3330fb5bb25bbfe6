package promises

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

var march12 = time.Date(2031, 3, 12, 0, 0, 0, 0, time.UTC)

func words(what string) Words { return Words{What: what, Often: "daily"} }

// agree makes a promise that both agreed on, and returns its id.
func (w *world) agree(maker couples.Side, what string) string {
	w.Helper()
	w.must(w.st.Propose(w.Context(), w.couple,
		Proposal{Maker: maker, Words: words(what), InRoom: true, FormKey: rand.Text()}, after(0)))
	for _, p := range w.promises(w.couple) {
		if p.Words.What == what {
			return p.ID
		}
	}
	w.Fatal("the promise is not there")
	return ""
}

func (w *world) promises(c couples.Couple) []Promise {
	w.Helper()
	list, err := w.st.List(w.Context(), c, march12.AddDate(0, 0, -84))
	w.must(err)
	return list
}

func (w *world) mark(side couples.Side, id, day, result, note string) error {
	return w.st.Mark(w.Context(), w.asPartner(side), id, Mark{Day: day, Result: result, Note: note}, march12, after(5))
}

func texts(list []Promise) (says []string) {
	for _, p := range list {
		says = append(says, p.Words.What)
	}
	return says
}

// TestAPromiseIsWithTheCounselorFirstAndCountsOnceBothHaveSaidYes follows one from proposal to end.
func TestAPromiseIsWithTheCounselorFirstAndCountsOnceBothHaveSaidYes(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 2 { // submitted twice
			w.must(w.st.Propose(w.Context(), w.asPartner(couples.A),
				Proposal{Maker: couples.A, Words: words(" Phone in the hall "), FormKey: "k"}, after(0)))
		}
		if got := texts(w.promises(w.asPartner(couples.A))); !cmp.Equal(got, []string{"Phone in the hall"}) {
			w.Errorf("its author sees %q", got)
		}
		if got := w.promises(w.asPartner(couples.B)); got != nil {
			w.Errorf("the other sees %+v", got)
		}
		p := w.promises(w.couple)[0]
		if p.OpenedAt != nil || p.AnswerA != "yes" || p.ProposedBy != couples.A {
			w.Errorf("got %+v", p)
		}
		w.want("answered before it is open", w.st.Answer(w.Context(), w.asPartner(couples.B), p.ID, "yes", after(1)),
			fault.NotFound)
		w.want("opened by a partner", w.st.Open(w.Context(), w.asPartner(couples.A), p.ID, after(1)), fault.NotFound)
		w.must(w.st.Open(w.Context(), w.couple, p.ID, after(2)))
		w.must(w.st.Open(w.Context(), w.couple, p.ID, after(3)))
		if theirs := w.promises(w.asPartner(couples.B))[0]; theirs.AnswerA != "" || theirs.Words.What != "Phone in the hall" ||
			theirs.CountsAt != nil {
			w.Errorf("the other sees %+v", theirs)
		}
		w.want("marked before it counts", w.mark(couples.A, p.ID, "2031-03-12", "kept", ""), fault.NotFound)
		w.must(w.st.Answer(w.Context(), w.asPartner(couples.B), p.ID, "talk", after(4)))
		if mine := w.promises(w.asPartner(couples.A))[0]; mine.CountsAt != nil || mine.AnswerB != "" {
			w.Errorf("a doubt reaches the other: %+v", mine)
		}
		if p := w.promises(w.couple)[0]; p.AnswerB != "talk" {
			w.Errorf("the counselor does not learn of the doubt: %+v", p)
		}
		w.must(w.st.Answer(w.Context(), w.asPartner(couples.B), p.ID, "yes", after(5)))
		if p := w.promises(w.couple)[0]; !p.Counts() {
			w.Errorf("it does not count: %+v", p)
		}
		w.want("ended by the other", w.st.End(w.Context(), w.asPartner(couples.B), p.ID, after(6)), fault.NotFound)
		w.must(w.st.End(w.Context(), w.asPartner(couples.A), p.ID, after(6)))
		w.want("marked after its end", w.mark(couples.A, p.ID, "2031-03-12", "kept", ""), fault.NotFound)
	})
}

// stored returns a promise as the counselor reads it, ended or not.
func (w *world) stored(id string) Promise {
	w.Helper()
	p, err := w.st.find(w.Context(), w.couple, id)
	w.must(err)
	return p
}

func TestAPromiseThatEndedIsNeitherOpenedNorAnswered(t *testing.T) {
	eachWorld(t, func(w *world) {
		mine, other := w.asPartner(couples.A), w.asPartner(couples.B)
		propose := func(what string) string {
			w.must(w.st.Propose(w.Context(), mine, Proposal{Maker: couples.A, Words: words(what), FormKey: what}, after(0)))
			list := w.promises(w.couple)
			return list[slices.Index(texts(list), what)].ID
		}
		taken := propose("Phone in the hall")
		w.must(w.st.End(w.Context(), mine, taken, after(1)))
		w.must(w.st.Open(w.Context(), w.couple, taken, after(2)))
		if p := w.stored(taken); p.OpenedAt != nil {
			w.Error("a proposal that was taken back is shown to the other")
		}
		ended := propose("Home by seven")
		w.must(w.st.Open(w.Context(), w.couple, ended, after(3)))
		w.must(w.st.End(w.Context(), mine, ended, after(4)))
		w.must(w.st.Answer(w.Context(), other, ended, "yes", after(5)))
		if p := w.stored(ended); p.AnswerB != "" || p.CountsAt != nil {
			w.Errorf("a promise that ended was agreed on: %+v", p)
		}
		own := propose("Call at noon")
		w.must(w.st.Answer(w.Context(), mine, own, "talk", after(6)))
		if p := w.stored(own); p.AnswerA != "yes" {
			w.Error("a proposal that is not open was answered")
		}
	})
}

func TestAnAgreedPromiseIsNotAnsweredAnew(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.agree(couples.A, "Home by seven")
		w.must(w.st.Answer(w.Context(), w.asPartner(couples.B), id, "talk", after(1)))
		if p := w.stored(id); p.AnswerB != "yes" || !p.Counts() {
			w.Errorf("got %+v", p)
		}
	})
}

func TestAnAnswerIsYesOrTalkAndAPartners(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.agree(couples.A, "Home by seven")
		w.want("another word", w.st.Answer(w.Context(), w.asPartner(couples.B), id, "no", after(1)), fault.Malformed)
		w.want("the counselor", w.st.Answer(w.Context(), w.couple, id, "yes", after(1)), fault.Malformed)
	})
}

func TestAPromiseThatSaysNothingOrIsAnothersIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for field, pr := range map[string]Proposal{
			"what":   {Maker: couples.A, Words: Words{Often: "daily"}},
			"often":  {Maker: couples.A, Words: Words{What: "x", Often: "hourly"}},
			"if_not": {Maker: couples.A, Words: Words{What: "x", Often: "once", IfNot: strings.Repeat("x", 281)}},
			"maker":  {Maker: couples.B, Words: words("x")},
		} {
			var bad fault.Fields
			if err := w.st.Propose(w.Context(), w.asPartner(couples.A), pr, after(0)); !errors.As(err, &bad) || bad[field] == "" {
				w.Errorf("%s: %v", field, err)
			}
		}
		if w.promises(w.couple) != nil {
			w.Error("something was stored")
		}
	})
}

// TestWhatOneSawDifferentlyGoesToTheCounselorAndNotBack: both read the marks of the partner who
// promised; only the counselor reads the other's view.
func TestWhatOneSawDifferentlyGoesToTheCounselorAndNotBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.agree(couples.A, "Home by seven")
		w.must(w.mark(couples.A, id, "2031-03-10", "kept", "It was five to."))
		w.must(w.mark(couples.A, id, "2031-03-11", "kept", ""))
		w.must(w.mark(couples.A, id, "2031-03-12", "partly-kept", ""))
		before := w.promises(w.asPartner(couples.A))
		w.must(w.mark(couples.B, id, "2031-03-10", SameView, ""))
		w.must(w.mark(couples.B, id, "2031-03-11", "kept", ""))
		w.must(w.mark(couples.B, id, "2031-03-11", "not-kept", "It was nine.")) // changed their mind
		if diff := cmp.Diff(before, w.promises(w.asPartner(couples.A))); diff != "" {
			w.Error("the maker learns what the other saw:", diff)
		}
		all := w.promises(w.couple)
		want := []Difference{{"Home by seven", "2031-03-11", "kept", "not-kept", "It was nine.", couples.A}}
		if diff := cmp.Diff(want, Differences(all)); diff != "" {
			w.Error(diff)
		}
		if got := FollowThroughOf(all, couples.A, nil); got.Own != "2 kept, 1 partly kept (83%)" ||
			got.Other != "1 kept, 1 not kept (50%)" || !cmp.Equal(got.Kept, []string{"2031-03-10", "2031-03-11"}) {
			w.Errorf("got %+v", got)
		}
		if got := FollowThroughOf(all, couples.B, nil); got.Own != "" || got.Other != "" {
			w.Errorf("of nothing: %+v", got)
		}
		if theirs := w.promises(w.asPartner(couples.B)); len(theirs[0].Marks) != 5 || theirs[0].Marks[1].Day != "2031-03-11" {
			w.Errorf("the other sees %+v", theirs[0].Marks)
		}
	})
}

func TestADayIsMarkedWithinAMonthAndInWordsOfTheList(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.agree(couples.A, "Home by seven")
		for name, m := range map[string]Mark{
			"tomorrow": {Day: "2031-03-13", Result: "kept"}, "long ago": {Day: "2031-02-08", Result: "kept"},
			"no day":    {Day: "soon", Result: "kept"},
			"no result": {Day: "2031-03-12"}, "another's word": {Day: "2031-03-12", Result: SameView},
			"long": {Day: "2031-03-12", Result: "kept", Note: strings.Repeat("x", 281)},
		} {
			var bad fault.Fields
			if err := w.mark(couples.A, id, m.Day, m.Result, m.Note); !errors.As(err, &bad) {
				w.Errorf("%s: %v", name, err)
			}
		}
		w.must(w.mark(couples.A, id, "2031-02-09", "changed-together-beforehand", ""))
		if got := FollowThroughOf(w.promises(w.couple), couples.A, nil); got.Own != "1 changed together" || got.Kept != nil {
			w.Errorf("got %+v", got)
		}
		var bad fault.Fields
		if err := w.mark(couples.B, id, "2031-02-09", "changed-together-beforehand", ""); !errors.As(err, &bad) {
			w.Error("the other changes it together alone:", err)
		}
	})
}

// TestADayIsThatOfTheCouplesClock at any hour and in any zone, and so is the first of the month
// that can be marked.
func TestADayIsThatOfTheCouplesClock(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.agree(couples.A, "Home by seven")
		for _, name := range []string{"Pacific/Auckland", "Europe/Berlin", "America/New_York", "Pacific/Honolulu"} {
			zone, err := time.LoadLocation(name)
			w.must(err)
			for _, hour := range []int{0, 7, 21, 23} {
				today := time.Date(2031, 3, 12, hour, 30, 0, 0, zone)
				for days, want := range map[int]bool{0: true, -31: true, 1: false, -32: false} {
					day := today.AddDate(0, 0, days).Format(time.DateOnly)
					err := w.st.Mark(w.Context(), w.asPartner(couples.A), id, Mark{Day: day, Result: "kept"}, today, after(5))
					if (err == nil) != want {
						w.Errorf("%s, %v: %s gives %v", name, today, day, err)
					}
				}
			}
		}
	})
}

// TestAHoldKeepsAPromiseWithTheCounselor: nothing joint begins, and what has begun does not change.
func TestAHoldKeepsAPromiseWithTheCounselor(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.st.Propose(w.Context(), w.asPartner(couples.A),
			Proposal{Maker: couples.A, Words: words("Phone in the hall"), FormKey: "k"}, after(0)))
		up := couples.FollowUp{
			PracticeID: w.practice.ID, CoupleID: w.couple.ID,
			PartnerID: w.couple.Partners[1].ID, Holds: true,
		}
		w.must(couples.PlaceFollowUp(w.Context(), w.db, w.st.vault, up, "record", after(1)))
		w.want("open to both", w.st.Open(w.Context(), w.couple, w.promises(w.couple)[0].ID, after(2)), couples.ErrHeld)
		w.want("written by the counselor",
			w.st.Propose(w.Context(), w.couple, Proposal{Maker: couples.B, Words: words("x"), FormKey: "k2"}, after(2)),
			couples.ErrHeld)
		w.must(w.st.Propose(w.Context(), w.asPartner(couples.B),
			Proposal{Maker: couples.B, Words: words("Ask out loud"), FormKey: "k3"}, after(3)))
	})
}

func TestAListOfPromisesAppearsOnceThereIsSomethingOnIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		keeps := func(side couples.Side) bool {
			w.Helper()
			ok, err := w.st.Any(w.Context(), w.asPartner(side))
			w.must(err)
			return ok
		}
		w.must(w.st.Propose(w.Context(), w.asPartner(couples.A),
			Proposal{Maker: couples.A, Words: words("Phone in the hall"), FormKey: "k"}, after(0)))
		if !keeps(couples.A) || keeps(couples.B) {
			w.Error("what one proposes shows on the other's page")
		}
		w.must(w.st.Open(w.Context(), w.couple, w.promises(w.couple)[0].ID, after(2)))
		if !keeps(couples.B) {
			w.Error("the other finds no list")
		}
	})
}
