package main

import (
	"strconv"
	"testing"
	"time"

	"mend/accounts"
)

// TestAPageThatWasLeftSaysWhyAndGoesOn: it locks in place, with text that was not saved.
func TestAPageThatWasLeftSaysWhyAndGoesOn(t *testing.T) {
	url, people, clock := demoWithClock(t)
	for _, test := range []struct {
		device, why string
		idle        time.Duration
	}{
		{"", "Other people may use this device", accounts.SharedIdle},
		{"yes", "Other people may use this device", accounts.SharedIdle},
		{"no", "This page wasn’t used for a while", accounts.PartnerIdle},
	} {
		w := openWindow(t, browse(t), url, "noor", 390, 844)
		w.signInOn(people[5].SignIn, people[5].Password, test.device)
		w.press(`a[href^="/my/worksheets/"]`)
		w.blank()
		path, typed := w.ask(`location.pathname`), "Words on a device: "+strconv.Quote(test.device)
		w.eval(`document.querySelector("[data-question]:not([hidden]) textarea").value = ""`)
		w.offline(true)
		w.typeIn("[data-question]:not([hidden]) textarea", typed)
		clock.idle(w, test.idle-2*time.Second)
		w.until(`document.querySelector("main.locked")`)
		w.says(test.why)
		w.never(typed)
		w.offline(false)
		w.typeIn("#again-name", people[5].SignIn)
		w.typeIn("#again-pass", people[5].Password)
		w.tap("main.locked button.go")
		w.until(`document.querySelector("textarea")`)
		w.saved()
		if got := w.ask(
			`location.pathname + document.querySelector("[data-question]:not([hidden]) textarea").value`); got != path+typed {
			t.Errorf("device %q: the page is %q", test.device, got)
		}

		w.eval(`fetch("/logout", { method: "POST", redirect: "manual" }).then(() => document.dispatchEvent(new Event("visibilitychange")))`)
		w.until(`document.querySelector("main.locked")`)
		w.never(test.why) // it was left idle, but then signed out of
	}
}

// TestASignInLeadsBackToThePageThatWasLeft: for a page that was closed or is requested after the
// login expired, as it does if the question about a shared device was not answered.
func TestASignInLeadsBackToThePageThatWasLeft(t *testing.T) {
	url, people, clock := demoWithClock(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	path := w.ask(`location.pathname`)
	w.typeIn("[data-question]:not([hidden]) textarea", "Saved words.")
	w.saved()
	w.open("/about")
	clock.change(`UPDATE logins SET seen_at = ? WHERE revoked_at IS NULL`,
		time.Now().Add(-accounts.SharedIdle-time.Second))

	w.open(path)
	w.until(`location.pathname === "/login"`)
	w.says("not used for 3 minutes, and other people may use it")
	w.shot("ended-login")
	w.typeIn("#sign_in", people[5].SignIn)
	w.typeIn("#password", people[5].Password)
	w.press("button.go")
	if got := w.ask(
		`location.pathname + document.querySelector("[data-question]:not([hidden]) textarea").value`); got != path+
		"Saved words." {
		t.Errorf("the sign-in leads to %q", got)
	}
}

// signInOn signs in and answers whether the device is shared; "" leaves that blank.
func (w *window) signInOn(name, password, device string) {
	w.t.Helper()
	w.open("/login")
	w.typeIn("#sign_in", name)
	w.typeIn("#password", password)
	if device != "" {
		w.tap(`[name=shared][value=` + device + `]`)
	}
	w.press("button.go")
}
