package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestAPageOnASharedDeviceIsNotSeenAmongTheOpenOnes: the app switcher takes its screenshot as the
// page is hidden. Text and focus are there on return.
func TestAPageOnASharedDeviceIsNotSeenAmongTheOpenOnes(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	hide := func(w *window, hidden bool) {
		w.eval(fmt.Sprintf(
			`Object.defineProperty(document, "hidden", { value: %t, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`, hidden))
	}
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	w.typeIn("[data-question]:not([hidden]) textarea", "Half a sen")
	hide(w, true)
	if got := w.ask(`getComputedStyle(document.body).opacity`); got != "0" {
		t.Errorf("out of sight the page is drawn: %s", got)
	}
	hide(w, false)
	if got := w.ask(`getComputedStyle(document.body).opacity + document.activeElement.value`); got != "1Half a sen" {
		t.Errorf("back again: %q", got)
	}
	w.saved()

	dana := openWindow(t, browse(t), url, "dana", 1024, 768) // not a shared device
	dana.signIn(people[0])
	hide(dana, true)
	if got := dana.ask(`getComputedStyle(document.body).opacity`); got != "1" {
		t.Errorf("a page on a device of one's own is covered: %s", got)
	}
}

// TestAHalfFilledPageIsPrintedAsItIsOnTheScreen: with who reads it, and long texts completely with
// their line breaks.
func TestAHalfFilledPageIsPrintedAsItIsOnTheScreen(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	long := strings.Repeat("One line of many. ", 12) + "\nThe last line."
	w.typeIn("[data-question]:not([hidden]) textarea", long)
	w.saved()
	if _, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	w.eval(`dispatchEvent(new Event("beforeprint"))`)
	paper := w.ask(`document.body.innerText`)
	for _, says := range []string{long, "your counselor"} {
		if !strings.Contains(paper, says) {
			t.Errorf("the paper does not say %.40q", says)
		}
	}
	w.eval(`dispatchEvent(new Event("afterprint"))`)
	if got := w.ask(`String(document.querySelectorAll(".whole").length)`); got != "0" {
		t.Errorf("afterwards the page keeps %s copies", got)
	}
}
