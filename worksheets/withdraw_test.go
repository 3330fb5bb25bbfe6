package worksheets

import (
	"crypto/rand"
	"errors"
	"strings"
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

// TestNobodyWritesIntoAWithdrawnPage that was open while it was withdrawn: the words would be sent and
// nobody would ever read them.
func TestNobodyWritesIntoAWithdrawnPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("impact-statement", ToA, 0, 1)[0]
		f := w.open(page)
		w.must(w.st.Withdraw(w.Context(), w.couple, page.Assignment.ID, after(2)))
		_, err := w.st.SaveAnswer(w.Context(), f, edit("now", "my words", 0), textValue("my words"))
		w.want("a field", err, fault.Locked)
		for _, send := range []bool{false, true} {
			form := Form{Values: whole(f.Worksheet, nil), Seen: f.Seen(), Key: rand.Text(), Send: send}
			w.want("the form", w.st.SaveForm(w.Context(), f, form, after(3)), fault.Locked)
		}
	})
}

// TestABegunPageIsNotWithdrawnAtTheSameMoment: of a first save and a withdrawal at once, one wins.
func TestABegunPageIsNotWithdrawnAtTheSameMoment(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 10 {
			page := w.give("impact-statement", ToA, 0, 1)[0]
			f := w.open(page)
			errs := atOnce(2, func(i int) error {
				if i == 0 {
					return w.st.Withdraw(w.Context(), w.couple, page.Assignment.ID, after(2))
				}
				_, err := w.st.SaveAnswer(w.Context(), f, edit("now", "my words", 0), textValue("my words"))
				return err
			})
			if (errs[0] == nil) == (errs[1] == nil) {
				w.Errorf("withdrawn: %v, saved: %v", errs[0], errs[1])
			}
		}
	})
}

// TestThePageInsteadOfOneThatWasSetAsideIsDueAtTheSameTime.
func TestThePageInsteadOfOneThatWasSetAsideIsDueAtTheSameTime(t *testing.T) {
	eachWorld(t, func(w *world) {
		people := accounts.NewStore(w.db, dbtest.Vault(w.T, w.db), accounts.NewHashing(1, 8))
		page := w.deliver("impact-statement", ToA, Delivery{ForSession: true}, 1)[0]
		_, err := w.db.Exec(w.Context(), `UPDATE assignments SET read_by = '2031-03-14' WHERE id = ?`, page.Assignment.ID)
		w.must(err)
		w.send(page, nil, 2)
		w.must(w.st.SetAside(w.Context(), people, w.couple, page.Assignment.ID, after(3)))
		list := w.pages()
		if len(list) != 1 || list[0].ReadBy == nil || *list[0].ReadBy != "2031-03-14" || !list[0].ForSession {
			w.Errorf("got %+v", list)
		}
	})
}

func TestTheSaveKeyOfAFieldStaysShort(t *testing.T) {
	form := Form{Key: strings.Repeat("k", 43)}
	long := keyOf(form, strings.Repeat("field", 50))
	if len(long) > 64 || long == keyOf(form, "another") || long != keyOf(form, strings.Repeat("field", 50)) {
		t.Error(long)
	}
}
