package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/dbtest"
)

// alone is a text that only an individual file contains.
const alone = "Zyqqar spoke about leaving before the winter"

// kits returns the ids of the couple of Kit and Noor and of both partners.
func (w *world) kits() (couple, kit, noor string) {
	w.t.Helper()
	kit, noor = w.partnerID("Kit Larkspur"), w.one(`SELECT b.id FROM partners b
		JOIN partners a ON a.couple_id = b.couple_id AND a.id <> b.id WHERE a.id = ?`, w.partnerID("Kit Larkspur"))
	return w.one(`SELECT couple_id FROM partners WHERE id = ?`, kit), kit, noor
}

// begin creates a standalone note and returns its path.
func (b *browser) begin(couple, kind, filed, key string) string {
	b.w.t.Helper()
	form := url.Values{"kind": {kind}, "filed": {filed}, "key": {key}}
	return b.post("/couples/"+couple+"/notes/new", form).want(b.w.t, 303).location()
}

// sign fills in the note at path and signs it.
func (b *browser) sign(path, what string) {
	b.w.t.Helper()
	b.post(path, url.Values{
		"v.day": {"2031-03-11"}, "v.time": {"15:30"}, "v.with": {"A physician"}, "v.minutes": {"15"}, "v.how": {"phone"},
		"v.what": {what}, "v.plan": {"None."}, "key": {"fill"},
	}).want(b.w.t, 303)
	seen := b.get(path).want(b.w.t, 200).find(b.w.t, `name="seen" value="([0-9a-f]+)"`)
	b.post(path+"/sign", url.Values{"seen": {seen}, "reviewed": {"yes"}, "password": {demo.Password}}).want(b.w.t, 303)
}

func TestANoteWithoutASessionIsWrittenSignedAndPrinted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana := w.as(w.dana)
		start := "/couples/" + couple + "/notes/new"
		dana.get(start+"?kind=contact&with=joint").want(t, 200, "New note", `value="contact" checked`, `value="joint" checked`)
		dana.post(start, url.Values{"key": {"none"}}).want(t, 422, "Choose the type of note.", "Choose where to file the note.")
		dana.post(start, url.Values{"kind": {"risk-review"}, "filed": {"joint"}, "key": {"wrong"}}).want(t, 422,
			"This type of note is about one partner.")
		path := dana.begin(couple, "contact", "joint", "k")
		if again := dana.begin(couple, "contact", "joint", "k"); again != path {
			t.Error("a second press began another note")
		}
		save := func(field, value, key string) answer {
			return dana.put(path+"/fields/"+field, url.Values{"v." + field: {value}, "base": {"0"}, "key": {key}})
		}
		save("what", "A call about the time.", "tab.1").want(t, 200)
		save("kind", "missed", "tab.2").want(t, 400)
		save("side", "A", "tab.3").want(t, 400)
		dana.get(path).want(t, 200, "A call about the time.", "Joint record", "Enter who it was with.")
		dana.post(path+"/sign", url.Values{"password": {"wrong"}}).want(t, 422, "Enter who it was with.", "reviewed")
		dana.get(path+"/note.pdf").want(t, 200)
		dana.sign(path, "A call about the time.")
		dana.get(path).want(t, 200, "Signed and locked", "Contact note").never(t, "<textarea id=\"what\"")
		save("what", "Afterwards.", "tab.4").want(t, 423)
		addendum := url.Values{
			"reason": {"Corrects"}, "text": {"It was Thursday."}, "password": {demo.Password}, "key": {"add"},
		}
		for range 2 {
			dana.post(path+"/addenda", addendum).want(t, 303)
		}
		printed := pdfText(t, dana.get(path+"/note.pdf").want(t, 200))
		for _, want := range []string{
			"Contact note", "Joint record", "A physician", "3:30 p.m. EDT (15 minutes)", "A call about the time.",
			"It was Thursday.",
		} {
			if !strings.Contains(printed, want) {
				t.Errorf("the PDF does not say %q: %.500s", want, printed)
			}
		}
		if strings.Count(printed, "It was Thursday.") != 1 {
			t.Error("a second press signed a second addendum")
		}
		record := "/couples/" + couple + "/record"
		dana.get(record).want(t, 200, path+`"`, path+"/note.pdf", "Note signed, with addendum", "Contact")
		dana.get(record+"?kind=contact").want(t, 200, path).never(t, "/sessions/"+w.one(
			`SELECT id FROM sessions WHERE couple_id = ? AND signed`, couple)+`"`)
		dana.get(record+"?kind=progress").want(t, 200).never(t, path)
		dana.get(record+"?kind=closing").want(t, 200, "No notes of this type.")
		if whole := pdfText(t, dana.get(record+".pdf").want(t, 200)); !strings.Contains(whole, "Contact note · ") {
			t.Error("the printed record does not hold the note")
		}
	})
}

// TestTheJointRecordIsTheSameWhateverIsInAnIndividualFile compares every page and file of the joint
// record before and after notes with each partner, drafts and signed ones, with and without a
// running session. None of them is shown, listed, counted or numbered.
func TestTheJointRecordIsTheSameWhateverIsInAnIndividualFile(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		couple, kit, noor := w.kits()
		dana := w.as(w.dana)
		joint := func() (all []string) {
			for _, path := range []string{"/record", "/record?kind=contact", "/record?kind=individual", "/record.pdf", ""} {
				all = append(all, keyless(dana.get("/couples/"+couple+path).want(t, 200).body))
			}
			for _, path := range []string{"/", "/couples"} {
				all = append(all, keyless(dana.get(path).want(t, 200).body))
			}
			for _, b := range []*browser{w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))} {
				all = append(all, keyless(b.get("/my").body), keyless(b.get("/my/access").body))
			}
			all = append(all, keyless(w.as(w.sam).get("/supervision/"+couple).body))
			return append(all, keyless(w.as(w.drew).get("/front-desk/couples/"+couple).body))
		}
		before := joint()
		path := dana.begin(couple, "individual", "A", "a")
		dana.sign(path, alone)
		dana.begin(couple, "contact", "B", "b")
		same(t, before, joint())
		run := w.running(dana)
		w.now = w.now.Add(time.Second)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		running := joint()
		dana.sign(dana.begin(couple, "risk-review", "A", "c"), alone+", again")
		same(t, running, joint())
		for _, page := range append(running, dana.get(run+"/run").body) {
			for _, secret := range []string{alone, path} {
				if strings.Contains(page, secret) {
					t.Errorf("a page of the joint record has %q", secret)
				}
			}
		}
		note := path[strings.LastIndex(path, "/")+1:]
		for _, elsewhere := range []string{"/notes/" + note, "/partners/" + noor + "/notes/" + note} {
			dana.get(elsewhere).want(t, 404)
			dana.get(elsewhere+"/note.pdf").want(t, 404)
			dana.post(elsewhere+"/addenda", url.Values{"reason": {"x"}, "text": {"y"}, "key": {"z"}}).want(t, 404)
		}
		dana.get("/partners/"+noor+"/file").want(t, 200).never(t, alone, path)
		dana.get("/partners/"+kit+"/file").want(t, 200, path, "Individual meeting", "Note signed")
	})
}

// keyOfForm matches the key of a form, which differs each time a page is rendered.
var keyOfForm = regexp.MustCompile(`name="key" value="[^"]*"|value="[^"]*" name="key"`)

// keyless returns a page without the keys of its forms.
func keyless(body string) string { return keyOfForm.ReplaceAllString(body, "") }

// same fails the test for each page that has changed.
func same(t *testing.T, before, after []string) {
	t.Helper()
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("page %d differs: %.300s", i, stripTags(after[i]))
		}
	}
}

func TestAnIndividualNoteIsHiddenWhileBothLookOnAndNamesOnePartner(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana := w.as(w.dana)
		path := dana.begin(couple, "individual", "A", "a")
		dana.sign(path, alone)
		for _, e := range w.last(20) { // partners are not shown log entries about individual files
			if e.ID != "" && strings.HasSuffix(path, e.ID) && (e.Object != "individual file" || e.Side != "A") {
				t.Error("the log calls it", e.Object, e.Side)
			}
		}
		printed := pdfText(t, dana.get(path+"/note.pdf").want(t, 200))
		if !strings.Contains(printed, "Kit Larkspur") || strings.Contains(printed, "Noor") ||
			!strings.Contains(printed, "Individual file") {
			t.Errorf("%.600s", printed)
		}
		w.later()
		dana.get(path+"/note.pdf").want(t, 303)
		w.running(dana)
		for _, page := range []string{path, "/couples/" + couple + "/record", "/couples/" + couple + "/notes/new"} {
			dana.get(page).want(t, 303).never(t, alone)
		}
	})
}

func TestAFinishedFormBecomesANoteToSign(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		file := "/partners/" + things["partner"] + "/file"
		dana.get(file).want(t, 200, "Review and sign as a note", `value="`+things["finished"]+`"`).never(t,
			`name="form" value="`+things["record"]+`"`) // not completed
		turn := func(form string) answer {
			return dana.post("/partners/"+things["partner"]+"/notes", url.Values{"form": {form}})
		}
		path := turn(things["finished"]).want(t, 303).location()
		dana.get(path).want(t, 200, "Individual note", "Draft", "What it was about", "Work.", `value="2031-03-11"`)
		if again := turn(things["finished"]).location(); again != path {
			t.Error("a second press began another note")
		}
		for _, form := range []string{things["record"], things["form"], things["sent"], things["joint"], "nothing"} {
			turn(form).want(t, 404)
		}
		_, _, noor := w.kits()
		dana.post("/partners/"+noor+"/notes", url.Values{"form": {things["finished"]}}).want(t, 404)
	})
}
