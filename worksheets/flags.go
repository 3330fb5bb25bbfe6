package worksheets

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Level is the urgency of a flag.
type Level string

// The levels.
const (
	LevelLook     Level = "look"
	LevelFollowUp Level = "follow-up" // with this partner alone
	LevelUrgent   Level = "urgent"    // today
)

// Label returns what the counselor reads before the text of a flag.
func (l Level) Label() string {
	switch l {
	case LevelFollowUp:
		return "Follow up"
	case LevelUrgent:
		return "Urgent"
	}
	return "Review"
}

// A Flag is something for the counselor to look at. Partners never see flags, and a flag is not a
// conclusion.
type Flag struct {
	Field, Text string
	Level       Level
}

// A FlagRule raises a flag from answers. It is part of a worksheet's data: a comparison of one
// field, or a named rule for what a comparison cannot express. The worksheet's scoring and notes
// describe its intent.
type FlagRule struct {
	Field  string   `yaml:"field,omitempty"` // FIELD, FIELD.ROW or FIELD.COLUMN
	Op     string   `yaml:"op,omitempty"`
	Value  string   `yaml:"value,omitempty"`
	Values []string `yaml:"values,omitempty"`
	Named  string   `yaml:"named,omitempty"`
	Say    string   `yaml:"say,omitempty"`
	Level  Level    `yaml:"level,omitempty"`
}

// Context holds the answers from which flags are raised.
type Context struct {
	Answers map[string]Value
	Other   map[string]Value   // the other partner's latest answers to the same worksheet, or nil
	Earlier []map[string]Value // this partner's earlier answers, newest first
}

// Raise returns the flags that the worksheet's rules raise.
func (d Definition) Raise(c Context) []Flag {
	var flags []Flag
	for _, rule := range d.Flags {
		f, part := d.ruleField(rule.Field)
		for _, text := range rule.raise(f, part, c) {
			flags = append(flags, Flag{f.ID, d.withNames(text), rule.Level})
		}
	}
	return flags
}

// compares reports whether a rule reads the other partner's answers or this partner's earlier ones.
func (d Definition) compares() bool {
	return slices.ContainsFunc(d.Flags, func(r FlagRule) bool { return named[r.Named].compares })
}

// ruleField returns the field that a rule refers to, and its row or column, if any.
func (d Definition) ruleField(name string) (f Field, part string) {
	id, part, _ := strings.Cut(name, ".")
	f, _ = d.Field(id)
	return f, part
}

// raise returns the rule's texts: one, one per row, or none.
func (r FlagRule) raise(f Field, part string, c Context) []string {
	v := c.Answers[f.ID]
	switch {
	case r.Named != "":
		return named[r.Named].say(r, f, c)
	case r.Op == "row_le" || r.Op == "row_ge":
		return r.rows(f, part, v)
	case r.holds(part, v):
		return []string{r.Say}
	}
	return nil
}

// holds reports whether the comparison is true of v. An unanswered field satisfies "ne".
func (r FlagRule) holds(part string, v Value) bool {
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

// answersOf returns the single answers in v or, for a table, those in a column.
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

// rows compares the scores of one row or of every row of a Likert table.
func (r FlagRule) rows(f Field, only string, v Value) []string {
	limit, _ := strconv.Atoi(r.Value)
	var said []string
	for _, row := range f.Rows {
		o, _ := f.option(v.Cells[row.ID])
		if o.Score == nil || only != "" && row.ID != only {
			continue
		}
		if r.Op == "row_le" && *o.Score <= limit || r.Op == "row_ge" && *o.Score >= limit {
			said = append(said, strings.ReplaceAll(r.Say, "{row}", row.Label))
		}
	}
	return said
}

// check returns what is wrong with the rule as one of d's. A rule that refers to a missing field
// would never fire.
func (r FlagRule) check(d Definition) error {
	f, part := d.ruleField(r.Field)
	_, isRow := f.row(part)
	column, isColumn := f.column(part)
	switch {
	case f.ID == "":
		return fmt.Errorf("there is no field %q", r.Field)
	case part != "" && !isRow && !isColumn:
		return fmt.Errorf("field %s has no row or column %q", f.ID, part)
	case blank(r.Say):
		return errors.New("say is missing")
	case !slices.Contains([]Level{LevelLook, LevelFollowUp, LevelUrgent}, r.Level):
		return fmt.Errorf("level %q is unknown", r.Level)
	case (r.Named == "") == (r.Op == ""):
		return errors.New("op or named is missing, or both are there")
	case r.Named != "":
		return named[r.Named].check(r, f)
	case isColumn:
		return r.checkOp(column)
	}
	return r.checkOp(f)
}

// checkOp returns an error unless the rule's op applies to f.
func (r FlagRule) checkOp(f Field) error {
	options := slices.Clone(r.Values)
	if r.Op == "ne" {
		options = append(options, r.Value)
	}
	for _, value := range options {
		if !f.accepts(value) {
			return fmt.Errorf("field %s has no option %q", r.Field, value)
		}
	}
	_, notNumber := strconv.Atoi(r.Value)
	fits, known := map[string]bool{
		"le":       notNumber == nil && f.Type == Scale,
		"ne":       len(r.Values) == 0,
		"in":       len(r.Values) > 0,
		"filled":   r.Value == "" && len(r.Values) == 0,
		"count_ge": notNumber == nil && f.ticks(),
		"row_le":   notNumber == nil && f.Type == Likert,
		"row_ge":   notNumber == nil && f.Type == Likert,
	}[r.Op]
	switch {
	case !known:
		return fmt.Errorf("op %q is unknown", r.Op)
	case !fits:
		return fmt.Errorf("op %q with %q does not fit field %s", r.Op, r.Value, r.Field)
	}
	return nil
}
