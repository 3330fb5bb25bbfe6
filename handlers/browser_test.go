package handlers

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mend/demo"
)

// A browser keeps cookies and sends the headers by which browsers name a request's origin.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{
		w,
		&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// as returns a browser in which somebody is signed in.
func (w *world) as(signIn string) *browser {
	w.t.Helper()
	b := w.browser()
	password := demo.Password
	if signIn == w.stranger {
		password = strangersPassword
	}
	if a := b.post("/login", url.Values{"sign_in": {signIn}, "password": {password}}); a.status != http.StatusSeeOther {
		w.t.Fatalf("sign in as %s: %d %s", signIn, a.status, a.body)
	}
	return b
}

// An answer is a response of the site.
type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) location() string { return a.header.Get("Location") }

func (b *browser) send(method, path string, form url.Values, headers ...string) answer {
	b.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequest(method, b.w.url+path, body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return b.raw(request)
}

func (b *browser) raw(request *http.Request) answer {
	b.w.t.Helper()
	response, err := b.client.Do(request)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer{response.StatusCode, string(text), response.Header}
}

func (b *browser) get(path string) answer { b.w.t.Helper(); return b.send("GET", path, nil) }

func (b *browser) post(path string, form url.Values) answer {
	b.w.t.Helper()
	return b.send("POST", path, form)
}

func (b *browser) put(path string, form url.Values) answer {
	b.w.t.Helper()
	return b.send("PUT", path, form, "Accept", "application/json")
}

// want fails the test unless the response has the status and contains every text.
func (a answer) want(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("got %d %s, want %d: %.300s", a.status, a.location(), status, stripTags(a.body))
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) && !strings.Contains(squeezed(a.body), squeezed(text)) {
			t.Errorf("the page does not say %q: %.1500s", text, stripTags(a.body))
		}
	}
	return a
}

// never fails the test if the response contains any of the texts.
func (a answer) never(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) || strings.Contains(squeezed(a.body), squeezed(text)) {
			t.Errorf("the page says %q", text)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<(style|script|head).*?</(style|script|head)>|<[^>]*>|\s+`)

func stripTags(html string) string { return tags.ReplaceAllString(html, " ") }

// squeezed returns HTML without insignificant whitespace: line breaks, and spaces next to tags.
func squeezed(html string) string {
	return strings.NewReplacer("> ", ">", " <", "<").Replace(strings.Join(strings.Fields(html), " "))
}

// find returns the first group of a pattern in the squeezed response.
func (a answer) find(t testing.TB, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(squeezed(a.body))
	if found == nil {
		t.Fatalf("no %s in %.1500s", pattern, stripTags(a.body))
	}
	return found[1]
}

func mustParse(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}
