package sessions

import (
	"slices"
	"strings"

	"mend/couples"
	"mend/couples/treatment"
)

// A Thread holds the templates for what a note says about a goal besides its progress: the
// objectives worked on and what was done for each, how each partner responded, and what is next.
type Thread struct {
	Objective string `yaml:"objective"`
	Response  string `yaml:"response"`
	Next      string `yaml:"next"`
}

// Terms returns the steps and interventions that an objective of the treatment plan can refer to.
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

// thread returns the sentences about a goal, or "" if none of its objectives was worked on.
// Sentences with nothing recorded are left out.
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

// done returns what was recorded for an objective: those of its interventions that were used or, if
// it names none, the activities of its step. It returns nil if the objective belongs to another
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

// responses returns how each partner responded, without quotes.
func (d drafter) responses() []string {
	var list []string
	for _, side := range []couples.Side{couples.A, couples.B} {
		if predicates := d.predicates(side); len(predicates) > 0 {
			list = append(list, d.label(side)+" "+and(predicates))
		}
	}
	return list
}
