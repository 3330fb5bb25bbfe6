package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"mend/internal/dbtest"
)

// TestTheWholeJourney sets up a practice, adds a couple, invites both partners, runs a
// session, assigns homework, fills it in on two phones, reads it, then writes, signs and
// prints the note: on SQLite and on PostgreSQL, in a real browser.
func TestTheWholeJourney(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			args := []string{"-addr", "localhost:0", "-data", t.TempDir()}
			if engine == "postgres" {
				args = append(args, "-database", dbtest.PostgresURL(t))
			}
			browser := browse(t)
			p := start(t, args...)
			p.line(t, "Set up your practice")
			link := p.line(t, "http")
			url, token, _ := strings.Cut("http"+link, "/setup")
			c := &journey{
				desk: openWindow(t, browser, url, "desk", 1280, 900), robin: openWindow(t, browser, url, "robin", 390, 844),
				sasha: openWindow(t, browser, url, "sasha", 390, 844),
			}
			c.setUp("/setup" + token)
			c.addCouple()
			c.confirmLines()
			c.invite(c.robin, "Robin")
			c.invite(c.sasha, "Sasha")
			c.runSession()
			c.fillWorksheets()
			c.readAnswers()
			c.signNote()
			c.print(t)
		})
	}
}

// A journey is the windows of the counselor and both partners, and the paths of their couple
// and session.
type journey struct {
	desk, robin, sasha *window
	couple, session    string
}

func (c *journey) runSession() {
	w := c.desk
	w.open(c.couple + "/sessions/new?step=acknowledge")
	w.typeIn("#plan", "Small portions today.")
	w.press("button.go")
	c.session = w.ask(`location.pathname`)
	w.press(`form[action$="/start"] button`)
	w.says("Please say what you did in one or two sentences")
	w.says("Robin")
	w.tap(`[name="v.attendance.A"][value="present"]`)
	w.tap(`[name="v.attendance.B"][value="late"]`)
	w.tap(`[name="v.activity.s1-a2"][value="yes"]`)
	w.tap(`[name="v.intervention.reflective-listening"][value="yes"]`)
	w.eval(`document.querySelectorAll("[data-responses]").forEach(d => d.open = true)`)
	w.tap(`[name="v.response.A"][value="owned-prompted"]`)
	w.tap(`[name="v.response.B"][value="hurt-direct"]`)
	w.typeIn(`[name="v.focus"]`, "the letters in the drawer")
	w.typeIn(`[name="v.observation"]`, "Robin named it. Sasha asked for a pause and came back. ")
	w.tap(`[data-next]`)
	w.saved()
	w.shot("run")
	w.eval(`document.querySelectorAll("[data-responses]").forEach(d => d.open = false)`)
	w.view("run")
	w.typeIn(`[name="v.observation"]`, "🌿")
	w.tap(`button[name=then][value=pause]`)
	w.until(`document.querySelector("button[value=pause]").getAttribute("aria-pressed") === "true"`)
	w.tap(`button[name=then][value=joint]`)
	w.until(`document.querySelector("button[value=joint]").getAttribute("aria-pressed") === "true"`)
	w.open(c.session + "/run") // what was typed and ticked must still be there
	if got := w.ask(
		`document.querySelector('[name="v.observation"]').value + document.querySelector('[name="v.attendance.B"]:checked').value`); !strings.Contains(got, "🌿") || !strings.HasSuffix(got, "late") {
		w.t.Errorf("after coming back the session says %q", got)
	}
	w.tap(`[name="v.pause.returned"][value="returned"]`)
	w.saved()
	w.press(`form:has([value="acknowledgment-statement"]) button[value="A"]`)
	w.press(`form:has([value="impact-statement"]) button[value="B"]`)
	w.press(`form:has([value="our-shared-account"]) button[value="joint"]`)
	w.press(`button[name=then][value=end]`)
	w.says("The note is drafted")
}

// answerAll goes through a worksheet on the phone and answers each required question, those in
// special with the given text.
func (c *journey) answerAll(w *window, special map[string]string) {
	for {
		field := w.ask(`document.querySelector("[data-question]:not([hidden])")?.dataset.field ?? ""`)
		if field == "" {
			return
		}
		question := `[data-field="` + field + `"]`
		switch w.ask(
			`(q => q.querySelector("textarea, input:not([type=radio], [type=checkbox], [type=hidden])") ? "text" : q.hasAttribute("data-required") ? "choice" : "none")(document.querySelector('` + question + `'))`) {
		case "text":
			if text := special[field]; text != "" {
				w.typeIn(question+" textarea", text)
			} else if w.ask(`String(document.querySelector('`+question+`').hasAttribute("data-required"))`) == "true" {
				w.typeIn(question+" textarea, "+question+" input", "Plainly said.")
			}
		case "choice":
			w.tap(question + " label:first-of-type input")
		}
		w.tap("[data-forward]")
		w.until(`document.querySelector("[data-question]:not([hidden])")?.dataset.field !== "` + field + `"`)
	}
}

func (c *journey) fillWorksheets() {
	w := c.robin
	w.open("/my")
	w.never("What this has been like for me") // a question of the other partner's worksheet
	w.press(`a[href^="/my/worksheets/"]:has(strong)`)
	w.open("/my")
	w.press(`.rows li:last-child a`)
	w.says("Only you and your counselor read this page")
	w.view("worksheet")
	c.answerAll(w,
		map[string]string{
			"did":      "I hid the loan for two years. robin-canary",
			"not_said": "There is a second letter. robin-secret",
		})
	w.says("Before you send it")
	w.says("robin-canary")
	w.shot("review")
	w.press("[value=send]")
	w.says("Sent to your counselor")
	w.open("/my/answers")
	w.says("Putting it into plain words")

	s := c.sasha
	s.open("/my")
	s.never("Putting it into plain words")
	s.press(`.rows li:has(a):last-child a`)
	c.answerAll(s, map[string]string{"now": "I check the mailbox first. sasha-canary"})
	s.press("[value=send]")
	s.says("Sent to your counselor")
	s.open("/my/answers")
	s.press(`main .rows a`)
	s.says("sasha-canary")
	s.never("robin-canary")
	s.shot("read")
}

func (c *journey) readAnswers() {
	w := c.desk
	w.open("/")
	w.says("Putting it into plain words")
	w.press(`a[href^="/assignments/"]`)
	w.says("robin-canary")
	w.says("Something is not said yet")
	w.shot("reading")
	w.press(`form[action$="/read"] button`)
	w.says("Marked as read")
}

func (c *journey) signNote() {
	w := c.desk
	w.open(c.session + "/note")
	w.says("drafted")
	for _, format := range []string{"SOAP", "DAP"} {
		w.eval(`const m = document.getElementById("format"); m.value = "` + format + `"; m.dispatchEvent(new Event("change"))`)
		w.until(`document.readyState === "complete" && document.querySelector("#format [selected]").value === "` + format + `"`)
	}
	w.tap(`[data-signing]`)
	w.until(`document.querySelector("dialog.sign").open`)
	w.press(`.sign button.go`)
	w.says("Incorrect password")
	w.typeIn(`#password`, deskPassword)
	w.press(`.sign button.go`)
	w.says("“Progress toward goals” is still empty")
	w.tap(`.sign [data-back]`)
	w.tap(`[name^="v.progress."][value="progressing"]`)
	w.tap(`[name="v.risk.routine"][value="yes"]`)
	w.typeIn(`[name="v.risk_text"]`, "No risk concern was raised in the joint session.")
	w.typeIn(`[name="v.plan_text"]`, "hear Sasha's answer")
	w.saved()
	w.until(`document.querySelector('[name="v.text.next"]').value.includes("hear Sasha")`)
	w.shot("note")
	w.tap(`[data-signing]`)
	w.until(`document.querySelector("dialog.sign").open`)
	w.tap(`#reviewed input`)
	w.typeIn(`#password`, deskPassword)
	w.press(`.sign button.go`)
	w.says("Signed and locked")
	w.never("robin-canary")
	w.typeIn(`#reason`, "Corrects a word")
	w.typeIn(`#text`, "“Drawer” reads “desk”.")
	w.typeIn(`#password`, deskPassword)
	w.press(`form[action$="/addenda"] button`)
	w.says("Corrects a word")
	w.shot("signed")
	w.open(c.session + "/run")
	w.tap(`[name="v.activity.s1-a3"][value="yes"]`)
	w.until(`document.querySelector("[data-saving]").textContent.includes("Not saved")`)
}

// print downloads the note as PDF and checks its text.
func (c *journey) print(t *testing.T) {
	request, _ := http.NewRequest("GET", c.desk.url+c.session+"/note.pdf", nil)
	cookies, err := chromedp.Call(c.desk.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{c.desk.url}})
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range cookies.Cookies {
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 200 || !strings.Contains(response.Header.Get("Content-Disposition"),
		"note-20") {
		t.Fatal(response.Status, response.Header, err)
	}
	defer response.Body.Close()
	file := filepath.Join(t.TempDir(), "note.pdf")
	if *pictures != "" {
		file = filepath.Join(*pictures, "note.pdf")
	}
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	out.Close()
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Inventia Couples Practice", "C-0001", "Robin and Sasha (arrived late) attended", "the letters in the drawer",
		"took responsibility with prompting", "Ulla Testwell, MA, LMFT, LMFT 00002 (Example State)", "Addendum",
		"Corrects a word", "Page 1 of",
		"hear Sasha's answer", "reviewed with each partner individually",
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), want) {
			t.Errorf("the printed note does not say %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"DRAFT", "robin-canary", "robin-secret", "sasha-canary"} {
		if strings.Contains(string(text), never) {
			t.Errorf("the printed note says %q", never)
		}
	}
}
