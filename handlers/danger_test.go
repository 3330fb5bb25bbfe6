package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestTheHelpNumbersStandBesideTheQuestionAboutDanger: both partners are asked in private about
// thoughts of suicide. The crisis lines are below the question in the page's language, and the
// counselor sees a yes the same day.
func TestTheHelpNumbersStandBesideTheQuestionAboutDanger(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{
				"worksheet": {"individual-check-in"}, "to": {"each"}, "read_by": {"2031-03-14"}, "anyway": {"yes"},
				"key": {"danger"},
			}).want(t, 303)
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		for _, test := range []struct {
			b                    *browser
			side, question, call string
		}{
			{kit, "A", "¿He pensado en quitarme la vida", "Llama al 988"},
			{noor, "B", "Have I had thoughts of ending my life", "Call 988"},
		} {
			page := w.one(`SELECT id FROM assignments WHERE worksheet = 'individual-check-in' AND audience = ?`, test.side)
			body := test.b.get("/my/worksheets/"+page).want(t, 200, test.question).body
			_, question, _ := strings.Cut(body, test.question)
			question, _, _ = strings.Cut(question, "data-question")
			if strings.Contains(question, ".instead") {
				t.Errorf("%s: the question can be put off in two ways", test.side)
			}
			if !strings.Contains(question, test.call) {
				t.Errorf("%s: the numbers do not stand beside the question: %s", test.side, stripTags(question))
			}
			if strings.Count(body, test.call) < 2 {
				t.Errorf("%s: nor at the foot of the page", test.side)
			}
		}
		page := w.one(`SELECT id FROM assignments WHERE worksheet = 'individual-check-in' AND audience = 'B'`)
		before := kit.crawl("/my")
		noor.post("/my/worksheets/"+page, url.Values{
			"a.private_now": {"yes"}, "a.account_private": {"no"}, "a.dark": {"yes"}, "a.alone": {"no"},
			"seen": {"0"}, "key": {"k"}, "do": {"send"},
		}).want(t, 303)
		after := kit.crawl("/my")
		for path, page := range before {
			if after[path] != page {
				t.Errorf("%s shows the other that something waits", path)
			}
		}
		dana.get("/follow-ups").want(t, 200, "Noor", "Contact them today")
	})
}
