package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/vault"
	"mend/migrations"
)

// TestTwoProcessesAreOne runs two processes on one PostgreSQL and checks in each what was done
// in the other.
func TestTwoProcessesAreOne(t *testing.T) {
	t.Parallel()
	first := newMend(t, "postgres")
	second := first.another(t)
	second.start()
	t.Run("a login of one is a login of the other, and so is its end", func(t *testing.T) {
		noor := signIn(t, first.url, first.people[5])
		jar, _ := cookiejar.New(nil) // another browser with the same cookie
		at, _ := url.Parse(second.url)
		jar.SetCookies(at, noor.Jar.Cookies(at))
		same := &http.Client{Jar: jar}
		if page, _ := read(same, second.url+"/my"); !strings.Contains(page, "/logout") {
			t.Error("the other does not know the login")
		}
		post(t, noor, first.url+"/logout", url.Values{})
		if page, _ := read(same, second.url+"/my"); strings.Contains(page, "/logout") {
			t.Error("the login goes on in the other")
		}
	})
	t.Run("a stream of one tells what the other saved", func(t *testing.T) {
		s := first.session()
		told := s.follow(second.url)
		began := time.Now()
		s.write(first.url, "Said in the first.")
		for event := ""; !strings.Contains(event, "Said in the first."); {
			if event = told.next(4 * time.Second); event == "" { // shorter than the heartbeat of five seconds
				t.Fatal("it was not told")
			}
		}
		t.Logf("told after %v", time.Since(began).Round(time.Millisecond))
	})
	t.Run("the same save in both at once is one", func(t *testing.T) {
		w := first.writers()[0]
		var both sync.WaitGroup
		for _, door := range []string{first.url, second.url, first.url, second.url} {
			twin := &writer{
				t: w.t, client: w.client, door: door, page: w.page, field: w.field,
				prefix: w.prefix, revision: w.revision,
			}
			both.Go(func() {
				if got := twin.send("the same words"); got != http.StatusOK {
					t.Errorf("one of them answers %d", got)
				}
			})
		}
		both.Wait()
		w.revision, w.text = w.revision+1, "the same words"
		for _, what := range w.lost(second.url) {
			t.Error(what)
		}
	})
	t.Run("failures to sign in are counted together", func(t *testing.T) {
		tay, nobody := first.people[9], &http.Client{}
		signIn(t, second.url, tay) // succeeds before there are failures
		for i := range 10 {
			door := []*mend{first, second}[i%2].url
			post(t, nobody, door+"/login", url.Values{"sign_in": {tay.SignIn}, "password": {fmt.Sprint("not it ", i)}})
		}
		for _, m := range []*mend{first, second} {
			if status, _ := post(t, nobody, m.url+"/login",
				url.Values{"sign_in": {tay.SignIn}, "password": {tay.Password}}); status == http.StatusOK {
				t.Error("five failures in each are not ten")
			}
		}
	})
}

// write saves words in the first field of the running session.
func (s *session) write(door, words string) {
	s.t.Helper()
	run, _ := read(s.client, door+s.path+"/run")
	field := regexp.MustCompile(`<textarea[^>]*name="v\.([^"]+)"`).FindStringSubmatch(run)
	if field == nil {
		s.t.Fatal("nowhere to write")
	}
	w := &writer{t: s.t, client: s.client, door: door, page: s.path, field: field[1], prefix: "v."}
	w.revision, _ = w.revisionOn(run)
	if got := w.send(words); got != http.StatusOK {
		s.t.Fatal("a save in the session answers ", got)
	}
}

// TestOneProcessDiesAndTheOtherAnswers kills a process in the middle of saves; saves that were
// cut off are sent again to the other, and are stored once.
func TestOneProcessDiesAndTheOtherAnswers(t *testing.T) {
	t.Parallel()
	first := newMend(t, "postgres")
	second := first.another(t)
	second.start()
	writers := first.writers()
	move := func(to *mend) {
		for _, w := range writers {
			w.door = to.url
		}
	}
	cut := 0
	for range times(3, 30) {
		for _, what := range trouble(second, writers, first.kill, func() { move(second) }) {
			t.Error(what)
		}
		for _, w := range writers {
			if w.tried != "" {
				cut++
			}
			for _, what := range w.again(second.url) {
				t.Error(what)
			}
		}
		first.start()
		move(first)
	}
	if cut == 0 {
		t.Error("no save was cut off: nothing was tried")
	}
	eager(first, writers) // the control
	mustLose(second, writers, 3, first.kill, func() { first.start() })
}

// TestKeysThatOneProcessDestroysAreNotKeptByAnother uses two vaults on one PostgreSQL, as two
// processes do.
func TestKeysThatOneProcessDestroysAreNotKeptByAnother(t *testing.T) {
	t.Parallel()
	at := dbtest.PostgresURL(t)
	master, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	open := func(follow bool) (*database.DB, *vault.Vault) {
		db, err := database.Open(t.Context(), at)
		if err == nil {
			t.Cleanup(func() { db.Close() })
			err = migrations.Apply(t.Context(), db)
		}
		if err != nil {
			t.Fatal(err)
		}
		v := vault.New(master)
		if follow {
			v.WatchErasures(db)
		}
		return db, v
	}
	here, destroys := open(true)
	there, follows := open(true)
	deaf, keeps := open(false) // the control
	tx := func(do func(ctx context.Context, tx *database.DB) error) {
		t.Helper()
		if err := here.InTx(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	tx(func(ctx context.Context, tx *database.DB) error {
		return destroys.CreateCouple(ctx, tx, "p", "couple", time.Now())
	})
	opens := func(db *database.DB, v *vault.Vault) bool {
		item := vault.Item{Couple: "couple", Material: vault.JointRecord, State: vault.Kept}
		_, err := v.Open(t.Context(), db, vault.ForCounselor("p", "dana", "couple"), item)
		return err == nil
	}
	if !opens(there, follows) || !opens(deaf, keeps) {
		t.Fatal("what is there does not open")
	}
	time.Sleep(300 * time.Millisecond) // until the other vault is listening
	tx(func(ctx context.Context, tx *database.DB) error {
		return destroys.Destroy(ctx, tx, "p", "couple", "", time.Now())
	})
	time.Sleep(300 * time.Millisecond)
	if opens(there, follows) {
		t.Error("a key that is destroyed still opens in the other process")
	}
	if !opens(deaf, keeps) {
		t.Error("who is not told finds out as well: this test would not")
	}
}
