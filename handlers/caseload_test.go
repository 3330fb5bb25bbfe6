package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestTodaySaysWhatWaitsForWhom checks Today over a week: who sent what, the age of an unsigned
// note, and the coming sessions.
func TestTodaySaysWhatWaitsForWhom(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		dana.get("/").want(t, 200, "Next seven days", "Fri, Mar 14, 2031", "Held 7 days ago", "Held yesterday",
			"<strong>Tay: Promises we keep</strong>", "<strong>Kit: Putting it into plain words</strong>")
		w.now = w.now.Add(3 * 24 * time.Hour)
		w.as(w.dana).get("/").want(t, 200, "Held 10 days ago", "Held 4 days ago")
	})
}

func TestTheCaseloadShowsWhatWaits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.as(w.dana).get("/couples").want(t, 200, "Next session ", "Note to sign", "2 new worksheets</b>", "1 new worksheet</b>", "Acknowledge the betrayal")
		w.as(w.ellis).get("/couples").want(t, 200).never(t, "Note to sign")
	})
}

// TestAWorksheetIsAssignedFromTheLibrary goes from a worksheet to a couple's form, in which the
// worksheet and its audience are preselected.
func TestAWorksheetIsAssignedFromTheLibrary(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, couple := w.as(w.dana), w.people[4].Couple
		dana.get("/library/trust-pulse").want(t, 200, `href="/couples?assign=trust-pulse"`)
		dana.get("/couples?assign=trust-pulse").want(t, 200, "Choose who", "/couples/"+couple+"/worksheets?worksheet=trust-pulse#give")
		dana.get("/couples?assign=nothing").want(t, 404)
		dana.get("/couples/"+couple+"/worksheets?worksheet=trust-pulse").want(t, 200,
			`<option value="trust-pulse" data-for="each" selected>`, `value="each" checked`)
		dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"boundary-map"}, "key": {"unsaid"}}).want(t, 303)
		dana.get("/library/private-conversation-record").want(t, 200).never(t, "Assign to a couple")
	})
}

// TestAWorksheetBehindAGateSaysSoInTheList: whether the prerequisite is met depends on the
// individual files, which a page that both partners may see cannot read. It is checked when the
// worksheet is assigned.
func TestAWorksheetBehindAGateSaysSoInTheList(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		page := "/couples/" + w.people[4].Couple + "/worksheets"
		list := w.as(w.dana).get(page).want(t, 200, "needs both private conversations first").body
		if n := strings.Count(list, "needs both private conversations first"); n != 5 {
			t.Errorf("%d worksheets are behind the gate", n)
		}
	})
}

func TestTheLibraryIsFiltered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		for query, want := range map[string]string{
			"find=boundary": "boundary-map", "step=keep-your-word": "trust-pulse",
			"privacy=submit": "agreement", "filled=counselor": "private-conversation-record",
		} {
			page := dana.get("/library?"+query).want(t, 200, want, "Show all").body
			if len(page) >= len(dana.get("/library").body) {
				t.Errorf("%s filters nothing", query)
			}
		}
		dana.get("/library?find=nothing+of+the+kind").want(t, 200, "No worksheets match.")
	})
}
