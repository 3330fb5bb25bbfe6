package fhir

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"mend/worksheets"
)

// ExportAnswers returns answers to d as a QuestionnaireResponse; sent is when
// they were sent, the zero time for a page that is not.
func ExportAnswers(d worksheets.Definition, answers map[string]worksheets.Value, sent time.Time) []byte {
	r := Response{ResourceType: "QuestionnaireResponse", Questionnaire: canonical(d), Status: "in-progress"}
	if !sent.IsZero() {
		r.Status, r.Authored = "completed", sent.UTC().Format(time.RFC3339)
	}
	for _, f := range d.Fields {
		if v := answers[f.ID]; !v.Blank() {
			r.Item = append(r.Item, answered(f, f.ID, v)...)
		}
	}
	return encode(r)
}

// Bundle puts responses into one file.
func Bundle(responses [][]byte) []byte {
	type entry struct {
		Resource json.RawMessage `json:"resource"`
	}
	bundle := struct {
		ResourceType string  `json:"resourceType"`
		Type         string  `json:"type"`
		Entry        []entry `json:"entry"`
	}{ResourceType: "Bundle", Type: "collection"}
	for _, r := range responses {
		bundle.Entry = append(bundle.Entry, entry{r})
	}
	return encode(bundle)
}

// answered returns the answer to f; a table is an item for each of its rows.
func answered(f worksheets.Field, link string, v worksheets.Value) []ResponseItem {
	i := ResponseItem{LinkID: link, Text: f.Label}
	switch {
	case v.Instead != "":
		i.Extension = []Extension{{URL: mendInstead, ValueCode: v.Instead}}
	case f.Type == worksheets.Table:
		return rows(f, link, v.Rows)
	case f.Type == worksheets.Likert:
		for _, row := range f.Rows {
			if value := v.Cells[row.ID]; value != "" {
				i.Item = append(i.Item,
					ResponseItem{LinkID: link + "." + row.ID, Text: row.Label, Answer: []Answer{coded(f, value)}})
			}
		}
	case len(v.Picks) > 0:
		for _, pick := range v.Picks {
			i.Answer = append(i.Answer, coded(f, pick))
		}
	default:
		i.Answer = []Answer{single(f, v.Text)}
	}
	return []ResponseItem{i}
}

func rows(f worksheets.Field, link string, lines []map[string]string) []ResponseItem {
	var list []ResponseItem
	for _, line := range lines {
		i := ResponseItem{LinkID: link, Text: f.Label}
		for _, c := range f.Columns {
			if text := line[c.ID]; text != "" {
				i.Item = append(i.Item, answered(c, link+"."+c.ID, worksheets.Value{Text: text})...)
			}
		}
		list = append(list, i)
	}
	return list
}

func coded(f worksheets.Field, value string) Answer {
	coding := Coding{Code: value}
	for _, o := range f.Options {
		if o.Value == value {
			coding.Display = o.Label
		}
	}
	return Answer{ValueCoding: &coding}
}

func single(f worksheets.Field, text string) Answer {
	switch f.Type {
	case worksheets.YesNo:
		yes := text == "yes"
		return Answer{ValueBoolean: &yes}
	case worksheets.Scale:
		if n, err := strconv.Atoi(text); err == nil {
			return Answer{ValueInteger: &n}
		}
	case worksheets.Date:
		return Answer{ValueDate: &text}
	case worksheets.SingleChoice:
		return coded(f, text)
	}
	return Answer{ValueString: &text}
}

// ImportAnswers reads what ExportAnswers wrote for a worksheet with the same
// questions. An answer to a question that d does not have is an error, with its
// place.
func ImportAnswers(d worksheets.Definition, text []byte) (map[string]worksheets.Value, error) {
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

// value adds the item's answer to what is there of f already.
func value(f worksheets.Field, v worksheets.Value, i ResponseItem) (worksheets.Value, error) {
	if e, ok := find(i.Extension, mendInstead); ok {
		return worksheets.Value{Instead: e.ValueCode}, nil
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
