package worksheets

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mend/internal/fault"
	"mend/sessions"
)

// isShown reports whether the field id is visible.
func isShown(d Definition, role sessions.Role, answers map[string]Value, id string) bool {
	return slices.ContainsFunc(d.Visible(role, answers), func(f Field) bool { return f.ID == id })
}

func pickValue(values ...string) Value { return Value{Picks: values} }
func textValue(text string) Value      { return Value{Text: text} }

func TestAQuestionIsShownOnlyWhereTheEarlierAnswerAsksForIt(t *testing.T) {
	for name, tt := range map[string]struct {
		worksheet, field string
		answers          map[string]Value
		want             bool
	}{
		"something else is named": {
			"how-trust-was-broken", "kinds_other",
			map[string]Value{"kinds": pickValue("hidden-money", "other")},
			true,
		},
		"nothing else is named": {
			"how-trust-was-broken", "kinds_other",
			map[string]Value{"kinds": pickValue("hidden-money")},
			false,
		},
		"nothing is ticked": {"how-trust-was-broken", "kinds_other", nil, false},
		"money is among it": {
			"how-trust-was-broken", "money",
			map[string]Value{"kinds": pickValue("hidden-money", "other")},
			true,
		},
		"whatever a counselor alone reads": {
			"acknowledgment-statement", "stopped_how",
			map[string]Value{"stopped": textValue("no")},
			true,
		},
		"there is pressure": {
			"response-to-apology", "who_pushes",
			map[string]Value{"pressure": textValue("a-little")},
			true,
		},
		"there is no pressure": {
			"response-to-apology", "who_pushes",
			map[string]Value{"pressure": textValue("no")},
			false,
		},
		"pressure was not answered yet":  {"response-to-apology", "who_pushes", nil, false},
		"what has no condition is shown": {"response-to-apology", "pressure", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := isShown(wordingOf(t, tt.worksheet), sessions.RoleBoth, tt.answers, tt.field); got != tt.want {
				t.Errorf("%s shown: got %v, want %v", tt.field, got, tt.want)
			}
		})
	}
}

func TestAQuestionHidesAndComesBackAsTheAnswerChanges(t *testing.T) {
	d := wordingOf(t, "how-trust-was-broken")
	for _, step := range []struct {
		kind string
		want bool
	}{{"other", true}, {"lying", false}, {"other", true}, {"", false}} {
		if got := isShown(d, sessions.RoleBroke, map[string]Value{"kinds": pickValue(step.kind)},
			"kinds_other"); got != step.want {
			t.Errorf("after %q: shown %v, want %v", step.kind, got, step.want)
		}
	}
}

func TestAQuestionThatHangsOnAHiddenOneIsHidden(t *testing.T) {
	two := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	d := Definition{Fields: []Field{
		{ID: "one", Type: SingleChoice, Options: two},
		{ID: "two", Type: SingleChoice, Options: two, ShowIf: &ShowIf{"one", "eq", "a"}},
		{ID: "three", Type: ShortText, ShowIf: &ShowIf{"two", "ne", "a"}},
	}}
	answers := map[string]Value{"one": textValue("a"), "two": textValue("b"), "three": textValue("x")}
	if !isShown(d, "", answers, "three") {
		t.Error("the third question is hidden though the second asks for it")
	}
	answers["one"] = textValue("b")
	if isShown(d, "", answers, "two") || isShown(d, "", answers, "three") {
		t.Error("a question is shown that hangs on a hidden one")
	}
}

func TestEachRoleIsShownItsOwnQuestions(t *testing.T) {
	d := wordingOf(t, "what-led-up-to-it")
	for _, f := range d.Fields {
		for role, want := range map[sessions.Role]bool{
			sessions.RoleHurt:  f.Role != sessions.RoleBroke,
			sessions.RoleBroke: f.Role != sessions.RoleHurt,
			sessions.RoleBoth:  true,
			"":                 true,
		} {
			if got := isShown(d, role, nil, f.ID); got != want {
				t.Errorf("%s for role %q: got %v, want %v", f.ID, role, got, want)
			}
		}
	}
}

func TestOnHowTrustWasBrokenTheRoleFollowsTheAnswerAndNotTheRecord(t *testing.T) {
	d := wordingOf(t, "how-trust-was-broken")
	for _, tt := range []struct {
		who          string
		hurt, broken bool
	}{
		{"my-partner", true, false}, {"i-did", false, true}, {"both-of-us-in-different-ways", true, true}, {"", false, false},
	} {
		for _, role := range []sessions.Role{sessions.RoleHurt, sessions.RoleBroke, sessions.RoleBoth, ""} {
			answers := map[string]Value{"who": textValue(tt.who)}
			if got := isShown(d, role, answers, "feel_h"); got != tt.hurt {
				t.Errorf("who = %q, recorded %q: feel_h shown %v", tt.who, role, got)
			}
			if got := isShown(d, role, answers, "feel_b"); got != tt.broken {
				t.Errorf("who = %q, recorded %q: feel_b shown %v", tt.who, role, got)
			}
		}
	}
}

func TestAnswersToQuestionsThatWereHiddenAgainAreDropped(t *testing.T) {
	d := wordingOf(t, "how-trust-was-broken")
	answers := map[string]Value{
		"kinds": pickValue("hidden-money"), "kinds_other": textValue("a name for it"), "who": textValue("my-partner"),
		"feel_h": pickValue("hurt"), "feel_b": pickValue("guilt"), "money": pickValue("hidden-debt"), "root": {},
		"gone": textValue("from an older wording"), "counselor_only": textValue("please call"),
	}
	want := map[string]Value{
		"kinds": answers["kinds"], "who": answers["who"], "feel_h": answers["feel_h"], "money": answers["money"],
		"counselor_only": answers["counselor_only"],
	}
	if diff := cmp.Diff(want, d.Keep(sessions.RoleBroke, answers)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsKeptIsKeptAgainUnchanged(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(c.All()).Draw(t, "worksheet")
		role := rapid.SampledFrom(append(knownRoles, "")).Draw(t, "role")
		answers := map[string]Value{}
		for _, f := range d.Fields {
			answers[f.ID], _ = f.Read(someForm(t, f))
		}
		kept := d.Keep(role, answers)
		if diff := cmp.Diff(kept, d.Keep(role, kept)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(d.Check(role, answers), d.Check(role, kept)); diff != "" {
			t.Fatalf("what is missing changes: %s", diff)
		}
	})
}

func TestWhatIsMissingIsSaidBesideItsQuestion(t *testing.T) {
	d := wordingOf(t, "commitment-check")
	want := fault.Fields{
		"a.stance":     "“Today I am mostly…”: please choose one.",
		"a.commitment": "“How committed do I feel to the work of rebuilding?”: please choose one.",
		"a.confidence": "“How likely does it feel that we can rebuild?”: please choose one.",
		"a.ongoing":    "“As far as I know, has what broke trust stopped?”: please choose one.",
		"a.my_choice":  "“Is being here my own choice?”: please choose one.",
		"a.ready":      "“Right now…”: please answer every line.",
	}
	if diff := cmp.Diff(want, d.Check(sessions.RoleHurt, nil)); diff != "" {
		t.Error(diff)
	}
	answers := map[string]Value{
		"stance": textValue("in-person"), "commitment": textValue("0"), "confidence": textValue("0"),
		"ongoing": textValue("in-person"), "my_choice": textValue("in-person"),
		"ready": cells("r1", "fully", "r2", "fully", "r4", "fully", "r7", "fully", "r8", "fully", "r10", "not-at-all"),
	}
	if got := d.Check(sessions.RoleHurt, answers); len(got) != 0 {
		t.Errorf("got %v, want that zero and “in person” are answers", got)
	}
}

func TestEachKindOfRequiredQuestionSaysWhatItNeeds(t *testing.T) {
	rows, columns := []Row{{ID: "r1"}, {ID: "r2"}},
		[]Field{{ID: "first", Type: ShortText}, {ID: "second", Type: ShortText}}
	for name, tt := range map[string]struct {
		field Field
		v     Value
		want  string
	}{
		"a short text":            {Field{Type: ShortText}, Value{}, "please write something here."},
		"a long text":             {Field{Type: LongText}, Value{}, "please write something here."},
		"a date":                  {Field{Type: Date}, Value{}, "enter a date."},
		"a choice":                {Field{Type: SingleChoice}, Value{}, "please choose one."},
		"yes or no":               {Field{Type: YesNo}, Value{}, "please choose one."},
		"a scale":                 {Field{Type: Scale}, Value{}, "please choose one."},
		"ticks":                   {Field{Type: MultiChoice}, Value{}, "please choose at least one."},
		"a checklist":             {Field{Type: Checklist}, Value{}, "please choose at least one."},
		"a checklist with a tick": {Field{Type: Checklist}, pickValue("a"), ""},
		"a grid half answered": {
			Field{Type: Likert, Rows: rows},
			Value{Cells: map[string]string{"r1": "a"}},
			"please answer every line.",
		},
		"a grid answered": {
			Field{Type: Likert, Rows: rows},
			Value{Cells: map[string]string{"r1": "a", "r2": "does-not-apply"}},
			"",
		},
		"a table": {Field{Type: Table, Columns: columns}, Value{}, "please fill at least one line."},
		"a table without its first column": {
			Field{Type: Table, Columns: columns},
			Value{Rows: []map[string]string{{"second": "x"}}},
			"please fill at least one line.",
		},
		"a table with its first column": {
			Field{Type: Table, Columns: columns},
			Value{Rows: []map[string]string{{"second": "x"}, {"first": "y"}}},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tt.field.ID, tt.field.Label, tt.field.Required = "q", "Q", true
			got := Definition{Fields: []Field{tt.field}}.Check("", map[string]Value{"q": tt.v})["a.q"]
			if want := strings.TrimSuffix("“Q”: "+tt.want, "“Q”: "); got.String() != want {
				t.Errorf("got %q, want %q", got, want)
			}
			tt.field.Required = false
			if got := (Definition{Fields: []Field{tt.field}}).Check("", map[string]Value{"q": tt.v}); len(got) != 0 {
				t.Errorf("not required: got %v", got)
			}
		})
	}
}

func TestAHiddenQuestionIsNeverMissing(t *testing.T) {
	two := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	d := Definition{Fields: []Field{
		{ID: "one", Type: SingleChoice, Options: two},
		{ID: "two", Label: "Two", Type: ShortText, Required: true, ShowIf: &ShowIf{"one", "eq", "a"}},
		{ID: "three", Label: "Three", Type: ShortText, Required: true, Role: sessions.RoleHurt},
	}}
	answers := map[string]Value{"one": textValue("b")}
	if got := d.Check(sessions.RoleBroke, answers); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	answers["one"] = textValue("a")
	if got := d.Check(sessions.RoleHurt, answers); len(got) != 2 {
		t.Errorf("got %v, want both", got)
	}
}

func TestAJointPageIsNotSentBeforeItIsSaidWhetherOneAgreesFreely(t *testing.T) {
	d := wordingOf(t, "our-shared-account")
	if _, missing := d.Check(sessions.RoleHurt, nil)["a.free_confirm"]; !missing {
		t.Error("the page can be sent without free_confirm")
	}
	if _, missing := d.Check(sessions.RoleHurt,
		map[string]Value{"free_confirm": textValue("talk-first")})["a.free_confirm"]; missing {
		t.Error("wanting to talk first is not taken as an answer")
	}
}
