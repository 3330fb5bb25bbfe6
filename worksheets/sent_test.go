package worksheets

import (
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/dbtest"
)

// TestAnErasedPartnerLeavesTheOthersPages in a copy of the record.
func TestAnErasedPartnerLeavesTheOthersPages(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, p := range w.give("trust-pulse", ToEach, -1, 1) {
			w.send(p, nil, 2+i)
		}
		w.ends(couples.EnoughForNow, 9)
		people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
		w.must(w.couples.Erase(w.Context(), people, w.couple, couples.Erasure{
			Of: couples.A, Reason: "The former client asked for it in writing.", RecordNo: w.couple.RecordNo,
		}, after(60*24*365*20)))
		c, err := w.couples.Find(w.Context(), w.practice.ID, w.dana.ID, w.couple.ID)
		w.must(err)
		list, err := w.st.SentPages(w.Context(), c)
		w.must(err)
		if len(list) != 1 || list[0].Side != couples.B {
			w.Errorf("got %+v", list)
		}
	})
}
