package handlers

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"mend/demo"
	"mend/handlers/web"
	"mend/internal/dbtest"
	"mend/internal/i18n/i18ntest"
)

var (
	inMarks = regexp.MustCompile(`⟦[^⟦⟧]*⟧`)
	// never translated: hosts, languages, usernames, keys and codes, and the neutral name of the
	// practice's pages
	sameEverywhere = regexp.MustCompile(
		`^([a-z0-9]+\.(org|com)|English|Español|[a-z]+-[a-z]+-[0-9]+|[A-Z2-7]{16,}|[a-z0-9]{4}(-[a-z0-9]{4})+|Notes|Mend)$`)
)

// A reader looks for untranslated words. known holds what people typed and their names.
type reader struct{ known map[string]bool }

// newReader returns a reader that knows the demo's people and what they typed.
func (w *world) newReader(t *testing.T) reader {
	r := reader{literals(t, anyLiteral, "../demo/*.go")}
	for _, typed := range []string{
		"Ask out loud", "Going quiet", "Recording", "Nobody records a session", "Phone in the hall",
	} { // by things and visits
		r.known[typed] = true
	}
	for text := range maps.Clone(r.known) {
		r.known[trimmed(text)] = true
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '|' || c == ';' }) {
			r.known[trimmed(word)] = true
		}
	}
	for _, p := range w.people {
		r.known[p.Name], r.known[trimmed(p.SignIn)] = true, true
		first, _, _ := strings.Cut(p.Name, " ")
		r.known[first] = true
	}
	return r
}

// knowAuthorizations adds the wording of a couple's authorizations, which is stored in both
// languages as of when it was written.
func (r reader) knowAuthorizations(t *testing.T, w *world, couple string) {
	t.Helper()
	c, me, err := w.site.Couples.FindForPartner(t.Context(), w.one(`SELECT practice_id FROM couples WHERE id = ?`, couple),
		w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`, couple))
	if err != nil {
		t.Fatal(err)
	}
	asked, err := w.site.Records.Authorizations(t.Context(), c, me)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range asked {
		for line := range strings.Lines(a.Version.Title + "\n" + a.Version.Text) {
			r.known[trimmed(line)] = true
		}
	}
}

func trimmed(text string) string {
	return strings.TrimFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })
}

// leftOver returns the parts of a text that are outside of marks and not known.
func (r reader) leftOver(text string) []string {
	var found []string
	for _, part := range regexp.MustCompile(`[\n]|\x00`).Split(inMarks.ReplaceAllString(text, "\x00"), -1) {
		if part = trimmed(part); part != "" && !r.known[part] && !r.known[strings.TrimSpace(part)] &&
			!sameEverywhere.MatchString(part) {
			found = append(found, part)
		}
	}
	return found
}

// onPage returns the untranslated words of a page that a person can see or hear.
func (r reader) onPage(page *html.Node) []string {
	var found []string
	for n := range page.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data == "template":
			table := map[string]string{}
			if err := json.Unmarshal([]byte(n.Data), &table); err == nil {
				for _, said := range table {
					found = append(found, r.leftOver(said)...)
				}
			}
		case n.Type == html.TextNode && !slices.Contains([]string{"script", "style", "textarea"}, n.Parent.Data):
			found = append(found, r.leftOver(n.Data)...)
		case n.Type == html.ElementNode:
			for _, name := range []string{"aria-label", "title", "alt", "placeholder", "data-label"} {
				text, _ := attribute(n, name)
				found = append(found, r.leftOver(text)...)
			}
		}
	}
	return found
}

// inAnswer returns the untranslated words of a response: a page, or the JSON that a script shows.
func (r reader) inAnswer(t *testing.T, a answer) []string {
	t.Helper()
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return r.onPage(a.parse(t))
	}
	var said struct {
		Problem string `json:"problem"`
		SavedAt string `json:"saved_at"`
	}
	if json.Unmarshal([]byte(a.body), &said) != nil {
		return nil
	}
	return append(r.leftOver(said.Problem), r.leftOver(said.SavedAt)...)
}

// TestNothingThatAPartnerReadsIsUntranslated has both partners of a couple read in a language that
// puts every sentence of the catalogue between marks, assigns every worksheet to them, and checks
// every page, error and response.
func TestNothingThatAPartnerReadsIsUntranslated(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.url = strings.Replace(w.url, "127.0.0.1", "localhost", 1) // a host for which passkeys are possible
		w.site.URL = w.url
		w.server.Config.Handler = New(w.site)
		dana := w.as(w.dana)
		for _, d := range w.site.Worksheets.Catalogue().All() {
			if d.Portal {
				to := map[string]string{"joint": "joint", "hurt": "A", "broke": "B"}[string(d.FilledBy)]
				for _, side := range strings.Fields(map[bool]string{true: "A B", false: to}[to == ""]) {
					dana.post("/couples/"+things["couple"]+"/worksheets",
						url.Values{
							"worksheet": {d.ID}, "to": {side},
							"breach": {w.one(`SELECT id FROM breaches WHERE couple_id = ?`, things["couple"])}, "key": {d.ID + side},
						})
				}
			}
		}
		if _, err := w.db.Exec(t.Context(), `UPDATE sign_ins SET language = ?`, i18ntest.Pseudo().Tag); err != nil {
			t.Fatal(err)
		}
		r := w.newReader(t)
		r.knowAuthorizations(t, w, things["couple"])
		pages := 0
		look := func(name string, a answer) {
			pages++
			if left := r.inAnswer(t, a); len(left) > 0 {
				t.Errorf("%s (%d): %q", name, a.status, left)
			}
		}
		for _, side := range []string{"A", "B"} {
			b := w.browser() // on an unshared device, where a second factor is offered
			b.post("/login", url.Values{"sign_in": {w.partner(1, side)}, "password": {demo.Password}, "shared": {"no"}}).want(t,
				303)
			b.get("/my/settings").want(t, 200, i18ntest.Marked("Create a passkey"),
				i18ntest.Marked("Set up an authenticator app"))
			for _, path := range b.reachable("/my") {
				look("GET "+path, b.get(path))
			}
			look("nothing", b.get("/no/such/page"))
			w.looksAtMistakes(b, things, look)
		}
		for _, path := range []string{"/login", "/join", "/login/code", "/about", "/room"} {
			look("GET "+path, w.browser().get(path+"?lang="+i18ntest.Pseudo().Tag))
		}
		look("a wrong sign-in",
			w.browser().post("/login?lang="+i18ntest.Pseudo().Tag, url.Values{"sign_in": {"nobody"}, "password": {"x"}}))
		look("a wrong code",
			w.browser().post("/join?lang="+i18ntest.Pseudo().Tag,
				url.Values{"code": {"K7QM-2XWP"}, "name": {"Kit"}, "passphrase": {"short"}}))
		handed := "/assignments/" + things["tohand"] + "/handed"
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {handed}}).want(t, 303)
		look("a page that is handed over", dana.get(handed).want(t, 200, i18ntest.Marked("A page for you")))
		if pages < 100 {
			t.Errorf("only %d pages", pages)
		}
	})
}

// reachable returns the paths reachable by following links.
func (b *browser) reachable(from string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(b.crawl(from))),
		func(path string) bool { return strings.HasPrefix(path, "/login") })
}

// looksAtMistakes sends invalid input to every route for partners.
func (w *world) looksAtMistakes(b *browser, things map[string]string, look func(string, answer)) {
	for _, route := range routesOf(w.site) {
		if route.Who.Role != web.Partner.Role {
			continue
		}
		visit := visits[route.Method+" "+route.Path].with(things)
		switch route.Method {
		case "POST":
			look("POST nothing to "+visit.path, b.post(visit.path, url.Values{}))
			look("POST something else to "+visit.path, b.post(visit.path, url.Values{"nonsense": {"x"}}))
			if !strings.Contains(visit.path, "language") {
				look("POST "+visit.path, b.post(visit.path, visit.form))
			}
		case "PUT":
			look("PUT "+visit.path, b.put(visit.path, visit.form))
			look("PUT nothing to "+visit.path, b.put(visit.path, url.Values{}))
		}
	}
	open := "/my/worksheets/" + things["open"]
	look("a page without answers", b.post(open, url.Values{"seen": {"0"}, "key": {"m1"}, "do": {"send"}}))
	look("a page changed elsewhere",
		b.post(open, url.Values{"seen": {"77"}, "key": {"m2"}, "do": {"save"}, "a.moved": {"Kit"}}))
	look("a long answer",
		b.put(open+"/fields/moved", url.Values{"a.moved": {strings.Repeat("x", 300)}, "base": {"0"}, "key": {"m3"}}))
	look("a forged answer", b.put(open+"/fields/share", url.Values{"a.share": {"maybe"}, "base": {"0"}, "key": {"m4"}}))
	look("a saved answer", b.put(open+"/fields/moved", url.Values{"a.moved": {"Kit"}, "base": {"0"}, "key": {"m5"}}))
	look("a clash", b.put(open+"/fields/moved", url.Values{"a.moved": {"Noor"}, "base": {"0"}, "key": {"m6"}}))
	look("a wrong mark",
		b.post("/my/promises/"+things["promise"]+"/marks", url.Values{"day": {"1999-01-01"}, "result": {"x"}}))
	look("a wrong promise", b.post("/my/promises", url.Values{"what": {""}, "often": {"x"}, "key": {"m7"}}))
	look("an unread policy", b.post("/my/policy", url.Values{"policy": {"x"}, "name": {""}}))
	look("an authenticator app", b.post("/my/settings/factor", url.Values{"do": {"begin"}}))
	look("a wrong code", b.post("/my/settings/factor", url.Values{"do": {"confirm"}, "code": {"000000"}}))
	look("a short password", b.post("/my/settings/password", url.Values{"old": {"wrong"}, "new": {"short"}}))
}
