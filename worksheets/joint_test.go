package worksheets

import (
	"slices"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/rowmac"
)

func TestAJointPageIsWithTheCounselorUntilItIsMadeActive(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("date-night-plan", ToJoint, -1, 1)
		id := pages[0].Assignment.ID
		for _, side := range []couples.Side{couples.A, couples.B} {
			_, err := w.st.JointPage(t.Context(), w.asPartner(side), id)
			w.want("before it is active", err, fault.NotFound)
		}
		w.send(pages[1], map[string]Value{"free_confirm": textValue("talk-first")}, 2) // does not open the page
		_, err := w.st.JointPage(t.Context(), w.asPartner(couples.A), id)
		w.want("after a slip was sent", err, fault.NotFound)
		for range 2 {
			w.must(w.st.Activate(t.Context(), w.couple, id, after(3)))
		}
		for i, side := range []couples.Side{couples.A, couples.B} {
			f, err := w.st.JointPage(t.Context(), w.asPartner(side), id)
			w.must(err)
			if f.Seen() != i {
				w.Errorf("%s sees %d edits", side, f.Seen())
			}
			_, err = w.st.SaveField(t.Context(), f, edit([]string{"exit", "after_b"}[i], "by "+string(side), 0))
			w.must(err)
		}
		w.want("another kind of page",
			w.st.Activate(t.Context(), w.couple, w.give("boundary-map", ToA, -1, 4)[0].Assignment.ID, after(5)), fault.NotFound)
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		w.want("through another couple", w.st.Activate(t.Context(), strangers, id, after(5)), fault.NotFound)
	})
}

func TestAJointPageThatWasTakenBackIsNotMadeActive(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.give("date-night-plan", ToJoint, -1, 1)[0].Assignment.ID
		w.must(w.st.Withdraw(t.Context(), w.couple, id, after(2)))
		w.want("taken back", w.st.Activate(t.Context(), w.couple, id, after(3)), fault.NotFound)
		_, err := w.st.JointPage(t.Context(), w.couple, id)
		w.want("to read", err, fault.NotFound)
		if n := w.count(`SELECT COUNT(*) FROM assignments WHERE active_at IS NOT NULL`); n != 0 {
			w.Errorf("%d pages are active", n)
		}
	})
}

func TestBothWriteInOnePageAndAClashShowsBothTexts(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.give("date-night-plan", ToJoint, -1, 1)[0].Assignment.ID
		w.must(w.st.Activate(t.Context(), w.couple, id, after(2)))
		together := func(side couples.Side) OpenPage {
			f, err := w.st.JointPage(t.Context(), w.asPartner(side), id)
			w.must(err)
			return f
		}
		a, b := together(couples.A), together(couples.B)
		_, err := w.st.SaveField(t.Context(), a, edit("exit", "We stop and walk.", 0))
		w.must(err)
		_, err = w.st.SaveField(t.Context(), b, edit("exit", "We say the word.", 0))
		w.want("the second at the same field", err, fault.Conflict)
		if text := together(couples.B).Values["exit"].Text; text != "We stop and walk." {
			w.Errorf("got %q", text)
		}
		lost, err := fields.Copies(t.Context(), w.db, b.place, "")
		if err != nil || len(lost) != 1 || lost[0].Field != "exit" {
			w.Error(lost, err)
		}
	})
}

func TestTheSlipOfAJointPageIsItsAuthorsAndTheCounselorsAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("date-night-plan", ToJoint, -1, 1)
		w.send(pages[1], map[string]Value{"free_confirm": textValue("talk-first"), "counselor_only": textValue("I feel pushed.")}, 2)
		if f := w.open(pages[2]); f.Sent() || len(f.Values) != 0 || f.Seen() != 0 {
			w.Error("the other's slip:", f.State, f.Values)
		}
		got := w.read(pages[0])
		if len(got) != 3 || got[1].Values["free_confirm"].Text != "talk-first" || got[1].Side != couples.A ||
			len(got[2].Values) != 0 || len(got[0].Values) != 0 {
			w.Errorf("%d readings", len(got))
		}
		w.must(w.st.Activate(t.Context(), w.couple, pages[0].Assignment.ID, after(3)))
		for _, side := range []couples.Side{couples.A, couples.B} {
			f, err := w.st.JointPage(t.Context(), w.asPartner(side), pages[0].Assignment.ID)
			w.must(err)
			if slices.ContainsFunc(f.Worksheet.Fields, func(f Field) bool { return f.CounselorOnly }) || len(f.Values) != 0 {
				w.Error(side, f.Values)
			}
		}
	})
}

func TestTheCounselorClosesAJointPageAndThenItStays(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.give("date-night-plan", ToJoint, -1, 1)[0].Assignment.ID
		w.must(w.st.Close(t.Context(), w.couple, id, after(2))) // never activated, so nothing to close
		w.must(w.st.Activate(t.Context(), w.couple, id, after(3)))
		f, err := w.st.JointPage(t.Context(), w.asPartner(couples.A), id)
		w.must(err)
		w.must(w.st.SaveForm(t.Context(), f, form(f, true, map[string]Value{"exit": textValue("We stop.")}), after(4))) // a partner's "send" only saves
		if f, _ = w.st.JointPage(t.Context(), w.asPartner(couples.B), id); f.Sent() || f.Values["exit"].Text != "We stop." {
			w.Error(f.State, f.Values)
		}
		for range 2 {
			w.must(w.st.Close(t.Context(), w.couple, id, after(5)))
		}
		_, err = w.st.SaveField(t.Context(), f, edit("exit", "We do not stop.", 1))
		w.want("after closing", err, fault.Locked)
		for _, side := range []couples.Side{couples.A, couples.B} {
			f, err := w.st.JointPage(t.Context(), w.asPartner(side), id)
			if err != nil || !f.Sent() || f.Values["exit"].Text != "We stop." {
				w.Error(side, f.State, err)
			}
		}
	})
}

// TestAClosedJointPageHasItsMACItsDayAndItsEntry: whoever changes it in the database is found out.
func TestAClosedJointPageHasItsMACItsDayAndItsEntry(t *testing.T) {
	eachWorld(t, func(w *world) {
		log := audit.New(w.db, audit.Keys{MAC: w.st.vault.AuditKey, Sign: w.st.vault.SigningKey}, "",
			func() time.Time { return after(3) })
		ctx := log.Begin(w.Context(), audit.Who{Role: "counselor"})
		id := w.give("date-night-plan", ToJoint, -1, 1)[0].Assignment.ID
		w.must(w.st.Activate(ctx, w.couple, id, after(2)))
		w.must(w.st.Close(ctx, w.couple, id, after(3)))
		if n := w.count(`SELECT count(*) FROM assignments WHERE id = ? AND closed_at IS NOT NULL`, id); n != 1 {
			w.Error("it has no day")
		}
		if n := w.count(`SELECT count(*) FROM audit_log WHERE object = 'joint page' AND reason = 'closed'`); n != 1 {
			w.Errorf("%d entries in the log", n)
		}
		if _, found, err := rowmac.Verify(ctx, w.db, w.st.vault); err != nil || len(found) > 0 {
			w.Error(found, err)
		}
	})
}
