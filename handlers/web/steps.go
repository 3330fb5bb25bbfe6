package web

import (
	"fmt"

	"mend/couples"
	"mend/sessions"
)

// A CriteriaGroup holds the criteria of one role in one breach, or those of the couple.
type CriteriaGroup struct {
	Title, Breach string
	Criteria      []CriterionLine
}

// A CriterionLine is a criterion of a step, and whether it is met.
type CriterionLine struct {
	ID, Text     string
	Private, Met bool
}

// A PromptLine is a prompt with the name of the person it is for.
type PromptLine struct {
	ID, Text, For string
	Alone         bool
}

// CriteriaGroups groups the criteria: for each breach those of the hurt partner and of the other,
// then the couple's.
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

// PromptLines returns the prompts of a step with the partners' names, for one breach.
func PromptLines(step sessions.Step, couple couples.Couple, b couples.Breach) []PromptLine {
	names := map[sessions.Role]string{
		sessions.RoleHurt: couple.Partner(b.Hurt()).AddressAs, sessions.RoleBroke: couple.Partner(b.Broke).AddressAs,
		sessions.RoleBoth: couple.Names(),
	}
	if b.ID == "" { // an imported couple, for whom no breach was entered
		names[sessions.RoleHurt], names[sessions.RoleBroke] = "Hurt partner", "Partner who broke trust"
	}
	var lines []PromptLine
	for _, p := range step.Prompts {
		lines = append(lines, PromptLine{p.ID, p.Text, names[p.Role], p.Alone})
	}
	return lines
}

// A StepLine is a step of the method with its state.
type StepLine struct {
	ID, Number, Name, State, Label string
	Parallel                       bool // open from the start, alongside the others
}

// StepLines returns the steps of the method with their states.
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

// stepNumber returns the step's number on the map, or "" for intake and closing.
func stepNumber(step sessions.Step) string {
	if step.Subtitle == "" {
		return ""
	}
	return fmt.Sprint(step.Number)
}
