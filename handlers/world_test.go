package handlers

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/calendar/reminders"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/demo"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/notes"
	"mend/records"
	"mend/records/caseload"
	"mend/records/export"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// A world is a site with its own database, which has the demo's practice and a second one.
type world struct {
	t      testing.TB
	db     *database.DB
	site   web.Site
	url    string
	server *httptest.Server
	people []demo.Person
	now    time.Time

	dana, ellis, stranger string // usernames: two counselors of a practice, one of another
	sam, drew             string // Dana's supervisor, and the front desk
}

const (
	strangersEmail    = "ola@elsewhere.example"
	strangersPassword = "somewhere else entirely"
)

// content returns the method and the catalogue, loaded once and never changed.
var content = sync.OnceValues(func() (c struct {
	method    *sessions.Method
	catalogue *worksheets.Catalogue
}, err error,
) {
	if c.method, err = sessions.LoadMethod(); err == nil {
		c.catalogue, err = worksheets.LoadCatalogue(c.method)
	}
	return c, err
})

// newSite returns a site over db, with cheap password hashing.
func newSite(t testing.TB, db *database.DB, now func() time.Time) web.Site {
	t.Helper()
	c, err := content()
	if err != nil {
		t.Fatal(err)
	}
	v := dbtest.Vault(t, db)
	site := web.Site{
		Audit:      audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", now),
		Accounts:   accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8)),
		Couples:    couples.NewStore(db, dbtest.Vault(t, db), c.catalogue.BreachKindIDs()),
		Sessions:   sessions.NewStore(db, dbtest.Vault(t, db), c.method),
		Worksheets: worksheets.NewStore(db, dbtest.Vault(t, db), c.catalogue),
		Promises:   promises.NewStore(db, v, c.catalogue),
		Calendar:   calendar.NewStore(db, v),
		Consents:   consents.NewStore(db, v),
		Treatment:  treatment.NewStore(db, v, c.method.Terms()),
		Reminders:  reminders.NewStore(db, v),
		Ready:      func(*http.Request) error { return nil }, Now: now,
	}
	site.Notes = notes.NewStore(db, site.Accounts, site.Sessions, site.Worksheets, site.Calendar, site.Treatment,
		site.Promises)
	site.Records = records.NewStore(db, v, records.Sources{
		Accounts: site.Accounts, Couples: site.Couples, Consents: site.Consents, Sessions: site.Sessions,
		Worksheets: site.Worksheets, Promises: site.Promises, Treatment: site.Treatment,
	})
	site.Export = &export.Store{
		Couples: site.Couples, Sessions: site.Sessions, Worksheets: site.Worksheets, Calendar: site.Calendar,
		Consents: site.Consents, Promises: site.Promises, Treatment: site.Treatment, Records: site.Records,
	}
	site.Caseload = caseload.NewStore(db, v, site.Couples, site.Accounts)
	return site
}

// practices is the demo and a second practice.
var practices = dbtest.Template[[]demo.Person]{Seed: tellPractices}

// seededAt is the moment at which the practices are seeded.
var seededAt = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

// tellPractices seeds the demo and a second practice into db.
func tellPractices(t testing.TB, db *database.DB) []demo.Person {
	t.Helper()
	site := newSite(t, db, func() time.Time { return seededAt })
	people, err := demo.Seed(t.Context(),
		demo.Stores{
			Accounts: site.Accounts, Couples: site.Couples, Sessions: site.Sessions, Worksheets: site.Worksheets,
			Promises: site.Promises, Calendar: site.Calendar, Consents: site.Consents, Treatment: site.Treatment,
			Records: site.Records,
		},
		5, seededAt)
	if err != nil {
		t.Fatal(err)
	}
	practice := accounts.Practice{Name: "Elsewhere Practice", TimeZone: "UTC", Paper: "A4"}
	owner := accounts.Counselor{Name: "Ola Elsewhere", Email: strangersEmail}
	if err := site.Accounts.CreatePractice(t.Context(), &practice, &owner, strangersPassword, seededAt); err != nil {
		t.Fatal(err)
	}
	return people
}

// newWorld returns a world over db, which holds practices.
func newWorld(t testing.TB, db *database.DB, people []demo.Person) *world {
	t.Helper()
	w := &world{t: t, db: db, people: people, now: seededAt}
	w.dana, w.ellis, w.stranger = "dana@riverbend.example", "ellis@riverbend.example", strangersEmail
	w.sam, w.drew = "sam@riverbend.example", "drew@riverbend.example"
	w.site = newSite(t, db, func() time.Time { return w.now })
	w.serve()
	return w
}

// openWorld returns a world over a new database of an engine.
func openWorld(t testing.TB, engine database.Engine) *world {
	t.Helper()
	db, people := practices.Open(t, engine)
	return newWorld(t, db, people)
}

// serve starts the site.
func (w *world) serve() {
	server := httptest.NewUnstartedServer(nil)
	w.site.URL = "http://" + server.Listener.Addr().String()
	server.Config.Handler = New(w.site)
	server.Start()
	w.t.Cleanup(server.Close)
	w.server = server
	w.url = server.URL
}

// demanding makes the site require a second factor and a copy of the key, as outside of the demo.
func (w *world) demanding() {
	w.site.RequireSetup = true
	w.server.Config.Handler = New(w.site)
}

// eachWorld runs test in a world on each of dbtest's Engines.
func eachWorld(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	practices.Either(t, func(t *testing.T, db *database.DB, people []demo.Person) { test(t, newWorld(t, db, people)) })
}

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// partnerID returns the id of a partner of the demo by name.
func (w *world) partnerID(name string) string {
	w.t.Helper()
	for _, p := range w.people {
		if p.Name == name {
			return w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = ?`, p.Couple, p.Partner)
		}
	}
	w.t.Fatalf("there is no partner %s", name)
	return ""
}

// partner returns the username of a partner of couple 0 to 4 of the demo.
func (w *world) partner(couple int, side string) string {
	w.t.Helper()
	n := 2 + 2*couple
	if side == "B" {
		n++
	}
	return w.people[n].SignIn
}

// rightful returns the username of a person whom a route of who is for.
func (w *world) rightful(who web.Access) string {
	switch who.Role {
	case web.Partner.Role:
		return w.partner(1, "A")
	case web.Supervisor.Role:
		return w.sam
	case web.FrontDesk.Role:
		return w.drew
	}
	return w.dana
}

// one returns a single text value from the database.
func (w *world) one(query string, args ...any) string {
	w.t.Helper()
	var text string
	if err := w.db.Get(w.t.Context(), &text, query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return text
}

const id = `([A-Z2-7]{26})`
