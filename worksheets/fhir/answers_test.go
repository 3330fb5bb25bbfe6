package fhir

import (
	"encoding/json"
	"fmt"
	"strconv"

	"mend/worksheets"
)

// readAnswers parses the output of ExportAnswers for comparison. Mend itself does not import
// answers.
func readAnswers(d worksheets.Definition, text []byte) (map[string]worksheets.Value, error) {
	var r Response
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, jsonError(text, err)
	}
	if r.ResourceType != "QuestionnaireResponse" {
		return nil, fmt.Errorf("resourceType: it is %q, not QuestionnaireResponse", r.ResourceType)
	}
	answers := map[string]worksheets.Value{}
	for n, i := range r.Item {
		f, ok := d.Field(i.LinkID)
		if !ok {
			return nil, fmt.Errorf("item[%d].linkId: the worksheet has no %q", n, i.LinkID)
		}
		v, err := value(f, answers[f.ID], i)
		if err != nil {
			return nil, fmt.Errorf("item[%d]%w", n, err)
		}
		answers[f.ID] = v
	}
	return answers, nil
}

// value adds the answer of an item to the value of f read so far.
func value(f worksheets.Field, v worksheets.Value, i ResponseItem) (worksheets.Value, error) {
	if e, ok := find(i.Extension, mendInstead); ok {
		return worksheets.Value{Declined: e.ValueCode}, nil
	}
	parts := map[string]string{}
	for n, part := range i.Item {
		id := ""
		if len(part.LinkID) > len(i.LinkID)+1 {
			id = part.LinkID[len(i.LinkID)+1:]
		}
		if !f.HasPart(id) || len(part.Answer) != 1 {
			return v, fmt.Errorf(".item[%d]: the question has no %q, or it has not one answer", n, part.LinkID)
		}
		parts[id] = part.Answer[0].text()
	}
	switch {
	case f.Type == worksheets.Table:
		v.Rows = append(v.Rows, parts)
	case f.Type == worksheets.Likert:
		v.Cells = parts
	case len(i.Answer) == 0:
		return v, fmt.Errorf(": there is no answer")
	case f.Type == worksheets.MultiChoice || f.Type == worksheets.Checklist:
		for _, a := range i.Answer {
			v.Picks = append(v.Picks, a.text())
		}
	default:
		v.Text = i.Answer[0].text()
	}
	return v, nil
}

func (a Answer) text() string {
	switch {
	case a.ValueBoolean != nil && *a.ValueBoolean:
		return "yes"
	case a.ValueBoolean != nil:
		return "no"
	case a.ValueInteger != nil:
		return strconv.Itoa(*a.ValueInteger)
	case a.ValueDate != nil:
		return *a.ValueDate
	case a.ValueString != nil:
		return *a.ValueString
	case a.ValueCoding != nil:
		return a.ValueCoding.Code
	}
	return ""
}
