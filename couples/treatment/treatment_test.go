package treatment_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

var (
	at    = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)
	terms = treatment.Terms{
		Steps:         []treatment.Term{{ID: "acknowledge", Label: "Say it"}, {ID: "open-up", Label: "Be open"}},
		Interventions: []treatment.Term{{ID: "enactment", Label: "Enactment"}, {ID: "grounding", Label: "Grounding"}},
	}
)

// A place is a practice with one couple that has two goals.
type place struct {
	*testing.T
	db      *database.DB
	st      *treatment.Store
	couples *couples.Store
	people  *accounts.Store
	dana    accounts.Counselor
	couple  couples.Couple
}

func (p *place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// want checks which error an attempt returned.
func (p *place) want(what string, got, want error) {
	p.Helper()
	if !errors.Is(got, want) {
		p.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// faults checks that an attempt was refused because of a field.
func (p *place) faults(what string, got error, field string) {
	p.Helper()
	if problems, ok := errors.AsType[fault.Fields](got); !ok || problems[field] == "" {
		p.Errorf("%s: got %v, want a fault of %s", what, got, field)
	}
}

func each(t *testing.T, story func(p *place)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		p := &place{
			T: t, db: db, st: treatment.NewStore(db, v, terms), couples: couples.NewStore(db, v, []string{"affair"}),
			people: accounts.NewStore(db, v, accounts.NewHashing(1, 8)),
		}
		practice := accounts.Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"}
		p.dana = accounts.Counselor{Email: "dana@example.org", Name: "Dana Invented"}
		p.must(p.people.CreatePractice(t.Context(), &practice, &p.dana, "seven quiet herons", at))
		p.couple = couples.Couple{
			PracticeID: p.dana.PracticeID, CounselorID: p.dana.ID, FormKey: "key", CreatedAt: at,
			Partners: [2]couples.Partner{
				{Name: "Robin Invented", AddressAs: "Robin"}, {Name: "Sasha Madeup", AddressAs: "Sasha"},
			},
			Breaches: []couples.Breach{{Name: "The summer", Broke: couples.B, KindList: "affair"}},
		}
		p.must(p.couples.Create(t.Context(), &p.couple))
		for _, goal := range []string{"Talk about money.", "Ask out loud."} {
			p.must(p.couples.AddGoal(t.Context(), p.couple, goal, goal, at))
		}
		p.reread()
		story(p)
	})
}

func (p *place) reread() {
	p.Helper()
	var err error
	p.couple, err = p.couples.Find(p.Context(), p.dana.PracticeID, p.dana.ID, p.couple.ID)
	p.must(err)
}

// add adds an objective to the first goal.
func (p *place) add(text, step string, interventions ...string) {
	p.Helper()
	p.must(p.st.AddObjective(p.Context(), p.couple, treatment.Objective{
		Goal: p.couple.Goals[0].ID, Text: text, Step: step, Interventions: interventions,
	}, text))
}

func (p *place) objectives() []treatment.Objective {
	p.Helper()
	list, err := p.st.Objectives(p.Context(), p.couple)
	p.must(err)
	return list
}

// plan returns the plan as it would be shared now.
func (p *place) plan() treatment.Plan { return p.st.Draft(p.couple, p.objectives()) }

// nothingPrivate stands for the check against private wording and refuses nothing.
func nothingPrivate(context.Context, *database.DB, map[string]string) error { return nil }

// share shares the plan in its current state and returns the version.
func (p *place) share() treatment.Version {
	p.Helper()
	p.must(p.st.Share(p.Context(), p.couple, p.plan().Hash(), nothingPrivate, at))
	return p.newest(p.couple)
}

func (p *place) newest(c couples.Couple) treatment.Version {
	p.Helper()
	v, err := p.st.Newest(p.Context(), c)
	p.must(err)
	return v
}

// mine returns the couple as read by a partner, and that partner.
func (p *place) mine(side couples.Side) (couples.Couple, couples.Partner) {
	p.Helper()
	mine, me, err := p.couples.FindForPartner(p.Context(), p.couple.PracticeID, p.couple.Partner(side).ID)
	p.must(err)
	return mine, me
}

func (p *place) sign(side couples.Side, version, key string) error {
	p.Helper()
	mine, me := p.mine(side)
	return p.st.Reply(p.Context(), mine, me, treatment.Reply{
		Version: version, Kind: treatment.Signed, Read: true, Words: " " + me.Name + " ", Zone: "America/Denver", FormKey: key,
	}, at.Add(time.Hour))
}

func (p *place) disagree(side couples.Side, version, line, key string) error {
	p.Helper()
	mine, me := p.mine(side)
	return p.st.Reply(p.Context(), mine, me, treatment.Reply{
		Version: version, Kind: treatment.Disagreed, Words: line, Zone: "UTC", FormKey: key,
	}, at.Add(2*time.Hour))
}

// answers returns a partner's answers as the counselor reads them.
func (p *place) answers(side couples.Side) []treatment.Answer {
	p.Helper()
	list, err := p.st.Answers(p.Context(), p.couple, p.newest(p.couple), p.couple.Partner(side))
	p.must(err)
	return list
}

func TestAnObjectiveIsTiedToAGoalAStepAndInterventionsOfTheMethod(t *testing.T) {
	each(t, func(p *place) {
		for range 2 { // submitted twice
			p.add("  Each names one expense a week.  ", "acknowledge", "grounding", "enactment")
		}
		list := p.objectives()
		if len(list) != 1 || list[0].Text != "Each names one expense a week." || list[0].Goal != p.couple.Goals[0].ID ||
			list[0].Step != "acknowledge" || !slices.Equal(list[0].Interventions, []string{"grounding", "enactment"}) {
			p.Fatalf("%+v", list)
		}
		plan := p.plan()
		o := plan.Goals[0].Objectives[0]
		if len(plan.Goals) != 2 || o.Step.Label != "Say it" || o.Interventions[0].Label != "Grounding" {
			p.Errorf("%+v", plan)
		}
		add := func(o treatment.Objective) error { return p.st.AddObjective(p.Context(), p.couple, o, "k") }
		goal := p.couple.Goals[0].ID
		p.faults("no words", add(treatment.Objective{Goal: goal, Text: " "}), "text")
		p.faults("too many", add(treatment.Objective{Goal: goal, Text: strings.Repeat("x", 501)}), "text")
		p.faults("no such step", add(treatment.Objective{Goal: goal, Text: "x", Step: "eight"}), "step")
		p.faults("nor intervention", add(treatment.Objective{Goal: goal, Text: "x", Interventions: []string{"magic"}}),
			"interventions")
		p.faults("a goal of nobody", add(treatment.Objective{Goal: "none", Text: "x"}), "goal")
		p.must(p.couples.RetireGoal(p.Context(), p.couple, p.couple.Goals[1].ID, at))
		p.reread()
		p.faults("a retired goal", add(treatment.Objective{Goal: p.couple.Goals[1].ID, Text: "x"}), "goal")
		if plan := p.plan(); len(plan.Goals) != 1 {
			p.Errorf("a retired goal is in the plan: %+v", plan)
		}
	})
}

func TestAnObjectiveThatWasChangedMeanwhileIsNotOverwritten(t *testing.T) {
	each(t, func(p *place) {
		p.add("Each names one expense.", "")
		o := p.objectives()[0]
		o.Text, o.Step = "Each names two expenses.", "open-up"
		p.must(p.st.SaveObjective(p.Context(), p.couple, o))
		o.Text = "Each names three."
		p.want("saved over another's", p.st.SaveObjective(p.Context(), p.couple, o), fault.Conflict)
		if got := p.objectives()[0]; got.Text != "Each names two expenses." || got.Step != "open-up" || got.Revision != 2 {
			p.Errorf("%+v", got)
		}
		p.faults("no words", p.st.SaveObjective(p.Context(), p.couple, treatment.Objective{ID: o.ID, Revision: 2}), "text")
		p.must(p.st.RetireObjective(p.Context(), p.couple, o.ID, at))
		p.must(p.st.RetireObjective(p.Context(), p.couple, o.ID, at)) // submitted twice
		o.Revision = 2
		p.want("no longer in the plan", p.st.SaveObjective(p.Context(), p.couple, o), fault.Conflict)
		_, err := p.st.Objective(p.Context(), p.couple, o.ID)
		p.want("it is gone", err, fault.NotFound)
	})
}

// TestOnlyTheCounselorWritesThePlan: a partner can neither read what is not shared nor change
// anything, and is not shown the review.
func TestOnlyTheCounselorWritesThePlan(t *testing.T) {
	each(t, func(p *place) {
		p.add("Each names one expense.", "")
		hash := p.plan().Hash()
		o := p.objectives()[0]
		mine, _ := p.mine(couples.A)
		mine.Goals = p.couple.Goals // as if the partner had loaded them
		_, err := p.st.Objectives(p.Context(), mine)
		p.want("reads the draft", err, fault.NotFound)
		_, err = p.st.Review(p.Context(), mine)
		p.want("reads the review", err, fault.NotFound)
		p.want("sets it", p.st.SetReview(p.Context(), mine, treatment.Review{On: "2031-04-01"}), fault.NotFound)
		p.want("saves", p.st.SaveObjective(p.Context(), mine, o), fault.NotFound)
		p.want("retires", p.st.RetireObjective(p.Context(), mine, o.ID, at), fault.NotFound)
		p.want("shares", p.st.Share(p.Context(), mine, hash, nothingPrivate, at), fault.NotFound)
		if p.newest(mine).IsShared() || len(p.objectives()) != 1 {
			p.Error("something was done")
		}
	})
}

// TestBothReadThePlanAsItWasShared: a shared version does not change, whatever the counselor writes
// afterwards.
func TestBothReadThePlanAsItWasShared(t *testing.T) {
	each(t, func(p *place) {
		p.add("Each names one expense.", "acknowledge", "grounding")
		first := p.share()
		p.share() // shared twice
		p.add("Each asks first.", "")
		for _, side := range []couples.Side{couples.A, couples.B} {
			mine, _ := p.mine(side)
			v := p.newest(mine)
			if v.ID != first.ID || v.Number != 1 || v.Plan.Hash() != first.Plan.Hash() || len(v.Plan.Goals[0].Objectives) != 1 {
				p.Errorf("%s reads %+v", side, v)
			}
		}
		p.want("another plan than was seen", p.st.Share(p.Context(), p.couple, first.Plan.Hash(), nothingPrivate, at),
			fault.Conflict)
		if v := p.share(); v.Number != 2 || len(v.Plan.Goals[0].Objectives) != 2 {
			p.Errorf("%+v", v)
		}
		p.must(p.sign(couples.A, p.newest(p.couple).ID, "s"))
		for _, query := range []string{
			`UPDATE treatment_plan_versions SET number = 9`, `DELETE FROM treatment_plan_versions`,
			`UPDATE treatment_plan_answers SET answer = 'disagreed'`, `DELETE FROM treatment_plan_answers`,
		} {
			if _, err := p.db.Exec(p.Context(), query); err == nil {
				p.Errorf("the database took %s", query)
			}
		}
		for _, g := range p.couple.Goals {
			p.must(p.couples.RetireGoal(p.Context(), p.couple, g.ID, at))
		}
		p.reread()
		p.faults("nothing to share", p.st.Share(p.Context(), p.couple, p.plan().Hash(), nothingPrivate, at), "plan")
	})
}

func TestWordsThatTheCheckRefusesAreNotShared(t *testing.T) {
	each(t, func(p *place) {
		p.add("What only one of them wrote.", "")
		refuse := func(_ context.Context, _ *database.DB, texts map[string]string) error {
			if !strings.Contains(texts["plan"], "What only one") || !strings.Contains(texts["plan"], "Ask out loud.") {
				p.Errorf("it is asked of %q", texts)
			}
			return fault.Fields{"plan": "private"}
		}
		p.faults("private words", p.st.Share(p.Context(), p.couple, p.plan().Hash(), refuse, at), "plan")
		if p.newest(p.couple).IsShared() {
			p.Error("it was shared")
		}
	})
}

func TestAReviewComesUpForTheCounselorFromItsDayOnWhileTheCoupleComes(t *testing.T) {
	each(t, func(p *place) {
		due := func(counselor, today string) (names []string) {
			list, err := p.st.Due(p.Context(), p.couple.PracticeID, counselor, today)
			p.must(err)
			for _, d := range list {
				names = append(names, d.Names)
			}
			return names
		}
		review := func(on string, revision int) error {
			return p.st.SetReview(p.Context(), p.couple, treatment.Review{On: on, Revision: revision})
		}
		p.faults("no day", review("soon", 0), "review_on")
		p.must(review("2031-04-01", 0))
		p.want("changed meanwhile", review("2031-05-01", 0), fault.Conflict)
		if r, err := p.st.Review(p.Context(), p.couple); err != nil || r.On != "2031-04-01" || r.Revision != 1 {
			p.Error(r, err)
		}
		if got := due(p.dana.ID, "2031-03-31"); got != nil {
			p.Errorf("the day before: %q", got)
		}
		if got := due(p.dana.ID, "2031-04-01"); !slices.Equal(got, []string{"Robin and Sasha"}) {
			p.Errorf("on the day: %q", got)
		}
		if got := due("another", "2031-04-01"); got != nil {
			p.Errorf("to another counselor: %q", got)
		}
		p.must(p.couples.Close(p.Context(), p.people, p.couple, couples.Closing{
			Ending: couples.EnoughForNow, AUntil: at.AddDate(0, 1, 0), BUntil: at.AddDate(0, 1, 0), FormKey: "c",
		}, func(context.Context, *database.DB) error { return nil }, at))
		if got := due(p.dana.ID, "2031-04-02"); got != nil {
			p.Errorf("after the closing: %q", got)
		}
		p.must(p.couples.Reopen(p.Context(), p.people, p.couple, "They came back.", at))
		p.must(review("", 1))
		if got := due(p.dana.ID, "2031-04-02"); got != nil {
			p.Errorf("without a date: %q", got)
		}
	})
}
