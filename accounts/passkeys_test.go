package accounts_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// keys is Dana's account with one passkey.
type keys struct {
	t        *testing.T
	st       *accounts.Store
	rp       accounts.RelyingParty
	phone    *device
	recovery []string
}

func eachWithPasskey(t *testing.T, test func(*testing.T, *keys)) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		k := &keys{t: t, st: open(t, db), rp: accounts.NewRelyingParty(home), phone: newDevice(t)}
		practice(t, k.st, "dana@example.org")
		l, _ := signedIn(t, k.st, at)
		var err error
		k.recovery, err = k.add(l, "my phone", k.phone, at)
		if err != nil {
			t.Fatal(err)
		}
		test(t, k)
	})
}

func (k *keys) add(l accounts.Login, name string, d *device, when time.Time) ([]string, error) {
	k.t.Helper()
	options, err := k.st.BeginPasskey(k.t.Context(), k.rp, l, "Dana", when)
	if err != nil {
		return nil, err
	}
	return k.st.AddPasskey(k.t.Context(), k.rp, l, name, d.make(options), when)
}

// enter signs in with Dana's password and the passkey of d.
func (k *keys) enter(d *device, when time.Time) (string, error) {
	k.t.Helper()
	first := signInToSecondFactor(k.t, k.st, when)
	options, err := k.st.ChallengeSecondFactor(k.t.Context(), k.rp, first, when)
	if err != nil {
		return "", err
	}
	return k.st.CompleteWithPasskey(k.t.Context(), k.rp, first, accounts.Browser{}, d.sign(options), when)
}

func (k *keys) refused(what string, err error) {
	k.t.Helper()
	if _, told := errors.AsType[fault.Fields](err); !told {
		k.t.Errorf("%s: %v", what, err)
	}
}

func TestAPasskeyIsASecondFactor(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		if len(k.recovery) != 10 {
			t.Error("recovery codes:", k.recovery)
		}
		token, err := k.enter(k.phone, at.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		l, err := k.st.Authenticate(t.Context(), token, at.Add(time.Minute))
		if err != nil || !l.Factor || l.Generator || l.Passkeys != 1 {
			t.Error(l, err)
		}
		list, err := k.st.Passkeys(t.Context(), l)
		if err != nil || len(list) != 1 || list[0].Name != "my phone" || list[0].UsedAt == nil || list[0].SuspectAt != nil {
			t.Error(list, err)
		}
	})
}

func TestNoOtherAnswerOpens(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		when := at.Add(time.Minute)
		for what, spoil := range map[string]func(*device){
			"another key":                      func(d *device) { d.key.Key = newDevice(t).key.Key },
			"a passkey nobody knows":           func(d *device) { d.key.ID = []byte("elsewhere") },
			"made for another site":            func(d *device) { d.site.ID = "mend.example.net" },
			"asked by another site":            func(d *device) { d.site.Origin = "https://mend.example.org.example.net" },
			"nobody unlocked the device":       func(d *device) { d.chip.Options.UserNotVerified = true },
			"nobody was there":                 func(d *device) { d.chip.Options.UserNotPresent = true },
			"another person's passkey, signed": func(d *device) { d.chip.Options.UserHandle = []byte("somebody-else") },
		} {
			d := *k.phone
			spoil(&d)
			_, err := k.enter(&d, when)
			k.refused(what, err)
		}
		first := signInToSecondFactor(t, k.st, when)
		for _, nonsense := range []string{"", "null", `{"id":"x"}`} {
			if _, err := k.st.ChallengeSecondFactor(t.Context(), k.rp, first, when); err != nil {
				t.Fatal(err)
			}
			_, err := k.st.CompleteWithPasskey(t.Context(), k.rp, first, accounts.Browser{}, nonsense, when)
			k.refused(nonsense, err)
		}
	})
}

func TestAChallengeIsAnsweredOnceInItsLoginForItsPurposeAndInTime(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		when := at.Add(time.Minute)
		first, second := signInToSecondFactor(t, k.st, when), signInToSecondFactor(t, k.st, when)
		ask := func(token string) []byte {
			options, err := k.st.ChallengeSecondFactor(t.Context(), k.rp, token, when)
			if err != nil {
				t.Fatal(err)
			}
			return options
		}
		give := func(token, answer string, at time.Time) error {
			_, err := k.st.CompleteWithPasskey(t.Context(), k.rp, token, accounts.Browser{}, answer, at)
			return err
		}
		k.refused("never asked", give(second, k.phone.sign(ask(first)), when))
		answer := k.phone.sign(ask(first))
		ask(second)
		k.refused("asked in another login", give(second, answer, when))
		k.refused("too late", give(first, k.phone.sign(ask(first)), when.Add(5*time.Minute)))
		stale := k.phone.sign(ask(first))
		ask(first)
		k.refused("an earlier challenge", give(first, stale, when))
	})
}

func TestAnAnswerWorksOnce(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		when := at.Add(time.Minute)
		token, err := k.enter(k.phone, when)
		if err != nil {
			t.Fatal(err)
		}
		l, err := k.st.Authenticate(t.Context(), token, when)
		if err != nil {
			t.Fatal(err)
		}
		late := when.Add(10 * time.Minute)
		options, err := k.st.ChallengeReauthentication(t.Context(), k.rp, l, late)
		if err != nil {
			t.Fatal(err)
		}
		answer := k.phone.sign(options)
		token, err = k.st.ReauthenticateWithPasskey(t.Context(), k.rp, l, accounts.Browser{}, answer, late)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := k.st.Authenticate(t.Context(), token, late); err != nil ||
			!l.FreshUntil.Equal(late.Add(accounts.FreshFor)) {
			t.Error("after the step-up:", l.FreshUntil, err)
		}
		_, err = k.st.ReauthenticateWithPasskey(t.Context(), k.rp, l, accounts.Browser{}, answer, late)
		k.refused("the same answer again", err)
		options, err = k.st.BeginPasskey(t.Context(), k.rp, l, "Dana", late)
		if err != nil {
			t.Fatal(err)
		}
		made, err := virtualwebauthn.ParseAttestationOptions(string(options))
		if err != nil {
			t.Fatal(err)
		}
		k.phone.key.Counter++
		bent := virtualwebauthn.CreateAssertionResponse(k.phone.site, k.phone.chip, k.phone.key,
			virtualwebauthn.AssertionOptions{Challenge: made.Challenge})
		_, err = k.st.ReauthenticateWithPasskey(t.Context(), k.rp, l, accounts.Browser{}, bent, late)
		k.refused("the challenge of making one", err)
		_, err = k.st.AddPasskey(t.Context(), k.rp, l, "x", newDevice(t).make(options), late)
		k.refused("a challenge that was spent", err)
	})
}

// A counter that does not increase means that two devices sign with one key.
func TestACopyOfAPasskeyOpensNothingAndNeitherDoesTheOriginal(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		when := at.Add(time.Minute)
		copied := *k.phone
		for range 3 {
			if _, err := k.enter(k.phone, when); err != nil {
				t.Fatal(err)
			}
		}
		token, _ := k.enter(k.phone, when)
		l, err := k.st.Authenticate(t.Context(), token, when)
		if err != nil {
			t.Fatal(err)
		}
		options, err := k.st.ChallengeReauthentication(t.Context(), k.rp, l, when.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.st.ReauthenticateWithPasskey(t.Context(), k.rp, l, accounts.Browser{}, copied.sign(options), when.Add(time.Minute))
		k.refused("a copy", err)
		if after, err := k.st.Authenticate(t.Context(), token, when); err != nil || !after.FreshUntil.Equal(l.FreshUntil) {
			t.Error("a copy made the login fresh:", err)
		}
		_, err = k.enter(k.phone, when)
		k.refused("the original, now suspect", err)
		if _, err := k.st.CompleteWithCode(t.Context(), signInToSecondFactor(t, k.st, when), accounts.Browser{},
			k.recovery[0], when); err != nil {
			t.Error("a recovery code:", err)
		}
		if list, err := k.st.Passkeys(t.Context(), l); err != nil || list[0].SuspectAt == nil {
			t.Error(list, err)
		}
	})
}

func TestAPasskeyThatIsTakenAwayOpensNothing(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		when := at.Add(time.Minute)
		token, err := k.enter(k.phone, when)
		if err != nil {
			t.Fatal(err)
		}
		other, err := k.enter(k.phone, when)
		if err != nil {
			t.Fatal(err)
		}
		l, _ := k.st.Authenticate(t.Context(), token, when)
		tablet := newDevice(t)
		if codes, err := k.add(l, "tablet", tablet, when); err != nil || codes != nil {
			t.Error("a second passkey:", codes, err)
		}
		if _, err := k.st.Authenticate(t.Context(), other, when); !errors.Is(err, fault.SignedOut) {
			t.Error("the other login goes on after a change of factors:", err)
		}
		third, err := k.enter(tablet, when)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.st.RemovePasskey(t.Context(), l, "of nobody", when); err != nil {
			t.Fatal(err)
		}
		if _, err := k.st.Authenticate(t.Context(), third, when); err != nil {
			t.Error("nothing was removed, and another login ended:", err)
		}
		list, _ := k.st.Passkeys(t.Context(), l)
		if err := k.st.RemovePasskey(t.Context(), l, list[0].ID, when); err != nil {
			t.Fatal(err)
		}
		if _, err := k.st.Authenticate(t.Context(), third, when); !errors.Is(err, fault.SignedOut) {
			t.Error("the other login goes on after a passkey was removed:", err)
		}
		_, err = k.enter(k.phone, when)
		k.refused("taken away", err)
		if _, err := k.enter(tablet, when); err != nil {
			t.Error("the one that is left:", err)
		}
		if err := k.st.RemovePasskey(t.Context(), l, list[1].ID, when); err != nil {
			t.Fatal(err)
		}
		if _, err := k.st.SignIn(t.Context(), "dana@example.org", password, "", when); err != nil {
			t.Error("without any factor left:", err)
		}
		if codes, err := k.add(l, "phone", newDevice(t), when); err != nil || len(codes) == 0 {
			t.Error("the recovery codes of factors that are gone still count:", err)
		}
	})
}

func TestSomebodyHasTenPasskeysAtMost(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		l, _ := signedInWithRecovery(t, k)
		for range 9 {
			if _, err := k.add(l, "another", newDevice(t), at); err != nil {
				t.Fatal(err)
			}
		}
		_, err := k.add(l, "one too many", newDevice(t), at)
		k.refused("the eleventh", err)
	})
}

func TestAPasskeyIsNotMadeWhereSomebodyElseCouldUseIt(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		l, _ := signedInWithRecovery(t, k)
		shared := l
		shared.Shared = true
		_, err := k.add(shared, "ours", newDevice(t), at)
		k.refused("on a shared device", err)
		unsure := newDevice(t)
		unsure.chip.Options.UserNotVerified = true
		_, err = k.add(l, "unsure", unsure, at)
		k.refused("nobody unlocked the device", err)
		_, err = k.add(l, "", newDevice(t), at)
		k.refused("without a name", err)
		k.rp = accounts.NewRelyingParty("http://127.0.0.1:8080")
		_, err = k.add(l, "a number", newDevice(t), at)
		k.refused("at an address without a name", err)
	})
}

func signedInWithRecovery(t *testing.T, k *keys) (accounts.Login, string) {
	t.Helper()
	token, err := k.st.CompleteWithCode(t.Context(), signInToSecondFactor(t, k.st, at), accounts.Browser{},
		k.recovery[1], at)
	if err != nil {
		t.Fatal(err)
	}
	l, err := k.st.Authenticate(t.Context(), token, at)
	if err != nil {
		t.Fatal(err)
	}
	return l, token
}

func TestTheDatabaseHoldsNoPasskeyInClear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		k := &keys{t: t, st: open(t, db), rp: accounts.NewRelyingParty(home), phone: newDevice(t)}
		practice(t, k.st, "dana@example.org")
		l, _ := signedIn(t, k.st, at)
		if _, err := k.add(l, "my red phone", k.phone, at); err != nil {
			t.Fatal(err)
		}
		var row struct {
			Name   []byte `db:"name"`
			Record []byte `db:"record"`
		}
		if err := db.Get(t.Context(), &row, `SELECT name, record FROM passkeys`); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(row.Name, []byte("red")) || bytes.Contains(row.Record,
			[]byte("publicKey")) || len(row.Record) < 300 {
			t.Errorf("%q %q", row.Name, row.Record)
		}
	})
}
