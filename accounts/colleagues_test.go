package accounts_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// colleague invites a colleague and returns the counselor and the code.
func colleague(t *testing.T, st *accounts.Store, owner accounts.Counselor, email string,
	role accounts.Role,
) (accounts.Counselor, string) {
	t.Helper()
	c := accounts.Counselor{Name: "Sam Invented", Email: email, Role: role}
	code, err := st.InviteColleague(t.Context(), owner.PracticeID, owner.ID, &c, at)
	if err != nil {
		t.Fatal(err)
	}
	return c, code
}

func TestAColleagueChoosesThePasswordAndHasTheRoleThatWasGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		for i, role := range accounts.Roles {
			email := fmt.Sprintf("sam%d@example.org", i)
			c, code := colleague(t, st, owner, email, role)
			if _, err := st.SignIn(t.Context(), email, "", "", at); err == nil {
				t.Error("an empty password opens what waits for an invitation")
			}
			_, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "short"), at)
			wantFaults(t, err, "password")
			token, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "four quiet lanterns"), at)
			if err != nil {
				t.Fatal(err)
			}
			l, err := st.Authenticate(t.Context(), token, at)
			if err != nil || l.CounselorID != c.ID || l.Role != role || l.IsOwner() != (role == accounts.Owner) ||
				l.LeadsCouples() != (role == accounts.Owner || role == accounts.Member) || !l.IsCounselor() {
				t.Errorf("%s: %+v, %v", role, l, err)
			}
			_, err = st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "four loud lanterns"), at)
			wantFaults(t, err, "code")
			if _, err := st.SignIn(t.Context(), email, "four quiet lanterns", "", at); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWhatIsWrongWithAnInvitedColleagueIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		for what, test := range map[string]struct {
			c    accounts.Counselor
			want []string
		}{
			"nothing": {accounts.Counselor{}, []string{"email", "name", "role"}},
			"no role": {accounts.Counselor{Name: "Sam", Email: "sam@example.org", Role: "cleaner"}, []string{"role"}},
			"taken": {
				accounts.Counselor{Name: "Sam", Email: " Dana@Example.org", Role: accounts.FrontDesk},
				[]string{"email"},
			},
			"no email": {accounts.Counselor{Name: "Sam", Email: "sam", Role: accounts.FrontDesk}, []string{"email"}},
		} {
			t.Log(what)
			_, err := st.InviteColleague(t.Context(), owner.PracticeID, owner.ID, &test.c, at)
			wantFaults(t, err, test.want...)
		}
		wantFaults(t, st.SetRole(t.Context(), owner.PracticeID, owner.ID, owner.ID, "cleaner", at), "role")
		if n := count(t, db, `SELECT COUNT(*) FROM counselors`); n != 1 {
			t.Errorf("%d people", n)
		}
	})
}

// TestACodeOpensNothingAtTheOtherDoor: a partner's code does not create a colleague, nor a
// colleague's code a partner, and trying uses up neither.
func TestACodeOpensNothingAtTheOtherDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		_, theirs := colleague(t, st, owner, "sam@example.org", accounts.FrontDesk)
		partners := invite(t, st, owner.PracticeID, "partner-robin")
		_, err := st.Join(t.Context(), theirs, "amber-anchor-10", passphrase, at)
		wantFaults(t, err, "code")
		_, err = st.JoinColleague(t.Context(), accounts.Browser{}, joining(partners, password), at)
		wantFaults(t, err, "code")
		if _, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(theirs, password), at); err != nil {
			t.Error(err)
		}
		if _, err := st.Join(t.Context(), partners, "amber-anchor-10", passphrase, at); err != nil {
			t.Error(err)
		}
	})
}

// TestOnlyAnOwnerOfThePracticeChangesColleagues tries each change as every other kind of user, and
// as an owner on their own account: a practice always keeps an owner.
func TestOnlyAnOwnerOfThePracticeChangesColleagues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner, elsewhere := practice(t, st, "dana@example.org"), practice(t, st, "ola@example.org")
		people := map[string]string{"an owner of another practice": elsewhere.ID, "nobody": "nobody"}
		for i, role := range []accounts.Role{accounts.Member, accounts.Supervisor, accounts.FrontDesk} {
			c, _ := colleague(t, st, owner, fmt.Sprintf("sam%d@example.org", i), role)
			people["a "+string(role)] = c.ID
		}
		kim, _ := colleague(t, st, owner, "kim@example.org", accounts.Member)
		for what, id := range people {
			c := accounts.Counselor{Name: "Remy Invented", Email: "remy@example.org", Role: accounts.Owner}
			_, invites := st.InviteColleague(t.Context(), owner.PracticeID, id, &c, at)
			_, again := st.InviteAgain(t.Context(), owner.PracticeID, id, kim.ID, at)
			for deed, err := range map[string]error{
				"invites": invites, "invites again": again,
				"gives a role": st.SetRole(t.Context(), owner.PracticeID, id, kim.ID, accounts.Owner, at),
				"disables":     st.Disable(t.Context(), owner.PracticeID, id, kim.ID, at),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s %s: %v", what, deed, err)
				}
			}
		}
		for what, id := range map[string]string{"oneself": owner.ID, "somebody of another practice": elsewhere.ID} {
			_, again := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, id, at)
			for deed, err := range map[string]error{
				"inviting": again, "a role": st.SetRole(t.Context(), owner.PracticeID, owner.ID, id, accounts.Member, at),
				"disabling": st.Disable(t.Context(), owner.PracticeID, owner.ID, id, at),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s, %s: %v", what, deed, err)
				}
			}
		}
	})
}

func TestOfTwoOwnersWhoDemoteEachOtherOneRemains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		for i := range 10 {
			owner := practice(t, st, fmt.Sprintf("dana%d@example.org", i))
			kim, _ := colleague(t, st, owner, fmt.Sprintf("kim%d@example.org", i), accounts.Owner)
			var group sync.WaitGroup
			group.Go(func() { st.SetRole(t.Context(), owner.PracticeID, owner.ID, kim.ID, accounts.FrontDesk, at) })
			group.Go(func() { st.Disable(t.Context(), owner.PracticeID, kim.ID, owner.ID, at) })
			group.Wait()
			if n := count(t, db,
				`SELECT COUNT(*) FROM counselors WHERE practice_id = ? AND role = 'owner' AND disabled_at IS NULL`,
				owner.PracticeID); n != 1 {
				t.Fatalf("round %d: %d owners remain", i, n)
			}
		}
	})
}

func TestANewRoleAndTheEndOfAccessSignOutAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		kim, code := colleague(t, st, owner, "kim@example.org", accounts.Member)
		token, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, password), at)
		if err != nil {
			t.Fatal(err)
		}
		same := st.SetRole(t.Context(), owner.PracticeID, owner.ID, kim.ID, accounts.Member, at)
		if _, err := st.Authenticate(t.Context(), token, at); err != nil || same != nil {
			t.Error("the same role again signed out:", err, same)
		}
		if err := st.SetRole(t.Context(), owner.PracticeID, owner.ID, kim.ID, accounts.Supervisor, at); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Authenticate(t.Context(), token, at); !errors.Is(err, fault.SignedOut) {
			t.Error("after a new role:", err)
		}
		token = signIn(t, st, "kim@example.org")
		if l, err := st.Authenticate(t.Context(), token, at); err != nil || l.Role != accounts.Supervisor {
			t.Error(l.Role, err)
		}
		waiting, err := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, kim.ID, at)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := st.Disable(t.Context(), owner.PracticeID, owner.ID, kim.ID, at); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := st.Authenticate(t.Context(), token, at); !errors.Is(err, fault.SignedOut) {
			t.Error("after the end of access:", err)
		}
		_, err = st.SignIn(t.Context(), "kim@example.org", password, "", at)
		wantFaults(t, err, "sign_in")
		_, err = st.JoinColleague(t.Context(), accounts.Browser{}, joining(waiting, password), at)
		wantFaults(t, err, "code")
	})
}

// TestWhoComesBackBeginsAnew: a new code changes nothing until it is used, and then replaces the
// password and the second factor.
func TestWhoComesBackBeginsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "ola@example.org")
		c, first := colleague(t, st, owner, "dana@example.org", accounts.Member)
		if _, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(first, password), at); err != nil {
			t.Fatal(err)
		}
		withFactor(t, st)
		if _, err := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, c.ID, at); err != nil {
			t.Fatal(err)
		}
		signInToSecondFactor(t, st, at) // still asks for the second factor
		if err := st.Disable(t.Context(), owner.PracticeID, owner.ID, c.ID, at); err != nil {
			t.Fatal(err)
		}
		code, err := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, c.ID, at)
		if err != nil {
			t.Fatal(err)
		}
		list, err := st.Colleagues(t.Context(), owner.PracticeID, at)
		if err != nil || len(list) != 2 || list[1].InvitedUntil == nil || list[1].DisabledAt == nil ||
			list[0].InvitedUntil != nil {
			t.Errorf("%+v, %v", list, err)
		}
		token, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "nine loud herons"), at.Add(25*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if l, err := st.Authenticate(t.Context(), token, at.Add(25*time.Hour)); err != nil || l.Factor {
			t.Errorf("%+v, %v", l, err)
		}
		_, err = st.SignIn(t.Context(), "dana@example.org", password, "", at)
		wantFaults(t, err, "sign_in")
		if n := count(t, db, `SELECT COUNT(*) FROM recovery_codes`); n != 0 {
			t.Errorf("%d recovery codes of before work", n)
		}
	})
}

// joining returns the form of a colleague who joins with a code and a password.
func joining(code, password string) accounts.JoinRequest {
	return accounts.JoinRequest{Code: code, Password: password}
}
