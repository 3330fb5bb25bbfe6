package sessions

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
	"mend/internal/pdf"
)

func TestSigningFreezesTheNoteAsItWasSeen(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		seen := w.write(s)
		w.sign(s, after(137))
		n := w.note(s)
		got, err := n.Document()
		want := seen.Document
		want.Signer, want.SignedAt = "Dana Okafor-Lind, MA, LMFT 00000 (Example State)", "March 12, 2031, 6:20 p.m. EDT"
		want.Certificate = got.Certificate // see TestTheFileOfANoteIsMadeOnceAndSigned
		if diff := cmp.Diff(want, got); diff != "" || err != nil || !n.Signed() || !n.SignedAt.Equal(after(137)) {
			w.Error(diff, err)
		}
		if sum := sha256.Sum256([]byte(n.Content)); n.Hash != hex.EncodeToString(sum[:]) || n.Hash == seen.Hash {
			w.Error("the hash is not the content's")
		}
		if !w.reload(s).Signed {
			w.Error("the session stays open")
		}
	})
}

func TestANoteIsNotSignedUnlessItIsWholeReviewedAndSeen(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.held()
		sign := func(g Signing) error {
			return w.st.Sign(t.Context(), s, w.noteContext(), g, noPrivateWording, after(70))
		}
		got := faultsOf(sign(Signing{Reviewed: true, Seen: w.write(s).Hash}))
		if got["text.risk"] == "" || got["text.next"] == "" || got["text.assigned"] == "" || got["text.attendance"] != "" {
			w.Error(got)
		}
		n := w.note(s)
		fields := with(w.requiredFields(), "text.progress", "Both moved a little.")
		delete(fields, "progress."+w.couple.Goals[0].ID)
		w.must(w.st.SaveNote(t.Context(), s, n, fields, "a", after(60)))
		if got := faultsOf(sign(Signing{Reviewed: true, Seen: w.write(s).Hash})); got["text.progress"] == "" {
			w.Error("no goal was chosen:", got)
		}
		w.must(w.st.SaveNote(t.Context(), s, n, w.requiredFields(), "b", after(60)))
		if got := faultsOf(sign(Signing{Seen: w.write(s).Hash})); got["reviewed"] == "" {
			w.Error("not reviewed:", got)
		}
		w.want("never shown", sign(Signing{Reviewed: true}), fault.Conflict)
		for name, change := range map[string]func() error{
			"the record changed": func() error {
				return w.st.SaveRecord(t.Context(), s, map[string]string{"focus": "other"}, "c", after(61))
			},
			"the format changed": func() error { return w.st.SetFormat(t.Context(), s, n, "SOAP") },
			"a text changed": func() error {
				return w.st.SaveNote(t.Context(), s, n, map[string]string{"text.attendance": "They met."}, "d", after(61))
			},
			"a criterion changed": func() error { return w.st.Tick(t.Context(), w.couple, "", "s2-c1", true, after(61)) },
		} {
			seen := w.write(s).Hash
			w.must(change())
			w.want(name, sign(Signing{Reviewed: true, Seen: seen}), fault.Conflict)
		}
		seen := w.write(s).Hash // by a window with s as it was before the times were corrected
		w.must(w.st.Correct(t.Context(), s, Correction{StartedAt: four, EndedAt: after(45), Base: s.Revision}, after(62)))
		w.want("the times changed", sign(Signing{Reviewed: true, Seen: seen}), fault.Conflict)
		if w.note(s).Signed() || w.reload(s).Signed {
			w.Error("signed all the same")
		}
	})
}

func TestSigningTwiceIsOneSignature(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		seen := w.write(s).Hash
		for i, err := range atOnce(10, func(i int) error {
			return w.st.Sign(t.Context(), s, w.noteContext(), Signing{Reviewed: true, Seen: seen}, noPrivateWording, after(70+i))
		}) {
			if err != nil {
				w.Error(i, err)
			}
		}
		first := w.note(s)
		w.must(w.st.Sign(t.Context(), s, w.noteContext(), Signing{Reviewed: true, Seen: seen}, noPrivateWording, after(99)))
		if diff := cmp.Diff(first, w.note(s)); diff != "" || !first.Signed() {
			w.Error(diff)
		}
	})
}

func TestASaveThatRacesWithTheSignatureNeverChangesWhatWasSigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, n := w.heldWithNote()
		for i := range 12 {
			seen := w.write(s).Hash
			errs := atOnce(5, func(k int) error {
				text := fmt.Sprint("try ", i, " of ", k)
				switch k {
				case 0:
					return w.st.Sign(t.Context(), s, w.noteContext(), Signing{Reviewed: true, Seen: seen}, noPrivateWording, after(70))
				case 1:
					return w.st.SaveNote(t.Context(), s, n, map[string]string{"text.attendance": text}, rand.Text(), after(70))
				case 2:
					return w.st.SaveRecord(t.Context(), s, map[string]string{"focus": text}, rand.Text(), after(70))
				case 3:
					return w.st.SetFormat(t.Context(), s, n, []string{"DAP", "SOAP"}[i%2])
				}
				return w.st.SaveRecord(t.Context(), s, map[string]string{"interaction": text}, rand.Text(), after(70))
			})
			for k, err := range errs {
				if err != nil && !errors.Is(err, fault.Locked) && !errors.Is(err, fault.Conflict) {
					w.Errorf("%d of %d: %v", i, k, err)
				}
			}
			if w.note(s).Signed() {
				break
			}
		}
		if !w.note(s).Signed() {
			w.sign(s, after(71))
		}
		signed, wr := w.note(s), w.write(s)
		content, err := signed.Document()
		sum := sha256.Sum256([]byte(signed.Content))
		if err != nil || hex.EncodeToString(sum[:]) != signed.Hash {
			w.Error("the hash is not the content's", err)
		}
		content.Signer, content.SignedAt, content.Certificate = "", "", ""
		if diff := cmp.Diff(wr.Document, content); diff != "" {
			w.Error("what is stored is not what was signed:", diff)
		}
	})
}

func TestANoteThatIsSignedLateSaysSo(t *testing.T) {
	eachWorld(t, func(w *world) {
		for days, want := range map[int]string{6: "", 7: "", 8: "Late entry: signed 8 days after the session."} {
			s, _ := w.heldWithNote()
			w.sign(s, four.AddDate(0, 0, days))
			if d, err := w.note(s).Document(); err != nil || d.Late != want {
				w.Errorf("%d days: got %q, %v", days, d.Late, err)
			}
		}
	})
}

func TestAnAddendumIsAddedOnceBelowASignedNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		add := func(reason, text, key string, at int) error {
			return w.st.Append(t.Context(), s, w.dana, reason, text, key, noPrivateWording, after(at))
		}
		w.want("unsigned", add("Corrects", "x", "k", 65), fault.Conflict)
		w.sign(s, after(70))
		before := w.note(s)
		for field, err := range map[string]error{"reason": add(" ", "x", "a", 80), "text": add("Corrects", "\n", "b", 80)} {
			if got := faultsOf(err); len(got) != 1 || got[field] == "" {
				w.Error(field, err)
			}
		}
		for what, err := range map[string]error{
			"long": add(strings.Repeat("x", 281), strings.Repeat("x", 8001), "c", 80),
			"nul":  add("a\x00", "b\x00", "d", 80),
		} {
			if got := faultsOf(err); len(got) != 2 {
				w.Error(what, err)
			}
		}
		for _, err := range atOnce(10, func(int) error { return add(" Corrects a title ", "One.\nTwo.", "first", 80) }) {
			w.must(err)
		}
		w.must(add("Adds", "More.", "second", 81))
		list, err := w.st.Addenda(t.Context(), s.Filing(), before)
		if err != nil || len(list) != 2 || list[0].Reason != "Corrects a title" || list[0].Text != "One.\nTwo." ||
			list[1].Text != "More." || list[1].Signer != w.dana.Signature() {
			w.Error(list, err)
		}
		if diff := cmp.Diff(before, w.note(s)); diff != "" {
			w.Error("the note changed:", diff)
		}
	})
}

func TestASheetShowsWhetherItIsSignedAndByWhom(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		draft := w.write(s).Document.Sheet("", nil, four)
		if last := draft.Blocks[len(draft.Blocks)-1]; !draft.Draft || draft.Footer != "" ||
			last != (pdf.Paragraph{Text: "Draft, not signed.", Muted: true}) {
			w.Error(draft.Draft, draft.Footer, last)
		}
		w.sign(s, after(70))
		w.must(w.st.Append(t.Context(), s, w.ellis, "Corrects a title", "Nothing else changes.", "k", noPrivateWording,
			after(1020).In(w.practice.Zone())))
		n := w.note(s)
		list, err := w.st.Addenda(t.Context(), s.Filing(), n)
		w.must(err)
		d, err := n.Document()
		w.must(err)
		sheet := d.Sheet(n.Hash, list, *n.SignedAt)
		if sheet.Draft || !sheet.Letter || sheet.Footer != "Content "+ShortHash(n.Hash)+"\nCertificate "+d.Certificate || sheet.Running != w.couple.RecordNo+
			" · Rowan Mossfield and Jules Thistledown · March 12, 2031" {
			w.Error(sheet.Draft, sheet.Footer, sheet.Running)
		}
		tail := sheet.Blocks[len(sheet.Blocks)-5:]
		want := []pdf.Block{
			pdf.Signature{Lines: []string{w.dana.Signature(), "Signed March 12, 2031, 5:13 p.m. EDT"}},
			pdf.Heading("Addendum, March 13, 2031, 9:03 a.m. EDT"),
			pdf.Field{Label: "Reason", Value: "Corrects a title"},
			pdf.Paragraph{Text: "Nothing else changes."},
			pdf.Signature{Lines: []string{"Ellis Marrowby", "Signed March 13, 2031, 9:03 a.m. EDT"}},
		}
		if diff := cmp.Diff(want, tail); diff != "" {
			w.Error(diff)
		}
		var one, two bytes.Buffer
		w.must(pdf.Draw(&one, sheet))
		w.must(pdf.Draw(&two, d.Sheet(n.Hash, list, *n.SignedAt)))
		if !bytes.Equal(one.Bytes(), two.Bytes()) || one.Len() == 0 {
			w.Error("the same note gives other bytes")
		}
	})
}

func TestAHashIsShownInFours(t *testing.T) {
	for hash, want := range map[string]string{
		"": "", "123456789abcdef": "",
		"0123456789abcdef9999": "0123-4567-89ab-cdef",
	} {
		if got := ShortHash(hash); got != want {
			t.Errorf("%s: got %s, want %s", hash, got, want)
		}
	}
}
