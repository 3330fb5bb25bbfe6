package handlers

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// A logBook collects log output.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// captureLog collects log output until the test ends. Parallel tests may write to it, too, so a
// test must look for something that only it logs.
func captureLog(t *testing.T) *logBook {
	t.Helper()
	book := &logBook{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(book, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return book
}

func serveOnce(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, r)
	return recorder
}

// TestTheLogHoldsNoNamesNoWordsNoAddresses signs in, opens a page, answers, sends invalid input,
// and looks in the log for what was typed.
func TestTheLogHoldsNoNamesNoWordsNoAddresses(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		book := captureLog(t)
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		dana.get("/couples/" + things["couple"] + "?did=saved")
		dana.get("/couples?find=Larkspur")
		kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {"canary-in-the-answer"}, "base": {"0"}, "key": {"k"}})
		dana.put("/sessions/"+things["held"]+"/fields/observation",
			url.Values{"v.observation": {"canary-in-the-record"}, "base": {"0"}, "key": {"k"}})
		dana.post("/couples/"+things["couple"]+"/goals", url.Values{"canary-field": {"x"}})
		log := book.String()
		for _, never := range []string{"canary", "Larkspur", "riverbend.example", things["couple"], things["open"], "find="} {
			if strings.Contains(log, never) {
				t.Errorf("the log holds %q", never)
			}
		}
		if !strings.Contains(log, "/couples/:couple") {
			t.Errorf("the log does not name routes: %.500s", log)
		}
	})
}
