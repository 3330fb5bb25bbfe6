package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/porttest"
)

var long = flag.Bool("long", false, "let each trouble come many times")

// times returns how often a fault is repeated: many with -long, few otherwise.
func times(few, many int) int {
	if *long {
		return many
	}
	return few
}

var binary string // the path of the program, built once

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("quick tests take nothing away from a running Mend")
		return
	}
	os.Exit(func() int {
		folder, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "mend-faults-") // where running programs is allowed
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		binary = filepath.Join(folder, "mend")
		build := exec.Command("go", "build", "-tags", "nomsgpack", "-o", binary, "./cmd/mend")
		build.Dir = "../.." // the program is built in its own module
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Printf("%s\n", out)
			return 1
		}
		return m.Run()
	}())
}

// cannot reports that this machine lacks what a test needs: the test fails under CI=true and
// is skipped elsewhere.
func cannot(t *testing.T, why ...any) {
	t.Helper()
	said := fmt.Sprintln(append([]any{"NOT TRIED on this machine:"}, why...)...)
	if os.Getenv("CI") == "true" {
		t.Fatal(said)
	}
	t.Skip(said)
}

// A mend is the program running on data of its own.
type mend struct {
	t      testing.TB
	under  []string // the command that wraps the program
	args   []string
	url    string
	cmd    *exec.Cmd
	said   bytes.Buffer // standard error; read it only after the process has ended
	people []demo.Person
}

// newMend starts the program with demo data on the given engine.
func newMend(t *testing.T, engine database.Engine) *mend {
	t.Helper()
	folder, url := scratch(t), ""
	if engine == database.Postgres {
		url = dbtest.PostgresURL(t)
	}
	return newMendAt(t, folder, url)
}

// newMendAt starts the program with demo data in folder; database may be "" for the default.
func newMendAt(t *testing.T, folder, database string) *mend {
	t.Helper()
	addr := porttest.Free(t)
	m := &mend{
		t: t, url: "http://" + addr,
		args: []string{"demo", "-json", "-addr", addr, "-data", filepath.Join(folder, "data")},
	}
	if database != "" {
		m.args = append(m.args, "-database", database)
	}
	t.Cleanup(m.kill)
	var said struct{ People []demo.Person }
	if err := json.Unmarshal([]byte(m.start()), &said); err != nil {
		t.Fatal(err)
	}
	m.people = said.People
	return m
}

// serve restarts the program with "serve", as a practice runs it, instead of "demo".
func (m *mend) serve(flags ...string) {
	m.t.Helper()
	m.kill()
	m.args = append(append([]string{"serve"}, m.args[2:]...), flags...)
	m.start()
}

// another returns a second process on the database of m, not yet started.
func (m *mend) another(t *testing.T) *mend {
	t.Helper()
	addr := porttest.Free(t)
	second := &mend{t: t, url: "http://" + addr, args: slices.Clone(m.args), people: m.people}
	second.args[slices.Index(second.args, "-addr")+1] = addr
	t.Cleanup(second.kill)
	return second
}

// scratch returns a temporary folder for t, in memory where TMPDIR is on a RAM disk.
func scratch(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "mend-faults-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// data returns the data folder.
func (m *mend) data() string { return m.args[slices.Index(m.args, "-data")+1] }

// start starts the program, waits until it answers, and returns the first line of its output.
func (m *mend) start() string {
	m.t.Helper()
	first, err := m.begin()
	if err != nil {
		m.t.Fatal(err)
	}
	return first
}

// begin does the same as start, but returns an error if the program does not start.
func (m *mend) begin() (first string, err error) {
	command := append(append(append([]string{}, m.under...), binary), m.args...)
	m.cmd = exec.Command(command[0], command[1:]...)
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	m.said.Reset()
	m.cmd.Stderr = &m.said
	if err := m.cmd.Start(); err != nil {
		return "", err
	}
	if first, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		m.kill()
		return "", errors.New("the program does not start: " + m.said.String())
	}
	go io.Copy(io.Discard, out)
	for range 400 {
		if m.status("/healthz") == http.StatusOK {
			return first, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "", errors.New("the program does not answer")
}

// kill ends the program with SIGKILL, so it cannot clean up.
func (m *mend) kill() {
	if m.cmd != nil {
		m.cmd.Process.Kill()
		m.cmd.Wait()
		m.cmd = nil
	}
}

// status returns the status of a GET without a login, or 0 if there is no answer.
func (m *mend) status(path string) int {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(m.url + path)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// turns waits until /readyz reports ready, or not ready.
func (m *mend) turns(ready bool) {
	m.t.Helper()
	for range 200 {
		if (m.status("/readyz") == http.StatusOK) == ready {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	m.t.Errorf("/readyz does not turn; ready should be %v", ready)
}
