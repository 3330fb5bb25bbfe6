package couples_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestEverythingThatIsKeptOfAPartnerIsInTheTable: each text of a partner except ids, and each
// sealed column, is one of its fields.
func TestEverythingThatIsKeptOfAPartnerIsInTheTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var p couples.Partner
		reached := map[*string]bool{}
		names := map[string]bool{}
		for name, value := range p.Fields() {
			reached[value], names[name] = true, true
		}
		v := reflect.ValueOf(&p).Elem()
		for i := range v.NumField() {
			field := v.Type().Field(i)
			value, isText := v.Field(i).Addr().Interface().(*string)
			if isText && !reached[value] && !slices.Contains([]string{"ID", "PracticeID", "CoupleID"}, field.Name) {
				t.Errorf("%s of a partner is neither checked nor saved nor erased: add it to partnerFields", field.Name)
			}
		}
		tables, err := db.Tables(t.Context())
		i := slices.IndexFunc(tables, func(table database.Table) bool { return table.Name == "partners" })
		if err != nil || i < 0 {
			t.Fatal(err)
		}
		stored := map[string]bool{}
		for k, column := range tables[i].Columns {
			if tables[i].Kinds[k] == database.Bytes {
				stored[column] = true
			}
		}
		if !maps.Equal(stored, names) {
			t.Errorf("sealed columns are %v, fields %v", stored, names)
		}
	})
}

// known are the fields of a partner that the other partner may read.
var known = []string{"name", "address_as"}

// TestAPartnersFieldsComeBackAndStayTheirs: they are read as saved, and the other partner reads
// only the names.
func TestAPartnersFieldsComeBackAndStayTheirs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		want := c.Partners[0]
		for name, value := range want.Fields() {
			*value = "the " + name
		}
		if err := st.SavePartner(t.Context(), c, want); err != nil {
			t.Fatal(err)
		}
		if got := find(t, st, c).Partners[0]; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		seen, _, err := st.FindForPartner(t.Context(), c.PracticeID, c.Partners[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range seen.Partners[0].Fields() {
			if slices.Contains(known, name) != (*value == "the "+name) {
				t.Errorf("the other partner reads %q of %s", *value, name)
			}
		}
	})
}
