package sessions

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// newYork returns the practice's time zone.
func (w *world) newYork() *time.Location { return w.practice.Zone() }

// called returns the request for a note of a call at four.
func (w *world) called(side couples.Side) StandaloneDraft {
	return StandaloneDraft{Kind: Contact, Side: side, At: four.In(w.newYork()), FormKey: rand.Text()}
}

// call returns a note of a call that can be signed.
func (w *world) call(side couples.Side) StandaloneNote {
	w.Helper()
	d := w.called(side)
	d.Values = map[string]string{
		"with": "Rowan", "how": "phone", "minutes": "15", "what": "Rowan called about the time of the next session.",
		"plan": "Meet as planned.",
	}
	n, err := w.st.DraftNote(w.Context(), w.couple, d, after(5))
	w.must(err)
	return n
}

func (w *world) writeStandalone(n StandaloneNote) StandaloneWriting {
	w.Helper()
	got, err := w.st.WriteStandalone(w.Context(), n, w.noteContext(), after(200))
	w.must(err)
	return got
}

func (w *world) signStandalone(n StandaloneNote, at time.Time) StandaloneNote {
	w.Helper()
	sign := Signing{Reviewed: true, Seen: w.writeStandalone(n).Hash}
	w.must(w.st.SignStandalone(w.Context(), n, w.noteContext(), sign, noPrivateWording, at))
	return w.filed(n)
}

// filed returns n as it is stored.
func (w *world) filed(n StandaloneNote) StandaloneNote {
	w.Helper()
	n, err := w.st.FindStandalone(w.Context(), w.couple, n.Side, n.ID)
	w.must(err)
	return n
}

func TestANoteWithoutASessionIsBegunOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		d := w.called(couples.A)
		ids := make([]string, 6)
		for _, err := range atOnce(len(ids), func(i int) error {
			n, err := w.st.DraftNote(t.Context(), w.couple, d, after(i))
			ids[i] = n.ID
			return err
		}) {
			w.must(err)
		}
		if len(slices.Compact(ids)) != 1 || w.count(`SELECT COUNT(*) FROM notes`) != 1 {
			w.Error("a second press began a second note:", ids)
		}
		n := w.signStandalone(w.call(""), after(30))
		var key string
		w.must(w.db.Get(t.Context(), &key, `SELECT form_key FROM notes WHERE id = ?`, n.ID))
		again, err := w.st.DraftNote(t.Context(), w.couple, StandaloneDraft{Kind: Contact, At: four, FormKey: key}, after(40))
		if err != nil || again.ID != n.ID || !again.Signed() {
			w.Error("a press after it was signed:", again.ID, err)
		}
	})
}

func TestWhatANoteIsAndWhereItIsFiledIsChosenOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			change func(d *StandaloneDraft)
			field  string
		}{
			"no kind":                   {func(d *StandaloneDraft) { d.Kind = "" }, "kind"},
			"a session's":               {func(d *StandaloneDraft) { d.Kind = ProgressNote }, "kind"},
			"nobody's file":             {func(d *StandaloneDraft) { d.Side = "C" }, "filed"},
			"a meeting with one, joint": {func(d *StandaloneDraft) { d.Kind = IndividualMeeting }, "filed"},
			"a conversation, joint":     {func(d *StandaloneDraft) { d.Kind = PrivateConversation }, "filed"},
			"a risk review, joint":      {func(d *StandaloneDraft) { d.Kind = RiskReview }, "filed"},
			"no such mode":              {func(d *StandaloneDraft) { d.Values = map[string]string{"how": "pigeon"} }, "how"},
		} {
			d := w.called("")
			tt.change(&d)
			if _, err := w.st.DraftNote(t.Context(), w.couple, d, four); len(faultsOf(err)) != 1 ||
				faultsOf(err)[tt.field] == "" {
				w.Errorf("%s: %v", name, err)
			}
		}
		d := w.called("")
		d.Values = map[string]string{"side": "A"}
		_, err := w.st.DraftNote(t.Context(), w.couple, d, four)
		w.want("a field that there is not", err, fault.Malformed)
		for _, n := range []StandaloneNote{w.call(couples.A), w.signStandalone(w.call(couples.A), after(30))} {
			for _, change := range []string{`side = ''`, `side = 'B'`, `kind = 'missed'`} {
				_, err := w.db.Exec(t.Context(), `UPDATE notes SET `+change+` WHERE id = ?`, n.ID)
				w.want(change, err, fault.Locked)
			}
		}
	})
}

func TestANoteFiledWithOnePartnerIsNowhereElse(t *testing.T) {
	eachWorld(t, func(w *world) {
		open, signed := w.call(couples.A), w.signStandalone(w.call(couples.A), after(30))
		joint := w.call("")
		for _, n := range []StandaloneNote{open, signed} {
			for _, side := range []couples.Side{"", couples.B} {
				_, err := w.st.FindStandalone(t.Context(), w.couple, side, n.ID)
				w.want("found as "+string(side), err, fault.NotFound)
			}
			_, err := w.st.CoupleOfNote(t.Context(), w.practice.ID, w.dana.ID, n.ID)
			w.want("by its id alone", err, fault.NotFound)
		}
		for side, want := range map[couples.Side]int{"": 1, couples.A: 2, couples.B: 0} {
			if list, err := w.st.StandaloneNotes(t.Context(), w.couple, side); err != nil || len(list) != want {
				w.Errorf("%q lists %d, want %d (%v)", side, len(list), want, err)
			}
		}
		if _, err := w.st.FindStandalone(t.Context(), w.couple, couples.A, joint.ID); err == nil {
			w.Error("a joint note is in an individual file")
		}
		_, err := w.st.CoupleOfNote(t.Context(), w.practice.ID, w.ellis.ID, joint.ID)
		w.want("another counselor", err, fault.NotFound)
		_, err = w.st.CoupleOfNote(t.Context(), w.practice.ID, w.dana.ID, w.note(w.held()).ID)
		w.want("a session's note", err, fault.NotFound)
		narrow := vault.WithMaterials(t.Context(), []vault.Material{vault.Note})
		_, err = w.st.FindStandalone(narrow, w.couple, couples.A, signed.ID)
		w.want("on a page of the joint record", err, fault.NotFound)
		d := w.writeStandalone(open).Document
		if len(d.Partners) != 1 || strings.Contains(strings.Join(d.Partners, ""), w.couple.Partners[1].Name) ||
			d.Filed != "Individual file" {
			w.Error("it names the other partner:", d.Partners, d.Filed)
		}
		if d := w.writeStandalone(joint).Document; len(d.Partners) != 2 || d.Filed != "Joint record" {
			w.Error(d.Partners, d.Filed)
		}
	})
}

func TestNothingTypedIntoANoteWithoutASessionIsLost(t *testing.T) {
	eachWorld(t, func(w *world) {
		n, err := w.st.DraftNote(t.Context(), w.couple, w.called(""), after(5))
		w.must(err)
		save := func(field, value string, base int) {
			t.Helper()
			_, err := w.st.SaveStandaloneField(t.Context(), n, edit(field, value, base), w.newYork())
			w.must(err)
		}
		save("what", "A long call.", 0)
		save("day", "2031-03-", 1)
		if at := w.filed(n).HappenedAt; !at.Equal(four) {
			w.Error("half a day moved it to", at)
		}
		save("day", "2031-03-10", 2)
		save("time", "9:05", 1)
		save("time", "09:05", 2)
		if at := w.filed(n).HappenedAt.In(w.newYork()); at.Format("2006-01-02 15:04") != "2031-03-10 09:05" {
			w.Error("the list has", at)
		}
		_, err = w.st.SaveStandaloneField(t.Context(), n, edit("what", "Another window.", 0), w.newYork())
		w.want("another window", err, fault.Conflict)
		saved := w.writeStandalone(n).Saved
		w.must(w.st.AddStandaloneCopies(t.Context(), n, "", saved))
		if copies := saved["what"].Copies; len(copies) != 1 || copies[0].Value != "Another window." {
			w.Error("what lost is gone:", copies)
		}
		form := map[string]string{"what": "A long call, twice.", "day": "2031-03-11"}
		w.must(w.st.SaveStandalone(t.Context(), n, form, "form", w.newYork(), after(9)))
		if got := fields.Values(w.writeStandalone(n).Saved); got["what"] != form["what"] || got["time"] != "09:05" {
			w.Error(got)
		}
		too := w.st.SaveStandalone(t.Context(), n, map[string]string{"with": strings.Repeat("x", 201)}, "k", w.newYork(), four)
		if faultsOf(too)["with"] == "" {
			w.Error(too)
		}
	})
}

func TestANoteWithoutASessionIsSignedWholeReviewedAndAsItWasSeen(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := w.call(couples.B)
		sign := func(g Signing) error {
			return w.st.SignStandalone(t.Context(), n, w.noteContext(), g, noPrivateWording, after(30))
		}
		set := func(field, value string) {
			t.Helper()
			w.must(w.st.SaveStandalone(t.Context(), n, map[string]string{field: value}, rand.Text(), w.newYork(), after(20)))
		}
		for _, tt := range [][3]string{
			{"day", "", "2031-03-12"},
			{"day", "2031-03-13", "2031-03-12"},
			{"time", "late", "16:03"},
			{"with", " ", "Jules"},
			{"minutes", "ten", "10"},
			{"minutes", "0", ""},
			{"what", "", "Jules called."},
		} {
			set(tt[0], tt[1])
			got := faultsOf(sign(Signing{Reviewed: true, Seen: w.writeStandalone(n).Hash}))
			if len(got) != 1 || got[tt[0]] == "" {
				w.Errorf("%s %q: %v", tt[0], tt[1], got)
			}
			set(tt[0], tt[2])
		}
		if got := faultsOf(sign(Signing{Seen: w.writeStandalone(n).Hash})); got["reviewed"] == "" {
			w.Error("not reviewed:", got)
		}
		seen := w.writeStandalone(n).Hash
		set("plan", "Call back.")
		w.want("changed since", sign(Signing{Reviewed: true, Seen: seen}), fault.Conflict)
		w.want("never shown", sign(Signing{Reviewed: true}), fault.Conflict)
		before := w.writeStandalone(n)
		for _, err := range atOnce(4, func(int) error { return sign(Signing{Reviewed: true, Seen: before.Hash}) }) {
			w.must(err)
		}
		signed := w.filed(n)
		got, err := signed.Document()
		want := before.Document
		want.Signer, want.SignedAt, want.Certificate = w.dana.Signature(), "March 12, 2031, 4:33 p.m. EDT", got.Certificate
		if diff := cmp.Diff(want, got); diff != "" || err != nil || got.Certificate == "" {
			w.Error(diff, err)
		}
		if got.Title != "Contact note" || got.Time != "4:03 p.m. EDT" || got.How != "Phone" || got.With != "Jules" {
			w.Errorf("%+v", got)
		}
	})
}

func TestNothingOfASignedNoteWithoutASessionChanges(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, side := range []couples.Side{"", couples.A} {
			n := w.signStandalone(w.call(side), after(30))
			file, err := w.st.SignedFile(t.Context(), n.Filing, n.Note)
			w.must(err)
			w.signer(file)
			_, err = w.st.SaveStandaloneField(t.Context(), n, edit("what", "afterwards", 1), w.newYork())
			w.want("a field", err, fault.Locked)
			w.want("a form", w.st.SaveStandalone(t.Context(), n, map[string]string{"plan": "else"}, "k", w.newYork(), after(31)),
				fault.Locked)
			for _, query := range []string{
				`UPDATE notes SET happened_at = created_at WHERE id = ?`, `DELETE FROM notes WHERE id = ?`,
				`UPDATE fields SET sealed = 'x' WHERE owner_id = ?`, `DELETE FROM note_files WHERE note_id = ?`,
			} {
				_, err := w.db.Exec(t.Context(), query, n.ID)
				w.want(query, err, fault.Locked)
			}
			for range 2 {
				w.must(w.st.AppendStandalone(t.Context(), n, w.dana, "Corrects", "It was Jules.", "key", noPrivateWording, after(40)))
			}
			list, err := w.st.Addenda(t.Context(), n.Filing, n.Note)
			if err != nil || len(list) != 1 || list[0].Text != "It was Jules." {
				w.Error(list, err)
			}
			if diff := cmp.Diff(n.Note, w.filed(n).Note); diff != "" {
				w.Error(diff)
			}
			again, err := w.st.SignedFile(t.Context(), n.Filing, n.Note)
			if w.must(err); !strings.Contains(w.words(again), "It was Jules.") {
				w.Error("the addendum is not in the file")
			}
			open := w.call(side)
			w.want("an addendum to a draft", w.st.AppendStandalone(t.Context(), open, w.dana, "r", "t", "k2", noPrivateWording,
				after(41)), fault.Conflict)
		}
		if notes, bad, err := w.st.VerifyNotes(t.Context()); notes != 2 || len(bad) > 0 || err != nil {
			w.Error(notes, bad, err)
		}
	})
}

func TestANoteSignedMoreThanAWeekLaterSaysSo(t *testing.T) {
	eachWorld(t, func(w *world) {
		for at, want := range map[time.Time]string{
			four.AddDate(0, 0, 7): "", four.AddDate(0, 0, 9): "Late entry: signed 9 days after the date of service.",
		} {
			if d, err := w.signStandalone(w.call(""), at).Document(); err != nil || d.Late != want {
				w.Errorf("%q, want %q (%v)", d.Late, want, err)
			}
		}
	})
}

// A process that is killed between the signature and the commit leaves the same as a transaction
// whose last statement fails: the draft.
func TestASignatureThatDoesNotReachItsCommitIsNone(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := w.call(couples.A)
		fail, mend := `CREATE TRIGGER fails BEFORE INSERT ON row_macs BEGIN SELECT RAISE(ABORT, 'killed'); END`,
			`DROP TRIGGER fails`
		if w.db.Engine() == database.Postgres {
			fail = `CREATE TRIGGER fails BEFORE INSERT ON row_macs FOR EACH ROW EXECUTE FUNCTION refuse_change()`
			mend += ` ON row_macs`
		}
		_, err := w.db.Exec(t.Context(), fail)
		w.must(err)
		seen := w.writeStandalone(n).Hash
		sign := Signing{Reviewed: true, Seen: seen}
		if err := w.st.SignStandalone(t.Context(), n, w.noteContext(), sign, noPrivateWording, after(30)); err == nil {
			w.Fatal("it was signed")
		}
		if w.filed(n).Signed() || w.count(`SELECT COUNT(*) FROM note_files`) != 0 || w.writeStandalone(n).Hash != seen {
			w.Error("something of the signature is left")
		}
		_, err = w.db.Exec(t.Context(), mend)
		w.must(err)
		if n = w.signStandalone(n, after(31)); !n.Signed() {
			w.Error("it cannot be signed any more")
		}
		if _, found, err := rowmac.Verify(t.Context(), w.db, w.st.vault); len(found) > 0 || err != nil {
			w.Error(found, err)
		}
	})
}
