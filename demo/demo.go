// Package demo invents a practice through the same stores that people use: two counselors, a
// supervisor, a front desk, and couples at different points of the method. The demo, tests and
// benchmarks all start from it. Nobody in it is real.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/internal/fault"
	"mend/records"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// Stores are the stores that the seeder writes with.
type Stores struct {
	Accounts   *accounts.Store
	Couples    *couples.Store
	Sessions   *sessions.Store
	Worksheets *worksheets.Store
	Promises   *promises.Store
	Calendar   *calendar.Store
	Consents   *consents.Store
	Treatment  *treatment.Store
	Records    *records.Store
}

// A Person is an account of the demo.
type Person struct {
	Role     string `json:"role"` // owner, counselor, partner, supervisor or front desk
	Name     string `json:"name"`
	SignIn   string `json:"sign_in"`
	Password string `json:"password"`
	Couple   string `json:"couple"`  // the couple's id, for a partner
	Partner  string `json:"partner"` // A or B
}

// Password is the password of all accounts in the demo.
const Password = "quiet-harbor-demo"

// errReal means that the database already has a real practice.
var errReal = errors.New("a practice was set up here; what is invented needs a folder of its own")

// RefuseReal returns errReal if the database has a real practice, whose log must not get backdated
// entries.
func RefuseReal(ctx context.Context, st Stores) error {
	real, err := st.Accounts.IsSetUp(ctx)
	if err == nil && real {
		err = errReal
	}
	return err
}

// Seed invents a practice with n couples as of now. The first five couples are at intake, in step
// 1, in step 2 with a mutual breach, in step 5, and closing; further ones repeat these. If the
// practice exists, Seed adds nothing and returns only its staff.
func Seed(ctx context.Context, st Stores, n int, now time.Time) ([]Person, error) {
	if err := RefuseReal(ctx, st); err != nil {
		return nil, err
	}
	practice := accounts.Practice{
		Name: "Riverbend Couples Practice", Address: "12 Invented Lane\nExample City, EX 00000",
		Telephone: "(555) 010-0142", TimeZone: "America/New_York", Letterhead: "Counseling for couples", Paper: "Letter",
	}
	dana := accounts.Counselor{
		Name: "Dana Okafor-Lind", Credentials: "MA, LMFT", LicenseType: "LMFT", LicenseNo: "00000",
		LicenseState: "Example State", Email: "dana@riverbend.example",
	}
	err := st.Accounts.CreatePractice(ctx, &practice, &dana, Password, now.AddDate(0, -8, 0))
	if problems, _ := errors.AsType[fault.Fields](err); problems["email"] != "" {
		return staff, nil
	}
	if err != nil {
		return nil, err
	}
	safety := accounts.DefaultSafety()
	safety.CoverName, safety.CoverContact = "Ellis Marrowby", "(555) 010-0143"
	if err := st.Accounts.ReviewSafety(ctx, practice.ID, dana.ID, safety, now.AddDate(0, -8, 0)); err != nil {
		return nil, err
	}
	ellis := accounts.Counselor{
		Name: "Ellis Marrowby", Credentials: "LPC", LicenseType: "LPC", LicenseNo: "00001",
		LicenseState: "Example State", Email: "ellis@riverbend.example",
	}
	if err := st.Accounts.AddCounselor(ctx, practice.ID, &ellis, Password, now.AddDate(0, -7, 0)); err != nil {
		return nil, err
	}
	given, err := publishForms(ctx, st.Consents, practice.ID, dana.ID, now.AddDate(0, -7, 0))
	if err != nil {
		return nil, err
	}
	people := slices.Clone(staff[:2])
	for i := range n {
		counselor := dana
		if i%5 == 4 || i >= 5 && i%2 == 1 {
			counselor = ellis
		}
		t := &Seeder{Ctx: ctx, Stores: st, Practice: practice, Counselor: counselor, Now: now, forms: given}
		stories[i%len(stories)](t, i)
		if t.Err != nil {
			return nil, fmt.Errorf("couple %d: %w", i+1, t.Err)
		}
		people = append(people, t.People...)
	}
	return append(people, staff[2:]...), colleagues(ctx, st, practice.ID, dana, now)
}

// A Seeder writes the story of one couple. After an error its methods do nothing.
type Seeder struct {
	Ctx       context.Context
	Stores    Stores
	Practice  accounts.Practice
	Counselor accounts.Counselor
	Now       time.Time
	Couple    couples.Couple
	People    []Person
	Written   string // the assignment of the latest page
	Err       error

	forms []string // version ids of the forms that partners are given
}

// Ago returns a time of day, in the practice's zone, days before now.
func (t *Seeder) Ago(days, hour, minute int) time.Time {
	day := t.Now.In(t.Practice.Zone()).AddDate(0, 0, -days)
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, t.Practice.Zone())
}

// A Breach is a breach in a story.
type Breach struct {
	Name  string
	Broke couples.Side
	Kinds string
}

// AddCouple creates the couple with its goals and an account for each partner.
func (t *Seeder) AddCouple(i int, at time.Time, breaches []Breach, goals ...string) {
	c := couples.Couple{
		PracticeID: t.Practice.ID, CounselorID: t.Counselor.ID, FormKey: rand.Text(),
		CreatedAt: at, Partners: couple(i),
	}
	for _, w := range breaches {
		c.Breaches = append(c.Breaches, couples.Breach{Name: w.Name, Broke: w.Broke, KindList: w.Kinds})
	}
	if t.Err = t.Stores.Couples.Create(t.Ctx, &c); t.Err != nil {
		return
	}
	for n, goal := range goals {
		if t.Err = t.Stores.Couples.AddGoal(t.Ctx, c, goal, rand.Text(), at.Add(time.Duration(n)*time.Minute)); t.Err != nil {
			return
		}
	}
	for _, p := range c.Partners {
		t.join(c, p, at)
	}
	if t.Err == nil {
		t.Couple, t.Err = t.Stores.Couples.Find(t.Ctx, t.Practice.ID, t.Counselor.ID, c.ID)
	}
	t.askSafeContact(couples.A, couples.SafeContact{
		Channel: couples.Email, Wording: couples.SayNeutral, Address: fmt.Sprintf("a%d@private.example", i+1),
		Sender: "Front office", From: 9, Until: 20, NoVoicemail: true,
	}, at)
	if i%2 == 1 { // for every second couple, both partners are given the forms and asked for safe contact
		t.sign(couples.A, at)
		t.sign(couples.B, at)
		t.askSafeContact(couples.B,
			couples.SafeContact{Channel: couples.NoChannel, Wording: couples.SayNothing, Until: 24}, at)
	}
}

// askSafeContact stores a partner's answers about safe contact.
func (t *Seeder) askSafeContact(side couples.Side, said couples.SafeContact, at time.Time) {
	if t.Err != nil {
		return
	}
	said.AskedOn = at.In(t.Practice.Zone()).Format(time.DateOnly)
	t.Err = t.Stores.Couples.SaveSafeContact(t.Ctx, t.Couple, t.Couple.Partner(side), said, true, said.AskedOn, at)
}

// joinUnderAnyName redeems code and returns the sign-in name. A suggested name may be taken: then it
// tries another.
func (t *Seeder) joinUnderAnyName(code string, at time.Time) (name string, err error) {
	for range 5 {
		name = accounts.SuggestName()
		_, err = t.Stores.Accounts.Join(t.Ctx, code, name, Password, at)
		if _, refused := errors.AsType[fault.Fields](err); !refused {
			break
		}
	}
	return name, err
}

func (t *Seeder) join(c couples.Couple, p couples.Partner, at time.Time) {
	if t.Err != nil {
		return
	}
	var code string
	if code, t.Err = t.Stores.Accounts.Invite(t.Ctx, t.Practice.ID, p.ID, at); t.Err != nil {
		return
	}
	var name string
	if name, t.Err = t.joinUnderAnyName(code, at.Add(time.Hour)); t.Err != nil {
		return
	}
	mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, p.ID)
	if t.Err = err; err != nil {
		return
	}
	if t.Err = t.Stores.Couples.SignPolicy(t.Ctx, mine, me,
		couples.Signature{Policy: mine.Policy().ID, Wording: couples.InEnglish, Name: p.Name},
		at.Add(2*time.Hour)); t.Err != nil {
		return
	}
	t.People = append(t.People,
		Person{Role: "partner", Name: p.Name, SignIn: name, Password: Password, Couple: c.ID, Partner: string(p.Side)})
}

// Step sets the state of one of the couple's steps.
func (t *Seeder) Step(id string, to sessions.StepState, why string, at time.Time) {
	if t.Err == nil {
		t.Err = t.Stores.Sessions.MoveStep(t.Ctx, t.Couple, t.Counselor.ID, id, to, why, at)
	}
}

// MeetCriteria marks criteria of the couple as met.
func (t *Seeder) MeetCriteria(at time.Time, criteria ...string) {
	for _, id := range criteria {
		if t.Err == nil {
			t.Err = t.Stores.Sessions.Tick(t.Ctx, t.Couple, "", id, true, at)
		}
	}
}

// Give assigns a worksheet, in a session or, with "", outside of one.
func (t *Seeder) Give(worksheet string, to worksheets.Audience, breach int, session string, at time.Time) {
	if t.Err == nil {
		t.Err = t.Stores.Worksheets.Give(t.Ctx, t.Couple, worksheets.AssignRequest{
			Worksheet: worksheet, To: to,
			Breach: t.Couple.Breaches[breach].ID, Session: session, Anyway: true, FormKey: rand.Text(),
		}, at)
	}
}

// Write fills in the partner's open page of a worksheet with values, and gives plain answers to
// other required questions. It sends the page or only saves it.
func (t *Seeder) Write(side couples.Side, worksheet string, values map[string]worksheets.Value,
	send bool, at time.Time,
) {
	if t.Err != nil {
		return
	}
	mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, t.Couple.Partner(side).ID)
	if t.Err = err; err != nil {
		return
	}
	var pages []worksheets.Page
	if pages, t.Err = t.Stores.Worksheets.MyPages(t.Ctx, mine, me, at); t.Err != nil {
		return
	}
	for _, p := range pages {
		if p.Assignment.Worksheet != worksheet || p.Sent() {
			continue
		}
		var f worksheets.OpenPage
		if f, t.Err = t.Stores.Worksheets.PartnerPage(t.Ctx, mine, me, p.Assignment.ID, at); t.Err != nil {
			return
		}
		if send {
			values = complete(p.Worksheet, values)
		}
		t.Err = t.Stores.Worksheets.SaveForm(t.Ctx, f,
			worksheets.Form{Values: values, Seen: f.Seen(), Key: rand.Text(), Send: send}, at)
		t.Written = p.Assignment.ID
		return
	}
	t.Err = fmt.Errorf("%s has no open page %s", side, worksheet)
}

// complete adds plain answers to the required questions that values leave open.
func complete(d worksheets.Definition, values map[string]worksheets.Value) map[string]worksheets.Value {
	all := map[string]worksheets.Value{}
	for id, v := range values {
		all[id] = v
	}
	for _, f := range d.Fields {
		if f.Required && all[f.ID].Blank() {
			all[f.ID] = plain(f)
		}
	}
	return all
}

// plain returns an ordinary answer to a field.
func plain(f worksheets.Field) worksheets.Value {
	switch f.Type {
	case worksheets.LongText, worksheets.ShortText:
		return worksheets.Value{Text: "I would like to take this slowly, and say it as plainly as I can."}
	case worksheets.Scale:
		return worksheets.Value{Text: "6"}
	case worksheets.YesNo:
		return worksheets.Value{Text: "yes"}
	case worksheets.Date:
		return worksheets.Value{Text: "2031-03-12"}
	case worksheets.SingleChoice:
		return worksheets.Value{Text: f.Options[0].Value}
	case worksheets.MultiChoice, worksheets.Checklist:
		return worksheets.Value{Picks: []string{f.Options[0].Value}}
	case worksheets.Likert:
		v := worksheets.Value{Cells: map[string]string{}}
		for i, row := range f.Rows {
			v.Cells[row.ID] = f.Options[(i+2)%min(4, len(f.Options))].Value
		}
		return v
	}
	row := map[string]string{}
	for _, column := range f.Columns {
		row[column.ID] = plain(column).Text
	}
	return worksheets.Value{Rows: []map[string]string{row}}
}

// text returns a text answer.
func text(s string) worksheets.Value { return worksheets.Value{Text: s} }

// picks returns a multiple-choice answer.
func picks(values ...string) worksheets.Value { return worksheets.Value{Picks: values} }
