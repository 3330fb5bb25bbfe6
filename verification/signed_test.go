package verification_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestAThousandChangesOfWhatWasSignedAreFound changes one value or one bit at a time in the
// stored rows of signed notes (with and without a session, joint ones and those in an
// individual file), of consents, of shared treatment plans and of releases. What is found does
// not depend on the engine, so fewer changes are tried on PostgreSQL.
func TestAThousandChangesOfWhatWasSignedAreFound(t *testing.T) {
	dbtest.Long(t)
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		if p.finds() {
			t.Fatal("it finds something before anything was changed: ", p.run().Findings)
		}
		tables := p.signedTables()
		h := newIntruder(t, db)
		for tried, most := 0, changesOf(db); tried < most; {
			table := tables[rand.IntN(len(tables))]
			row := table.signed[rand.IntN(len(table.signed))]
			c := anyChange(table, row)
			if !h.apply(table.Table, c) {
				continue // the schema refuses it
			}
			tried++
			if !p.finds() {
				t.Errorf("another %s of %s %v was not found", c.what, table.Name, row[0])
			}
			h.undo(table.Table, c)
		}
		if p.finds() {
			t.Error("the database was not put back")
		}
	})
}

// changesOf returns how many changes are tried.
func changesOf(db *database.DB) int {
	if db.Engine() == database.Postgres {
		return 200
	}
	return 1000
}

// A signedTable is a table with all its rows and those that belong to a signed document.
type signedTable struct {
	database.Table
	all, signed [][]any
}

// signedTables returns the tables that hold signed documents. Of notes, and of their fields,
// addenda and files, only the rows of signed notes count as signed.
func (p *place) signedTables() (list []signedTable) {
	p.Helper()
	var ids []string
	must(p.T, p.db.Select(p.Context(), &ids, `SELECT id FROM notes WHERE signed_at IS NOT NULL`))
	tables, err := p.db.Tables(p.Context())
	must(p.T, err)
	whole := []string{
		"consents", "consent_versions", "consent_answers", "treatment_plan_versions", "treatment_plan_answers",
		"authorizations", "authorization_answers", "releases", "disclosures",
	}
	for _, t := range tables {
		note := map[string]string{
			"notes": "id", "fields": "owner_id", "addenda": "note_id", "note_files": "note_id",
		}[t.Name]
		if note == "" && !slices.Contains(whole, t.Name) {
			continue
		}
		of := signedTable{Table: t}
		must(p.T, p.db.Rows(p.Context(), t, func(row []any) error {
			of.all = append(of.all, slices.Clone(row))
			if at := slices.Index(t.Columns, note); at >= 0 {
				if id, _ := row[at].(string); !slices.Contains(ids, id) {
					return nil
				}
			}
			of.signed = append(of.signed, slices.Clone(row))
			return nil
		}))
		if len(of.signed) == 0 {
			p.Fatalf("there is nothing signed in %s", t.Name)
		}
		list = append(list, of)
	}
	return list
}

// anyChange returns a random change of one value of row, or its deletion.
func anyChange(t signedTable, row []any) change {
	i := rand.IntN(len(row) + 1)
	if i == len(row) {
		return change{"-", row, nil}
	}
	to := slices.Clone(row)
	if sealed, ok := row[i].([]byte); ok && len(sealed) > 0 {
		changed := slices.Clone(sealed)
		changed[rand.IntN(len(changed))] ^= 1 << rand.IntN(8)
		to[i] = changed
	} else {
		to[i] = other(t.all, i, row[i], t.Kinds[i])
	}
	return change{t.Columns[i], row, to}
}
