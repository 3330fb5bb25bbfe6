package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/demo"
	"mend/handlers/homework"
	"mend/handlers/staff"
	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/i18n"
	"mend/internal/pdf"
)

// A desk is the setup of a benchmark: the site, a counselor's cookie, and the demo's couple in step
// 5, which has the longest pages.
type desk struct {
	handler  http.Handler
	db       *database.DB
	server   *web.Server
	staff    *staff.Server
	cookie   *http.Cookie
	login    accounts.Login
	couple   string
	held     string // an ended session whose note is not signed
	signed   string
	partner  string // username of the couple's first partner
	queries  atomic.Int64
	counting context.Context
}

func newDesk(b *testing.B, db *database.DB) *desk {
	b.Helper()
	now := time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)
	site := newSite(b, db, func() time.Time { return now })
	stores := demo.Stores{
		Accounts: site.Accounts, Couples: site.Couples, Sessions: site.Sessions,
		Worksheets: site.Worksheets, Promises: site.Promises, Calendar: site.Calendar, Consents: site.Consents,
		Treatment: site.Treatment, Records: site.Records,
	}
	people, err := demo.Seed(b.Context(), stores, 5, now)
	if err != nil {
		b.Fatal(err)
	}
	token, err := site.Accounts.SignIn(b.Context(), "dana@riverbend.example", demo.Password, "", now)
	if err != nil {
		b.Fatal(err)
	}
	d := &desk{handler: New(site), db: db, server: web.NewServer(site), staff: staff.New(homework.New(web.NewServer(site))), cookie: &http.Cookie{Name: "mend", Value: token}}
	if d.login, err = site.Accounts.Authenticate(b.Context(), token, now); err != nil {
		b.Fatal(err)
	}
	one := func(query string, args ...any) (id string) {
		if err := db.Get(b.Context(), &id, query, args...); err != nil {
			b.Fatal(query, err)
		}
		return id
	}
	for _, p := range people {
		if p.Name == "Morgan Quillby" {
			d.couple = p.Couple
		}
	}
	for _, p := range people {
		if p.Couple == d.couple && p.Partner == "A" {
			d.partner = p.SignIn
		}
	}
	d.held = one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'ended' AND NOT signed`, d.couple)
	d.signed = one(`SELECT id FROM sessions WHERE couple_id = ? AND signed ORDER BY starts_at LIMIT 1`, d.couple)
	d.counting = database.WithQueryCount(context.Background(), &d.queries)
	return d
}

func eachDesk(b *testing.B, bench func(*testing.B, *desk)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, newDesk(b, dbtest.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { bench(b, newDesk(b, dbtest.Postgres(b))) })
}

// page requests path b.N times and reports the queries per request.
func (d *desk) page(b *testing.B, path string) {
	b.ReportAllocs()
	d.queries.Store(0)
	size := 0
	for b.Loop() {
		request := httptest.NewRequest("GET", path, nil).WithContext(d.counting)
		request.AddCookie(d.cookie)
		recorder := httptest.NewRecorder()
		d.handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatal(recorder.Code, path)
		}
		size = recorder.Body.Len()
	}
	b.ReportMetric(float64(d.queries.Load())/float64(b.N), "queries/op")
	b.ReportMetric(float64(size), "bytes/page")
}

// fromBytes returns a site whose only page is a text in memory.
func fromBytes(site web.Site, page *[]byte) http.Handler {
	answer := func(c *gin.Context) error {
		c.Data(http.StatusOK, "text/html; charset=utf-8", *page)
		return nil
	}
	return web.NewServer(site).Handler([]web.Route{web.Get("/*any", surface.Public, web.Anyone.MayRead(), answer)})
}

// floor measures serving a page's bytes from memory: the lower bound for the page.
func (d *desk) floor(b *testing.B, path string) {
	request := httptest.NewRequest("GET", path, nil)
	request.AddCookie(d.cookie)
	first := httptest.NewRecorder()
	d.handler.ServeHTTP(first, request)
	page := first.Body.Bytes()
	r := fromBytes(d.server.Site, &page)
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest("GET", path, nil)
		request.AddCookie(d.cookie)
		r.ServeHTTP(httptest.NewRecorder(), request)
	}
}

// signedIn returns a request's context with the login, as handlers get it.
func (d *desk) signedIn(param, id string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("GET", "/", nil)
	c.Params = gin.Params{{Key: param, Value: id}}
	c.Set(web.LoginKey, d.login)
	return c
}

func BenchmarkCouplePage(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		path := "/couples/" + d.couple
		b.Run("page", func(b *testing.B) { d.page(b, path) })
		b.Run("floor", func(b *testing.B) { d.floor(b, path) })
		c := d.signedIn("couple", d.couple)
		b.Run("queries", func(b *testing.B) {
			for b.Loop() {
				if _, err := d.server.Accounts.Authenticate(b.Context(), d.cookie.Value, d.server.Now()); err != nil {
					b.Fatal(err)
				}
				couple, err := d.server.Couple(c)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := d.staff.CoupleView(c, couple); err != nil {
					b.Fatal(err)
				}
			}
		})
		couple, err := d.server.Couple(c)
		if err != nil {
			b.Fatal(err)
		}
		view, err := d.staff.CoupleView(c, couple)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("template", func(b *testing.B) {
			var buf bytes.Buffer
			for b.Loop() {
				buf.Reset()
				if err := staff.CouplePage.Execute(&buf, i18n.English, view); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

func BenchmarkRunPage(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		b.Run("page", func(b *testing.B) { d.page(b, "/sessions/"+d.held+"/run") })
		b.Run("floor", func(b *testing.B) { d.floor(b, "/sessions/"+d.held+"/run") })
	})
}

// BenchmarkFieldSave saves a field that a counselor edits, one revision per save.
func BenchmarkFieldSave(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		b.ReportAllocs()
		d.queries.Store(0)
		n := 0
		for b.Loop() {
			form := url.Values{
				"v.observation": {"Typed for the " + fmt.Sprint(n) + "th time."}, "base": {fmt.Sprint(n)},
				"key": {fmt.Sprint("k", n)},
			}
			request := httptest.NewRequest("PUT", "/sessions/"+d.held+"/fields/observation",
				strings.NewReader(form.Encode())).WithContext(d.counting)
			request.AddCookie(d.cookie)
			for header, value := range map[string]string{
				"Content-Type":   "application/x-www-form-urlencoded",
				"Sec-Fetch-Site": "same-origin", "Accept": "application/json",
			} {
				request.Header.Set(header, value)
			}
			recorder := httptest.NewRecorder()
			d.handler.ServeHTTP(recorder, request)
			if recorder.Code != http.StatusOK {
				b.Fatal(recorder.Code, recorder.Body)
			}
			n++
		}
		b.ReportMetric(float64(d.queries.Load())/float64(b.N), "queries/op")
	})
}

// BenchmarkNotePDF measures the download of a signed note, and rendering its sheet alone.
func BenchmarkNotePDF(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		b.Run("request", func(b *testing.B) { d.page(b, "/sessions/"+d.signed+"/note.pdf") })
		c := d.signedIn("session", d.signed)
		session, _, err := d.server.Session(c)
		if err != nil {
			b.Fatal(err)
		}
		note, err := d.server.Sessions.FindNote(b.Context(), session)
		if err != nil {
			b.Fatal(err)
		}
		sheet, err := d.staff.SignedSheet(c, session, note)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("draw", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := pdf.Draw(&bytes.Buffer{}, sheet); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
