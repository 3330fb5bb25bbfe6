package worksheets

import (
	"strings"
)

// columnWords maps the names of column types in the form to field types.
var columnWords = []struct {
	words string
	kind  FieldType
}{{"text", ShortText}, {"yes or no", YesNo}, {"date", Date}, {"0 to 10", Scale}}

// kindOf splits "WORDS (KIND)" at the parenthesis that matches the last one.
func kindOf(line string) (words, kind string) {
	depth := 0
	for i := len(line) - 1; i > 0 && strings.HasSuffix(line, ")"); i-- {
		switch line[i] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			return strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1 : len(line)-1])
		}
	}
	return line, "text"
}

// readColumns reads columns written as WORDS (KIND), where KIND is text, yes or no, date, 0 to 10,
// or choices separated by /.
func readColumns(f Field, text string) (list []Field) {
	var words, kinds, before []string
	for _, line := range lines(text) {
		label, kind := kindOf(line)
		words, kinds = append(words, label), append(kinds, kind)
	}
	for _, c := range f.Columns {
		before = append(before, c.Label)
	}
	for i, n := range matchLines(before, words) {
		var c Field
		if c.ID = f.partID("c1", n); n >= 0 {
			c = f.Columns[n]
		}
		c.Label = words[i]
		c.choose(kinds[i])
		f.Columns, list = append(f.Columns, c), append(list, c)
	}
	return list
}

// choose sets the type of column f.
func (f *Field) choose(kind string) {
	f.Type = SingleChoice
	for _, k := range columnWords {
		if k.words == kind {
			f.Type, f.Options = k.kind, nil
			return
		}
	}
	f.Options, _ = readOptions(*f, strings.ReplaceAll(kind, "/", "\n"))
}
