package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mend/handlers/web"
)

// parse parses a page as HTML.
func (a answer) parse(t *testing.T) *html.Node {
	t.Helper()
	page, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// attribute returns an attribute of an element and whether it exists.
func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// spoken returns the text in a node.
func spoken(n *html.Node) string {
	text := ""
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text += d.Data + " "
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// elements returns the nodes that satisfy are, in document order.
func elements(page *html.Node, are func(*html.Node) bool) (found []*html.Node) {
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && are(n) {
			found = append(found, n)
		}
	}
	return found
}

// focusable reports whether the Tab key stops at an element.
func focusable(n *html.Node) bool {
	_, linked := attribute(n, "href")
	kind, _ := attribute(n, "type")
	index, indexed := attribute(n, "tabindex")
	switch {
	case indexed && strings.HasPrefix(index, "-"):
		return false
	case n.Data == "a":
		return linked
	case n.Data == "input":
		return kind != "hidden"
	}
	return indexed || slices.Contains([]string{"button", "select", "textarea", "summary"}, n.Data)
}

// outerPages returns every page that a partner may see: all routes for partners, all that need no
// login, and the responses for unknown addresses.
func (w *world) outerPages(t *testing.T) map[string]answer {
	t.Helper()
	things := w.things()
	kit, nobody := w.as(w.partner(1, "A")), w.browser()
	found := map[string]answer{
		"nothing": kit.get("/no/such/page"), "a counselor's": kit.get("/couples"),
		"a mistake": kit.send("POST", "/my/policy", nil, "Content-Type", "application/json"),
	}
	for _, route := range routesOf(w.site) {
		name := route.Method + " " + route.Path
		if route.Method != "GET" || strings.HasPrefix(route.Path, "/assets") {
			continue
		}
		switch route.Who.Role {
		case web.Partner.Role, web.Somebody.Role:
			found[name] = kit.get(visits[name].with(things).path)
		case web.Anyone.Role:
			found[name] = nobody.get(visits[name].with(things).path)
		}
	}
	for name, a := range found {
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || name == "GET /setup" ||
			name == "GET /colleague" || // counselors join here
			name == "GET /sessions/:session/room" { // the couple's screen, which has no frame
			delete(found, name)
		}
	}
	if len(found) < 14 {
		t.Fatalf("only %d pages", len(found))
	}
	return found
}

func TestEveryPageThatAPartnerMaySeeHasThePublicFrameAroundIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		box := ""
		for name, a := range w.outerPages(t) {
			page := a.parse(t)
			first := elements(page, focusable)[0]
			if action, _ := attribute(first.Parent, "action"); first.Data != "button" || action != "/exit" ||
				spoken(first) != "Leave this page" {
				t.Errorf("%s: the first stop is a %s saying %q", name, first.Data, spoken(first))
			}
			if to, _ := attribute(first.Parent, "data-exit"); to != "https://www.weather.gov/" {
				t.Errorf("%s: the way out leads to %q", name, to)
			}
			help := elements(page, func(n *html.Node) bool { return n.Data == "aside" })
			if len(help) != 1 {
				t.Errorf("%s has %d boxes", name, len(help))
				continue
			}
			if box == "" {
				box = spoken(help[0])
			}
			if spoken(help[0]) != box {
				t.Errorf("%s has a box of its own: %s", name, spoken(help[0]))
			}
			for _, link := range []string{
				`href="tel:911"`, `href="tel:988"`, `href="sms:741741"`, `href="tel:18007997233"`,
				`href="sms:88788"`, `href="https://thehotline.org"`,
			} {
				if !strings.Contains(a.body, link) {
					t.Errorf("%s has no %s", name, link)
				}
			}
			w.neutral(t, name, a, page)
		}
		for _, says := range []string{
			"24/7 Call 911", "Suicide and crisis Call 988 Text 988 988lifeline.org",
			"Text HOME to 741741", "Call 1-800-799-7233 Text START to 88788", "does not clear",
		} {
			if !strings.Contains(box, says) {
				t.Errorf("the box does not say %q: %s", says, box)
			}
		}
	})
}

// neutral checks what the browser shows and stores of a page.
func (w *world) neutral(t *testing.T, name string, a answer, page *html.Node) {
	t.Helper()
	for _, title := range elements(page, func(n *html.Node) bool { return n.Data == "title" }) {
		if spoken(title) != "Notes" {
			t.Errorf("%s: the tab says %q", name, spoken(title))
		}
	}
	links := elements(page, func(n *html.Node) bool { return n.Data == "link" })
	for _, link := range links {
		rel, _ := attribute(link, "rel")
		if href, _ := attribute(link, "href"); rel == "manifest" && !strings.HasSuffix(href, "/page.en.webmanifest") ||
			rel == "apple-touch-icon" && !strings.HasSuffix(href, "/page.png") || rel == "icon" &&
			!strings.HasSuffix(href, "/page.svg") {
			t.Errorf("%s: %s is %s", name, rel, href)
		}
	}
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "same-origin",
		"Content-Security-Policy": web.ContentSecurity,
	} {
		if got := a.header.Get(header); got != want {
			t.Errorf("%s: %s is %q", name, header, got)
		}
	}
	for _, n := range elements(page, func(n *html.Node) bool { return n.Data == "input" || n.Data == "textarea" }) {
		kind, _ := attribute(n, "type")
		field, _ := attribute(n, "name")
		auto, _ := attribute(n, "autocomplete")
		secret := slices.Contains([]string{"username", "current-password", "new-password", "one-time-code"}, auto) // for password managers
		if auto != "off" && !secret && !slices.Contains([]string{"hidden", "radio", "checkbox"}, kind) {
			t.Errorf("%s: the browser may fill %s by itself", name, field)
		}
	}
}

// TestTheShellIsThePracticesOwn changes the settings and checks a partner's page, and the sign-in
// page with one practice and with two.
func TestTheShellIsThePracticesOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		l, err := w.site.Accounts.FindSafety(t.Context(), w.one(`SELECT id FROM practices WHERE name LIKE 'Riverbend%'`))
		if err != nil {
			t.Fatal(err)
		}
		l.AppName, l.ExitURL = "Lists & more", "https://www.metoffice.gov.uk/weather?a=1&b=2"
		l.Lines = append(l.Lines[:1:1], l.Lines[0])
		l.Lines[1].For, l.Lines[1].Call = `A <line> of "ours"`, "0800 000 000"
		owner := w.one(
			`SELECT id FROM counselors
				WHERE role = 'owner' AND practice_id = (SELECT id FROM practices WHERE name LIKE 'Riverbend%')`)
		if err := w.site.Accounts.ReviewSafety(t.Context(), w.one(`SELECT id FROM practices WHERE name LIKE 'Riverbend%'`),
			owner, l, w.now); err != nil {
			t.Fatal(err)
		}
		kit := w.as(w.partner(1, "A"))
		kit.get("/my").want(t, 200, "<title>Lists &amp; more</title>",
			`data-exit="https://www.metoffice.gov.uk/weather?a=1&amp;b=2"`,
			`A &lt;line&gt; of &#34;ours&#34;`, `href="tel:0800000000"`).never(t, "thehotline")
		w.browser().get("/login").want(t, 200, "<title>Notes</title>", "thehotline.org") // with a second practice
		kit.post("/exit", nil).want(t, 200, `content="0; url=https://www.metoffice.gov.uk/weather?a=1&amp;b=2"`)
		if _, err := w.db.Exec(t.Context(),
			`DELETE FROM counselors WHERE practice_id = (SELECT id FROM practices WHERE name = 'Elsewhere Practice')`); err != nil {
			t.Fatal(err)
		}
		if _, err := w.db.Exec(t.Context(), `DELETE FROM practices WHERE name = 'Elsewhere Practice'`); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/login", "/join", "/about", "/no/such/page"} {
			if a := w.browser().get(path); !strings.Contains(a.body, "<title>Lists &amp; more</title>") ||
				!strings.Contains(a.body, "tel:0800000000") {
				t.Errorf("%s does not show the only practice's box: %s", path, stripTags(a.body))
			}
		}
	})
}

func TestACounselorsPagesSayWhatTheyAre(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.as(w.dana).get("/couples").want(t, 200, "<title>Couples · Mend</title>", "icon.svg").never(t,
			`action="/exit"`, "If you need help now")
		if icon := w.browser().get("/favicon.ico").want(t, 200); strings.Contains(icon.body, "#265443") {
			t.Error("the icon without a page is the counselor's")
		}
	})
}

func TestSomebodySignedInIsLedFromTheDoorToTheFirstPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for signIn, first := range map[string]string{w.dana: "/", w.partner(1, "A"): "/my"} {
			if a := w.as(signIn).get("/login"); a.status != http.StatusSeeOther || a.location() != first {
				t.Errorf("got %d %s, want %s", a.status, a.location(), first)
			}
		}
		w.browser().get("/login").want(t, 200, "Does anyone else use this device?")
	})
}
