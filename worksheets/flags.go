package worksheets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Level is how soon a flag wants to be looked at.
type Level string

// The levels.
const (
	LevelLook     Level = "look"
	LevelFollowUp Level = "follow-up"
	LevelUrgent   Level = "urgent"
)

// A Flag is something for the counselor to look at. Partners see none.
type Flag struct {
	Field, Text string
	Level       Level
}

// A FlagRule raises a flag from answers. It is part of a worksheet's data: a
// comparison of one field, or one of the named rules for what a comparison
// cannot say.
type FlagRule struct {
	Field  string   `yaml:"field"` // FIELD, FIELD.ROW or FIELD.COLUMN
	Op     string   `yaml:"op"`
	Value  string   `yaml:"value"`
	Values []string `yaml:"values"`
	Named  string   `yaml:"named"`
	Say    string   `yaml:"say"`
	Level  Level    `yaml:"level"`
}

// Context is what flags are raised from.
type Context struct {
	Answers map[string]Value
	Other   map[string]Value   // what the other partner sent to the same worksheet, or nil
	Earlier []map[string]Value // what this partner sent before, newest first
}

// Raise returns the flags that the worksheet's rules raise.
func (d Definition) Raise(c Context) []Flag {
	var flags []Flag
	for _, rule := range d.Flags {
		field, part, _ := strings.Cut(rule.Field, ".")
		f, _ := d.Field(field)
		for _, text := range rule.raise(f, part, c) {
			flags = append(flags, Flag{field, text, rule.Level})
		}
	}
	return flags
}

var ops = []string{"le", "ne", "in", "filled", "count_ge", "row_le", "row_ge"}

func (r FlagRule) check(d Definition) error {
	field, part, _ := strings.Cut(r.Field, ".")
	f, ok := d.Field(field)
	_, row := f.row(part)
	column, isColumn := f.column(part)
	switch {
	case !ok:
		return fmt.Errorf("there is no field %q", field)
	case part != "" && !row && !isColumn:
		return fmt.Errorf("field %s has no row or column %q", field, part)
	case r.Say == "" || !slices.Contains([]Level{LevelLook, LevelFollowUp, LevelUrgent}, r.Level):
		return fmt.Errorf("say or level is missing")
	case (r.Named == "") == (r.Op == "") || r.Named != "" && named[r.Named] == nil || r.Op != "" && !slices.Contains(ops, r.Op):
		return fmt.Errorf("rule %q is unknown", r.Named+r.Op)
	}
	if isColumn {
		f = column
	}
	for _, value := range r.Values {
		if _, ok := f.option(value); !ok && f.Type != YesNo {
			return fmt.Errorf("field %s has no option %q", r.Field, value)
		}
	}
	return nil
}

// raise returns what the rule says, once, or once for each row.
func (r FlagRule) raise(f Field, part string, c Context) []string {
	if r.Named != "" {
		return named[r.Named](r, f, c)
	}
	v := c.Answers[f.ID]
	if r.Op == "row_le" || r.Op == "row_ge" {
		return r.rows(f, part, v)
	}
	if r.holds(f, part, v) {
		return []string{r.Say}
	}
	return nil
}

func (r FlagRule) holds(f Field, part string, v Value) bool {
	limit, _ := strconv.Atoi(r.Value)
	switch r.Op {
	case "le":
		n, err := strconv.Atoi(v.Text)
		return err == nil && n <= limit
	case "ne":
		return v.Text != r.Value
	case "filled":
		return !v.Blank()
	case "count_ge":
		return len(v.Picks) >= limit
	}
	return slices.ContainsFunc(answersOf(v, part), func(a string) bool { return slices.Contains(r.Values, a) })
}

// answersOf returns the single answers in v; of a table, those of a column.
func answersOf(v Value, column string) []string {
	if column == "" {
		return append(slices.Clone(v.Picks), v.Text)
	}
	var list []string
	for _, row := range v.Rows {
		list = append(list, row[column])
	}
	return list
}

// rows compares the scores of a table of choices: of one row, or of each.
func (r FlagRule) rows(f Field, only string, v Value) []string {
	limit, _ := strconv.Atoi(r.Value)
	var said []string
	for _, row := range f.Rows {
		if only != "" && row.ID != only {
			continue
		}
		o, ok := f.option(v.Cells[row.ID])
		if !ok || o.Score == nil {
			continue
		}
		if r.Op == "row_le" && *o.Score <= limit || r.Op == "row_ge" && *o.Score >= limit {
			said = append(said, strings.ReplaceAll(r.Say, "{row}", row.Label))
		}
	}
	return said
}
