package sessions

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// TestNothingIsSignedThatItsCheckRefuses: neither a note nor an addendum, whether the check refuses
// a text or fails.
func TestNothingIsSignedThatItsCheckRefuses(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, broken := w.signed(), errors.New("the answers cannot be read")
		unsigned, _ := w.heldWithNote()
		filed, draft := w.signStandalone(w.call(couples.A), after(30)), w.call("")
		for _, refusal := range []error{fault.Fields{"what": "This repeats private words."}, broken} {
			check := func(context.Context, *database.DB, map[string]string) error { return refusal }
			for what, err := range map[string]error{
				"a note": w.st.Sign(t.Context(), unsigned, w.noteContext(),
					Signing{Reviewed: true, Seen: w.write(unsigned).Hash}, check, after(70)),
				"a note without a session": w.st.SignStandalone(t.Context(), draft, w.noteContext(),
					Signing{Reviewed: true, Seen: w.writeStandalone(draft).Hash}, check, after(70)),
				"an addendum": w.st.Append(t.Context(), s, w.dana, "Corrects", "A title.", "k", check, after(90)),
				"an addendum to a note without a session": w.st.AppendStandalone(t.Context(), filed, w.dana, "Corrects", "A title.",
					"k", check, after(90)),
			} {
				if refusal == broken && !errors.Is(err, broken) || refusal != broken && faultsOf(err)["what"] == "" {
					t.Errorf("%s: %v", what, err)
				}
			}
		}
		if w.note(unsigned).Signed() || w.filed(draft).Signed() || w.count(`SELECT COUNT(*) FROM addenda`) != 0 {
			t.Error("something was signed")
		}
	})
}

// TestACheckIsGivenAllThatIsTyped: the check receives every text of a note without a session, and
// of an addendum.
func TestACheckIsGivenAllThatIsTyped(t *testing.T) {
	eachWorld(t, func(w *world) {
		var given map[string]string
		check := func(_ context.Context, _ *database.DB, texts map[string]string) error {
			given = texts
			return nil
		}
		n := w.call(couples.A)
		w.must(w.st.SignStandalone(t.Context(), n, w.noteContext(), Signing{
			Reviewed: true, Seen: w.writeStandalone(n).Hash,
		}, check, after(30)))
		want := map[string]string{
			"with": "Rowan", "what": "Rowan called about the time of the next session.", "plan": "Meet as planned.",
		}
		if diff := cmp.Diff(want, given); diff != "" {
			t.Error(diff)
		}
		w.must(w.st.AppendStandalone(t.Context(), w.filed(n), w.dana, "Corrects", "A day.", "k", check, after(90)))
		if diff := cmp.Diff(map[string]string{"reason": "Corrects", "text": "A day."}, given); diff != "" {
			t.Error(diff)
		}
	})
}

// TestAllThatIsSignedHasAValidMAC: notes and addenda, with and without a session, have valid MACs.
func TestAllThatIsSignedHasAValidMAC(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, filed := w.signed(), w.signStandalone(w.call(couples.A), after(30))
		w.must(w.st.Append(t.Context(), s, w.dana, "Corrects", "A title.", "k", noPrivateWording, after(90)))
		w.must(w.st.AppendStandalone(t.Context(), filed, w.dana, "Corrects", "A day.", "k", noPrivateWording, after(90)))
		for table, kind := range map[string]rowmac.Kind{"notes": rowmac.Note, "addenda": rowmac.Addendum} {
			var ids []string
			w.must(w.db.Select(t.Context(), &ids, `SELECT id FROM `+table))
			good, err := rowmac.Valid(t.Context(), w.db, w.st.vault, w.practice.ID, kind, ids...)
			if err != nil || len(ids) != 2 || slices.ContainsFunc(ids, func(id string) bool { return !good[id] }) {
				t.Errorf("%s: %v of %v have valid MACs: %v", table, good, ids, err)
			}
		}
	})
}

// TestANoteWithoutASessionIsFoundThroughItsCoupleAndPracticeAlone, and a text is compared with all
// individual files except its own.
func TestANoteWithoutASessionIsFoundThroughItsCoupleAndPracticeAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		joint, other := w.call(""), w.meet("Avery Reedmace", "Blake Fernhollow")
		_, err := w.st.FindStandalone(t.Context(), other, "", joint.ID)
		w.want("through another couple", err, fault.NotFound)
		_, err = w.st.CoupleOfNote(t.Context(), "another practice", w.dana.ID, joint.ID)
		w.want("in another practice", err, fault.NotFound)
		ofA, ofB := w.called(couples.A), w.called(couples.B)
		ofA.Values, ofB.Values = map[string]string{"what": "Rowan alone."}, map[string]string{"what": "Jules alone."}
		for _, d := range []StandaloneDraft{ofA, ofB} {
			_, err := w.st.DraftNote(t.Context(), w.couple, d, after(5))
			w.must(err)
		}
		for except, want := range map[couples.Side][2]bool{
			"": {true, true}, couples.A: {false, true}, couples.B: {true, false},
		} {
			texts, err := w.st.IndividualTexts(t.Context(), w.db, w.couple, except)
			w.must(err)
			got := [2]bool{slices.Contains(texts, "Rowan alone."), slices.Contains(texts, "Jules alone.")}
			if got != want {
				t.Errorf("without that of %q: %v", except, got)
			}
		}
	})
}
