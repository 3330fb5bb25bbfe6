package fields_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/fields"
)

// stored returns a field as it is stored.
func stored(t *testing.T, db *database.DB, field string) fields.Field {
	t.Helper()
	all, err := fields.All(t.Context(), db, place(t, db))
	if err != nil {
		t.Fatal(err)
	}
	return all[field]
}

func copies(t *testing.T, db *database.DB) []fields.Copy {
	t.Helper()
	list, err := fields.Copies(t.Context(), db, place(t, db), "robin")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAPageWhoseAnswersWereLostGoesOnFromItsOwnSaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		for i := 1; i <= 50; i++ { // no answer arrives, so the page still has revision 0
			text := strings.Repeat("word ", i)
			if f, err := save(t, db, fields.Edit{Field: "now", Value: text, Base: 0, Key: fmt.Sprint("page.", i)}); err != nil ||
				f.Value != text || f.Revision != i {
				t.Fatal(i, f, err)
			}
		}
		late, err := save(t, db, fields.Edit{Field: "now", Value: "word ", Base: 0, Key: "page.1"})
		if err != nil || late.SaveKey != "page.50" || stored(t, db, "now").Value != strings.Repeat("word ", 50) {
			t.Error("a save that arrives late took back what was typed after it:", late, err)
		}
		if lost := copies(t, db); len(lost) != 0 {
			t.Error("copies of one page's own saves:", lost)
		}
	})
}

func TestAPageIsNotTakenForAnotherWhoseKeyLooksAlike(t *testing.T) {
	for _, keys := range [][2]string{
		{"page.1", "page2.2"},
		{"page.1", "page"},
		{"a", "b"},
		{"page.x", "page.y"},
		{"page.0", "page.-1"},
		{"1", "2"},
	} {
		t.Run(keys[0]+" "+keys[1], func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				practice(t, db)
				save(t, db, fields.Edit{Field: "now", Value: "first", Key: keys[0]})
				if _, err := save(t, db, fields.Edit{Field: "now", Value: "second", Key: keys[1]}); !errors.Is(err,
					fault.Conflict) {
					t.Error(err)
				}
			})
		})
	}
}

func TestAPageThatLostKeepsOneCopyOfAFieldAndTheLatestOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "theirs", Key: "other.1"})
		for i, n := range []int{1, 3, 2} {
			if _, err := save(t, db,
				fields.Edit{Field: "now", Value: fmt.Sprint("mine ", n), Key: fmt.Sprint("page.", n)}); !errors.Is(err,
				fault.Conflict) {
				t.Fatal(i, err)
			}
		}
		list := copies(t, db)
		if len(list) != 1 || list[0].Value != "mine 3" || list[0].ID != "page" {
			t.Fatal(list)
		}
		if others, err := fields.Copies(t.Context(), db, place(t, db), "sam"); err != nil || len(others) != 0 {
			t.Error("somebody else sees a copy:", others, err)
		}
	})
}

func TestRestoringSwapsAndLosesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "theirs", Key: "other.1"})
		save(t, db, fields.Edit{Field: "now", Value: "mine", Key: "page.1"})
		if _, err := save(t, db, fields.Edit{Field: "now", Restore: "page", Key: "r1"}); err != nil {
			t.Fatal(err)
		}
		list := copies(t, db)
		if stored(t, db, "now").Value != "mine" || len(list) != 1 || list[0].Value != "theirs" {
			t.Fatal(stored(t, db, "now"), list)
		}
		if _, err := save(t, db, fields.Edit{Field: "now", Restore: "page", Key: "r2"}); !errors.Is(err, fault.NotFound) {
			t.Error("a copy that is gone was restored:", err)
		}
		for range 2 { // a second submission changes nothing
			if _, err := save(t, db, fields.Edit{Field: "now", Dismiss: list[0].ID, Key: "d"}); err != nil {
				t.Error(err)
			}
		}
		if stored(t, db, "now").Value != "mine" || len(copies(t, db)) != 0 {
			t.Error(stored(t, db, "now"), copies(t, db))
		}
	})
}

func TestOnlyItsAuthorDecidesOnACopy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "theirs", Key: "other.1"})
		save(t, db, fields.Edit{Field: "now", Value: "mine", Key: "page.1"})
		for _, e := range []fields.Edit{
			{Field: "now", Restore: "page"},
			{Field: "now", Dismiss: "page"},
			{Field: "next", Restore: "page"},
		} {
			e.Key, e.At, e.By = "k", at, "sam"
			fields.InTx(t.Context(), db, place(t, db), e, open)
		}
		if list := copies(t, db); len(list) != 1 || stored(t, db, "now").Value != "theirs" {
			t.Error(list, stored(t, db, "now"))
		}
	})
}

func TestAPartOfATextIsPutWhereItBelongs(t *testing.T) {
	append := func(current string) (string, error) { return current + " and more", nil }
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "text", Key: "page.1"})
		f, err := save(t, db,
			fields.Edit{Field: "now", Value: " and more", Base: 1, Key: "page.2", Patch: append, Missing: 7})
		if err != nil || f.Value != "text and more" {
			t.Fatal(f, err)
		}
		if f := stored(t, db, "now"); f.Value != "text and more" || f.Missing != 7 {
			t.Error(f)
		}
		_, err = save(t, db, fields.Edit{Field: "now", Value: " and more", Base: 1, Key: "page.3", Patch: append})
		if list := copies(t, db); !errors.Is(err, fault.Conflict) || len(list) != 1 || list[0].Value != " and more" {
			t.Error("a part of another text:", err, list)
		}
		save(t, db, fields.Edit{Field: "now", Value: "whole", Base: 2, Key: "page.4"})
		if f := stored(t, db, "now"); f.Missing != 0 {
			t.Error("a whole text still misses something:", f)
		}
	})
}

func TestCopiesStandBesideTheFieldsThatDiffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		practice(t, db)
		save(t, db, fields.Edit{Field: "now", Value: "theirs", Key: "other.1"})
		save(t, db, fields.Edit{Field: "now", Value: "mine", Key: "page.1"})
		saved, err := fields.All(t.Context(), db, place(t, db))
		if err == nil {
			err = fields.AddCopies(t.Context(), db, place(t, db), "robin", saved)
		}
		if err != nil || len(saved["now"].Copies) != 1 || saved["now"].Copies[0].SavedAt.Sub(at) > time.Second {
			t.Fatal(saved, err)
		}
		save(t, db, fields.Edit{Field: "now", Value: "mine", Base: 1, Key: "third.1"})
		saved, _ = fields.All(t.Context(), db, place(t, db))
		fields.AddCopies(t.Context(), db, place(t, db), "robin", saved)
		if list := saved["now"].Copies; len(list) != 0 {
			t.Error("the same text is offered as another version:", list)
		}
	})
}
