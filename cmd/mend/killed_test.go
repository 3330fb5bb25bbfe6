package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/internal/dbtest"
	"mend/internal/demo"
)

// A process is a Mend of its own that can be killed.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	args []string
	url  string
}

// build compiles Mend for tests that kill it.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mend")
	if out, err := exec.Command("go", "build", "-tags", "nomsgpack", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	return path
}

func (p *process) kill() {
	if p.cmd != nil && p.cmd.Process != nil {
		p.cmd.Process.Kill() // SIGKILL: no time to tidy up
		p.cmd.Wait()
		p.cmd = nil
	}
}

// again starts the process, with the same arguments, and waits for it.
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

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "localhost:" + port
}

// demoProcess seeds a demo, kills it, and starts Mend on what it left.
func demoProcess(t *testing.T, engine string) (*process, []demo.Person) {
	t.Helper()
	t.Parallel()
	binary, addr := build(t), freePort(t)
	args := []string{"-addr", addr, "-data", t.TempDir()}
	if engine == "postgres" {
		args = append(args, "-database", dbtest.PostgresURL(t))
	}
	p := &process{t: t, url: "http://" + addr, args: append([]string{binary, "demo", "-json"}, args...)}
	t.Cleanup(p.kill)
	var d struct{ People []demo.Person }
	if err := json.Unmarshal([]byte(p.again()), &d); err != nil {
		t.Fatal(err)
	}
	p.kill()
	p.args = append([]string{binary}, args...)
	p.again()
	return p, d.People
}

// signedIn is a client with the person's login.
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

// put saves a field and returns the status, 0 when the server is not there.
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

// TestWhatWasSaidToBeSavedSurvivesAKilledServer saves while the server is
// killed again and again: no save that was acknowledged is lost, and trying one
// again that was not makes no second.
func TestWhatWasSaidToBeSavedSurvivesAKilledServer(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			p, people := demoProcess(t, engine)
			client := p.signedIn(people[5]) // Noor, who has begun a page
			path := regexp.MustCompile(`/my/worksheets/[A-Z0-9]{26}`).FindString(p.page(client, "/my"))
			revision := 0
			for round := range 6 {
				killed := time.AfterFunc(time.Duration(40+30*round)*time.Millisecond, func() { p.cmd.Process.Kill() })
				text, key := "", ""
				for n := 0; ; n++ {
					text, key = fmt.Sprintf("round %d, save %d", round, n), fmt.Sprintf("%d-%d", round, n)
					if p.put(client, path+"/fields/under", url.Values{"a.under": {text}, "base": {fmt.Sprint(revision)}, "key": {key}}) != http.StatusOK {
						break
					}
					revision++
				}
				killed.Stop()
				p.kill()
				p.again()
				last := url.Values{"a.under": {text}, "base": {fmt.Sprint(revision)}, "key": {key}}
				for range 2 { // the answer was lost: the same save is tried again, twice
					if got := p.put(client, path+"/fields/under", last); got != http.StatusOK {
						t.Fatalf("round %d: the save that was cut off answers %d at revision %d", round, got, revision)
					}
				}
				revision++
				if page := p.page(client, path); !strings.Contains(page, text) || !strings.Contains(page, fmt.Sprintf(`data-field="under" data-revision="%d"`, revision)) {
					t.Fatalf("round %d: %q at revision %d is not on the page", round, text, revision)
				}
			}
			t.Logf("%d saves over 6 kills", revision)
		})
	}
}

// TestTypingGoesOnThroughAKilledServer types in a real browser while the server
// is away, and comes back to it.
func TestTypingGoesOnThroughAKilledServer(t *testing.T) {
	p, people := demoProcess(t, "sqlite")
	w := openWindow(t, browse(t), p.url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.typeIn("[data-question]:not([hidden]) textarea", "Before the line broke. ")
	w.saved()
	p.kill()
	w.typeIn("[data-question]:not([hidden]) textarea", "While it was away. ")
	w.until(`document.querySelector("[data-saving]").textContent.includes("Not saved yet, trying again")`)
	w.shot("not-saved")
	p.again()
	w.until(`document.querySelector("[data-saving]").textContent.startsWith("Saved")`)
	w.open(w.ask(`location.pathname`))
	if got := w.ask(`document.querySelector("[data-question] textarea").value`); got != "Before the line broke. While it was away." {
		t.Errorf("the page says %q", got)
	}
}

// TestTypingGoesOnThroughALostLogin: the page locks, the same person signs in
// again in place, and what was typed is saved.
func TestTypingGoesOnThroughALostLogin(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
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
	w.typeIn("#again-name", people[4].SignIn) // the partner
	w.typeIn("#again-pass", people[4].Password)
	w.tap("main.locked button.go")
	w.until(`document.querySelector("main.locked .problem").textContent.includes("do not match")`)
	w.set("#again-name", people[5].SignIn)
	w.typeIn("#again-pass", people[5].Password)
	w.tap("main.locked button.go")
	w.saved()
	w.open(w.ask(`location.pathname`))
	if got := w.ask(`document.querySelector("[data-question] textarea").value`); got != "Typed while signed out." {
		t.Errorf("the page says %q", got)
	}
}
