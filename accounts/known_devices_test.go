package accounts_test

import (
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// signInOnDevice returns the browser of a device on which Dana has signed in.
func signInOnDevice(t *testing.T, st *accounts.Store, when time.Time) accounts.Browser {
	t.Helper()
	l, err := st.Peek(t.Context(), signIn(t, st, "dana@example.org"), when)
	if err != nil {
		t.Fatal(err)
	}
	token, err := st.RememberDevice(t.Context(), l, when)
	if err != nil {
		t.Fatal(err)
	}
	return accounts.Browser{Address: "192.0.2.7", Known: token}
}

// TestAKnownDeviceIsLetInThoughOthersTakeEverySlot: both the sign-in and the signing of somebody
// who is signed in go through.
func TestAKnownDeviceIsLetInThoughOthersTakeEverySlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		hashing := accounts.NewHashing(1, 8)
		st := accounts.NewStore(db, dbtest.Vault(t, db), hashing)
		practice(t, st, "dana@example.org")
		device := signInOnDevice(t, st, at)
		hashing.TakeSlots()
		token, err := st.SignInFrom(t.Context(), device, "dana@example.org", password, "", at)
		if err != nil {
			t.Fatal(err)
		}
		l, err := st.Authenticate(t.Context(), token, at)
		if err == nil {
			err = st.CheckPassword(t.Context(), l, device, "signature", password, at)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// TestAKnownDeviceIsNotBarredByTheFailuresOfOthers, neither for the account nor from its address;
// its own failures bar only that device.
func TestAKnownDeviceIsNotBarredByTheFailuresOfOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		device := signInOnDevice(t, st, at)
		try := func(from accounts.Browser, password string, when time.Time) error {
			_, err := st.SignInFrom(t.Context(), from, "dana@example.org", password, "", when)
			return err
		}
		stranger := accounts.Browser{Address: device.Address}
		for range 10 {
			wantFaults(t, try(stranger, "wrong", at), "sign_in")
		}
		wantFaults(t, try(stranger, password, at), "sign_in")
		if err := try(device, password, at); err != nil {
			t.Error("others keep a known device out:", err)
		}
		later := at.Add(time.Hour)
		for range 10 {
			wantFaults(t, try(device, "wrong", later), "sign_in")
		}
		wantFaults(t, try(device, password, later), "sign_in")
		if err := try(stranger, password, later); err != nil {
			t.Error("a device keeps others out:", err)
		}
	})
}

// TestADeviceIsKnownForOneSignInAndATime: a token of another account, of an earlier password, from
// long ago, or made while the clock was ahead does not count.
func TestADeviceIsKnownForOneSignInAndATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		device := signInOnDevice(t, st, at)
		ahead := signInOnDevice(t, st, at.Add(30*time.Minute))
		barred := func(name string, when time.Time) {
			t.Helper()
			for range 10 {
				_, err := st.SignIn(t.Context(), name, "wrong", "", when)
				wantFaults(t, err, "sign_in")
			}
		}
		refused := func(what string, from accounts.Browser, name, password string, when time.Time) {
			t.Helper()
			if _, err := st.SignInFrom(t.Context(), from, name, password, "", when); err == nil {
				t.Error(what, "is known")
			}
		}
		barred("dana@example.org", at)
		barred("amber-anchor-10", at)
		forged := device
		forged.Known = strings.Map(func(r rune) rune { return r ^ 1 }, device.Known[:1]) + device.Known[1:]
		longer := device
		longer.Known = strings.Replace(device.Known, ".19", ".29", 1)
		for what, from := range map[string]accounts.Browser{
			"no token": {}, "half a token": {Known: "."},
			"a forged token": forged, "a token of a longer time": longer, "a token from a clock ahead": ahead,
		} {
			refused(what, from, "dana@example.org", password, at)
		}
		refused("somebody else's device", device, "amber-anchor-10", passphrase, at)
		if _, err := st.SignInFrom(t.Context(), device, "dana@example.org", password, "", at); err != nil {
			t.Error("the device itself is not:", err)
		}
		late := at.Add(accounts.KnownFor)
		barred("dana@example.org", late)
		refused("a device of long ago", device, "dana@example.org", password, late)
		l, _ := signedIn(t, st, at.Add(time.Hour))
		if _, err := st.ChangePassword(t.Context(), l, accounts.Browser{}, password, "another quiet harbor",
			at.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		barred("dana@example.org", at.Add(2*time.Hour))
		refused("a device of the earlier password", device, "dana@example.org", "another quiet harbor", at.Add(2*time.Hour))
	})
}

// TestATokenOfADeviceNamesNobody: it holds no name and differs each time.
func TestATokenOfADeviceNamesNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		one, two := signInOnDevice(t, st, at).Known, signInOnDevice(t, st, at).Known
		if one == two || strings.Contains(one, c.ID) || strings.Contains(one, c.PracticeID) {
			t.Error(one, two)
		}
		opened, err := st.Peek(t.Context(), one, at)
		if err == nil {
			t.Errorf("the token opens %+v", opened)
		}
	})
}
