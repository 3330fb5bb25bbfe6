package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/porttest"
)

// A process is a separate Mend process that a test can kill.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	args []string
	url  string
}

// binary returns the path of Mend, built once for all tests that kill it.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "mend-binary-") // where running programs is allowed
	if err != nil {
		return "", err
	}
	built = folder
	return build(folder)
})

// built is the folder of binary, or "".
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

// build compiles Mend into folder and returns its path.
func build(folder string, flags ...string) (string, error) {
	path := filepath.Join(folder, "mend")
	args := append([]string{"build", "-tags", "nomsgpack", "-o", path}, flags...)
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
}

func (p *process) kill() {
	if p.cmd != nil && p.cmd.Process != nil {
		p.cmd.Process.Kill() // SIGKILL: no cleanup
		p.cmd.Wait()
		p.cmd = nil
	}
}

// again restarts the process with the same arguments and waits until it is up.
func (p *process) again() string {
	p.t.Helper()
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil && err != io.EOF {
		p.t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	for range 200 {
		if response, err := http.Get(p.url + "/healthz"); p.url == "" || err == nil {
			if err == nil {
				response.Body.Close()
			}
			return first
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.t.Fatal("the process does not answer")
	return ""
}

// demoProcess starts Mend for a browser, on a copy of the seeded demo.
func demoProcess(t *testing.T) (*process, []demo.Person) {
	t.Helper()
	chromium(t)
	t.Parallel()
	path, err := binary()
	must(t, err)
	addr, cfg := porttest.Free(t), config{}
	cfg.inFolder(filepath.Join(t.TempDir(), "data"))
	people := copyDemo(t, cfg)
	p := &process{t: t, url: "http://" + addr, args: []string{path, "-addr", addr, "-data", cfg.data}}
	t.Cleanup(p.kill)
	p.again()
	return p, people
}

// signedIn returns a client with the person's login.
func (p *process) signedIn(person demo.Person) *http.Client {
	p.t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: 5 * time.Second}
	response, err := client.PostForm(p.url+"/login", url.Values{"sign_in": {person.SignIn}, "password": {person.Password}})
	if err != nil || response.StatusCode != http.StatusOK {
		p.t.Fatal(response, err)
	}
	response.Body.Close()
	return client
}

// put saves a field and returns the status, or 0 if the server does not respond.
func (p *process) put(client *http.Client, path string, form url.Values) int {
	request, _ := http.NewRequest("PUT", p.url+path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

func (p *process) page(client *http.Client, path string) string {
	p.t.Helper()
	response, err := client.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// TestTypingGoesOnThroughAKilledServer types in a real browser while the server is down and comes
// back.
func TestTypingGoesOnThroughAKilledServer(t *testing.T) {
	p, people := demoProcess(t)
	w := openWindow(t, browse(t), p.url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	w.typeIn("[data-question]:not([hidden]) textarea", "Before the line broke. ")
	w.saved()
	p.kill()
	w.typeIn("[data-question]:not([hidden]) textarea", "While it was away. ")
	w.until(`document.querySelector("[data-saving]").textContent.includes("Not saved yet, trying again")`)
	w.shot("not-saved")
	p.again()
	w.until(`document.querySelector("[data-saving]").textContent.startsWith("Saved")`)
	w.open(w.ask(`location.pathname`))
	if got := w.ask(
		`document.querySelector("[data-question] textarea").value.trim()`); got != "Before the line broke. While it was away." {
		t.Errorf("the page says %q", got)
	}
}

// TestTypingGoesOnThroughANewVersion replaces the server with a newer build while a page of the
// older one is open, and expires the login as well. The page's assets are still served.
func TestTypingGoesOnThroughANewVersion(t *testing.T) {
	p, people := demoProcess(t)
	w := openWindow(t, browse(t), p.url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	w.typeIn("[data-question]:not([hidden]) textarea", "In the old version. ")
	w.saved()
	old := w.ask(`document.querySelector("link[rel=stylesheet]").getAttribute("href")`)
	p.kill()
	w.typeIn("[data-question]:not([hidden]) textarea", "In between. ")
	p.args[0] = newerBuild(t)
	p.again()
	if strings.Contains(p.page(http.DefaultClient, "/login"), old) {
		t.Fatal("the newer build is the same: nothing is tried")
	}
	w.until(`document.querySelector("[data-saving]").textContent.startsWith("Saved")`)
	w.eval(`{ const kept = document.querySelector("textarea"); import("` + path.Dir(old) +
		`/passkey.js").then(m => kept.title = typeof m.sign) }`)
	w.until(`document.querySelector("textarea").title === "function"`)
	w.eval(`fetch("/logout", { method: "POST", redirect: "manual" })`)
	w.eval(`{ const text = document.querySelector("[data-question]:not([hidden]) textarea"); text.value += "In the new one."; text.dispatchEvent(new Event("input", { bubbles: true })); }`)
	w.until(`document.querySelector("main.locked")`)
	w.typeIn("#again-name", people[5].SignIn)
	w.typeIn("#again-pass", people[5].Password)
	w.tap("main.locked button.go")
	w.saved()
	w.open(w.ask(`location.pathname`))
	if got := w.ask(
		`document.querySelector("[data-question] textarea").value`); got != "In the old version. In between. In the new one." {
		t.Errorf("the page says %q", got)
	}
}

// newerBuild builds Mend with a different style sheet and therefore a different asset version.
func newerBuild(t *testing.T) string {
	t.Helper()
	sheet, err := filepath.Abs("../../templates/styles/base.css")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	newer, overlay := filepath.Join(folder, "base.css"), filepath.Join(folder, "overlay.json")
	with, _ := json.Marshal(map[string]any{"Replace": map[string]string{sheet: newer}})
	if err := errors.Join(os.WriteFile(newer, append(text, "\nhr { color: inherit }\n"...), 0o600),
		os.WriteFile(overlay, with, 0o600)); err != nil {
		t.Fatal(err)
	}
	path, err := build(folder, "-overlay", overlay)
	must(t, err)
	return path
}

// TestTypingGoesOnThroughALostLogin: the page locks, the same person signs in again in place, and
// the text is saved.
func TestTypingGoesOnThroughALostLogin(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	w.eval(`fetch("/logout", { method: "POST", redirect: "manual" })`)
	w.until(`document.querySelector("textarea")`)
	w.eval(`{ // at once: on a busy machine the page locks between two letters
		const field = document.querySelector("[data-question]:not([hidden]) textarea");
		field.value = "Typed while signed out.";
		field.dispatchEvent(new Event("input", { bubbles: true }));
	}`)
	w.until(`document.querySelector("main.locked")`)
	w.shot("locked")
	w.never("Typed while signed out")
	w.never("textarea")
	w.typeIn("#again-name", people[4].SignIn) // the partner's username
	w.typeIn("#again-pass", people[4].Password)
	w.tap("main.locked button.go")
	w.until(`document.querySelector("main.locked .problem").textContent.includes("don’t match")`)
	w.set("#again-name", people[5].SignIn)
	w.typeIn("#again-pass", people[5].Password)
	w.tap("main.locked button.go")
	w.saved()
	w.open(w.ask(`location.pathname`))
	if got := w.ask(`document.querySelector("[data-question] textarea").value`); got != "Typed while signed out." {
		t.Errorf("the page says %q", got)
	}
}
