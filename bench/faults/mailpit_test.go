package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/internal/porttest"
)

// mailpitBinary returns the path of mailpit, an SMTP server that stores what it receives, as Go
// builds it once and keeps it in its cache.
var mailpitBinary = sync.OnceValues(func() (string, error) {
	find := exec.Command("go", "tool", "-modfile=tools/go.mod", "-n", "mailpit")
	find.Dir = "../.."
	out, err := find.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s", out)
	}
	return strings.TrimSpace(string(out)), nil
})

// A mailpit is a mail server that stores every message it receives, duplicates included.
type mailpit struct {
	t          testing.TB
	smtp, http string // addresses
}

func newMailpit(t *testing.T) *mailpit {
	t.Helper()
	program, err := mailpitBinary()
	if err != nil {
		cannot(t, "mailpit cannot be built:", err)
	}
	p := &mailpit{t, porttest.Free(t), porttest.Free(t)}
	cmd := exec.Command(program, "--smtp", p.smtp, "--listen", p.http, "--max", "0", "--quiet",
		"--disable-version-check", "--database", filepath.Join(scratch(t), "mailpit.db"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 200 {
		if _, ok := p.ask("/api/v1/info", nil); ok {
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("mailpit does not answer")
	return nil
}

// url returns the URL for Mend's -smtp flag.
func (p *mailpit) url() string { return "smtp://" + p.smtp + "?from=reminders@office.example" }

// ask decodes the answer of mailpit's API to a GET of path into answer, unless that is nil.
func (p *mailpit) ask(path string, answer any) (status int, ok bool) {
	response, err := http.Get("http://" + p.http + path)
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	if answer != nil {
		err = json.NewDecoder(response.Body).Decode(answer)
	}
	return response.StatusCode, err == nil && response.StatusCode == http.StatusOK
}

// taken returns how often each message was received, by its id.
func (p *mailpit) taken() map[string]int {
	p.t.Helper()
	const page = 500
	counts := map[string]int{}
	for start := 0; ; start += page {
		var list struct {
			Messages []struct{ MessageID string }
		}
		if _, ok := p.ask(fmt.Sprintf("/api/v1/messages?start=%d&limit=%d", start, page), &list); !ok {
			p.t.Fatal("mailpit does not tell what it took")
		}
		for _, m := range list.Messages {
			counts[m.MessageID]++
		}
		if len(list.Messages) < page {
			return counts
		}
	}
}
