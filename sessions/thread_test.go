package sessions

import (
	"strings"
	"testing"

	"mend/couples/treatment"
)

// TestTheProgressOfAGoalShowsItsThread: the objectives that the session worked on, by step and by
// recorded interventions, how each partner responded, and what is next.
func TestTheProgressOfAGoalShowsItsThread(t *testing.T) {
	m, err := LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	const responses = " Response: R.M. was guarded at first and then more open and expressed hurt directly; " +
		"J.T. took responsibility with prompting and gave explanations at first and softened on redirection."
	const next = " Next: hear R.M.'s further response when R.M. chooses; review repair actions."
	for name, story := range map[string]struct {
		objectives []treatment.Objective
		change     func(f *Facts)
		want       string // the text after the progress of the first goal
	}{
		"by its interventions, as far as they were used": {
			objectives: []treatment.Objective{{
				Goal: "ONE", Text: "Each hears the other to the end.", Step: "own-and-apologize",
				Interventions: []string{"enactment", "grounding", "reflective-listening"},
			}},
			want: " Objective “Each hears the other to the end”: reflective listening and enactment " +
				"(guided partner-to-partner talk)." + responses + next,
		},
		"by its step, with the activities": {
			objectives: []treatment.Objective{{Goal: "ONE", Text: "One sentence.", Step: "own-and-apologize"}},
			change:     func(f *Facts) { f.Record["activity.s2-a3"], f.Record["activity.s2-a4"] = "", "" },
			want:       " Objective “One sentence”: ACTIVITY." + responses + next,
		},
		"without what was not recorded": {
			objectives: []treatment.Objective{{Goal: "ONE", Text: "One sentence.", Interventions: []string{"enactment"}}},
			change: func(f *Facts) {
				f.Record["response.A"], f.Record["response.B"], f.Slots["plan_text"] = "", "", ""
			},
			want: " Objective “One sentence”: enactment (guided partner-to-partner talk).",
		},
		"nothing of another step": {
			objectives: []treatment.Objective{
				{Goal: "ONE", Text: "Later.", Step: "open-up", Interventions: []string{"enactment"}},
			},
		},
		"nothing where nothing was used": {
			objectives: []treatment.Objective{
				{Goal: "ONE", Text: "Unused.", Step: "own-and-apologize", Interventions: []string{"grounding"}},
			},
		},
		"nothing where the objective is tied to nothing": {objectives: []treatment.Objective{{Goal: "ONE", Text: "Loose."}}},
		"nothing of another goal": {
			objectives: []treatment.Objective{{Goal: "OLD", Text: "Retired.", Interventions: []string{"enactment"}}},
		},
	} {
		f := example(t)
		before := m.Draft(f)["progress"]
		f.Objectives = story.objectives
		if story.change != nil {
			story.change(&f)
		}
		step, _ := m.Step("own-and-apologize")
		activity, _ := step.Activity("s2-a2")
		want := strings.Replace(story.want, "ACTIVITY", lowerFirst(activity.Title), 1)
		first, second, _ := strings.Cut(before, " Goal “Establish")
		if got := m.Draft(f)["progress"]; got != first+want+" Goal “Establish"+second {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// TestAThreadHoldsNoQuote: a quote is in the note only once.
func TestAThreadHoldsNoQuote(t *testing.T) {
	m, err := LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	f := example(t)
	f.Objectives = []treatment.Objective{{Goal: "ONE", Text: "Each.", Interventions: []string{"enactment"}}}
	if got := m.Draft(f)["progress"]; strings.Contains(got, f.Record["quote.A"]) || strings.Contains(got, "CANARY") {
		t.Error(got)
	}
}

// TestEveryStepAndInterventionCanBeInAPlan under its name in the method.
func TestEveryStepAndInterventionCanBeInAPlan(t *testing.T) {
	m, err := LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	terms := m.Terms()
	if len(terms.Steps) != len(m.Steps) || len(terms.Interventions) != len(m.Interventions) ||
		terms.Steps[1].Label != m.Steps[1].Title || terms.Interventions[2].ID != m.Interventions[2].ID {
		t.Errorf("%+v", terms)
	}
}
