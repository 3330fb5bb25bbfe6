package fhir

import (
	"encoding/json"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/worksheets"
)

var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// Export returns d as a Questionnaire.
func Export(d worksheets.Definition) []byte {
	q := Questionnaire{
		ResourceType: "Questionnaire", ID: notInID.ReplaceAllString(d.ID, "-"), URL: canonical(d),
		Title: d.Title, Status: "active",
		SubjectType: []string{"Patient"}, Purpose: d.Purpose, Copyright: d.Notice,
	}
	for _, f := range d.Fields {
		if !f.Auto {
			q.Item = append(q.Item, item(d, f))
		}
	}
	rest := d
	rest.Title, rest.Purpose, rest.Notice, rest.Fields = "", "", "", nil
	q.Extension = []Extension{asYAML(mendWorksheet, rest)}
	return encode(q)
}

// canonical returns the URL that identifies d.
func canonical(d worksheets.Definition) string { return mendWorksheet + ":" + d.ID }

// asYAML returns an extension with the part of a worksheet or question that FHIR has no element
// for.
func asYAML(url string, rest any) Extension {
	text, err := yaml.Marshal(rest)
	if err != nil { // strings, numbers and lists always encode
		panic(err)
	}
	said := string(text)
	return Extension{URL: url, ValueString: &said}
}

func encode(resource any) []byte {
	text, err := json.MarshalIndent(resource, "", "  ")
	if err != nil { // plain structs always encode
		panic(err)
	}
	return append(text, '\n')
}

// item returns f as an item, with extensions for what FHIR has no element for.
func item(d worksheets.Definition, f worksheets.Field) Item {
	i := Item{LinkID: f.ID, Text: f.Label, Required: f.Required}
	rest := f
	rest.Label, rest.Help, rest.Required, rest.ShowIf, rest.Options, rest.Rows, rest.Columns = "", "",
		false, nil, nil, nil, nil
	i.Extension = append(i.Extension, asYAML(mendField, rest))
	if f.ShowIf != nil {
		i.EnableWhen = []EnableWhen{condition(d, *f.ShowIf)}
	}
	i.kind(f)
	if f.Help != "" {
		help := Item{LinkID: f.ID + "/help", Type: "display", Text: f.Help, Extension: []Extension{control("help")}}
		i.Item = append([]Item{help}, i.Item...)
	}
	return i
}

func control(code string) Extension {
	return Extension{URL: itemControl, ValueCodeableConcept: &CodeableConcept{[]Coding{{System: controls, Code: code}}}}
}

// kind sets the item type for f.
func (i *Item) kind(f worksheets.Field) {
	switch f.Type {
	case worksheets.ShortText:
		i.Type, i.MaxLength = "string", worksheets.MostShort
	case worksheets.LongText:
		i.Type, i.MaxLength = "text", worksheets.MostLong
	case worksheets.YesNo:
		i.Type = "boolean"
	case worksheets.Date:
		i.Type = "date"
	case worksheets.Scale:
		least, most := 0, 10
		i.Type = "integer"
		i.Extension = append(i.Extension, Extension{URL: minValue, ValueInteger: &least},
			Extension{URL: maxValue, ValueInteger: &most})
	case worksheets.SingleChoice:
		i.Type, i.AnswerOption = "choice", options(f.Options)
	case worksheets.MultiChoice, worksheets.Checklist:
		i.Type, i.Repeats, i.AnswerOption = "choice", true, options(f.Options)
	case worksheets.Likert:
		i.Type = "group"
		i.Extension = append(i.Extension, control("table"))
		for _, row := range f.Rows {
			i.Item = append(i.Item,
				Item{
					LinkID: f.ID + "." + row.ID, Text: row.Label, Type: "choice", Required: f.Required,
					AnswerOption: options(f.Options),
				})
		}
	case worksheets.Table:
		i.Type, i.Repeats = "group", true
		i.Extension = append(i.Extension, control("gtable"))
		for _, column := range f.Columns {
			cell := item(worksheets.Definition{}, column)
			cell.LinkID = f.ID + "." + column.ID
			for n := range cell.Item {
				cell.Item[n].LinkID = f.ID + "." + cell.Item[n].LinkID
			}
			i.Item = append(i.Item, cell)
		}
	}
}

func options(list []worksheets.Option) []Option {
	var all []Option
	for _, o := range list {
		option := Option{ValueCoding: &Coding{Code: o.Value, Display: o.Label}}
		if o.Score != nil {
			number := float64(*o.Score)
			option.Extension = []Extension{{URL: ordinalValue, ValueDecimal: &number}}
		}
		all = append(all, option)
	}
	return all
}

// condition converts a show_if. With several answers, FHIR's = holds if any of them matches.
func condition(d worksheets.Definition, s worksheets.ShowIf) EnableWhen {
	w := EnableWhen{Question: s.Field, Operator: "="}
	if s.Op == "ne" {
		w.Operator = "!="
	}
	if on, _ := d.Field(s.Field); on.Type == worksheets.YesNo {
		yes := s.Value == "yes"
		w.AnswerBoolean = &yes
		return w
	}
	w.AnswerCoding = &Coding{Code: s.Value}
	return w
}

// words returns text on one line, with single spaces.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
