package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mend/handlers/web"
	"mend/internal/dbtest"
)

// TestNoPrivatePageIsOfferedToATranslatorOrASpellingService: every page after sign-in opts out, and
// those on a handed-over device.
func TestNoPrivatePageIsOfferedToATranslatorOrASpellingService(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things, seen := w.things(), 0
		for _, route := range routesOf(w.site) {
			v, ok := visits["GET "+route.Path]
			if !ok || route.Method != "GET" || v.want != http.StatusOK || route.Who.Role == web.Anyone.Role {
				continue
			}
			signIn := w.rightful(route.Who)
			a := w.as(signIn).get(v.with(things).path)
			if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				continue
			}
			seen++
			for _, says := range []string{
				` translate="no"`, `<meta name="google" content="notranslate">`,
				` spellcheck="false">`,
			} {
				if !strings.Contains(a.body, says) {
					t.Errorf("%s does not say %s", route.Path, says)
				}
			}
		}
		if seen < 40 {
			t.Errorf("only %d pages were seen", seen)
		}
	})
}

// TestSpellingIsCheckedWhereItWasTurnedOn: in that browser, and never on a handed-over device.
func TestSpellingIsCheckedWhereItWasTurnedOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit, elsewhere, dana := w.as(w.partner(1, "A")), w.as(w.partner(1, "A")), w.as(w.dana)
		kit.post("/my/settings/spelling", url.Values{"spelling": {"on"}}).want(t, 303)
		kit.get("/my").want(t, 200, `spellcheck="true"`)
		elsewhere.get("/my").want(t, 200, `spellcheck="false"`)
		kit.post("/my/settings/spelling", url.Values{"spelling": {"off"}}).want(t, 303)
		kit.get("/my").want(t, 200, `spellcheck="false"`)
		dana.post("/settings/spelling", url.Values{"spelling": {"on"}}).want(t, 303)
		dana.get("/assignments/"+w.things()["record"]+"/handover").want(t, 200, `spellcheck="false"`)
	})
}
