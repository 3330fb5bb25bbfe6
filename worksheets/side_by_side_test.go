package worksheets

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func aligned(list []Aligned) (says []string) {
	for _, a := range list {
		if len(a.Left)+len(a.Right) > 0 {
			says = append(says, strings.Join(a.Left, "; ")+" | "+strings.Join(a.Right, "; "))
		}
	}
	return says
}

// TestTwoReleasedPagesStandSideBySideWithNothingThatWasKept checks the view that both partners may
// see together.
func TestTwoReleasedPagesStandSideBySideWithNothingThatWasKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("setback-plan", ToEach, -1, 0)
		for i, p := range pages {
			name := string(p.Side)
			w.send(p, map[string]Value{
				"signs": textValue("signs of " + name), "line": textValue("line of " + name),
				"counselor_only": textValue("secret of " + name),
			}, 1+i)
			_, err := w.st.SideBySide(w.Context(), w.couple, "setback-plan")
			w.want("before both are released", err, fault.NotFound)
			w.must(w.consent(p, Yes, 5+i))
			w.must(w.decide(p, Release, 8+i))
		}
		both, err := w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.must(err)
		says := strings.Join(aligned(Align(both[0], both[1])), "\n")
		for want, times := range map[string]int{"signs of A | signs of B": 1, "line of A | line of B": 1, "secret": 0} {
			if strings.Count(says, want) != times {
				w.Errorf("%q not %d times in %s", want, times, says)
			}
		}
		if w.count(`SELECT COUNT(*) FROM answers WHERE opened_at IS NOT NULL`) != 0 {
			w.Error("that the counselor looked counts as opened by the partner")
		}
		w.must(w.decide(pages[1], TakeBack, 20))
		_, err = w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.want("after one was taken back", err, fault.NotFound)
	})
}

// TestAPageThatWasReleasedPastTheProgramStandsBesideNone: its row MAC does not hold.
func TestAPageThatWasReleasedPastTheProgramStandsBesideNone(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("setback-plan", ToEach, -1, 0)
		for i, p := range pages {
			w.send(p, map[string]Value{"signs": textValue("signs")}, 1+i)
			w.must(w.consent(p, Yes, 5+i))
		}
		w.must(w.decide(pages[0], Release, 8))
		_, err := w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.want("one was not released", err, fault.NotFound)
		_, err = w.db.Exec(w.Context(), `UPDATE answers SET decision = 'release' WHERE id = ?`, pages[1].Answer.ID)
		w.must(err)
		if n := w.count(`SELECT COUNT(*) FROM answers a WHERE ` + released); n != 2 {
			w.Fatalf("%d count as released in the database", n)
		}
		_, err = w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.want("released past the program", err, fault.NotFound)
	})
}

func TestAPageIsComparedWithTheOneItsAuthorSentBefore(t *testing.T) {
	eachWorld(t, func(w *world) {
		var pages []Page
		for i, text := range []string{"first", "second", "third"} {
			given := w.give("setback-plan", ToEach, -1, 100*i)
			w.send(given[0], map[string]Value{"signs": textValue(text), "leave": textValue("always")}, 100*i+1)
			w.send(given[1], map[string]Value{"signs": textValue("of the other")}, 100*i+2)
			pages = append(pages, given[0])
		}
		_, _, err := w.st.Earlier(w.Context(), w.couple, pages[0].Assignment.ID)
		w.want("the first", err, fault.NotFound)
		now, before, err := w.st.Earlier(w.Context(), w.couple, pages[1].Assignment.ID)
		w.must(err)
		rows := Align(before, now)
		if got := aligned(rows); !cmp.Equal(got[0], "first | second") || now.Side != couples.A {
			w.Errorf("got %q", got)
		}
		if same, _ := find(rows, func(a Aligned) bool { return len(a.Left) == 1 && a.Left[0] == "always" }); !same.Same {
			w.Errorf("what stayed is not told: %+v", rows)
		}
		if _, err := w.st.PageForPaper(w.Context(), w.couple, pages[1].Assignment.ID); err == nil {
			w.Error("a page that was sent can be typed in")
		}
	})
}

// TestWhatWasSetAsideOrErasedIsNoLongerReleased: it also disappears from a shared screen.
func TestWhatWasSetAsideOrErasedIsNoLongerReleased(t *testing.T) {
	eachWorld(t, func(w *world) {
		people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
		pages := w.give("setback-plan", ToEach, -1, 0)
		for i, p := range pages {
			w.send(p, map[string]Value{"signs": textValue("signs of " + string(p.Side))}, 1+i)
			w.must(w.consent(p, Yes, 5+i))
			w.must(w.decide(p, Release, 8+i))
		}
		both, err := w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.must(err)
		released := func(side int) bool {
			w.Helper()
			still, err := w.st.StillReleased(w.Context(), w.couple.PracticeID, []string{both[side].Answer.ID})
			w.must(err)
			return still
		}
		if !released(0) || !released(1) {
			w.Fatal("neither is released: the test would show nothing")
		}
		w.must(w.st.SetAside(w.Context(), people, w.couple, both[0].Assignment.ID, after(20)))
		if released(0) || !released(1) {
			w.Errorf("one was set aside: %v %v", released(0), released(1))
		}
		_, err = w.st.SideBySide(w.Context(), w.couple, "setback-plan")
		w.want("after one was set aside", err, fault.NotFound)
		w.must(w.couples.Erase(w.Context(), people, w.couple, couples.Erasure{
			Of: couples.B, Reason: "Asked for in writing, long after the work.", RecordNo: w.couple.RecordNo,
		}, noon.AddDate(8, 0, 0)))
		if released(1) {
			w.Error("what was erased is still released")
		}
	})
}
