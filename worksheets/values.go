package worksheets

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"mend/internal/i18n"
)

// A Value is the answer to one field. Only the part that fits the field's type is used.
type Value struct {
	Text  string              // text, single choice, scale, date, yes or no
	Picks []string            // several choices
	Cells map[string]string   // Likert table: row -> option
	Rows  []map[string]string // table: column -> answer, row by row

	Declined string // RatherNot or InPerson: the author declined to answer
}

// Blank reports whether nothing was answered.
func (v Value) Blank() bool {
	return v.Declined == "" && v.Text == "" && len(v.Picks) == 0 && len(v.Cells) == 0 && len(v.Rows) == 0
}

// Encode returns v as canonical JSON, or "" if it is blank. Equal values give equal text, so that
// changes can be detected by comparing it.
func (v Value) Encode() string {
	var part any = v.Text
	switch {
	case v.Blank():
		return ""
	case v.Declined != "":
		return v.encodeDeclined()
	case len(v.Rows) > 0:
		part = v.Rows
	case len(v.Cells) > 0:
		part = v.Cells
	case len(v.Picks) > 0:
		part = v.Picks
	}
	text, err := json.Marshal(part) // sorts the keys of maps
	if err != nil {                 // strings always marshal
		panic(err)
	}
	return string(text)
}

// Decode decodes what Encode returned for a value of f.
func (f Field) Decode(s string) (Value, error) {
	var v Value
	if s == "" {
		return v, nil
	}
	if said, ok := decodeDeclined(s); ok {
		return said, nil
	}
	var err error
	switch f.Type {
	case Table:
		err = json.Unmarshal([]byte(s), &v.Rows)
	case Likert:
		err = json.Unmarshal([]byte(s), &v.Cells)
	case MultiChoice, Checklist:
		err = json.Unmarshal([]byte(s), &v.Picks)
	default:
		err = json.Unmarshal([]byte(s), &v.Text)
	}
	if err != nil {
		return v, fmt.Errorf("field %s: stored answer is not a %s", f.ID, f.Type)
	}
	return v, nil
}

// Show returns v as lines of text, with labels instead of stored values.
func (f Field) Show(v Value) []string {
	switch {
	case v.Declined != "":
		return []string{f.Language.Say(declineLabels[v.Declined])}
	case f.Type == Table:
		return f.showRows(v.Rows)
	case f.Type == Likert:
		return f.showCells(v.Cells)
	case f.ticks():
		return f.showPicks(v.Picks)
	case v.Text == "":
		return nil
	}
	return []string{f.word(v.Text)}
}

func (f Field) showPicks(picks []string) []string {
	var lines []string
	for _, pick := range picks {
		lines = append(lines, f.word(pick))
	}
	return lines
}

func (f Field) showCells(cells map[string]string) []string {
	var lines []string
	for _, row := range f.Rows {
		if answer := cells[row.ID]; answer != "" {
			lines = append(lines, row.Label+": "+f.word(answer))
		}
	}
	return lines
}

func (f Field) showRows(rows []map[string]string) []string {
	var lines []string
	for _, row := range rows {
		var parts []string
		for _, column := range f.Columns {
			if text := row[column.ID]; text != "" {
				parts = append(parts, column.Label+": "+column.word(text))
			}
		}
		lines = append(lines, strings.Join(parts, " · "))
	}
	return lines
}

// word returns a single stored answer as a person reads it.
func (f Field) word(text string) string {
	switch f.Type {
	case Scale:
		return f.Language.Say("worksheet.of_ten", text)
	case YesNo:
		return f.Language.Say(map[string]i18n.Message{"yes": "answer.yes", "no": "answer.no"}[text])
	case Date:
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return f.Language.Date(day, "date.day")
		}
	case SingleChoice, MultiChoice, Checklist, Likert:
		if o, ok := f.option(text); ok {
			return o.Label
		}
	}
	return text
}
