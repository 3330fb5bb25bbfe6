package sessions

import (
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// addStaff adds somebody with a role to the practice.
func (w *world) addStaff(email string, role accounts.Role) accounts.Counselor {
	w.Helper()
	c := accounts.Counselor{Name: "Sam Invented", Email: email, Role: role}
	w.must(accounts.NewStore(w.db, dbtest.Vault(w, w.db), accounts.NewHashing(1, 8)).AddCounselor(w.Context(),
		w.practice.ID, &c, "quiet-harbor-test", after(-9000)))
	return c
}

func (w *world) supervised(sam accounts.Counselor) couples.Couple {
	w.Helper()
	w.must(w.couples.Supervise(w.Context(), w.practice.ID, w.dana.ID, sam.ID, w.dana.ID, "", after(-8000)))
	c, err := w.couples.FindForSupervisor(w.Context(), w.practice.ID, sam.ID, w.couple.ID)
	w.must(err)
	return c
}

// TestASupervisorReadsASignedNoteAndNothingThatLedToIt: neither the draft, the record of the
// session, nor where it was held.
func TestASupervisorReadsASignedNoteAndNothingThatLedToIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		couple := w.supervised(w.addStaff("sam@riverbend.example", accounts.Supervisor))
		s := w.session()
		s.PlaceDetail = "the small room"
		w.must(w.st.Plan(t.Context(), &s, nil, after(-3000)))
		w.must(w.st.Start(t.Context(), s, four))
		w.must(w.st.End(t.Context(), w.reload(s), after(50)))
		seen, err := w.st.FindIn(t.Context(), couple, s.ID)
		if err != nil || seen.PlaceDetail != "" || seen.Reader != couple.Reader {
			t.Errorf("%+v, %v", seen, err)
		}
		_, err = w.st.FindNote(t.Context(), seen)
		w.want("a draft", err, fault.NotFound)
		_, err = w.st.Record(t.Context(), seen)
		w.want("what was typed in the session", err, fault.NotFound)
		_, err = w.st.FindIn(t.Context(), couple, "another")
		w.want("another session", err, fault.NotFound)

		signed := w.signed()
		if seen, err = w.st.FindIn(t.Context(), couple, signed.ID); err != nil {
			t.Fatal(err)
		}
		note, err := w.st.FindNote(t.Context(), seen)
		if err != nil || !note.Signed() || note.Content == "" {
			t.Errorf("%+v, %v", note, err)
		}
		own, err := w.st.FindIn(t.Context(), w.couple, s.ID)
		if err != nil || own.PlaceDetail != "the small room" {
			t.Errorf("its own counselor: %q, %v", own.PlaceDetail, err)
		}
	})
}
