package sessions

import (
	"strings"
	"testing"

	"mend/accounts"
	"mend/internal/fault"
	"mend/internal/pdf"
)

// TestASupervisorCoSignsASignedNoteOnceAndOnlyWhileTheCoupleIsGiven: access is checked in the
// transaction that signs, whatever page was open before.
func TestASupervisorCoSignsASignedNoteOnceAndOnlyWhileTheCoupleIsGiven(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := accounts.Counselor{
			Name: "Sam Invented", Email: "sam@riverbend.example", LicenseType: "LMFT", LicenseNo: "11111",
			LicenseState: "Example State", Role: accounts.Supervisor,
		}
		w.must(w.people.AddCounselor(t.Context(), w.practice.ID, &sam, "quiet-harbor-test", after(-9000)))
		w.must(w.couples.Supervise(t.Context(), w.practice.ID, w.dana.ID, sam.ID, w.dana.ID, "", after(-8000)))
		couple, err := w.couples.FindForSupervisor(t.Context(), w.practice.ID, sam.ID, w.couple.ID)
		w.must(err)
		s, err := w.st.FindIn(t.Context(), couple, w.held().ID)
		w.must(err)
		if err := w.st.CoSign(t.Context(), s, sam, after(90)); err == nil {
			w.Error("a note that is not signed yet is co-signed")
		}
		signed := w.signed()
		before := w.note(signed)
		s, err = w.st.FindIn(t.Context(), couple, signed.ID)
		w.must(err)
		for _, err := range atOnce(5, func(int) error { return w.st.CoSign(t.Context(), s, sam, after(90)) }) {
			w.must(err)
		}
		list, err := w.st.Addenda(t.Context(), s.Filing(), before)
		w.must(err)
		if len(list) != 1 || !list[0].CoSigned || list[0].Signer != sam.Signature() {
			w.Error(list)
		}
		if w.note(signed).Content != before.Content {
			w.Error("the note changed")
		}
		printed := list[0].blocks()
		if printed[0] != pdf.Heading("Supervisor co-signature") ||
			!strings.Contains(strings.Join(printed[1].(pdf.Signature).Lines, " "), "11111") {
			w.Error(printed)
		}

		again := w.signed()
		s, err = w.st.FindIn(t.Context(), couple, again.ID)
		w.must(err)
		given, err := w.couples.Supervisions(t.Context(), w.practice.ID)
		w.must(err)
		w.must(w.couples.EndSupervision(t.Context(), w.practice.ID, w.dana.ID, given[0].ID))
		w.want("no longer given", w.st.CoSign(t.Context(), s, sam, after(95)), fault.NotFound)
		w.must(w.couples.Supervise(t.Context(), w.practice.ID, w.dana.ID, sam.ID, w.dana.ID, "", after(96)))
		w.want("not their supervisor", w.st.CoSign(t.Context(), s, w.ellis, after(97)), fault.NotFound)
		w.must(w.st.CoSign(t.Context(), s, sam, after(98)))
	})
}
