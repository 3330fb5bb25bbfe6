package worksheets

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// EmptyDraft returns the draft from which a practice's own worksheet starts.
func EmptyDraft() Definition {
	return Definition{FilledBy: Each, Portal: true, Privacy: Private, Fields: []Field{{ID: "q1", Type: LongText}}}
}

// CopyOf returns a copy of d as the draft of a practice's own worksheet.
func CopyOf(d Definition) Definition {
	d.Title = "Copy of " + d.Title
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return f.Auto })
	return d
}

// AddField inserts a new question after the i-th, or at the front if i is -1.
func (d Definition) AddField(i int) Definition {
	id := ""
	for n := 1; ; n++ {
		id = fmt.Sprintf("q%d", n)
		if _, there := d.Field(id); !there {
			break
		}
	}
	d.Fields = slices.Insert(slices.Clone(d.Fields), min(i+1, len(d.Fields)), Field{ID: id, Type: LongText})
	return d
}

// MoveField moves the i-th question up (places -1) or down (1).
func (d Definition) MoveField(i, places int) Definition {
	to := i + places
	if i < 0 || i >= len(d.Fields) || to < 0 || to >= len(d.Fields) {
		return d
	}
	d.Fields = slices.Clone(d.Fields)
	d.Fields[i], d.Fields[to] = d.Fields[to], d.Fields[i]
	return d
}

// DropField removes the i-th question and the rules that refer to it.
func (d Definition) DropField(i int) Definition {
	if i < 0 || i >= len(d.Fields) {
		return d
	}
	gone := d.Fields[i].ID
	d.Fields = slices.Delete(slices.Clone(d.Fields), i, i+1)
	return d.forget(gone)
}

// forget drops the rules that refer to a question.
func (d Definition) forget(id string) Definition {
	about := func(name string) bool { field, _, _ := strings.Cut(name, "."); return field == id }
	d.Flags = slices.DeleteFunc(slices.Clone(d.Flags), func(r FlagRule) bool { return about(r.Field) })
	d.Withheld = slices.DeleteFunc(slices.Clone(d.Withheld), func(w Withheld) bool { return w.Field == id })
	if d.RoleFrom != nil && d.RoleFrom.Field == id {
		d.RoleFrom = nil
	}
	if d.StopIf != nil && d.StopIf.Field == id {
		d.StopIf = nil
	}
	for n, f := range d.Fields {
		if f.ShowIf != nil && f.ShowIf.Field == id {
			d.Fields[n].ShowIf = nil
		}
	}
	if d.Score != nil {
		counted := *d.Score
		counted.Fields = slices.DeleteFunc(slices.Clone(counted.Fields), func(f string) bool { return f == id })
		d.Score = &counted
	}
	return d
}

// The limits of a practice's own worksheet.
const (
	MostFields = 300
	mostTitle  = 120
	mostLabel  = 500
	mostHelp   = 4000
)

// problems returns what prevents the draft from being published, by form field.
func (d Definition) problems() fault.Fields {
	bad := fault.Fields{}
	bad.Length("title", strings.TrimSpace(d.Title), 1, mostTitle)
	bad.Length("purpose", strings.TrimSpace(d.Purpose), 1, mostHelp)
	bad.Length("notice", d.Notice, 0, mostHelp)
	bad.Length("opening", d.Opening, 0, mostHelp)
	if len(d.Fields) == 0 || len(d.Fields) > MostFields {
		bad["publish"] = i18n.Plain("A worksheet has 1 to %d questions.", MostFields)
	}
	for i, f := range d.Fields {
		bad.Add(d.fieldProblems(i, f))
	}
	if d.Score != nil && bad.Err() == nil {
		if err := d.Score.check(d); err != nil {
			bad["score_label"] = "The sum needs a name and at least one question whose every answer has a number, and its " +
				"words begin higher line by line."
		}
	}
	return bad
}

// fieldProblems returns those of the i-th question, the first one for each form field.
func (d Definition) fieldProblems(i int, f Field) error {
	bad, name := fault.Fields{}, fmt.Sprintf("f.%d.", i)
	number := i + 1
	bad.Length(name+"label", strings.TrimSpace(f.Label), 1, mostLabel)
	if chosen := slices.Contains(chosenTypes, f.Type); chosen && len(f.Options) == 0 {
		bad[name+"options"] = i18n.Plain("Question %d needs answers to choose from, one on a line.", number)
	}
	if f.Type == Likert && len(f.Rows) == 0 {
		bad[name+"rows"] = i18n.Plain("Question %d needs lines, one on a line.", number)
	}
	if f.Type == Table && len(f.Columns) == 0 {
		bad[name+"columns"] = i18n.Plain("Question %d needs columns, one on a line.", number)
	}
	if f.Sensitive && d.FilledBy == Joint {
		bad[name+"sensitive"] = i18n.Plain(
			"Question %d: in a joint worksheet, the other partner would see that it was skipped.", number)
	}
	earlier := Definition{Fields: d.Fields[:i]}
	if f.ShowIf != nil && earlier.checkShowIf(*f.ShowIf) != nil {
		bad[name+"when"] = i18n.Plain("Question %d waits for an answer that is not there, or that comes later.", number)
	}
	if bad.Err() == nil {
		if err := f.check(); err != nil {
			bad[name+"label"] = i18n.Plain("Question %d cannot be asked like this: %s.", number, err.Error())
		}
	}
	return bad.Err()
}

var shares = []Privacy{Private, OnRelease, OnSubmit} // from least to most shared

// asPrivateAs returns an error where d is less private than origin, the worksheet that it was
// copied from. A copy can be more private, never less.
func (d Definition) asPrivateAs(origin Definition) error {
	bad := fault.Fields{}
	if slices.Index(shares, d.Privacy) > slices.Index(shares, origin.Privacy) ||
		d.Locked != origin.Locked || d.Gate != origin.Gate {
		bad["privacy"] = "The original worksheet is more private. A copy can be more private, not less."
	}
	if d.Portal && !origin.Portal {
		bad["filled_by"] = "The original is completed by the counselor with each partner alone, so a copy must be too."
	}
	if d.FilledBy == Joint && origin.FilledBy != Joint {
		bad["filled_by"] = "The original belongs to each partner individually, so a copy can’t be shared by both."
	}
	for i, f := range d.Fields {
		was, ok := origin.Field(f.ID)
		if ok && was.CounselorOnly && !f.CounselorOnly {
			bad[fmt.Sprintf("f.%d.counselor_only", i)] = i18n.Plain(
				"Question %d was for the counselor alone in the worksheet that this began as, and stays so.", i+1)
		}
	}
	return bad.Err()
}

// SameDay reports whether an answer may need the counselor's attention the same day.
func (d Definition) SameDay() bool {
	return IsOwn(d.ID) && d.Portal && slices.ContainsFunc(d.Flags, func(r FlagRule) bool { return r.Level == LevelUrgent })
}

// checkReadBy requires a date by which the answers will be read if one of them may be urgent
// (docs/clinical.md, D5).
func (g AssignRequest) checkReadBy(d Definition, now time.Time) error {
	if !d.SameDay() && g.ReadBy == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, g.ReadBy)
	if err != nil || day.Before(now.AddDate(0, 0, -2)) || day.After(now.AddDate(0, 1, 0)) {
		return fault.Fields{"read_by": "An answer here may need you the same day. Say by which day, within a month, you " +
			"will read it; or fill the page together in a session instead."}
	}
	return nil
}

// Roles are the roles as which a page can be previewed.
var Roles = []sessions.Role{sessions.RoleHurt, sessions.RoleBroke}
