package handlers

import (
	"bufio"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/handlers/live"
	"mend/internal/dbtest"
	"mend/sessions"
)

// A pane is another window that follows a running session.
type pane struct {
	t    testing.TB
	said chan map[string]live.ChangedField // closed when the stream ends
}

// pane opens a window of the session at path.
func (b *browser) pane(path string) *pane {
	b.w.t.Helper()
	response, err := b.client.Get(b.w.url + path + "/changes")
	if err != nil || response.StatusCode != 200 {
		b.w.t.Fatal(response.Status, err)
	}
	b.w.t.Cleanup(func() { response.Body.Close() })
	p := &pane{b.w.t, make(chan map[string]live.ChangedField, 100)}
	go func() {
		defer close(p.said)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			var event struct{ Fields map[string]live.ChangedField }
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(text), &event) == nil {
				p.said <- event.Fields
			}
		}
	}()
	return p
}

// until waits until a field has the given value.
func (p *pane) until(field, value string) live.ChangedField {
	p.t.Helper()
	for late := time.After(20 * time.Second); ; {
		select {
		case fields, open := <-p.said:
			if f, ok := fields[field]; ok && f.Value == value {
				return f
			}
			if !open {
				p.t.Fatalf("%s: the stream ended", field)
			}
		case <-late:
			p.t.Fatalf("%s is not said to be %q", field, value)
		}
	}
}

func TestTwoWindowsOfASessionFollowEachOtherAndNeitherOverwrites(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		second := w.as(w.dana)
		other := second.pane(path)
		save := func(b *browser, field, value, key, base string) answer {
			t.Helper()
			return b.put(path+"/fields/"+field, url.Values{"v." + field: {value}, "base": {base}, "key": {key}})
		}
		save(dana, "observation", "They sat closer.", "k1", "0").want(t, 200)
		if f := other.until("observation", "They sat closer."); f.Revision != 1 {
			t.Error(f)
		}
		save(second, "observation", "Further apart.", "k2", "0").want(t, 409, "They sat closer.")
		save(second, "observation", "They sat closer, then apart.", "k3", "1").want(t, 200)
		other.until("observation", "They sat closer, then apart.")
		save(dana, "turn", "B", "k4", "0").want(t, 200)
		other.until("turn", "B")
		run := dana.get(path+"/run").want(t, 200)
		if got := run.find(t, `data-field="turn" data-revision="(\d+)"`); got != "1" {
			t.Errorf("after a reload the turn is based on revision %s and would clash with itself", got)
		}
		second.post("/logout", url.Values{}).want(t, 303)
		for range other.said { // drain events already sent; then the stream ends
		}
		for _, somebody := range []*browser{w.as(w.ellis), w.as(w.stranger), w.as(w.partner(1, "A")), w.browser()} {
			if a := somebody.get(path + "/changes"); a.status == 200 {
				t.Error("somebody else follows the session")
			}
		}
	})
}

// TestAnOpenWindowKeepsNobodySignedIn: an open stream does not extend the login.
func TestAnOpenWindowKeepsNobodySignedIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		path := w.running(dana)
		start := w.now
		for range 4 {
			w.now = w.now.Add(accounts.CounselorIdle / 2)
			if a := dana.here(t, "GET"); a.Me == "" {
				return
			}
			dana.pane(path)
		}
		t.Errorf("still signed in %v after the last press", w.now.Sub(start))
	})
}

func TestASecondCounselorCannotRunTheSession(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		path := w.running(w.as(w.dana))
		for name, other := range map[string]*browser{
			"a colleague": w.as(w.ellis), "of another practice": w.as(w.stranger),
			"the supervisor": w.as(w.sam),
		} {
			for _, a := range []answer{
				other.get(path + "/run"), other.post(path+"/run", url.Values{"key": {"k"}, "v.focus": {"x"}}),
				other.post(path+"/start", url.Values{}),
				other.post(path+"/clock", url.Values{"kind": {"pause"}}), other.post(path+"/end", url.Values{}),
				other.put(path+"/fields/focus", url.Values{"v.focus": {"x"}, "base": {"0"}, "key": {"k"}}),
			} {
				if a.status != 404 {
					t.Errorf("%s: %d", name, a.status)
				}
			}
		}
	})
}

func TestAPlanHasAnArcAnOrderAndPromptsOfOnesOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		form := url.Values{
			"key": {"s"}, "date": {"2031-03-12"}, "time": {"11:00"}, "minutes": {"50"}, "place": {"office"},
			"step":          {"own-and-apologize"},
			"v.part.arrive": {"7"}, "v.part.work": {"26"}, "v.planned.s2-a2": {"", "yes"},
			"v.prompts": {"What would you like to hear?\n\nWhat else?"}, "plan": {"Slowly."},
		}
		blank := dana.get(couple+"/sessions/new?step=own-and-apologize").want(t, 200, `name="v.part.work" value="28"`)
		order := blank.find(t, `name="v.order" value="([^"]+)"`)
		ids := strings.Split(order, ",")
		form.Set("v.order", order)
		form.Set("move", ids[2])
		moved := dana.post(couple+"/sessions/new", form).want(t, 200, "Slowly.", `value="7"`,
			"What would you like to hear?").find(t, `name="v.order" value="([^"]+)"`)
		if want := strings.Join(append([]string{ids[0], ids[2], ids[1]}, ids[3:]...), ","); moved != want {
			t.Errorf("up: %s, want %s", moved, want)
		}
		form.Set("v.order", moved)
		form.Del("move")
		form.Set("v.part.leave", "soon")
		dana.post(couple+"/sessions/new", form).want(t, 422, "Enter whole minutes", `value="soon"`)
		form.Set("v.part.leave", "3")
		path, _, _ := strings.Cut(dana.post(couple+"/sessions/new", form).want(t, 303).location(), "?")
		dana.get(path+"/plan").want(t, 200, `value="`+moved+`"`, `name="v.part.arrive" value="7"`, "What else?")
		dana.post(path+"/start", url.Values{}).want(t, 303)
		run := dana.get(path+"/run").want(t, 200, "<strong>Arrive</strong> <small>7 min</small>",
			"<strong>Step work</strong> <small>26 min</small>", "<strong>Leave</strong> <small>3 min</small>",
			`data-prompt="own-2"`)
		if first := strings.Index(run.body, `data-field="activity.`+ids[2]); first < 0 || first > strings.Index(run.body,
			`data-field="activity.`+ids[1]) {
			t.Error("the activities are not in the order planned")
		}
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(dana, path))
		dana.put(path+"/fields/now", url.Values{"v.now": {"own-2"}, "base": {"0"}, "key": {"n"}}).want(t, 200)
		d.until("an own prompt", func(s sessions.Screen) bool { return s.Text == "What else?" })
		dana.put(path+"/fields/prompt.own-2", url.Values{"v.prompt.own-2": {"", "yes"}, "base": {"0"}, "key": {"u"}}).want(t,
			200)
	})
}

// releaseBoth has both partners send a page of one worksheet and releases both.
func (w *world) releaseBoth(dana *browser, couple string) (pages [2]string) {
	w.t.Helper()
	for i, side := range []string{"A", "B"} {
		dana.post(couple+"/worksheets",
			url.Values{"worksheet": {"setback-plan"}, "to": {side}, "anyway": {"yes"}, "key": {"both-" + side}}).want(w.t, 303)
		pages[i] = w.one(`SELECT id FROM assignments WHERE form_key LIKE ?`, "both-"+side+"~%")
		mine := w.as(w.partner(1, side))
		mine.post("/my/worksheets/"+pages[i], url.Values{
			"a.signs": {"Signs of " + side}, "a.hurt_need": {"Signs of " + side}, "a.line.instead": {"skip"},
			"a.tell_rule":      {"decide-together-in-session"},
			"a.counselor_only": {canary + " of " + side}, "seen": {"0"}, "key": {"w"}, "do": {"send"},
		}).want(w.t, 303)
		mine.post("/my/worksheets/"+pages[i]+"/sharing", url.Values{"do": {"yes"}}).want(w.t, 303)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(w.t, 303)
		dana.post("/assignments/"+pages[i]+"/sharing", url.Values{"do": {"release"}, "looked": {"yes"}}).want(w.t, 303)
	}
	return pages
}

func TestReleasedPagesStandSideBySideOnTheCouplesScreenAsLongAsTheyAreReleased(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		pages := w.releaseBoth(dana, couple)
		path := w.running(dana)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(dana, path))
		dana.get(path+"/run").want(t, 200, "Side by side on the couple’s screen", `value="setback-plan"`)
		d.browser.get(path+"/room").never(t, "Signs of")
		dana.put(path+"/fields/show", url.Values{"v.show": {"setback-plan"}, "base": {"0"}, "key": {"s1"}}).want(t, 200)
		d.browser.get(path+"/room").want(t, 200, "Signs of A", "Signs of B", "Kit", "Noor").never(t, canary)
		dana.put(path+"/fields/show", url.Values{"v.show": {"trust-pulse"}, "base": {"1"}, "key": {"s2"}}).want(t, 200) // not released
		d.browser.get(path+"/room").never(t, "Signs of", canary)
		dana.put(path+"/fields/show", url.Values{"v.show": {"setback-plan"}, "base": {"2"}, "key": {"s3"}}).want(t, 200)
		d.browser.get(path+"/room").want(t, 200, "Signs of B")

		w.as(w.partner(1, "B")).post("/my/worksheets/"+pages[1]+"/sharing", url.Values{"do": {"take-back"}}).want(t, 303)
		d.browser.get(path+"/room").want(t, 200).never(t, "Signs of", canary)
		dana.get(path+"/run").want(t, 200).never(t, `value="setback-plan"`)
	})
}

var hrefs = regexp.MustCompile(`href="(/[^"#?]*)`)

// TestFromARunningSessionNoPathLeadsToPrivateWords follows every link from pages that can be opened
// while both partners may see the screen.
func TestFromARunningSessionNoPathLeadsToPrivateWords(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		w.things()
		dana := w.as(w.dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		w.releaseBoth(dana, couple)
		w.now = w.now.Add(10 * time.Minute)
		dana.get(couple+"/sessions/new").want(t, 200, "Putting it into plain words, Kit, assigned ")
		path := w.running(dana)
		dana.get(couple+"/sessions/new").want(t, 303) // requires the password, because it is for the counselor only
		seen, next := map[string]bool{}, []string{path + "/run"}
		for len(next) > 0 {
			at := next[0]
			next = next[1:]
			if seen[at] || strings.HasPrefix(at, "/assets/") || strings.HasSuffix(at, "/changes") {
				continue
			}
			seen[at] = true
			a := dana.get(at)
			a.never(t, canary, "Follow-up needed", "not yet sent", "Received")
			if a.status == 200 {
				for _, m := range hrefs.FindAllStringSubmatch(a.body, -1) {
					next = append(next, m[1])
				}
			}
		}
		if len(seen) < 30 {
			t.Errorf("only %d pages were looked at", len(seen))
		}
		dana.get(couple+"/prepare").want(t, 303)
	})
}

func TestBeforeASessionACardGathersWhatHappenedSince(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.things()
		dana := w.as(w.dana)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		card := dana.get(couple+"/prepare").want(t, 200, "A plan for setbacks", "Start the session",
			"Individual sessions", "not yet",
			"Last plan", "To discuss", "Kit:", "Promises")
		card.never(t, "Going quiet.") // titles only, no answers
		w.speakAlone(t, dana, "Kit Larkspur", "none-seen", "proceed-with-joint-work")
		dana.get(couple+"/prepare").want(t, 200, "March 12, 2031")
		if !strings.Contains(card.body, "/note") {
			t.Error("the last note is not at hand")
		}
		dana.post(card.find(t, `action="(/sessions/[A-Z2-7]+/start)"`), url.Values{}).want(t, 303)
		w.as(w.ellis).get(couple+"/prepare").want(t, 404)
	})
}
