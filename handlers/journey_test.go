package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestTheCircleWorksWithScriptsOff goes from a plan to a signed note with plain forms, submitting
// each of them twice.
func TestTheCircleWorksWithScriptsOff(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		twice := func(path string, form url.Values, status int) answer {
			t.Helper()
			dana.post(path, form).want(t, status)
			return dana.post(path, form).want(t, status)
		}
		made := twice("/couples/new", url.Values{
			"key": {"c"}, "a_name": {"Wren Nettlebed"}, "b_name": {"Ash Nettlebed"}, "breach.0.name": {"the bet"},
			"breach.0.broke": {"B"}, "breach.0.kinds": {"hidden-money", "lying"},
		}, 303)
		couple := strings.TrimSuffix(made.location(), "?did=saved")
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM couples WHERE form_key LIKE 'c~%'`); n != "1" {
			t.Fatalf("two presses made %s couples", n)
		}
		twice(couple+"/goals", url.Values{"goal": {"Say it first."}, "key": {"g"}}, 303)
		planned := twice(couple+"/sessions/new", url.Values{
			"key": {"s"}, "date": {"2031-03-12"}, "time": {"11:00"}, "minutes": {"50"}, "place": {"video"},
			"step": {"acknowledge"}, "plan": {"Slowly."}, "v.planned.s1-a2": {"", "yes"},
		}, 303)
		session := strings.TrimSuffix(planned.location(), "?did=planned")
		dana.get(session).want(t, 200, "Slowly.", "Plain-words statement read aloud")
		twice(session+"/start", url.Values{}, 303)
		dana.get(session+"/run").want(t, 200, "Ash</span>", "Please say what you did")
		run := url.Values{
			"key": {"r"}, "v.attendance.A": {"present"}, "v.attendance.B": {"present"}, "v.mode.A": {"video"},
			"v.mode.B": {"video"}, "v.focus": {"the bet"},
			"v.activity.s1-a2": {"", "yes"}, "v.intervention.grounding": {"", "yes"},
			"v.response.A": {"", "hurt-direct", "tearful"}, "v.response.B": {"", "owned-unprompted"},
			"v.observation": {"Typed\r\nin two lines"}, "v.turn": {"B"},
		}
		twice(session+"/run", run, 303)
		run.Set("then", "pause")
		twice(session+"/run", run, 303)
		run.Set("then", "joint")
		twice(session+"/run", run, 303)
		twice(couple+"/worksheets",
			url.Values{
				"worksheet": {"our-shared-account"}, "to": {"joint"},
				"session": {session[len("/sessions/"):]}, "key": {"h"},
			}, 303)
		run.Set("then", "end")
		dana.post(session+"/run", run).want(t, 303)
		dana.get(session).want(t, 200, "Typed\nin two lines", "Plain-words statement")
		w.writeNote(t, dana, session)
	})
}

// writeNote fills in the note's form, signs it and tries to change it afterward.
func (w *world) writeNote(t *testing.T, dana *browser, session string) {
	t.Helper()
	note := session + "/note"
	goal := dana.get(note).want(t, 200, "drafted").find(t, `name="v.progress.`+id+`"`)
	fields := url.Values{
		"key": {"n"}, "v.progress." + goal: {"progressing"}, "v.risk.routine": {"", "yes"},
		"v.risk_text": {"No risk concern was raised."},
		"v.plan_text": {"go on"}, "v.text.focus": {"The session focused on the bet, in my own words."},
	}
	dana.post(note, fields).want(t, 303)
	for _, format := range []string{"GIRP", "BIRP", "DAP"} {
		dana.post(note+"/format", url.Values{"format": {format}}).want(t, 303)
		dana.get(note).want(t, 200, "in my own words", "Wren expressed hurt directly; was tearful", "What we both recognize")
	}
	seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
	sign := url.Values{"seen": {seen}, "password": {"quiet-harbor-demo"}}
	dana.post(note+"/sign", sign).want(t, 422, "reviewed this entire note")
	sign.Set("reviewed", "yes")
	stale := url.Values{"seen": {strings.Repeat("0", 64)}, "password": {"quiet-harbor-demo"}, "reviewed": {"yes"}}
	dana.post(note+"/sign", stale).want(t, 409)
	dana.post(note+"/sign", sign).want(t, 303)
	dana.post(note+"/sign", sign).want(t, 303)
	dana.get(note).want(t, 200, "Signed and locked", "Dana Okafor-Lind, MA, LMFT", "in my own words")
	for path, form := range map[string]url.Values{
		note: fields, note + "/format": {"format": {"SOAP"}}, session + "/run": {"v.focus": {"late"}, "key": {"late"}},
		session + "/clock": {"kind": {"pause"}},
	} {
		dana.post(path, form).want(t, 423, "can’t be changed")
	}
	dana.put(session+"/fields/focus", url.Values{"v.focus": {"late"}, "base": {"1"}, "key": {"late"}}).want(t, 423)
	dana.put(note+"/fields/plan_text", url.Values{"v.plan_text": {"late"}, "base": {"1"}, "key": {"late"}}).want(t, 423)
	addendum := url.Values{
		"key": {"a"}, "reason": {"A word"}, "text": {"“Bet” reads “wager”."},
		"password": {"quiet-harbor-demo"},
	}
	dana.post(note+"/addenda", addendum).want(t, 303)
	dana.post(note+"/addenda", addendum).want(t, 303)
	if page := dana.get(note); strings.Count(page.body, "reads “wager”") != 1 {
		t.Error("two presses made two addenda, or none")
	}
	first, again := dana.get(note+".pdf"), dana.get(note+".pdf")
	if first.body != again.body || !strings.HasPrefix(first.body, "%PDF-") {
		t.Error("the same note gives other bytes")
	}
}

// TestAWorksheetIsFilledAndSentAsOneForm submits a page from two tabs without scripts.
func TestAWorksheetIsFilledAndSentAsOneForm(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		path := "/my/worksheets/" + things["open"]
		kit.get(path).want(t, 200, "Only you and your counselor read this page", "Send to my counselor",
			"You can skip any question that isn’t marked “Required,”")
		form := url.Values{"seen": {"0"}, "key": {"tab-one"}, "do": {"save"}, "a.moved": {"first tab"}}
		kit.post(path, form).want(t, 303)
		kit.post(path, form).want(t, 303) // pressed twice
		stale := url.Values{"seen": {"0"}, "key": {"tab-two"}, "do": {"save"}, "a.moved": {"second tab"}}
		again := kit.post(path, stale).want(t, 409, "changed in another window", "second tab")
		stale.Set("seen", again.find(t, `name="seen" value="([0-9]+)"`))
		stale.Set("key", "tab-two-again")
		kit.post(path, stale).want(t, 303)
		send := url.Values{"seen": {"2"}, "key": {"send"}, "do": {"send"}, "a.moved": {"second tab"}}
		kit.post(path, send).want(t, 422, "please answer every line", "second tab")
		for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
			send.Set("a.items."+row, "mostly")
		}
		kit.post(path, send).want(t, 303)
		kit.post(path, send).want(t, 303)
		kit.get(path).want(t, 200, "second tab", "Mostly").never(t, "<textarea", "Trust pulse: 75")
		kit.put(path+"/fields/moved", url.Values{"a.moved": {"too late"}, "base": {"2"}, "key": {"late"}}).want(t, 423)
		w.as(w.dana).get("/assignments/"+things["open"]).want(t, 200, "second tab", "Trust pulse: 75")
	})
}

// TestTwoTabsNeverOverwriteEachOther saves one field from two windows.
func TestTwoTabsNeverOverwriteEachOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		path := "/my/worksheets/" + things["open"] + "/fields/moved"
		save := func(text, base, key string) answer {
			return kit.put(path, url.Values{"a.moved": {text}, "base": {base}, "key": {key}})
		}
		save("one", "0", "k1").want(t, 200, `"revision":1`)
		save("one", "0", "k1").want(t, 200, `"revision":1`) // the same save repeated
		save("from the other tab", "0", "k2").want(t, 409, `"theirs":"one"`, `"revision":1`)
		save("both seen", "1", "k3").want(t, 200, `"revision":2`)
		if kept := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM field_copies`); kept != "1" {
			t.Errorf("the losing text became %q", kept)
		}
		save("x", "9", "k4").want(t, 409)
		save("x", "minus one", "k5").want(t, 400)
	})
}

// TestSigningInAgainInPlaceIsForTheSamePersonAlone: a locked page continues only for its own
// author.
func TestSigningInAgainInPlaceIsForTheSamePersonAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		me := kit.get("/my").find(t, `data-me="`+id+`"`)
		kit.post("/logout", url.Values{}).want(t, 303)
		kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {"x"}, "base": {"0"}, "key": {"k"}}).want(t, 401)
		again := func(signIn string) answer {
			return kit.send("POST", "/login", url.Values{"sign_in": {signIn}, "password": {"quiet-harbor-demo"}, "same": {me}},
				"Accept", "application/json")
		}
		again(w.partner(1, "B")).want(t, 422)
		kit.get("/my").want(t, 303)
		again(w.partner(1, "A")).want(t, 200)
		kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {"x"}, "base": {"0"}, "key": {"k"}}).want(t, 200)
	})
}

// TestAPageThatIsNotTheRightPlaceKeepsNothing: the answers of somebody who says that others may see
// their screen are not saved.
func TestAPageThatIsNotTheRightPlaceKeepsNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"individual-check-in"}, "to": {"each"}, "key": {"check"}}).want(t, 303)
		page := w.one(`SELECT id FROM assignments WHERE worksheet = 'individual-check-in' AND audience = 'A'`)
		kit := w.as(w.partner(1, "A"))
		kit.put("/my/worksheets/"+page+"/fields/private_now",
			url.Values{"a.private_now": {"no"}, "base": {"0"}, "key": {"k"}}).want(t, 422, "Nothing was saved")
		kit.post("/my/worksheets/"+page,
			url.Values{
				"a.private_now": {"no"}, "a.contact_how": {"by letter"}, "seen": {"0"}, "key": {"f"},
				"do": {"save"},
			}).want(t, 422, "Nothing was saved")
		if n := w.one(
			`SELECT CAST(COUNT(*) AS TEXT) FROM fields t JOIN answers a ON a.id = t.owner_id WHERE a.assignment_id = ?`,
			page); n != "0" {
			t.Errorf("%s answers were kept", n)
		}
	})
}

// TestSigningSaysThatTheRoutineSafetySentenceIsMissing: until it is chosen, because no note
// contains it by default.
func TestSigningSaysThatTheRoutineSafetySentenceIsMissing(t *testing.T) {
	const missing = "This note doesn’t include the routine safety sentence"
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, note := w.as(w.dana), "/sessions/"+things["held"]+"/note"
		dana.get(note).want(t, 200, missing)
		save := func(field, value, key string) {
			t.Helper()
			dana.put(note+"/fields/"+field, url.Values{"v." + field: {value}, "base": {"0"}, "key": {key}}).want(t, 200)
		}
		save("risk_text", "No risk concern was raised in the joint session.", "k.1")
		dana.get(note).want(t, 200, missing)
		save("risk.routine", "yes", "k.2")
		dana.get(note).want(t, 200).never(t, missing)
	})
}
