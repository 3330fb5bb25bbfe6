package worksheets

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// vectors are the worked examples of docs/clinical.md 2.4 and 4.3.
type vectors struct {
	TrustPulse []struct {
		Answers [8]*int
		Figure  *int
	} `json:"trust_pulse"`
	Direction []struct {
		Previous  *int
		Current   int
		Direction string
	} `json:"trust_pulse_direction"`
	FollowThrough []struct {
		Kept, Partly, Changed int
		NotKept               int `json:"not_kept"`
		Figure                *int
	} `json:"follow_through"`
	Route []struct {
		Case  string
		Input map[string]any
		Route string
	} `json:"private_conversation_route"`
	Gap []struct {
		A, B    int
		GapFlag bool `json:"gap_flag"`
		Low     []string
	} `json:"commitment_gap"`
}

func workedExamples(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.TrustPulse) != 8 || len(v.Direction) != 8 || len(v.FollowThrough) != 7 ||
		len(v.Route) != 15 || len(v.Gap) != 3 {
		t.Fatalf("got %d, %d, %d, %d and %d examples", len(v.TrustPulse), len(v.Direction), len(v.FollowThrough),
			len(v.Route), len(v.Gap))
	}
	return v
}

func TestTheTrustPulseIsThatOfTheWorkedExamples(t *testing.T) {
	for _, v := range workedExamples(t).TrustPulse {
		figure, ok := TrustPulse(v.Answers)
		if ok != (v.Figure != nil) || ok && figure != *v.Figure {
			t.Errorf("%v: got %d, %v", v.Answers, figure, ok)
		}
	}
}

func TestTheDirectionIsThatOfTheWorkedExamples(t *testing.T) {
	for _, v := range workedExamples(t).Direction {
		want := "pulse." + strings.ReplaceAll(v.Direction, " ", "_")
		if got := PulseDirection(v.Previous, v.Current); string(got) != want {
			t.Errorf("to %d: got %s, want %s", v.Current, string(got), want)
		}
	}
}

func TestFollowThroughIsThatOfTheWorkedExamples(t *testing.T) {
	for _, v := range workedExamples(t).FollowThrough {
		figure, ok := FollowThrough(v.Kept, v.Partly, v.NotKept, v.Changed)
		if ok != (v.Figure != nil) || ok && figure != *v.Figure {
			t.Errorf("%+v: got %d, %v", v, figure, ok)
		}
	}
}

func TestTheCommitmentGapIsThatOfTheWorkedExamples(t *testing.T) {
	for _, v := range workedExamples(t).Gap {
		if CommitmentGap(v.A, v.B) != v.GapFlag || CommitmentGap(v.B, v.A) != v.GapFlag {
			t.Errorf("%d and %d: got %v, want %v both ways", v.A, v.B, !v.GapFlag, v.GapFlag)
		}
	}
}

// conversation converts an example to the answers of the form; null is blank.
func conversation(input map[string]any) map[string]Value {
	answers := map[string]Value{}
	for id, given := range input {
		switch given := given.(type) {
		case string:
			answers[id] = Value{Text: given}
		case map[string]any:
			cells := map[string]string{}
			for row, answer := range given {
				if text, ok := answer.(string); ok {
					cells[row] = text
				}
			}
			answers[id] = Value{Cells: cells}
		}
	}
	return answers
}

func TestTheRouteIsThatOfTheWorkedExamples(t *testing.T) {
	for _, v := range workedExamples(t).Route {
		if got := PrivateConversationRoute(conversation(v.Input)); got != v.Route {
			t.Errorf("%s: got %s, want %s", v.Case, got, v.Route)
		}
	}
}

func TestTheWorkedExamplesUseOptionsThatTheFormHas(t *testing.T) {
	d := wordingOf(t, "private-conversation-record")
	for _, v := range workedExamples(t).Route {
		for id, answer := range conversation(v.Input) {
			f, ok := d.Field(id)
			if !ok {
				t.Fatalf("%s: there is no field %s", v.Case, id)
			}
			if answer.Text != "" && !f.accepts(answer.Text) {
				t.Errorf("%s: %s has no option %s", v.Case, id, answer.Text)
			}
			for row, cell := range answer.Cells {
				if _, ok := f.row(row); !ok || !f.accepts(cell) {
					t.Errorf("%s: %s.%s has no option %s", v.Case, id, row, cell)
				}
			}
		}
	}
}

func TestAConversationIsOnlyRoutineWhenEverythingWasAnsweredQuietly(t *testing.T) {
	d := wordingOf(t, "private-conversation-record")
	quiet := workedExamples(t).Route[0]
	for _, id := range []string{"own_actions", "safe_home", "open_room", "harm_self", "harm_other"} {
		f, _ := d.Field(id)
		for _, answer := range append(optionValues(f.Options), "") {
			answers := conversation(quiet.Input)
			calm := answers[id].Text == answer
			answers[id] = Value{Text: answer}
			if got := PrivateConversationRoute(answers); (got == "routine") != calm {
				t.Errorf("%s answered %q: got %s", id, answer, got)
			}
		}
	}
	if got := PrivateConversationRoute(nil); got != "talk_first" {
		t.Errorf("nothing answered: got %s", got)
	}
}

func TestNoDangerIsEverOutweighedByCalmAnswers(t *testing.T) {
	d := wordingOf(t, "private-conversation-record")
	rapid.Check(t, func(t *rapid.T) {
		answers := map[string]Value{}
		for _, id := range []string{"setting", "own_actions", "safe_home", "open_room", "harm_self", "harm_other"} {
			f, _ := d.Field(id)
			answers[id] = Value{Text: rapid.SampledFrom(append(optionValues(f.Options), "")).Draw(t, id)}
		}
		got := PrivateConversationRoute(answers)
		today := answers["safe_home"].Text == "no" || answers["harm_self"].Text == "yes" ||
			answers["harm_other"].Text == "yes"
		if (got == "today") != today || got == "routine" {
			t.Fatalf("got %s", got)
		}
	})
}

func TestHalvesAreRoundedUp(t *testing.T) {
	for _, tt := range []struct{ num, den, want int }{
		{0, 1, 0},
		{1, 2, 1},
		{3, 2, 2},
		{5, 2, 3},
		{125, 2, 63},
		{6249, 100, 62},
		{6250, 100, 63},
		{1, 3, 0},
		{2, 3, 1},
		{7, 7, 1},
	} {
		if got := RoundHalfUp(tt.num, tt.den); got != tt.want {
			t.Errorf("%d/%d: got %d, want %d", tt.num, tt.den, got, tt.want)
		}
	}
}

func TestFiguresStayBetweenNothingAndAHundred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var items [8]*int
		for i := range items {
			if rapid.Bool().Draw(t, "counted") {
				n := rapid.IntRange(0, 4).Draw(t, "item")
				items[i] = &n
			}
		}
		counted := len(slices.DeleteFunc(slices.Clone(items[:]), func(i *int) bool { return i == nil }))
		if figure, ok := TrustPulse(items); ok != (counted >= 6) || figure < 0 || figure > 100 {
			t.Fatalf("%d of %d items counted", figure, counted)
		}
		count := rapid.IntRange(0, 1000)
		kept, partly, not := count.Draw(t, "kept"), count.Draw(t, "partly"), count.Draw(t, "not")
		if figure, _ := FollowThrough(kept, partly, not, count.Draw(t, "changed")); figure < 0 || figure > 100 {
			t.Fatalf("got %d%% of %d, %d, %d", figure, kept, partly, not)
		}
	})
}

func TestTheFormOfThePulseScoresAsTheRuleSays(t *testing.T) {
	f := questionOf(t, "trust-pulse", "items")
	want := map[string]int{"not-at-all": 0, "a-little": 1, "somewhat": 2, "mostly": 3, "completely": 4}
	for _, o := range f.Options {
		score, counted := want[o.Value]
		if counted != (o.Score != nil) || counted && *o.Score != score {
			t.Errorf("%s: got score %v", o.Value, o.Score)
		}
	}
	if len(f.Rows) != 8 || f.Rows[3].ID != "t4" || f.Rows[3].Label != "My limits were respected" {
		t.Errorf("got rows %v", f.Rows)
	}
}
