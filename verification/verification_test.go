package verification_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/verification"
)

// run returns the result of Run.
func (p *place) run() verification.Result {
	p.Helper()
	r, err := verification.Run(p.Context(), p.db, p.vault, p.log, now)
	must(p.T, err)
	return r
}

func (p *place) foundNow(says string) {
	p.Helper()
	for _, f := range p.run().Findings {
		if strings.Contains(f, says) {
			return
		}
	}
	p.Errorf("%q is not found", says)
}

// TestAGuardThatIsLeftOutIsFound, and so is one that was replaced or added.
func TestAGuardThatIsLeftOutIsFound(t *testing.T) {
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		if r := p.run(); len(r.Findings) > 0 || r.Entries == 0 || r.Things < 50 {
			t.Fatalf("before anything was changed: %+v", r)
		}
		change := func(sqlite, postgres string) {
			t.Helper()
			query := sqlite
			if db.Engine() == database.Postgres {
				query = postgres
			}
			_, err := db.Pool().ExecContext(t.Context(), query)
			must(t, err)
		}
		change(`DROP TRIGGER notes_signed_update`, `DROP TRIGGER notes_signed_update ON notes`)
		p.foundNow("notes_signed_update is missing")
		change(`DROP TRIGGER addenda_update`, `ALTER TABLE addenda DISABLE TRIGGER addenda_update`)
		change(`CREATE TRIGGER addenda_update BEFORE UPDATE ON addenda BEGIN SELECT 1; END`, `SELECT 1`)
		p.foundNow("addenda_update is not as it was made")
		change(`CREATE TRIGGER more AFTER INSERT ON fields BEGIN SELECT 1; END`,
			`CREATE TRIGGER more AFTER INSERT ON fields FOR EACH ROW EXECUTE FUNCTION refuse_change()`)
		p.foundNow("more was not made by Mend")
		change(`SELECT 1`,
			`CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`)
		if db.Engine() == database.Postgres {
			p.foundNow("function refuse_change is not as it was made")
		}
	})
}

// TestARowThatRefersToNothingIsFound.
func TestARowThatRefersToNothingIsFound(t *testing.T) {
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		h := &intruder{T: t, db: db}
		must(t, h.exec(`UPDATE goals SET couple_id = 'nobody'`))
		p.foundNow("a row of goals refers to a row of couples that is not there")
	})
}

// TestRubbishInTheFileIsFound: Run uses SQLite's own check and reports a page that cannot be read.
func TestRubbishInTheFileIsFound(t *testing.T) {
	path := t.TempDir() + "/mend.db"
	db, err := database.Open(t.Context(), path)
	must(t, err)
	_, err = db.Exec(t.Context(), `CREATE TABLE filled (id INTEGER PRIMARY KEY, words TEXT)`)
	must(t, err)
	for range 200 {
		_, err = db.Exec(t.Context(), `INSERT INTO filled (words) VALUES (?)`, strings.Repeat("x", 300))
		must(t, err)
	}
	must(t, db.Close())
	raw, err := os.ReadFile(path)
	must(t, err)
	copy(raw[len(raw)-4096:], strings.Repeat("rubbish ", 64))
	must(t, os.WriteFile(path, raw, 0o600))
	if db, err = database.Open(t.Context(), path); err != nil {
		return // it cannot even be opened
	}
	defer db.Close()
	if list, err := db.Faults(t.Context()); err != nil || len(list) == 0 {
		t.Error(list, err)
	}
}

// TestASealedValueThatDoesNotOpenIsFound in every table that has one. The finding names the table,
// the row and the column, but not the value.
func TestASealedValueThatDoesNotOpenIsFound(t *testing.T) {
	dbtest.Long(t)
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		h, tables := newIntruder(t, db), 0
		all, err := db.Tables(t.Context())
		must(t, err)
		for _, table := range all {
			rows := h.rows(table)
			for i, column := range table.Columns {
				if table.Kinds[i] != database.Bytes || strings.HasPrefix(table.Name, "vault_") {
					continue
				}
				n := slices.IndexFunc(rows, func(row []any) bool { value, _ := row[i].([]byte); return len(value) > 0 })
				if n < 0 {
					continue // the story stores none
				}
				tables++
				to := slices.Clone(rows[n])
				to[i] = append([]byte{rows[n][i].([]byte)[0] ^ 1}, rows[n][i].([]byte)[1:]...)
				if !h.apply(table, change{column, rows[n], to}) {
					t.Errorf("%s.%s was not changed", table.Name, column)
				}
				list, err := verification.Looks["what is sealed"](t.Context(), db, p.vault)
				must(t, err)
				if len(list) != 1 || !strings.HasPrefix(list[0], table.Name+" ") ||
					!strings.HasSuffix(list[0], ": its "+column+" does not open") {
					t.Errorf("%s.%s: %v", table.Name, column, list)
				}
				h.undo(table, change{column, rows[n], to})
			}
		}
		if tables < 25 {
			t.Errorf("only %d columns", tables)
		}
	})
}
