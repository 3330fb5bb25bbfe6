package fields_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/vault"
)

var at = time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC)

func practice(t *testing.T, db *database.DB) string {
	t.Helper()
	_, err := db.Exec(t.Context(), `
		INSERT INTO practices (id, name, address, telephone, time_zone, letterhead, paper, created_at)
		VALUES ('p', 'Riverbend', '', '', 'UTC', '', 'Letter', ?)`, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := dbtest.Vault(t, db).CreatePractice(t.Context(), db, "p", at); err != nil {
		t.Fatal(err)
	}
	if err := dbtest.Vault(t, db).CreateCouple(t.Context(), db, "p", "couple", at); err != nil {
		t.Fatal(err)
	}
	return "p"
}

// place returns A's answer to a private page, as A may read it.
func place(t *testing.T, db *database.DB) fields.FieldSet {
	t.Helper()
	v, me := dbtest.Vault(t, db), vault.ForPartner("p", "robin", "couple", "A")
	box, err := v.Open(t.Context(), db, me,
		vault.Item{Couple: "couple", Material: vault.PrivatePage, State: vault.Draft, Of: "A"})
	if err != nil {
		t.Fatal(err)
	}
	apart, err := v.Open(t.Context(), db, me,
		vault.Item{Couple: "couple", Material: vault.CounselorField, State: vault.Draft, Of: "A"})
	if err != nil {
		t.Fatal(err)
	}
	return fields.FieldSet{
		Vault: v, Practice: "p", Owner: "answer", Box: box, CounselorBox: apart,
		IsCounselorOnly: func(field string) bool { return field == "alone" },
	}
}

func open(context.Context, *database.DB) error { return nil }

func save(t *testing.T, db *database.DB, e fields.Edit) (fields.Field, error) {
	t.Helper()
	e.At, e.By = at, "robin"
	return fields.InTx(t.Context(), db, place(t, db), e, open)
}

func TestAFieldGrowsByRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		for i, text := range []string{"I", "I was", "I was hurt."} {
			f, err := save(t, db, fields.Edit{Field: "now", Value: text, Base: i, Key: fmt.Sprint("k", i)})
			if err != nil || f.Revision != i+1 {
				t.Fatal(f, err)
			}
		}
		all, err := fields.All(t.Context(), db, place(t, db))
		if err != nil || all["now"].Value != "I was hurt." || all["now"].Revision != 3 || !all["now"].SavedAt.Equal(at) {
			t.Error(all, err)
		}
		elsewhere := place(t, db) // the same ids and keys, only another practice
		elsewhere.Practice = "another"
		if other, err := fields.All(t.Context(), db, elsewhere); err != nil || len(other) != 0 {
			t.Error("another practice reads", other, err)
		}
		if many, err := fields.Many(t.Context(), db, []fields.FieldSet{elsewhere}); err != nil || len(many["answer"]) != 0 {
			t.Error("another practice reads one of many", many, err)
		}
	})
}

func TestTheSameSaveTwiceIsOneSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		for range 3 {
			f, err := save(t, db, fields.Edit{Field: "now", Value: "once", Base: 0, Key: "same"})
			if err != nil || f.Revision != 1 {
				t.Fatal(f, err)
			}
		}
		for range 3 {
			f, err := save(t, db, fields.Edit{Field: "now", Value: "twice", Base: 1, Key: "next"})
			if err != nil || f.Revision != 2 {
				t.Fatal(f, err)
			}
		}
	})
}

func TestNobodyOverwritesWhatTheyHaveNotSeenAndTheLosingTextIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "from the phone", Base: 0, Key: "phone"})
		_, err := save(t, db, fields.Edit{Field: "now", Value: "from the laptop", Base: 0, Key: "laptop"})
		clash, ok := errors.AsType[fields.Clash](err)
		if !ok || clash.Theirs.Value != "from the phone" || !errors.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		elsewhere := place(t, db)
		elsewhere.Practice = "another"
		if other, err := fields.Copies(t.Context(), db, elsewhere, "robin"); err != nil || len(other) != 0 {
			t.Error("another practice reads", other, err)
		}
		copies, err := fields.Copies(t.Context(), db, place(t, db), "robin")
		if err != nil || len(copies) != 1 || copies[0].Field != "now" || copies[0].Value != "from the laptop" {
			t.Error(copies, err)
		}
	})
}

// TestTheLosingTextIsKeptThoughItsPageIsClosed while it is saved.
func TestTheLosingTextIsKeptThoughItsPageIsClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "from the phone", Base: 0, Key: "phone"})
		ctx, leave := context.WithCancel(t.Context())
		_, err := fields.InTx(ctx, db, place(t, db),
			fields.Edit{Field: "now", Value: "from the laptop", Base: 0, Key: "laptop", By: "robin", At: at},
			func(context.Context, *database.DB) error { leave(); return nil })
		if _, ok := errors.AsType[fields.Clash](err); !ok {
			t.Error(err)
		}
		copies, err := fields.Copies(t.Context(), db, place(t, db), "robin")
		if err != nil || len(copies) != 1 || copies[0].Value != "from the laptop" {
			t.Error(copies, err)
		}
	})
}

func TestTwoWindowsWithTheSameTextDoNotClash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "same", Base: 0, Key: "one"})
		if f, err := save(t, db, fields.Edit{Field: "now", Value: "same", Base: 0, Key: "two"}); err != nil ||
			f.Revision != 1 {
			t.Error(f, err)
		}
	})
}

func TestAGuardStopsTheSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		_, err := fields.InTx(t.Context(), db, place(t, db), fields.Edit{Field: "now", Value: "late", Key: "k", At: at},
			func(context.Context, *database.DB) error { return fault.Locked })
		all, _ := fields.All(t.Context(), db, place(t, db))
		if !errors.Is(err, fault.Locked) || len(all) != 0 {
			t.Error(err, all)
		}
	})
}

func TestBadEditsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		for _, e := range []fields.Edit{
			{Field: "now", Value: "no key"},
			{Field: "now", Value: "of a revision that never was", Base: 7, Key: "k"},
		} {
			if _, err := save(t, db, e); !errors.Is(err, fault.Malformed) {
				t.Errorf("%s: %v", e.Value, err)
			}
		}
	})
}

func TestTwentyWritersAtOnceLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		var group sync.WaitGroup
		var mu sync.Mutex
		won, lost := 0, 0
		for i := range 20 {
			group.Go(func() {
				_, err := save(t, db, fields.Edit{Field: "now", Value: fmt.Sprint("text ", i), Base: 0, Key: fmt.Sprint(i)})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case errors.Is(err, fault.Conflict):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		var copies int
		if err := db.Get(t.Context(), &copies, `SELECT COUNT(*) FROM field_copies`); err != nil || won != 1 ||
			lost != 19 || copies != 19 {
			t.Errorf("won %d, lost %d, copies %d, %v", won, lost, copies, err)
		}
	})
}

func TestAWholeFormReplacesFieldsAndRaisesTheirRevision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "draft", Base: 0, Key: "k"})
		for range 2 { // submitted twice
			p := place(t, db)
			err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
				return fields.Replace(ctx, tx, p, "form", at, map[string]string{"now": "final", "more": "x"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		all, _ := fields.All(t.Context(), db, place(t, db))
		if all["now"].Revision != 2 || all["now"].Value != "final" || all["more"].Value != "x" {
			t.Error(all)
		}
	})
}
