package faults

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"mend/internal/backup"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/porttest"
	"mend/migrations"
)

// open opens a database directly, while no process has it open.
func open(t *testing.T, url string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func put(t *testing.T, db *database.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(query, err)
	}
}

// TestItAnswersSoonHoweverMuchThereIs starts the program on a large database. Other tests run
// in parallel, so it compares the CPU time with that on an empty database; with -long the test
// runs alone and also checks the time until the program answers.
func TestItAnswersSoonHoweverMuchThereIs(t *testing.T) {
	const soon = 300 * time.Millisecond
	if !*long {
		t.Parallel()
	}
	m := newMend(t, "sqlite")
	m.serve()
	m.stop(10 * time.Second)
	_, empty := m.starting()
	db, megabytes := open(t, filepath.Join(m.data(), "mend.db")), times(64, 1024)
	for range megabytes {
		put(t, db, `
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 256)
			INSERT INTO field_copies (practice_id, owner_id, slot, sealed, number, author_id, saved_at, page)
			SELECT 'p', 'o', 's', randomblob(3600), 1, '', ?, lower(hex(randomblob(16))) FROM n`, time.Now())
	}
	db.Close()
	answers, works := m.starting()
	t.Logf("%d MB: answers after %v, of which it works %v, and %v without them", megabytes,
		answers.Round(time.Millisecond), works.Round(time.Millisecond), empty.Round(time.Millisecond))
	if works > 2*empty {
		t.Error("it works more than twice as long")
	}
	if *long && answers > soon {
		t.Errorf("more than %v", soon)
	}
}

// starting starts and stops m five times, and returns the least time until it answers and the
// least CPU time.
func (m *mend) starting() (answers, works time.Duration) {
	answers, works = time.Hour, time.Hour
	for range 5 {
		began := time.Now()
		m.start()
		answers = min(answers, time.Since(began))
		cmd := m.cmd
		m.stop(10 * time.Second)
		works = min(works, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	return answers, works
}

// TestAKillWhileMigratingIsNoHarm kills the program while it migrates an older database, right
// after it has made the backup. The next start finishes the migration, and the backup holds
// the earlier data.
func TestAKillWhileMigratingIsNoHarm(t *testing.T) {
	const older = 9
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			for range times(3, 40) {
				folder := scratch(t)
				at := filepath.Join(folder, "mend.db")
				if engine == "postgres" {
					at = dbtest.PostgresURL(t)
				}
				db := open(t, at)
				if err := migrations.ApplyUpTo(t.Context(), db, older); err != nil {
					t.Fatal(err)
				}
				put(t, db, `INSERT INTO practices (id, name, address, telephone, time_zone, letterhead, paper, created_at)
					VALUES ('p', 'Riverbend', '', '', 'UTC', '', 'A4', ?)`, time.Now())
				db.Close()
				addr := porttest.Free(t)
				m := &mend{t: t, url: "http://" + addr, args: []string{"serve", "-addr", addr, "-data", folder, "-database", at}}
				killedWhileMigrating(t, m)
				db = open(t, at)
				reached, err := migrations.Version(t.Context(), db)
				db.Close()
				if err != nil || reached < older {
					t.Fatal(reached, err)
				}
				t.Logf("killed at migration %d of %d", reached, migrations.Newest())
				m.start()
				m.kill()
				hasAll(t, at)
			}
		})
	}
}

// killedWhileMigrating starts m, kills it soon after it has made its backup, and verifies that
// backup.
func killedWhileMigrating(t *testing.T, m *mend) {
	t.Helper()
	cmd := exec.Command(binary, m.args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var copies []string
	for range 60000 { // a busy machine may take long
		if copies, _ = filepath.Glob(filepath.Join(m.data(), "before-migration-from-*.backup")); len(copies) > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
	cmd.Process.Kill()
	cmd.Wait()
	if len(copies) != 1 {
		t.Fatal("copies before migrating: ", copies)
	}
	if _, held, err := backup.Verify(copies[0], backup.Opening{}); err != nil || held.Tables["practices"].Rows != 1 {
		t.Error("the copy: ", held, err)
	}
}

// hasAll checks that the database has all migrations and still holds its data.
func hasAll(t *testing.T, at string) {
	t.Helper()
	db := open(t, at)
	defer db.Close()
	var name string
	if err := db.Get(t.Context(), &name, `SELECT name FROM practices WHERE id = 'p'`); err != nil || name != "Riverbend" {
		t.Error("after the next start: ", name, err)
	}
	if version, err := migrations.Version(t.Context(), db); err != nil || version != migrations.Newest() {
		t.Error("after the next start: ", version, err)
	}
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Error(fmt.Errorf("after the next start: %w", err))
	}
}
