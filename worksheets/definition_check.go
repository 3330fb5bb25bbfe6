package worksheets

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mend/sessions"
)

// mostOptions limits how many choices a question can have.
const mostOptions = 300

// check returns the first error in d, with its position.
func (d Definition) check() error {
	if err := d.checkHead(); err != nil {
		return err
	}
	for i, f := range d.Fields {
		if err := d.checkField(i, f); err != nil {
			return fmt.Errorf("fields[%d] %s: %w", i, f.ID, err)
		}
	}
	if err := d.checkRoleFrom(); err != nil {
		return fmt.Errorf("role_from: %w", err)
	}
	if err := d.checkWithheld(); err != nil {
		return fmt.Errorf("withheld: %w", err)
	}
	if stop := d.StopIf; stop != nil {
		f, _ := d.Field(stop.Field)
		if _, ok := f.option(stop.Value); !ok || stop.Say == "" {
			return fmt.Errorf("stop_if: field %q has no option %q, or there is nothing to say", stop.Field, stop.Value)
		}
	}
	if d.Score != nil {
		if err := d.Score.check(d); err != nil {
			return fmt.Errorf("score: %w", err)
		}
	}
	for i, rule := range d.Flags {
		if err := rule.check(d); err != nil {
			return fmt.Errorf("flags[%d]: %w", i, err)
		}
	}
	return nil
}

func (d Definition) checkHead() error {
	switch {
	case d.ID == "":
		return errors.New("id is missing")
	case blank(d.Title) || blank(d.Purpose):
		return errors.New("title or purpose is missing")
	case !slices.Contains([]FilledBy{Each, Joint, ByHurt, ByBroke, WithCounselor}, d.FilledBy):
		return fmt.Errorf("filled_by: %q is unknown", d.FilledBy)
	case !slices.Contains([]Privacy{Private, OnRelease, OnSubmit}, d.Privacy):
		return fmt.Errorf("privacy: %q is unknown", d.Privacy)
	case d.Gate != "" && d.Gate != conversationsGate:
		return fmt.Errorf("gate: %q is unknown", d.Gate)
	case d.Portal == (d.FilledBy == WithCounselor):
		return errors.New("portal: a counselor's form is not in the portal, any other is")
	case d.Agreement && d.FilledBy != Joint:
		return errors.New("agreement: only a joint page is one")
	case d.Locked && d.Privacy != Private:
		return errors.New("locked: a locked page is private")
	case len(d.Fields) == 0:
		return errors.New("there are no fields")
	}
	return nil
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

var knownRoles = []sessions.Role{sessions.RoleHurt, sessions.RoleBroke, sessions.RoleBoth}

// checkField checks the i-th field against those before it.
func (d Definition) checkField(i int, f Field) error {
	earlier := Definition{Fields: d.Fields[:i]}
	_, twice := earlier.Field(f.ID)
	switch {
	case twice:
		return errors.New("id is used twice")
	case f.ID == counselorOnly.ID || f.ID == freeConfirm.ID:
		return errors.New("id is that of an automatic field")
	case f.Sensitive && d.FilledBy == Joint:
		return errors.New("sensitive: on a joint page the other would see it")
	case f.Role != "" && !slices.Contains(knownRoles, f.Role):
		return fmt.Errorf("role %q is not hurt, broke or both", f.Role)
	}
	if f.ShowIf != nil {
		if err := earlier.checkShowIf(*f.ShowIf); err != nil {
			return fmt.Errorf("show_if: %w", err)
		}
	}
	return f.check()
}

// checkShowIf checks a condition on one of d's fields.
func (d Definition) checkShowIf(s ShowIf) error {
	on, ok := d.Field(s.Field)
	if !ok {
		return fmt.Errorf("there is no earlier field %q", s.Field)
	}
	return on.checkCondition(s)
}

// Fits reports whether condition s can refer to f.
func (f Field) Fits(s ShowIf) bool { return f.checkCondition(s) == nil }

// checkCondition returns why condition s cannot refer to f, or nil.
func (f Field) checkCondition(s ShowIf) error {
	switch {
	case !slices.Contains([]string{"eq", "ne", "includes"}, s.Op):
		return fmt.Errorf("op %q is not eq, ne or includes", s.Op)
	case f.ticks() != (s.Op == "includes"):
		return fmt.Errorf("op %q does not fit a %s", s.Op, f.Type)
	case !f.accepts(s.Value):
		return fmt.Errorf("%s has no option %q", s.Field, s.Value)
	}
	return nil
}

func (d Definition) checkRoleFrom() error {
	if d.RoleFrom == nil {
		return nil
	}
	f, ok := d.Field(d.RoleFrom.Field)
	if !ok {
		return fmt.Errorf("there is no field %q", d.RoleFrom.Field)
	}
	for _, o := range f.Options {
		if role := d.RoleFrom.Roles[o.Value]; !slices.Contains(knownRoles, role) {
			return fmt.Errorf("%q gives role %q, not hurt, broke or both", o.Value, role)
		}
	}
	if len(d.RoleFrom.Roles) != len(f.Options) {
		return fmt.Errorf("the answers are not those of %s", f.ID)
	}
	return nil
}

var (
	simpleTypes = []FieldType{ShortText, SingleChoice, Scale, YesNo, Date} // allowed as columns
	chosenTypes = []FieldType{SingleChoice, MultiChoice, Checklist, Likert}
	fieldTypes  = append([]FieldType{LongText, MultiChoice, Checklist, Likert, Table}, simpleTypes...)

	// ids of fields, rows and columns become dot-separated names in forms
	formName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// check returns the first error in f by itself.
func (f Field) check() error {
	switch {
	case !formName.MatchString(f.ID):
		return fmt.Errorf("id %q is not made of a-z, 0-9 and _", f.ID)
	case blank(f.Label):
		return errors.New("label is missing")
	case !slices.Contains(fieldTypes, f.Type):
		return fmt.Errorf("type %q is unknown", f.Type)
	case len(f.Options) > mostOptions:
		return fmt.Errorf("there are more than %d options", mostOptions)
	case slices.Contains(chosenTypes, f.Type) != (len(f.Options) > 0):
		return fmt.Errorf("options and type %q do not go together", f.Type)
	case (f.Type == Likert) != (len(f.Rows) > 0):
		return fmt.Errorf("rows and type %q do not go together", f.Type)
	case (f.Type == Table) != (len(f.Columns) > 0):
		return fmt.Errorf("columns and type %q do not go together", f.Type)
	case f.MaxChoices != 0 && !f.ticks():
		return fmt.Errorf("max_choices and type %q do not go together", f.Type)
	case f.MaxChoices < 0 || f.MaxChoices > len(f.Options):
		return fmt.Errorf("max_choices is %d of %d options", f.MaxChoices, len(f.Options))
	}
	return f.checkParts()
}

// checkParts checks the options, rows and columns of f.
func (f Field) checkParts() error {
	for i, o := range f.Options {
		_, twice := Field{Options: f.Options[:i]}.option(o.Value)
		if o.Value == "" || blank(o.Label) || twice {
			return fmt.Errorf("options[%d]: %q is empty or there twice", i, o.Value)
		}
	}
	for i, r := range f.Rows {
		_, twice := Field{Rows: f.Rows[:i]}.row(r.ID)
		if !formName.MatchString(r.ID) || r.ID == declinePart || blank(r.Label) || twice {
			return fmt.Errorf("rows[%d]: %q is empty or there twice", i, r.ID)
		}
	}
	for i, c := range f.Columns {
		_, twice := Field{Columns: f.Columns[:i]}.column(c.ID)
		if twice {
			return fmt.Errorf("columns[%d]: %q is there twice", i, c.ID)
		}
		if err := c.checkColumn(); err != nil {
			return fmt.Errorf("columns[%d] %s: %w", i, c.ID, err)
		}
	}
	return nil
}

// checkColumn accepts only a simple question: a column has no rules of its own.
func (f Field) checkColumn() error {
	if err := f.check(); err != nil {
		return err
	}
	if !slices.Contains(simpleTypes, f.Type) {
		return fmt.Errorf("type %q does not fit a column", f.Type)
	}
	if f.Required || f.CounselorOnly || f.Sensitive || f.Role != "" || f.ShowIf != nil {
		return errors.New("a column has no rules of its own")
	}
	return nil
}
