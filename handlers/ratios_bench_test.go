package handlers

import (
	"bytes"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

	"mend/internal/benchdoc"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/pdf"
)

var writes = flag.String("figures", "", "document that takes what was measured; none if not given")

// A ratio compares the duration of something with a lower bound.
type ratio struct {
	what  string
	it    func(b *testing.B)
	least func(b *testing.B)
}

// BenchmarkRatios compares what Mend does with a lower bound, on both engines. Only the ratios
// matter.
func BenchmarkRatios(b *testing.B) {
	rows := [][]string{{"what", "against", "SQLite", "", "times", "PostgreSQL", "", "times"}}
	for i, open := range []func(testing.TB) *database.DB{dbtest.SQLite, dbtest.Postgres} {
		d := newDesk(b, open(b))
		for n, r := range d.ratios(b) {
			it, least := fastest(b, r.it), fastest(b, r.least)
			what, against, _ := strings.Cut(r.what, " against ")
			if i == 0 {
				rows = append(rows, []string{what, against})
			}
			rows[n+1] = append(rows[n+1], benchdoc.Milliseconds(it), benchdoc.Milliseconds(least), benchdoc.Times(it, least))
		}
	}
	text := "## Against the least it could take\n\n`make bench`. The couple is the demo's with the longest pages; each " +
		"is the fastest of two hundred.\n\n" + benchdoc.Table(rows...)
	b.Log(text)
	if *writes != "" {
		if err := benchdoc.Write(*writes, "ratios", text); err != nil {
			b.Fatal(err)
		}
	}
}

// fastest returns the shortest duration of do, which other programs disturb least.
func fastest(b *testing.B, do func(b *testing.B)) time.Duration {
	best := time.Hour
	for range 200 {
		began := time.Now()
		do(b)
		best = min(best, time.Since(began))
	}
	return best
}

func (d *desk) ratios(b *testing.B) []ratio {
	couple, run := "/couples/"+d.couple, "/sessions/"+d.held+"/run"
	c := d.signedIn("couple", d.couple)
	return []ratio{
		{"a couple's page against the same bytes from memory", d.get(couple), d.fromMemory(couple)},
		{"a couple's page against its queries alone", d.get(couple), func(b *testing.B) {
			if _, err := d.server.Accounts.Authenticate(b.Context(), d.cookie.Value, d.server.Now()); err != nil {
				b.Fatal(err)
			}
			found, err := d.server.Couple(c)
			if err == nil {
				_, err = d.staff.CoupleView(c, found)
			}
			if err != nil {
				b.Fatal(err)
			}
		}},
		{"the page of a session against the same bytes from memory", d.get(run), d.fromMemory(run)},
		{"saving a field against a bare transaction of the same size", d.save(), d.bareSave(b)},
		{"drawing a signed note against an empty document of gofpdf", d.drawNote(b), func(b *testing.B) {
			f := gofpdf.New("P", "mm", "A4", "")
			f.AddPage()
			if err := f.Output(&bytes.Buffer{}); err != nil {
				b.Fatal(err)
			}
		}},
	}
}

// answered returns the site's response to a request of the desk's counselor.
func (d *desk) answered(b *testing.B, request *http.Request) *httptest.ResponseRecorder {
	request.AddCookie(d.cookie)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	recorder := httptest.NewRecorder()
	d.handler.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusOK {
		b.Fatal(recorder.Code, request.Method)
	}
	return recorder
}

func (d *desk) get(path string) func(*testing.B) {
	return func(b *testing.B) { d.answered(b, httptest.NewRequest("GET", path, nil)) }
}

// fromMemory serves a page's bytes from memory, through the router and the headers.
func (d *desk) fromMemory(path string) func(*testing.B) {
	var page []byte
	r := fromBytes(d.server.Site, &page)
	return func(b *testing.B) {
		if page == nil {
			page = d.answered(b, httptest.NewRequest("GET", path, nil)).Body.Bytes()
		}
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
}

func (d *desk) save() func(*testing.B) {
	n := 0
	return func(b *testing.B) {
		form := url.Values{"v.observation": {fmt.Sprint("Typed ", n)}, "base": {fmt.Sprint(n)}, "key": {rand.Text()}}
		request := httptest.NewRequest("PUT", "/sessions/"+d.held+"/fields/observation", strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		d.answered(b, request)
		n++
	}
}

// bareSave writes as many bytes as a saved field, in a transaction that does nothing else.
func (d *desk) bareSave(b *testing.B) func(*testing.B) {
	sealed := make([]byte, 289)
	db := d.db
	insert := `INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key)
		VALUES (?, 'bare', 'slot', ?, 1, ?, 'key')`
	if _, err := db.Exec(b.Context(), insert, d.login.PracticeID, sealed, d.server.Now()); err != nil {
		b.Fatal(err)
	}
	return func(b *testing.B) {
		err := db.InTx(b.Context(), func(ctx context.Context, tx *database.DB) error {
			_, err := tx.Exec(ctx,
				`UPDATE fields SET sealed = ?, revision = revision + 1, save_key = ? WHERE owner_id = 'bare' AND slot = 'slot'`,
				sealed, rand.Text())
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (d *desk) drawNote(b *testing.B) func(*testing.B) {
	c := d.signedIn("session", d.signed)
	session, _, err := d.server.Session(c)
	if err != nil {
		b.Fatal(err)
	}
	note, err := d.server.Sessions.FindNote(b.Context(), session)
	if err != nil {
		b.Fatal(err)
	}
	sheet, err := d.staff.SignedSheet(c, session, note)
	if err != nil {
		b.Fatal(err)
	}
	return func(b *testing.B) {
		if err := pdf.Draw(&bytes.Buffer{}, sheet); err != nil {
			b.Fatal(err)
		}
	}
}
