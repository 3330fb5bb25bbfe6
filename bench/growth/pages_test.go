package growth

import (
	"cmp"
	"strings"
	"testing"

	"mend/internal/dbtest"
)

// TestAPageCostsTheSameWithTwentyTimesTheCouples compares a counselor's twenty couples with a whole
// practice: each page runs the same queries, for which PostgreSQL reads about as many rows.
// `make growth` measures the time.
func TestAPageCostsTheSameWithTwentyTimesTheCouples(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			sites := [2]*grown{
				grow(t, dbtest.Open(t, engine), Size{Couples: 20, Years: 2, Brief: true}),
				grow(t, dbtest.Open(t, engine), Size{Couples: 400, Years: 2, Brief: true}),
			}
			for who, paths := range otherPages {
				for _, path := range strings.Fields(paths) {
					costsTheSame(t, sites, path, who, path)
				}
			}
			for _, p := range mainPages {
				if p.name == "running session" {
					start(t, sites)
				}
				costsTheSame(t, sites, p.name, p.who, p.path)
			}
		})
	}
}

// otherPages are further pages by the role that opens them.
var otherPages = map[string]string{
	"owner": `/audit /couples/import /couples/new /couples/{couple}/appointments/new /couples/{couple}/boundaries
		/couples/{couple}/close /couples/{couple}/notes/new /couples/{couple}/prepare /couples/{couple}/pulse/joint
		/couples/{couple}/retention /couples/{couple}/sessions/new /couples/{couple}/setback
		/couples/{couple}/treatment-plan /partners/{partner}/consents /partners/{partner}/contact
		/partners/{partner}/file /partners/{partner}/requests /partners/{partner}/statement
		/sessions/{signed} /emergency-access /library/pathways /sessions/{running}/plan /sessions/{running}/locations`,
	"front desk": `/front-desk/couples/{couple} /front-desk/couples/{couple}/appointments/new`,
	"partner":    `/my/access /my/answers /my/consents /my/policy /my/promises /my/pulse /my/settings /my/appointment`,
}

// costsTheSame fails the test if a page runs other queries with many couples, or reads more rows.
func costsTheSame(t *testing.T, sites [2]*grown, name, who, path string) {
	t.Helper()
	var queries, rows [2]int
	for i, g := range sites {
		g.open(t, who, path) // fills caches, and stores that the login was used
		heard := g.open(t, who, path)
		queries[i], rows[i] = len(heard), dbtest.RowsRead(t, g.db, heard)
	}
	t.Logf("%-22s %3d queries, %4d and %4d rows", name, queries[1], rows[0], rows[1])
	if queries[0] != queries[1] {
		t.Errorf("%s: %d queries instead of %d", name, queries[1], queries[0])
	}
	if rows[1] > rows[0]+cmp.Or(longerLists[name], planMayDiffer) {
		t.Errorf("%s reads %d rows instead of %d", name, rows[1], rows[0])
	}
}

// planMayDiffer is how many more rows PostgreSQL may read because it scans in a different order. The
// counselor has 80 couples more, the practice 380.
const planMayDiffer = 60

// longerLists are the pages whose list is longer with many couples, with how many more rows they may
// read: a page of it has up to 50 couples, each with several rows.
var longerLists = map[string]int{"couples": 300, "supervision": 200, "everybody's day": 200}
