package main

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"mend/demo"
)

var pictures = flag.String("pictures", "", "folder for the pictures that browser tests take")

// browserPath returns the path of the browser, or "". The headless shell is the same engine
// without desktop windows, and takes half the time.
func browserPath() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// chromium skips a test if there is no browser; under CI that is a failure.
func chromium(t *testing.T) {
	t.Helper()
	switch {
	case testing.Short():
		t.Skip("quick tests do without a browser")
	case browserPath() != "":
	case os.Getenv("CI") == "true":
		t.Fatal("no Chromium: under CI the browser journeys run")
	default:
		t.Skip("no Chromium on this machine")
	}
}

// A window is a browser window, or a further one that shares its cookies.
type window struct {
	t    *testing.T
	ctx  context.Context
	url  string
	name string
}

// shared is the browser of all tests that need no options of their own, because starting one
// takes longer than many of the tests. It ends with the process.
var shared = sync.OnceValues(func() (context.Context, error) { return launch(context.Background()) })

// launch starts a browser, which ends with ctx.
func launch(ctx context.Context, more ...chromedp.ExecAllocatorOption) (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browserPath()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true))
	ctx, _ = chromedp.NewExecAllocator(ctx, append(options, more...)...)
	ctx, _ = chromedp.NewContext(ctx)
	return ctx, chromedp.Do(ctx)
}

// browse returns a browser, a new one if there are options; windows opened in it do not share
// cookies.
func browse(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	chromium(t)
	start := shared
	if len(more) > 0 {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		start = func() (context.Context, error) { return launch(ctx, more...) }
	}
	browser, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return browser
}

// openWindow opens a window of the given size, with cookies of its own, for the site at url.
// Below 500 pixels it emulates a phone.
func openWindow(t *testing.T, browser context.Context, url, name string, width, height int64) *window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	w := &window{t, ctx, url, name}
	w.watch()
	size := chromedp.EmulateViewport(width, height)
	if width < 500 {
		size = chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	w.do(size)
	return w
}

// beside opens another window that shares the cookies of w.
func (w *window) beside() *window {
	w.t.Helper()
	ctx, cancel := chromedp.NewContext(w.ctx)
	w.t.Cleanup(cancel)
	other := &window{w.t, ctx, w.url, w.name + "-beside"}
	other.watch()
	return other
}

// watch fails the test when a page logs an error or violates the content security policy.
func (w *window) watch() {
	messages := chromedp.Console(w.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			expected := m.Source == "network" // tests provoke statuses such as 409
			if (m.Type == "error" || m.IsException()) && !expected {
				w.t.Errorf("%s: the page says: %s", w.name, m)
			}
		}
	}()
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		where, _ := chromedp.Run(w.ctx, chromedp.Location())
		text, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 600)`))
		w.shot("failed")
		w.t.Fatalf("%s at %s: %v\n%s", w.name, where, err, text)
	}
}

// open goes to a path of the site.
func (w *window) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.url + path))
}

// press clicks and waits until the next page has loaded.
func (w *window) press(selector string) {
	w.t.Helper()
	w.eval(`document.documentElement.dataset.old = "yes"`)
	w.do(chromedp.Click(chromedp.CSS(selector)))
	w.until(`!document.documentElement.dataset.old && document.readyState === "complete"`)
}

// tap clicks on something that does not leave the page.
func (w *window) tap(selector string) {
	w.t.Helper()
	w.do(chromedp.Click(chromedp.CSS(selector)))
}

func (w *window) typeIn(selector, text string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

func (w *window) set(selector, text string) {
	w.t.Helper()
	w.do(chromedp.SetValue(chromedp.CSS(selector), text))
}

func (w *window) eval(js string) {
	w.t.Helper()
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[chromedp.Void](js)); err != nil {
		w.t.Fatalf("%s: %s: %v", w.name, js, err)
	}
}

func (w *window) ask(js string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](js))
	if err != nil {
		w.t.Fatalf("%s: %s: %v", w.name, js, err)
	}
	return text
}

// until waits until a JavaScript condition is true on the page.
func (w *window) until(js string) {
	w.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		ok, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`!!(`+js+`)`))
		if err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.shot("failed")
	w.t.Fatalf("%s at %s waited in vain for %s\n%s", w.name, w.ask(`location.href`), js,
		w.ask(`document.body.innerText.slice(0, 800)`))
}

// says fails the test unless the page shows text.
func (w *window) says(text string) {
	w.t.Helper()
	if shown := w.ask(`document.body.innerText`); !strings.Contains(strings.ToLower(shown), strings.ToLower(text)) {
		w.shot("failed")
		w.t.Errorf("%s at %s does not say %q:\n%.900s", w.name, w.ask(`location.href`), text, shown)
	}
}

// never fails the test if the HTML of the page contains text, visible or not.
func (w *window) never(text string) {
	w.t.Helper()
	if strings.Contains(w.ask(`document.documentElement.outerHTML`), text) {
		w.t.Errorf("%s at %s holds %q", w.name, w.ask(`location.href`), text)
	}
}

// saved waits until the page reports that the input is saved.
func (w *window) saved() {
	w.t.Helper()
	w.until(`document.querySelector("[data-saving]").textContent.startsWith("Saved")`)
}

// dark switches the window to dark or light colors, with reduced motion.
func (w *window) dark(on bool) {
	w.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: value},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// shot takes a screenshot of the whole page if -pictures is set.
func (w *window) shot(name string) {
	w.t.Helper()
	if *pictures == "" {
		return
	}
	png, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		w.t.Errorf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, w.name+"-"+name+".png"), png, 0o644); err != nil {
		w.t.Error(err)
	}
}

// view takes a screenshot of the visible part of the page, for the README, if -pictures is
// set.
func (w *window) view(name string) {
	w.t.Helper()
	if *pictures == "" {
		return
	}
	w.eval(`document.activeElement.blur(); scrollTo(0, 0)`)
	png, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o644)
	}
	if err != nil {
		w.t.Error(err)
	}
}

// signIn signs a person in, which leads to their first page.
func (w *window) signIn(p demo.Person) {
	w.t.Helper()
	w.open("/login")
	w.typeIn("#sign_in", p.SignIn)
	w.typeIn("#password", p.Password)
	w.press("button.go")
}
