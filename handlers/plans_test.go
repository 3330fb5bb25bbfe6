package handlers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"mend/demo"
	"mend/handlers/web"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// small lists the tables that do not grow with a practice's couples, or have one row per practice
// or counselor.
var small = map[string]bool{
	"practices": true, "counselors": true, "definitions": true, "own_worksheets": true,
	"own_versions": true, "pathways": true,
	"vault_proof": true, "vault_escrow": true, "supervisions": true, "audit_heads": true, "setup": true,
	"practice_safety": true, "policies": true, "goose_db_version": true,
}

var aliases = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z_]+))?`)

// tableOf returns the table with the given name or alias in a query.
func tableOf(query, name string) string {
	for _, m := range aliases.FindAllStringSubmatch(query, -1) {
		if m[2] == name {
			return m[1]
		}
	}
	return name
}

// TestNoPageReadsAGrowingTableFromEndToEnd checks the engine's plan for each query of each page and
// save, so that a page with ten years of records is as fast as with one.
func TestNoPageReadsAGrowingTableFromEndToEnd(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.dana).post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		heard := map[string]string{} // query -> the route that ran it
		for _, route := range routesOf(w.site) {
			v := visits[route.Method+" "+route.Path].with(things)
			if route.Path == "/sessions/:session/changes" || strings.HasSuffix(route.Path, "/stream") {
				continue
			}
			request := httptest.NewRequest(route.Method, v.path, strings.NewReader(v.form.Encode()))
			if route.Method != http.MethodGet {
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				request.Header.Set("Sec-Fetch-Site", "same-origin")
			}
			request.Host = strings.TrimPrefix(w.url, "http://")
			if route.Who.Role != web.Anyone.Role {
				signIn := w.rightful(route.Who)
				if signIn == "" {
					signIn = w.dana
				}
				for _, cookie := range w.as(signIn).client.Jar.Cookies(mustParse(w.url)) {
					request.AddCookie(cookie)
				}
			}
			request = request.WithContext(database.WithQueryHook(request.Context(),
				func(query string, _ []any) { heard[query] = route.Method + " " + route.Path }))
			answered := httptest.NewRecorder()
			w.server.Config.Handler.ServeHTTP(answered, request)
			if route.Method == http.MethodGet && answered.Code != v.want && answered.Code >= 400 {
				t.Errorf("%s was not shown: %d", route.Path, answered.Code)
			}
		}
		grows := map[string]bool{}
		tables, err := w.db.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			grows[table.Name] = !small[table.Name]
		}
		if len(heard) < 150 {
			t.Errorf("only %d queries were heard", len(heard))
		}
		for query, route := range heard {
			if strings.Contains(query, "pg_notify") {
				continue
			}
			scans, err := w.db.Scans(context.Background(), query)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, name := range scans {
				if table := tableOf(query, name); grows[table] {
					t.Errorf("%s reads all of %s for %s", route, table, strings.Join(strings.Fields(query), " "))
				}
			}
		}
		t.Logf("%d queries", len(heard))
	})
}
