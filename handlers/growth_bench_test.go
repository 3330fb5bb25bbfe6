package handlers

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/demo"
	"mend/internal/figures"
)

var (
	growth = flag.Int("growth", 2000, "couples that BenchmarkGrowth grows")
	years  = flag.Int("years", 10, "years of their records")
	writes = flag.String("figures", "", "document that takes the figures of BenchmarkGrowth and BenchmarkRatios; none if not given")
)

// BenchmarkGrowth compares each main page with -growth couples to the same page
// with twenty, on both engines. What counts are the ratios.
func BenchmarkGrowth(b *testing.B) {
	rows := [][]string{{"page", "queries", "SQLite, 20 couples", fmt.Sprintf("%d couples", *growth), "times", "PostgreSQL, 20 couples", fmt.Sprintf("%d couples", *growth), "times"}}
	var costsOf []map[string][2]cost
	var said []string
	for _, open := range []func(testing.TB) *database.DB{dbtest.SQLite, dbtest.Postgres} {
		few := grow(b, open(b), demo.Size{Couples: 20, Years: *years})
		began := time.Now()
		many := grow(b, open(b), demo.Size{Couples: *growth, Years: *years})
		said = append(said, fmt.Sprintf("On %s they were there after %s: %s.", many.db.Engine(), time.Since(began).Round(time.Second), many.amount(b)))
		costsOf = append(costsOf, costs(b, [2]*grown{few, many}, 60))
	}
	for _, p := range mainPages {
		s, g := costsOf[0][p.name], costsOf[1][p.name]
		queries := fmt.Sprint(s[1].queries)
		for _, c := range []cost{s[0], g[0], g[1]} {
			if c.queries != s[1].queries {
				queries = fmt.Sprintf("%d, %d; %d, %d", s[0].queries, s[1].queries, g[0].queries, g[1].queries)
			}
		}
		rows = append(rows, []string{p.name, queries, figures.Milliseconds(s[0].took), figures.Milliseconds(s[1].took), figures.Times(s[1].took, s[0].took),
			figures.Milliseconds(g[0].took), figures.Milliseconds(g[1].took), figures.Times(g[1].took, g[0].took)})
	}
	text := fmt.Sprintf("## Growth: %d couples with %d years of records\n\n`make growth`. A counselor has a hundred couples, a practice twenty counselors; each page is the fastest of sixty, opened by turns with the same page of twenty couples. %s %s\n\n%s",
		*growth, *years, said[0], said[1], figures.Table(rows...))
	b.Log(text)
	if *writes != "" {
		if err := figures.Write(*writes, "growth", text); err != nil {
			b.Fatal(err)
		}
	}
}

// amount says how much there is.
func (g *grown) amount(b *testing.B) string {
	text := ""
	for i, table := range []string{"practices", "couples", "sessions", "answers", "typed", "audit_log"} {
		var n int
		if err := g.db.Get(b.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil {
			b.Fatal(err)
		}
		name := map[string]string{"typed": "saved fields", "audit_log": "entries of the log"}[table]
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
