package handlers

import (
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/demo"
	"mend/handlers/web"
)

// record completes a private conversation record about one of Dana's clients.
func (w *world) record(dana *browser, partner, key string, answers url.Values) {
	w.t.Helper()
	form := url.Values{
		"a.setting": {"in-person-alone"}, "a.decision": {"proceed-with-joint-work"},
		"a.rationale": {"Short and factual."},
	}
	maps.Copy(form, answers)
	w.fileForm(dana, partner, "private-conversation-record", key, form)
}

// fileForm completes a form in a partner's individual file.
func (w *world) fileForm(dana *browser, partner, worksheet, key string, form url.Values) {
	w.t.Helper()
	dana.post("/partners/"+partner+"/file", url.Values{"worksheet": {worksheet}, "key": {key}}).want(w.t, 303)
	form.Set("seen", "0")
	form.Set("key", key)
	form.Set("do", "send")
	dana.post("/assignments/"+w.one(`SELECT id FROM assignments WHERE form_key LIKE ?`, key+"~%")+"/form",
		form).want(w.t, 303)
}

func safe() url.Values {
	form := url.Values{
		"a.safe_home": {"yes"}, "a.open_room": {"yes"}, "a.own_actions": {"no"},
		"a.harm_self": {"no"}, "a.harm_other": {"no"},
	}
	for _, row := range []string{"c1", "c2", "c3", "c4", "c5", "c6", "c7"} {
		form.Set("a.comfort."+row, "never")
	}
	return form
}

func TestWhatIsSaidAloneHoldsJointWorkUntilThereIsADecisionWithReasons(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, noor := w.as(w.dana), w.as(w.partner(1, "B"))
		before := noor.crawl("/my")
		waiting := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"]) + "</span></a>"
		w.record(dana, things["partner"], "routine", safe())
		dana.get("/follow-ups").want(t, 200).never(t, waiting)

		afraid := safe()
		afraid.Set("a.safe_home", "no")
		w.record(dana, things["partner"], "today", afraid)
		dana.get("/follow-ups").want(t, 200, "Kit", "Contact them today", "paused until you decide")
		for what, try := range map[string]func() answer{
			"a session":    func() answer { return dana.post("/sessions/"+things["planned"]+"/start", url.Values{}) },
			"a joint page": func() answer { return dana.post("/assignments/"+things["joint"]+"/active", url.Values{}) },
			"a step": func() answer {
				return dana.post("/couples/"+things["couple"]+"/steps/open-up", url.Values{"state": {"working"}})
			},
		} {
			if a := try(); a.status != 409 || !strings.Contains(a.body, "decision") {
				t.Errorf("%s goes on: %d", what, a.status)
			}
		}
		after := noor.crawl("/my")
		for path, page := range before {
			if after[path] != page {
				t.Errorf("%s shows the other that something waits", path)
			}
		}
		file := "/partners/" + things["partner"]
		dana.get(file+"/file").want(t, 200, "decision")
		dana.post(file+"/decision", url.Values{"decision": {"Proceed with changes"}, "reasons": {"short"}}).want(t,
			422, "at least 10", "short")
		dana.post(file+"/decision", url.Values{"reasons": {"Met again alone, both feel able to speak."}}).want(t,
			422, "Choose a decision")
		decision := url.Values{"decision": {"Proceed with changes"}, "reasons": {"Met again alone, both feel able to speak."}}
		dana.post(file+"/decision", decision).want(t, 422, "A new concern arrived", "Met again alone") // not shown yet
		decision["open"] = dana.openConcerns(t, file)
		dana.post(file+"/decision", decision).want(t, 422, "Complete a risk review first.", "Met again alone")
		w.fileForm(dana, things["partner"], "risk-review", "review",
			url.Values{
				"a.when": {"2031-03-12"}, "a.how": {"in-person-alone"}, "a.action": {"safety-plan"},
				"a.action_how": {"Gone through together."},
			})
		dana.get("/follow-ups").want(t, 200, waiting)
		dana.post(file+"/decision", decision).want(t, 303)
		dana.post(file+"/decision", decision).want(t, 303) // pressed twice
		decision.Set("reasons", "Met again alone, and thought otherwise.")
		dana.post(file+"/decision", decision).want(t, 422, "Another decision was saved", "and thought otherwise")
		dana.get(file+"/file").want(t, 200, "No decision is needed", "Met again alone")
		dana.get("/follow-ups").want(t, 200).never(t, waiting)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
	})
}

// openConcerns returns the ids of the concerns that the page of an individual file shows as open.
func (b *browser) openConcerns(t *testing.T, file string) (ids []string) {
	t.Helper()
	page := b.get(file+"/file").want(t, 200).body
	for _, found := range regexp.MustCompile(`name="open" value="`+id+`"`).FindAllStringSubmatch(page, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

func TestAFollowUpThatNobodyLooksAtIsTheOwnersToSeeWithoutWhatItIsAbout(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ellis, dana := w.as(w.ellis), w.as(w.dana)
		partner := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`, w.people[10].Couple) // Ellis's
		afraid := safe()
		afraid.Set("a.harm_self", "yes")
		w.record(ellis, partner, "night", afraid)
		name := w.people[10].Name
		dana.get("/follow-ups").want(t, 200).never(t, "Not reviewed by anyone", "Ellis Marrowby")
		w.now = w.now.Add(5 * time.Hour)
		dana, ellis = w.as(w.dana), w.as(w.ellis)
		dana.get("/follow-ups").want(t, 200, "Not reviewed by anyone", "Ellis Marrowby").never(t,
			strings.Fields(name)[0], "Contact them today")
		mine := ellis.get("/follow-ups").want(t, 200, "Not reviewed in time", strings.Fields(name)[0])
		seen := mine.find(t, `action="(/follow-ups/[A-Z0-9]+/seen)"`)
		dana.post(seen, url.Values{}).want(t, 303) // not her follow-up: nothing changes
		ellis.get("/follow-ups").want(t, 200, "Mark as seen")
		ellis.post(seen, url.Values{}).want(t, 303)
		ellis.get("/follow-ups").want(t, 200).never(t, "Mark as seen")
		dana.get("/follow-ups").want(t, 200).never(t, "Ellis Marrowby")
	})
}

// TestWhileASessionRunsTheScreenLeadsNowherePrivate: both partners can see the screen.
func TestWhileASessionRunsTheScreenLeadsNowherePrivate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		w.now = w.now.Add(time.Minute)
		dana.get("/library").want(t, 200, "data-jump-box")
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		open := map[string]bool{}
		for _, route := range routesOf(w.site) {
			if route.Method != "GET" || route.Who.Role != web.Counselor.Role {
				continue
			}
			path := visits["GET "+route.Path].with(things).path
			a := dana.get(path)
			if strings.Contains(a.body, "data-jump-box") {
				t.Errorf("%s has the jump box, which names other couples", path)
			}
			if a.status == 200 {
				open[route.Path] = true
			} else if a.status != 423 && a.status != visits["GET "+route.Path].want &&
				(a.status != 303 || !strings.HasPrefix(a.location(), "/reauthenticate?then=")) {
				t.Errorf("%s: %d %s", path, a.status, a.location())
			}
		}
		for path := range open {
			if !strings.HasPrefix(path, "/sessions/") && !strings.HasPrefix(path, "/library") &&
				path != "/couples/:couple/worksheets" && path != "/couples/:couple/pulse/joint" &&
				path != "/couples/:couple/side-by-side/:worksheet" && path != "/settings/me" {
				t.Errorf("%s can be opened while both look on", path)
			}
		}
		if len(open) < 6 {
			t.Errorf("only %v can be opened", open)
		}
		dana.post("/couples/"+things["couple"]+"/worksheets", // including a form shown again
			url.Values{"worksheet": {"transparency-agreement"}, "to": {"joint"}, "key": {"gate"}}).want(t, 422).
			never(t, "data-jump-box")
		run := dana.get("/sessions/" + things["planned"] + "/run")
		run.want(t, 200).never(t, "Received", "Follow-up needed")
		for _, side := range []string{"A", "B"} { // links to individual files are hidden while both are present
			run.want(t, 200, `data-alone-with="`+side+`" hidden>`)
		}
		if strings.Count(run.body, "/partners/") != 2 {
			t.Error("the page leads to an individual file")
		}
		dana.get("/couples/"+things["couple"]+"/worksheets").want(t, 200,
			"hidden while a session is in progress").never(t, "Received",
			"In progress", "Not started")
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		dana.get("/").want(t, 303) // the password was given in the minute in which the session began
		w.now = w.now.Add(time.Minute)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		dana.get("/").want(t, 200)
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200)
		w.now = w.now.Add(6 * time.Minute)
		dana.get("/").want(t, 303)
	})
}
