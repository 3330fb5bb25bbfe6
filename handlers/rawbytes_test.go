package handlers

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"mend/internal/database"
)

// tables returns every value of every table, except worksheet definitions.
func (w *world) tables() []byte {
	w.t.Helper()
	var all bytes.Buffer
	tables := []string{}
	query := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if w.db.Engine() == database.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	if err := w.db.Select(w.t.Context(), &tables, query); err != nil {
		w.t.Fatal(err)
	}
	for _, table := range tables {
		if table == "definitions" {
			continue // definitions are the same for everybody
		}
		rows, err := w.db.Pool().QueryxContext(w.t.Context(), `SELECT * FROM `+table)
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			row, err := rows.SliceScan()
			if err != nil {
				w.t.Fatal(err)
			}
			for _, v := range row {
				if text, ok := v.([]byte); ok {
					all.Write(text)
				} else {
					fmt.Fprint(&all, v)
				}
				all.WriteByte('\n')
			}
		}
		rows.Close()
	}
	return all.Bytes()
}

// raw returns everything that somebody who steals the disk gets: every value of every table and, on
// SQLite, the bytes of the file and its write-ahead log.
func (w *world) raw() []byte {
	w.t.Helper()
	all := w.tables()
	if w.db.Engine() == database.SQLite {
		var file string
		if err := w.db.Get(w.t.Context(), &file, `SELECT file FROM pragma_database_list WHERE name = 'main'`); err != nil {
			w.t.Fatal(err)
		}
		for _, name := range []string{file, file + "-wal"} {
			text, err := os.ReadFile(name)
			if err != nil {
				w.t.Fatal(err)
			}
			all = append(all, text...)
		}
	}
	return all
}

// TestWhoeverStealsTheDiskReadsNothing puts a word into every field, and looks for it, for names
// and for questions in the raw bytes.
func TestWhoeverStealsTheDiskReadsNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, ellis := w.as(w.dana), w.as(w.ellis)
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"goals-and-ground-rules"}, "to": {"joint"}, "key": {"joint"}}).want(t, 303)
		w.kitDoesEverything(t, things, dana)
		word := "disk-canary"
		ellis.post("/couples/new", url.Values{
			"key": {"c"}, "a_name": {word + " A"}, "a_reach": {word}, "b_name": {word + " B"}, "b_address_as": {word},
			"breach.0.name":  {word},
			"breach.0.broke": {"B"}, "breach.0.kinds": {"hidden-money"}, "policy": {"B"},
		}).want(t, 303)
		dana.post("/couples/"+things["couple"]+"/goals", url.Values{"goal": {word}, "key": {"g"}}).want(t, 303)
		dana.post("/couples/"+things["couple"]+"/steps/open-up", url.Values{"state": {"held"}, "reason": {word}}).want(t, 303)
		dana.put("/sessions/"+things["held"]+"/fields/observation",
			url.Values{"v.observation": {word}, "base": {"0"}, "key": {"o"}})
		dana.put("/sessions/"+things["held"]+"/note/fields/risk_text",
			url.Values{"v.risk_text": {word}, "base": {"0"}, "key": {"r"}})
		dana.post("/sessions/"+things["signed"]+"/note/addenda",
			url.Values{"reason": {word}, "text": {word}, "password": {"quiet-harbor-demo"}, "key": {"a"}})

		raw := w.raw()
		if len(raw) < 10000 || !bytes.Contains(raw, []byte("C-0001")) {
			t.Fatalf("only %d bytes were looked at", len(raw))
		}
		secrets := []string{word, canary, "Okafor", "Marrowby", "riverbend.example", // names, contacts, breaches
			"mailbox", "Met with each alone", "without escalating", "the account has become more consistent"} // of the demo
		for _, asked := range []string{
			"hidden loan", "hidden-money", "private-conversation-record", "harm_self", "safe_home",
			"free_confirm", "counselor_only",
		} {
			if bytes.Contains(w.tables(), []byte(asked)) { // the file contains the wording of all worksheets
				t.Errorf("%q can be read", asked)
			}
		}
		for _, p := range w.people {
			secrets = append(secrets, strings.Fields(p.Name)[1], p.SignIn)
		}
		for _, secret := range secrets {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%q can be read", secret)
			}
		}
	})
}
