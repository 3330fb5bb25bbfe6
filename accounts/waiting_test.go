package accounts_test

import (
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestANewCodeDoesNotOpenASignInThatIsInUse before the waiting time is over, during which the owner
// of the sign-in sees it and can refuse it.
func TestANewCodeDoesNotOpenASignInThatIsInUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "ola@example.org")
		kim, first := colleague(t, st, owner, "kim@example.org", accounts.Member)
		if _, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(first, password), at); err != nil {
			t.Fatal(err)
		}
		join(t, st, owner.PracticeID, "partner-robin", "amber-anchor-10")
		again := func() string {
			code, err := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, kim.ID, at)
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		for _, test := range []struct {
			signIn, password, person string
			code                     func() string
			use                      func(code string, when time.Time) (string, error)
		}{
			{
				"amber-anchor-10", passphrase, "partner-robin",
				func() string { return invite(t, st, owner.PracticeID, "partner-robin") },
				func(code string, when time.Time) (string, error) {
					return st.Join(t.Context(), code, "azure-bench-10", "a kettle by the window", when)
				},
			},
			{"kim@example.org", password, kim.ID, again, func(code string, when time.Time) (string, error) {
				return st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "a kettle by the window"), when)
			}},
		} {
			login := func(when time.Time) accounts.Login {
				t.Helper()
				token, err := st.SignIn(t.Context(), test.signIn, test.password, "", when)
				if err != nil {
					t.Fatal(err)
				}
				l, err := st.Authenticate(t.Context(), token, when)
				if err != nil {
					t.Fatal(err)
				}
				return l
			}
			if login(at).CodeWaits {
				t.Error("a code waits before one was made")
			}
			code := test.code()
			for range 8 { // the code is right, so it does not lose a try
				_, err := test.use(code, at.Add(24*time.Hour-time.Second))
				wantFaults(t, err, "proof")
			}
			l := login(at.Add(time.Hour))
			if !l.CodeWaits {
				t.Error("nobody sees that a code waits")
			}
			if err := st.RefuseCode(t.Context(), l, at.Add(2*time.Hour)); err != nil {
				t.Fatal(err)
			}
			_, err := test.use(code, at.Add(25*time.Hour))
			wantFaults(t, err, "code")
			if login(at.Add(25 * time.Hour)).CodeWaits {
				t.Error("a code that was refused waits")
			}
			list, err := st.NewCodes(t.Context(), owner.PracticeID, test.person, at.Add(25*time.Hour))
			if err != nil || len(list) != 1 || list[0].State(at.Add(25*time.Hour)) != "new_code.state.refused" {
				t.Errorf("%+v %v", list, err)
			}
			list, err = st.NewCodes(t.Context(), owner.PracticeID, test.person, at.Add(90*24*time.Hour))
			if err != nil || len(list) != 0 {
				t.Errorf("after ninety days: %+v %v", list, err)
			}
			if _, err := test.use(test.code(), at.Add(25*time.Hour)); err != nil {
				t.Error("after the waiting time:", err)
			}
		}
	})
}

// TestANewCodeOpensAtOnceWithAProof that only the owner of the sign-in has; a wrong one counts as
// at sign-in.
func TestANewCodeOpensAtOnceWithAProof(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "ola@example.org")
		c, first := colleague(t, st, owner, "dana@example.org", accounts.Member)
		if _, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(first, password), at); err != nil {
			t.Fatal(err)
		}
		secret, recovery := withFactor(t, st)
		use := func(proof string, when time.Time) error {
			t.Helper()
			code, err := st.InviteAgain(t.Context(), owner.PracticeID, owner.ID, c.ID, when)
			if err != nil {
				t.Fatal(err)
			}
			_, err = st.JoinColleague(t.Context(), accounts.Browser{},
				accounts.JoinRequest{Code: code, Password: "a kettle by the window", Proof: proof}, when)
			return err
		}
		for range 10 {
			wantFaults(t, use("000000", at), "proof")
		}
		wantFaults(t, use(recovery[0], at), "proof") // too many wrong ones recently
		late := at.Add(time.Hour)
		if err := use(code(t, secret, late), late); err != nil {
			t.Error("a code of the generator:", err)
		}
		wantFaults(t, use(recovery[0], late.Add(time.Minute)), "proof") // just joined again, so without a factor
	})
}

// TestAWaitingTimeIsADayAtLeast.
func TestAWaitingTimeIsADayAtLeast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "ola@example.org")
		for _, hours := range []int{-1, 0, 23, 721} {
			wantFaults(t, st.SetWaitHours(t.Context(), owner.PracticeID, owner.ID, hours), "hours")
		}
		if err := st.SetWaitHours(t.Context(), owner.PracticeID, "somebody", 48); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
		for _, hours := range []int{24, 720, 48} {
			if err := st.SetWaitHours(t.Context(), owner.PracticeID, owner.ID, hours); err != nil {
				t.Fatal(hours, err)
			}
		}
		join(t, st, owner.PracticeID, "partner-robin", "amber-anchor-10")
		code := invite(t, st, owner.PracticeID, "partner-robin")
		_, err := st.Join(t.Context(), code, "azure-bench-10", "a kettle by the window", at.Add(47*time.Hour))
		wantFaults(t, err, "proof")
		if _, err := st.Join(t.Context(), code, "azure-bench-10", "a kettle by the window",
			at.Add(48*time.Hour)); err != nil {
			t.Error(err)
		}
	})
}

// TestANewCodeOpensAtOnceWithAPasskey of the person it is for, a counselor or a partner, but with
// no other passkey and no answer to another challenge.
func TestANewCodeOpensAtOnceWithAPasskey(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		ola := practice(t, k.st, "ola@example.org")
		join(t, k.st, ola.PracticeID, "partner-robin", "amber-anchor-10")
		phone := newDevice(t)
		if _, err := k.add(k.partner("amber-anchor-10"), "my phone", phone, at); err != nil {
			t.Fatal(err)
		}
		kim, first := colleague(t, k.st, ola, "kim@example.org", accounts.Member)
		if _, err := k.st.JoinColleague(t.Context(), accounts.Browser{}, joining(first, password), at); err != nil {
			t.Fatal(err)
		}
		code := invite(t, k.st, ola.PracticeID, "partner-robin")
		use := func(answer string, when time.Time) error {
			j := accounts.JoinRequest{
				Code: code, Name: "azure-bench-10", Password: "a kettle by the window", Passkey: answer, Party: k.rp,
			}
			_, err := k.st.JoinWith(t.Context(), accounts.Browser{}, j, when)
			return err
		}
		when := at.Add(time.Minute)
		if options, err := k.st.ChallengeInvitation(t.Context(), k.rp, wrongSecret(code), when); options != nil || err != nil {
			t.Errorf("a wrong code asks for a signature: %s %v", options, err)
		}
		wantFaults(t, use(phone.sign(k.askForCode(code, when)), when.Add(5*time.Minute)), "proof")
		wantFaults(t, use(newDevice(t).sign(k.askForCode(code, when)), when), "proof")
		stale := phone.sign(k.askForCode(code, when))
		k.askForCode(code, when)
		wantFaults(t, use(stale, when), "proof")
		pending, err := k.st.SignIn(t.Context(), "amber-anchor-10", passphrase, "", when)
		if err != nil {
			t.Fatal(err)
		}
		door, err := k.st.ChallengeSecondFactor(t.Context(), k.rp, pending, when)
		if err != nil {
			t.Fatal(err)
		}
		wantFaults(t, use(phone.sign(door), when), "proof")
		if err := use(phone.sign(k.askForCode(code, when)), when); err != nil {
			t.Error("their own passkey:", err)
		}
		hers, err := k.st.InviteAgain(t.Context(), ola.PracticeID, ola.ID, kim.ID, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"", "0000-0000", code, hers} { // none, used, and of somebody without a passkey
			if options, err := k.st.ChallengeInvitation(t.Context(), k.rp, code, when); options != nil || err != nil {
				t.Errorf("%q: something is to be signed: %s %v", code, options, err)
			}
		}
	})
}

// TestWrongPasskeysForANewCodeAreCounted like wrong codes at sign-in.
func TestWrongPasskeysForANewCodeAreCounted(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		ola := practice(t, k.st, "ola@example.org")
		join(t, k.st, ola.PracticeID, "partner-robin", "amber-anchor-10")
		phone := newDevice(t)
		if _, err := k.add(k.partner("amber-anchor-10"), "my phone", phone, at); err != nil {
			t.Fatal(err)
		}
		code := invite(t, k.st, ola.PracticeID, "partner-robin")
		use := func(d *device) error {
			j := accounts.JoinRequest{
				Code: code, Name: "azure-bench-10", Password: "a kettle by the window",
				Passkey: d.sign(k.askForCode(code, at)), Party: k.rp,
			}
			_, err := k.st.JoinWith(t.Context(), accounts.Browser{}, j, at)
			return err
		}
		for range 10 {
			wantFaults(t, use(newDevice(t)), "proof")
		}
		wantFaults(t, use(phone), "proof")
	})
}

// askForCode returns the challenge that a passkey signs to open a delayed code.
func (k *keys) askForCode(code string, when time.Time) []byte {
	k.t.Helper()
	options, err := k.st.ChallengeInvitation(k.t.Context(), k.rp, code, when)
	if err != nil || options == nil {
		k.t.Fatalf("nothing is to be signed: %v", err)
	}
	return options
}

// partner signs a partner in on a device of their own.
func (k *keys) partner(name string) accounts.Login {
	k.t.Helper()
	token, err := k.st.SignIn(k.t.Context(), name, passphrase, "", at)
	if err != nil {
		k.t.Fatal(err)
	}
	l, err := k.st.Authenticate(k.t.Context(), token, at)
	if err != nil {
		k.t.Fatal(err)
	}
	return l
}
