package fhir

import (
	"encoding/json"
	"strconv"
	"time"

	"mend/worksheets"
)

// ExportAnswers returns answers to d as a QuestionnaireResponse. sent is when they were sent, or
// the zero time.
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

// Bundle combines responses into one FHIR Bundle.
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

// answered returns the answer to f; a table becomes one item per row.
func answered(f worksheets.Field, link string, v worksheets.Value) []ResponseItem {
	i := ResponseItem{LinkID: link, Text: f.Label}
	switch {
	case v.Declined != "":
		i.Extension = []Extension{{URL: mendInstead, ValueCode: v.Declined}}
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
