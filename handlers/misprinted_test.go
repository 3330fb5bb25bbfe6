package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestWordsThatThePDFCannotPrintAreNamedOnThePage: before a note is signed and before anything is
// printed, and never on a page that prints correctly.
func TestWordsThatThePDFCannotPrintAreNamedOnThePage(t *testing.T) {
	const warning = "cannot print these words correctly"
	const nowhere = "\u0378\u0379" // unassigned in Unicode, so no font has them
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		note := "/sessions/" + things["held"] + "/note"
		dana.get(note).want(t, 200).never(t, warning)
		dana.put(note+"/fields/text.focus",
			url.Values{"v.text.focus": {"Heard: " + nowhere + ", and שלום."}, "base": {"0"}, "key": {"r.1"}}).want(t, 200)
		page := dana.get(note).want(t, 200, warning, `<q lang="und" dir="auto">`+nowhere+"</q>")
		page.never(t, "שלום</q>")
		if strings.Index(page.body, warning) > strings.Index(page.body, "reviewed this entire note") {
			t.Error("the words are named after the tick that one has read them")
		}
		dana.post("/sessions/"+things["signed"]+"/note/addenda",
			url.Values{
				"reason": {"Added later"}, "text": {"He wrote " + nowhere + "."}, "key": {"a"},
				"password": {"quiet-harbor-demo"},
			}).want(t, 303)
		dana.get("/sessions/"+things["signed"]+"/note").want(t, 200, warning, nowhere+"</q>")

		private := howTrustWasBroken("send")
		private.Set("a.events.0.what", nowhere)
		kit.post("/my/worksheets/"+things["shareable"], private).want(t, 303)
		dana.get("/assignments/"+w.one(`SELECT assignment_id FROM answers WHERE id = ? OR assignment_id = ?`,
			things["shareable"], things["shareable"])).
			want(t, 200, warning, nowhere+"</q>")
		dana.get("/library/our-shared-account").want(t, 200).never(t, warning)
	})
}
