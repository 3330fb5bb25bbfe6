package sessions

import (
	"slices"
	"strings"

	"mend/couples"
	"mend/couples/treatment"
)

// A Thread is what a note says of a goal beside its progress: the objectives that were worked
// on and what was done for each, how each partner responded, and what is next.
type Thread struct {
	Objective string `yaml:"objective"`
	Response  string `yaml:"response"`
	Next      string `yaml:"next"`
}

// Terms are the steps and interventions to which an objective of the treatment plan can be tied.
func (m *Method) Terms() treatment.Terms {
	var t treatment.Terms
	for _, s := range m.Steps {
		t.Steps = append(t.Steps, treatment.Term{ID: s.ID, Label: s.Title})
	}
	for _, i := range m.Interventions {
		t.Interventions = append(t.Interventions, treatment.Term(i))
	}
	return t
}

// thread returns what was recorded for a goal, "" where no objective of it was worked on. A
// sentence with nothing recorded is left out.
func (d drafter) thread(g couples.Goal) string {
	t := d.method.Note.Thread
	var sentences []string
	for _, o := range d.Objectives {
		if o.Goal == g.ID {
			sentences = append(sentences, fill(t.Objective, map[string]string{
				"objective": strings.TrimSuffix(o.Text, "."), "done": and(d.done(o)),
			}))
		}
	}
	sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
	if len(sentences) == 0 {
		return ""
	}
	sentences = append(sentences,
		fill(t.Response, map[string]string{"responses": strings.Join(d.responses(), "; ")}),
		fill(t.Next, map[string]string{"plan_text": d.Slots["plan_text"]}))
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

// done is what was recorded that an objective asks for: those of its interventions that were
// used or, where it names none, the activities of its step. Nothing is where it is of another
// step.
func (d drafter) done(o treatment.Objective) []string {
	if o.Step != "" && o.Step != d.Session.Step {
		return nil
	}
	if len(o.Interventions) == 0 {
		if o.Step == "" {
			return nil
		}
		return d.activities()
	}
	var used []string
	for _, i := range d.method.Interventions {
		if slices.Contains(o.Interventions, i.ID) && d.Record.Has("intervention."+i.ID) {
			used = append(used, strings.ToLower(i.Label))
		}
	}
	return used
}

// responses are how each partner responded, without what they said.
func (d drafter) responses() []string {
	var list []string
	for _, side := range []couples.Side{couples.A, couples.B} {
		if predicates := d.predicates(side); len(predicates) > 0 {
			list = append(list, d.label(side)+" "+and(predicates))
		}
	}
	return list
}
