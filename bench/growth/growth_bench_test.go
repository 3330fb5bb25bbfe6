package growth

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"mend/internal/benchdoc"
	"mend/internal/database"
	"mend/internal/dbtest"
)

var (
	growth = flag.Int("growth", 2000, "couples that BenchmarkGrowth grows")
	years  = flag.Int("years", 10, "years of their records")
	writes = flag.String("figures", "",
		"document that takes the figures; none if not given")
)

// BenchmarkGrowth compares each main page with -growth couples to the same page with twenty, on
// both engines. The ratios are what matters.
func BenchmarkGrowth(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *database.DB
	}{{"SQLite", dbtest.SQLite}, {"PostgreSQL", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) { benchGrowth(b, engine.name, engine.open) })
	}
}

func benchGrowth(b *testing.B, engine string, open func(testing.TB) *database.DB) {
	few := grow(b, open(b), Size{Couples: 20, Years: *years})
	began := time.Now()
	many := grow(b, open(b), Size{Couples: *growth, Years: *years})
	took := time.Since(began).Round(time.Second)
	costsOf := costs(b, [2]*grown{few, many}, 60)
	rows := [][]string{{"page", "queries", "20 couples", fmt.Sprintf("%d couples", *growth), "times"}}
	for _, p := range mainPages {
		c := costsOf[p.name]
		queries := fmt.Sprint(c[1].queries)
		if c[0].queries != c[1].queries {
			queries = fmt.Sprintf("%d, %d", c[0].queries, c[1].queries)
		}
		rows = append(rows,
			[]string{
				p.name, queries, benchdoc.Milliseconds(c[0].took), benchdoc.Milliseconds(c[1].took),
				benchdoc.Times(c[1].took, c[0].took),
			})
	}
	text := fmt.Sprintf("## Growth: %d couples with %d years of records, on %s\n\n`make growth`. A counselor has a "+
		"hundred couples, a practice twenty counselors; each page is the fastest of sixty, opened by turns with the same "+
		"page of twenty couples. They were there after %s: %s.\n\n%s",
		*growth, *years, engine, took, many.amount(b), benchdoc.Table(rows...))
	b.Log(text)
	if *writes != "" {
		if err := benchdoc.Write(*writes, "growth on "+engine, text); err != nil {
			b.Fatal(err)
		}
	}
}

// amount describes the size of the data.
func (g *grown) amount(b *testing.B) string {
	text := ""
	for i, table := range []string{"practices", "couples", "sessions", "answers", "fields", "audit_log"} {
		var n int
		if err := g.db.Get(b.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil {
			b.Fatal(err)
		}
		name := map[string]string{"fields": "saved fields", "audit_log": "entries of the log"}[table]
		if name == "" {
			name = table
		}
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", n, name)
	}
	return text
}

// A cost is a page's number of queries and its fastest time of many.
type cost struct {
	queries int64
	took    time.Duration
}

// costs opens each main page of both sites alternately.
func costs(b *testing.B, sites [2]*grown, times int) map[string][2]cost {
	b.Helper()
	all := map[string][2]cost{}
	for _, p := range mainPages {
		if p.name == "running session" {
			start(b, sites)
		}
		all[p.name] = costsOfPage(b, sites, p.who, p.path, times)
	}
	return all
}

// costsOfPage opens a page of both sites alternately.
func costsOfPage(b *testing.B, sites [2]*grown, who, path string, times int) (both [2]cost) {
	b.Helper()
	for n := range times + 2 { // the first two fill caches
		for i, g := range sites {
			var queries atomic.Int64
			began := time.Now()
			if status := g.ask(database.WithQueryCount(b.Context(), &queries), who, path, nil); status != http.StatusOK {
				b.Fatalf("%s: %d", path, status)
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
