package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mend/internal/dbtest"
)

// formKey matches what differs each time a form is rendered: its key, and the username suggested to
// a new person.
var formKey = regexp.MustCompile(`name="key" value="[A-Z0-9]+"|value="[a-z]+-[a-z]+-[0-9]+" readonly`)

// crawl returns all pages that can be reached by following links, with random parts masked.
func (b *browser) crawl(from string) map[string]string {
	b.w.t.Helper()
	pages, waiting := map[string]string{}, []string{from}
	href := regexp.MustCompile(`(?:href|action)="(/[^"#?]*)"`)
	for len(waiting) > 0 {
		path := waiting[0]
		waiting = waiting[1:]
		if _, seen := pages[path]; seen || strings.HasPrefix(path, "/assets/") || path == "/logout" || path == "/exit" {
			continue
		}
		a := b.get(path)
		length := a.header.Get("Content-Length") // a streamed response has none
		pages[path] = a.body + a.header.Get("Content-Type") + length[:min(1, len(length))]
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue // a PDF has no links
		}
		pages[path] = formKey.ReplaceAllString(pages[path], "")
		for _, found := range href.FindAllStringSubmatch(a.body, -1) {
			waiting = append(waiting, found[1])
		}
	}
	return pages
}

// TestNothingThatOnePartnerDoesChangesWhatTheOtherReceives lets Kit write, send and be seen alone,
// and compares Noor's pages before and after, byte by byte.
func TestNothingThatOnePartnerDoesChangesWhatTheOtherReceives(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"goals-and-ground-rules"}, "to": {"joint"}, "key": {"joint"}}).want(t, 303)
		noor := w.as(w.partner(1, "B"))
		before := noor.crawl("/my")
		if len(before) < 5 {
			t.Fatalf("Noor reaches only %d pages", len(before))
		}
		w.kitDoesEverything(t, things, dana)
		after := noor.crawl("/my")
		if len(after) != len(before) {
			t.Errorf("Noor reached %d pages and now %d", len(before), len(after))
		}
		for path, page := range before {
			if after[path] != page {
				t.Errorf("%s changed for Noor:\n%s\n---\n%s", path, stripTags(page), stripTags(after[path]))
			}
		}
	})
}

const canary = "canary-of-kit"

// kitDoesEverything writes the canary into every page of Kit's, and into the counselor's forms
// about Kit.
func (w *world) kitDoesEverything(t *testing.T, things map[string]string, dana *browser) {
	t.Helper()
	kit := w.as(w.partner(1, "A"))
	joint := w.one(`SELECT id FROM assignments WHERE couple_id = ? AND worksheet = 'goals-and-ground-rules'`,
		things["couple"])
	kit.put("/my/worksheets/"+joint+"/fields/counselor_only",
		url.Values{"a.counselor_only": {canary}, "base": {"0"}, "key": {"j1"}}).want(t, 200)
	kit.put("/my/worksheets/"+joint+"/fields/hope_a",
		url.Values{"a.hope_a": {canary}, "base": {"0"}, "key": {"j2"}}).want(t, 400) // not active
	kit.post("/my/worksheets/"+joint,
		url.Values{
			"a.free_confirm": {"talk-first"}, "a.counselor_only": {canary}, "seen": {"1"}, "key": {"j3"},
			"do": {"send"},
		}).want(t, 303)
	kit.post("/my/worksheets/"+things["shareable"],
		url.Values{
			"a.kinds": {"lying"}, "a.who": {"my-partner"}, "a.hopes": {canary}, "seen": {"0"},
			"key": {"s1"}, "do": {"save"},
		})
	kit.put("/my/worksheets/"+things["shareable"]+"/fields/counselor_only",
		url.Values{"a.counselor_only": {canary}, "base": {"0"}, "key": {"s2"}}).want(t, 200)
	kit.post("/my/consents/"+things["consentopen"], url.Values{
		"answer": {"signed"}, "name": {canary}, "hash": {things["consenthash"]}, "key": {"c1"}, "read": {"yes"},
	}).want(t, 303)
	signed := "/my/consents/" + things["consentsigned"]
	hash := kit.get(signed).find(t, `name="hash" value="([0-9a-f]+)"`)
	kit.post(signed, url.Values{"answer": {"withdrawn"}, "hash": {hash}, "key": {"c2"}}).want(t, 303)
	kit.post("/my/treatment-plan", url.Values{
		"answer": {"disagreed"}, "version": {things["planversion"]}, "line": {canary}, "key": {"t1"},
	}).want(t, 303)
	kit.post("/my/treatment-plan", url.Values{
		"answer": {"signed"}, "version": {things["planversion"]}, "name": {canary}, "read": {"yes"}, "key": {"t2"},
	}).want(t, 303)
	dana.post("/partners/"+things["partner"]+"/statement",
		url.Values{"diagnosis": {canary}, "base": {"0"}}).want(t, 303)
	asked := requestForm("lawyer", canary, "canary")
	asked.Set("purpose", canary)
	request := w.enter(dana, "/partners/"+things["partner"]+"/requests", asked)
	for _, part := range []string{"own", "joint"} {
		dana.post(request, url.Values{"do": {"ask"}, "of": {"A"}, "part": {part}}).want(t, 303)
	}
	permission := kit.get("/my/consents").find(t, `href="(/my/authorizations/[A-Z2-7]+)"`)
	permits := replyForm("signed", kit.get(permission).find(t, `name="hash" value="([0-9a-f]+)"`), "permits")
	permits.Set("name", canary)
	kit.post(permission, permits).want(t, 303)
	w.choose(dana, request, "form:"+things["consentsigned"])
	kit.post("/my/promises", url.Values{"what": {canary}, "often": {"once"}, "key": {"pp"}}).want(t, 303)
	kit.post("/my/promises/"+things["offered"]+"/answer", url.Values{"do": {"talk"}}).want(t, 303)
	for _, result := range []string{"not-kept", "same", "partly-kept"} {
		kit.post("/my/promises/"+things["promise"]+"/marks",
			url.Values{"day": {"2031-03-11"}, "result": {result}, "note": {canary}}).want(t, 303)
	}
	for _, word := range []string{"yes", "talk", "not-now", "take-back"} {
		kit.post("/my/worksheets/"+things["sent"]+"/sharing", url.Values{"do": {word}})
	}
	items := url.Values{"seen": {"0"}, "key": {"p1"}, "do": {"send"}, "a.moved": {canary}, "a.share": {"no"}}
	for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
		items.Set("a.items."+row, "not-at-all")
	}
	kit.post("/my/worksheets/"+things["open"], items).want(t, 303)
	dana.post("/assignments/"+things["sent"]+"/read", url.Values{}).want(t, 303)
	dana.post("/partners/"+things["partner"]+"/file",
		url.Values{"worksheet": {"private-conversation-record"}, "key": {"alone"}}).want(t, 303)
	record := w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'alone~%'`, things["couple"])
	dana.post("/assignments/"+record+"/form", url.Values{
		"a.setting": {"in-person-alone"}, "a.safe_home": {"no"}, "a.decision": {"hold-joint-work"},
		"a.rationale": {canary}, "seen": {"0"}, "key": {"r1"}, "do": {"send"},
	}).want(t, 303)
	dana.get("/assignments/"+record).want(t, 200, "Route: today", canary)
	dana.post("/assignments/"+things["sent"]+"/comments",
		url.Values{"field": {"did"}, "words": {canary}, "key": {"c1"}}).want(t, 303)
	shown := dana.get("/assignments/"+things["sent"]).find(t, `name="show" value="`+id+`"`)
	dana.post("/assignments/"+things["sent"]+"/comments", url.Values{"show": {shown}}).want(t, 303)
	dana.post("/assignments/"+things["sent"]+"/comments",
		url.Values{"field": {"did"}, "words": {"kept-from-kit"}, "key": {"c2"}}).want(t, 303)
	kit.get("/my/worksheets/"+things["sent"]).want(t, 200, "From your counselor", canary).never(t, "kept-from-kit")
	for _, do := range []string{"nudge", "stop"} {
		kit.post("/my/settings/reminders", url.Values{"do": {do}}).want(t, 303)
	}
	kit.get("/my/settings").want(t, 200, "You stopped reminders.")
	contact := "/partners/" + things["partner"] + "/contact"
	dana.post(contact, dana.basedOn(t, contact, safeContact(canary+"@private.example"))).want(t, 303)
	kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
	kit.get("/my").want(t, 200, `<html lang="es"`, "Hola, Kit")
	kit.post("/logout", url.Values{}).want(t, 303)
}

// TestACanaryOfOnePartnerReachesNobodyItIsNotFor looks for the canary on every page that anybody
// else can reach.
func TestACanaryOfOnePartnerReachesNobodyItIsNotFor(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"goals-and-ground-rules"}, "to": {"joint"}, "key": {"joint"}}).want(t, 303)
		w.kitDoesEverything(t, things, dana)
		for _, signIn := range []string{w.partner(1, "B"), w.partner(0, "A"), w.ellis, w.stranger} {
			start := "/my"
			if strings.Contains(signIn, "@") {
				start = "/"
			}
			for path, page := range w.as(signIn).crawl(start) {
				if strings.Contains(page, canary) {
					t.Errorf("%s reads Kit's word at %s", signIn, path)
				}
			}
		}
		for path, page := range w.as(w.dana).crawl("/") { // only the counselor's own pages may contain it
			reading := strings.HasPrefix(path, "/assignments/") || strings.HasSuffix(path, "/promises") ||
				strings.HasSuffix(path, "/pulse") || strings.HasSuffix(path, "/contact") || strings.HasSuffix(path, "/statement") ||
				strings.HasSuffix(path, "/treatment-plan") || strings.Contains(path, "/requests")
			if strings.Contains(page, canary) && !reading {
				t.Errorf("Kit's word stands on %s", path)
			}
		}
	})
}

// TestAFormOfTheCounselorDoesNotExistForPartners looks for the title and id of forms outside the
// portal on every page of every partner.
func TestAFormOfTheCounselorDoesNotExistForPartners(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		for _, side := range []string{"A", "B"} {
			b := w.as(w.partner(1, side))
			for path, page := range b.crawl("/my") {
				for _, never := range []string{"Referral plan", "Private conversation", things["form"]} {
					if strings.Contains(page, never) {
						t.Errorf("%s holds %q", path, never)
					}
				}
			}
			b.get("/my/worksheets/"+things["form"]).want(t, 404)
			b.put("/my/worksheets/"+things["form"]+"/fields/choice",
				url.Values{"a.choice": {"x"}, "base": {"0"}, "key": {"k"}}).want(t, 404)
		}
	})
}

// TestALockedPageDoesNotOpenAgainForItsAuthor: a page that can never be released cannot be read
// again on a phone that somebody else may look at.
func TestALockedPageDoesNotOpenAgainForItsAuthor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		robin := w.as(w.partner(0, "A"))
		locked := w.one(`SELECT s.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
			WHERE a.partner_id = ? AND s.worksheet = 'commitment-check'`, w.partnerID("Robin Ashgrove"))
		robin.get("/my/worksheets/"+locked).want(t, 404)
		robin.get("/my/answers").want(t, 200, "Where I stand today", "you can’t open it again").never(t,
			"/my/worksheets/"+locked, "asked twice")
		robin.post("/my/worksheets/"+locked, url.Values{"seen": {"0"}, "key": {"again"}, "do": {"send"}}).want(t, 303) // no error
	})
}

// TestNothingPartnerFacingMeasures: partners' pages never contain a score, a percentage, a deadline
// or a flag.
func TestNothingPartnerFacingMeasures(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for couple := range 5 {
			for path, page := range w.as(w.partner(couple, "A")).crawl("/my") {
				if strings.HasPrefix(page, "%PDF-") {
					continue // it prints the content of another page
				}
				text := strings.ToLower(stripTags(page))
				for _, never := range []string{
					"%", "score", "overdue", "due date", "streak", "flag",
					"cheater", "victim", "offender",
				} {
					if strings.Contains(text, never) && path != "/about" {
						t.Errorf("%s says %q", path, never)
					}
				}
			}
		}
	})
}

// TestADraftIsItsAuthorsAlone: the counselor cannot read what was not sent.
func TestADraftIsItsAuthorsAlone(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.as(w.partner(1, "A")).put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {canary}, "base": {"0"}, "key": {"k"}}).want(t, 200)
		dana := w.as(w.dana)
		dana.get("/assignments/"+things["open"]).want(t, 200, "visible only to their author").never(t, canary)
		dana.get("/assignments/"+things["open"]+".pdf").want(t, 404)
		if paths := dana.crawl("/"); slices.ContainsFunc(mapValues(paths),
			func(p string) bool { return strings.Contains(p, canary) }) {
			t.Error("a draft is read by the counselor")
		}
	})
}

func mapValues(m map[string]string) []string {
	var list []string
	for _, v := range m {
		list = append(list, v)
	}
	return list
}
