package growth

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/calendar/reminders"
	"mend/demo"
	"mend/handlers"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/notes"
	"mend/records"
)

// A grown site holds the data of a size and has a signed-in user of each role.
type grown struct {
	site    web.Site
	handler http.Handler
	db      *database.DB
	cookies map[string]*http.Cookie
	things  map[string]string
	saves   int
}

// mainPages are the pages that people open all day: name, role and path.
var mainPages = []struct{ name, who, path string }{
	{"today", "owner", "/"},
	{"couples", "owner", "/couples"},
	{"couple", "owner", "/couples/{couple}"},
	{"step", "owner", "/couples/{couple}/steps/keep-your-word"},
	{"homework", "owner", "/couples/{couple}/worksheets"},
	{"promises", "owner", "/couples/{couple}/promises"},
	{"pulse", "owner", "/couples/{couple}/pulse"},
	{"record", "owner", "/couples/{couple}/record"},
	{"note", "owner", "/sessions/{signed}/note"},
	{"reading a page", "owner", "/assignments/{sent}"},
	{"follow-ups", "owner", "/follow-ups"},
	{"library", "owner", "/library"},
	{"log", "owner", "/audit"},
	{"supervision", "supervisor", "/supervision"},
	{"calendar", "owner", "/calendar"},
	{"everybody's day", "front desk", "/front-desk"},
	{"contacts", "front desk", "/front-desk/couples"},
	{"partner's home", "partner", "/my"},
	{"partner's page", "partner", "/my/worksheets/{open}"},
	{"saving a field", "partner", "PUT /my/worksheets/{open}/fields/moved"},
	{"running session", "owner", "/sessions/{running}/run"}, // last: other pages then check who is there
}

// newGrown opens a grown site with the staff of its first practice and the first partner of a
// couple that is still active.
func newGrown(t testing.TB, db *database.DB, site web.Site, people []demo.Person) *grown {
	t.Helper()
	g := &grown{site: site, handler: handlers.New(site), db: db, cookies: map[string]*http.Cookie{}, things: map[string]string{}}
	for _, p := range people {
		if g.cookies[p.Role] != nil || p.Role == "partner" && p.Partner != "A" {
			continue
		}
		token, err := site.Accounts.SignIn(t.Context(), p.SignIn, demo.Password, "", site.Now())
		if err != nil {
			t.Fatal(err)
		}
		g.cookies[p.Role] = &http.Cookie{Name: "mend", Value: token}
	}
	login, err := site.Accounts.Authenticate(t.Context(), g.cookies["partner"].Value, site.Now())
	if err != nil {
		t.Fatal(err)
	}
	owner, err := site.Accounts.Authenticate(t.Context(), g.cookies["owner"].Value, site.Now())
	if err != nil {
		t.Fatal(err)
	}
	g.find(t, login.PartnerID, owner.CounselorID)
	return g
}

// find looks up the ids that the pages need, of the partner's couple, which has to be the owner's.
func (g *grown) find(t testing.TB, partner, owner string) {
	t.Helper()
	one := func(name, query string, args ...any) string {
		var id string
		if err := g.db.Get(t.Context(), &id, query, args...); err != nil {
			t.Fatal(name, err)
		}
		g.things[name] = id
		return id
	}
	couple := one("couple",
		`SELECT p.couple_id FROM partners p JOIN couples c ON c.id = p.couple_id WHERE p.id = ? AND c.counselor_id = ?`,
		partner, owner)
	g.things["partner"] = partner
	one("signed", `SELECT id FROM sessions WHERE couple_id = ? AND signed ORDER BY starts_at LIMIT 1`, couple)
	one("running", `SELECT id FROM sessions WHERE couple_id = ? AND state <> 'ended' ORDER BY starts_at LIMIT 1`, couple)
	one("sent", `SELECT a.assignment_id FROM answers a JOIN assignments s ON s.id = a.assignment_id
		WHERE a.partner_id = ? AND a.state = 'sent' AND s.worksheet = 'trust-pulse' ORDER BY a.sent_at DESC LIMIT 1`, partner)
	one("open", `SELECT a.assignment_id FROM answers a JOIN assignments s ON s.id = a.assignment_id
		WHERE a.partner_id = ? AND a.state = 'open' AND s.worksheet = 'trust-pulse'`, partner)
}

// ask requests a path as somebody of a role and returns the status.
func (g *grown) ask(ctx context.Context, who, path string, form url.Values) int {
	method, rest, ok := strings.Cut(path, " ")
	if !ok {
		method, rest = http.MethodGet, path
	}
	for name, id := range g.things {
		rest = strings.ReplaceAll(rest, "{"+name+"}", id)
	}
	if method == http.MethodPut {
		form = url.Values{"a.moved": {fmt.Sprint("Said ", g.saves)}, "base": {fmt.Sprint(g.saves)}, "key": {rand.Text()}}
		g.saves++
	}
	request := httptest.NewRequest(method, rest, strings.NewReader(form.Encode()))
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.AddCookie(g.cookies[who])
	recorder := httptest.NewRecorder()
	g.handler.ServeHTTP(recorder, request.WithContext(ctx))
	return recorder.Code
}

// open opens a page, which must be shown, and returns the queries that it ran.
func (g *grown) open(t testing.TB, who, path string) (heard []dbtest.Query) {
	t.Helper()
	if status := g.ask(dbtest.Hear(t.Context(), &heard), who, path, nil); status != http.StatusOK {
		t.Fatalf("%s: %d", path, status)
	}
	return heard
}

// start starts the session that the last of the main pages shows, on both sites.
func start(t testing.TB, sites [2]*grown) {
	t.Helper()
	for _, g := range sites {
		if g.ask(t.Context(), "owner", "POST /sessions/{running}/start", url.Values{}) != http.StatusSeeOther {
			t.Fatal("the session does not start")
		}
	}
}

// grow creates a grown site in an empty database.
func grow(t testing.TB, db *database.DB, size Size) *grown {
	t.Helper()
	now := time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)
	v := dbtest.Vault(t, db)
	to, err := NewTarget(db, v, accounts.NewHashing(1, 8))
	if err != nil {
		t.Fatal(err)
	}
	people, err := Grow(t.Context(), to, size, now)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Analyze(t, db)
	st := to.Stores
	return newGrown(t, db, web.Site{
		Audit:    audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return now }),
		Accounts: st.Accounts, Couples: st.Couples, Sessions: st.Sessions, Worksheets: st.Worksheets, Promises: st.Promises,
		Calendar: st.Calendar, Consents: st.Consents, Treatment: st.Treatment, Reminders: reminders.NewStore(db, v),
		Notes: notes.NewStore(db, st.Accounts, st.Sessions, st.Worksheets, st.Calendar, st.Treatment, st.Promises),
		Records: records.NewStore(db, v, records.Sources{
			Accounts: st.Accounts, Couples: st.Couples, Consents: st.Consents, Sessions: st.Sessions,
			Worksheets: st.Worksheets, Promises: st.Promises, Treatment: st.Treatment,
		}),
		Ready: func(*http.Request) error { return nil }, Now: func() time.Time { return now },
	}, people)
}
