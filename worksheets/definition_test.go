package worksheets

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/sessions"
)

// sample is a small worksheet with a field of each kind that has rules.
const sample = `id: sample
title: "A sample"
step: 1
order: 1
filled_by: each
portal: true
privacy: release
purpose: "To be broken."
role_from: {field: who, roles: {me: broke, you: hurt}}
flags:
  - {field: calm, op: le, value: "2", say: "Not calm.", level: look}
  - {field: who, op: in, values: [me], say: "Owns it.", level: look}
  - {field: days.mood, op: in, values: [low], say: "Low.", level: follow-up}
  - {field: grid.r1, op: row_ge, value: "1", say: "{row}", level: urgent}
  - {named: commitment_gap, field: calm, say: "Apart.", level: look}
fields:
  - id: who
    label: "Who"
    type: single_choice
    required: true
    options:
      - {value: me, label: "Me"}
      - {value: you, label: "You"}
  - id: calm
    label: "Calm"
    type: scale_0_10
    show_if: {field: who, op: eq, value: me}
  - id: ticks
    label: "Ticks"
    type: multi_choice
    max_choices: 2
    options:
      - {value: a, label: "A"}
      - {value: b, label: "B"}
  - id: more
    label: "More"
    type: long_text
    role: hurt
    show_if: {field: ticks, op: includes, value: b}
  - id: grid
    label: "Grid"
    type: likert_table
    options:
      - {value: no, label: "No", score: 0}
      - {value: yes, label: "Yes", score: 1}
    rows:
      - {id: r1, label: "One"}
      - {id: r2, label: "Two"}
  - id: days
    label: "Days"
    type: table
    columns:
      - id: day
        label: "Day"
        type: date
      - id: mood
        label: "Mood"
        type: single_choice
        options:
          - {value: low, label: "Low"}
          - {value: high, label: "High"}
`

func TestASoundDefinitionIsReadWhole(t *testing.T) {
	d, err := DecodeDefinition([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range d.Fields {
		got = append(got, f.ID)
	}
	want := []string{"who", "calm", "ticks", "more", "grid", "days", "counselor_only"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	more, _ := d.Field("more")
	if more.Role != sessions.RoleHurt || *more.ShowIf != (ShowIf{"ticks", "includes", "b"}) {
		t.Errorf("got %+v", more)
	}
	if d.FilledBy != Each || d.Privacy != OnRelease || !d.Portal || d.Locked || len(d.Flags) != 5 {
		t.Errorf("got %+v", d)
	}
	if _, ok := d.Field("none"); ok {
		t.Error("found a field that does not exist")
	}
}

func TestAnUnquotedYesOrNoStaysTheWordItIs(t *testing.T) {
	d, err := DecodeDefinition([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	grid, _ := d.Field("grid")
	got := []string{grid.Options[0].Value, grid.Options[1].Value}
	if !slices.Equal(got, []string{"no", "yes"}) {
		t.Errorf("got %q", got)
	}
}

func TestADefinitionThatIsBrokenIsRefusedWithItsPlace(t *testing.T) {
	for name, tt := range map[string]struct{ from, to, want string }{
		"no id":                  {"id: sample", "id: \"\"", "id is missing"},
		"no title":               {`title: "A sample"`, `title: " "`, "title or purpose is missing"},
		"no purpose":             {`"To be broken."`, `""`, "title or purpose is missing"},
		"filled by nobody known": {"filled_by: each", "filled_by: therapist", `filled_by: "therapist" is unknown`},
		"an unknown privacy":     {"privacy: release", "privacy: open", `privacy: "open" is unknown`},
		"a client page off the portal": {
			"portal: true", "portal: false",
			"portal: a counselor's form is not in the portal, any other is",
		},
		"a locked page to release": {"portal: true", "portal: true\nlocked: true", "locked: a locked page is private"},
		"a misspelt key": {
			"required: true", "requird: true",
			"yaml: unmarshal errors:   line 20: field requird not found in type worksheets.Field",
		},
		"a key twice": {
			"portal: true", "portal: true\nportal: true",
			`yaml: unmarshal errors:   line 7: mapping key "portal" already defined at line 6`,
		},

		"a field twice": {"- id: calm", "- id: who", "fields[1] who: id is used twice"},
		"an automatic field": {
			"- id: calm", "- id: counselor_only",
			"fields[1] counselor_only: id is that of an automatic field",
		},
		"the other one": {
			"- id: calm", "- id: free_confirm",
			"fields[1] free_confirm: id is that of an automatic field",
		},
		"a dot in an id": {
			"- id: ticks", "- id: tick.s",
			`fields[2] tick.s: id "tick.s" is not made of a-z, 0-9 and _`,
		},
		"no label":        {`label: "Calm"`, `label: ""`, "fields[1] calm: label is missing"},
		"an unknown type": {"type: scale_0_10", "type: scale", `fields[1] calm: type "scale" is unknown`},
		"an unknown role": {"role: hurt", "role: hrut", `fields[3] more: role "hrut" is not hurt, broke or both`},
		"options where none fit": {
			"type: multi_choice\n    max_choices: 2", "type: long_text",
			`fields[2] ticks: options and type "long_text" do not go together`,
		},
		"no options": {
			"type: long_text", "type: checklist",
			`fields[3] more: options and type "checklist" do not go together`,
		},
		"an option twice":         {"{value: b,", "{value: a,", `fields[2] ticks: options[1]: "a" is empty or there twice`},
		"an option without words": {`label: "B"`, `label: ""`, `fields[2] ticks: options[1]: "b" is empty or there twice`},
		"too many choices":        {"max_choices: 2", "max_choices: 3", "fields[2] ticks: max_choices is 3 of 2 options"},
		"choices below none":      {"max_choices: 2", "max_choices: -1", "fields[2] ticks: max_choices is -1 of 2 options"},
		"choices of a text": {
			"type: long_text", "type: long_text\n    max_choices: 1",
			`fields[3] more: max_choices and type "long_text" do not go together`,
		},
		"no rows": {
			"    rows:\n      - {id: r1, label: \"One\"}\n      - {id: r2, label: \"Two\"}\n", "",
			`fields[4] grid: rows and type "likert_table" do not go together`,
		},
		"a row twice": {"id: r2", "id: r1", `fields[4] grid: rows[1]: "r1" is empty or there twice`},
		"no columns": {
			"type: long_text", "type: table",
			`fields[3] more: columns and type "table" do not go together`,
		},
		"a column twice": {"id: mood", "id: day", `fields[5] days: columns[1]: "day" is there twice`},
		"a long column": {
			"type: date", "type: long_text",
			`fields[5] days: columns[0] day: type "long_text" does not fit a column`,
		},
		"a column with a rule": {
			"type: date", "type: date\n        required: true",
			`fields[5] days: columns[0] day: a column has no rules of its own`,
		},

		"a condition on a later field": {
			"show_if: {field: who,", "show_if: {field: ticks,",
			`fields[1] calm: show_if: there is no earlier field "ticks"`,
		},
		"a condition on itself": {
			"show_if: {field: who,", "show_if: {field: calm,",
			`fields[1] calm: show_if: there is no earlier field "calm"`,
		},
		"a condition on no option": {
			"op: eq, value: me", "op: eq, value: they",
			`fields[1] calm: show_if: who has no option "they"`,
		},
		"an unknown condition": {
			"op: eq, value: me", "op: is, value: me",
			`fields[1] calm: show_if: op "is" is not eq, ne or includes`,
		},
		"a condition that does not fit": {
			"op: includes", "op: eq",
			`fields[3] more: show_if: op "eq" does not fit a multi_choice`,
		},

		"a role from no field": {
			"role_from: {field: who", "role_from: {field: whom",
			`role_from: there is no field "whom"`,
		},
		"a role that is none": {
			"you: hurt", "you: hrut",
			`role_from: "you" gives role "hrut", not hurt, broke or both`,
		},
		"an answer without a role":  {", you: hurt", "", `role_from: "you" gives role "", not hurt, broke or both`},
		"a role of no answer given": {"you: hurt", "you: hurt, they: both", "role_from: the answers are not those of who"},

		"a flag on no field":         {"- {field: calm,", "- {field: clam,", `flags[0]: there is no field "clam"`},
		"a flag on no column":        {"days.mood", "days.mod", `flags[2]: field days has no row or column "mod"`},
		"a flag on no row":           {"grid.r1", "grid.r9", `flags[3]: field grid has no row or column "r9"`},
		"a flag on no option":        {"values: [me]", "values: [them]", `flags[1]: field who has no option "them"`},
		"a flag on no column option": {"values: [low]", "values: [lower]", `flags[2]: field days.mood has no option "lower"`},
		"a flag on no number":        {`value: "2"`, `value: "two"`, `flags[0]: op "le" with "two" does not fit field calm`},
		"a flag that does not fit":   {"op: row_ge", "op: le", `flags[3]: op "le" with "1" does not fit field grid.r1`},
		"an unknown comparison":      {"op: row_ge", "op: row_eq", `flags[3]: op "row_eq" is unknown`},
		"an unknown level":           {"level: urgent", "level: now", `flags[3]: level "now" is unknown`},
		"a flag without words":       {`say: "Low."`, `say: ""`, "flags[2]: say is missing"},
		"an unknown named rule":      {"named: commitment_gap", "named: gap", `flags[4]: named rule "gap" is unknown`},
		"a named rule of another": {
			"named: commitment_gap", "named: trust_pulse",
			`flags[4]: named rule "trust_pulse" does not fit a scale_0_10`,
		},
		"a named rule and an op": {
			"named: commitment_gap", "op: le, named: commitment_gap",
			"flags[4]: op or named is missing, or both are there",
		},
		"a named rule's argument": {
			"named: commitment_gap", "values: [wide], named: commitment_gap",
			`flags[4]: named rule "commitment_gap" takes values of []`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(sample, tt.from) {
				t.Fatalf("the sample has no %q", tt.from)
			}
			_, err := DecodeDefinition([]byte(strings.Replace(sample, tt.from, tt.to, 1)))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestADefinitionWithoutFieldsIsRefused(t *testing.T) {
	head, _, _ := strings.Cut(sample, "role_from:")
	if _, err := DecodeDefinition([]byte(head)); err == nil || err.Error() != "there are no fields" {
		t.Errorf("got %v", err)
	}
}

func TestARouteThatDoesNotExistCannotBeAskedFor(t *testing.T) {
	text := string(wordingOf(t, "private-conversation-record").Source)
	_, err := DecodeDefinition([]byte(strings.Replace(text, `["today"]`, `["todya"]`, 1)))
	want := `flags[0]: named rule "private_conversation_route" has no value "todya"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestACounselorsFormAsksNobodyWhatIsForTheCounselorAlone(t *testing.T) {
	text := strings.NewReplacer("filled_by: each", "filled_by: counselor", "portal: true", "portal: false").Replace(sample)
	d, err := DecodeDefinition([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Field("counselor_only"); ok {
		t.Error("got counselor_only on a counselor's own form")
	}
}
