package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"mend/accounts"
	"mend/couples"
	"mend/demo"
	"mend/internal/backup"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/porttest"
)

const drillWords = "a passphrase for the drill"

// sums returns the row counts and checksums of every table of a database.
func sums(t *testing.T, url string) backup.Manifest {
	t.Helper()
	db, err := database.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var m backup.Manifest
	path := filepath.Join(t.TempDir(), "sums")
	if m, err = backup.WriteFile(t.Context(), db, path, backup.Seal{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return m
}

// newIdentity returns an age identity and the file that holds it. It opens a backup at once, while a
// passphrase takes a second.
func newIdentity(t *testing.T) (*age.X25519Identity, string) {
	t.Helper()
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(file, []byte(mine.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return mine, file
}

// TestARestoreDrill seeds a practice, backs it up while people save, destroys it, and restores it,
// also on the other engine. It then compares every row, the log, and what is encrypted.
func TestARestoreDrill(t *testing.T) {
	dbtest.Long(t)
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			mine, identity := newIdentity(t)
			p, people := drillProcess(t, engine)
			client := p.signedIn(people[5])
			page := p.pageOf(client)
			stop, saved := make(chan struct{}), atomic.Int64{}
			done := make(chan struct{})
			go func() { // a partner keeps saving
				defer close(done)
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					form := url.Values{"a.under": {fmt.Sprint("word ", i)}, "base": {fmt.Sprint(i)}, "key": {fmt.Sprint("drill-", i)}}
					if p.put(client, page, form) == http.StatusOK {
						saved.Add(1)
					}
				}
			}()
			time.Sleep(100 * time.Millisecond)
			file := filepath.Join(t.TempDir(), "drill.backup")
			if code, _, stderr := try(t, "",
				append([]string{"backup", file, "-backup-to", mine.Recipient().String()}, p.place()...)...); code != 0 {
				t.Fatal(stderr)
			}
			close(stop)
			<-done
			if saved.Load() == 0 {
				t.Error("nobody could save while the backup was made")
			}
			p.kill()
			if code, out, stderr := try(t, "", "verify", file, "-identity", identity); code != 0 || !strings.Contains(out,
				"The backup is whole") {
				t.Fatal(out, stderr)
			}
			for _, target := range []database.Engine{database.SQLite, database.Postgres} {
				restored := newPlace(t, target)
				if code, _, stderr := try(t, "",
					append([]string{"restore", file, "-identity", identity}, restored...)...); code == 0 || !strings.Contains(stderr,
					"master key is not at") {
					t.Error("without the key:", code, stderr)
				}
				copyKey(t, p.data, restored)
				code, out, stderr := try(t, "", append([]string{"restore", file, "-identity", identity}, restored...)...)
				if code != 0 {
					t.Fatal(stderr)
				}
				db, err := database.Open(t.Context(), databaseOf(restored))
				if err != nil {
					t.Fatal(err)
				}
				db.Close()
				_, want, err := backup.Verify(file, backup.Opening{Identities: mine.String()})
				if err != nil {
					t.Fatal(err)
				}
				for table, sum := range sums(t, databaseOf(restored)).Tables {
					wanted := want.Tables[table]
					if table == "reminders" { // reminders that came due since the backup are marked and not sent again
						wanted.Digest = sum.Digest
					}
					if wanted != sum {
						t.Errorf("%s: %+v, backed up %+v", table, sum, want.Tables[table])
					}
				}
				if !strings.Contains(out, "0 erasures") {
					t.Error(out)
				}
				if code, out, stderr := try(t, "", append([]string{"verify"}, restored...)...); code != 0 {
					t.Error("the log:", out, stderr)
				}
				if n := openSealed(t, restored, p.data); n < 100 {
					t.Errorf("only %d sealed fields could be opened", n)
				}
				if code, _, stderr := try(t, "",
					append([]string{"restore", file, "-identity", identity}, restored...)...); code == 0 {
					t.Error("restored over what is there:", stderr)
				}
			}
		})
	}
}

// A drill is a Mend process with its data.
type drill struct {
	*process
	data     string
	database string
}

func drillProcess(t *testing.T, engine database.Engine) (*drill, []demo.Person) {
	t.Helper()
	path, err := binary()
	must(t, err)
	addr := porttest.Free(t)
	d := &drill{data: filepath.Join(t.TempDir(), "data")}
	d.database = filepath.Join(d.data, "mend.db")
	if engine == "postgres" {
		d.database = dbtest.PostgresURL(t)
	}
	args := append([]string{"-addr", addr}, d.place()...)
	d.process = &process{t: t, url: "http://" + addr, args: append([]string{path, "demo", "-json"}, args...)}
	t.Cleanup(d.kill)
	var said struct{ People []demo.Person }
	if err := json.Unmarshal([]byte(d.again()), &said); err != nil {
		t.Fatal(err)
	}
	return d, said.People
}

func (d *drill) place() []string { return []string{"-data", d.data, "-database", d.database} }

// pageOf returns the path at which a field of the partner's open page is saved.
func (d *drill) pageOf(client *http.Client) string {
	d.t.Helper()
	home := d.page(client, "/my")
	_, rest, _ := strings.Cut(home, `href="/my/worksheets/`)
	id, _, _ := strings.Cut(rest, `"`)
	return "/my/worksheets/" + id + "/fields/under"
}

// newPlace returns the flags of an empty database of an engine.
func newPlace(t *testing.T, engine database.Engine) []string {
	folder := filepath.Join(t.TempDir(), "restored")
	if engine == "postgres" {
		return []string{"-data", folder, "-database", dbtest.PostgresURL(t)}
	}
	return []string{"-data", folder, "-database", filepath.Join(folder, "mend.db")}
}

func databaseOf(place []string) string { return place[3] }

// copyKey copies the master key of data to a place.
func copyKey(t *testing.T, data string, place []string) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(data+"-keys", "master.json"))
	if err == nil {
		err = os.MkdirAll(place[1]+"-keys", 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(place[1]+"-keys", "master.json"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openSealed decrypts what the counselors of a place can read, and returns the number of fields.
func openSealed(t *testing.T, place []string, _ string) (n int) {
	t.Helper()
	h := openPlace(t, place)
	defer h.close()
	var caseloads []struct {
		Practice  string `db:"practice_id"`
		Counselor string `db:"counselor_id"`
		Couple    string `db:"id"`
	}
	if err := h.db.Select(t.Context(), &caseloads, `SELECT practice_id, counselor_id, id FROM couples`); err != nil {
		t.Fatal(err)
	}
	for _, c := range caseloads {
		couple, err := h.site.Couples.Find(t.Context(), c.Practice, c.Counselor, c.Couple)
		if err != nil || couple.Partners[0].Name == "" {
			t.Fatal(err)
		}
		n += 4 // two full names and two preferred names
		held, err := h.site.Sessions.ForCouple(t.Context(), couple)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range held {
			session, err := h.site.Sessions.Find(t.Context(), c.Practice, c.Counselor, l.ID)
			if err != nil {
				t.Fatal(err)
			}
			fields, err := h.site.Sessions.Record(t.Context(), session)
			if err != nil {
				t.Fatal(err)
			}
			n += len(fields)
		}
	}
	return n
}

func openPlace(t *testing.T, place []string) *app {
	t.Helper()
	cfg := config{database: place[3]}
	cfg.inFolder(place[1])
	h, err := openApp(t.Context(), cfg, accounts.FastHashing())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestWhatWasErasedDoesNotComeBackWithABackup erases one couple, and one partner's part of another,
// after a backup was made, and restores the backup.
func TestWhatWasErasedDoesNotComeBackWithABackup(t *testing.T) {
	dbtest.Long(t)
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := newPlace(t, engine)
			h := openPlace(t, place)
			people, err := demo.Seed(t.Context(), h.stores(), 2, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "b")
			if code, _, stderr := try(t, drillWords, append([]string{"backup", file}, place...)...); code != 0 {
				t.Fatal(stderr)
			}
			gone := []couples.ErasureRecord{{Couple: people[2].Couple, Side: ""}, {Couple: people[4].Couple, Side: couples.A}}
			for i := range gone {
				if err := h.db.Get(t.Context(), &gone[i].Practice, `SELECT practice_id FROM couples WHERE id = ?`,
					gone[i].Couple); err != nil {
					t.Fatal(err)
				}
				if done, err := h.site.Couples.ReErase(t.Context(), h.site.Accounts, gone[i], time.Now()); !done || err != nil {
					t.Fatal(done, err)
				}
			}
			list := erasuresBeside(filepath.Join(place[1]+"-keys", "master.json"))
			for range 2 { // repeating it adds nothing
				if err := h.noteErasures(t.Context(), list); err != nil {
					t.Fatal(err)
				}
			}
			if noted, err := readErasures(list); len(noted) != 2 || err != nil {
				t.Fatal(noted, err)
			}
			h.close()

			restored := newPlace(t, engine)
			copyKey(t, place[1], restored)
			text, _ := os.ReadFile(list)
			os.WriteFile(erasuresBeside(filepath.Join(restored[1]+"-keys", "master.json")), text, 0o600)
			code, out, stderr := try(t, drillWords, append([]string{"restore", file}, restored...)...)
			if code != 0 || !strings.Contains(out, "2 erasures since then were done again") {
				t.Fatal(out, stderr)
			}
			again := openPlace(t, restored)
			defer again.close()
			for query, want := range map[string]int{
				`SELECT COUNT(*) FROM couples WHERE erased_at IS NOT NULL`:                                                1,
				`SELECT COUNT(*) FROM vault_keys WHERE couple_id = '` + gone[0].Couple + `' AND destroyed_at IS NULL`:     0,
				`SELECT COUNT(*) FROM vault_keys WHERE couple_id = '` + gone[1].Couple + `' AND destroyed_at IS NOT NULL`: 2,
				`SELECT COUNT(*) FROM erasures`: 2,
			} {
				var n int
				if err := again.db.Get(t.Context(), &n, query); err != nil || n != want {
					t.Errorf("%s is %d, not %d: %v", query, n, want, err)
				}
			}
			os.WriteFile(list, []byte("{not a list\n"), 0o600)
			if _, err := readErasures(list); err == nil {
				t.Error("a list that cannot be read is taken for an empty one")
			}
		})
	}
}

func TestABackupThatCannotBeIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, c := range []struct{ args, words, says string }{
		{"backup", "", "usage: mend backup FILE"},
		{"backup " + folder + "/b -data " + folder + "/none", drillWords, "there is no database"},
		{"backup " + folder + "/b -backup-to age1nonsense", "", "not one of age"},
		{"backup " + folder + "/b", "short", "at least 12 characters"},
		{"restore " + folder + "/none", drillWords, "no such file"},
		{"verify " + folder + "/none", drillWords, "no such file"},
		{"serve -backups " + folder, "", "--backups needs --backup-to"},
		{"serve -keep 0 -backup-to age1x -backups " + folder, "", "-keep must be at least 1"},
		{"serve -backup-to nobody -backups " + folder, "", "not one of age"},
	} {
		code, _, stderr := try(t, c.words, strings.Fields(c.args)...)
		if code != 1 || !strings.Contains(stderr, c.says) || strings.Count(strings.TrimSpace(stderr), "\n") > 0 {
			t.Errorf("%s: %d %q, wanted %q", c.args, code, stderr, c.says)
		}
	}
}
