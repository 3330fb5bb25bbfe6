package verification_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
)

// An intruder has direct access to the database and changes rows without the program and its
// triggers.
type intruder struct {
	*testing.T
	db *database.DB
}

func newIntruder(t *testing.T, db *database.DB) *intruder {
	t.Helper()
	h := &intruder{T: t, db: db}
	if db.Engine() == database.SQLite {
		var triggers []string
		must(t, db.Select(t.Context(), &triggers, `SELECT name FROM sqlite_master WHERE type = 'trigger'`))
		for _, name := range triggers {
			h.exec(`DROP TRIGGER ` + name)
		}
	}
	return h
}

// exec runs a statement on a connection that does not enforce foreign keys.
func (h *intruder) exec(query string, args ...any) error {
	conn, err := h.db.Pool().Connx(h.Context())
	must(h.T, err)
	defer conn.Close()
	off, on := `PRAGMA foreign_keys = OFF`, `PRAGMA foreign_keys = ON`
	if h.db.Engine() == database.Postgres {
		off, on = `SET session_replication_role = replica`, `SET session_replication_role = DEFAULT`
	}
	_, err = conn.ExecContext(h.Context(), off)
	must(h.T, err)
	_, failed := conn.ExecContext(h.Context(), h.db.Pool().Rebind(query), args...)
	_, err = conn.ExecContext(h.Context(), on)
	must(h.T, err)
	return failed
}

func (h *intruder) rows(t database.Table) (rows [][]any) {
	h.Helper()
	must(h.T, h.db.Rows(h.Context(), t, func(row []any) error {
		rows = append(rows, slices.Clone(row))
		return nil
	}))
	return rows
}

// A change is a change of one value, or the deletion or addition of a row.
type change struct {
	what string // the column, "-" for a deletion or "+" for an addition
	row  []any  // the row before; nil for an addition
	to   []any  // the row after; nil for a deletion
}

// each returns how many changes of a kind are tried for each column: three with CI=true, one
// elsewhere. What is found does not depend on the engine, so only one is tried on PostgreSQL, where
// verification takes longer.
func (h *intruder) each() int {
	if h.db.Engine() == database.SQLite && os.Getenv("CI") == "true" {
		return 3
	}
	return 1
}

// changes returns random changes of each column, and deletions and additions of rows.
func (h *intruder) changes(t database.Table, rows [][]any) (list []change) {
	for n := range min(h.each(), len(rows)) {
		row := rows[rand.IntN(len(rows))]
		list = append(list, change{"-", row, nil})
		for i, column := range t.Columns {
			row := rows[(rand.IntN(len(rows))+n)%len(rows)]
			to := slices.Clone(row)
			to[i] = other(rows, i, row[i], t.Kinds[i])
			list = append(list, change{column, row, to})
		}
		if i := slices.Index(t.Columns, "id"); i >= 0 && t.Kinds[i] == database.Text {
			added := slices.Clone(row)
			added[i] = fmt.Sprintf("ADDED%021d", n)
			list = append(list, change{"+", nil, added})
		}
	}
	return list
}

// other returns another value for a column: that of another row, or a made-up one.
func other(rows [][]any, column int, value any, kind database.Kind) any {
	for range 4 {
		v := rows[rand.IntN(len(rows))][column]
		was, wasBytes := value.([]byte)
		is, isBytes := v.([]byte)
		neither := len(was) == 0 && len(is) == 0 && (wasBytes || isBytes) // an empty sealed value and a missing one
		if !neither && fmt.Sprint(v) != fmt.Sprint(value) {
			return v
		}
	}
	switch kind {
	case database.Bytes:
		was, _ := value.([]byte)
		changed := append([]byte{1}, was...)
		return changed
	case database.Time:
		was, _ := value.(time.Time)
		return was.Add(26 * time.Hour)
	case database.Boolean:
		is, _ := value.(bool)
		return !is
	case database.Integer:
		n, _ := value.(int64)
		return n + 1
	}
	text, _ := value.(string)
	return text + "x"
}

// apply makes a change and reports whether the schema accepted it.
func (h *intruder) apply(t database.Table, c change) bool {
	h.Helper()
	if c.row != nil {
		where, args := matching(t, c.row)
		if c.to == nil {
			return h.exec(`DELETE FROM `+t.Name+` WHERE `+where, args...) == nil
		}
		i := slices.Index(t.Columns, c.what)
		return h.exec(`UPDATE `+t.Name+` SET `+c.what+` = ? WHERE `+where, append([]any{c.to[i]}, args...)...) == nil
	}
	return h.insert(t, c.to) == nil
}

// emptied returns " emptied" if a change removes a sealed value without putting another in its
// place, and "" otherwise.
func (h *intruder) emptied(t database.Table, c change) string {
	i := slices.Index(t.Columns, c.what)
	if i < 0 || t.Kinds[i] != database.Bytes {
		return ""
	}
	if left, _ := c.to[i].([]byte); len(left) > 0 {
		return ""
	}
	return " emptied"
}

// matching returns a condition on all columns, which only this row meets.
func matching(t database.Table, row []any) (where string, args []any) {
	var parts []string
	for i, column := range t.Columns {
		if row[i] == nil {
			parts = append(parts, column+" IS NULL")
			continue
		}
		parts, args = append(parts, column+" = ?"), append(args, row[i])
	}
	return strings.Join(parts, " AND "), args
}

func (h *intruder) insert(t database.Table, row []any) error {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(row)), ", ")
	return h.exec(`INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+marks+`)`, row...)
}

// undo reverts a change.
func (h *intruder) undo(t database.Table, c change) {
	h.Helper()
	var err error
	switch {
	case c.row == nil:
		where, args := matching(t, c.to)
		err = h.exec(`DELETE FROM `+t.Name+` WHERE `+where, args...)
	case c.to == nil:
		err = h.insert(t, c.row)
	case !h.apply(t, change{c.what, c.to, c.row}):
		err = fmt.Errorf("the %s of a row of %s cannot be put back", c.what, t.Name)
	}
	must(h.T, err)
}
