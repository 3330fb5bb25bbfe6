package handlers

import (
	"cmp"
	"flag"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
)

var writeReaders = flag.Bool("write-readers", false, "write the table of who reads what anew")

// A readerOf is a person or an exported file, with all the text it can read or contains.
type readerOf struct{ name, text string }

// TestWhoReadsWhatIsThisTable puts a unique word into each kind of entry in each state. It looks
// for it on every page that each reader can reach, in the PDFs they print, in the full release
// about each partner, and in the folders of an export, and compares the result with a reviewed
// table.
func TestWhoReadsWhatIsThisTable(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		if w.db.Engine() == database.Postgres {
			return // the result does not depend on the engine
		}
		things := w.things()
		entries := w.entries(t, things)
		readers := w.readers(t, things)
		readers = append(readers, w.exported(t, things)...)
		readers = append(readers, w.released(t, things, "A"), w.released(t, things, "B"))
		var table strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&table, "%-46s", e.name)
			var found []string
			for _, r := range readers {
				if strings.Contains(r.text, e.word) {
					found = append(found, r.name)
				}
			}
			table.WriteString(strings.Join(found, ", ") + "\n")
		}
		const golden = "testdata/readers.txt"
		if *writeReaders {
			if err := os.WriteFile(golden, []byte(table.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || table.String() != string(want) {
			t.Errorf("%v; the table is now:\n%s", err, table.String())
		}
	})
}

// An entry is a kind of entry in a state, with a word that only it contains.
type entry struct{ name, word string }

// entries puts a word into each kind of entry of Kit and the couple.
func (w *world) entries(t *testing.T, things map[string]string) (list []entry) {
	t.Helper()
	word := func(name string) string {
		e := entry{name, fmt.Sprintf("WORD%02dX", len(list))}
		list = append(list, e)
		return e.word
	}
	dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
	couple, partner := "/couples/"+things["couple"], "/partners/"+things["partner"]
	w.worksheetEntries(t, things, word)
	for _, filed := range []string{"", "A"} {
		for _, state := range []string{"draft", "signed"} {
			note := dana.begin(things["couple"], "contact", cmp.Or(filed, "joint"), state+filed)
			what := word(map[string]string{"": "joint note", "A": "individual note"}[filed] + ", " + state)
			if state == "signed" {
				dana.sign(note, what)
			} else {
				dana.put(note+"/fields/what", url.Values{"v.what": {what}, "base": {"0"}, "key": {"draft" + filed}}).want(t, 200)
			}
		}
	}
	kit.post("/my/consents/"+things["consentopen"], url.Values{
		"answer": {"signed"}, "name": {word("consent, signed")}, "hash": {things["consenthash"]}, "key": {"c"}, "read": {"yes"},
	}).want(t, 303)
	kit.post("/my/treatment-plan", url.Values{
		"answer": {"disagreed"}, "version": {things["planversion"]}, "line": {word("treatment plan, line of dissent")},
		"key": {"t"},
	}).want(t, 303)
	dana.post(partner+"/statement",
		url.Values{"diagnosis": {word("billing, diagnosis")}, "base": {"0"}}).want(t, 303)
	w.enter(dana, partner+"/requests", requestForm("lawyer", word("record request, requester"), "entry"))
	contact := partner + "/contact"
	dana.post(contact, dana.basedOn(t, contact, safeContact(word("safe contact, address")+"@private.example"))).want(t, 303)
	dana.post(couple+"/goals", url.Values{"goal": {word("goal")}, "key": {"g"}}).want(t, 303)
	dana.post(couple+"/setback", url.Values{
		"kind": {"setback"}, "day": {"2031-03-12"}, "words": {word("setback, description")}, "key": {"s"},
	}).want(t, 303)
	dana.post(couple+"/setback/resume", url.Values{"reason": {word("setback, reason to resume")}}).want(t, 303)
	kit.post("/my/promises", url.Values{"what": {word("promise, proposed by one")}, "often": {"once"}, "key": {"p"}}).
		want(t, 303)
	kit.post("/my/promises/"+things["promise"]+"/marks", url.Values{
		"day": {"2031-03-11"}, "result": {"not-kept"}, "note": {word("promise, view of who did not make it")},
	}).want(t, 303)
	return list
}

// worksheetEntries puts words into Kit's worksheets, the counselor's texts about them, and a joint
// worksheet.
func (w *world) worksheetEntries(t *testing.T, things map[string]string, word func(string) string) {
	t.Helper()
	dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
	kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
		url.Values{"a.moved": {word("private worksheet, draft")}, "base": {"0"}, "key": {"d"}}).want(t, 200)
	shared := howTrustWasBroken("send")
	shared.Set("a.counselor_only", word("shared worksheet, for the counselor alone"))
	shared.Set("a.events.0.what", word("shared worksheet, released"))
	shared.Set("a.events.1.what", word("shared worksheet, withheld"))
	mine, desk := "/my/worksheets/"+things["shareable"], "/assignments/"+things["shareable"]
	kit.post(mine, shared).want(t, 303)
	kit.post(mine+"/sharing", url.Values{"do": {"yes"}}).want(t, 303)
	dana.post(desk+"/sharing", url.Values{"do": {"release"}}).want(t, 303)
	for _, state := range []string{"kept", "shown"} {
		w.now = w.now.Add(time.Second) // comments are sorted by time
		dana.post(desk+"/comments",
			url.Values{"field": {"clarity"}, "words": {word("comment, " + state)}, "key": {state}}).want(t, 303)
		if state == "shown" {
			ids := regexpFind(dana.get(desk).body, `name="show" value="([A-Z2-7]+)"`)
			dana.post(desk+"/comments", url.Values{"show": {ids[len(ids)-1]}}).want(t, 303)
		}
	}
	w.speakAlone(t, dana, "Kit Larkspur", "none-seen", "proceed-with-joint-work")
	joint := "/my/worksheets/" + things["joint"]
	kit.post(joint, url.Values{
		"a.free_confirm": {"i-agree-freely"}, "a.counselor_only": {word("joint worksheet, own part")}, "seen": {"0"},
		"key": {"k"}, "do": {"send"},
	}).want(t, 303)
	dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
	kit.put(joint+"/fields/exit",
		url.Values{"a.exit": {word("joint worksheet, active")}, "base": {"0"}, "key": {"e"}}).want(t, 200)
}

// readers returns each kind of person, including one who is not signed in, with all the text they
// can reach.
func (w *world) readers(t *testing.T, things map[string]string) []readerOf {
	t.Helper()
	list := []readerOf{
		{"counselor", w.allText(t, w.as(w.dana), "/")},
		{"the partner", w.allText(t, w.as(w.partner(1, "A")), "/my")},
		{"OTHER PARTNER", w.allText(t, w.as(w.partner(1, "B")), "/my")},
		{"another couple", w.allText(t, w.as(w.partner(0, "A")), "/my")},
		{"colleague", w.allText(t, w.as(w.ellis), "/")},
		{"supervisor", w.allText(t, w.as(w.sam), "/")},
		{"front desk", w.allText(t, w.as(w.drew), "/")},
		{"another practice", w.allText(t, w.as(w.stranger), "/")},
		{"nobody", w.allText(t, w.browser(), "/")},
	}
	return list
}

// allText returns the text of every page and PDF that can be reached by links.
func (w *world) allText(t *testing.T, b *browser, from string) string {
	t.Helper()
	var all strings.Builder
	for path, page := range b.crawl(from) {
		if strings.HasPrefix(page, "%PDF-") {
			page = pdfText(t, answer{body: page})
		}
		if !strings.HasSuffix(path, ".zip") {
			all.WriteString(page)
		}
	}
	return all.String()
}

// released returns the text of a release about a partner with everything chosen, including the
// data.
func (w *world) released(t *testing.T, things map[string]string, side string) readerOf {
	t.Helper()
	dana := w.as(w.dana)
	of := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = ?`, things["couple"], side)
	request := w.enter(dana, "/partners/"+of+"/requests", requestForm("court-order", "A court", "all"+side))
	w.choose(dana, request, regexpFind(dana.get(request).want(t, 200).body, `name="piece" value="([^"]+)"`)...)
	seen := dana.get(request+"/release").want(t, 200).find(t, `name="seen" value="([0-9a-f]+)"`)
	dana.post(request+"/release",
		url.Values{"seen": {seen}, "data": {"yes"}, "reason": {"Order 12."}}).want(t, 303)
	text := pdfText(t, dana.get(request+"/records.pdf").want(t, 200))
	for _, file := range unzipped(t, dana.get(request+"/records.zip").want(t, 200).body) {
		text += file
	}
	return readerOf{"release of " + map[string]string{"A": "the partner's", "B": "OTHER PARTNER'S"}[side], text}
}

// exported returns the text of the couple's folders in an export.
func (w *world) exported(t *testing.T, things map[string]string) []readerOf {
	t.Helper()
	files := unzipped(t, w.as(w.dana).get("/settings/data/caseload.zip").want(t, 200).body)
	number := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
	list := []readerOf{{"export partner", ""}, {"export OTHER PARTNER", ""}, {"export joint", ""}}
	for name, text := range files {
		i := slices.IndexFunc([]string{"/partner-A/", "/partner-B/", "/joint/"},
			func(folder string) bool { return strings.HasPrefix(name, number+folder) })
		if i < 0 {
			continue
		}
		if strings.HasPrefix(text, "%PDF-") {
			text = pdfText(t, answer{body: text})
		}
		list[i].text += text
	}
	return list
}

// regexpFind returns the first group of every match of pattern in text.
func regexpFind(text, pattern string) (found []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}
