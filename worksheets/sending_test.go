package worksheets

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mend/internal/fault"
)

func TestWhatIsMissingIsSaidAndWhatWasTypedIsKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("impact-statement", ToA, 0, 1)[0]
		f := w.open(p)
		values := map[string]Value{"now": textValue("I check the mailbox."), "feelings": {}, "first": textValue("")}
		err := w.st.SaveForm(t.Context(), f, form(f, true, values), after(2))
		if got := faultsOf(err); got["a.feelings"] == "" || got["a.need_known"] == "" || got["a.now"] != "" {
			w.Error(err)
		}
		again := w.open(p)
		if diff := cmp.Diff(map[string]Value{"now": textValue("I check the mailbox.")}, again.Values); diff != "" || again.Sent() {
			w.Error(diff, again.State)
		}
		w.must(w.st.SaveForm(t.Context(), again, form(again, false, map[string]Value{"now": {}}), after(3))) // saved as empty
		if cleared := w.open(p); !cleared.Values["now"].Blank() || cleared.Sent() {
			w.Error(cleared.Values)
		}
	})
}

func TestAFormNeverOverwritesWhatItsAuthorHadNotSeen(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("impact-statement", ToA, 0, 1)[0]
		stale := w.open(p)
		w.keep(p, map[string]Value{"now": textValue("from the phone"), "first": textValue("in spring")}, 2)
		before := w.open(p)
		for name, values := range map[string]map[string]Value{
			"other words": {"now": textValue("from the laptop"), "under": textValue("more")},
			"clearing":    {"now": {}},
		} {
			for _, send := range []bool{true, false} {
				w.want(name, w.st.SaveForm(t.Context(), stale, form(stale, send, values), after(3)), fault.Conflict)
			}
		}
		now := w.open(p)
		if now.Values["now"].Text != "from the phone" || now.Values["first"].Text != "in spring" ||
			now.Values["under"].Text != "more" || now.Sent() {
			w.Error(now.Values)
		}
		w.must(w.st.AddCopies(t.Context(), now, ""))
		if kept := now.Saved["now"].Copies; len(kept) != 2 || kept[0].Value != textValue("from the laptop").Encode() {
			w.Error("what lost is not kept:", kept)
		}
		before = w.open(p)
		same := map[string]Value{"now": textValue("from the phone"), "first": textValue("in spring")}
		w.must(w.st.SaveForm(t.Context(), stale, form(stale, false, same), after(4)))
		if diff := cmp.Diff(before.Saved, w.open(p).Saved); diff != "" {
			w.Error("the same words were stored again:", diff)
		}
	})
}

func TestSendingTwiceIsSendingOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("impact-statement", ToA, 0, 1)[0]
		f := w.open(p)
		one := form(f, true, whole(f.Worksheet, map[string]Value{"now": textValue("I check the mailbox.")}))
		sent := 0
		for _, err := range atOnce(20, func(i int) error { return w.st.SaveForm(t.Context(), f, one, after(i)) }) {
			switch {
			case err == nil:
				sent++
			case !errors.Is(err, fault.Locked):
				w.Error(err)
			}
		}
		first := w.open(p)
		if !first.Sent() || sent == 0 || w.count(`SELECT COUNT(*) FROM answers WHERE state = 'sent'`) != 1 {
			w.Fatal(sent, first.State)
		}
		w.must(w.st.SaveForm(t.Context(), first, form(first, true, map[string]Value{"now": textValue("afterwards")}), after(99)))
		if diff := cmp.Diff(first, w.open(p), cmpopts.IgnoreUnexported(OpenPage{})); diff != "" {
			w.Error(diff)
		}
	})
}

func TestWhatWasSentNeverChanges(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("impact-statement", ToA, 0, 1)[0]
		stale := w.open(p)
		w.send(p, map[string]Value{"now": textValue("I check the mailbox.")}, 2)
		before := w.open(p)
		w.want("a stale form",
			w.st.SaveForm(t.Context(), stale, form(before, true, map[string]Value{"now": textValue("other")}), after(3)),
			fault.Locked)
		for _, query := range []string{
			`UPDATE fields SET sealed = 'other' WHERE owner_id = ?`,
			`DELETE FROM fields WHERE owner_id = ?`,
			`INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key) SELECT practice_id, id,
				'first', 'other', 1, touched_at, 'k' FROM answers WHERE id = ?`,
			`UPDATE fields SET owner_id = 'elsewhere' WHERE owner_id = ?`,
		} {
			_, err := w.db.Exec(t.Context(), query, p.Answer.ID)
			w.want(query, err, fault.Locked)
		}
		if diff := cmp.Diff(before.Saved, w.open(p).Saved); diff != "" {
			w.Error(diff)
		}
	})
}
