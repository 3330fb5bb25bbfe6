package worksheets

import (
	"context"
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// ends closes the work with the couple.
func (w *world) ends(how couples.Ending, at int) {
	w.Helper()
	people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
	w.must(w.couples.Close(w.Context(), people, w.couple, couples.Closing{
		Ending: how, AUntil: after(at + 9000), BUntil: after(at + 9000), FormKey: string(how),
	}, func(context.Context, *database.DB) error { return nil }, after(at)))
}

// goesOn reopens the work.
func (w *world) goesOn(at int) {
	w.Helper()
	people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
	w.must(w.couples.Reopen(w.Context(), people, w.couple, "They called again.", after(at)))
}

// TestNothingIsSharedOnceThePartnersSeparate: from then on neither reads the other's page, nothing
// more is released, and nobody writes in a joint page. The record keeps everything.
func TestNothingIsSharedOnceThePartnersSeparate(t *testing.T) {
	eachWorld(t, func(w *world) {
		shared := w.sentPage()
		w.must(w.consent(shared, Yes, 3))
		w.must(w.decide(shared, Release, 4))
		joint := w.give("date-night-plan", ToJoint, -1, 5)[0].Assignment.ID
		waiting := w.give("date-night-plan", ToJoint, -1, 6)[0].Assignment.ID
		w.must(w.st.Activate(t.Context(), w.couple, joint, after(7)))
		reads := func(when string, want bool, at int) {
			t.Helper()
			_, err := w.shared(shared, at)
			list, listed := w.st.SharedWith(t.Context(), w.asPartner(couples.B), w.couple.Partner(couples.B))
			w.must(listed)
			if (err == nil) != want || (len(list) == 1) != want {
				w.Errorf("%s: B reads %v, is listed %d", when, err, len(list))
			}
		}
		write := func(text string) error {
			f, err := w.st.JointPage(t.Context(), w.asPartner(couples.A), joint)
			w.must(err)
			_, err = w.st.SaveField(t.Context(), f, edit("exit", text, f.Saved["exit"].Revision))
			return err
		}
		reads("while the work goes on", true, 8)
		w.must(write("A taxi."))
		w.ends(couples.EnoughForNow, 9)
		reads("after another ending", true, 10)
		w.goesOn(11)
		w.ends(couples.Separating, 12)
		reads("once they separate", false, 13)
		w.want("writing in a joint page", write("A bus."), fault.Locked)
		w.want("releasing", w.decide(shared, Release, 14), couples.ErrSeparating)
		w.want("a further joint page", w.st.Activate(t.Context(), w.couple, waiting, after(15)), couples.ErrSeparating)
		if list, err := w.st.Read(t.Context(), w.couple, shared.Assignment.ID); err != nil || !list[0].Readable() {
			w.Error("the record does not keep it:", err)
		}
		w.goesOn(16)
		reads("once they go on", true, 17)
		w.must(write("A bus."))
	})
}
