package faults

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"mend/internal/database"
	"mend/internal/fault"
)

func TestWhatWasSaidToBeSavedSurvivesAPowerCut(t *testing.T) {
	t.Parallel()
	d := newDisk(t, 96)
	m := newMendAt(t, d.at, "")
	cut := func() {
		d.cut()
		m.turns(false)
		m.kill()
	}
	troubles(m, times(3, 60), cut, func() { d.comeBack(); m.start() })

	needs(t, "strace")
	m.kill()
	m.under = lying // the control: the disk reports data as synced that is not
	m.start()
	mustLose(m, m.writers(), 3, func() { d.cut(); m.kill() }, func() {
		d.comeBack()
		m.under = nil
		m.begin() // may fail: the whole database may be gone
	})
}

// TestWhatWasSaidToBeSavedSurvivesAPowerCutUnderPostgreSQL puts the server on the disk that
// loses its power.
func TestWhatWasSaidToBeSavedSurvivesAPowerCutUnderPostgreSQL(t *testing.T) {
	t.Parallel()
	d := newDisk(t, 256)
	c := newCluster(t, d.at)
	m := newMendAt(t, scratch(t), c.url(c.port))
	cut := func() { d.cut(); m.turns(false); c.crash() }
	back := func() { d.comeBack(); c.start(); m.turns(true) }
	troubles(m, times(1, 20), cut, back)

	c.set("synchronous_commit = off") // the control, set while Mend runs: at its start it would refuse
	mustLose(m, m.writers(), 4, func() { d.cut(); c.crash() }, back)
}

// lying runs a program with every fsync replaced by one that does nothing and succeeds.
var lying = []string{
	"strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
	"-e", "inject=fsync,fdatasync:retval=0",
}

// TestOnlyTheSettingsThatAreDemandedSurviveAPowerCut checks that SQLite's weaker settings lose
// data where the one that Mend requires loses nothing.
func TestOnlyTheSettingsThatAreDemandedSurviveAPowerCut(t *testing.T) {
	for _, c := range []struct {
		synchronous string
		holds       bool
	}{{"FULL", true}, {"NORMAL", false}, {"OFF", false}} {
		t.Run(c.synchronous, func(t *testing.T) {
			t.Parallel()
			d, lost := newDisk(t, 16), 0
			for round := range times(5, 50) {
				path := filepath.Join(d.at, fmt.Sprint(round), "mend.db")
				said := writeUntilCut(t, d, path, c.synchronous)
				d.comeBack()
				if there := count(t, path); there < said {
					lost += said - there
				}
			}
			if c.holds != (lost == 0) {
				t.Errorf("synchronous=%s lost %d", c.synchronous, lost)
			}
			t.Logf("synchronous=%s: %d lost", c.synchronous, lost)
		})
	}
}

// writeUntilCut inserts rows into a database file until the power is cut, and returns how many
// were reported as saved.
func writeUntilCut(t *testing.T, d *disk, path, synchronous string) (said int) {
	t.Helper()
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{`PRAGMA synchronous = ` + synchronous, `CREATE TABLE said (n INTEGER)`} {
		if _, err := db.Pool().ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	for said < 40 {
		if _, err := db.Exec(t.Context(), `INSERT INTO said VALUES (?)`, said); err != nil {
			t.Fatal(err)
		}
		said++
	}
	d.cut()
	err = db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `INSERT INTO said VALUES (1000)`)
		return err
	})
	if err == nil && synchronous == "FULL" {
		t.Error("saved without power")
	}
	return said
}

// count returns how many rows survived, 0 if the file cannot be opened.
func count(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := database.Open(t.Context(), path)
	if err != nil {
		return 0
	}
	defer db.Close()
	if err := db.Get(t.Context(), &n, `SELECT COUNT(*) FROM said WHERE n < 1000`); err != nil && err == fault.NotFound {
		t.Fatal(err)
	}
	return n
}
