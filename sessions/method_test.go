package sessions

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// methodContent returns the method that comes with the program.
func methodContent(t *testing.T) *Method {
	t.Helper()
	m, err := LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheMethodHasIntakeSevenStepsAndClosingInOrder(t *testing.T) {
	var got []string
	for i, s := range methodContent(t).Steps {
		if s.Number != i {
			t.Errorf("step %s: got number %d, want %d", s.ID, s.Number, i)
		}
		got = append(got, s.ID)
	}
	want := []string{
		"intake", "acknowledge", "own-and-apologize", "room-to-heal", "open-up",
		"keep-your-word", "bring-in-support", "find-each-other", "closing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheMethodCarriesAllOfTheProtocol(t *testing.T) {
	m := methodContent(t)
	var prompts, activities, criteria, sheets, forms int
	for _, s := range m.Steps {
		prompts += len(s.Prompts)
		activities += len(s.Activities)
		criteria += len(s.Criteria())
		sheets += len(s.Worksheets)
		forms += len(s.CounselorForms)
	}
	got := map[string]int{
		"interventions": len(m.Interventions), "responses": len(m.Responses), "blocks": len(m.Note.Blocks),
		"required": len(m.Note.Required), "worksheets": sheets, "forms": forms,
		"prompts": prompts, "activities": activities, "criteria": criteria,
	}
	want := map[string]int{
		"interventions": 65, "responses": 22, "blocks": 30, "required": 11, "worksheets": 39, "forms": 6,
		"prompts": 69, "activities": 46, "criteria": 72,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryStepHasSomethingToAskToDoAndToGive(t *testing.T) {
	for _, s := range methodContent(t).Steps {
		if len(s.Prompts) == 0 || len(s.Activities) == 0 || len(s.Cautions) == 0 || len(s.StuckPoints) == 0 {
			t.Errorf("step %s lacks prompts, activities, cautions or stuck points", s.ID)
		}
		for _, text := range slices.Concat(s.Cautions, s.StuckPoints) {
			if strings.Contains(text, "§") {
				t.Errorf("step %s sends the reader to a section: %q", s.ID, text)
			}
		}
		if len(s.Worksheets) < 2 {
			t.Errorf("step %s: got %d worksheets, want at least 2", s.ID, len(s.Worksheets))
		}
	}
}

// TestEachStepHasOneNameAndAPlainOneBeneathIt: the plain name never replaces the name.
func TestEachStepHasOneNameAndAPlainOneBeneathIt(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range methodContent(t).Steps {
		outside := s.ID == "intake" || s.ID == "closing"
		if outside != (s.Subtitle == "") || seen[s.Title] || seen[s.Subtitle] && !outside {
			t.Errorf("step %s: got %q, and beneath it %q", s.ID, s.Title, s.Subtitle)
		}
		seen[s.Title], seen[s.Subtitle] = true, true
	}
}

func TestCriteriaKeepTheirColumnsAndTheirPrivacy(t *testing.T) {
	step, _ := methodContent(t).Step("acknowledge")
	got := map[string]bool{}
	for _, c := range step.Criteria() {
		got[c.ID] = c.Private
	}
	want := map[string]bool{
		"s1-h1": false, "s1-h2": false, "s1-h3": false, "s1-b1": false, "s1-b2": false, "s1-b3": true,
		"s1-c1": false, "s1-c2": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(step.Readiness.Couple) != 2 || step.Readiness.Couple[0].ID != "s1-c1" {
		t.Errorf("got couple column %v", step.Readiness.Couple)
	}
}

func TestWhatIsToBeAskedOrDoneAloneIsMarked(t *testing.T) {
	step, _ := methodContent(t).Step("intake")
	if p, ok := step.Prompt("s0-p6"); !ok || !p.Alone || p.Role != RoleBoth {
		t.Errorf("got %+v, want the question of commitment asked alone", p)
	}
	if p, _ := step.Prompt("s0-p1"); p.Alone {
		t.Errorf("got %+v, want the first question asked together", p)
	}
	if a, ok := step.Activity("s0-a5"); !ok || !a.Alone || a.Minutes != 45 {
		t.Errorf("got %+v, want the individual meeting of 45 minutes", a)
	}
}

func TestThingsAreFoundByTheirIDAndOthersAreNot(t *testing.T) {
	m := methodContent(t)
	step, _ := m.Step("acknowledge")
	lookups := map[string]func(string) bool{
		"acknowledge": func(id string) bool { _, ok := m.Step(id); return ok },
		"enactment":   func(id string) bool { _, ok := m.Intervention(id); return ok },
		"guarded":     func(id string) bool { _, ok := m.Response(id); return ok },
		"DAP":         func(id string) bool { _, ok := m.Format(id); return ok },
		"risk":        func(id string) bool { _, ok := m.Note.Block(id); return ok },
		"s1-p1":       func(id string) bool { _, ok := step.Prompt(id); return ok },
		"s1-a1":       func(id string) bool { _, ok := step.Activity(id); return ok },
	}
	for id, found := range lookups {
		if !found(id) || found("no such "+id) {
			t.Errorf("%s: found %v, another id: %v", id, found(id), found("no such "+id))
		}
	}
}

func TestEveryFormatTellsTheSameFactsInItsOwnOrder(t *testing.T) {
	m := methodContent(t)
	want := map[string][]string{
		"DAP":  {"Data", "Assessment", "Plan"},
		"SOAP": {"Subjective", "Objective", "Assessment", "Plan"},
		"BIRP": {"Behavior", "Intervention", "Response", "Plan"},
		"GIRP": {"Goal", "Intervention", "Response", "Plan"},
	}
	got := map[string][]string{}
	for _, f := range m.Note.Formats {
		var blocks []string
		for _, s := range f.Sections {
			got[f.Name] = append(got[f.Name], s.Name)
			blocks = append(blocks, s.Blocks...)
		}
		for _, required := range m.Note.Required {
			if !slices.Contains(blocks, required) {
				t.Errorf("%s leaves out %s, which every note needs", f.Name, required)
			}
		}
		if slices.Sort(blocks); len(slices.Compact(slices.Clone(blocks))) != len(blocks) {
			t.Errorf("%s says a block twice: %v", f.Name, blocks)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGIRPBeginsWithTheGoal(t *testing.T) {
	f, _ := methodContent(t).Format("GIRP")
	want := []FormatSection{
		{"Goal", []string{"attendance", "telehealth", "split", "focus"}, false},
		{"Intervention", []string{"activities", "interventions", "rationale", "measures", "homework_reviewed"}, false},
		{
			"Response",
			[]string{
				"checkin", "a_reported", "b_reported", "response_a", "response_b", "observation", "interaction",
				"pause", "progress", "readiness", "risk",
			},
			false,
		},
		{"Plan", []string{"impression", "assigned", "support", "next"}, false},
	}
	if diff := cmp.Diff(want, f.Sections); diff != "" {
		t.Error(diff)
	}
}

func TestTheRoutineSentencesAreWordForWordThoseOfTheProtocol(t *testing.T) {
	n := methodContent(t).Note
	const risk = "Safety and well-being are reviewed with each partner individually as a routine part of this service; " +
		"any individual documentation is kept separately."
	if n.RoutineRisk != risk {
		t.Errorf("got %q, want %q", n.RoutineRisk, risk)
	}
	if n.NoHomework != "No homework was due for review." {
		t.Errorf("got %q", n.NoHomework)
	}
}

// TestRiskStandsInItsSection of each format, once: with the assessment, or if a format has none,
// with how the two presented or with how they responded.
func TestRiskStandsInItsSection(t *testing.T) {
	for format, want := range map[string]string{
		"SOAP": "Assessment", "DAP": "Assessment", "BIRP": "Behavior", "GIRP": "Response",
	} {
		var in []string
		f, _ := methodContent(t).Format(format)
		for _, section := range f.Sections {
			if slices.Contains(section.Blocks, "risk") {
				in = append(in, section.Name)
			}
		}
		if len(in) != 1 || in[0] != want {
			t.Errorf("%s has it in %v, want %s", format, in, want)
		}
	}
}
