package dbtest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"mend/internal/database"
)

// A Query is a query that a page ran, with its values.
type Query struct {
	Text string
	Args []any
}

// Hear returns a context that adds every query that runs with it to list.
func Hear(ctx context.Context, list *[]Query) context.Context {
	return database.WithQueryHook(ctx, func(text string, args []any) {
		*list = append(*list, Query{text, slices.Clone(args)})
	})
}

// Analyze tells the planner how much the tables hold now.
func Analyze(t testing.TB, db *database.DB) {
	t.Helper()
	exec(t, db, "ANALYZE")
}

// RowsRead runs the queries of a page once more and returns how many table rows PostgreSQL reads
// for them, if it plans as it does for large tables. On SQLite, which does not tell, it returns 0.
// Like the time of a page this grows with what the page has to search, but it is the same on a
// busy machine.
func RowsRead(t testing.TB, db *database.DB, queries []Query) (sum int) {
	t.Helper()
	if db.Engine() != database.Postgres {
		return 0
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		for _, set := range []string{
			"SET LOCAL enable_seqscan = off", "SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off",
		} {
			if _, err := tx.Exec(ctx, set); err != nil {
				return err
			}
		}
		for _, q := range queries {
			n, err := rowsOf(ctx, tx, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.Text, err)
			}
			sum += n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// rowsOf returns how many table rows a query reads, or 0 if it is not a SELECT.
func rowsOf(ctx context.Context, tx *database.DB, q Query) (int, error) {
	text := strings.TrimSpace(q.Text)
	if !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") {
		return 0, nil
	}
	var explained string
	if err := tx.Get(ctx, &explained, "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+text, q.Args...); err != nil {
		return 0, err
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(explained), &plans); err != nil {
		return 0, err
	}
	return plans[0].Plan.read(), nil
}

// A planNode is a node of PostgreSQL's EXPLAIN ANALYZE output.
type planNode struct {
	Relation string     `json:"Relation Name"`
	Rows     float64    `json:"Actual Rows"`
	Loops    float64    `json:"Actual Loops"`
	Filtered float64    `json:"Rows Removed by Filter"`
	Recheck  float64    `json:"Rows Removed by Index Recheck"`
	Plans    []planNode `json:"Plans"`
}

// read returns the number of table rows read by n and the nodes below it.
func (n planNode) read() int {
	sum := 0
	if n.Relation != "" {
		sum = int(math.Round((n.Rows + n.Filtered + n.Recheck) * n.Loops))
	}
	for _, below := range n.Plans {
		sum += below.read()
	}
	return sum
}
