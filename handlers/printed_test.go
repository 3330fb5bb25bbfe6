package handlers

import (
	"strings"
	"testing"
)

// TestPrintedPagesAreAsPrivateAsTheirScreens requests the PDF of every page that has one.
func TestPrintedPagesAreAsPrivateAsTheirScreens(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		for _, path := range []string{"/assignments/{sent}.pdf", "/sessions/{signed}/note.pdf", "/sessions/{held}/note.pdf"} {
			v := visit{path, nil, 200}.with(things)
			if a := dana.get(v.path); a.status != 200 || !strings.HasPrefix(a.body, "%PDF-") {
				t.Errorf("%s: got %d", path, a.status)
			}
			v.hidden(t, "GET", w.as(w.ellis), w.as(w.stranger), w.as(w.partner(1, "A")), w.as(w.partner(1, "B")))
		}
		dana.get("/library/trust-pulse.pdf").want(t, 200, "%PDF-")
		dana.get("/library/no-such.pdf").want(t, 404)
		dana.get("/assignments/"+things["open"]+".pdf").want(t, 404) // nothing was sent yet
	})
}
