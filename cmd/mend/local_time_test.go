package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// in has the browser's clock show the time of a zone.
func (w *window) in(zone string) {
	w.t.Helper()
	_, err := chromedp.Call(w.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestATimeIsSaidInThePartnersOwnZoneWhereItDiffers, in English and in Spanish, and nothing is added
// where it is the same.
func TestATimeIsSaidInThePartnersOwnZoneWhereItDiffers(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "kit", 390, 844)
	w.in("America/New_York")
	w.signIn(people[4])
	added := func(zone string) string {
		w.in(zone)
		w.open("/my/appointment")
		return w.ask(`document.querySelector("time")?.closest("p").querySelector("small")?.textContent ?? "nothing"`)
	}
	check := func(language, where, half string) {
		t.Helper()
		if got := added("America/New_York"); got != "nothing" {
			t.Errorf("%s, in the same zone: %q", language, got)
		}
		if got := added("America/Los_Angeles"); !strings.Contains(got, where) || !strings.Contains(got, half) {
			t.Errorf("%s, three hours west: %q", language, got)
		}
	}
	check("English", "where you are", " PM")
	w.open("/my/settings")
	w.press(`form[action="/my/settings/language"] [value=es]`)
	check("Spanish", "donde estás", " p.")
}
