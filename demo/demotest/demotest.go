// Package demotest gives tests the demo's practice in a database of their own.
package demotest

import (
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/demo"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/records"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

type content struct {
	method    *sessions.Method
	catalogue *worksheets.Catalogue
}

// load reads the method and the worksheets once for all tests.
var load = sync.OnceValues(func() (c content, err error) {
	if c.method, err = sessions.LoadMethod(); err == nil {
		c.catalogue, err = worksheets.LoadCatalogue(c.method)
	}
	return c, err
})

// Stores returns stores over db and its vault. Passwords cost next to nothing.
func Stores(t testing.TB, db *database.DB) demo.Stores {
	t.Helper()
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	v := dbtest.Vault(t, db)
	st := demo.Stores{
		Accounts: accounts.NewStore(db, v, accounts.NewHashing(1, 8)),
		Couples:  couples.NewStore(db, v, c.catalogue.BreachKindIDs()),
		Sessions: sessions.NewStore(db, v, c.method), Worksheets: worksheets.NewStore(db, v, c.catalogue),
		Promises: promises.NewStore(db, v, c.catalogue), Calendar: calendar.NewStore(db, v),
		Consents: consents.NewStore(db, v), Treatment: treatment.NewStore(db, v, c.method.Terms()),
	}
	st.Records = records.NewStore(db, v, records.Sources{
		Accounts: st.Accounts, Couples: st.Couples, Consents: st.Consents, Sessions: st.Sessions,
		Worksheets: st.Worksheets, Promises: st.Promises, Treatment: st.Treatment,
	})
	return st
}

// Practice is the demo's practice as it was at Now.
var Practice = dbtest.Template[[]demo.Person]{Seed: seed}

// Now is the moment at which the practice is seeded.
var Now = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func seed(t testing.TB, db *database.DB) []demo.Person {
	t.Helper()
	people, err := demo.Seed(t.Context(), Stores(t, db), demo.Stories, Now)
	if err != nil {
		t.Fatal(err)
	}
	return people
}
