package main

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"mend/accounts"
)

// carryPasskeys adds a virtual authenticator that approves by itself.
func (w *window) carryPasskeys() {
	w.t.Helper()
	if _, err := chromedp.Call(w.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		w.t.Fatal(err)
	}
	_, err := chromedp.Call(w.ctx, webauthn.AddVirtualAuthenticator,
		webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: webauthn.AuthenticatorTransportInternal,
			HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestAPasskeyIsMadeAndOpensTheDoorAndTheLock creates a counselor's passkey, signs in with it,
// re-authenticates with it, and unlocks an idle page with it.
func TestAPasskeyIsMadeAndOpensTheDoorAndTheLock(t *testing.T) {
	url, people, clock := demoWithClock(t)
	w := openWindow(t, browse(t), url, "passkey", 1280, 900)
	w.carryPasskeys()
	dana := people[0]
	w.signIn(dana)
	w.open("/settings/security")
	w.typeIn("#name", "this laptop")
	w.shot("make")
	w.press(`form[data-make] button`)
	w.says("Your recovery codes")
	w.open("/settings/security")
	w.says("this laptop")
	w.shot("made")

	w.press(`form[action="/logout"] button`)
	w.signIn(dana)
	w.says("Two-step verification")
	w.shot("door")
	w.press(`form[data-passkey] button`)
	w.open("/settings/security")
	w.says("last used")

	clock.change(`UPDATE logins SET fresh_until = ?`, time.Now().Add(-time.Minute))
	w.open("/settings/colleagues")
	w.says("Confirm your password")
	w.shot("again")
	w.press(`form[data-passkey] button`)
	w.never("Confirm your password")

	// An action that required re-authentication is completed afterward.
	w.typeIn("#name", "Robin Inkwell")
	w.typeIn("#email", "robin@riverbend.example")
	clock.change(`UPDATE logins SET fresh_until = ?`, time.Now().Add(-time.Minute))
	w.press(`form[action="/settings/colleagues"] button.go`)
	w.says("Confirm your password")
	w.press(`form[data-passkey] button`)
	w.says("For Robin Inkwell")

	w.open("/couples")
	clock.idle(w, accounts.CounselorIdle-2*time.Second)
	w.until(`document.querySelector("main.locked")`)
	w.typeIn("#again-name", dana.SignIn)
	w.typeIn("#again-pass", dana.Password)
	w.tap("main.locked button.go")
	w.until(`document.querySelector("#again-code") && document.querySelector("main.locked button[type=button]")`)
	w.tap("main.locked button[type=button]")
	w.until(`!document.querySelector("main.locked")`)
	w.says("couple")
}

// TestANewCodeOpensAtOnceWithAPasskey: Ellis, who has a passkey, uses a code from Dana without the
// waiting period.
func TestANewCodeOpensAtOnceWithAPasskey(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "new code", 1280, 900)
	w.carryPasskeys()
	dana, ellis := people[0], people[1]
	w.signIn(ellis)
	w.open("/settings/security")
	w.typeIn("#name", "this laptop")
	w.press(`form[data-make] button`)
	w.says("Your recovery codes")
	w.open("/")
	w.press(`form[action="/logout"] button`)

	w.signIn(dana)
	w.open("/settings/colleagues")
	w.eval(`for (const li of document.querySelectorAll(".rows > li")) {
	  if (li.textContent.includes("Ellis")) li.querySelector("details").open = true;
	}`)
	w.press(`details[open] button[value=invite]`)
	w.says("For Ellis Marrowby")
	code := w.ask(`document.querySelector(".code").textContent`)
	w.press(`form[action="/logout"] button`)

	w.open("/colleague")
	w.typeIn("#code", code)
	w.typeIn("#password", "a kettle by the window")
	w.press(`form[action="/colleague"] button.go`)
	w.says("Use your passkey")
	w.shot("waits")
	w.typeIn("#password", "a kettle by the window")
	w.press(`button[data-sign]`)
	w.says("Set up an authenticator app")
}

// TestANoteIsSignedWithAPasskey: in the dialog, and an addendum below the note, without a password.
func TestANoteIsSignedWithAPasskey(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "passkey note", 1280, 900)
	w.carryPasskeys()
	w.signIn(people[0])
	w.open("/settings/security")
	w.typeIn("#name", "this laptop")
	w.press(`form[data-make] button`)
	w.says("Your recovery codes")
	w.open("/couples/" + people[4].Couple + "/notes/new?kind=consultation&with=joint")
	w.press(`form[action$="/notes/new"] button.go`)
	w.typeIn(`[name="v.with"]`, "A colleague")
	w.typeIn(`[name="v.minutes"]`, "15")
	w.typeIn(`[name="v.what"]`, "We talked about the pace of the work.")
	w.eval(`document.querySelector('[name="v.how"]').click()`)
	w.saved()
	w.tap(`[data-signing]`)
	w.until(`document.querySelector("dialog.sign").open`)
	w.tap(`dialog [name=reviewed]`)
	w.shot("dialog")
	w.press(`dialog [data-ask]`)
	w.says("Signed and locked")
	w.typeIn("#reason", "A correction")
	w.typeIn("#text", "It was twenty minutes.")
	w.shot("addendum")
	w.press(`form[action$="/addenda"] [data-ask]`)
	w.says("It was twenty minutes.")
}
