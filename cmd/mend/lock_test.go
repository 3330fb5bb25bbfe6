package main

import (
	"testing"
	"time"
)

// TestAPageThatLocksDoesNotExtendItsLogin: the cursor stands in a field that was typed in, and taking
// it away saves nothing.
func TestAPageThatLocksDoesNotExtendItsLogin(t *testing.T) {
	url, people, clock := demoWithClock(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	path := w.ask(`location.pathname`)
	w.typeIn("[data-question]:not([hidden]) textarea", "Saved words.")
	w.saved()
	w.eval(`window.saves = 0; window.plain = window.fetch;
		window.fetch = (path, how) => { if (String(path).includes("/fields/")) saves++; return plain(path, how); }`)
	clock.idle(w, 178*time.Second)
	w.until(`document.querySelector("main.locked")`)
	time.Sleep(1500 * time.Millisecond) // longer than a save waits
	if n := w.ask(`String(saves)`); n != "0" || clock.used() != 0 {
		t.Errorf("%s saves, %d logins in use", n, clock.used())
	}
	w.open(path)
	if at := w.ask(`location.pathname`); at != "/login" {
		t.Errorf("after reloading it is at %s", at)
	}
}
