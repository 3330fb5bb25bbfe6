// Package demo invents a practice: two counselors, a supervisor, a front desk and couples at different
// points of the method, told through the same stores that people use. The
// demo, tests and benchmarks start from it; it is a package of its own because
// all three need the same invention. Nobody in it is real.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
)

// Stores are what the story is told through.
type Stores struct {
	Accounts   *accounts.Store
	Couples    *couples.Store
	Sessions   *sessions.Store
	Worksheets *worksheets.Store
}

// A Person is somebody who can sign in.
type Person struct {
	Role     string `json:"role"` // owner, counselor, partner, supervisor or front desk
	Name     string `json:"name"`
	SignIn   string `json:"sign_in"`
	Password string `json:"password"`
	Couple   string `json:"couple"`  // the couple's id, of a partner
	Partner  string `json:"partner"` // A or B
}

// Password is everybody's in the demo.
const Password = "quiet-harbor-demo"

// errReal says that a practice was set up where people and years were to be invented.
var errReal = errors.New("a practice was set up here; what is invented needs a folder of its own")

// refuseReal returns errReal where somebody keeps records: the log of such a place
// takes no entry with a date that is past.
func refuseReal(ctx context.Context, st Stores) error {
	real, err := st.Accounts.IsSetUp(ctx)
	if err == nil && real {
		err = errReal
	}
	return err
}

// Seed invents a practice with n couples, as it would stand at now. The first
// five couples are at intake, in step 1, in step 2 with a mutual breach, in
// step 5, and closing; further ones repeat these. Where the practice is there
// already nothing is added, and only who works in it is returned.
func Seed(ctx context.Context, st Stores, n int, now time.Time) ([]Person, error) {
	if err := refuseReal(ctx, st); err != nil {
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
	people := slices.Clone(staff[:2])
	for i := range n {
		counselor := dana
		if i%5 == 4 || i >= 5 && i%2 == 1 {
			counselor = ellis
		}
		t := &seeder{ctx: ctx, st: st, practice: practice, counselor: counselor, now: now}
		stories[i%len(stories)](t, i)
		if t.err != nil {
			return nil, fmt.Errorf("couple %d: %w", i+1, t.err)
		}
		people = append(people, t.people...)
	}
	return append(people, staff[2:]...), colleagues(ctx, st, practice.ID, dana, now)
}

// staff is who works in the practice.
var staff = []Person{
	{Role: "owner", Name: "Dana Okafor-Lind", SignIn: "dana@riverbend.example", Password: Password},
	{Role: "counselor", Name: "Ellis Marrowby", SignIn: "ellis@riverbend.example", Password: Password},
	{Role: "supervisor", Name: "Sam Thistledown", SignIn: "sam@riverbend.example", Password: Password},
	{Role: "front desk", Name: "Drew Pennyfold", SignIn: "drew@riverbend.example", Password: Password},
}

// colleagues invents who else works in the practice: Dana's supervisor, and the
// front desk.
func colleagues(ctx context.Context, st Stores, practice string, dana accounts.Counselor, now time.Time) error {
	for _, p := range staff[2:] {
		c := accounts.Counselor{Name: p.Name, Email: p.SignIn, Role: accounts.Role(p.Role)}
		if err := st.Accounts.AddCounselor(ctx, practice, &c, Password, now.AddDate(0, -6, 0)); err != nil {
			return err
		}
		if c.Role == accounts.Supervisor {
			if err := st.Couples.Supervise(ctx, practice, dana.ID, c.ID, dana.ID, "", now.AddDate(0, -6, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}

// A seeder writes one couple's story. After the first error it does nothing.
type seeder struct {
	ctx       context.Context
	st        Stores
	practice  accounts.Practice
	counselor accounts.Counselor
	now       time.Time
	couple    couples.Couple
	people    []Person
	log       *audit.Log // of a course that leaves a trail
	brief     bool       // of a course that is a beginning alone
	written   string     // the assignment of the page that was last written
	err       error
}

// ago is a time of day in the practice's zone, days before now.
func (t *seeder) ago(days, hour, minute int) time.Time {
	day := t.now.In(t.practice.Zone()).AddDate(0, 0, -days)
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, t.practice.Zone())
}

// a breach as the stories name it.
type wrong struct {
	name  string
	broke couples.Side
	kinds string
}

// meet stores the couple, its goals and a sign-in for each partner.
func (t *seeder) meet(i int, at time.Time, breaches []wrong, goals ...string) {
	c := couples.Couple{
		PracticeID: t.practice.ID, CounselorID: t.counselor.ID, FormKey: rand.Text(),
		CreatedAt: at, Partners: couple(i),
	}
	for _, w := range breaches {
		c.Breaches = append(c.Breaches, couples.Breach{Name: w.name, Broke: w.broke, KindList: w.kinds})
	}
	if t.err = t.st.Couples.Create(t.ctx, &c); t.err != nil {
		return
	}
	for n, goal := range goals {
		if t.err = t.st.Couples.AddGoal(t.ctx, c, goal, rand.Text(), at.Add(time.Duration(n)*time.Minute)); t.err != nil {
			return
		}
	}
	for _, p := range c.Partners {
		t.join(c, p, at)
	}
	if t.err == nil {
		t.couple, t.err = t.st.Couples.Find(t.ctx, t.practice.ID, t.counselor.ID, c.ID)
	}
}

func (t *seeder) join(c couples.Couple, p couples.Partner, at time.Time) {
	if t.err != nil {
		return
	}
	var code string
	if code, t.err = t.st.Accounts.Invite(t.ctx, t.practice.ID, p.ID, at); t.err != nil {
		return
	}
	name := accounts.SuggestName()
	if _, t.err = t.st.Accounts.Join(t.ctx, code, name, Password, at.Add(time.Hour)); t.err != nil {
		return
	}
	mine, me, err := t.st.Couples.FindForPartner(t.ctx, t.practice.ID, p.ID)
	if t.err = err; err != nil {
		return
	}
	if t.err = t.st.Couples.SignPolicy(t.ctx, mine, me,
		couples.Signature{Policy: mine.Policy().ID, Wording: couples.InEnglish, Name: p.Name},
		at.Add(2*time.Hour)); t.err != nil {
		return
	}
	t.people = append(t.people,
		Person{Role: "partner", Name: p.Name, SignIn: name, Password: Password, Couple: c.ID, Partner: string(p.Side)})
}

// step moves a step of the couple.
func (t *seeder) step(id string, to sessions.StepState, why string, at time.Time) {
	if t.err == nil {
		t.err = t.st.Sessions.MoveStep(t.ctx, t.couple, t.counselor.ID, id, to, why, at)
	}
}

// met ticks criteria of the couple as a whole.
func (t *seeder) met(at time.Time, criteria ...string) {
	for _, id := range criteria {
		if t.err == nil {
			t.err = t.st.Sessions.Tick(t.ctx, t.couple, "", id, true, at)
		}
	}
}

// give gives a worksheet, in a session or, with "", outside one.
func (t *seeder) give(worksheet string, to worksheets.Audience, breach int, session string, at time.Time) {
	if t.err == nil {
		t.err = t.st.Worksheets.Give(t.ctx, t.couple, worksheets.AssignRequest{
			Worksheet: worksheet, To: to,
			Breach: t.couple.Breaches[breach].ID, Session: session, Anyway: true, FormKey: rand.Text(),
		}, at)
	}
}

// write fills the partner's open page of a worksheet with values and, where
// they leave something required open, with a plain answer. It sends the page or
// keeps it.
func (t *seeder) write(side couples.Side, worksheet string, values map[string]worksheets.Value,
	send bool, at time.Time,
) {
	if t.err != nil {
		return
	}
	mine, me, err := t.st.Couples.FindForPartner(t.ctx, t.practice.ID, t.couple.Partner(side).ID)
	if t.err = err; err != nil {
		return
	}
	var pages []worksheets.Page
	if pages, t.err = t.st.Worksheets.MyPages(t.ctx, mine, me, at); t.err != nil {
		return
	}
	for _, p := range pages {
		if p.Assignment.Worksheet != worksheet || p.Sent() {
			continue
		}
		var f worksheets.OpenPage
		if f, t.err = t.st.Worksheets.Mine(t.ctx, mine, me, p.Assignment.ID, at); t.err != nil {
			return
		}
		if send {
			values = complete(p.Worksheet, values)
		}
		t.err = t.st.Worksheets.SaveForm(t.ctx, f,
			worksheets.Form{Values: values, Seen: f.Seen(), Key: rand.Text(), Send: send}, at)
		t.written = p.Assignment.ID
		return
	}
	t.err = fmt.Errorf("%s has no open page %s", side, worksheet)
}

// complete answers what is required and was left open.
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

// plain is an ordinary answer to a field.
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

// text is an answer in words.
func text(s string) worksheets.Value { return worksheets.Value{Text: s} }

// picks are several choices.
func picks(values ...string) worksheets.Value { return worksheets.Value{Picks: values} }
