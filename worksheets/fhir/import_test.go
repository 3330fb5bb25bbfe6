package fhir

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/worksheets"
)

// often are four answers with numbers, as measures have them.
const often = `"answerOption": [
	{"valueCoding": {"code": "n", "display": "Not at all"}, "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]},
	{"valueCoding": {"code": "s", "display": "Some days", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 1}]}},
	{"valueCoding": {"code": "m", "display": "Most days"}, "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2}]}]`

// foreign is a questionnaire as other programs write them.
const foreign = `{"resourceType": "Questionnaire", "status": "active", "title": "An invented measure", "copyright": "© Nobody. May be used freely.", "description": "How the last week was.",
"contained": [{"resourceType": "ValueSet", "id": "yn", "compose": {"include": [{"concept": [{"code": "j", "display": "Yes, often"}, {"code": "k", "display": "No"}]}]}}],
"item": [
	{"linkId": "/intro", "type": "display", "text": "Think of the last week."},
	{"linkId": "G1", "type": "group", "text": "Your week", "item": [
		{"linkId": "/1", "prefix": "1.", "type": "choice", "text": "I slept badly", "required": true, ` + often + `},
		{"linkId": "/2", "prefix": "2.", "type": "choice", "text": "I was restless", "required": true, ` + often + `}]},
	{"linkId": "Q3", "type": "boolean", "text": "Did something change?"},
	{"linkId": "Q4", "type": "text", "text": "What was it?", "enableWhen": [{"question": "Q3", "operator": "=", "answerBoolean": true}], "item": [{"linkId": "Q4h", "type": "display", "text": "A few words will do."}]},
	{"linkId": "Q5", "type": "choice", "repeats": true, "text": "Who helped?", "answerOption": [{"valueString": "a friend"}, {"valueString": "nobody"}]},
	{"linkId": "Q6", "type": "string", "text": "Which friend?", "enableWhen": [{"question": "Q5", "operator": "=", "answerString": "a friend"}]},
	{"linkId": "Q7", "type": "choice", "text": "Again?", "answerValueSet": "#yn"},
	{"linkId": "Q8", "type": "integer", "text": "From 0 to 10?", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0}, {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10}]},
	{"linkId": "Q9", "type": "group", "repeats": true, "text": "Appointments", "item": [{"linkId": "Q9d", "type": "date", "text": "Day"}, {"linkId": "Q9w", "type": "string", "text": "With"}]},
	{"linkId": "sum", "type": "decimal", "readOnly": true, "text": "Week total", "extension": [{"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression", "valueExpression": {"language": "text/fhirpath", "expression": "%resource.repeat(item).answer.value.ordinal().sum()"}}]}
]}`

func TestAQuestionnaireOfAnotherProgramComesInAsAWorksheet(t *testing.T) {
	d, lost, err := Import([]byte(foreign), "own-week")
	if err != nil || len(lost) != 0 {
		t.Fatal(lost, err)
	}
	if d.Title != "An invented measure" || d.Notice != "© Nobody. May be used freely." ||
		d.Purpose != "How the last week was." || d.Privacy != worksheets.Private || d.FilledBy != worksheets.Each {
		t.Errorf("%+v", d)
	}
	want := []string{
		"g1 likert_table Your week", "q3 yes_no Did something change?", "q4 long_text What was it?",
		"q5 multi_choice Who helped?", "q6 short_text Which friend?",
		"q7 single_choice Again?", "q8 scale_0_10 From 0 to 10?", "q9 table Appointments",
		"counselor_only long_text Anything here I would like to talk over alone?",
	}
	var got []string
	for _, f := range d.Fields {
		got = append(got, fmt.Sprintf("%s %s %s", f.ID, f.Type, f.Label))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	g1, _ := d.Field("g1")
	q4, _ := d.Field("q4")
	q6, _ := d.Field("q6")
	if g1.Help != "Think of the last week." || !g1.Required || len(g1.Rows) != 2 ||
		g1.Rows[0].Label != "1. I slept badly" || *g1.Options[2].Score != 2 {
		t.Errorf("%+v", g1)
	}
	if q4.Help != "A few words will do." || *q4.ShowIf != (worksheets.ShowIf{Field: "q3", Op: "eq", Value: "yes"}) ||
		*q6.ShowIf != (worksheets.ShowIf{Field: "q5", Op: "includes", Value: "a friend"}) {
		t.Errorf("%+v %+v", q4, q6)
	}
	if total, _, ok := d.Total(map[string]worksheets.Value{"g1": {Cells: map[string]string{
		g1.Rows[0].ID: "m",
		g1.Rows[1].ID: "s",
	}}}); !ok || total != 3 || d.Score.Label != "Week total" {
		t.Error(total, ok, d.Score)
	}
}

// one returns a questionnaire with these items after a choice.
func one(items string) string {
	return `{"resourceType": "Questionnaire", "status": "active", "title": "T", "item": [{"linkId": "first", "type": "choice", "text": "First", "answerOption": [{"valueCoding": {"code": "a", "display": "A"}}]}, ` + items + `]}`
}

func TestWhatCannotBeCarriedOverIsListed(t *testing.T) {
	for _, tt := range []struct{ item, path, what string }{
		{`{"linkId": "x", "type": "attachment", "text": "A file"}`, "item[1]", "left out"},
		{`{"linkId": "x", "type": "decimal", "text": "How much?"}`, "item[1]", "that it is a decimal is not checked"},
		{`{"linkId": "x", "type": "dateTime", "text": "When?"}`, "item[1]", "that it is a dateTime is not checked"},
		{
			`{"linkId": "x", "type": "open-choice", "text": "Which?", "answerOption": [{"valueString": "b"}]}`,
			"item[1]", "one's own",
		},
		{
			`{"linkId": "x", "type": "choice", "text": "Which?", "answerValueSet": "http://example.org/list"}`, "item[1]",
			"http://example.org/list",
		},
		{`{"linkId": "x", "type": "string", "text": "Name", "repeats": true}`, "item[1]", "Several answers"},
		{`{"linkId": "x", "type": "string", "text": "Name", "maxLength": 20}`, "item[1]", "at most 20 characters"},
		{
			`{"linkId": "x", "type": "string", "text": "Name", "initial": [{"valueString": "?"}]}`, "item[1].initial",
			"filled in beforehand",
		},
		{`{"linkId": "x", "type": "group", "text": "G", "repeats": true, "item": [{"linkId": "y", "type": "text", "text": "Y"}]}`, "item[1]", "asked once"},
		{`{"linkId": "x", "type": "group", "text": "G", "enableWhen": [{"question": "first", "operator": "=", "answerCoding": {"code": "a"}}], "item": [{"linkId": "y", "type": "text", "text": "Y"}]}`, "item[1]", "condition on a whole group"},
		{`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "first", "operator": "exists", "answerBoolean": true}]}`, "item[1]", "always shown"},
		{`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "first", "operator": "=", "answerCoding": {"code": "z"}}]}`, "item[1]", "always shown"},
		{`{"linkId": "x", "type": "text", "text": "X", "enableBehavior": "any", "enableWhen": [{"question": "first", "operator": "=", "answerCoding": {"code": "a"}}, {"question": "first", "operator": "!=", "answerCoding": {"code": "a"}}]}`, "item[1]", "always shown"},
		{
			`{"linkId": "x", "type": "integer", "text": "Mean", "extension": [{"url": "` + calculated +
				`", "valueExpression": {"language": "text/fhirpath", "expression": "%resource.item.sum() / 4"}}]}`, "item[1]",
			"not fully understand",
		},
		{`{"linkId": "x", "type": "integer", "text": "Sum", "extension": [{"url": "` + calculated +
			`", "valueExpression": {"language": "text/fhirpath", "expression": "%resource.item.answer.value.ordinal().sum()"}}]}`, "item", "no answer has a number"},
	} {
		_, lost, err := Import([]byte(one(tt.item)), "own-x")
		if err != nil || len(lost) != 1 || lost[0].Path != tt.path || !strings.Contains(lost[0].What, tt.what) {
			t.Errorf("%s: %+v %v", tt.item, lost, err)
		}
	}
}

var wrongFiles = []struct{ text, says string }{
	{``, "not JSON"},
	{"{\"resourceType\": \"Questionnaire\",\n\"item\": [}", "line 2: this is not JSON"},
	{`[]`, "does not belong"},
	{`{"resourceType": "Patient"}`, `resourceType: it is "Patient"`},
	{`{"resourceType": "Questionnaire"}`, "there are no questions"},
	{`{"resourceType": "Questionnaire", "item": "x"}`, "item: a string does not belong there"},
	{
		`{"resourceType": "Questionnaire", "modifierExtension": [], "item": [{"linkId": "a", "type": "text"}]}`,
		"modifierExtension",
	},
	{one(`{"type": "text", "text": "X"}`), "item[1].linkId: it is missing"},
	{one(`{"linkId": "first", "type": "text", "text": "X"}`), `"first" is there twice`},
	{strings.Replace(one(`{"linkId": "x", "type": "text"}`), `"item"`, `"contained": [{"id": "a"}, {"id": "a"}], "item"`,
		1), "contained a: it is there twice"},
	{one(`{"linkId": "x", "type": "essay", "text": "X"}`), `item[1].type: "essay"`},
	{one(`{"linkId": "x", "type": "group", "text": "X"}`), "a group needs items"},
	{one(`{"linkId": "x", "type": "display", "required": true, "text": "X"}`), "a display is not answered"},
	{
		one(`{"linkId": "x", "type": "choice", "text": "X", "answerValueSet": "#a", "answerOption": [{"valueString": "b"}]}`),
		"exclude each other",
	},
	{
		one(`{"linkId": "x", "type": "boolean", "text": "X", "answerOption": [{"valueString": "b"}]}`),
		"a boolean has no answers to choose",
	},
	{one(`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "q9", "operator": "=", "answerBoolean": true}]}`), `item[1].enableWhen[0].question: no item has the linkId "q9"`},
	{one(`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "first", "operator": "like", "answerBoolean": true}]}`), `item[1].enableWhen[0].operator: "like"`},
	{one(`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "first", "operator": "exists", "answerString": "a"}]}`), "exists needs answerBoolean"},
	{one(`{"linkId": "x", "type": "text", "text": "X", "enableWhen": [{"question": "first", "operator": "=", "answerString": "a"}, {"question": "first", "operator": "=", "answerString": "b"}]}`), "enableBehavior"},
	{one(`{"linkId": "x", "type": "group", "item": [{"linkId": "x2", "type": "group", "item": [{"linkId": "x3", "type": "group", "item": [{"linkId": "x4", "type": "group", "item": [{"linkId": "x5", "type": "group", "item": [{"linkId": "x6", "type": "text"}]}]}]}]}]}`), "more than 5 deep"},
	{one(`{"linkId": "x", "type": "text", "text": "X", "extension": [{"url": "urn:mend:field", "valueString": "typ: essay"}]}`), "item[1]"},
}

func TestAFileThatIsWrongIsRefusedWithItsPlaceAndReason(t *testing.T) {
	for _, tt := range wrongFiles {
		if _, _, err := Import([]byte(tt.text), "own-x"); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%.120s: %v", tt.text, err)
		}
	}
	var many []string
	for n := range mostItems + 1 {
		many = append(many, fmt.Sprintf(`{"linkId": "l%d", "type": "text", "text": "X"}`, n))
	}
	if _, _, err := Import([]byte(one(strings.Join(many, ","))), "own-x"); err == nil || !strings.Contains(err.Error(),
		"more than 300 items") {
		t.Error(err)
	}
	if _, _, err := Import([]byte(one(`{"linkId": "x", "type": "text", "text": "`+strings.Repeat("x", MostBytes)+`"}`)),
		"own-x"); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Error(err)
	}
}

// TestALongListOfAnswersIsRefusedAtOnce, before the list is processed.
func TestALongListOfAnswersIsRefusedAtOnce(t *testing.T) {
	var many []string
	for n := range 20000 {
		many = append(many, fmt.Sprintf(`{"valueString":"Answer %d"}`, n))
	}
	item := `{"linkId":"a","text":"Which?","type":"choice","answerOption":[` + strings.Join(many, ",") + `]}`
	if _, _, err := Import([]byte(one(item)), "own-x"); err == nil || !strings.Contains(err.Error(), "more than 300") {
		t.Error(err)
	}
}
