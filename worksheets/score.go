package worksheets

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// A Score is a plain sum over answers, for measures that a practice imported (docs/clinical.md,
// 3.2). Only the author and the counselor see it.
type Score struct {
	Label  string   `yaml:"label"`
	Fields []string `yaml:"fields"` // choices whose options have scores, scales, and Likert tables
	Bands  []Band   `yaml:"bands,omitempty"`
}

// A Band labels totals from From up to the next band.
type Band struct {
	From  int    `yaml:"from"`
	Label string `yaml:"label"`
}

// check returns what is wrong with the score of d.
func (s Score) check(d Definition) error {
	if blank(s.Label) || len(s.Fields) == 0 {
		return errors.New("label or fields are missing")
	}
	for i, id := range s.Fields {
		f, ok := d.Field(id)
		switch {
		case !ok:
			return fmt.Errorf("there is no field %q", id)
		case slices.Contains(s.Fields[:i], id):
			return fmt.Errorf("field %s is counted twice", id)
		case !f.Scored():
			return fmt.Errorf("field %s has answers without a number", id)
		}
	}
	for i, b := range s.Bands {
		if blank(b.Label) || i > 0 && b.From <= s.Bands[i-1].From {
			return fmt.Errorf("bands[%d]: it has no words, or does not begin above the one before", i)
		}
	}
	return nil
}

// Scored reports whether every answer to f has a score.
func (f Field) Scored() bool {
	if f.Type == Scale {
		return true
	}
	without := slices.ContainsFunc(f.Options, func(o Option) bool { return o.Score == nil })
	return (f.Type == SingleChoice || f.Type == Likert) && !without
}

// Total returns the sum and the label of its band. If any answer is missing, ok is false: a total
// is never estimated.
func (d Definition) Total(answers map[string]Value) (total int, band string, ok bool) {
	if d.Score == nil {
		return 0, "", false
	}
	for _, id := range d.Score.Fields {
		f, _ := d.Field(id)
		points, complete := f.points(answers[id])
		if !complete {
			return 0, "", false
		}
		total += points
	}
	for _, b := range d.Score.Bands {
		if total >= b.From {
			band = b.Label
		}
	}
	return total, band, true
}

// points returns the score of v as an answer to f. complete is false if part of it was not
// answered.
func (f Field) points(v Value) (points int, complete bool) {
	if f.Type == Scale {
		points, err := strconv.Atoi(v.Text)
		return points, err == nil
	}
	chosen := []string{v.Text}
	if f.Type == Likert {
		chosen = nil
		for _, row := range f.Rows {
			chosen = append(chosen, v.Cells[row.ID])
		}
	}
	for _, value := range chosen {
		o, ok := f.option(value)
		if !ok || o.Score == nil {
			return 0, false
		}
		points += *o.Score
	}
	return points, true
}

// ScoreLine returns the total as text, or "" if the worksheet has no score.
func (d Definition) ScoreLine(answers map[string]Value) string {
	total, band, ok := d.Total(answers)
	switch {
	case d.Score == nil:
		return ""
	case !ok:
		return d.Score.Label + ": no total, because not everything was answered"
	case band == "":
		return fmt.Sprintf("%s: %d", d.Score.Label, total)
	}
	return fmt.Sprintf("%s: %d, %s", d.Score.Label, total, band)
}
