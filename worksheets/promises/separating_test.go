package promises

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/sessions"
)

// ends closes the work with the couple.
func (w *world) ends(how couples.Ending) {
	w.Helper()
	w.must(w.couples.Close(w.Context(), w.people, w.couple, couples.Closing{
		Ending: how, AUntil: after(9000), BUntil: after(9000), FormKey: string(how),
	}, func(context.Context, *database.DB) error { return nil }, after(20)))
}

// TestNoPromisePassesBetweenPartnersWhoSeparate: neither reads the other's promises and marks any
// more, and nothing is added. Each keeps their own, and the record keeps everything.
func TestNoPromisePassesBetweenPartnersWhoSeparate(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, b := w.asPartner(couples.A), w.asPartner(couples.B)
		agreed, theirs := w.agree(couples.A, "Home by seven"), w.agree(couples.B, "Call at noon")
		w.must(w.st.Propose(w.Context(), a, Proposal{Maker: couples.A, Words: words("Phone in the hall"), FormKey: "k"}, after(1)))
		waiting := w.promises(a)[2].ID
		w.must(w.st.Propose(w.Context(), a, Proposal{Maker: couples.A, Words: words("Dinner out"), FormKey: "l"}, after(2)))
		open := w.promises(a)[3].ID
		w.must(w.st.Open(w.Context(), w.couple, open, after(3)))
		w.ends(couples.Separating)

		for what, err := range map[string]error{
			"a mark":              w.mark(couples.A, agreed, "2031-03-12", "kept", "Written after we separated."),
			"a proposal":          w.st.Propose(w.Context(), a, Proposal{Maker: couples.A, Words: words("x"), FormKey: "m"}, after(30)),
			"opening":             w.st.Open(w.Context(), w.couple, waiting, after(30)),
			"the counselor's own": w.st.Propose(w.Context(), w.couple, Proposal{Maker: couples.A, Words: words("y"), FormKey: "n"}, after(30)),
		} {
			w.want(what, err, couples.ErrSeparating)
		}
		w.want("answering the other's", w.st.Answer(w.Context(), b, open, "yes", after(30)), fault.NotFound)
		w.want("marking the other's", w.mark(couples.B, agreed, "2031-03-12", "kept", ""), fault.NotFound)
		if got := texts(w.promises(b)); !cmp.Equal(got, []string{"Call at noon"}) {
			w.Errorf("B reads %q", got)
		}
		if got := len(w.promises(a)); got != 3 {
			w.Errorf("A reads %d promises, not their own three", got)
		}
		if got := len(w.promises(w.couple)); got != 4 {
			w.Errorf("the record has %d", got)
		}
		w.must(w.st.End(w.Context(), b, theirs, after(40)))

		w.must(w.couples.Reopen(w.Context(), w.people, w.couple, "They called again.", after(50)))
		w.must(w.mark(couples.A, agreed, "2031-03-12", "kept", ""))
		if got := len(w.promises(b)); got != 3 {
			w.Errorf("after they go on, B reads %d", got)
		}
	})
}

func TestWhileSharingIsPausedNoProposalIsOpened(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.asPartner(couples.A)
		w.must(w.st.Propose(w.Context(), a, Proposal{Maker: couples.A, Words: words("Phone in the hall"), FormKey: "k"}, after(1)))
		w.must(w.sessions.MarkSetback(w.Context(), w.couple, sessions.Setback{
			Event: sessions.Event{Kind: "setback", Day: "2031-03-11"},
		}, "back", func(context.Context, *database.DB) error { return nil }, after(2)))
		if err := w.st.Open(w.Context(), w.couple, w.promises(a)[0].ID, after(3)); err == nil {
			w.Error("it was opened")
		}
	})
}
