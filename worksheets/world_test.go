package worksheets

import (
	"crypto/rand"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/fields"
)

// someday is a time at which every page of the tests has opened.
var someday = time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC)

var noon = time.Date(2031, 3, 12, 16, 0, 0, 0, time.UTC)

// after returns the time that many minutes after noon in New York.
func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// A world is an invented practice with one mutual couple: Jules, who is B,
// broke trust in the first breach, and Rowan, who is A, in the second.
type world struct {
	*testing.T
	db       *database.DB
	st       *Store
	practice accounts.Practice
	dana     accounts.Counselor
	couples  *couples.Store
	couple   couples.Couple
}

// eachWorld runs story on both engines.
func eachWorld(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { story(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) *world {
	t.Helper()
	w := &world{
		T: t, db: db, st: NewStore(db, dbtest.Vault(t, db), shipped(t)),
		practice: accounts.Practice{Name: "Riverbend", TimeZone: "America/New_York", Paper: "Letter"},
		dana:     accounts.Counselor{Name: "Dana Okafor-Lind", Email: "dana@riverbend.example"},
		couples:  couples.NewStore(db, dbtest.Vault(t, db), shipped(t).BreachKindIDs()),
	}
	w.must(accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8)).CreatePractice(t.Context(), &w.practice,
		&w.dana, "quiet-harbor-test", after(-9000)))
	w.couple = w.meet("Rowan Mossfield", "Jules Thistledown",
		couples.Breach{Name: "the hidden loan", Broke: couples.B, KindList: "hidden-money"},
		couples.Breach{Name: "the trip", Broke: couples.A, KindList: "lying"})
	return w
}

func (w *world) meet(a, b string, breaches ...couples.Breach) couples.Couple {
	w.Helper()
	c := couples.Couple{
		PracticeID: w.practice.ID, CounselorID: w.dana.ID, FormKey: rand.Text(), CreatedAt: after(-8000),
		Partners: [2]couples.Partner{{Name: a, AddressAs: a[:5]}, {Name: b, AddressAs: b[:5]}}, Breaches: breaches,
	}
	w.must(w.couples.Create(w.Context(), &c))
	for _, p := range c.Partners {
		mine, me, err := w.couples.FindForPartner(w.Context(), w.practice.ID, p.ID)
		w.must(err)
		w.must(w.couples.SignPolicy(w.Context(), mine, me,
			couples.Signature{Policy: mine.Policy().ID, Wording: couples.InEnglish, Name: me.Name}, after(-7900)))
	}
	found, err := w.couples.Find(w.Context(), w.practice.ID, w.dana.ID, c.ID)
	w.must(err)
	return found
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// want checks that err wraps kind.
func (w *world) want(what string, err, kind error) {
	w.Helper()
	if !errors.Is(err, kind) {
		w.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

// asPartner returns the couple as read by one of its partners.
func (w *world) asPartner(side couples.Side) couples.Couple {
	w.Helper()
	c, _, err := w.couples.FindForPartner(w.Context(), w.practice.ID, w.couple.Partner(side).ID)
	w.must(err)
	return c
}

// breach returns the id of one of the couple's breaches, or "" for a negative n.
func (w *world) breach(n int) string {
	if n < 0 {
		return ""
	}
	return w.couple.Breaches[n].ID
}

// give assigns a worksheet and returns the new pages, A's first.
func (w *world) give(worksheet string, to Audience, breach, at int) []Page {
	w.Helper()
	known := map[string]bool{}
	for _, p := range w.pages() {
		known[p.Answer.ID] = true
	}
	w.must(w.st.Give(w.Context(), w.couple,
		AssignRequest{Worksheet: worksheet, To: to, Breach: w.breach(breach), FormKey: rand.Text()}, after(at)))
	var given []Page
	for _, p := range w.pages() {
		if !known[p.Answer.ID] {
			given = append(given, p)
		}
	}
	return given
}

func (w *world) pages() []Page {
	w.Helper()
	pages, err := w.st.ForCouple(w.Context(), w.couple)
	w.must(err)
	for _, p := range w.couple.Partners {
		file, err := w.st.File(w.Context(), w.couple, p)
		w.must(err)
		pages = append(pages, file...)
	}
	return pages
}

// open returns p as opened by its author, or by the counselor.
func (w *world) open(p Page) OpenPage {
	w.Helper()
	if !p.Portal {
		f, err := w.st.CounselorForm(w.Context(), w.couple, p.Assignment.ID)
		w.must(err)
		return f
	}
	if p.IsJoint() {
		f, err := w.st.JointPage(w.Context(), w.couple, p.Assignment.ID)
		w.must(err)
		return f
	}
	f, err := w.st.PartnerPage(w.Context(), w.asPartner(p.Side), w.couple.Partner(p.Side), p.Assignment.ID, someday)
	w.must(err)
	return f
}

// form returns a form with values, submitted on the page f.
func form(f OpenPage, send bool, values map[string]Value) Form {
	return Form{Values: values, Seen: f.Seen(), Key: rand.Text(), Send: send}
}

func (w *world) keep(p Page, values map[string]Value, at int) {
	w.Helper()
	f := w.open(p)
	w.must(w.st.SaveForm(w.Context(), f, form(f, false, values), after(at)))
}

// send sends p with values and plain answers to other required questions.
func (w *world) send(p Page, values map[string]Value, at int) {
	w.Helper()
	f := w.open(p)
	w.must(w.st.SaveForm(w.Context(), f, form(f, true, whole(f.Worksheet, values)), after(at)))
}

func (w *world) read(p Page) []SentPage {
	w.Helper()
	r, err := w.st.Read(w.Context(), w.couple, p.Assignment.ID)
	w.must(err)
	return r
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	var n int
	w.must(w.db.Get(w.Context(), &n, query, args...))
	return n
}

func edit(field, text string, base int) fields.Edit {
	return fields.Edit{Field: field, Value: textValue(text).Encode(), Base: base, Key: rand.Text(), At: after(5)}
}

// whole returns values with a plain answer to each other question that d requires.
func whole(d Definition, values map[string]Value) map[string]Value {
	all := maps.Clone(values)
	if all == nil {
		all = map[string]Value{}
	}
	for _, f := range d.Fields {
		if f.Required && all[f.ID].Blank() {
			all[f.ID] = plainAnswer(f)
		}
	}
	return all
}

func plainAnswer(f Field) Value {
	switch f.Type {
	case LongText, ShortText:
		return textValue("I would like to take this slowly.")
	case Scale:
		return textValue("6")
	case YesNo:
		return textValue("yes")
	case Date:
		return textValue("2031-03-12")
	case SingleChoice:
		return textValue(f.Options[0].Value)
	case MultiChoice, Checklist:
		return pickValue(f.Options[0].Value)
	case Likert:
		v := Value{Cells: map[string]string{}}
		for _, row := range f.Rows {
			v.Cells[row.ID] = f.Options[0].Value
		}
		return v
	}
	row := map[string]string{}
	for _, column := range f.Columns {
		row[column.ID] = plainAnswer(column).Text
	}
	return Value{Rows: []map[string]string{row}}
}

// atOnce calls do n times concurrently and returns the errors.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	begin := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { <-begin; errs[i] = do(i) })
	}
	close(begin)
	group.Wait()
	return errs
}

// faultsOf returns the fields that err names.
func faultsOf(err error) fault.Fields {
	fields, _ := errors.AsType[fault.Fields](err)
	return fields
}
