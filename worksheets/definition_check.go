package worksheets

import (
	"fmt"
	"slices"

	"mend/sessions"
)

// check returns the first thing that is wrong with d, with its place.
func (d Definition) check() error {
	switch {
	case d.ID == "":
		return fmt.Errorf("id is missing")
	case d.Title == "" || d.Purpose == "":
		return fmt.Errorf("title or purpose is missing")
	case !slices.Contains([]FilledBy{Each, Joint, ByHurt, ByBroke, WithCounselor}, d.FilledBy):
		return fmt.Errorf("filled_by: %q is unknown", d.FilledBy)
	case !slices.Contains([]Privacy{Private, OnRelease, OnSubmit}, d.Privacy):
		return fmt.Errorf("privacy: %q is unknown", d.Privacy)
	case d.Portal == (d.FilledBy == WithCounselor):
		return fmt.Errorf("portal: a counselor's form is not in the portal, any other is")
	case len(d.Fields) == 0:
		return fmt.Errorf("there are no fields")
	}
	for i, f := range d.Fields {
		if err := d.checkField(i, f); err != nil {
			return fmt.Errorf("fields[%d] %s: %w", i, f.ID, err)
		}
	}
	if r := d.RoleFrom; r != nil {
		if _, ok := d.Field(r.Field); !ok {
			return fmt.Errorf("role_from: there is no field %q", r.Field)
		}
	}
	for i, rule := range d.Flags {
		if err := rule.check(d); err != nil {
			return fmt.Errorf("flags[%d]: %w", i, err)
		}
	}
	return nil
}

func (d Definition) checkField(i int, f Field) error {
	earlier := Definition{Fields: d.Fields[:i]}
	if _, twice := earlier.Field(f.ID); twice || f.ID == "counselor_only" || f.ID == "free_confirm" {
		return fmt.Errorf("id is used twice")
	}
	if f.Role != "" && f.Role != sessions.RoleHurt && f.Role != sessions.RoleBroke {
		return fmt.Errorf("role %q is not hurt or broke", f.Role)
	}
	if s := f.ShowIf; s != nil {
		on, ok := earlier.Field(s.Field)
		if !ok {
			return fmt.Errorf("show_if: there is no earlier field %q", s.Field)
		}
		if _, ok := on.option(s.Value); !ok {
			return fmt.Errorf("show_if: %s has no option %q", s.Field, s.Value)
		}
		if !slices.Contains([]string{"eq", "ne", "includes"}, s.Op) {
			return fmt.Errorf("show_if: op %q is unknown", s.Op)
		}
	}
	return f.check(false)
}

var fieldTypes = []FieldType{ShortText, LongText, SingleChoice, MultiChoice, Scale, Likert, YesNo, Date, Table, Checklist}

// check returns what is wrong with f by itself; a column must be of a simple
// type.
func (f Field) check(column bool) error {
	chosen := slices.Contains([]FieldType{SingleChoice, MultiChoice, Checklist, Likert}, f.Type)
	switch {
	case f.ID == "" || f.Label == "":
		return fmt.Errorf("id or label is missing")
	case !slices.Contains(fieldTypes, f.Type):
		return fmt.Errorf("type %q is unknown", f.Type)
	case column && slices.Contains([]FieldType{Table, Likert, MultiChoice, Checklist, LongText}, f.Type):
		return fmt.Errorf("type %q does not fit a column", f.Type)
	case chosen != (len(f.Options) > 0):
		return fmt.Errorf("options and type %q do not go together", f.Type)
	case (f.Type == Likert) != (len(f.Rows) > 0):
		return fmt.Errorf("rows and type %q do not go together", f.Type)
	case (f.Type == Table) != (len(f.Columns) > 0):
		return fmt.Errorf("columns and type %q do not go together", f.Type)
	case f.MaxChoices > len(f.Options):
		return fmt.Errorf("max_choices is more than there are options")
	}
	return f.checkParts()
}

// checkParts looks at the options, rows and columns of f.
func (f Field) checkParts() error {
	seen := map[string]bool{}
	for _, o := range f.Options {
		if o.Value == "" || o.Label == "" || seen["option "+o.Value] {
			return fmt.Errorf("option %q is empty or there twice", o.Value)
		}
		seen["option "+o.Value] = true
	}
	for _, r := range f.Rows {
		if r.ID == "" || r.Label == "" || seen["row "+r.ID] {
			return fmt.Errorf("row %q is empty or there twice", r.ID)
		}
		seen["row "+r.ID] = true
	}
	for i, c := range f.Columns {
		if seen["column "+c.ID] {
			return fmt.Errorf("column %q is there twice", c.ID)
		}
		seen["column "+c.ID] = true
		if err := c.check(true); err != nil {
			return fmt.Errorf("columns[%d]: %w", i, err)
		}
	}
	return nil
}
