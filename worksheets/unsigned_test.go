package worksheets

import (
	"errors"
	"testing"

	"mend/couples"
)

func TestNoPageOpensBeforeItsPartnerSignedAndALaterPolicyLeavesItOpen(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := couples.Couple{
			PracticeID: w.practice.ID, CounselorID: w.dana.ID, FormKey: "unsigned", CreatedAt: after(-100),
			Partners: [2]couples.Partner{
				{Name: "Quinn Applegarth", AddressAs: "Quinn"},
				{Name: "Terry Candlewick", AddressAs: "Terry"},
			},
			Breaches: []couples.Breach{{Name: "the letter", Broke: couples.A, KindList: "lying"}},
		}
		w.must(w.couples.Create(t.Context(), &c))
		w.must(w.st.Give(t.Context(), c, AssignRequest{Worksheet: "boundary-map", To: ToA, FormKey: "k"}, after(1)))
		mine := func() (couples.Couple, couples.Partner) {
			mine, me, err := w.couples.FindForPartner(t.Context(), w.practice.ID, c.Partners[0].ID)
			w.must(err)
			return mine, me
		}
		couple, me := mine()
		pages, err := w.st.MyPages(t.Context(), couple, me, someday)
		w.must(err)
		id := pages[0].Assignment.ID
		if _, err := w.st.PartnerPage(t.Context(), couple, me, id, someday); !errors.Is(err, couples.ErrUnsigned) {
			w.Errorf("before signing: %v", err)
		}
		first := couple.Policy()
		w.must(w.couples.SignPolicy(t.Context(), couple, me,
			couples.Signature{Policy: first.ID, Wording: couples.InEnglish, Name: me.Name}, after(2)))
		couple, me = mine()
		f, err := w.st.PartnerPage(t.Context(), couple, me, id, someday)
		w.must(err)
		w.must(w.couples.ChoosePolicy(t.Context(), c, "C", after(3)))
		_, err = w.st.SaveField(t.Context(), f, edit("flex", "Typed while the policy changed.", 0)) // it is saved
		w.must(err)
		couple, me = mine()
		if f, err = w.st.PartnerPage(t.Context(), couple, me, id, someday); err != nil || f.Policy().ID != first.Variant.ID {
			w.Errorf("begun under %s, it is now under %s, %v", first.Variant.ID, f.Policy().ID, err)
		}
	})
}
