package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestTheCoreStandsFirstAndIsGivenStepByStep: in the library, in the form that assigns worksheets,
// and as a booklet.
func TestTheCoreStandsFirstAndIsGivenStepByStep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		library := dana.get("/library").want(t, 200, "Core", "More: Acknowledge the betrayal").body
		core, more := strings.Index(library, "/library/boundary-map"), strings.Index(library, "/library/feelings-log")
		if begins := strings.Index(library, "More: Getting started"); core < 0 || core > begins || more < begins {
			t.Errorf("More begins at %d; a core worksheet is at %d, another at %d", begins, core, more)
		}
		assign := "/couples/" + things["couple"] + "/worksheets"
		key := dana.get(assign).want(t, 200, `<optgroup label="Acknowledge the betrayal">`, `value="core-own-and-apologize"`,
			"the core worksheets of a step come first").find(t, `name="key" value="([A-Z0-9]+)"`)
		dana.post("/couples/"+things["couple"]+"/pathways", url.Values{"pathway": {"core-own-and-apologize"}, "key": {key}}).
			want(t, 303)
		dana.get(assign).want(t, 200, "Building an apology", "My response, in my own time")
		dana.post("/couples/"+things["couple"]+"/pathways", url.Values{"pathway": {"core-nothing"}, "key": {key}}).
			want(t, 404)
		dana.get("/library/pathways/core-acknowledge/booklet").want(t, 200)
		dana.get("/library/pathways/core-acknowledge").want(t, 404) // built in and not editable
	})
}
