package web

import (
	"fmt"

	"mend/couples"
	"mend/sessions"
)

// A CriteriaGroup is the criteria of one role in one breach, or the couple's.
type CriteriaGroup struct {
	Title, Breach string
	Criteria      []CriterionLine
}

// A CriterionLine is one sign that a step is done, as it is ticked.
type CriterionLine struct {
	ID, Text     string
	Private, Met bool
}

// A PromptLine is a prompt with the name of whom it is for.
type PromptLine struct {
	ID, Text, For string
	Alone         bool
}

// CriteriaGroups lays the criteria out: for each breach the hurt partner's and
// the other's, then the couple's own.
func CriteriaGroups(step sessions.Step, couple couples.Couple, met map[string]bool) []CriteriaGroup {
	var groups []CriteriaGroup
	for _, b := range couple.Breaches {
		groups = append(groups,
			criteriaLines(couple.Partner(b.Hurt()).AddressAs+", hurt by “"+b.Name+"”", b.ID, step.Readiness.Hurt, met),
			criteriaLines(couple.Partner(b.Broke).AddressAs+", who broke trust in “"+b.Name+"”", b.ID,
				step.Readiness.Broke, met))
	}
	return append(groups, criteriaLines("The two together", "", step.Readiness.Couple, met))
}

func criteriaLines(title, breach string, criteria []sessions.Criterion, met map[string]bool) CriteriaGroup {
	group := CriteriaGroup{Title: title, Breach: breach}
	for _, c := range criteria {
		group.Criteria = append(group.Criteria, CriterionLine{c.ID, c.Text, c.Private, met[breach+"/"+c.ID]})
	}
	return group
}

// PromptLines puts the partners' names to the prompts, for one breach.
func PromptLines(step sessions.Step, couple couples.Couple, b couples.Breach) []PromptLine {
	names := map[sessions.Role]string{
		sessions.RoleHurt: couple.Partner(b.Hurt()).AddressAs, sessions.RoleBroke: couple.Partner(b.Broke).AddressAs,
		sessions.RoleBoth: couple.Names(),
	}
	if b.ID == "" { // an imported couple: nobody knows yet who was hurt
		names[sessions.RoleHurt], names[sessions.RoleBroke] = "Hurt partner", "Partner who broke trust"
	}
	var lines []PromptLine
	for _, p := range step.Prompts {
		lines = append(lines, PromptLine{p.ID, p.Text, names[p.Role], p.Alone})
	}
	return lines
}

// A StepLine is a step on the couple's map.
type StepLine struct {
	ID, Number, Name, State, Label string
	Parallel                       bool // open from the start, beside all others
}

// StepLines are the seven steps with where each stands.
func (s *Server) StepLines(standings map[string]sessions.Standing) []StepLine {
	var lines []StepLine
	for _, step := range s.Sessions.Method().Steps {
		standing := standings[step.ID]
		label := standing.State.Label()
		if step.Parallel && standing.State == sessions.NotBegun {
			label = "Open from the start"
		}
		lines = append(lines,
			StepLine{step.ID, stepNumber(step), step.Title, string(standing.State), label, step.Parallel})
	}
	return lines
}

// stepNumber is the step's number on the map; intake and closing have none.
func stepNumber(step sessions.Step) string {
	if step.Subtitle == "" {
		return ""
	}
	return fmt.Sprint(step.Number)
}
