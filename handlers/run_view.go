package handlers

import (
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/typed"
	"mend/sessions"
)

// A runBuilder makes the view of a running session from its record.
type runBuilder struct {
	method   *sessions.Method
	session  sessions.Session
	couple   couples.Couple
	fields   map[string]typed.Field
	problems fault.Fields
	step     sessions.Step
}

func newRunBuilder(m *sessions.Method, s sessions.Session, c couples.Couple, fields map[string]typed.Field, problems fault.Fields) runBuilder {
	step, _ := m.Step(s.Step)
	return runBuilder{m, s, c, fields, problems, step}
}

func (b runBuilder) view() runView {
	v := runView{Couple: b.couple, Session: b.session, Name: stepName(b.step), Plain: b.step.Title, Goal: b.step.Goal,
		Cautions: b.step.Cautions, Stuck: b.step.StuckPoints, Problems: b.problems,
		People: [2]runPerson{b.person(couples.A), b.person(couples.B)}, Texts: b.texts()}
	b.addPrompts(&v)
	b.addTicks(&v)
	v.Returned = radios("pause.returned", "After the pause they", b.fields["pause.returned"],
		[]radio{{Value: "returned", Label: "returned to the conversation"}, {Value: "did not return", Label: "did not return to it"}})
	return v
}

// breach is the breach that is worked on: as turned to in the session, or as
// planned.
func (b runBuilder) breach() couples.Breach {
	if id := b.fields["breach"].Value; id != "" {
		return b.couple.Breach(id)
	}
	return b.couple.Breach(b.session.Breach())
}

func (b runBuilder) addPrompts(v *runView) {
	current := b.breach()
	for _, breach := range b.couple.Breaches {
		v.Breaches = append(v.Breaches, tick{breach.ID, breach.Name, breach.ID == current.ID})
	}
	now := b.fields["now"].Value
	for i, line := range promptLines(b.step, b.couple, current) {
		p := runPrompt{promptLine: line, saveTick: ticked("prompt."+line.ID, "Used", b.fields["prompt."+line.ID]), Number: i + 1}
		v.Prompts = append(v.Prompts, p)
		if line.ID == now || i == 0 {
			v.Now = p
		}
	}
	turn := radios("turn", "Whose turn", b.fields["turn"], []radio{
		{Value: "A", Label: b.couple.Partners[0].AddressAs}, {Value: "B", Label: b.couple.Partners[1].AddressAs}, {Value: "both", Label: "Both"}})
	v.Turns = turn.Options
}

func (b runBuilder) addTicks(v *runView) {
	for _, a := range b.step.Activities {
		t := ticked("activity."+a.ID, a.Title, b.fields["activity."+a.ID])
		if b.fields["planned."+a.ID].Value != "" {
			t.More = "planned"
		}
		v.Activities = append(v.Activities, t)
	}
	ofStep := map[string]bool{}
	for _, id := range b.step.Interventions {
		ofStep[id] = true
		term, _ := b.method.Intervention(id)
		v.Tools = append(v.Tools, ticked("intervention."+id, term.Label, b.fields["intervention."+id]))
	}
	for _, term := range b.method.Interventions {
		if !ofStep[term.ID] {
			v.OtherTools = append(v.OtherTools, ticked("intervention."+term.ID, term.Label, b.fields["intervention."+term.ID]))
		}
	}
	v.Measures = ticked("measures", "Questionnaires or check-ins were reviewed with each partner", b.fields["measures"])
	v.Support = ticked("support", "Individual support options were reviewed with each partner", b.fields["support"])
}

func (b runBuilder) texts() map[string]saveText {
	labels := map[string]string{
		"focus": "Focus today", "observation": "What you saw and heard", "interaction": "Between the partners…",
		"activity.own": "Another activity", "intervention.own": "Another intervention",
	}
	fields := map[string]saveText{}
	for field, label := range labels {
		fields[field] = texts(field, label, b.fields[field], b.problems[field])
	}
	return fields
}

func (b runBuilder) person(side couples.Side) runPerson {
	p := runPerson{Name: b.couple.Partner(side).AddressAs, Side: string(side)}
	p.Attendance = radios("attendance."+p.Side, "Here?", b.fields["attendance."+p.Side], []radio{
		{Value: "present", Label: "Present"}, {Value: "late", Label: "Late"}, {Value: "left-early", Label: "Left early"}, {Value: "absent", Label: "Absent"}})
	p.Mode = radios("mode."+p.Side, "How", b.fields["mode."+p.Side], []radio{
		{Value: "in-person", Label: "In person"}, {Value: "video", Label: "Video"}, {Value: "phone", Label: "Phone"}})
	responses := b.fields["response."+p.Side]
	p.Revision = responses.Revision
	for _, r := range b.method.Responses {
		p.Responses = append(p.Responses, saveTick{Field: r.ID, Label: r.Label, On: has(responses.Value, r.ID)})
	}
	p.CheckIn = texts("checkin."+p.Side, "How "+p.Name+" comes in, in a few words", b.fields["checkin."+p.Side], b.problems["checkin."+p.Side])
	p.Quote = texts("quote."+p.Side, "A sentence worth quoting, as "+p.Name+" said it in the room", b.fields["quote."+p.Side], b.problems["quote."+p.Side])
	return p
}
