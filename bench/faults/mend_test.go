package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
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
)

var long = flag.Bool("long", false, "let each trouble come many times")

// times is how often a trouble comes.
func times(few, many int) int {
	if *long {
		return many
	}
	return few
}

var binary string // the program, built once

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("quick tests take nothing away from a running Mend")
		return
	}
	os.Exit(func() int {
		folder, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "mend-faults-") // where programs may run
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

// cannot says that this machine cannot do what a test needs: under CI=true that
// is a failure, elsewhere it is told and passed over.
func cannot(t *testing.T, why ...any) {
	t.Helper()
	said := fmt.Sprintln(append([]any{"NOT TRIED on this machine:"}, why...)...)
	if os.Getenv("CI") == "true" {
		t.Fatal(said)
	}
	t.Skip(said)
}

// A mend is the program on data of its own.
type mend struct {
	t      testing.TB
	under  []string // what it runs under, in front of it
	args   []string
	url    string
	cmd    *exec.Cmd
	said   bytes.Buffer // on its standard error; to be read once it has ended
	people []demo.Person
}

// newMend invents a practice on an engine and starts the program on it.
func newMend(t *testing.T, engine database.Engine) *mend {
	t.Helper()
	folder, url := scratch(t), ""
	if engine == database.Postgres {
		url = dbtest.PostgresURL(t)
	}
	return newMendAt(t, folder, url)
}

// newMendAt is newMend in a folder, on a database that is not there if "".
func newMendAt(t *testing.T, folder, database string) *mend {
	t.Helper()
	addr := freePort(t)
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

// serve has the program run as it does for a practice, not as a demo.
func (m *mend) serve(flags ...string) {
	m.t.Helper()
	m.kill()
	m.args = append(append([]string{"serve"}, m.args[2:]...), flags...)
	m.start()
}

// scratch is a folder for t, in memory where memory serves as a disk.
func scratch(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "mend-faults-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// data is the folder of what is kept.
func (m *mend) data() string { return m.args[slices.Index(m.args, "-data")+1] }

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "localhost:" + port
}

// start starts the program, waits until it answers, and returns the first line
// that it says.
func (m *mend) start() string {
	m.t.Helper()
	first, err := m.begin()
	if err != nil {
		m.t.Fatal(err)
	}
	return first
}

// begin is start where it is not sure that the program can.
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

// kill ends the program with SIGKILL: it has no time to tidy up.
func (m *mend) kill() {
	if m.cmd != nil {
		m.cmd.Process.Kill()
		m.cmd.Wait()
		m.cmd = nil
	}
}

// status asks for a page as nobody; 0 is no answer.
func (m *mend) status(path string) int {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(m.url + path)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// turns waits until the program says that it is ready, or that it is not.
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
