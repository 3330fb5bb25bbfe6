package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"mend/internal/backup"
	"mend/internal/database"
	"mend/internal/dbtest"
)

const words = "a passphrase for tests"

var noon = time.Date(2031, 3, 12, 12, 0, 0, 123456000, time.UTC)

// fill inserts n rows with every kind of value into one table.
func fill(t *testing.T, db *database.DB, n int) {
	t.Helper()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO practices (id, name, address, telephone, time_zone, letterhead, paper, created_at) VALUES ('p', 'Riverbend “É” 🌿', '', 'a\b', 'UTC', '', 'A4', ?)`, noon)
	for i := range n {
		exec(`INSERT INTO vault_keys (practice_id, couple_id, compartment, wrapped, master_id, created_at, destroyed_at) VALUES ('p', ?, 'c', ?, 'm', ?, ?)`,
			fmt.Sprint("couple-", i), []byte{0, 255, '\\', byte(i)}, noon, any(map[bool]any{true: nil, false: noon}[i%2 == 0]))
	}
	exec(`INSERT INTO audit_heads (practice_id, seq, mac) VALUES ('p', 7, 'm')`)
	for seq := range 7 {
		exec(`INSERT INTO audit_log (practice_id, seq, at, person, role, login, address, device, couple, side, action, object, object_id, reason, mac)
			VALUES ('p', ?, ?, '', '', '', '', '', '', '', 'opened', '', '', '', ?)`, seq+1, noon,
			map[bool]string{true: "m", false: fmt.Sprint("m", seq+1)}[seq == 6])
	}
}

// dump returns every row of every table as text, with how often it occurs.
func dump(t *testing.T, db *database.DB) map[string]int {
	t.Helper()
	rows := map[string]int{}
	tables, err := db.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		err := db.Rows(t.Context(), table, func(row []any) error {
			rows[fmt.Sprintf("%s %q", table.Name, row)]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

func sameRows(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for row, n := range a {
		if b[row] != n {
			return false
		}
	}
	return true
}

// engines open a new migrated database of each engine.
var engines = map[string]func(testing.TB) *database.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}

func TestABackupComesBackRowByRowOnEitherEngine(t *testing.T) {
	for from, source := range engines {
		for to, target := range engines {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				db, path := source(t), filepath.Join(t.TempDir(), "b")
				fill(t, db, 300)
				if _, err := db.Exec(t.Context(),
					`CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)`); err != nil { // not of Mend
					t.Fatal(err)
				}
				mine, _ := age.GenerateX25519Identity()
				open := backup.Opening{Identities: mine.String()}
				m, err := backup.WriteFile(t.Context(), db, path, backup.Seal{Recipient: mine.Recipient().String()}, noon)
				if err != nil || m.Tables["vault_keys"].Rows != 300 || m.Heads["p"] != (backup.Head{Seq: 7, MAC: "m"}) {
					t.Fatal(m, err)
				}
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
					t.Error(info.Mode(), err)
				}
				into := target(t)
				head, _, err := backup.Restore(t.Context(), into, path, open)
				if err != nil || head.Engine != from || !head.MadeAt.Equal(noon) {
					t.Fatal(head, err)
				}
				if !sameRows(dump(t, db), dump(t, into)) {
					t.Error("what came back is not what there was")
				}
				if _, err := into.Exec(t.Context(), `UPDATE audit_heads SET seq = 1`); err == nil {
					t.Error("what guards the log did not come back")
				}
				if _, err := into.Exec(t.Context(),
					`INSERT INTO couples (id, practice_id, counselor_id, record_no, form_key, created_at, served_at) VALUES ('c', 'p', 'nobody', 'C-1', 'k', ?, ?)`, noon, noon); err == nil {
					t.Error("references did not come back")
				}
				if _, _, err := backup.Restore(t.Context(), into, path, open); !errors.Is(err, backup.ErrNotEmpty) {
					t.Error("a second time:", err)
				}
			})
		}
	}
}

// A transaction that is committed during a backup is in the backup completely or not at all.
func TestABackupIsOfOneMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		fill(t, db, 500)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := range 200 { // two rows in each transaction
				err := db.InTx(context.Background(), func(ctx context.Context, tx *database.DB) error {
					for _, c := range []string{"a", "b"} {
						if _, err := tx.Exec(ctx,
							`INSERT INTO vault_keys (practice_id, couple_id, compartment, wrapped, master_id, created_at) VALUES (?, 'late', ?, ?, 'm', ?)`, fmt.Sprint("late-", i), c, []byte{1}, noon); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
		for range 5 {
			m, err := backup.Write(t.Context(), db, io.Discard, backup.Seal{}, noon)
			if err != nil || m.Tables["vault_keys"].Rows%2 != 0 {
				t.Error("half a transaction:", m.Tables["vault_keys"], err)
			}
		}
		<-done
	})
}

func TestOnlyWhomItIsSealedToOpensABackup(t *testing.T) {
	dbtest.Long(t)
	db, folder := dbtest.SQLite(t), t.TempDir()
	fill(t, db, 3)
	mine, _ := age.GenerateX25519Identity()
	other, _ := age.GenerateX25519Identity()
	for name, seal := range map[string]backup.Seal{
		"words": {Passphrase: words},
		"key":   {Recipient: mine.Recipient().String()},
	} {
		if _, err := backup.WriteFile(t.Context(), db, filepath.Join(folder, name), seal, noon); err != nil {
			t.Fatal(err)
		}
		text, _ := os.ReadFile(filepath.Join(folder, name))
		if bytes.Contains(text, []byte("Riverbend")) || bytes.Contains(text, []byte("practices")) {
			t.Error(name, "can be read as it is")
		}
	}
	for _, try := range []struct {
		file string
		with backup.Opening
		want error
	}{
		{"words", backup.Opening{Passphrase: words}, nil},
		{"key", backup.Opening{Identities: mine.String()}, nil},
		{"words", backup.Opening{Passphrase: words + "!"}, backup.ErrKey},
		{"words", backup.Opening{}, backup.ErrKey},
		{"words", backup.Opening{Identities: mine.String()}, backup.ErrKey},
		{"key", backup.Opening{Identities: other.String()}, backup.ErrKey},
		{"key", backup.Opening{Passphrase: words}, backup.ErrKey},
	} {
		if _, _, err := backup.Verify(filepath.Join(folder, try.file), try.with); !errors.Is(err, try.want) {
			t.Errorf("%s with %+v: %v", try.file, try.with, err)
		}
	}
	for _, bad := range []backup.Seal{{Recipient: "age1nonsense"}, {Recipient: "ssh-ed25519 AAAA"}} {
		if bad.Check() == nil {
			t.Error(bad, "is taken")
		}
	}
	if _, err := backup.WriteFile(t.Context(), db, filepath.Join(folder, "key"), backup.Seal{}, noon); err == nil {
		t.Error("a file was overwritten")
	}
}

// unsealed returns the lines of an unencrypted backup.
func unsealed(t *testing.T, db *database.DB) []string {
	t.Helper()
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), db, &b, backup.Seal{}, noon); err != nil {
		t.Fatal(err)
	}
	return gunzip(t, b.Bytes())
}

// TestWhatIsNotAsItWasWrittenIsRefusedAndNothingIsWritten changes a backup as a failing disk, a
// person or another version of Mend might.
func TestWhatIsNotAsItWasWrittenIsRefusedAndNothingIsWritten(t *testing.T) {
	db := dbtest.SQLite(t)
	fill(t, db, 20)
	mine, _ := age.GenerateX25519Identity()
	var sealed bytes.Buffer
	if _, err := backup.Write(t.Context(), db, &sealed, backup.Seal{Recipient: mine.Recipient().String()},
		noon); err != nil {
		t.Fatal(err)
	}
	whole := sealed.Bytes()
	lines := unsealed(t, db)
	row := indexOf(lines, `"row"`)
	cases := map[string][]byte{
		"empty": {}, "another file": []byte(strings.Repeat("not a backup ", 50)),
		"only its beginning": whole[:100],
	}
	for _, part := range []int{0, 1, 5, 25, 50, 75, 99} {
		at := len(whole) * part / 100
		flipped := bytes.Clone(whole)
		flipped[at] ^= 0x40
		cases[fmt.Sprintf("a byte flipped at %d%%", part)] = flipped
		if part > 0 {
			cases[fmt.Sprintf("cut at %d%%", part)] = whole[:at]
		}
	}
	cases["one byte short"] = whole[:len(whole)-1]
	cases["a row left out"] = gzipped(t, append(append([]string{}, lines[:row]...), lines[row+1:]...))
	cases["a row twice"] = gzipped(t, append(append(append([]string{}, lines[:row]...), lines[row]), lines[row:]...))
	cases["a row changed"] = gzipped(t, replaced(lines, "couple-3", "couple-x"))
	cases["no manifest"] = gzipped(t, lines[:len(lines)-1])
	cases["more behind the manifest"] = gzipped(t, append(append([]string{}, lines...), lines[row]))
	cases["no header"] = gzipped(t, lines[1:])
	cases["a newer schema"] = gzipped(t, replaced(lines, `"schema":`, `"schema":9`))
	cases["a newer format"] = gzipped(t, replaced(lines, `"mend_backup":1`, `"mend_backup":2`))
	cases["a table that no schema has"] = gzipped(t, replaced(lines, `"name":"vault_keys"`, `"name":"vault_kyes"`))
	cases["a time that is none"] = gzipped(t, replaced(lines, "2031-03-12T12:00:00.123456Z", "yesterday"))
	into := dbtest.SQLite(t)
	before := dump(t, into)
	for what, text := range cases {
		path := filepath.Join(t.TempDir(), "b")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := backup.Restore(t.Context(), into, path, backup.Opening{Identities: mine.String()}); err == nil {
			t.Errorf("%s: restored", what)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: not one sentence: %v", what, err)
		}
		if !sameRows(before, dump(t, into)) {
			t.Fatalf("%s: something was written", what)
		}
	}
	path := filepath.Join(t.TempDir(), "b") // the negative control: the unchanged lines are accepted
	os.WriteFile(path, gzipped(t, lines), 0o600)
	if _, _, err := backup.Restore(t.Context(), into, path, backup.Opening{}); err != nil {
		t.Error("as it was written:", err)
	}
}

func TestTheLastBackupsAreKeptAndAMissingOneIsTold(t *testing.T) {
	db, now := dbtest.SQLite(t), noon
	fill(t, db, 1)
	mine, _ := age.GenerateX25519Identity()
	k := backup.Scheduler{
		DB: db, Folder: filepath.Join(t.TempDir(), "nightly"),
		To: backup.Seal{Recipient: mine.Recipient().String()}, Keep: 3, Now: func() time.Time { return now },
	}
	if !k.IsLate() {
		t.Error("none was made, and nothing is said")
	}
	if err := os.Mkdir(k.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, _, err := k.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(backup.Every)
	}
	files, _ := filepath.Glob(filepath.Join(k.Folder, "*"))
	if len(files) != 3 || k.Last() != now.Add(-backup.Every).Truncate(time.Second) || k.IsLate() {
		t.Error(files, k.Last())
	}
	now = now.Add(backup.LateAfter - backup.Every + time.Second)
	if !k.IsLate() {
		t.Error("a day and a half without a backup, and nothing is said")
	}
	db.Close()
	if _, _, err := k.Make(t.Context()); err == nil {
		t.Error("a backup of what is closed")
	}
	if left, _ := filepath.Glob(filepath.Join(k.Folder, "*")); len(left) != 3 {
		t.Error("a failed one removed others, or left something:", left)
	}
	if hidden, _ := filepath.Glob(filepath.Join(k.Folder, ".*")); len(hidden) != 0 {
		t.Error("left behind:", hidden)
	}
}
