package worksheets

import (
	"errors"
	"testing"

	"mend/couples"
	"mend/internal/fault"
)

func (w *world) comments(c couples.Couple, p Page) (words []string) {
	w.Helper()
	list, err := w.st.Comments(w.Context(), c, p)
	w.must(err)
	for _, k := range list {
		words = append(words, k.Field+": "+k.Words)
	}
	return words
}

// TestACommentIsTheCounselorsUntilItIsShownAndThenItsAuthorsAlone reads the comment as the
// counselor and as each partner. "Its author" is the author of the page.
func TestACommentIsTheCounselorsUntilItIsShownAndThenItsAuthorsAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("setback-plan", ToA, -1, 0)[0]
		w.want("on a draft", w.st.Comment(w.Context(), w.couple, page.Assignment.ID, "signs", "x", "k", after(1)),
			fault.NotFound)
		w.send(page, nil, 2)
		for range 2 { // submitted twice
			w.must(w.st.Comment(w.Context(), w.couple, page.Assignment.ID, "signs",
				" Which of these comes first? ", "k1", after(3)))
		}
		w.must(w.st.Comment(w.Context(), w.couple, page.Assignment.ID, "line", "Ask about this alone.", "k2", after(4)))
		if got := w.comments(w.couple, page); len(got) != 2 || got[0] != "signs: Which of these comes first?" {
			w.Errorf("the counselor reads %q", got)
		}
		if got := append(w.comments(w.asPartner(couples.A), page), w.comments(w.asPartner(couples.B), page)...); len(got) != 0 {
			w.Errorf("shown before the counselor says so: %q", got)
		}
		list, err := w.st.Comments(w.Context(), w.couple, page)
		w.must(err)
		for range 2 {
			w.must(w.st.ShowComment(w.Context(), w.couple, page.Assignment.ID, list[0].ID, after(5)))
		}
		if got := w.comments(w.asPartner(couples.A), page); len(got) != 1 || got[0] != "signs: Which of these comes first?" {
			w.Errorf("its author reads %q", got)
		}
		if got := w.comments(w.asPartner(couples.B), page); len(got) != 0 {
			w.Errorf("the other reads %q", got)
		}
		w.must(w.consent(page, Yes, 6))
		w.must(w.decide(page, Release, 7))
		if got := w.comments(w.asPartner(couples.B), page); len(got) != 0 {
			w.Errorf("the other reads %q of a released page", got)
		}
		if got := w.comments(w.couple, page); len(got) != 2 {
			w.Errorf("the counselor reads %q", got)
		}
	})
}

func TestACommentOnALockedPageStaysTheCounselors(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("commitment-check", ToA, -1, 0)[0]
		w.send(page, nil, 1)
		w.must(w.st.Comment(w.Context(), w.couple, page.Assignment.ID, "stance", "x", "k", after(2)))
		list, err := w.st.Comments(w.Context(), w.couple, page)
		w.must(err)
		w.want("shown", w.st.ShowComment(w.Context(), w.couple, page.Assignment.ID, list[0].ID, after(3)), fault.Forbidden)
		w.want("by its author", w.st.Comment(w.Context(), w.asPartner(couples.A), page.Assignment.ID, "stance", "x", "k3", after(3)),
			fault.NotFound)
		var bad fault.Fields
		if err := w.st.Comment(w.Context(), w.couple, page.Assignment.ID, "no-such", "", "k2", after(4)); !errors.As(err,
			&bad) || len(bad) != 2 {
			w.Error(err)
		}
	})
}
