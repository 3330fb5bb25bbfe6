package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/demo"
)

// TestTheNoteSaysWhatIsMissingBeforeThePassword: with links to the fields, and the sentences that
// nobody edited.
func TestTheNoteSaysWhatIsMissingBeforeThePassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		page := dana.get(note).want(t, 200, "to complete", `href="#risk_text"`, `href="#plan_text"`, "Before you can sign:",
			"As drafted, not edited (", ">drafted</span> from").body
		if strings.Contains(page, "v.accepted.") {
			t.Error("sentences are accepted one by one")
		}
		w.completeNote(dana, note)
		dana.get(note).want(t, 200, "Nothing is missing.").never(t, "Before you can sign:")
	})
}

// draftedNote returns the path of an unsigned note of Dana's.
func (w *world) draftedNote() string {
	w.t.Helper()
	return "/sessions/" + w.one(`SELECT s.id FROM sessions s JOIN notes n ON n.session_id = s.id
		JOIN couples c ON c.id = s.couple_id
		WHERE n.signed_at IS NULL AND c.id = ?`, w.people[4].Couple) + "/note"
}

// completeNote fills in what a note needs.
func (w *world) completeNote(dana *browser, note string) {
	w.t.Helper()
	goal := dana.get(note).find(w.t, `name="v.progress.([A-Z2-7]+)"`)
	dana.post(note, url.Values{
		"key": {"complete"}, "v.progress." + goal: {"progressing"}, "v.risk.routine": {"", "yes"},
		"v.risk_text": {"No risk concern was raised."}, "v.plan_text": {"Go on slowly."},
		"v.text.homework_reviewed": {"What each wrote was looked at."}, "v.text.assigned": {"Nothing new."},
	}).want(w.t, 303)
}

// TestAfterTheSignatureTheWorkGoesOn: to the PDF, homework and the next session without another
// password.
func TestAfterTheSignatureTheWorkGoesOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		w.completeNote(dana, note)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(note+"/sign", url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}).want(t, 303)
		dana.get(note).want(t, 200, "Download PDF", "Assign homework", "Plan the next session")
		dana.get(note+".pdf").want(t, 200)
		dana.get("/couples/"+w.people[4].Couple+"/worksheets").want(t, 200)
	})
}

// TestANoteBeginsInTheFormatOfTheLastOne: and offers to copy its plan.
func TestANoteBeginsInTheFormatOfTheLastOne(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		dana.post(note+"/format", url.Values{"format": {"SOAP"}}).want(t, 303)
		w.completeNote(dana, note)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(note+"/sign", url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}).want(t, 303)
		path := w.running(dana)
		dana.post(path+"/run", url.Values{"then": {"end"}, "key": {"over"}}).want(t, 303)
		dana.get(path+"/note").want(t, 200, "<option selected>SOAP</option>", "Plan of the last note",
			"Bring it forward", "Open the last note beside this one", `/record" target="_blank">an earlier one</a>`)
	})
}
