package backup_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mend/internal/backup"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// resummed returns lines with the counts and sums of the manifest computed again, as somebody who
// changed a backup and knows the format would.
func resummed(t *testing.T, lines []string) []byte {
	t.Helper()
	var last struct{ Manifest backup.Manifest }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	table := ""
	rows := map[string][]string{}
	for _, l := range lines {
		var part struct {
			Table *struct{ Name string }
			Row   json.RawMessage
		}
		if err := json.Unmarshal([]byte(l), &part); err != nil {
			t.Fatal(err)
		}
		if part.Table != nil {
			table = part.Table.Name
		}
		if part.Row != nil {
			rows[table] = append(rows[table], string(part.Row))
		}
	}
	for name := range last.Manifest.Tables {
		last.Manifest.Tables[name] = backup.Total(rows[name])
	}
	end, _ := json.Marshal(map[string]any{"manifest": last.Manifest})
	return gzipped(t, append(slices.Clone(lines[:len(lines)-1]), string(end)))
}

// TestALogThatWasCutOffOrRebuiltIsRefused changes the log in a backup and recomputes the sums, so
// only the log heads in the manifest show it.
func TestALogThatWasCutOffOrRebuiltIsRefused(t *testing.T) {
	db := dbtest.SQLite(t)
	fill(t, db, 3)
	lines := unsealed(t, db)
	var log []int
	head := -1
	for i, l := range lines {
		if strings.Contains(l, `"row"`) && strings.Contains(l, `"opened"`) {
			log = append(log, i)
		}
		if l == `{"row":["p","7","m"]}` {
			head = i
		}
	}
	if len(log) != 7 || head < 0 {
		t.Fatal(log, head)
	}
	with := func(i int, line string) []string {
		changed := slices.Clone(lines)
		changed[i] = line
		return changed
	}
	last := log[6]
	rebuilt := strings.Replace(lines[last], `"m"]`, `"n"]`, 1)
	cut := slices.Delete(slices.Clone(lines), last, last+1)
	moved := slices.Clone(cut)
	moved[head] = `{"row":["p","6","m6"]}`
	into := dbtest.SQLite(t)
	before := dump(t, into)
	for what, changed := range map[string][]string{
		"cut off":                   cut,
		"cut off, and its head too": moved,
		"all of it gone":            slices.Concat(lines[:log[0]], lines[last+1:]),
		"rebuilt":                   with(last, rebuilt),
		"another head":              with(head, `{"row":["p","7","n"]}`),
		"an entry more": slices.Insert(slices.Clone(lines), last+1,
			strings.Replace(lines[last], `"7"`, `"8"`, 1)),
		"of another practice": with(head, `{"row":["q","7","m"]}`),
	} {
		path := filepath.Join(t.TempDir(), "b")
		os.WriteFile(path, resummed(t, changed), 0o600)
		_, _, verified := backup.Verify(path, backup.Opening{})
		_, _, restored := backup.Restore(t.Context(), into, path, backup.Opening{})
		if !errors.Is(verified, backup.ErrLog) || !errors.Is(restored, backup.ErrLog) {
			t.Errorf("%s: %v, %v", what, verified, restored)
		}
		if !sameRows(before, dump(t, into)) {
			t.Fatalf("%s: something was written", what)
		}
	}
	path := filepath.Join(t.TempDir(), "b") // the negative controls: unchanged, and accepting any log
	os.WriteFile(path, resummed(t, lines), 0o600)
	if _, _, err := backup.Verify(path, backup.Opening{}); err != nil {
		t.Error("as it was written:", err)
	}
	os.WriteFile(path, resummed(t, cut), 0o600)
	if _, _, err := backup.Restore(t.Context(), into, path, backup.Opening{AnyLog: true}); err != nil {
		t.Error("whoever wants it gets all that is left:", err)
	}
}

// The next backup reports a log that was cut off in the database itself.
func TestABackupTellsThatALogWasCutOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		fill(t, db, 1)
		for _, query := range map[database.Engine][]string{
			database.SQLite:   {`DROP TRIGGER audit_log_delete`, `DELETE FROM audit_log WHERE seq = 7`},
			database.Postgres: {`ALTER TABLE audit_log DISABLE TRIGGER USER`, `DELETE FROM audit_log WHERE seq = 7`},
		}[db.Engine()] {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Fatal(fmt.Errorf("%s: %w", query, err))
			}
		}
		path := filepath.Join(t.TempDir(), "b")
		if _, err := backup.WriteFile(t.Context(), db, path, backup.Seal{}, noon); err != nil {
			t.Fatal(err)
		}
		if _, _, err := backup.Verify(path, backup.Opening{}); !errors.Is(err, backup.ErrLog) {
			t.Error(err)
		}
	})
}
