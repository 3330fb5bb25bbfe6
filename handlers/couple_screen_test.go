package handlers

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/sessions"
)

// A display is a device that shows the couple's screen.
type display struct {
	t       testing.TB
	browser *browser
	screens <-chan sessions.Screen // closed when the stream ends
}

// display enters the code on a device and follows its stream.
func (w *world) display(session, code string) *display {
	w.t.Helper()
	device := w.browser()
	pasted := "“" + strings.ToLower(strings.ReplaceAll(code, "-", "\u2011")) + ".”" // as pasted from a message
	if a := device.post("/room", url.Values{"code": {pasted}}).want(w.t,
		303); a.location() != "/sessions/"+session+"/room" {
		w.t.Fatal(a.location())
	}
	return &display{w.t, device, device.stream("/sessions/" + session + "/room/stream")}
}

// stream returns the screens of a stream of server-sent events.
func (b *browser) stream(path string) <-chan sessions.Screen {
	b.w.t.Helper()
	response, err := b.client.Get(b.w.url + path)
	if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" {
		b.w.t.Fatal(response.Status, response.Header, err)
	}
	b.w.t.Cleanup(func() { response.Body.Close() })
	screens := make(chan sessions.Screen, 100)
	go func() {
		defer close(screens)
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			var screen sessions.Screen
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(text), &screen) == nil {
				screens <- screen
			}
		}
	}()
	return screens
}

// until waits for a screen that satisfies wanted.
func (d *display) until(what string, wanted func(sessions.Screen) bool) {
	d.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case screen, ok := <-d.screens:
			if !ok {
				d.t.Fatalf("%s: the stream ended", what)
			}
			if wanted(screen) {
				return
			}
		case <-late:
			d.t.Fatalf("%s: not shown", what)
		}
	}
}

// ends waits until the screen is over and its stream has ended.
func (d *display) ends(what string) {
	d.t.Helper()
	d.until(what, func(s sessions.Screen) bool { return s.Mode == sessions.ScreenOver && s.Text == "" && s.Step == "" })
	if _, more := <-d.screens; more {
		d.t.Errorf("%s: the stream goes on", what)
	}
}

// running starts the planned session of Kit's couple and returns its path.
func (w *world) running(dana *browser) string {
	w.t.Helper()
	couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
	path := "/sessions/" + w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`, couple)
	dana.post(path+"/start", url.Values{}).want(w.t, 303)
	return path
}

func (w *world) openScreen(dana *browser, path string) string {
	w.t.Helper()
	return dana.post(path+"/screen", url.Values{"do": {"open"}}).want(w.t, 200, "works once").find(w.t,
		`<code>([A-Z2-7]{4}-[A-Z2-7]{4})</code>`)
}

func TestTheCouplesScreenFollowsTheSessionAndShowsNothingElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		code := w.openScreen(dana, path)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), strings.ToLower(code))
		d.until("the step", func(s sessions.Screen) bool { return s.Mode == sessions.ScreenPrompt && s.Step != "" })
		d.browser.get(path+"/room").want(t, 200).never(t, `href="/couples`, "Sign out", "Larkspur", "C-0002", "Notes", "/my")

		run := dana.get(path + "/run")
		save := func(field, value, key string, base string) {
			t.Helper()
			dana.put(path+"/fields/"+field, url.Values{"v." + field: {value}, "base": {base}, "key": {key}}).want(t, 200)
		}
		save("now", run.find(t, `<li data-prompt="([^"]+)"`), "k1", "0")
		d.until("the prompt", func(s sessions.Screen) bool { return s.Text != "" })
		save("turn", "A", "k3", "0")
		d.until("whose turn", func(s sessions.Screen) bool { return s.Turn == "Kit" })
		dana.post(path+"/clock", url.Values{"kind": {"pause"}}).want(t, 303)
		d.until("the pause", func(s sessions.Screen) bool { return s.Mode == sessions.ScreenPause })
		dana.post(path+"/run", url.Values{"key": {"r"}, "then": {"joint"}, "v.turn": {"B"}}).want(t, 303)
		d.until("going on", func(s sessions.Screen) bool { return s.Mode == sessions.ScreenPrompt && s.Turn == "Noor" })
		dana.put(path+"/fields/observation",
			url.Values{"v.observation": {"canary-of-the-notes"}, "base": {"0"}, "key": {"k4"}}).want(t, 200)
		dana.post(path+"/run", url.Values{"key": {"e"}, "then": {"end"}}).want(t, 303)
		d.ends("the session ended")
		d.browser.get(path+"/room").want(t, 200, "We’ll stop here for today").never(t, "canary")
	})
}

func TestAScreenIsOpenedByItsCodeOnceAndClosedByWhoeverMayEndIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		id := strings.TrimPrefix(path, "/sessions/")
		nobody := w.browser()
		if a := nobody.get(path + "/room"); a.location() != "/room" {
			t.Error("without a code:", a.status, a.location())
		}
		nobody.get(path+"/room/stream").want(t, 404)
		nobody.post("/room", url.Values{"code": {"AAAA-AAAA"}}).want(t, 422, "This code does not work")
		for _, other := range []*browser{w.as(w.ellis), w.as(w.stranger), w.as(w.partner(1, "A"))} {
			other.get(path+"/screen").want(t, 404)
			other.post(path+"/screen", url.Values{"do": {"open"}}).want(t, 404)
		}

		code := w.openScreen(dana, path)
		first := w.display(id, code)
		nobody.post("/room", url.Values{"code": {code}}).want(t, 422)
		code = w.openScreen(dana, path) // another device takes over
		first.ends("another device")
		late := w.now
		w.now = w.now.Add(11 * time.Minute)
		nobody.post("/room", url.Values{"code": {code}}).want(t, 422, "ten minutes")
		w.now = late
		second := w.display(id, code)
		dana.post(path+"/screen", url.Values{"do": {"close"}}).want(t, 303)
		second.ends("taken away")
		second.browser.get(path+"/room/stream").want(t, 404)

		third := w.display(id, w.openScreen(dana, path))
		third.until("the step", func(s sessions.Screen) bool { return s.Step != "" })
		dana.post("/logout", url.Values{}).want(t, 303)
		third.ends("signed out")
	})
}

func TestASessionIsStoppedAtOnceWithTheSameWordsForEverybody(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(dana, path))
		dana.get(path+"/run").want(t, 200, "Stop for today")
		form := url.Values{"key": {"s"}, "then": {"stop"}, "v.observation": {"Kept although it was stopped."}}
		if a := dana.post(path+"/run", form).want(t, 303); a.location() != path+"/stopped" {
			t.Error(a.location())
		}
		d.ends("stopped")
		dana.get(path+"/stopped").want(t, 200, "same sentence to both", "individual file").never(t, "Kit", "Noor")
		dana.get(path+"/run").want(t, 200, "Kept although it was stopped.", `value="pause" aria-pressed="true"`)
		dana.post(path+"/run", url.Values{"key": {"a"}, "then": {"A"}}).want(t, 303) // individual time can follow
	})
}

func TestAfterASessionFourThingsAreLeftAndEachSaysWhenItIsDone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM sessions WHERE id = ?`, strings.TrimPrefix(path, "/sessions/"))
		w.cancelAll(t, strings.TrimPrefix(couple, "/couples/"))
		dana.get(path).never(t, "After the session")
		dana.post(path+"/end", url.Values{}).want(t, 303)
		dana.get(path).want(t, 200, "After the session", "Assign homework (optional)", "Plan the next session",
			"Document risk", "sign the draft note").never(t, "Done")
		dana.post(couple+"/worksheets",
			url.Values{
				"worksheet": {"feelings-log"}, "to": {"A"}, "session": {strings.TrimPrefix(path, "/sessions/")},
				"key": {"h"},
			}).want(t, 303)
		dana.post(couple+"/sessions/new",
			url.Values{
				"key": {"s"}, "date": {"2031-04-12"}, "time": {"11:00"}, "minutes": {"50"}, "place": {"video"},
				"step": {"acknowledge"},
			}).want(t, 303)
		dana.post(path+"/note", url.Values{"key": {"n"}, "v.risk.routine": {"", "yes"}}).want(t, 303)
		dana.get(path).want(t, 200, "Homework assigned", "Next session planned",
			"Risk documented", "sign the draft note")
	})
}

// TestWhatIsToBeAskedAloneIsNeverOnTheCouplesScreen: a prompt for individual time is for one partner
// only.
func TestWhatIsToBeAskedAloneIsNeverOnTheCouplesScreen(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		path, _, _ := strings.Cut(dana.post(couple+"/sessions/new",
			url.Values{
				"key": {"s"}, "date": {"2031-03-12"}, "time": {"11:00"}, "minutes": {"50"}, "place": {"office"},
				"step": {"room-to-heal"},
			}).want(t, 303).location(), "?")
		dana.post(path+"/start", url.Values{}).want(t, 303)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(dana, path))
		d.until("a prompt", func(s sessions.Screen) bool { return s.Text != "" })
		alone := ""
		for _, part := range strings.Split(squeezed(dana.get(path+"/run").want(t, 200).body), "<li data-prompt=")[1:] {
			if strings.Contains(part, "<small>ask alone</small>") {
				alone = part[1 : 1+strings.IndexByte(part[1:], '"')]
			}
		}
		if alone == "" {
			t.Fatal("the step has no such prompt any more")
		}
		dana.put(path+"/fields/now", url.Values{"v.now": {alone}, "base": {"0"}, "key": {"k"}}).want(t, 200)
		d.until("nothing of it", func(s sessions.Screen) bool { return s.Text == "" && s.Mode == sessions.ScreenPrompt })
	})
}

// TestTheCouplesScreenSpeaksTheLanguageThatBothChose: one partner's language would exclude the
// other and reveal that partner's choice.
func TestTheCouplesScreenSpeaksTheLanguageThatBothChose(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		path := w.running(dana)
		inSpanish := url.Values{"language": {"es"}}
		kit.post("/my/settings/language", inSpanish).want(t, 303)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(dana, path))
		d.until("one alone", func(s sessions.Screen) bool { return s.Language == "en" && s.Step == "Acknowledge the betrayal" })
		d.browser.get(path+"/room").want(t, 200, `<html lang="en"`, "Breathe in slowly")

		noor.post("/my/settings/language", inSpanish).want(t, 303)
		dana.post(path+"/clock", url.Values{"kind": {"pause"}}).want(t, 303)
		d.until("both", func(s sessions.Screen) bool {
			return s.Language == "es" && s.Step == "Reconocer la traición" && s.Mode == sessions.ScreenPause &&
				strings.HasPrefix(s.Text, "Di, por favor, lo que hiciste")
		})
		d.browser.get(path+"/room").want(t, 200, `<html lang="es"`, "Inhalen despacio", "Un momento")
		dana.put(path+"/fields/turn", url.Values{"v.turn": {"both"}, "base": {"0"}, "key": {"t"}}).want(t, 200)
		d.until("whose turn", func(s sessions.Screen) bool { return s.Turn == "Ustedes" })
		dana.put(path+"/fields/prompts",
			url.Values{"v.prompts": {"What would May say?"}, "base": {"0"}, "key": {"p"}}).want(t, 200)
		dana.put(path+"/fields/now", url.Values{"v.now": {"own-1"}, "base": {"0"}, "key": {"n"}}).want(t, 200)
		d.until("a prompt of her own", func(s sessions.Screen) bool { return s.Text == "What would May say?" })
		dana.get(path+"/run").want(t, 200, `<html lang="en"`, "Please say what you did",
			"Acknowledge the betrayal").never(t, "Di, por favor")
		dana.post(path+"/run", url.Values{"key": {"e"}, "then": {"end"}}).want(t, 303)
		d.ends("the session ended")
		d.browser.get(path+"/room").want(t, 200, "Por hoy lo dejamos aquí.")
	})
}
