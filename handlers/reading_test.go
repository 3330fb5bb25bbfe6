package handlers

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/handlers/web"
	"mend/internal/dbtest"
)

// tableNames returns the tables of the database, except those of the log.
func (w *world) tableNames() []string {
	w.t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if w.db.Engine() == "postgres" {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	var names []string
	if err := w.db.Select(w.t.Context(), &names, query); err != nil || len(names) < 40 {
		w.t.Fatal(len(names), err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "audit_") })
}

// states returns a checksum of each table.
func (w *world) states(tables []string) map[string]string {
	w.t.Helper()
	sums := map[string]string{}
	for _, table := range tables {
		rows, err := w.db.Pool().QueryxContext(w.t.Context(), `SELECT * FROM `+table)
		if err != nil {
			w.t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			row, err := rows.SliceScan()
			if err != nil {
				w.t.Fatal(err)
			}
			lines = append(lines, fmt.Sprint(row...))
		}
		rows.Close()
		slices.Sort(lines)
		sums[table] = fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return sums
}

// TestWhatIsReadChangesNothing gets every page as the person it is for. Only the log and the last
// use of a login may change.
func TestWhatIsReadChangesNothing(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		people := map[string]*browser{}
		tables := slices.DeleteFunc(w.tableNames(), func(name string) bool { return name == "logins" })
		for _, who := range []web.Access{web.Anyone, web.Counselor, web.Owner, web.Staff, web.Supervisor, web.FrontDesk, web.Partner, web.Somebody} {
			people[who.Role] = w.as(w.rightful(who))
		}
		people[web.Anyone.Role] = w.browser()
		before := w.states(tables)
		for _, route := range routesOf(w.site) {
			name := "GET " + route.Path
			if route.Method != http.MethodGet || strings.Contains(route.Path, "stream") ||
				strings.HasSuffix(route.Path, "/changes") {
				continue
			}
			visits[name].with(things).call(people[route.Who.Role], name)
			for table, sum := range w.states(tables) {
				if sum != before[table] {
					t.Errorf("%s changed %s", name, table)
					before[table] = sum
				}
			}
		}
	})
}

// TestALoginIsTheSameAfterReading: except for its last use.
func TestALoginIsTheSameAfterReading(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		state := func() string {
			return w.one(
				`SELECT token_hash || device || COALESCE(CAST(revoked_at AS TEXT),
					'') || CAST(absolute_until AS TEXT) || CAST(fresh_until AS TEXT)
				FROM logins ORDER BY created_at DESC, id LIMIT 1`)
		}
		before := state()
		w.now = w.now.Add(time.Minute)
		for _, path := range []string{"/", "/logout", "/exit", "/login", "/reauthenticate", "/practice-run/end"} {
			dana.get(path)
		}
		if after := state(); after != before {
			t.Errorf("got %s, was %s", after, before)
		}
	})
}
