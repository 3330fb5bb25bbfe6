package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"mend/accounts"
	"mend/demo"
	"mend/handlers"
)

// A program is Mend running in this process until the test ends.
type program struct {
	lines chan string // the lines of its standard output
	stop  func()
	done  chan int
}

// start runs Mend with args without waiting until it is ready.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	p := &program{lines: make(chan string, 100), stop: cancel, done: make(chan int, 1)}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
		close(p.lines)
	}()
	go func() {
		p.done <- run(ctx, args, os.Getenv, strings.NewReader(""), in, os.Stderr)
		in.Close()
	}()
	t.Cleanup(func() {
		cancel()
		<-p.done
	})
	return p
}

// line returns the rest of the first output line that begins with prefix.
func (p *program) line(t *testing.T, prefix string) string {
	t.Helper()
	for line := range p.lines {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), prefix); ok {
			return strings.TrimSpace(rest)
		}
	}
	t.Fatalf("no line %q", prefix)
	return ""
}

// startDemo runs a demo for a browser and returns its URL and people. It makes the test parallel.
// Without args it serves a copy of a demo that is seeded once.
func startDemo(t *testing.T, args ...string) (string, []demo.Person) {
	t.Helper()
	chromium(t)
	t.Parallel()
	if len(args) == 0 {
		return startCopy(t)
	}
	p := start(t, append([]string{"demo", "-json", "-addr", "localhost:0"}, args...)...)
	var d struct {
		URL    string        `json:"url"`
		People []demo.Person `json:"people"`
	}
	if err := json.Unmarshal([]byte(p.line(t, "")), &d); err != nil {
		t.Fatal(err)
	}
	return d.URL, d.People
}

// A seededDemo is the database, the key file and the people of a demo.
type seededDemo struct {
	database, key []byte
	people        []demo.Person
}

// seeded returns the demo that startCopy copies.
var seeded = sync.OnceValues(func() (s seededDemo, err error) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	folder, err := os.MkdirTemp("", "mend-seeded-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(folder)
	cfg := demoIn(folder)
	h, err := openApp(context.Background(), cfg, accounts.FastHashing())
	if err != nil {
		return s, err
	}
	s.people, err = h.seedDemo(context.Background(), cfg)
	h.close()
	if err == nil {
		s.database, err = os.ReadFile(cfg.database)
	}
	if err == nil {
		s.key, err = os.ReadFile(cfg.keyFile)
	}
	return s, err
})

// demoIn returns the configuration of a demo in folder.
func demoIn(folder string) config {
	cfg := config{addr: "localhost:0", couples: demo.Stories, keyFile: filepath.Join(folder, "keys", "master.json")}
	cfg.inFolder(folder)
	return cfg
}

// copyDemo copies the seeded demo to where cfg says and returns its people.
func copyDemo(t *testing.T, cfg config) []demo.Person {
	t.Helper()
	s, err := seeded()
	must(t, err)
	must(t, os.MkdirAll(cfg.data, 0o700))
	must(t, os.MkdirAll(filepath.Dir(cfg.keyFile), 0o700))
	must(t, os.WriteFile(cfg.keyFile, s.key, 0o600))
	must(t, os.WriteFile(cfg.database, s.database, 0o600))
	return s.people
}

// startCopy serves a copy of the seeded demo until the test ends.
func startCopy(t *testing.T) (string, []demo.Person) {
	t.Helper()
	cfg := demoIn(t.TempDir())
	people := copyDemo(t, cfg)
	h, err := openApp(t.Context(), cfg, accounts.FastHashing())
	must(t, err)
	listener, err := net.Listen("tcp", "localhost:0")
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	h.site.URL, h.site.Stopping = cfg.siteURL(listener.Addr()), ctx.Done()
	done := make(chan error, 1)
	go func() { done <- answer(ctx, listener, cfg, handlers.New(h.site)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.close()
	})
	return h.site.URL, people
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
