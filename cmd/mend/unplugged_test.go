package main

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// unplug takes the browser offline, or back online.
func (w *window) unplug(away bool) {
	w.t.Helper()
	_, err := chromedp.Call(w.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: away, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	if err == nil {
		_, err = chromedp.Call(w.ctx, network.OverrideNetworkState,
			network.OverrideNetworkStateParams{Offline: away, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.until(map[bool]string{true: `!navigator.onLine`, false: `navigator.onLine`}[away])
}

// TestTypingGoesOnThroughAnUnpluggedNetwork: while offline the page says that nothing is saved and
// keeps every word. Back online it saves them by itself.
func TestTypingGoesOnThroughAnUnpluggedNetwork(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	w := openWindow(t, browser, url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	path, field := w.ask(`location.pathname`), "[data-question]:not([hidden]) textarea"
	w.eval("document.querySelector(`" + field + "`).value = ``")
	w.typeIn(field, "Before. ")
	w.saved()
	elsewhere := openWindow(t, browser, url, "noor-elsewhere", 1280, 800)
	elsewhere.signIn(people[5])
	const kept = `document.querySelector("[data-question] textarea").value`
	want := "Before. "
	for _, words := range []string{"While it was away. ", "Away once more. "} {
		w.unplug(true)
		w.eval(`window.saidSaved = 0; new MutationObserver(() => saidSaved += document.querySelector("[data-saving]").textContent.startsWith("Saved")).observe(document.querySelector("[data-saving]"), { childList: true, characterData: true, subtree: true })`)
		w.typeIn(field, words)
		w.until(`document.querySelector("[data-saving]").textContent.includes("Not saved yet")`)
		w.typeIn(field, "More of it. ")
		if w.ask(`String(saidSaved)`) != "0" {
			t.Error("it says that it is saved, and it is not")
		}
		elsewhere.open(path) // online: shows what the server has stored
		if got := elsewhere.ask(kept); got != want {
			t.Errorf("the server has %q", got)
		}
		want += words + "More of it. "
		w.unplug(false)
		w.saved()
		if got := w.ask(kept); got != want {
			t.Errorf("the page says %q, not %q", got, want)
		}
	}
	elsewhere.open(path)
	if got := elsewhere.ask(kept); got != want {
		t.Errorf("the server has %q, not %q", got, want)
	}
}
