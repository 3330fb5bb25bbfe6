package handlers

import (
	"net/url"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
)

// later advances the time until a login is no longer fresh, but has not expired.
func (w *world) later() { w.now = w.now.Add(accounts.FreshFor + time.Minute) }

// TestAFormThatIsHeldForThePasswordGoesOnOnce: nothing has to be submitted or typed twice. A wrong
// password keeps it, too.
func TestAFormThatIsHeldForThePasswordGoesOnOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		w.later()
		hold := "/couples/" + things["couple"] + "/hold"
		const why = "A subpoena of \"March 3\" & what it asks for."
		held := url.Values{"hold": {why}}
		dana.post(hold, held).want(t, 422, `action="`+hold+`"`,
			`name="hold" value="A subpoena of &#34;March 3&#34; &amp; what it asks for."`, `name="reauth_password"`)
		held.Set("reauth_password", "wrong")
		dana.post(hold, held).want(t, 422, "That is not your password", `name="hold"`).never(t, "wrong\"")
		if n := w.one(`SELECT COUNT(*) FROM couples WHERE legal_hold IS NOT NULL`); n != "0" {
			t.Fatal("it was done without the password")
		}
		held.Set("reauth_password", demo.Password)
		dana.post(hold, held).want(t, 303)
		dana.get("/couples/"+things["couple"]+"/retention").want(t, 200, "A subpoena of")
		dana.get("/audit?action=stepped+up").want(t, 200, ` selected>confirmed identity`, "<td>confirmed identity</td>").
			never(t, "<td>signed in")
	})
}

func TestAPassphraseForAKeyOutlivesTheQuestionForThePassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		w.later()
		form := url.Values{"do": {"make"}, "passphrase": {"short"}}
		dana.post("/settings/key", form).want(t, 422, `name="passphrase" value="short"`, "Confirm your password")
		form.Set("reauth_password", demo.Password)
		dana.post("/settings/key", form).want(t, 422).never(t, "Confirm your password")
	})
}

// TestADownloadBeginsFromAPageThatLeadsBack: a download would leave the password form on the
// screen.
func TestADownloadBeginsFromAPageThatLeadsBack(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		w.later()
		note := "/sessions/" + things["signed"] + "/note"
		a := dana.send("GET", note+".pdf", nil, "Referer", w.url+note).want(t, 303)
		asked := dana.get(a.location()).want(t, 200, `name="then" value="`+note+`.pdf"`)
		back := asked.find(t, `name="back" value="([^"]*)"`)
		dana.post("/reauthenticate",
			url.Values{"then": {note + ".pdf"}, "back": {back}, "download": {"yes"}, "password": {demo.Password}}).
			want(t, 200, `content="0;url=`+note+`.pdf"`, `href="`+note+`"`)
		dana.get(note+".pdf").want(t, 200, "%PDF-")
	})
}

// TestThePasswordOfASignatureCounts: it is not requested again immediately.
func TestThePasswordOfASignatureCounts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		w.later()
		note := "/sessions/" + things["signed"] + "/note"
		dana.post(note+"/addenda",
			url.Values{"key": {"k"}, "reason": {"A date"}, "text": {"It was the third."}, "password": {demo.Password}}).want(t,
			303)
		dana.get(note+".pdf").want(t, 200, "%PDF-")
	})
}
