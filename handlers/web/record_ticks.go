package web

import (
	"mend/couples"
	"mend/internal/fields"
	"mend/sessions"
)

// RecordTicks holds what a counselor checks off for a session, while it runs and with its note.
type RecordTicks struct {
	Activities []SaveTick
	Tools      []SaveTick // interventions of the step
	OtherTools []SaveTick // all other interventions
	Measures   SaveTick
	Support    SaveTick
	Telehealth SaveTick
	People     [2]PersonTicks
}

// PersonTicks holds the checkboxes about one partner.
type PersonTicks struct {
	Name, Side string
	Attendance RadioField
	Responses  []SaveTick
	Revision   int // of the responses, which are stored as one field
}

// RecordTicksOf returns the checkboxes of a session of c in step, with their saved values.
func RecordTicksOf(m *sessions.Method, step sessions.Step, c couples.Couple,
	saved map[string]fields.Field,
) RecordTicks {
	var t RecordTicks
	for _, a := range sessions.Record(fields.Values(saved)).InOrder(step) {
		tick := Ticked("activity."+a.ID, a.Title, saved["activity."+a.ID])
		if saved["planned."+a.ID].Value != "" {
			tick.More = "planned"
		}
		t.Activities = append(t.Activities, tick)
	}
	ofStep := map[string]bool{}
	for _, id := range step.Interventions {
		ofStep[id] = true
		term, _ := m.Intervention(id)
		t.Tools = append(t.Tools, Ticked("intervention."+id, term.Label, saved["intervention."+id]))
	}
	for _, term := range m.Interventions {
		if !ofStep[term.ID] {
			t.OtherTools = append(t.OtherTools,
				Ticked("intervention."+term.ID, term.Label, saved["intervention."+term.ID]))
		}
	}
	t.Measures = Ticked("measures", "Questionnaires or check-ins were reviewed with each partner", saved["measures"])
	t.Telehealth = Ticked("telehealth", "Telehealth: each partner’s identity, location and privacy were confirmed",
		saved["telehealth"])
	t.Support = Ticked("support", "Individual support options were reviewed with each partner", saved["support"])
	for i, side := range []couples.Side{couples.A, couples.B} {
		t.People[i] = personTicks(m, c.Partner(side).AddressAs, string(side), saved)
	}
	return t
}

func personTicks(m *sessions.Method, name, side string, saved map[string]fields.Field) PersonTicks {
	responses := saved["response."+side]
	p := PersonTicks{Name: name, Side: side, Revision: responses.Revision}
	p.Attendance = Radios("attendance."+side, "Here?", saved["attendance."+side], []Radio{
		{Value: "present", Label: "Present"},
		{Value: "late", Label: "Late"},
		{Value: "left-early", Label: "Left early"},
		{Value: "absent", Label: "Absent"},
	})
	for _, r := range m.Responses {
		p.Responses = append(p.Responses, SaveTick{Field: r.ID, Label: r.Label, On: Has(responses.Value, r.ID)})
	}
	return p
}

// HomeworkStates returns the choice of what became of an assigned page.
func HomeworkStates(h sessions.HomeworkItem, saved fields.Field) RadioField {
	return Radios("homework."+h.ID, h.Title, saved, []Radio{
		{Value: "done", Label: "Done"},
		{Value: "partly", Label: "Partly"},
		{Value: "not-done", Label: "Not done"},
	})
}
