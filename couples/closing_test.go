package couples_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// A portal is the sign-in name and token of a partner who joined.
type portal struct{ name, token string }

// joined has a partner of a practice join and returns their portal.
func joined(t *testing.T, people *accounts.Store, practice, partner, name string, now time.Time) portal {
	t.Helper()
	code, err := people.Invite(t.Context(), practice, partner, now)
	if err == nil {
		var token string
		if token, err = people.Join(t.Context(), code, name, "seven quiet herons", now); err == nil {
			return portal{name, token}
		}
	}
	t.Fatal(err)
	return portal{}
}

// isOpen reports whether the partner is still signed in, and whether they can sign in again.
func (p portal) isOpen(t *testing.T, people *accounts.Store, now time.Time) (stays, enters bool) {
	t.Helper()
	_, stayed := people.Authenticate(t.Context(), p.token, now)
	_, entered := people.SignIn(t.Context(), p.name, "seven quiet herons", "", now)
	return stayed == nil, entered == nil
}

// A closable is a couple whose partners have joined.
type closable struct {
	*testing.T
	db     *database.DB
	st     *couples.Store
	people *accounts.Store
	couple couples.Couple
	a, b   portal
}

// eachClosable runs story with such a couple on both engines.
func eachClosable(t *testing.T, story func(w *closable)) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		w := &closable{
			T: t, db: db, st: couples.NewStore(db, v, kinds), people: accounts.NewStore(db, v, accounts.NewHashing(1, 8)),
		}
		dana := practice(t, db, "dana@example.org")
		safety := accounts.DefaultSafety()
		safety.CoverName, safety.CoverContact = "Ellis Marrowby", "(555) 010-0143"
		if err := w.people.ReviewSafety(t.Context(), dana.PracticeID, dana.ID, safety, at); err != nil {
			t.Fatal(err)
		}
		w.couple = find(t, w.st, create(t, w.st, robinAndSasha(dana, "key")))
		w.a = joined(t, w.people, dana.PracticeID, w.couple.Partners[0].ID, "calm-otter-11", at)
		w.b = joined(t, w.people, dana.PracticeID, w.couple.Partners[1].ID, "calm-heron-12", at)
		story(w)
	})
}

// nothingPlanned stands for canceling appointments and cancels none.
func nothingPlanned(context.Context, *database.DB) error { return nil }

// ends returns a closing whose portals end after an hour and after a day.
func ends(key string) couples.Closing {
	return couples.Closing{
		Ending: couples.GoalsReached, AUntil: at.Add(time.Hour), BUntil: at.AddDate(0, 0, 1), FormKey: key,
	}
}

func (w *closable) close(end couples.Closing) error {
	w.Helper()
	return w.st.Close(w.Context(), w.people, w.couple, end, nothingPlanned, at)
}

func TestEachPortalEndsAtItsOwnTime(t *testing.T) {
	eachClosable(t, func(w *closable) {
		if err := w.close(ends("k")); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name  string
			after time.Duration
			a, b  bool
		}{
			{"before either", 59 * time.Minute, true, true},
			{"when A's has ended", time.Hour, false, true},
			{"long after", 26 * time.Hour, false, false},
		} {
			for side, p := range map[couples.Side]portal{couples.A: w.a, couples.B: w.b} {
				want := map[couples.Side]bool{couples.A: tt.a, couples.B: tt.b}[side]
				stays, enters := p.isOpen(t, w.people, at.Add(tt.after))
				if enters != want || stays && !want {
					t.Errorf("%s, %s: stays %v, enters %v", tt.name, side, stays, enters)
				}
			}
		}
		if err := w.st.MayInvite(t.Context(), w.couple); err == nil {
			t.Error("a partner of a closed couple may be invited")
		}
		if err := w.st.Reopen(t.Context(), w.people, w.couple, "They called.", at.Add(27*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, enters := w.a.isOpen(t, w.people, at.Add(28*time.Hour)); !enters {
			t.Error("after it was reopened A cannot sign in")
		}
		if err := w.st.MayInvite(t.Context(), w.couple); err != nil {
			t.Error(err)
		}
	})
}

// A sign-in whose end was removed directly in the database stays closed.
func TestAnEndedPortalIsNotOpenedByHand(t *testing.T) {
	eachClosable(t, func(w *closable) {
		if err := w.close(ends("k")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.db.Exec(t.Context(), `UPDATE sign_ins SET ends_at = NULL`); err != nil {
			t.Fatal(err)
		}
		if stays, _ := w.a.isOpen(t, w.people, at.Add(time.Minute)); stays {
			t.Error("it was opened by hand")
		}
	})
}

func TestACoupleIsClosedOnceAndItsListSaysSo(t *testing.T) {
	eachClosable(t, func(w *closable) {
		listed := func(only string) int {
			t.Helper()
			list, err := w.st.Caseload(t.Context(), w.couple.PracticeID, w.couple.CounselorID, couples.Search{Only: only})
			if err != nil {
				t.Fatal(err)
			}
			return len(list.Couples)
		}
		is := func(when string, open, closed int) {
			t.Helper()
			if listed("open") != open || listed("closed") != closed || listed("") != 1 {
				t.Errorf("%s: %d open, %d closed, %d in all", when, listed("open"), listed("closed"), listed(""))
			}
		}
		is("before", 1, 0)
		for range 2 {
			if err := w.close(ends("k")); err != nil {
				t.Fatal("a second press:", err)
			}
		}
		is("closed", 0, 1)
		if err := w.close(ends("another")); !errors.Is(err, fault.Conflict) {
			t.Error("closed twice:", err)
		}
		for range 2 {
			if err := w.st.Reopen(t.Context(), w.people, w.couple, "They called.", at.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		is("reopened", 1, 0)
		list, err := w.st.Closings(t.Context(), w.couple)
		if err != nil || len(list) != 1 || list[0].Reason != "They called." || list[0].ReopenedAt == nil ||
			couples.IsClosed(list) {
			t.Errorf("its trace is %+v (%v)", list, err)
		}
		if err := w.close(ends("again")); err != nil {
			t.Error("a second ending:", err)
		}
		is("closed again", 0, 1)
		if _, found, err := rowmac.Verify(t.Context(), w.db, dbtest.Vault(t, w.db)); len(found) > 0 || err != nil {
			t.Error(found, err)
		}
	})
}

func TestBothPortalsGoOnAfterACoupleIsReopened(t *testing.T) {
	eachClosable(t, func(w *closable) {
		if err := w.close(ends("k")); err != nil {
			t.Fatal(err)
		}
		if err := w.st.Reopen(t.Context(), w.people, w.couple, "They called.", at.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		later := at.AddDate(0, 0, 3)
		for _, p := range []portal{w.a, w.b} {
			if _, enters := p.isOpen(t, w.people, later); !enters {
				t.Errorf("%s cannot sign in", p.name)
			}
		}
	})
}

func TestTheRetentionClockStartsAtClosing(t *testing.T) {
	eachClosable(t, func(w *closable) {
		before, err := w.st.Retention(t.Context(), w.couple)
		if err != nil {
			t.Fatal(err)
		}
		now := at.AddDate(1, 0, 0)
		end := couples.Closing{
			Ending: couples.LostContact, AUntil: now.Add(time.Hour), BUntil: now.Add(time.Hour), FormKey: "k",
		}
		if err := w.st.Close(t.Context(), w.people, w.couple, end, nothingPlanned, now); err != nil {
			t.Fatal(err)
		}
		after, err := w.st.Retention(t.Context(), w.couple)
		if err != nil || !after.Until.Equal(before.Until.AddDate(1, 0, 0)) {
			t.Error(before.Until, after.Until, err)
		}
	})
}

func TestAClosingIsRefusedWithWords(t *testing.T) {
	eachClosable(t, func(w *closable) {
		for name, tt := range map[string]struct {
			change func(c *couples.Closing)
			field  string
		}{
			"no ending":            {func(c *couples.Closing) { c.Ending = "" }, "ending"},
			"an unknown one":       {func(c *couples.Closing) { c.Ending = "tired" }, "ending"},
			"a day that is past":   {func(c *couples.Closing) { c.AUntil = at.Add(-time.Minute) }, "a_until"},
			"no day":               {func(c *couples.Closing) { c.BUntil = time.Time{} }, "b_until"},
			"a day years from now": {func(c *couples.Closing) { c.BUntil = at.AddDate(3, 0, 0) }, "b_until"},
		} {
			end := ends("k")
			tt.change(&end)
			refused, _ := errors.AsType[fault.Fields](w.close(end))
			if len(refused) != 1 || refused[tt.field] == "" {
				t.Errorf("%s: %v", name, refused)
			}
		}
		refused, _ := errors.AsType[fault.Fields](w.st.Reopen(t.Context(), w.people, w.couple, " ", at))
		if refused["reason"] == "" {
			t.Error("reopened without a reason:", refused)
		}
	})
}

// TestNobodyIsInvitedToAClosedCouple, also when it was closed after the page with the button was
// opened: their portal would never end.
func TestNobodyIsInvitedToAClosedCouple(t *testing.T) {
	eachClosable(t, func(w *closable) {
		invite := func() error {
			_, err := w.people.InviteIf(t.Context(), w.couple.PracticeID, w.couple.Partners[0].ID, w.couple.StaysOpen, at)
			return err
		}
		if err := invite(); err != nil {
			t.Fatal(err)
		}
		if err := w.close(ends("k")); err != nil {
			t.Fatal(err)
		}
		if bad, _ := errors.AsType[fault.Fields](invite()); bad["main"] == "" {
			t.Error("a code was created")
		}
	})
}
