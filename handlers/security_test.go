package handlers

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mend/demo"
	"mend/handlers/web"
	"mend/internal/audit"
)

func (w *world) code(secret string) string {
	w.t.Helper()
	c, err := totp.GenerateCode(secret, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestWhereASecondFactorIsDemandedNothingElseOpensBefore(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.demanding()
		dana := w.as(w.dana)
		for _, path := range []string{"/", "/couples", "/audit"} {
			if a := dana.get(path); a.status != 303 || a.location() != "/settings/security" {
				t.Errorf("%s: %d %s", path, a.status, a.location())
			}
		}
		dana.get("/settings/security").want(t, 200, "First, set up two-step verification", "Set up an authenticator app")
		secret := dana.post("/settings/factor", url.Values{"do": {"begin"}}).want(t, 200, "Scan this").find(t,
			`<code>([A-Z2-7]{26,})</code>`)
		dana.post("/settings/factor", url.Values{"do": {"confirm"}, "code": {"000000"}}).want(t, 422,
			"That code didn’t work")
		done := dana.post("/settings/factor", url.Values{"do": {"confirm"}, "code": {w.code(secret)}}).want(t, 200,
			"Your recovery codes", "Your authenticator app is set up.")
		done.never(t, "Set up an authenticator app")
		recovery := done.find(t, `<li><code>([a-z0-9-]{19})</code>`)
		if a := dana.get("/"); a.location() != "/settings/key" { // owners also have to make a copy of the key
			t.Errorf("%d %s", a.status, a.location())
		}
		w.keepKey(dana)
		dana.get("/").want(t, 200)
		dana.get("/settings/security").want(t, 200, "is set up").never(t, recovery, secret)

		w.now = w.now.Add(time.Minute)
		again := w.browser()
		a := again.post("/login", url.Values{"sign_in": {w.dana}, "password": {demo.Password}})
		if a.status != 303 || a.location() != "/login/code" {
			t.Fatalf("after the password: %d %s", a.status, a.location())
		}
		if a := again.get("/couples"); a.status != 303 || a.location() != "/login/code" {
			t.Errorf("before the code: %d %s", a.status, a.location())
		}
		again.post("/login/code", url.Values{"code": {"123456"}}).want(t, 422, "can be used only once")
		again.post("/login/code", url.Values{"code": {w.code(secret)}}).want(t, 303)
		again.get("/couples").want(t, 200)

		lost := w.browser()
		lost.post("/login", url.Values{"sign_in": {w.dana}, "password": {demo.Password}}).want(t, 303)
		lost.post("/login/code", url.Values{"code": {recovery}}).want(t, 303)
		lost.get("/couples").want(t, 200)
		w.as(w.partner(0, "A")).get("/my").want(t, 200) // partners may set one up, but need not
	})
}

// keepKey makes and confirms a copy of the master key.
func (w *world) keepKey(b *browser) {
	w.t.Helper()
	b.get("/settings/key").want(w.t, 200, "Recovery key")
	b.post("/settings/key", url.Values{"do": {"make"}, "passphrase": {"short"}}).want(w.t, 422, "at least 12")
	made := b.post("/settings/key",
		url.Values{
			"do": {"make"}, "passphrase": {"seven quiet herons by the pier"},
			"repeated": {"seven quiet herons by the pier"},
		}).want(w.t, 200, "BEGIN AGE ENCRYPTED FILE", "<svg")
	text := strings.Join(strings.Fields(made.find(w.t, `(?s)-----BEGIN AGE ENCRYPTED FILE-----(.*)-----END`)), "")
	b.post("/settings/key",
		url.Values{
			"do": {"make"}, "passphrase": {"seven quiet herons by the pier"},
			"repeated": {"seven quiet herons by the peer"},
		}).want(w.t, 422, "don’t match")
	shown := html.UnescapeString(made.find(w.t, `name="text" value="([^"]*)"`))
	b.post("/settings/key", url.Values{"do": {"confirm"}, "text": {shown}, "tail": {"not the end"}}).want(w.t, 422,
		"not its last twelve characters", "BEGIN AGE ENCRYPTED FILE", "Or create another copy")
	b.post("/settings/key", url.Values{"do": {"confirm"}, "text": {"anything else"}, "tail": {"not the end"}}).want(w.t,
		422, "Or create another copy").never(w.t, "anything else")
	b.post("/settings/key",
		url.Values{"do": {"confirm"}, "tail": {html.UnescapeString(text)[len(html.UnescapeString(text))-12:]}}).want(w.t, 303)
	b.get("/settings/key").want(w.t, 200, "You have a recovery copy")
}

func TestTheKeyIsTheOwnersToKeep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ellis := w.as(w.ellis)
		ellis.get("/settings/key").want(t, 404)
		ellis.post("/settings/key", url.Values{"do": {"make"}, "passphrase": {"seven quiet herons by the pier"}}).want(t, 404)
		w.keepKey(w.as(w.dana))
	})
}

func TestWhatIsDelicateAsksForThePasswordAgainAfterFiveMinutes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		file := "/partners/" + things["partner"] + "/file"
		dana.get(file).want(t, 200)
		w.now = w.now.Add(6 * time.Minute)
		for _, path := range []string{
			file, "/assignments/" + things["form"] + "/form",
			"/sessions/" + things["signed"] + "/note.pdf",
		} {
			a := dana.get(path)
			if then, _, _ := strings.Cut(a.location(), "&"); a.status != 303 || then != "/reauthenticate?then="+path {
				t.Errorf("%s: %d %s", path, a.status, a.location())
			}
		}
		dana.post("/assignments/"+things["sent"]+"/sharing", url.Values{"do": {"release"}}).want(t, 422,
			"Confirm your password",
			`name="do" value="release"`)
		dana.get("/couples/"+things["couple"]).want(t, 200) // other pages stay open
		dana.post("/reauthenticate", url.Values{"password": {"not hers at all"}, "then": {file}}).want(t, 422,
			"That is not your password")
		dana.get(file).want(t, 303)
		if a := dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {file}}); a.status != 303 ||
			a.location() != file {
			t.Errorf("%d %s", a.status, a.location())
		}
		dana.get(file).want(t, 200)
		for _, elsewhere := range []string{
			"https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", "/\t/elsewhere.example",
			"/%09/elsewhere.example",
			"/%2Felsewhere.example", "/.//elsewhere.example", "/ /elsewhere.example", "/\n/elsewhere.example",
			"/@elsewhere.example", "elsewhere.example", "/my", "/no/such/page",
			"/couples/%2e%2e%2fx", "/couples/..%2f", "javascript:alert(1)", "/couples/x\x00", "/\u2028/elsewhere.example",
		} {
			if a := dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {elsewhere}}); a.location() != "/" {
				t.Errorf("%q leads to %s", elsewhere, a.location())
			}
		}
	})
}

// TestWhatTakesPrivateWordsOutAsksForThePasswordAgain finds, among all routes, the files with
// private text. Exactly these require the password if it was given more than five minutes ago.
func TestWhatTakesPrivateWordsOutAsksForThePasswordAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).post("/partners/"+things["partner"]+"/statement",
			url.Values{"diagnosis": {"Z63.0"}, "base": {"0"}}).want(t, 303)
		var files []string
		for _, route := range routesOf(w.site) {
			if route.Method == "GET" && route.Who.Role == web.Counselor.Role {
				files = append(files, visits["GET "+route.Path].with(things).path)
			}
		}
		for _, p := range w.sentPages() {
			files = append(files, "/assignments/"+p.Assignment+".pdf", "/assignments/"+p.Assignment+"/answers")
		}
		dana, taken := w.as(w.dana), map[string]bool{}
		for _, path := range files {
			seq := w.last(1)[0].Seq
			if a := dana.get(path); a.header.Get("Content-Disposition") != "" {
				taken[path] = slices.ContainsFunc(w.last(20), func(e audit.Entry) bool {
					return e.Seq > seq && e.Action == audit.Opened && slices.Contains(web.PrivateWords, e.Object)
				})
			}
		}
		w.now = w.now.Add(6 * time.Minute)
		private := 0
		for path, holds := range taken {
			asked := strings.HasPrefix(dana.get(path).location(), "/reauthenticate?then=")
			if asked != holds {
				t.Errorf("%s holds private words: %v; asks for the password: %v", path, holds, asked)
			}
			if holds {
				private++
			}
		}
		if private < 8 || len(taken) == private {
			t.Errorf("%d files, %d of them private", len(taken), private)
		}
	})
}

// TestReauthenticationChangesTheToken: a copied earlier token is useless.
func TestReauthenticationChangesTheToken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		here := mustParse(w.url)
		before := dana.client.Jar.Cookies(here)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		dana.get("/").want(t, 200)
		thief := w.browser()
		thief.client.Jar.SetCookies(here, before)
		if a := thief.get("/"); a.status != 303 || a.location() != "/login" {
			t.Errorf("the token before opens: %d %s", a.status, a.location())
		}
	})
}

// TestWrongPasswordsUnderANoteAreCounted: of sixty, at most ten are checked.
func TestWrongPasswordsUnderANoteAreCounted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		sign := "/sessions/" + things["signed"] + "/note/addenda"
		form := func(password string) url.Values {
			return url.Values{"reason": {"A slip."}, "text": {"It was Tuesday."}, "key": {"late"}, "password": {password}}
		}
		for range 60 {
			dana.post(sign, form("not hers at all")).want(t, 422)
		}
		dana.post(sign, form(demo.Password)).want(t, 422, "Nothing has been signed")
		if n := w.one(
			`SELECT CAST(COUNT(*) AS TEXT) FROM audit_log WHERE action = 'sign-in failed' AND object = 'addendum'`); n != "1" {
			t.Errorf("they left %s entries", n)
		}
		w.now = w.now.Add(16 * time.Minute)
		dana.post(sign, form(demo.Password)).want(t, 303)
	})
}

func TestOnesOwnLoginsAreListedAndEnded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit, phone, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		page := kit.get("/my/settings").want(t, 200, "Sign out everywhere else", "here")
		other := page.find(t, `name="id" value="([A-Z0-9]+)"`)
		noor.post("/my/settings/logins", url.Values{"id": {other}}).want(t, 303)
		phone.get("/my").want(t, 200) // another person cannot end it
		kit.post("/my/settings/logins", url.Values{"id": {other}}).want(t, 303)
		phone.get("/my").want(t, 303)
		kit.get("/my/settings").want(t, 200).never(t, "Sign out everywhere else")
		kit.post("/my/settings/password", url.Values{"old": {"wrong"}, "new": {"a longer walk by the sea"}}).want(t, 422,
			"That is not your password")
		kit.post("/my/settings/password", url.Values{"old": {demo.Password}, "new": {"a longer walk by the sea"}}).want(t,
			303)
		kit.get("/my").want(t, 200)
	})
}

// TestMonitorsMayAskWithHEAD whether the server is well; elsewhere HEAD is no address.
func TestMonitorsMayAskWithHEAD(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/login": 404, "/couples": 404} {
			if a := w.browser().send("HEAD", path, nil); a.status != want || a.body != "" {
				t.Errorf("%s: %d %q", path, a.status, a.body)
			}
		}
	})
}

// TestNoRouteAnswersTRACE: TRACE would echo the request's cookies.
func TestNoRouteAnswersTRACE(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, path := range []string{"/login", "/healthz", "/couples", "/my"} {
			a := w.browser().send("TRACE", path, nil, "Mend-Probe", "what-a-request-holds")
			if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed ||
				strings.Contains(a.body, "what-a-request-holds") {
				t.Errorf("%s: %d", path, a.status)
			}
		}
	})
}
