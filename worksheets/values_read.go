package worksheets

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"mend/internal/i18n"
)

// The limits of typed answers.
const (
	MostShort = 280    // characters of a short text when it is sent
	MostLong  = 20000  // characters of a long text when it is sent
	mostKept  = 100000 // characters of a saved text, to be shortened before sending
	mostRows  = 50     // rows of a table
)

const (
	chooseFromList = "error.choose_from_list"
	cannotBeStored = "error.character"
)

// Owns reports whether a form field belongs to f: a.ID, a.ID.ROW of a Likert table, a.ID.N.COLUMN
// of a table.
func (f Field) Owns(name string) bool {
	parts := strings.Split(name, ".")
	if len(parts) < 2 || parts[0] != "a" || parts[1] != f.ID {
		return false
	}
	return f.owns(parts[2:])
}

// owns reports whether f has the part that rest names.
func (f Field) owns(rest []string) bool {
	switch {
	case f.Sensitive && len(rest) == 1 && rest[0] == declinePart:
		return true
	case f.Type == Likert && len(rest) == 1:
		_, ok := f.row(rest[0])
		return ok
	case f.Type == Table && len(rest) == 2:
		_, ok := f.column(rest[1])
		n, err := strconv.Atoi(rest[0])
		return ok && err == nil && n >= 0 && n < mostRows && strconv.Itoa(n) == rest[0]
	}
	return f.Type != Likert && f.Type != Table && len(rest) == 0
}

// Unknown returns the names of answers in form that belong to no field of d. Forms that Mend
// renders have none.
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

// Read takes f's value from a form and returns what is wrong with it, or "". It returns the typed
// text either way, so that the form can be shown again as it was, but drops choices that were not
// offered.
func (f Field) Read(form url.Values) (Value, i18n.Message) {
	v, problem := f.read(form)
	if v.Declined = f.readDeclined(form); v.Declined != "" {
		problem = "" // what was typed is kept beside it and not sent
	}
	return v, problem
}

func (f Field) read(form url.Values) (Value, i18n.Message) {
	name := "a." + f.ID
	switch {
	case f.Type == Table:
		return f.readRows(form, name)
	case f.Type == Likert:
		return f.readCells(form, name)
	case f.ticks():
		return f.readPicks(form[name])
	}
	text, problem := f.readText(form.Get(name))
	if len(form[name]) > 1 {
		problem = "error.choose_one_answer"
	}
	return Value{Text: text}, problem
}

// readText reads a single answer.
func (f Field) readText(typed string) (text string, problem i18n.Message) {
	text, problem = clean(typed)
	switch f.Type {
	case LongText: // exactly as typed, including leading and trailing space
	case ShortText:
		text = strings.ReplaceAll(text, "\n", " ")
	default:
		text = strings.TrimSpace(text)
	}
	chosen := f.Type == SingleChoice || f.Type == YesNo
	switch {
	case text == "":
		return "", ""
	case chosen && !f.accepts(text):
		return "", chooseFromList
	case problem == "":
		problem = f.problem(text)
	}
	return text, problem
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// clean normalizes line ends and replaces characters that cannot be stored.
func clean(typed string) (text string, problem i18n.Message) {
	text = lineEnds.Replace(typed)
	if strings.TrimSpace(text) == "" {
		text = ""
	}
	if utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		return text, ""
	}
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	return strings.ReplaceAll(text, "\x00", string(utf8.RuneError)), cannotBeStored
}

// problem returns what is wrong with a single answer, as a message for its author.
func (f Field) problem(text string) i18n.Message {
	switch f.Type {
	case ShortText, LongText:
		return tooLong(text, mostKept)
	case Scale:
		if n, err := strconv.Atoi(text); err != nil || n < 0 || n > 10 || strconv.Itoa(n) != text {
			return "error.zero_to_ten"
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "error.date"
		}
	}
	return ""
}

// Limit returns the maximum length of f's text when it is sent, in characters, or 0 for no limit.
func (f Field) Limit() int {
	switch f.Type {
	case ShortText:
		return MostShort
	case LongText:
		return MostLong
	}
	return 0
}

// overLimit returns a message if a text of v is too long to be sent, or "".
func (f Field) overLimit(v Value) i18n.Message {
	problem := i18n.Message("")
	if f.Limit() > 0 {
		problem = tooLong(v.Text, f.Limit())
	}
	for _, row := range v.Rows {
		for _, column := range f.Columns {
			problem = cmp.Or(problem, column.overLimit(Value{Text: row[column.ID]}))
		}
	}
	return problem
}

// tooLong counts grapheme clusters, as people do: an emoji with a skin tone is one character.
func tooLong(text string, most int) i18n.Message {
	if len(text) <= most {
		return ""
	}
	if n := uniseg.GraphemeClusterCount(text); n > most {
		return i18n.With("error.at_most", most, n)
	}
	return ""
}

// readPicks returns the ticked options in their defined order, each once.
func (f Field) readPicks(typed []string) (Value, i18n.Message) {
	var v Value
	for _, o := range f.Options {
		if slices.Contains(typed, o.Value) {
			v.Picks = append(v.Picks, o.Value)
		}
	}
	forged := func(pick string) bool { return pick != "" && !f.accepts(pick) }
	switch {
	case slices.ContainsFunc(typed, forged):
		return v, chooseFromList
	case f.MaxChoices > 0 && len(v.Picks) > f.MaxChoices:
		return v, i18n.With("error.choose_up_to", f.MaxChoices)
	}
	return v, ""
}

func (f Field) readCells(form url.Values, name string) (Value, i18n.Message) {
	cells, problem := map[string]string{}, i18n.Message("")
	for _, row := range f.Rows {
		typed := form.Get(name + "." + row.ID)
		switch {
		case f.accepts(typed):
			cells[row.ID] = typed
		case typed != "":
			problem = chooseFromList
		}
	}
	if len(cells) == 0 {
		return Value{}, problem
	}
	return Value{Cells: cells}, problem
}

// readRows returns the non-empty rows and the first problem in them.
func (f Field) readRows(form url.Values, name string) (Value, i18n.Message) {
	var v Value
	first := i18n.Message("")
	for n := range mostRows {
		row, problem := f.readRow(form, fmt.Sprintf("%s.%d.", name, n))
		if problem != "" && first == "" {
			first = i18n.With("error.line", len(v.Rows)+1, problem)
		}
		if len(row) > 0 {
			v.Rows = append(v.Rows, row)
		}
	}
	return v, first
}

func (f Field) readRow(form url.Values, prefix string) (row map[string]string, first i18n.Message) {
	row = map[string]string{}
	for _, column := range f.Columns {
		text, problem := column.readText(form.Get(prefix + column.ID))
		if text != "" {
			row[column.ID] = text
		}
		if problem != "" && first == "" {
			first = i18n.Message(column.Label + ": " + column.Language.Say(problem))
		}
	}
	return row, first
}
