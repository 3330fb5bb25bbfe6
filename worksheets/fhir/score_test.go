package fhir

import (
	"fmt"
	"strings"
	"testing"
)

// counting returns a questionnaire with two numeric questions and an item that adds them up.
func counting(second, expression string) string {
	const sum = `{"linkId": "sum", "type": "decimal", "readOnly": true, "text": "Total",
		"extension": [{"url": "` + calculated + `", "valueExpression": {"language": "text/fhirpath", "expression": "%s"}}]}`
	first := `{"linkId": "a", "type": "choice", "text": "I slept badly", ` + often + `}`
	return `{"resourceType": "Questionnaire", "title": "T", "item": [` + first + `, ` + second + `, ` +
		fmt.Sprintf(sum, expression) + `]}`
}

func TestATotalIsCountedOnlyWhereAllOfItIsUnderstood(t *testing.T) {
	const all = "%resource.item.answer.value.ordinal().sum()"
	plain := `{"linkId": "b", "type": "choice", "text": "I was restless", ` + often + `}`
	half := strings.Replace(plain, `"valueDecimal": 2`, `"valueDecimal": 2.5`, 1)
	deeper := `{"linkId": "g", "type": "group", "text": "More", "item": [` + plain +
		`, {"linkId": "t", "type": "text", "text": "Why?"}]}`
	for _, tt := range []struct {
		name, second, expression string
		counted                  bool
	}{
		{"a plain sum", plain, all, true},
		{"a sum of every depth", deeper, "%resource.repeat(item).answer.value.ordinal().sum()", true},
		{"added up one by one", plain, "%resource.item.answer.value.ordinal().aggregate($this + $total, 0)", true},
		{"a reversed question", plain, "%a + (2 - %b)", false},
		{"a weighted question", plain, "%a + 2 * %b", false},
		{"some of the questions", plain, "%resource.item.where(linkId = 'a').answer.value.ordinal().sum()", false},
		{"named questions", plain, "%a + %b", false},
		{"a mean", plain, "%resource.item.answer.value.ordinal().avg()", false},
		{"a question below a group that the sum does not reach", deeper, all, false},
		{
			"a question that says it is reversed", strings.Replace(plain, "I was restless", "I was calm (reverse-scored)", 1),
			all, false,
		},
		{
			"a weight",
			strings.Replace(plain, `"text"`, `"extension": [{"url": "http://example.org/weight", "valueDecimal": -1}], "text"`,
				1), all, false,
		},
		{"half a point", half, all, false},
		{
			"a number for each of several answers", strings.Replace(plain, `"choice"`, `"choice", "repeats": true`, 1),
			all, false,
		},
		{"an answer of one's own", strings.Replace(plain, `"choice"`, `"open-choice"`, 1), all, false},
		{
			"a question under another", `{"linkId": "t", "type": "text", "text": "Why?", "item": [` + plain + `]}`,
			"%resource.repeat(item).answer.value.ordinal().sum()", false,
		},
	} {
		d, lost, err := Import([]byte(counting(tt.second, tt.expression)), "own-x")
		if err != nil || (d.Score != nil) != tt.counted || (len(lost) == 0) != tt.counted {
			t.Errorf("%s: %+v, lost %+v, %v", tt.name, d.Score, lost, err)
		}
	}
}
