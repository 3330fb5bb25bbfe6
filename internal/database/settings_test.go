package database

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func file(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestEveryConnectionHasTheSettings(t *testing.T) {
	db := file(t)
	for name, p := range map[string]*pool{"reader": db.read, "writer": db.write} {
		queryOnly := "0"
		if name == "reader" {
			queryOnly = "1"
		}
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "trusted_schema": "0",
			"recursive_triggers": "1", "temp_store": "2", "busy_timeout": "5000", "query_only": queryOnly,
		} {
			var got string
			if err := p.GetContext(t.Context(), &got, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("%s: %s is %s, want %s, %v", name, pragma, got, want, err)
			}
		}
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	var n int
	if err := file(t).Get(t.Context(), &n, `CREATE TABLE x (id TEXT)`); err == nil {
		t.Error("a read wrote")
	}
}

func TestSettingsThatCouldLoseAWriteAreRefused(t *testing.T) {
	for _, pragma := range []string{
		"synchronous = NORMAL", "foreign_keys = 0", "secure_delete = 0",
		"journal_mode = DELETE",
	} {
		db := file(t)
		if err := db.checkSettings(t.Context()); err != nil {
			t.Fatal(err)
		}
		db.read.Close() // the journal mode cannot change while it is open
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(pragma, " ")
		if err := db.checkSettings(t.Context()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", pragma, err)
		}
	}
}

func TestVersionsAreComparedPartByPart(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"3.51.3", "3.51.3", false},
		{"3.51.2", "3.51.3", true},
		{"3.51.10", "3.51.3", false},
		{"3.9.0", "3.51.3", true},
		{"3.52.0", "3.51.3", false},
		{"4.0.0", "3.51.3", false},
		{"2.99.99", "3.51.3", true},
		{"3.51", "3.51.3", true},
		{"3.51.3.1", "3.51.3", false},
		{"", "3.51.3", true},
	} {
		if got := older(test.a, test.b); got != test.want {
			t.Errorf("%q older than %q: got %v", test.a, test.b, got)
		}
	}
}

func TestAStatementIsPreparedOnceAndUsedAgain(t *testing.T) {
	db := file(t)
	const query = `SELECT 1 + ?`
	get := func(ctx context.Context, db *DB) {
		t.Helper()
		var n int
		if err := db.Get(ctx, &n, query, 1); err != nil || n != 2 {
			t.Fatal(n, err)
		}
	}
	before := len(db.read.statements)
	get(t.Context(), db)
	first := db.read.statements[query]
	for range 10 {
		get(t.Context(), db)
	}
	if got := db.read.statements[query]; got != first || first == nil || len(db.read.statements) != before+1 {
		t.Errorf("prepared again: %d statements", len(db.read.statements)-before)
	}

	inTx := func() {
		t.Helper()
		err := db.InTx(t.Context(), func(ctx context.Context, tx *DB) error {
			get(ctx, tx)
			get(ctx, tx)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := func() bool {
		db.write.mu.RLock()
		defer db.write.mu.RUnlock()
		return db.write.statements[query] != nil
	}
	inTx()                             // runs it twice
	for tries := 0; !kept(); tries++ { // prepared for the next transaction once the connection is free
		if tries == 10000 {
			t.Fatal("what ran twice is not prepared for the next transaction")
		}
		time.Sleep(time.Millisecond)
	}
	first = db.write.statements[query]
	inTx()
	if got := db.write.statements[query]; got != first {
		t.Error("prepared again for a transaction")
	}
}

func TestSQLBuiltFromDataIsAnErrorBeforeItFillsTheMemory(t *testing.T) {
	db := file(t)
	var n int
	if err := db.Get(t.Context(), &n, `SELECT 0`); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*pool{db.read, db.write} {
		p.mu.Lock()
		for i := 0; len(p.statements) < MostStatements; i++ {
			p.statements[fmt.Sprint("SELECT -", i)] = nil
		}
		p.mu.Unlock()
	}
	if err := db.Get(t.Context(), &n, `SELECT 1`); err == nil ||
		!strings.Contains(err.Error(), "too many different statements") {
		t.Errorf("got %v", err)
	}
	if err := db.Get(t.Context(), &n, `SELECT 0`); err != nil {
		t.Error("a statement that is known fails as well:", err)
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *DB) error {
		for i := range 100 {
			if err := tx.Get(ctx, &n, fmt.Sprint(`SELECT `, i)); err != nil {
				return err
			}
		}
		return nil
	})
	db.write.mu.RLock()
	defer db.write.mu.RUnlock()
	if got := len(db.write.statements); err != nil || got > MostStatements {
		t.Errorf("a transaction left %d statements, %v", got, err)
	}
}
