package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"mend/accounts"
	"mend/internal/dbtest"
)

// gone fails the test unless the browser's login has ended on the server, and the browser has no
// cookie left.
func (b *browser) gone(t *testing.T, token string) {
	t.Helper()
	if _, err := b.w.site.Accounts.Peek(t.Context(), token, b.w.now); err == nil {
		t.Error("the login is still open on the server")
	}
	if left := b.token(); left != "" {
		t.Error("the browser still has its token")
	}
	if a := b.get("/my"); a.status != http.StatusSeeOther || a.location() != "/login" {
		t.Errorf("after leaving, /my answers %d", a.status)
	}
}

func (b *browser) token() string {
	for _, cookie := range b.client.Jar.Cookies(mustParse(b.w.url)) {
		return cookie.Value
	}
	return ""
}

// wiped fails the test unless the response clears the browser's data.
func (a answer) wiped(t *testing.T) answer {
	t.Helper()
	if got := a.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data is %q", got)
	}
	return a
}

// leaveForm returns what a page's quick exit sends without scripts.
func leaveForm(t *testing.T, a answer) url.Values {
	t.Helper()
	form := url.Values{}
	buttons := elements(a.parse(t), func(n *html.Node) bool {
		owner, _ := attribute(n, "form")
		to, _ := attribute(n, "formaction")
		return n.Data == "button" && owner == "draft" && to == "/exit"
	})
	if len(buttons) != 1 {
		t.Fatalf("the page has %d ways out that keep it", len(buttons))
	}
	name, _ := attribute(buttons[0], "name")
	value, _ := attribute(buttons[0], "value")
	form.Set(name, value)
	for _, hidden := range []string{"key", "seen"} {
		form.Set(hidden, a.find(t, `name="`+hidden+`" value="([^"]*)"`))
	}
	return form
}

func TestTheWayOutKeepsThePageAndEndsTheLogin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		path := "/my/worksheets/" + things["open"]
		kit := w.as(w.partner(1, "A"))
		form := leaveForm(t, kit.get(path))
		form.Set("a.moved", "Typed and not yet saved.")
		token := kit.token()
		a := kit.post("/exit", form).want(t, 200,
			`<meta http-equiv="refresh" content="0; url=https://www.weather.gov/">`).wiped(t)
		a.never(t, "Mend", "worksheet", "couple", "counsel", "Sign", "crisis", "script")
		kit.gone(t, token)
		w.as(w.partner(1, "A")).get(path).want(t, 200, "Typed and not yet saved.")
	})
}

// TestTheWayOutIsOpenWhateverComesWithIt sends invalid data with a quick exit.
func TestTheWayOutIsOpenWhateverComesWithIt(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		for what, test := range map[string]struct {
			signIn string
			form   url.Values
		}{
			"nothing":     {w.partner(1, "A"), nil},
			"nobody":      {"", url.Values{"page": {things["open"]}, "key": {"k"}, "a.moved": {"x"}}},
			"a counselor": {w.dana, url.Values{"page": {things["open"]}, "key": {"k"}, "a.moved": {"x"}}},
			"another's page": {
				w.partner(1, "B"),
				url.Values{"page": {things["open"]}, "key": {"k"}, "seen": {"0"}, "a.moved": {"x"}},
			},
			"a page that was sent": {
				w.partner(1, "A"),
				url.Values{"page": {things["sent"]}, "key": {"k"}, "seen": {"0"}, "a.moved": {"x"}},
			},
			"no such page": {w.partner(1, "A"), url.Values{"page": {"none\x00"}, "key": {"k"}, "seen": {"0"}}},
			"no key": {
				w.partner(1, "A"),
				url.Values{"page": {things["open"]}, "a.moved": {"Kept without one."}},
			},
			"more than is ever accepted": {
				w.partner(1, "A"),
				url.Values{"page": {things["open"]}, "a.moved": {strings.Repeat("x", 2<<20)}},
			},
		} {
			b := w.browser()
			if test.signIn != "" {
				b = w.as(test.signIn)
			}
			token := b.token()
			if a := b.post("/exit", test.form); a.status != 200 || !strings.Contains(a.body, "https://www.weather.gov/") {
				t.Errorf("%s: got %d %.200s", what, a.status, stripTags(a.body))
			}
			b.gone(t, token)
		}
		w.as(w.partner(1, "A")).get("/my/worksheets/"+things["open"]).want(t, 200).never(t, ">x</textarea>", `value="x"`)
	})
}

// TestNoAnswerIsLostAtTheWayOut exits from a page that another window has changed, and from one
// with an answer that is too long.
func TestNoAnswerIsLostAtTheWayOut(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		path := "/my/worksheets/" + things["open"]
		kit := w.as(w.partner(1, "A"))
		form := leaveForm(t, kit.get(path))
		kit.put(path+"/fields/moved",
			url.Values{"a.moved": {"From the other window."}, "base": {"0"}, "key": {"other"}}).want(t, 200)
		form.Set("a.moved", "From this window.")
		form.Set("a.items.t1", "mostly")
		kit.post("/exit", form).want(t, 200)
		kit = w.as(w.partner(1, "A"))
		page := kit.get(path).want(t, 200, "From the other window.").find(t, `name="a.items.t1" value="([a-z-]+)" checked`)
		if page != "mostly" {
			t.Errorf("what did not clash is %q", page)
		}
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM field_copies`); n != "1" {
			t.Errorf("%s copies of what lost, want 1", n)
		}
		form = leaveForm(t, kit.get(path))
		form.Set("a.moved", strings.Repeat("x", 281))
		form.Set("a.items.t2", "mostly")
		kit.post("/exit", form).want(t, 200)
		w.as(w.partner(1, "A")).get(path).want(t, 200, strings.Repeat("x", 281), "Another version", "From this window.",
			`name="a.items.t2" value="mostly" checked`)
	})
}

func TestANewPersonFindsNothingOfTheLastOne(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		b := w.as(w.partner(1, "A"))
		token := b.token()
		form := url.Values{"sign_in": {w.partner(1, "B")}, "password": {"quiet-harbor-demo"}}
		b.post("/login", form).want(t, 303).wiped(t)
		if _, err := w.site.Accounts.Peek(t.Context(), token, w.now); err == nil {
			t.Error("the first one's login is still open")
		}
		b.get("/my").want(t, 200, "Noor").never(t, "Kit")
		token = b.token()
		b.post("/logout", url.Values{}).want(t, 303).wiped(t)
		b.gone(t, token)
		b.get("/login").want(t, 200).never(t, "checked", w.partner(1, "A"), w.partner(1, "B"), "Kit", "Noor")
	})
}

// TestAPageOfOnePersonSavesNothingInAnothersName: two tabs of one browser share a cookie, and the
// first person's page is still open.
func TestAPageOfOnePersonSavesNothingInAnothersName(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		me := kit.get("/my").find(t, `data-me="`+id+`"`)
		path, form := "/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {"Kit's."}, "base": {"0"}, "key": {"k"}}
		noor := w.as(w.partner(1, "B"))
		noor.send("PUT", path, form, "Accept", "application/json", "Mend-Person", me).want(t, http.StatusUnauthorized)
		noor.send("GET", "/my", nil, "Accept", "application/json", "Mend-Person", me).want(t, http.StatusUnauthorized)
		kit.send("PUT", path, form, "Accept", "application/json", "Mend-Person", me).want(t, http.StatusOK)
	})
}

func TestEverybodyIsAskedWhetherTheDeviceIsShared(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, path := range []string{"/login", "/join"} {
			page := w.browser().get(path).want(t, 200, "Does anyone else use this device?").parse(t)
			radios := elements(page, func(n *html.Node) bool { name, _ := attribute(n, "name"); return name == "shared" })
			for _, radio := range radios {
				if _, chosen := attribute(radio, "checked"); chosen {
					t.Errorf("%s has a default", path)
				}
			}
			if len(radios) != 2 {
				t.Errorf("%s offers %d answers", path, len(radios))
			}
		}
		code, err := w.site.Accounts.Invite(t.Context(),
			w.one(`SELECT practice_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur")),
			w.partnerID("Kit Larkspur"), w.now)
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(25 * time.Hour) // the sign-in is in use, so the new code has to wait
		joined := w.browser()
		joined.post("/join",
			url.Values{"code": {code}, "name": {"calm-otter-11"}, "passphrase": {"seven lanterns over water"}}).want(t, 303)
		for what, test := range map[string]struct {
			b      *browser
			shared bool
		}{
			"joined without an answer": {joined, true},
			"no answer":                {w.signedInSaying("calm-otter-11", ""), true},
			"yes":                      {w.signedInSaying("calm-otter-11", "yes"), true},
			"no":                       {w.signedInSaying("calm-otter-11", "no"), false},
		} {
			idle := accounts.PartnerIdle
			if test.shared {
				idle = accounts.SharedIdle
			}
			if got := test.b.here(t, "GET"); got.Left != int(idle.Seconds()) {
				t.Errorf("%s: %d seconds, want %v", what, got.Left, idle)
			}
		}
	})
}

func (w *world) signedInSaying(signIn, shared string) *browser {
	w.t.Helper()
	b := w.browser()
	b.post("/login",
		url.Values{"sign_in": {signIn}, "password": {"seven lanterns over water"}, "shared": {shared}}).want(w.t, 303)
	return b
}

// A presence is the response of /here.
type presence struct {
	Me   string
	Left int
}

func (b *browser) here(t *testing.T, method string) (p presence) {
	t.Helper()
	a := b.send(method, "/here", nil, "Accept", "application/json").want(t, 200)
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPageAsksHowLongItIsAndOnlyAPersonMakesItLonger(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit := w.as(w.partner(1, "A"))
		me := kit.here(t, "GET").Me
		if me != w.partnerID("Kit Larkspur") {
			t.Errorf("here is %q", me)
		}
		start := w.now
		for _, step := range []struct {
			at     time.Duration
			method string
			left   int
		}{
			{2 * time.Minute, "GET", 60},
			{170 * time.Second, "GET", 10},
			{175 * time.Second, "POST", 180},
			{5 * time.Minute, "GET", 55},
			{7 * time.Minute, "GET", 0},
			{7 * time.Minute, "POST", 0},
		} {
			w.now = start.Add(step.at)
			if got := kit.here(t, step.method); got.Left != step.left || (got.Me == me) != (step.left > 0) {
				t.Errorf("%s at %v: %+v, want %d left", step.method, step.at, got, step.left)
			}
		}
		if got := w.browser().here(t, "GET"); got != (presence{}) {
			t.Errorf("nobody is %+v", got)
		}
	})
}
