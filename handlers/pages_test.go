package handlers

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jba/templatecheck"

	"mend/demo"
	"mend/handlers/homework"
	"mend/handlers/staff"
	"mend/handlers/web"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/templates"
)

func TestEveryPageFitsItsView(t *testing.T) {
	for _, p := range templates.All {
		if err := templatecheck.CheckHTML(p.Template(), reflect.Zero(p.View).Interface()); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

func TestEveryTemplateIsDrawnBySomeHandler(t *testing.T) {
	drawn := map[string]bool{"layout.html": true}
	for _, p := range templates.All {
		drawn[p.Name] = true
	}
	err := fs.WalkDir(os.DirFS("../templates"), ".", func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".html") && !strings.HasPrefix(name, "parts/") && !drawn[name] {
			t.Errorf("%s: no handler draws it", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNoPageHoldsScriptOrStyleInline(t *testing.T) {
	err := fs.WalkDir(os.DirFS("../templates"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		text, err := os.ReadFile("../templates/" + name)
		for _, bad := range []string{"<style", "style=\"", "onclick", "onload", "javascript:", "<script>"} {
			if strings.Contains(string(text), bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStylesAndScriptsStaySmall(t *testing.T) {
	sizes := map[string]int{".css": 0, ".js": 0}
	for _, name := range templates.AssetNames() {
		sizes[path.Ext(name)] += len(templates.Asset(name))
	}
	if sizes[".css"] == 0 || sizes[".css"] > 31<<10 || sizes[".js"] == 0 || sizes[".js"] > 48<<10 {
		t.Errorf("styles %d, scripts %d bytes", sizes[".css"], sizes[".js"])
	}
	t.Logf("styles %d, scripts %d bytes", sizes[".css"], sizes[".js"])
}

// TestTheFirstPageIsLightOnASlowLine adds up the compressed sizes of what a phone loads to show its
// first page.
func TestTheFirstPageIsLightOnASlowLine(t *testing.T) {
	loads := regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"|from ?"(\./[a-z]+\.js)"`)
	eachWorld(t, func(t *testing.T, w *world) {
		noor := w.as(w.partner(1, "B"))
		for _, at := range []string{
			"/about", "/my",
			noor.get("/my").want(t, 200).find(t, `href="(/my/worksheets/[A-Z2-7]{26})"`),
		} {
			first := noor.get(at).want(t, 200)
			total, seen, queue := len(first.body), map[string]bool{}, []string{first.body}
			for ; len(queue) > 0; queue = queue[1:] {
				for _, found := range loads.FindAllStringSubmatch(queue[0], -1) {
					name := path.Base(found[1] + found[2])
					if !seen[name] {
						seen[name] = true
						total += len(templates.CompressedAsset(name))
						queue = append(queue, string(templates.Asset(name)))
					}
				}
			}
			if total > 60<<10 || len(seen) < 5 {
				t.Errorf("%s takes %d bytes in %d files", at, total, len(seen)+1)
			}
			t.Logf("%s: %d bytes in %d files", at, total, len(seen)+1)
		}
		for lang, name := range map[string]string{"en": "Your page", "es": "Tu página"} {
			asset := noor.get("/assets/"+templates.Version()+"/page."+lang+".webmanifest").want(t, 200,
				`"`+name+`"`, `"lang":"`+lang+`"`)
			if strings.Contains(strings.ToLower(asset.body), "mend") {
				t.Error("the name on a home screen says what it is")
			}
		}
	})
}

// mostQueries exceeds what any page needs. Login, couple, policies and whether a session runs are
// read for every page of a couple, and the log takes four. The purpose is to find pages that query
// once per row (see bench/growth).
const mostQueries = 40

// mostQueriesOfARecord is the limit for a page that gathers a whole record.
const mostQueriesOfARecord = 60

// TestAPageIsAHandfulOfQueries limits the queries of every page to a number that does not grow with
// its content.
func TestAPageIsAHandfulOfQueries(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		handler := New(w.site)
		for _, route := range routesOf(w.site) {
			if route.Method != "GET" || route.Who.Role == web.Anyone.Role || route.Who.Role == web.Somebody.Role {
				continue
			}
			if visits["GET "+route.Path].want != http.StatusOK || strings.HasSuffix(route.Path, "/caseload.zip") {
				continue // the demo has none, or the export, which reads couple by couple
			}
			signIn := w.rightful(route.Who)
			path := visits["GET "+route.Path].with(things).path
			var queries atomic.Int64
			request := httptest.NewRequest("GET", path, nil).WithContext(database.WithQueryCount(context.Background(), &queries))
			request.Host = strings.TrimPrefix(w.url, "http://")
			for _, cookie := range w.as(signIn).client.Jar.Cookies(mustParse(w.url)) {
				request.AddCookie(cookie)
			}
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			most := int64(mostQueries)
			if strings.HasPrefix(route.Path, "/partners/:partner/requests/:request") {
				most = mostQueriesOfARecord
			}
			if recorder.Code != http.StatusOK || queries.Load() > most {
				t.Errorf("%s: %d with %d queries", route.Path, recorder.Code, queries.Load())
			}
			t.Logf("%-40s %d queries", route.Path, queries.Load())
		}
	})
}

func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		for _, a := range []answer{
			dana.get("/"), dana.get("/no/such/page"),
			w.browser().get("/login"), w.browser().get("/"),
		} {
			for header, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
			} {
				if !strings.Contains(a.header.Get(header), want) {
					t.Errorf("%s is %q", header, a.header.Get(header))
				}
			}
			if csp := a.header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") {
				t.Errorf("the content policy is weak: %s", csp)
			}
		}
	})
}

func TestTheStyleGuideIsOfTheDemoAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		dana.get("/styleguide").want(t, 200, "The one thing to do", "Questions of a worksheet")
		server := staff.New(homework.New(web.NewServer(web.Site{RequireSetup: true})))
		if err := server.ShowStyleguide(nil); !errors.Is(err, fault.NotFound) {
			t.Error("it is there in the real place:", err)
		}
	})
}
