package migrations_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

const day = `'2031-03-12 22:14:00'`

// signed fills db with one row of everything that can be signed or sent and another that is not:
// the ids end in -signed, -sent and -open.
func signed(t *testing.T, db *database.DB) {
	t.Helper()
	queries := []string{
		`INSERT INTO practices (id, name, address, telephone, time_zone, letterhead, paper, created_at)
			VALUES ('p', 'Riverbend', '', '', 'UTC', '', 'A4', ` + day + `)`,
		`INSERT INTO counselors (id, practice_id, email_index, email, name, credentials, license_type, license_no,
			license_state, role, password_hash, created_at)
		 VALUES ('dana', 'p', 'i', 'dana@example.org', 'Dana Invented', '', '', '', '', 'owner', '', ` + day + `)`,
		`INSERT INTO couples (id, practice_id, counselor_id, record_no, form_key, created_at, served_at)
			VALUES ('couple', 'p', 'dana', 'C-0001', 'k', ` + day + `, ` + day + `)`,
		`INSERT INTO partners (id, practice_id, couple_id, side, name, address_as, reach)
			VALUES ('robin', 'p', 'couple', 'A', 'Robin', 'Robin', '')`,
		`INSERT INTO definitions (hash, worksheet, source, created_at) VALUES ('h', 'w', '', ` + day + `)`,
	}
	for _, s := range []string{"signed", "open"} {
		queries = append(queries, session("session-"+s), stretch("stretch-"+s, "session-"+s), note("note-"+s, "session-"+s),
			typed("session-"+s, "text"), typed("note-"+s, "text"))
	}
	queries = append(queries, addendum("addendum", "note-signed", "k"), filed("filed-open", "contact", "A"),
		filed("filed-signed", "contact", "A"))
	for _, s := range []string{"sent", "open"} {
		queries = append(queries,
			`INSERT INTO assignments (id, practice_id, couple_id, worksheet, definition, audience, portal, created_at, form_key)
				VALUES ('given-`+s+`', 'p', 'couple', 'w', 'h', 'A', TRUE, `+day+`, '`+s+`')`,
			`INSERT INTO answers (id, practice_id, assignment_id, partner_id, state, touched_at) VALUES ('answer-`+s+
				`', 'p', 'given-`+s+`', 'robin', 'open', `+day+`)`,
			typed("answer-"+s, "text"))
	}
	queries = append(queries,
		`UPDATE notes SET signed_at = `+day+`, signed_by = 'dana', content = 'what was said' WHERE id LIKE '%-signed'`,
		`UPDATE sessions SET signed = TRUE WHERE id = 'session-signed'`,
		`UPDATE answers SET state = 'sent', sent_at = `+day+` WHERE id = 'answer-sent'`)
	for _, query := range queries {
		if _, err := db.Exec(t.Context(), query); err != nil {
			t.Fatal(query, err)
		}
	}
}

func session(id string) string {
	return `INSERT INTO sessions (id, practice_id, couple_id, counselor_id, starts_at, minutes, place, place_detail, step,
		state, form_key, revision, touched_at)
		VALUES ('` + id + `', 'p', 'couple', 'dana', ` + day + `, 50, 'office', '', 'safety', 'ended', '` +
		id + `', 1, ` + day + `)`
}

func stretch(id, session string) string {
	return `INSERT INTO session_intervals (id, practice_id, session_id, kind, began_at, ended_at) VALUES ('` + id + `', 'p', '` +
		session + `', 'joint', ` + day + `, ` + day + `)`
}

func note(id, session string) string {
	return `INSERT INTO notes (id, practice_id, couple_id, side, kind, session_id, format, created_at, revision)
		VALUES ('` + id + `', 'p', 'couple', '', 'progress', '` + session + `', 'DAP', ` + day + `, 1)`
}

// filed returns the statement that inserts a note without a session.
func filed(id, kind, side string) string {
	return `INSERT INTO notes (id, practice_id, couple_id, side, kind, happened_at, form_key, format, created_at, revision)
		VALUES ('` + id + `', 'p', 'couple', '` + side + `', '` + kind + `', ` + day + `, '` + id + `', '', ` + day + `, 1)`
}

func addendum(id, note, key string) string {
	return `INSERT INTO addenda (id, practice_id, note_id, reason, text, signer, signed_by, signed_at, form_key)
		VALUES ('` + id + `', 'p', '` + note + `', 'late', 'more', 'Dana', 'dana', ` + day + `, '` + key + `')`
}

func typed(owner, field string) string {
	return `INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key) VALUES ('p', '` + owner +
		`', '` + field + `', 'said', 1, ` + day + `, 'save-` + field + `')`
}

// replace returns insert as a REPLACE, which in SQLite deletes conflicting rows.
func replace(insert string) string { return "INSERT OR REPLACE" + strings.TrimPrefix(insert, "INSERT") }

// kept returns all rows that were signed or sent.
func kept(t *testing.T, db *database.DB) (all []string) {
	t.Helper()
	for _, query := range []string{
		`SELECT * FROM notes WHERE id LIKE '%-signed' ORDER BY id`,
		`SELECT * FROM sessions WHERE id = 'session-signed' ORDER BY id`,
		`SELECT * FROM addenda ORDER BY id`,
		`SELECT * FROM session_intervals WHERE id = 'stretch-signed' OR session_id = 'session-signed' ORDER BY id`,
		`SELECT * FROM fields WHERE owner_id IN ('note-signed', 'session-signed', 'answer-sent') ORDER BY owner_id, slot`,
	} {
		rows, err := db.Pool().QueryxContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			row, err := rows.SliceScan()
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range row {
				if at, ok := v.(time.Time); ok {
					row[i] = at.UTC()
				}
			}
			all = append(all, fmt.Sprint(row))
		}
		rows.Close() // an SQLite file has one writer
	}
	return all
}

func TestWhatWasSignedOrSentNeverChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		signed(t, db)
		queries := []string{
			`UPDATE notes SET content = 'else' WHERE id = 'note-signed'`,
			`UPDATE notes SET signed_at = NULL WHERE id = 'note-signed'`,
			`UPDATE notes SET revision = revision + 1`,
			`UPDATE notes SET kind = 'contact', session_id = NULL, happened_at = created_at WHERE id = 'note-open'`,
			`UPDATE notes SET side = 'B' WHERE id = 'filed-open'`,
			`UPDATE notes SET side = '' WHERE id = 'filed-open'`,
			`UPDATE notes SET kind = 'missed' WHERE id = 'filed-open'`,
			`UPDATE notes SET couple_id = 'other' WHERE id = 'filed-open'`,
			`UPDATE notes SET id = 'filed-else' WHERE id = 'filed-open'`,
			`DELETE FROM notes WHERE id = 'note-signed'`,
			note("note-second", "session-signed"),
			note("note-signed", "session-open"),

			`UPDATE sessions SET signed = FALSE WHERE id = 'session-signed'`,
			`UPDATE sessions SET minutes = 60`,
			`DELETE FROM sessions WHERE id = 'session-signed'`,
			session("session-signed"),

			`UPDATE addenda SET text = 'else'`,
			`DELETE FROM addenda`,
			addendum("addendum", "note-signed", "other"),
			addendum("other", "note-signed", "k"),

			`UPDATE session_intervals SET kind = 'pause' WHERE id = 'stretch-signed'`,
			`UPDATE session_intervals SET session_id = 'session-open' WHERE id = 'stretch-signed'`,
			`UPDATE session_intervals SET session_id = 'session-signed' WHERE id = 'stretch-open'`,
			`DELETE FROM session_intervals WHERE id = 'stretch-signed'`,
			stretch("stretch-new", "session-signed"),
			stretch("stretch-signed", "session-open"),
		}
		for _, owner := range []string{"session-signed", "note-signed", "answer-sent"} {
			queries = append(queries,
				typed(owner, "new"), typed(owner, "text"),
				`UPDATE fields SET sealed = 'else' WHERE owner_id = '`+owner+`'`,
				`UPDATE fields SET owner_id = 'nothing' WHERE owner_id = '`+owner+`'`,
				`UPDATE fields SET owner_id = '`+owner+`', slot = 'moved', save_key = 'moved' WHERE owner_id = 'note-open'`,
				`INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key) VALUES ('p', '`+owner+
					`', 'text', 'else', 2, `+day+`, 'k')
				 ON CONFLICT (owner_id, slot) DO UPDATE SET sealed = excluded.sealed`,
				`DELETE FROM fields WHERE owner_id = '`+owner+`'`)
		}
		if db.Engine() == database.SQLite {
			for _, insert := range []string{
				note("note-signed", "session-signed"), note("note-signed", "session-open"), note("note-second", "session-signed"),
				filed("filed-signed", "contact", "A"),
				strings.Replace(filed("filed-signed", "missed", "B"), "'filed-signed'", "'else'", 1), // form key only
				session("session-signed"), addendum("addendum", "note-signed", "k"), addendum("addendum", "note-open", "x"),
				addendum("other", "note-signed", "k"),
				stretch("stretch-signed", "session-signed"), stretch("stretch-signed", "session-open"),
				typed("note-signed", "text"), typed("session-signed", "text"), typed("answer-sent", "text"),
			} {
				queries = append(queries, replace(insert))
			}
			queries = append(queries, `UPDATE OR REPLACE sessions SET id = 'session-signed' WHERE id = 'session-open'`,
				`UPDATE OR REPLACE session_intervals SET id = 'stretch-signed' WHERE id = 'stretch-open'`)
		}
		before := kept(t, db)
		for _, query := range queries {
			// A duplicate id is refused as such if no guard refuses it first.
			if _, err := db.Exec(t.Context(), query); !errors.Is(err, fault.Locked) &&
				!(errors.Is(err, fault.Conflict) && strings.HasPrefix(query, "INSERT INTO")) {
				t.Errorf("%s\n%v", query, err)
			}
		}
		if diff := cmp.Diff(before, kept(t, db)); diff != "" || len(before) != 8 {
			t.Errorf("%d rows (-before +after):\n%s", len(before), diff)
		}
	})
}

func TestWhatIsOpenMayChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		signed(t, db)
		for _, query := range []string{
			addendum("second", "note-signed", "second"),
			addendum("third", "note-signed", "second") + ` ON CONFLICT DO NOTHING`, // submitted twice
			`UPDATE answers SET read_at = ` + day + ` WHERE id = 'answer-sent'`,
			typed("note-open", "new"), typed("session-open", "new"), typed("answer-open", "new"),
			`UPDATE fields SET sealed = 'else' WHERE owner_id IN ('note-open', 'session-open', 'answer-open')`,
			`DELETE FROM fields WHERE owner_id IN ('note-open', 'session-open', 'answer-open')`,
			stretch("stretch-new", "session-open"),
			`UPDATE session_intervals SET kind = 'pause' WHERE session_id = 'session-open'`,
			`DELETE FROM session_intervals WHERE session_id = 'session-open'`,
			`UPDATE notes SET format = 'SOAP' WHERE id = 'note-open'`,
			`DELETE FROM notes WHERE id = 'note-open'`,
			`UPDATE sessions SET minutes = 60 WHERE id = 'session-open'`,
			`DELETE FROM sessions WHERE id = 'session-open'`,
			session("session-new"),
		} {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Errorf("%s\n%v", query, err)
			}
		}
	})
}

func TestANoteAboutOnePartnerIsNeverInTheJointRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		signed(t, db)
		for _, query := range []string{
			filed("x", "individual", ""), filed("x", "private-conversation", ""), filed("x", "risk-review", ""),
			filed("x", "contact", "both"), filed("x", "progress", ""), filed("x", "rumor", "A"),
		} {
			if _, err := db.Exec(t.Context(), query); err == nil {
				t.Error("it was stored:", query)
			}
		}
		for i, query := range []string{filed("a", "individual", "A"), filed("b", "contact", ""), filed("c", "contact", "B")} {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Error(i, err)
			}
		}
	})
}
