package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"mend/demo"
	"mend/internal/porttest"
)

// long runs the tests that take minutes completely; CI runs a part of them.
var long = flag.Bool("long", false, "lose 50 answers and kill the server 20 times, rather than a few")

// A relay is a proxy between a browser and a Mend that can be killed. It can drop the responses to
// saves, which the server has stored by then, and delay requests.
type relay struct {
	*http.Server
	saves, lost atomic.Int64
	losing      atomic.Bool
	slow        atomic.Int64 // milliseconds
}

// relayed starts a relay that listens at addr and forwards to behind.
func relayed(t *testing.T, addr, behind string) *relay {
	t.Helper()
	r := &relay{}
	target, _ := url.Parse("http://" + behind)
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(p *httputil.ProxyRequest) { p.SetURL(target); p.Out.Host = p.In.Host },
		FlushInterval: -1,
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ModifyResponse: func(answer *http.Response) error {
			if answer.Request.Method == http.MethodPut && r.losing.Load() && r.saves.Add(1)%3 != 0 {
				r.lost.Add(1)
				return fmt.Errorf("lost")
			}
			return nil
		},
	}
	r.Server = &http.Server{Addr: addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		time.Sleep(time.Duration(r.slow.Load()) * time.Millisecond)
		proxy.ServeHTTP(w, q)
	})}
	go r.ListenAndServe()
	t.Cleanup(func() { r.Close() })
	return r
}

// relayedDemo starts a demo behind a relay: the process listens at a different address than
// browsers use.
func relayedDemo(t *testing.T) (*process, *relay, []demo.Person) {
	t.Helper()
	front, behind := porttest.Free(t), porttest.Free(t)
	p, people := demoProcess(t)
	p.kill()
	p.args = append([]string{p.args[0], "demo"}, append(p.args[1:], "-addr", behind, "-url", "http://"+front)...) // no second factor
	p.url = "http://" + behind
	r := relayed(t, front, behind)
	p.again()
	p.url = "http://" + front
	return p, r, people
}

// counted returns the words w1 to wN.
func counted(n int) []string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprint("w", i+1))
	}
	return words
}

// missing returns the words that no text contains.
func missing(words []string, texts ...string) []string {
	has := map[string]bool{}
	for _, text := range texts {
		for word := range strings.FieldsSeq(text) {
			has[word] = true
		}
	}
	var gone []string
	for _, word := range words {
		if !has[word] {
			gone = append(gone, word)
		}
	}
	return gone
}

// trouble drops responses and kills the server until done is closed, and returns the number of
// kills.
func (r *relay) trouble(p *process, kills int64, done <-chan struct{}) (killed int64) {
	r.losing.Store(true)
	r.slow.Store(60)
	for {
		select {
		case <-done:
			r.losing.Store(false)
			r.slow.Store(0)
			return killed
		case <-time.After(2500 * time.Millisecond):
		}
		if killed < kills {
			p.kill()
			time.Sleep(300 * time.Millisecond)
			p.again()
			killed++
		}
	}
}

// typeSlowly types words into the focused element, 8 keys a second.
func (w *window) typeSlowly(words []string) {
	w.t.Helper()
	for _, key := range strings.Join(words, " ") + " " {
		w.do(chromedp.KeyEvent(string(key)))
		time.Sleep(110 * time.Millisecond)
	}
}

// TestNoTypedWordIsLostThroughLostAnswersAndKills types numbered words into a worksheet and a
// session's notes while responses to saves are lost and the server is killed.
func TestNoTypedWordIsLostThroughLostAnswersAndKills(t *testing.T) {
	chromium(t)
	p, r, people := relayedDemo(t)
	words, kills := counted(14), int64(1)
	if *long {
		words, kills = counted(220), 20
	}
	for _, place := range []struct {
		name   string
		person demo.Person
		field  string
	}{
		{"worksheet", people[5], `[data-question]:not([hidden]) textarea`},
		{"session", people[0], `[name="v.observation"]`},
	} {
		w := openWindow(t, browse(t), p.url, place.name, 1280, 900)
		w.signIn(place.person)
		if place.name == "session" {
			w.open(w.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
			w.press(`form[action$="/start"] button`)
		} else {
			w.press(`a[href^="/my/worksheets/"]`)
		}
		before := w.ask(`String(document.querySelectorAll("input:checked").length)`)
		w.eval(`{ const text = document.querySelector('` + place.field + `'); text.value = ""; text.focus(); }`)
		done, stopped := make(chan struct{}), make(chan int64)
		go func() { stopped <- r.trouble(p, kills, done) }()
		w.typeSlowly(words)
		close(done)
		killed := <-stopped
		w.until(`document.querySelector("[data-saving]").textContent.startsWith("Saved")`)
		if w.ask(`String(Boolean(document.querySelector(".version")))`) == "true" {
			t.Error(place.name, "own earlier saves are shown as another version")
		}
		if after := w.ask(`String(document.querySelectorAll("input:checked").length)`); after != before {
			t.Error(place.name, "letters were taken for keys:", before, "ticks, now", after)
		}
		w.open(w.ask(`location.pathname`))
		kept := w.ask(`document.querySelector('` + strings.ReplaceAll(place.field, ":not([hidden])", "") + `').value`)
		if gone := missing(words, kept); len(gone) > 0 || killed < kills || r.lost.Load() == 0 {
			t.Errorf("%s: %d lost answers, %d kills; missing %v", place.name, r.lost.Load(), killed, gone)
		}
		t.Logf("%s: %d answers lost so far, %d kills, %d words", place.name, r.lost.Load(), killed, len(words))
	}
}

// TestTwoWindowsOfOnePageLoseNoWordAndTakeNoFocus types into one field in two windows: every word
// is in one of the two versions, also after a reload, and no key chooses between them.
func TestTwoWindowsOfOnePageLoseNoWordAndTakeNoFocus(t *testing.T) {
	url, people := startDemo(t)
	one := openWindow(t, browse(t), url, "noor", 1280, 900)
	one.signIn(people[5])
	one.press(`a[href^="/my/worksheets/"]`)
	two := one.beside()
	two.open(one.ask(`location.pathname`))
	const field = `[data-question]:not([hidden]) textarea`
	for _, w := range []*window{one, two} {
		w.first()
		w.eval(`document.querySelector('` + field + `').focus()`)
	}
	mine, theirs := counted(6), []string{}
	for _, word := range mine {
		theirs = append(theirs, "v"+word)
	}
	for i := range mine {
		one.typeSlowly(mine[i : i+1])
		two.typeSlowly(theirs[i : i+1])
	}
	two.until(`document.querySelector("[data-saving]").textContent.startsWith("Two versions") || document.querySelector(".version.live")`)
	two.typeSlowly([]string{"more", "words", "here"})
	if on := two.ask(`document.activeElement.tagName`); on != "TEXTAREA" {
		t.Errorf("the focus is on %s", on)
	}
	two.shot("versions")
	two.until(`!document.querySelector("[data-saving]").textContent.startsWith("Saving")`)
	theirs = append(theirs, "more", "words", "here")
	two.open(two.ask(`location.pathname`))
	texts := two.ask(
		`[document.querySelector("[data-question] textarea").value, ...[...document.querySelectorAll("[data-question] .version pre")].map(p => p.textContent)].join("\n")`)
	if gone := missing(append(mine, theirs...), texts); len(gone) > 0 {
		t.Errorf("missing %v in %q", gone, texts)
	}
	other := two.ask(`document.querySelector(".version pre").textContent`)
	two.press(`button[name=restore]`)
	if got := two.ask(`document.querySelector("[data-question] textarea").value`); strings.TrimSpace(
		got) != strings.TrimSpace(other) {
		t.Errorf("restored %q, not %q", got, other)
	}
	two.press(`button[name=dismiss]`)
	if two.ask(`String(Boolean(document.querySelector(".version")))`) == "true" {
		t.Error("a dismissed version is still there")
	}
}

// TestWhatIsDeclinedIsClosedAndComesBack declines a question and then answers it.
func TestWhatIsDeclinedIsClosedAndComesBack(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.open(w.ask(`[...document.querySelectorAll('a[href^="/my/worksheets/"]')][0].getAttribute("href")`))
	w.until(`document.querySelector("form[data-ready]")`)
	if w.ask(`String(Boolean(document.querySelector("[data-question] .instead")))`) != "true" {
		t.Fatal("no sensitive question on this page")
	}
	w.eval(`while (!document.querySelector("[data-question]:not([hidden]) .instead")) document.querySelector("[data-forward]").click()`)
	const here = `document.querySelector("[data-question]:not([hidden])")`
	w.eval(`{ const text = ` + here + `.querySelector("textarea"); text.value = ""; text.focus(); }`)
	w.typeSlowly([]string{"hard", "to", "say"})
	w.tap(`[data-question]:not([hidden]) .instead input[value=rather-not]`)
	w.saved()
	if w.ask(`String(`+here+`.querySelector("textarea").inert && !`+here+
		`.querySelector("[data-kept]").hidden)`) != "true" {
		t.Error("the box still takes text, or nothing says that it is kept")
	}
	w.shot("declined")
	w.open(w.ask(`location.pathname`))
	w.until(`document.querySelector("form[data-ready]")`)
	w.eval(`while (!document.querySelector("[data-question]:not([hidden]) .instead")) document.querySelector("[data-forward]").click()`)
	w.tap(`[data-question]:not([hidden]) .instead [data-none] input`)
	w.saved()
	if got := strings.TrimSpace(w.ask(here + `.querySelector("textarea").value`)); got != "hard to say" {
		t.Errorf("what came back is %q", got)
	}
}

// TestAPastedTextOutlivesItsPage pastes a long text on a slow connection and closes the page
// immediately.
func TestAPastedTextOutlivesItsPage(t *testing.T) {
	chromium(t)
	p, r, people := relayedDemo(t)
	for name, text := range map[string]string{
		"Cyrillic": strings.Repeat("слово ", 1333),
		"emoji":    strings.Repeat("😀", 6000),
	} {
		w := openWindow(t, browse(t), p.url, name, 390, 844)
		w.signIn(people[5])
		w.press(`a[href^="/my/worksheets/"]`)
		path := w.ask(`location.pathname`)
		r.slow.Store(1500)
		other := w.beside()
		w.eval(`{ const text = document.querySelector("[data-question]:not([hidden]) textarea"); text.value = ` +
			quoteJS(text) + `;
			text.dispatchEvent(new Event("input", { bubbles: true })); setTimeout(() => location.replace("about:blank"), 200); }`)
		w.until(`location.href === "about:blank"`)
		time.Sleep(2 * time.Second)
		r.slow.Store(0)
		var got string
		for range 60 { // the save that the page left behind may still be on its way
			other.open(path)
			got = strings.TrimSpace(other.ask(`document.querySelector("[data-question] textarea").value`))
			if got == strings.TrimSpace(text) {
				break
			}
			time.Sleep(500 * time.Millisecond)
		}
		if got != strings.TrimSpace(text) {
			t.Errorf("%s: %d of %d characters arrived", name, len([]rune(got)), len([]rune(text)))
		}
	}
}

func quoteJS(text string) string { return "`" + text + "`" }
