package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/handlers/web"
	"mend/internal/fault"
)

// served restarts the world's site with a changed configuration.
func (w *world) served(set func(*web.Site)) {
	w.t.Helper()
	set(&w.site)
	w.server.Config.Handler = New(w.site)
}

func TestWithLowDiskSpaceExportsWaitFirstAndSavingLast(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		little, least := false, false
		w.served(func(s *web.Site) {
			s.LowSpace, s.CriticalSpace = func() bool { return little }, func() bool { return least }
		})
		pdf, save := "/library/trust-pulse.pdf", "/my/worksheets/"+things["open"]+"/fields/moved"
		form := func(key string) url.Values {
			return url.Values{
				"a.moved": {"A walk, " + key},
				"base":    {map[string]string{"one": "0", "two": "1", "three": "1"}[key]}, "key": {key},
			}
		}
		dana.get(pdf).want(t, 200)
		little = true
		dana.get(pdf).want(t, 507, "out of disk space")
		dana.get("/sessions/"+things["signed"]+"/note.pdf").want(t, 507)
		dana.get("/").want(t, 200, "almost out of disk space")
		kit.put(save, form("one")).want(t, 200)
		least = true
		kit.put(save, form("two")).want(t, 507)
		kit.get("/my").want(t, 200)
		if a := w.browser().get("/readyz"); a.status != 507 {
			t.Error("ready with no room:", a.status)
		}
		little, least = false, false
		kit.put(save, form("three")).want(t, 200)
		dana.get("/").never(t, "little room")
		least = true
		kit.post("/logout", url.Values{}).want(t, 303) // signing out still works
	})
}

func TestALateBackupIsToldOnTheFirstPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		dana.get("/").want(t, 200).never(t, "last good backup")
		dana.get("/readyz").want(t, 200).never(t, "late")
		w.served(func(s *web.Site) { s.BackupLate = func() bool { return true } })
		dana.get("/readyz").want(t, 200, "the last good backup is late")
		dana.get("/").want(t, 200, "The last successful backup is more than 36 hours old")
		w.as(w.partner(1, "A")).get("/my").want(t, 200).never(t, "backup")
	})
}

func TestWhatIsErasedIsTold(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		told := 0
		w.served(func(s *web.Site) { s.OnErased = func(context.Context) error { told++; return nil } })
		w.now = w.now.AddDate(20, 0, 0)
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		number := w.one(`SELECT record_no FROM couples WHERE id = ?`, couple)
		w.as(w.dana).post("/couples/"+couple+"/erase",
			url.Values{"of": {"all"}, "reason": {"The years of keeping are over now."}, "record_no": {number}}).want(t, 303)
		if told != 1 {
			t.Error("told", told, "times")
		}
	})
}

func TestAnswersAreCountedByPatternAndTheProgramIsReadyWhenItIs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var routes []string
		ready := error(nil)
		w.served(func(s *web.Site) {
			s.CountResponse = func(method, route string, _ int, _ time.Duration) { routes = append(routes, method+" "+route) }
			s.Ready = func(*http.Request) error { return ready }
		})
		ask := func(path string) int {
			recorder := httptest.NewRecorder()
			w.server.Config.Handler.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
			return recorder.Code
		}
		if got := ask("/readyz"); got != 200 {
			t.Error(got)
		}
		ready = errors.Join(fault.Broken)
		if got := ask("/readyz"); got != 503 {
			t.Error("ready with a broken disk:", got)
		}
		if got := ask("/healthz"); got != 200 {
			t.Error("alive, and says", got)
		}
		if joined := strings.Join(routes, "; "); joined != "GET /readyz; GET /readyz; GET /healthz" {
			t.Error(joined)
		}
	})
}
