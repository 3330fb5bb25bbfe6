package worksheets

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Value is what somebody answered in one field. Only the part that fits the
// field's type is used.
type Value struct {
	Text  string              // texts, one choice, scale, date, yes or no
	Picks []string            // several choices
	Cells map[string]string   // table of choices: row -> option
	Rows  []map[string]string // table: column -> answer, row by row
}

// Blank tells whether nothing was answered.
func (v Value) Blank() bool {
	return v.Text == "" && len(v.Picks) == 0 && len(v.Cells) == 0 && len(v.Rows) == 0
}

// Encode returns v as canonical JSON, or "" when it is blank.
func (v Value) Encode() string {
	var part any = v.Text
	switch {
	case v.Blank():
		return ""
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

// Decode reads what Encode wrote for a value of f.
func (f Field) Decode(s string) (Value, error) {
	var v Value
	if s == "" {
		return v, nil
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

// The most that may be typed: characters in a text, rows in a table.
const (
	mostShort = 280
	mostLong  = 8000
	mostRows  = 50
)

// Owns tells whether a form's field of that name belongs to f: a.ID, a.ID.ROW
// of a table of choices, a.ID.N.COLUMN of a table.
func (f Field) Owns(name string) bool {
	rest, ok := strings.CutPrefix(name, "a."+f.ID)
	if !ok {
		return false
	}
	parts := strings.Split(strings.TrimPrefix(rest, "."), ".")
	switch f.Type {
	case Likert:
		_, known := f.row(parts[0])
		return len(parts) == 1 && known && rest != ""
	case Table:
		if len(parts) != 2 {
			return false
		}
		n, err := strconv.Atoi(parts[0])
		_, known := f.column(parts[1])
		return err == nil && n >= 0 && n < mostRows && strconv.Itoa(n) == parts[0] && known
	}
	return rest == ""
}

// Unknown returns the answers in form that belong to no field of d.
func (d Definition) Unknown(form url.Values) []string {
	var unknown []string
	for name := range form {
		owned := slices.ContainsFunc(d.Fields, func(f Field) bool { return f.Owns(name) })
		if strings.HasPrefix(name, "a.") && !owned {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// Read takes f's value from a form, as it was typed, and says what is wrong
// with it, "" if nothing. The value is returned either way, so that the form
// can be shown again as it was.
func (f Field) Read(form url.Values) (Value, string) {
	name := "a." + f.ID
	switch f.Type {
	case Likert:
		return f.readCells(form, name)
	case Table:
		return f.readRows(form, name)
	case MultiChoice, Checklist:
		return f.readPicks(form[name])
	}
	text, problem := f.readText(form.Get(name))
	if len(form[name]) > 1 {
		problem = chooseFromList
	}
	return Value{Text: text}, problem
}

const (
	chooseFromList = "Please choose from the list."
	cannotBeStored = "This text has a character that cannot be stored. Please look at it again."
)

// readText reads a single answer.
func (f Field) readText(typed string) (text, problem string) {
	text, problem = clean(typed)
	most := mostShort
	switch f.Type {
	case LongText:
		most = mostLong
	case ShortText:
		text = strings.ReplaceAll(text, "\n", " ")
	case Scale:
		if n, err := strconv.Atoi(text); text != "" && (err != nil || n < 0 || n > 10 || strconv.Itoa(n) != text) {
			problem = "Choose a number from 0 to 10."
		}
	case YesNo:
		if text != "" && text != "yes" && text != "no" {
			problem = chooseFromList
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
			problem = "Give the date as year, month and day."
		}
	case SingleChoice:
		if _, ok := f.option(text); text != "" && !ok {
			problem = chooseFromList
		}
	}
	if n := utf8.RuneCountInString(text); n > most && problem == "" {
		problem = fmt.Sprintf("Please use at most %d characters; these are %d.", most, n)
	}
	return text, problem
}

// clean makes line ends plain and replaces what cannot be stored.
func clean(typed string) (text, problem string) {
	text = strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		problem = cannotBeStored
		text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	}
	return text, problem
}

func (f Field) readPicks(typed []string) (Value, string) {
	var v Value
	problem := ""
	for _, pick := range typed {
		if pick == "" {
			continue
		}
		if _, ok := f.option(pick); !ok {
			problem = chooseFromList
			continue
		}
		if !slices.Contains(v.Picks, pick) {
			v.Picks = append(v.Picks, pick)
		}
	}
	if f.MaxChoices > 0 && len(v.Picks) > f.MaxChoices {
		problem = fmt.Sprintf("Choose up to %d.", f.MaxChoices)
	}
	return v, problem
}

func (f Field) readCells(form url.Values, name string) (Value, string) {
	v := Value{}
	problem := ""
	for _, row := range f.Rows {
		typed := form.Get(name + "." + row.ID)
		if typed == "" {
			continue
		}
		if _, ok := f.option(typed); !ok {
			problem = chooseFromList
			continue
		}
		if v.Cells == nil {
			v.Cells = map[string]string{}
		}
		v.Cells[row.ID] = typed
	}
	return v, problem
}

func (f Field) readRows(form url.Values, name string) (Value, string) {
	var v Value
	problem := ""
	for n := range mostRows {
		row := map[string]string{}
		for _, column := range f.Columns {
			text, wrong := column.readText(form.Get(fmt.Sprintf("%s.%d.%s", name, n, column.ID)))
			if text != "" {
				row[column.ID] = text
			}
			if wrong != "" {
				problem = fmt.Sprintf("Line %d, %s: %s", len(v.Rows)+1, column.Label, wrong)
			}
		}
		if len(row) > 0 {
			v.Rows = append(v.Rows, row)
		}
	}
	return v, problem
}

// Show returns v in words, a line each: labels instead of values.
func (f Field) Show(v Value) []string {
	switch f.Type {
	case MultiChoice, Checklist:
		var lines []string
		for _, pick := range v.Picks {
			lines = append(lines, f.word(pick))
		}
		return lines
	case Likert:
		var lines []string
		for _, row := range f.Rows {
			if answer, ok := v.Cells[row.ID]; ok {
				lines = append(lines, row.Label+": "+f.word(answer))
			}
		}
		return lines
	case Table:
		return f.showRows(v)
	}
	if v.Text == "" {
		return nil
	}
	return []string{f.word(v.Text)}
}

func (f Field) showRows(v Value) []string {
	var lines []string
	for _, row := range v.Rows {
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

// word is a single stored answer as a person reads it.
func (f Field) word(text string) string {
	switch f.Type {
	case Scale:
		return text + " of 10"
	case YesNo:
		return map[string]string{"yes": "Yes", "no": "No"}[text]
	case Date:
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return day.Format("January 2, 2006")
		}
	case ShortText, LongText:
		return text
	}
	if o, ok := f.option(text); ok {
		return o.Label
	}
	return text
}
