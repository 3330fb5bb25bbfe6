package accounts_test

import (
	"testing"
	"time"

	"mend/accounts"
)

// TestAPasskeySignsOnceWhatItWasAskedToSign: a used answer, an answer to another challenge, or one
// from another person's passkey signs nothing.
func TestAPasskeySignsOnceWhatItWasAskedToSign(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		const note, other = "/sessions/one/note/sign", "/sessions/two/note/sign"
		ctx, when := t.Context(), at.Add(time.Minute)
		token, err := k.enter(k.phone, when)
		if err != nil {
			t.Fatal(err)
		}
		l, err := k.st.Authenticate(ctx, token, when)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(subject string) []byte {
			options, err := k.st.ChallengeSignature(ctx, k.rp, l, subject, when)
			if err != nil {
				t.Fatal(err)
			}
			return options
		}
		sign := func(answer string, at time.Time) error {
			return k.st.CheckPasskey(ctx, k.rp, l, accounts.Browser{}, "signature", note, answer, at)
		}
		good := k.phone.sign(ask(note))
		if err := sign(good, when); err != nil {
			t.Error(err)
		}
		k.refused("used twice", sign(good, when))
		k.refused("of another note", sign(k.phone.sign(ask(other)), when))
		k.refused("late", sign(k.phone.sign(ask(note)), when.Add(5*time.Minute)))
		options, err := k.st.ChallengeReauthentication(ctx, k.rp, l, when)
		if err != nil {
			t.Fatal(err)
		}
		k.refused("of a step-up", sign(k.phone.sign(options), when))
		k.refused("of nobody", sign(newDevice(t).sign(ask(note)), when))
		for _, subject := range []string{note, ""} {
			_, err = k.st.ReauthenticateWithPasskey(ctx, k.rp, l, accounts.Browser{}, k.phone.sign(ask(subject)), when)
			k.refused("a signature used as a step-up", err)
		}
	})
}
