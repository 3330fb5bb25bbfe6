package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
)

// TestAPartnerDownloadsWhatTheySentAfterThePassword: their own pages, without unsent or joint ones
// or the other partner’s.
func TestAPartnerDownloadsWhatTheySentAfterThePassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.wordsOfACouple(t, w.things())
		for side, want := range map[string]bool{"A": true, "B": false} {
			b := w.browser()
			b.post("/login", url.Values{
				"sign_in": {w.partner(1, side)}, "password": {demo.Password}, "shared": {"no"},
			}).want(t, 303)
			w.now = w.now.Add(accounts.FreshFor + time.Minute)
			if a := b.get("/my/answers.pdf").want(t, 303); !strings.HasPrefix(a.location(), "/reauthenticate") {
				t.Fatal(a.location())
			}
			b.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/my/answers"}}).want(t, 303)
			file := pdfText(t, b.get("/my/answers.pdf").want(t, 200))
			for _, word := range []string{"word-private", "word-counselor"} {
				if strings.Contains(file, word) != want {
					t.Errorf("%s: %s is in the file: %v, want %v", side, word, !want, want)
				}
			}
			for _, word := range []string{"word-unsent", "word-joint", "word-file", "word-session"} {
				if strings.Contains(file, word) {
					t.Errorf("%s reads %s", side, word)
				}
			}
		}
		w.as(w.partner(0, "A")).get("/my/answers").want(t, 200)
	})
}

// TestWhatIsLockedIsNotInTheDownload: it cannot be opened again after it was sent.
func TestWhatIsLockedIsNotInTheDownload(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"commitment-check"}, "to": {"A"}, "anyway": {"yes"}, "key": {"locked"}}).want(t, 303)
		id := w.one(`SELECT id FROM assignments WHERE form_key LIKE 'locked~%'`)
		kit.get("/my/worksheets/"+id).want(t, 200, "Where I stand today")
		w.by(`UPDATE answers SET state = 'sent', sent_at = ? WHERE assignment_id = ?`, w.now, id)
		kit.get("/my/answers").want(t, 200, "Where I stand today")
		if strings.Contains(pdfText(t, kit.get("/my/answers.pdf").want(t, 200)), "Where I stand today") {
			t.Error("a locked page is in the file")
		}
	})
}
