package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/migrations"
)

// try runs a command that is expected to exit.
func try(t *testing.T, input string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	var out, bad strings.Builder
	code = run(ctx, args, func(string) string { return "" }, strings.NewReader(input), &out, &bad)
	if ctx.Err() != nil {
		t.Fatalf("mend %v did not end", args)
	}
	return code, out.String(), bad.String()
}

// TestWhatCannotStartSaysWhyInOneSentence starts Mend with configurations that are forbidden or
// cannot work.
func TestWhatCannotStartSaysWhyInOneSentence(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	held := filepath.Join(t.TempDir(), "mend.db")
	unlock, err := database.Lock(held)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"a taken port", []string{"-addr", taken.Addr().String(), "-data", t.TempDir()}, "address already in use"},
		{
			"a folder that cannot be",
			[]string{"-addr", "localhost:0", "-data", filepath.Join(file, "data")},
			"not a directory",
		},
		{"another process on the file", []string{"-addr", "localhost:0", "-database", held}, "another Mend is already using"},
		{
			"a database out of reach",
			[]string{"-addr", "localhost:0", "-database", "postgres://mend@127.0.0.1:1/mend?sslmode=disable&connect_timeout=2"},
			"refused",
		},
		{"a newer schema", []string{"-addr", "localhost:0", "-database", newer(t)}, "written by a newer Mend"},
		{"the whole network without TLS", []string{"-addr", ":0", "-data", t.TempDir()}, "not for this machine alone"},
		{"half of TLS", []string{"-tls-cert", "x"}, "go together"},
		{"a proxy without the address", []string{"-behind-proxy", "10.0.0.0/8"}, "needs --url https://"},
		{"a proxy that is none", []string{"-behind-proxy", "ten"}, "must be a network"},
		{"everybody as a proxy", []string{"-behind-proxy", "0.0.0.0/0", "-url", "https://mend.test"}, "take anybody's word"},
		{
			"everybody as a proxy, with IPv6",
			[]string{"-behind-proxy", "::/0", "-url", "https://mend.test"},
			"take anybody's word",
		},
		{
			"a database elsewhere whose certificate nobody looks at",
			[]string{"-addr", "localhost:0", "-database", "postgres://mend@db.mend.test/mend?sslmode=require"},
			"sslmode=verify-full",
		},
		{
			"a database elsewhere without TLS",
			[]string{"-addr", "localhost:0", "-database", "postgres://mend@192.0.2.1/mend"},
			"sslmode=verify-full",
		},
		{"a mail server that is none", []string{"-addr", "localhost:0", "-smtp", "mail.mend.test"}, "begin with smtp://"},
		{
			"a mail server without a sender",
			[]string{"-addr", "localhost:0", "-smtp", "smtps://a:b@mail.mend.test"},
			"?from=ADDRESS",
		},
		{"an address that is none", []string{"-addr", "here"}, "HOST:PORT"},
		{"an unknown command", []string{"backups", "x"}, "did you mean mend backup?"},
		{"an unknown part of a command", []string{"keys", "rotat"}, "did you mean mend keys rotate?"},
		{"a command of which a part is missing", []string{"keys"}, "usage: mend keys status|rotate|restore"},
		{"a file that is missing", []string{"restore"}, "usage: mend restore FILE"},
		{"a word too many", []string{"-addr", "localhost:0", "please"}, `there is no command "mend please"`},
		{"a file too many", []string{"backup", "one", "two"}, `"two" is one word too many`},
		{"an unknown flag", []string{"-adr", "localhost:0"}, "did you mean --addr?"},
		{"a flag of another command", []string{"backup", "x", "--json"}, "there is no flag --json"},
		{"a flag without its value", []string{"--addr"}, "needs an argument"},
		{"a number that is none", []string{"--keep", "x"}, "mend serve --help"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, _, stderr := try(t, "", test.args...)
			if code != 1 || !strings.Contains(stderr, test.says) || strings.Count(strings.TrimSpace(stderr), "\n") != 0 {
				t.Errorf("got %d and %q, want 1 and one sentence with %q", code, stderr, test.says)
			}
		})
	}
}

// newer returns a database written by a later version of Mend.
func newer(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mend.db")
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(),
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAPasswordInADatabaseURLIsNotRepeated: drivers' errors often quote the text they could not
// parse.
func TestAPasswordInADatabaseURLIsNotRepeated(t *testing.T) {
	for _, url := range []string{
		"postgres://mend:hush-hush@127.0.0.1:1/mend?sslmode=disable",
		"postgres://mend:hush-hush@[::1/mend", "postgres://mend:hush-hush@host:port/mend",
	} {
		if _, _, stderr := try(t, "", "-addr", "localhost:0", "-database", url); strings.Contains(stderr, "hush") {
			t.Errorf("%s", stderr)
		}
	}
}

func TestTheFirstRunSetsUpOnceAndALaterOneOffersNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			args := []string{"-addr", "localhost:0", "-data", t.TempDir()}
			if engine == "postgres" {
				args = append(args, "-database", dbtest.PostgresURL(t))
			}
			first := start(t, args...)
			link := "http" + first.line(t, "http")
			if got := status(t, link); got != http.StatusOK {
				t.Errorf("the link answers %d", got)
			}
			if got := status(t, strings.Split(link, "?")[0]); got != http.StatusNotFound {
				t.Errorf("without the token /setup answers %d", got)
			}
			first.end(t)
			second := start(t, args...)
			again := "http" + second.line(t, "http")
			if status(t, strings.Replace(again, tokenOf(again), tokenOf(link), 1)) != http.StatusNotFound {
				t.Error("the token of an earlier start still works")
			}
			second.end(t)
		})
	}
}

func tokenOf(link string) string { return link[strings.LastIndexByte(link, '=')+1:] }

func status(t *testing.T, url string) int {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// end stops the program and waits until it has exited.
func (p *program) end(t *testing.T) {
	t.Helper()
	p.stop()
	if code := <-p.done; code != 0 {
		t.Errorf("it ended with %d", code)
	}
	p.done <- 0 // so that the test's cleanup does not block
}

func TestACounselorsPasswordIsResetFromTheServer(t *testing.T) {
	data := filepath.Join(t.TempDir(), "mend-data")
	db, err := database.Open(t.Context(), filepath.Join(data, "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	st := accounts.NewStore(db, vaultIn(t, db, data), accounts.NewHashing(1, 8))
	practice := accounts.Practice{Name: "Reset Practice", TimeZone: "UTC", Paper: "A4"}
	owner := accounts.Counselor{Name: "Ida Reset", Email: "ida@reset.example"}
	if err := st.CreatePractice(t.Context(), &practice, &owner, "a first quiet harbor", time.Now()); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, test := range []struct {
		command, email, password string
		code                     int
		says                     string
	}{
		{"staff", "ida@reset.example", "short", 1, "at least 12"},
		{"staff", "nobody@reset.example", "long enough to be one", 1, "no counselor"},
		{"counselor", "nobody@reset.example", "long enough to be one", 1, "no counselor"}, // the command's former name
		{"staff", "IDA@reset.example", "a second quiet harbor", 0, "Done"},
	} {
		code, stdout, stderr := try(t, test.password+"\n", test.command, "reset", test.email, "-data", data)
		if code != test.code || !strings.Contains(stdout+stderr, test.says) ||
			strings.Contains(stdout+stderr, test.password) {
			t.Errorf("%s: got %d %q %q", test.email, code, stdout, stderr)
		}
	}
	db, err = database.Open(t.Context(), filepath.Join(data, "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	st = accounts.NewStore(db, vaultIn(t, db, data), accounts.NewHashing(1, 8))
	if _, err := st.SignIn(t.Context(), "ida@reset.example", "a second quiet harbor", "", time.Now()); err != nil {
		t.Error(err)
	}
	var entries int // the two refused attempts changed nothing
	err = db.Get(t.Context(), &entries, `SELECT COUNT(*) FROM audit_log WHERE practice_id = ? AND action = ? AND object = ?
		AND object_id = ? AND reason = ?`, practice.ID, audit.PasswordSet, "sign-in", owner.ID, "reset")
	if err != nil || entries != 1 {
		t.Errorf("the reset left %d entries: %v", entries, err)
	}
}

// TestADatabaseNearbyOrTrustedNeedsNoCertificate: a socket, this machine, and another machine if a
// flag allows it.
func TestADatabaseNearbyOrTrustedNeedsNoCertificate(t *testing.T) {
	for _, c := range []config{
		{database: "mend.db"},
		{database: "postgres://mend@localhost/mend"},
		{database: "postgres://mend@127.0.0.1:5432/mend?sslmode=disable"},
		{database: "postgres:///mend?host=/run/postgresql"},
		{database: "postgres://mend@db.mend.test/mend?sslmode=verify-full"},
		{database: "postgres://mend@db.mend.test/mend", plainRemote: true},
	} {
		if err := c.checkDatabase(); err != nil {
			t.Errorf("%s: %v", c.database, err)
		}
	}
}

// TestTLSTakesNothingWithCBC: only AEAD cipher suites are offered.
func TestTLSTakesNothingWithCBC(t *testing.T) {
	c := tlsConfig()
	if c.MinVersion != tls.VersionTLS12 || len(c.CipherSuites) == 0 {
		t.Fatal(c.MinVersion, c.CipherSuites)
	}
	for _, id := range c.CipherSuites {
		if name := tls.CipherSuiteName(id); strings.Contains(name, "CBC") || !strings.Contains(name, "ECDHE") {
			t.Error(name)
		}
	}
}

// TestTheClockGoesOnSteadily: it does not read the machine's clock again.
func TestTheClockGoesOnSteadily(t *testing.T) {
	start := time.Now()
	now := monotonicClock(start.AddDate(1, 0, 0))
	first := now()
	if second := now(); second.Before(first) || first.Before(start) {
		t.Error(first, second)
	}
}
