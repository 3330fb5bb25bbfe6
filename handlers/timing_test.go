package handlers

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/audit"
	"mend/internal/benchdoc"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// pagesOfPartners lists the pages whose timing might reveal how much the other partner has written.
var pagesOfPartners = []string{
	"/my", "/my/answers", "/my/promises", "/my/pulse", "/my/access",
	"/my/policy", "/my/settings",
}

// A twin is one of two sites that differ only in what partner A wrote alone.
type twin struct {
	*world
	cookie *http.Cookie // of partner B
	couple string
	a      string // partner A's id
}

// newTwin signs in partner B of one of the demo's couples.
func newTwin(t testing.TB, w *world) *twin {
	t.Helper()
	token, err := w.site.Accounts.SignIn(t.Context(), w.partner(1, "B"), demo.Password, "", w.now)
	if err != nil {
		t.Fatal(err)
	}
	tw := &twin{world: w, cookie: &http.Cookie{Name: "mend", Value: token}}
	l, err := w.site.Accounts.Authenticate(t.Context(), token, w.now)
	if err != nil {
		t.Fatal(err)
	}
	tw.couple = w.one(`SELECT couple_id FROM partners WHERE id = ?`, l.PartnerID)
	tw.a = w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`, tw.couple)
	return tw
}

// writeALot gives A four hundred more private pages, half of them sent, half of those pulses, two
// hundred promises that only A knows of, and three hundred openings of A's pages. Their texts are
// copies, as B opens none of them.
func (tw *twin) writeALot(t testing.TB) {
	t.Helper()
	for n := range 400 {
		if err := tw.db.InTx(t.Context(),
			func(ctx context.Context, tx *database.DB) error { return tw.onePage(ctx, tx, n) }); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 200 {
		_, err := tw.db.Exec(t.Context(), `
			INSERT INTO promises (id, practice_id, couple_id, maker, proposed_by, words, answer_a, answer_b, form_key,
			  created_at)
			SELECT ?, practice_id, ?, 'A', 'A', words, 'yes', '', ?, created_at FROM promises WHERE opened_at IS NOT NULL
			  ORDER BY id LIMIT 1`,
			fmt.Sprint("hidden ", n), tw.couple, fmt.Sprint("hidden ", n))
		if err != nil {
			t.Fatal(err)
		}
	}
	if hidden := tw.one(
		`SELECT CAST(COUNT(*) AS TEXT) FROM promises WHERE couple_id = ? AND opened_at IS NULL AND proposed_by = 'A'`,
		tw.couple); hidden < "200" {
		t.Fatalf("%s hidden promises", hidden)
	}
	opened := audit.Event{
		Practice: tw.one(`SELECT practice_id FROM couples WHERE id = ?`, tw.couple), Couple: tw.couple,
		Side: "A", Action: audit.Opened, Object: audit.PageObject,
	}
	for range 300 {
		if err := tw.site.Audit.Write(t.Context(), audit.Who{Practice: opened.Practice, Person: "dana", Role: "owner"},
			opened); err != nil {
			t.Fatal(err)
		}
	}
}

func (tw *twin) onePage(ctx context.Context, tx *database.DB, n int) error {
	state, worksheet := "open", "impact-statement"
	if n%2 == 0 {
		state = "sent"
	}
	if n%4 == 0 {
		worksheet = "trust-pulse"
	}
	id := fmt.Sprintf("private %d", n)
	_, err := tx.Exec(ctx, `
		INSERT INTO assignments (id, practice_id, couple_id, worksheet, definition, audience, portal, created_at, opens_at,
		  form_key)
		SELECT ?, practice_id, couple_id, ?, definition, 'A', TRUE, created_at, opens_at, ? FROM assignments
		WHERE couple_id = ? AND audience = 'A' AND portal AND opens_at IS NOT NULL ORDER BY id LIMIT 1`, id,
		worksheet, id, tw.couple)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO answers (id, practice_id, assignment_id, partner_id, state, touched_at, sent_at)
		SELECT ?, practice_id, ?, ?, ?, created_at, CASE WHEN ? = 'sent' THEN created_at ELSE NULL END FROM assignments
		  WHERE id = ?`, id, id, tw.a, state, state, id)
	return err
}

// open opens a page as B and returns its body and its queries.
func (tw *twin) open(t testing.TB, path string) (body string, heard []dbtest.Query) {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Host = strings.TrimPrefix(tw.url, "http://")
	request.AddCookie(tw.cookie)
	request = request.WithContext(dbtest.Hear(request.Context(), &heard))
	answered := httptest.NewRecorder()
	tw.server.Config.Handler.ServeHTTP(answered, request)
	if answered.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, answered.Code, answered.Header().Get("Location"))
	}
	return answered.Body.String(), heard
}

// TestNoPageOfOnePartnerReadsRowsOfTheOther: with four hundred more pages and two hundred more
// promises of A's, B's pages run the same queries, PostgreSQL reads no more rows for them, and
// SQLite looks up no rows by the couple alone.
func TestNoPageOfOnePartnerReadsRowsOfTheOther(t *testing.T) {
	dbtest.Long(t)
	practices.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		tw := newTwin(t, newWorld(t, db, people))
		few := map[string][]dbtest.Query{}
		rows := map[string]int{}
		dbtest.Analyze(t, tw.db)
		for _, path := range pagesOfPartners {
			tw.open(t, path) // the first request stores that the login was used
			_, few[path] = tw.open(t, path)
			rows[path] = dbtest.RowsRead(t, tw.db, few[path])
		}
		tw.writeALot(t)
		dbtest.Analyze(t, tw.db)
		for _, path := range pagesOfPartners {
			_, many := tw.open(t, path)
			if len(many) != len(few[path]) {
				t.Errorf("%s asks %d questions instead of %d", path, len(many), len(few[path]))
			}
			if got := dbtest.RowsRead(t, tw.db, many); got > rows[path]+planMayDiffer {
				t.Errorf("%s reads %d rows instead of %d", path, got, rows[path])
			}
			tw.narrow(t, path, many)
		}
	})
}

// planMayDiffer is how many more rows PostgreSQL may read because it scans in a different order. A
// has hundreds more.
const planMayDiffer = 40

// Tables that a partner's page must not look up by the couple alone.
var (
	ofEither = map[string]bool{
		"answers": true, "assignments": true, "promises": true,
		"promise_marks": true, "audit_log": true,
	}
	lookedUp  = regexp.MustCompile(`SEARCH (\S+) USING (?:COVERING )?INDEX (\S+) \((.*)\)`)
	narrowing = regexp.MustCompile(`\b(id|partner_id|assignment_id|promise_id|side|proposed_by|worksheet)[=<>]`)
)

// narrow fails the test if SQLite looks up either partner's rows by the couple alone, or searches
// all sent answers for released ones.
func (tw *twin) narrow(t testing.TB, path string, queries []dbtest.Query) {
	t.Helper()
	for _, q := range queries {
		if tw.db.Engine() != database.SQLite {
			return
		}
		lines, err := tw.db.Plan(t.Context(), q.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			found := lookedUp.FindStringSubmatch(line)
			if found == nil || !ofEither[tableOf(q.Text, found[1])] || found[2] == "promises_opened" {
				continue
			}
			shared := strings.Contains(q.Text, "released AS") && found[2] == "answers_partner"
			if shared || !narrowing.MatchString(found[3]) {
				t.Errorf("%s: %s in %s", path, line, strings.Join(strings.Fields(q.Text), " "))
			}
		}
	}
}

// BenchmarkTiming compares the duration of B's pages when A has written little and much. The two
// are requested alternately, in changing order.
func BenchmarkTiming(b *testing.B) {
	rows := [][]string{{"engine", "A has little", "A has much", "difference", "z"}}
	for i, engine := range []database.Engine{database.SQLite, database.Postgres} {
		few, many := newTwin(b, openWorld(b, engine)), newTwin(b, openWorld(b, engine))
		many.writeALot(b)
		took := [2][]float64{}
		for n := range 3050 {
			for k := range 2 {
				which := (n + k) % 2
				began := time.Now()
				[]*twin{few, many}[which].open(b, "/my")
				if n >= 50 { // the first ones warm up caches
					took[which] = append(took[which], float64(time.Since(began).Microseconds()))
				}
			}
		}
		z := rankZ(took[0], took[1])
		one, two := median(took[0]), median(took[1])
		rows = append(rows,
			[]string{
				[]string{"SQLite", "PostgreSQL"}[i], fmt.Sprintf("%.3f ms", one/1000), fmt.Sprintf("%.3f ms", two/1000),
				fmt.Sprintf("%+.1f %%", 100*(two-one)/one), fmt.Sprintf("%.1f", z),
			})
	}
	text := "## What the time of a page tells of the other partner\n\n`make bench`. B's home, three thousand times each " +
		"by turns, where A has the demo's pages and where A has 400 further private pages, 200 promises that nobody else " +
		"knows of and 300 openings. Medians; z is of the rank sums.\n\n" + benchdoc.Table(rows...)
	b.Log(text)
	if *writes != "" {
		if err := benchdoc.Write(*writes, "timing", text); err != nil {
			b.Fatal(err)
		}
	}
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// rankZ returns the z-score of the Mann-Whitney rank test of two samples.
func rankZ(one, two []float64) float64 {
	type value struct {
		v   float64
		two bool
	}
	var all []value
	for _, v := range one {
		all = append(all, value{v, false})
	}
	for _, v := range two {
		all = append(all, value{v, true})
	}
	slices.SortFunc(all, func(a, b value) int { return cmp.Compare(a.v, b.v) })
	sum := 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].v == all[i].v {
			j++
		}
		for k := i; k < j; k++ {
			if all[k].two {
				sum += float64(i+j+1) / 2
			}
		}
		i = j
	}
	n, m := float64(len(one)), float64(len(two))
	return (sum - m*(m+1)/2 - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
}
