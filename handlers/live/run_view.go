package live

import (
	"slices"
	"time"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
)

type runView struct {
	web.Base
	Couple      couples.Couple
	Session     sessions.Session
	Name        string    // of the step
	Usual       web.Radio // how both attend, by the session's planned place
	Steps       []web.StepLine
	Breaches    web.RadioField
	Prompts     []runPrompt
	Now         runPrompt
	NowRevision int
	Turn        web.RadioField
	TurnSeconds int            // since the turn began
	Show        web.RadioField // pages released by both, to show side by side
	Arc         []sessions.ArcPart
	Groups      []web.CriteriaGroup
	Ticks       web.RecordTicks
	People      [2]runPerson
	Homework    []runHomework
	Texts       map[string]web.SaveText
	Returned    web.RadioField
	Cautions    []string
	Stuck       []string
	Boundaries  []homework.BoundaryLine // from boundary maps that were released
	Clock       clockView
	Gifts       []giftLine
	Key         string
	Problems    fault.Fields
}

type runPrompt struct {
	web.PromptLine
	web.SaveTick
	Number int
	Past   bool
}

type runPerson struct {
	web.PersonTicks
	ID      string
	Mode    web.RadioField
	CheckIn web.SaveText
	Quote   web.SaveText
}

type runHomework struct {
	Title string
	Open  string // where to fill it in: joint pages on this screen, others on the handed-over device
	State web.RadioField
}

// clockView is the initial state of the page's clock, in seconds.
type clockView struct {
	Now                              string
	TotalSeconds, ASeconds, BSeconds int
	Pauses                           int
}

// A giftLine is a worksheet that can be assigned from the run.
type giftLine struct {
	ID, Title string
	To        []web.Radio
}

// A runBuilder builds the view of a running session from its record.
type runBuilder struct {
	method   *sessions.Method
	session  sessions.Session
	couple   couples.Couple
	fields   map[string]fields.Field
	problems fault.Fields
	step     sessions.Step
	now      time.Time
}

func (s *Server) runBuilder(session sessions.Session, c couples.Couple, fields map[string]fields.Field,
	problems fault.Fields,
) runBuilder {
	step, _ := s.Sessions.Method().Step(session.Step)
	return runBuilder{s.Sessions.Method(), session, c, fields, problems, step, s.Now()}
}

// usual maps the planned place of a session to how both attend.
var usual = map[string]web.Radio{
	"office": {Value: "in-person", Label: "in person", On: true}, "video": {Value: "video", Label: "by video", On: true},
	"phone": {Value: "phone", Label: "by phone", On: true},
}

func (b runBuilder) view() runView {
	v := runView{
		Couple: b.couple, Session: b.session, Name: b.step.Title, Usual: usual[b.session.Place],
		Cautions: b.step.Cautions, Stuck: b.step.StuckPoints, Problems: b.problems,
		Ticks: web.RecordTicksOf(b.method, b.step, b.couple, b.fields), Texts: b.texts(),
		Arc: b.record().ArcOf(b.session.Minutes),
	}
	for i, ticks := range v.Ticks.People {
		v.People[i] = b.person(ticks)
	}
	b.addPrompts(&v)
	v.Returned = web.Radios("pause.returned", "After the pause they", b.fields["pause.returned"],
		[]web.Radio{
			{Value: "returned", Label: "returned to the conversation"},
			{Value: "did not return", Label: "did not return to it"},
		})
	return v
}

// breach returns the breach being worked on: the one chosen in the session, or else the planned
// one.
func (b runBuilder) breach() couples.Breach {
	if id := b.fields["breach"].Value; id != "" {
		return b.couple.Breach(id)
	}
	return b.couple.Breach(b.session.Breach())
}

func (b runBuilder) addPrompts(v *runView) {
	current := b.breach()
	var breaches []web.Radio
	for _, breach := range b.couple.Breaches {
		breaches = append(breaches, web.Radio{Value: breach.ID, Label: breach.Name})
	}
	worked := b.fields["breach"]
	worked.Value = current.ID
	v.Breaches = web.Radios("breach", "Working on", worked, breaches)
	now := b.fields["now"].Value
	v.NowRevision = b.fields["now"].Revision
	for i, line := range web.PromptLines(b.promptStep(), b.couple, current) {
		p := runPrompt{
			PromptLine: line, SaveTick: web.Ticked("prompt."+line.ID, "Used", b.fields["prompt."+line.ID]),
			Number: i + 1,
		}
		v.Prompts = append(v.Prompts, p)
		if line.ID == now || i == 0 {
			v.Now = p
		}
	}
	v.Turn = web.Radios("turn", "Whose turn", b.fields["turn"], []web.Radio{
		{Value: "A", Label: b.couple.Partners[0].AddressAs},
		{Value: "B", Label: b.couple.Partners[1].AddressAs},
		{Value: "both", Label: "Both"},
	})
	if given := b.fields["turn"]; given.Value != "" {
		v.TurnSeconds = max(int(b.now.Sub(given.SavedAt)/time.Second), 0)
	}
}

// promptStep returns the step with the counselor's own prompts appended.
func (b runBuilder) promptStep() sessions.Step {
	step := b.step
	step.Prompts = slices.Concat(step.Prompts, b.record().OwnPrompts())
	return step
}

func (b runBuilder) record() sessions.Record { return sessions.Record(fields.Values(b.fields)) }

func (b runBuilder) texts() map[string]web.SaveText {
	labels := map[string]string{
		"focus": "Focus today", "observation": "Observations", "interaction": "Interaction between the partners",
		"activity.own": "Another activity", "intervention.own": "Another intervention",
		"prompts": "Custom prompts (one per line)",
	}
	fields := map[string]web.SaveText{}
	for field, label := range labels {
		fields[field] = web.Texts(field, label, b.fields[field], b.problems[field])
	}
	return fields
}

func (b runBuilder) person(ticks web.PersonTicks) runPerson {
	p := runPerson{PersonTicks: ticks, ID: b.couple.Partner(couples.Side(ticks.Side)).ID}
	p.Mode = web.Radios("mode."+p.Side, "How", b.fields["mode."+p.Side], []web.Radio{
		{Value: "in-person", Label: "In person"}, {Value: "video", Label: "Video"}, {Value: "phone", Label: "Phone"},
	})
	p.CheckIn = web.Texts("checkin."+p.Side, p.Name+"’s check-in, in a few words", b.fields["checkin."+p.Side],
		b.problems["checkin."+p.Side])
	p.Quote = web.Texts("quote."+p.Side, "A sentence worth quoting, as "+p.Name+" said it in the room",
		b.fields["quote."+p.Side], b.problems["quote."+p.Side])
	return p
}

// criteria returns the readiness criteria of the current breach and of the couple. It leaves out
// private ones, because both partners can see this screen.
func (b runBuilder) criteria(met map[string]bool) []web.CriteriaGroup {
	worked := b.couple
	worked.Breaches = []couples.Breach{b.breach()}
	groups := web.CriteriaGroups(b.step, worked, met)
	for i := range groups {
		groups[i].Criteria = slices.DeleteFunc(groups[i].Criteria, func(c web.CriterionLine) bool { return c.Private })
	}
	return groups
}
