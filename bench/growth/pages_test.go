package growth

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
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
	one("signed", `SELECT id FROM sessions WHERE couple_id = ? AND signed ORDER BY starts_at LIMIT 1`, couple)
	one("running", `SELECT id FROM sessions WHERE couple_id = ? AND state <> 'ended' ORDER BY starts_at LIMIT 1`, couple)
	one("sent", `SELECT a.assignment_id FROM answers a JOIN assignments s ON s.id = a.assignment_id
		WHERE a.partner_id = ? AND a.state = 'sent' AND s.worksheet = 'trust-pulse' ORDER BY a.sent_at DESC LIMIT 1`, partner)
	one("open", `SELECT a.assignment_id FROM answers a JOIN assignments s ON s.id = a.assignment_id
		WHERE a.partner_id = ? AND a.state = 'open' AND s.worksheet = 'trust-pulse'`, partner)
}

// ask requests a path as somebody of a role and returns the status. It counts queries in n.
func (g *grown) ask(t testing.TB, who, path string, form url.Values, n *atomic.Int64) int {
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
	if n != nil {
		request = request.WithContext(database.WithQueryCount(request.Context(), n))
	}
	recorder := httptest.NewRecorder()
	g.handler.ServeHTTP(recorder, request)
	return recorder.Code
}

// A cost is a page's number of queries and its fastest time of many.
type cost struct {
	queries int64
	took    time.Duration
}

// costs opens each main page of both sites alternately.
func costs(t testing.TB, sites [2]*grown, times int) map[string][2]cost {
	t.Helper()
	all := map[string][2]cost{}
	for _, p := range mainPages {
		for _, g := range sites {
			if p.name == "running session" && g.ask(t, p.who, "POST /sessions/{running}/start", url.Values{},
				nil) != http.StatusSeeOther {
				t.Fatal("the session does not start")
			}
		}
		all[p.name] = costsOfPage(t, sites, p.who, p.path, times)
	}
	return all
}

// costsOfPage opens a page of both sites alternately.
func costsOfPage(t testing.TB, sites [2]*grown, who, path string, times int) (both [2]cost) {
	t.Helper()
	for n := range times + 2 { // the first two fill caches
		for i, g := range sites {
			var queries atomic.Int64
			began := time.Now()
			if status := g.ask(t, who, path, nil, &queries); status != http.StatusOK {
				t.Fatalf("%s: %d", path, status)
			}
			took := time.Since(began)
			if n < 2 {
				continue
			}
			both[i] = cost{queries.Load(), min(took, cmp.Or(both[i].took, took))}
		}
	}
	return both
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
	st := to.Stores
	return newGrown(t, db, web.Site{
		Audit:    audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return now }),
		Accounts: st.Accounts, Couples: st.Couples, Sessions: st.Sessions, Worksheets: st.Worksheets, Promises: st.Promises,
		Calendar: st.Calendar, Consents: st.Consents, Treatment: st.Treatment, Reminders: reminders.NewStore(db, v),
		Notes: notes.NewStore(db, st.Accounts, st.Sessions, st.Worksheets, st.Calendar, st.Treatment),
		Records: records.NewStore(db, v, records.Sources{
			Accounts: st.Accounts, Couples: st.Couples, Consents: st.Consents, Sessions: st.Sessions,
			Worksheets: st.Worksheets, Promises: st.Promises, Treatment: st.Treatment,
		}),
		Ready: func(*http.Request) error { return nil }, Now: func() time.Time { return now },
	}, people)
}

// TestAPageCostsTheSameWithTwentyTimesTheCouples compares a counselor's twenty couples with a whole
// practice. The ratio is loose because other programs run beside the test; `make growth` measures.
func TestAPageCostsTheSameWithTwentyTimesTheCouples(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			few := grow(t, dbtest.Open(t, engine), Size{Couples: 20, Years: 2, Brief: true})
			many := grow(t, dbtest.Open(t, engine), Size{Couples: 400, Years: 2, Brief: true})
			for name, c := range costs(t, [2]*grown{few, many}, 12) {
				ratio := float64(c[1].took) / float64(c[0].took)
				t.Logf("%-18s %3d queries, %.2f times", name, c[1].queries, ratio)
				if c[0].queries != c[1].queries {
					t.Errorf("%s: %d queries instead of %d", name, c[1].queries, c[0].queries)
				}
				if ratio > 3 {
					t.Errorf("%s takes %.1f times as long", name, ratio)
				}
			}
		})
	}
}
