package handlers

import (
	"net/url"
	"testing"
)

// TestTheSessionSaysWherePrivateWordsBelong: only during individual time, and for that partner
// only.
func TestTheSessionSaysWherePrivateWordsBelong(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		path := "/sessions/" + things["planned"]
		dana.post(path+"/start", url.Values{}).want(t, 303)
		hidden := func(side string) string { return `data-alone-with="` + side + `" hidden>` }
		dana.get(path+"/run").want(t, 200, hidden("A"), hidden("B"))
		dana.post(path+"/clock", url.Values{"kind": {"A"}}).want(t, 303)
		dana.get(path+"/run").want(t, 200, `data-alone-with="A">`, hidden("B"), `href="/partners/`+things["partner"]+`/file"`)
		dana.post(path+"/clock", url.Values{"kind": {"joint"}}).want(t, 303)
		dana.get(path+"/run").want(t, 200, hidden("A"), hidden("B"))
	})
}
