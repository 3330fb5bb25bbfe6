package worksheets

import (
	"errors"
	"testing"

	"mend/accounts"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestSettingAsideHappensWholeOrNotAtAll: if the sign-in that was used cannot be ended, the page is
// not set aside either; a retry does both, and another retry does not end the sign-in of a person
// invited since.
func TestSettingAsideHappensWholeOrNotAtAll(t *testing.T) {
	eachWorld(t, func(w *world) {
		people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
		safety := accounts.DefaultSafety()
		safety.CoverName, safety.CoverContact = "Ellis Marrowby", "(555) 010-0143"
		w.must(people.ReviewSafety(w.Context(), w.practice.ID, w.dana.ID, safety, after(-7000)))
		join := func(name string, at int) string {
			code, err := people.Invite(w.Context(), w.practice.ID, w.couple.Partners[0].ID, after(0))
			w.must(err)
			token, err := people.Join(w.Context(), code, name, "quiet-harbor-test", after(at))
			w.must(err)
			return token
		}
		wrong := join("river-maple-41", 1)
		page := w.give("impact-statement", ToA, 0, 2)[0]
		w.send(page, nil, 3)
		id := page.Assignment.ID

		// The table that ending a sign-in needs is temporarily renamed.
		exec := func(sql string) {
			_, err := w.db.Exec(w.Context(), sql)
			w.must(err)
		}
		exec(`ALTER TABLE sign_ins RENAME TO sign_ins_away`)
		if err := w.st.SetAside(w.Context(), people, w.couple, id, after(4)); err == nil {
			w.Fatal("it is set aside although the sign-in is alive")
		}
		exec(`ALTER TABLE sign_ins_away RENAME TO sign_ins`)
		if n := len(w.read(page)); n != 1 {
			w.Errorf("after half of it failed there are %d pages to read", n)
		}

		w.must(w.st.SetAside(w.Context(), people, w.couple, id, after(5)))
		if _, err := people.Authenticate(w.Context(), wrong, after(6)); err == nil {
			w.Error("the wrong person's login is alive")
		}
		day := 25 * 60 // a new code for a sign-in is delayed by a day
		right := join("river-maple-42", day)
		w.must(w.st.SetAside(w.Context(), people, w.couple, id, after(day+1)))
		if _, err := people.Authenticate(w.Context(), right, after(day+2)); err != nil {
			w.Errorf("a retry ended the right person's login: %v", err)
		}
	})
}

// TestWhatWasOnlyTakenBackCannotBeSetAside, because nobody filled it in.
func TestWhatWasOnlyTakenBackCannotBeSetAside(t *testing.T) {
	eachWorld(t, func(w *world) {
		people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
		page := w.give("impact-statement", ToA, 0, 2)[0]
		w.must(w.st.Withdraw(w.Context(), w.couple, page.Assignment.ID, after(3)))
		if err := w.st.SetAside(w.Context(), people, w.couple, page.Assignment.ID,
			after(4)); !errors.Is(err, fault.NotFound) {
			w.Errorf("got %v", err)
		}
	})
}
