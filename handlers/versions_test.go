package handlers

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"mend/handlers/staff"
)

// typing returns the PUT of an answer's text by a page that has seen revision base.
func typing(text, base, key string) url.Values {
	return url.Values{"a.moved": {text}, "base": {base}, "key": {key}}
}

func TestAPageIsNeverInTheWayOfItsOwnSaves(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		path := "/my/worksheets/" + w.things()["open"]
		kit := w.as(w.partner(1, "A"))
		kit.put(path+"/fields/moved", typing("one", "0", "tab.1")).want(t, 200)
		kit.put(path+"/fields/moved", typing("one two", "0", "tab.2")).want(t, 200, `"revision":2`)
		kit.put(path+"/fields/moved", typing("one", "0", "tab.1")).want(t, 200, `"revision":2`)
		kit.get(path).want(t, 200, "one two").never(t, "Another version")
	})
}

// TestTheLosingTextStandsBesideTheFieldForItsAuthorAlone plays two windows without scripts.
func TestTheLosingTextStandsBesideTheFieldForItsAuthorAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		path := "/my/worksheets/" + w.things()["open"]
		kit := w.as(w.partner(1, "A"))
		kit.put(path+"/fields/moved", typing("From the phone.", "0", "phone.1")).want(t, 200)
		kit.put(path+"/fields/moved", typing("From the laptop.", "0", "laptop.1")).want(t, 409,
			"From the phone.", "their_time")
		page := kit.get(path).want(t, 200, "From the phone.", "Another version", "From the laptop.",
			"Restore this version", "Dismiss this version")
		form := leaveForm(t, page)
		form.Del("page")
		form.Set("a.items.t1", "mostly")
		form.Set("a.moved", "From the phone.")
		form.Set("restore", page.find(t, `name="restore" value="([^"]+)"`))
		kit.post(path, form).want(t, 303)
		page = kit.get(path).want(t, 200, "From the laptop.", "Another version", "From the phone.",
			`name="a.items.t1" value="mostly" checked`)
		form = leaveForm(t, page)
		form.Del("page")
		form.Set("a.items.t1", "mostly")
		form.Set("a.moved", "From the laptop.")
		form.Set("dismiss", page.find(t, `name="dismiss" value="([^"]+)"`))
		kit.post(path, form).want(t, 303)
		kit.get(path).want(t, 200, "From the laptop.").never(t, "From the phone.", "Another version")
		for _, forged := range []url.Values{
			{"restore": {"moved"}},
			{"restore": {"moved x"}, "dismiss": {"moved y"}},
			{"restore": {""}},
		} {
			forged["key"], forged["seen"], forged["do"] = []string{"k"}, []string{"0"}, []string{"save"}
			kit.post(path, forged).want(t, 400)
		}
	})
}

func TestACopyOfRunNotesAndOfANoteIsShownAndRestored(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		for _, page := range []struct{ path, fields, field string }{
			{"/sessions/" + things["held"] + "/run", "/sessions/" + things["held"] + "/fields/", "observation"},
			{"/sessions/" + things["held"] + "/note", "/sessions/" + things["held"] + "/note/fields/", "impression"},
			{"/notes/" + things["note"], "/notes/" + things["note"] + "/fields/", "what"},
		} {
			base := dana.get(page.path).find(t, `data-field="`+page.field+`" data-revision="([0-9]+)"`)
			value := func(text, key string) url.Values {
				return url.Values{"v." + page.field: {text}, "base": {base}, "key": {key}}
			}
			dana.put(page.fields+page.field, value("First window.", "one.1")).want(t, 200)
			dana.put(page.fields+page.field, value("Second window.", "two.1")).want(t, 409)
			dana.get(page.path).want(t, 200, "Another version", "Second window.")
			dana.put(page.fields+page.field, url.Values{"restore": {"two"}, "base": {"0"}, "key": {"r"}}).want(t, 200)
			dana.get(page.path).want(t, 200, ">\nSecond window.</textarea>", "First window.")
			id := dana.get(page.path).find(t, `name="dismiss" value="`+page.field+` ([^"]+)"`)
			dana.put(page.fields+page.field, url.Values{"dismiss": {id}, "base": {"0"}, "key": {"d"}}).want(t, 200)
			dana.get(page.path).want(t, 200).never(t, "First window.", "Another version")
		}
	})
}

func TestAPartOfATextThatOutlivedItsPageIsPutInPlaceAndWhatIsMissingIsSaid(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		path := "/my/worksheets/" + w.things()["open"]
		kit := w.as(w.partner(1, "A"))
		kit.put(path+"/fields/moved", typing("Начало конец", "0", "tab.1")).want(t, 200)
		part := typing("середина ", "1", "tab.2")
		part["head"], part["tail"], part["missing"] = []string{"7"}, []string{"5"}, []string{"12"}
		kit.put(path+"/fields/moved", part).want(t, 200)
		kit.get(path).want(t, 200, "Начало середина конец", "The last 12 characters you typed here weren’t saved")
		part["head"], part["base"], part["key"] = []string{"700"}, []string{"2"}, []string{"tab.3"}
		kit.put(path+"/fields/moved", part).want(t, 400)
		kit.put(path+"/fields/moved", typing("Ganz", "2", "tab.4")).want(t, 200)
		kit.get(path).want(t, 200, "Ganz").never(t, "did not arrive")
	})
}

func TestTheWayOutBringsTheLastSavesAlong(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		open := w.things()["open"]
		kit := w.as(w.partner(1, "A"))
		kit.put("/my/worksheets/"+open+"/fields/moved", typing("one", "0", "tab.1")).want(t, 200)
		saves := []string{
			"field=moved&" + typing("one & two = 3", "0", "tab.2").Encode(),
			"field=items&" + url.Values{"a.items.t1": {"mostly"}, "base": {"0"}, "key": {"tab.3"}}.Encode(),
			"field=nothing&" + typing("x", "0", "tab.4").Encode(), "%zz", "field=moved",
		}
		kit.post("/exit", url.Values{"page": {open}, "save": saves}).want(t, 200)
		w.as(w.partner(1, "A")).get("/my/worksheets/"+open).want(t, 200, "one &amp; two = 3",
			`name="a.items.t1" value="mostly" checked`)
		noor := w.as(w.partner(1, "B"))
		noor.post("/exit",
			url.Values{"page": {open}, "save": {"field=moved&" + typing("not hers", "0", "b.1").Encode()}}).want(t, 200)
		w.as(w.partner(1, "A")).get("/my/worksheets/"+open).want(t, 200).never(t, "not hers")
	})
}

func TestALineBreakAtTheBeginningOfATextStays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, path := w.as(w.dana), "/sessions/"+things["held"]
		text := "\n\n  After two empty lines."
		dana.put(path+"/fields/observation", url.Values{"v.observation": {text}, "base": {"0"}, "key": {"k"}}).want(t, 200)
		page := dana.get(path+"/run").want(t, 200, ">\n"+text+"</textarea>")
		if strings.Count(page.body, "<textarea") != strings.Count(page.body, ">\n") &&
			!strings.Contains(page.body, ">\n"+text) {
			t.Error("a text area without a line break of its own swallows the first one of its text")
		}
	})
}

// TestAFormThatIsChangedAfterGoingBackIsSomethingNew: the browser shows the form with its earlier
// key.
func TestAFormThatIsChangedAfterGoingBackIsSomethingNew(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		couple := "/couples/" + things["couple"]
		commented := dana.get("/assignments/"+things["sent"]).find(t, `<option value="([a-z_]+)"`)
		session := url.Values{
			"date": {"2031-06-02"}, "time": {"10:00"}, "minutes": {"50"}, "place": {"office"},
			"step": {"acknowledge"}, "key": {"same"},
		}
		for name, test := range map[string]struct {
			path, field string
			form        url.Values
			count       string
		}{
			"a goal": {couple + "/goals", "goal", url.Values{"key": {"same"}}, `SELECT CAST(COUNT(*) AS TEXT) FROM goals`},
			"a promise": {
				couple + "/promises", "what",
				url.Values{"maker": {"A"}, "often": {"daily"}, "key": {"same"}},
				`SELECT CAST(COUNT(*) AS TEXT) FROM promises`,
			},
			"a comment": {
				"/assignments/" + things["sent"] + "/comments", "words",
				url.Values{"field": {commented}, "key": {"same"}},
				`SELECT CAST(COUNT(*) AS TEXT) FROM comments`,
			},
			"a plan": {couple + "/sessions/new", "time", session, `SELECT CAST(COUNT(*) AS TEXT) FROM sessions`},
		} {
			before := w.one(test.count)
			for _, value := range []string{"10:00", "10:00", "11:00"} { // pressed twice, and changed after going back
				test.form.Set(test.field, value)
				if a := dana.post(test.path, test.form); a.status != 303 {
					t.Logf("%s: %d %.300s", name, a.status, stripTags(a.body))
				}
			}
			if n, m := w.one(test.count), before; n != next(next(m)) {
				t.Errorf("%s: there were %s, and now are %s", name, m, n)
			}
		}
	})
}

// next returns n plus 1.
func next(n string) string {
	number, _ := strconv.Atoi(n)
	return strconv.Itoa(number + 1)
}

// TestAPlanWhoseStepIsChangedSaysWhatIsNoLongerPlanned: checked activities of the other step are
// not dropped silently.
func TestAPlanWhoseStepIsChangedSaysWhatIsNoLongerPlanned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		plan := url.Values{
			"date": {"2031-06-02"}, "time": {"10:00"}, "minutes": {"50"}, "place": {"office"}, "step": {"own-and-apologize"},
			"v.planned.s1-a1": {"yes"}, "key": {"step"},
		}
		title := staff.TitleOf("s1-a1", w.site.Sessions.Method())
		a := dana.post("/couples/"+things["couple"]+"/sessions/new", plan)
		if a.want(t, 422, "You changed the step"); !strings.Contains(unescaped(a.body), title) {
			t.Errorf("the page does not name %q", title)
		}
		plan.Del("v.planned.s1-a1")
		plan.Set("v.planned.s2-a1", "yes")
		dana.post("/couples/"+things["couple"]+"/sessions/new", plan).want(t, 303)
	})
}

func unescaped(page string) string { return html.UnescapeString(page) }
