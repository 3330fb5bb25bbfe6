package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mend/internal/dbtest"
)

// TestBadInputIsToldByItsFieldAndKeepsWhatWasTyped submits invalid values to forms.
func TestBadInputIsToldByItsFieldAndKeepsWhatWasTyped(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		before := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM couples`)
		for _, test := range []struct {
			name   string
			who    *browser
			path   string
			form   url.Values
			status int
			says   string
		}{
			{
				"too long", dana, "/couples/{couple}/goals",
				url.Values{"goal": {strings.Repeat("ä", 281)}, "key": {"k"}},
				422, "you have 281",
			},
			{
				"typed text is kept", dana, "/couples/{couple}/goals",
				url.Values{"goal": {strings.Repeat("kept & <b>", 40)}, "key": {"k"}},
				422, "kept &amp; &lt;b&gt;",
			},
			{"nothing", dana, "/couples/{couple}/goals", url.Values{"goal": {" "}, "key": {"k"}}, 422, "Please fill this in"},
			{
				"broken UTF-8", dana, "/couples/{couple}/goals",
				url.Values{"goal": {"\xff\xfe"}, "key": {"k"}},
				422, "cannot be stored",
			},
			{"a NUL", dana, "/couples/{couple}/goals", url.Values{"goal": {"a\x00b"}, "key": {"k"}}, 422, "cannot be stored"},
			{
				"an unknown field", dana, "/couples/{couple}/goals",
				url.Values{"goal": {"x"}, "key": {"k"}, "role": {"owner"}},
				400, "couldn’t read that request",
			},
			{
				"a field twice", dana, "/couples/{couple}/goals",
				url.Values{"goal": {"x", "y"}, "key": {"k"}},
				400, "couldn’t read that request",
			},
			{
				"wrong type", dana, "/couples/{couple}/sessions/new",
				url.Values{"minutes": {"fifty<"}, "date": {"2031-03-20"}, "time": {"10:00"}},
				422, `value="fifty&lt;"`,
			},
			{
				"unknown option", dana, "/couples/{couple}/sessions/new",
				url.Values{"minutes": {"50"}, "date": {"2031-03-20"}, "time": {"10:00"}, "place": {"moon"}, "step": {"leap"}},
				422,
				"Choose a location",
			},
			{
				"no such day", dana, "/couples/{couple}/sessions/new",
				url.Values{"minutes": {"50"}, "date": {"2031-02-30"}, "time": {"10:00"}, "place": {"office"}, "step": {"intake"}},
				422, "date and time",
			},
			{
				"a state that is none", dana, "/couples/{couple}/steps/open-up",
				url.Values{"state": {"finished"}},
				400, "couldn’t read that request",
			},
			{
				"a hold without why", dana, "/couples/{couple}/steps/open-up",
				url.Values{"state": {"held"}},
				422, "reason for putting this step on hold",
			},
			{
				"settled without criteria", dana, "/couples/{couple}/steps/acknowledge",
				url.Values{"state": {"settled"}},
				422, "reason for moving on",
			},
			{
				"a criterion of nobody", dana, "/couples/{couple}/steps/acknowledge/criteria",
				url.Values{"criterion": {"s9-x1"}, "met": {"yes"}},
				404, "Page not found",
			},
			{
				"a foreign partner's id", dana, "/couples/{couple}/invitations",
				url.Values{"partner": {"AAAAAAAAAAAAAAAAAAAAAAAAAA"}},
				404, "Page not found",
			},
			{
				"a worksheet for the wrong partner", dana, "/couples/{couple}/worksheets",
				url.Values{"worksheet": {"impact-statement"}, "to": {"A"}, "key": {"k"}},
				422, "the partner who was hurt",
			},
			{
				"a joint page for one", dana, "/couples/{couple}/worksheets",
				url.Values{"worksheet": {"promise-tracker"}, "to": {"A"}, "key": {"k"}},
				422, "Both partners fill out this worksheet together",
			},
			{
				"a worksheet that is none", dana, "/couples/{couple}/worksheets",
				url.Values{"worksheet": {"quiz"}, "to": {"A"}, "key": {"k"}},
				422, "from the library",
			},
			{
				"stop before start", dana, "/sessions/{held}/times",
				url.Values{
					"date": {"2031-03-10"}, "start": {"11:00"}, "stop": {"10:00"}, "a_minutes": {"0"}, "b_minutes": {"0"},
					"paused_minutes": {"0"}, "base": {"3"},
				},
				422, "before the start time",
			},
			{
				"more apart than there was", dana, "/sessions/{held}/times",
				url.Values{
					"date": {"2031-03-10"}, "start": {"10:00"}, "stop": {"10:30"}, "a_minutes": {"20"}, "b_minutes": {"20"},
					"paused_minutes": {"0"}, "base": {"3"},
				},
				422, "more than the whole session",
			},
			{
				"a stale revision", dana, "/sessions/{held}/times",
				url.Values{
					"date": {"2031-03-10"}, "start": {"10:00"}, "stop": {"10:30"}, "a_minutes": {"0"}, "b_minutes": {"0"},
					"paused_minutes": {"0"}, "base": {"1"},
				},
				409, "another window",
			},
			{
				"four responses", dana, "/sessions/{held}/run",
				url.Values{"v.response.A": {"hopeful", "guarded", "tearful", "declined"}, "v.focus": {"kept"}, "key": {"k"}},
				422, "up to 3",
			},
			{
				"a field no session has", dana, "/sessions/{held}/run",
				url.Values{"v.mood": {"x"}, "key": {"k"}},
				400, "couldn’t read that request",
			},
			{
				"another step's prompt", dana, "/sessions/{held}/run",
				url.Values{"v.prompt.s7-p1": {"yes"}, "key": {"k"}},
				400, "couldn’t read that request",
			},
			{
				"a forged option", kit, "/my/worksheets/{open}",
				url.Values{"a.items.t1": {"splendid"}, "seen": {"0"}, "key": {"k"}, "do": {"save"}},
				422, "from the list",
			},
			{
				"an unknown row", kit, "/my/worksheets/{open}",
				url.Values{"a.items.t99": {"mostly"}, "seen": {"0"}, "key": {"k"}, "do": {"save"}},
				400, "couldn’t read that request",
			},
			{
				"sent half empty", kit, "/my/worksheets/{open}",
				url.Values{"a.moved": {"kept words"}, "seen": {"0"}, "key": {"k"}, "do": {"send"}},
				422, "kept words",
			},
			{
				"too long an answer", kit, "/my/worksheets/{open}",
				url.Values{"a.moved": {strings.Repeat("x", 281)}, "seen": {"1"}, "key": {"k"}, "do": {"send"}},
				422,
				"Use 280 characters or fewer",
			},
			{
				"no form key", kit, "/my/worksheets/{open}",
				url.Values{"seen": {"0"}, "do": {"save"}},
				400,
				"couldn’t read that request",
			},
		} {
			v := visit{test.path, test.form, test.status}.with(things)
			a := test.who.post(v.path, v.form)
			if a.status != test.status || !strings.Contains(a.body, test.says) {
				t.Errorf("%s: got %d, want %d saying %q: %.600s", test.name, a.status, test.status, test.says, stripTags(a.body))
			}
		}
		if after := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM couples`); after != before {
			t.Errorf("bad input made couples: %s, were %s", after, before)
		}
	})
}

func TestFiveMegabytesAreRefusedWithAPage(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		kit := w.as(w.partner(1, "A"))
		a := kit.post("/my/worksheets/"+w.things()["open"],
			url.Values{"a.moved": {strings.Repeat("x", 5<<20)}, "seen": {"0"}, "key": {"k"}})
		a.want(t, http.StatusRequestEntityTooLarge, "too large")
	})
}

func TestAFormInTheURLIsNoForm(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).post("/couples/"+things["couple"]+"/goals?goal=From+the+address&key=k", url.Values{}).want(t,
			422, "Please fill this in")
	})
}

func TestAnotherSiteCannotPostInSomebodysName(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		path, form := "/couples/"+things["couple"]+"/goals", url.Values{"goal": {"Forged."}, "key": {"k"}}
		dana.send("POST", path, form, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)
		dana.send("POST", path, form, "Sec-Fetch-Site", "", "Origin", "https://evil.example").want(t, http.StatusForbidden)
		dana.send("POST", path, form, "Sec-Fetch-Site", "").want(t, http.StatusForbidden) // names no origin
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM goals WHERE text = 'Forged.'`); n != "0" {
			t.Error("a forged goal was stored")
		}
	})
}

func TestJSONIsNoForm(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).send("POST", "/couples/"+things["couple"]+"/goals", url.Values{"goal": {"x"}}, "Content-Type",
			"application/json").want(t, http.StatusBadRequest)
	})
}

func TestAPanicLeavesNoWordsInTheLogAndAPageBehind(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.site.Ready = func(*http.Request) error { panic("the secret of Kit") }
		logged := captureLog(t)
		request, _ := http.NewRequest("GET", "/readyz", nil)
		a := serveOnce(New(w.site), request)
		if a.Code != http.StatusInternalServerError || !strings.Contains(a.Body.String(), "wrong on our end") {
			t.Errorf("got %d %.200s", a.Code, a.Body)
		}
		if strings.Contains(logged.String(), "secret") || !strings.Contains(logged.String(), "panic") {
			t.Errorf("the log says %s", logged)
		}
	})
}

// TestAFieldThatSaysWhatIsDoneIsGivenOnce: the fields for the action, its base and the form's key.
func TestAFieldThatSaysWhatIsDoneIsGivenOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		for _, name := range []string{"do", "seen", "key"} {
			form := url.Values{"seen": {"0"}, "key": {"twice"}, "do": {"save"}}
			form.Add(name, "0")
			kit.post("/my/worksheets/"+things["open"], form).want(t, 400)
		}
	})
}
