package faults

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mend/demo"
)

// A writer is a partner who writes into one field of an open page, and remembers what was
// reported as saved.
type writer struct {
	t        testing.TB
	client   *http.Client
	door     string // the address that saves are sent to
	page     string
	field    string
	prefix   string // of the field's name in a form
	revision int    // the last one reported as saved
	text     string // the text of that revision
	tried    string // the text last sent and not reported as saved, or ""
	saves    atomic.Int64
}

// A browser marks each request as coming from the same origin.
type browser struct{ *http.Transport }

func (b browser) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Transport.RoundTrip(r)
}

// post sends a form and returns the status and the path after redirects.
func post(t testing.TB, client *http.Client, url string, form url.Values) (status int, path string) {
	t.Helper()
	response, err := client.PostForm(url, form)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode, response.Request.URL.Path
}

// signIn returns a client in which p is signed in at an address.
func signIn(t testing.TB, door string, p demo.Person) *http.Client {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: 8 * time.Second, Transport: browser{&http.Transport{}}}
	t.Cleanup(client.CloseIdleConnections)
	if status, path := post(t, client, door+"/login",
		url.Values{"sign_in": {p.SignIn}, "password": {p.Password}}); status != http.StatusOK || path == "/login" {
		t.Fatal("sign in leads to ", status, path)
	}
	return client
}

// read returns the text of a page, and whether its status was 200.
func read(client *http.Client, url string) (string, bool) {
	response, err := client.Get(url)
	if err != nil {
		return "", false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err == nil && response.StatusCode == http.StatusOK
}

var (
	pageLink = regexp.MustCompile(`/my/worksheets/[A-Z0-9]{26}`)
	textarea = regexp.MustCompile(`<textarea[^>]*name="a\.([a-z_]+)"`)
)

// writers returns one writer for each partner in the demo who has a field to write into.
func (m *mend) writers() (list []*writer) {
	m.t.Helper()
	for _, p := range m.people {
		if p.Role != "partner" {
			continue
		}
		client := signIn(m.t, m.url, p)
		home, _ := read(client, m.url+"/my")
		for _, page := range pageLink.FindAllString(home, -1) {
			text, _ := read(client, m.url+page)
			if field := textarea.FindStringSubmatch(text); field != nil {
				w := &writer{t: m.t, client: client, door: m.url, page: page, field: field[1], prefix: "a."}
				w.revision, _ = w.revisionOn(text)
				list = append(list, w)
				break
			}
		}
	}
	if len(list) < 4 {
		m.t.Fatal("only ", len(list), " people can write")
	}
	return list
}

// revisionOn returns the revision of the writer's field on its page.
func (w *writer) revisionOn(page string) (revision int, found bool) {
	_, rest, found := strings.Cut(page, fmt.Sprintf(`data-field="%s" data-revision="`, w.field))
	fmt.Sscanf(rest, "%d", &revision)
	return revision, found
}

// send saves text and returns the status, 0 if there is no answer.
func (w *writer) send(text string) int {
	form := url.Values{
		w.prefix + w.field: {text}, "base": {fmt.Sprint(w.revision)},
		"key": {strings.ReplaceAll(text, " ", "-")},
	}
	request, err := http.NewRequest("PUT", w.door+w.page+"/fields/"+w.field, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response, err := w.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// save saves a new text and reports whether that succeeded.
func (w *writer) save() bool {
	w.tried = fmt.Sprintf("%s word %d %x", w.field, w.revision+1, rand.Uint64())
	if w.send(w.tried) != http.StatusOK {
		return false
	}
	w.revision, w.text, w.tried = w.revision+1, w.tried, ""
	w.saves.Add(1)
	return true
}

// lost compares the page with what was reported as saved and describes what is missing.
func (w *writer) lost(at string) []string {
	page, came := read(w.client, at+w.page)
	if !came {
		return []string{w.field + ": the page does not come"}
	}
	now, _ := w.revisionOn(page)
	switch {
	case now == w.revision && (w.text == "" || strings.Contains(page, w.text)):
		return nil
	case now == w.revision+1 && w.tried != "" && strings.Contains(page, w.tried):
		return nil // it was saved, but the answer was lost
	}
	return []string{fmt.Sprintf("%s: revision %d was said to be saved, %d is there", w.field, w.revision, now)}
}

// again sends the last unconfirmed text twice more: however far the first attempt got, it must
// be stored once.
func (w *writer) again(at string) []string {
	if w.tried == "" {
		return nil
	}
	for range 2 {
		if got := w.send(w.tried); got != http.StatusOK {
			return []string{fmt.Sprintf("%s: what was cut off answers %d when sent again", w.field, got)}
		}
	}
	w.revision, w.text, w.tried = w.revision+1, w.tried, ""
	return w.lost(at)
}

// trouble lets everybody write, calls broken and then mended, and returns what was reported as
// saved and is lost.
func trouble(m *mend, writers []*writer, broken, mended func()) (lost []string) {
	m.t.Helper()
	stop := make(chan struct{})
	var all sync.WaitGroup
	for _, w := range writers {
		all.Go(func() {
			for w.save() {
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for _, w := range writers { // until each has saved something
		for before, n := w.saves.Load(), 0; w.saves.Load() == before; n++ {
			if n == 1000 {
				m.t.Fatal("nobody can write")
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
	broken()
	time.AfterFunc(300*time.Millisecond, func() { close(stop) })
	all.Wait()
	mended()
	for _, w := range writers {
		lost = append(lost, w.lost(m.url)...)
	}
	return lost
}

// troubles repeats trouble n times and resends what was cut off after each. Nothing may be
// lost.
func troubles(m *mend, n int, broken, mended func()) {
	m.t.Helper()
	writers, saves := m.writers(), int64(0)
	for round := range n {
		for _, what := range trouble(m, writers, broken, mended) {
			m.t.Errorf("round %d: %s", round+1, what)
		}
		for _, w := range writers {
			for _, what := range w.again(m.url) {
				m.t.Errorf("round %d: %s", round+1, what)
			}
		}
	}
	for _, w := range writers {
		saves += w.saves.Load()
	}
	m.t.Logf("%d saves by %d people, %d times", saves, len(writers), n)
}

// mustLose is the control: in a setup that is known to lose data, the same trouble must lose
// some, and the same check must find it.
func mustLose(m *mend, writers []*writer, n int, broken, mended func()) {
	m.t.Helper()
	for range n {
		if lost := trouble(m, writers, broken, mended); len(lost) > 0 {
			m.t.Logf("as it must: %d of %d people lost words (%s)", len(lost), len(writers), lost[0])
			return
		}
	}
	m.t.Error("nothing was lost: this test would not find out")
}
