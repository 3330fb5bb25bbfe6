package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/internal/dbtest"
)

// firefox skips a test if Firefox or its driver is missing; under CI it fails. It returns the
// folder of the driver's modules.
func firefox(t *testing.T) string {
	t.Helper()
	modules, _ := filepath.Abs(filepath.Join("..", "..", ".ci", "node_modules"))
	_, browser := exec.LookPath("firefox-esr")
	_, driver := os.Stat(filepath.Join(modules, "puppeteer-core"))
	switch {
	case testing.Short():
		t.Skip("quick tests do without a browser")
	case browser == nil && driver == nil:
	case os.Getenv("CI") == "true":
		t.Fatal("no Firefox, or nothing to drive it: under CI it is tried", browser, driver)
	default:
		t.Skip("no Firefox on this machine, or nothing to drive it")
	}
	return modules
}

// TestNoTypedWordIsLostInFirefox types numbered words while responses are lost and the server is
// killed, like TestNoTypedWordIsLostThroughLostAnswersAndKills in Chromium.
func TestNoTypedWordIsLostInFirefox(t *testing.T) {
	dbtest.Thorough(t)
	modules := firefox(t)
	p, r, people := relayedDemo(t)
	words, kills := counted(14), int64(1)
	if *long {
		words, kills = counted(220), 20
	}
	cmd := exec.Command("node", "testdata/firefox.mjs", modules, p.url, people[5].SignIn, people[5].Password,
		strings.Join(words, " ")+" ")
	var failed bytes.Buffer
	cmd.Stderr = &failed
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "typing" {
		t.Fatal(lines.Text(), failed.String())
	}
	done, stopped := make(chan struct{}), make(chan int64)
	go func() { stopped <- r.trouble(p, kills, done) }()
	time.Sleep(time.Duration(len(strings.Join(words, " "))) * 100 * time.Millisecond)
	close(done)
	killed := <-stopped
	var says struct {
		Focus, Text string
	}
	if !lines.Scan() {
		cmd.Wait()
		t.Fatal(failed.String())
	}
	if err := json.Unmarshal(lines.Bytes(), &says); err != nil {
		t.Fatal(err, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err, failed.String())
	}
	if gone := missing(words, says.Text); len(gone) > 0 || says.Focus != "TEXTAREA" ||
		killed < kills || r.lost.Load() == 0 {
		t.Errorf("%d lost answers, %d kills, focus on %s; missing %v", r.lost.Load(), killed, says.Focus, gone)
	}
	t.Logf("%d answers lost, %d kills, %d words", r.lost.Load(), killed, len(words))
}
