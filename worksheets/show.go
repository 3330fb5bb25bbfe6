package worksheets

import (
	"slices"

	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// Visible returns the fields that are shown to somebody in role, given their answers so far. A
// field that depends on a hidden one is hidden.
func (d Definition) Visible(role sessions.Role, answers map[string]Value) []Field {
	if d.RoleFrom != nil {
		role = d.RoleFrom.role(answers)
	}
	var visible []Field
	shown := map[string]bool{}
	for _, f := range d.Fields {
		if f.forRole(role) && f.applies(shown, answers) {
			shown[f.ID] = true
			visible = append(visible, f)
		}
	}
	return visible
}

// unsaid is no partner's role. It hides both roles' fields until the answer that determines the
// role is given.
const unsaid sessions.Role = "unsaid"

func (r RoleFrom) role(answers map[string]Value) sessions.Role {
	if role, ok := r.Roles[answers[r.Field].Text]; ok {
		return role
	}
	return unsaid
}

func (f Field) forRole(role sessions.Role) bool {
	return f.Role == "" || f.Role == sessions.RoleBoth || f.Role == role || role == sessions.RoleBoth || role == ""
}

// applies reports whether f's condition holds. An unanswered field satisfies neither "eq" nor "ne".
func (f Field) applies(shown map[string]bool, answers map[string]Value) bool {
	s := f.ShowIf
	if s == nil {
		return true
	}
	v := answers[s.Field]
	is := v.Text == s.Value || slices.Contains(v.Picks, s.Value)
	if s.Op == "ne" {
		return shown[s.Field] && !v.Blank() && v.Declined == "" && !is
	}
	return shown[s.Field] && is
}

// Keep returns the answers to the visible fields. An answer to a question that was hidden again is
// not part of the page.
func (d Definition) Keep(role sessions.Role, answers map[string]Value) map[string]Value {
	kept := map[string]Value{}
	for _, f := range d.Visible(role, answers) {
		if v, ok := answers[f.ID]; ok && !v.Blank() {
			kept[f.ID] = v
		}
	}
	return kept
}

// ForRecord returns the answers that belong in the record of whoever filled in the page: those to
// questions they were shown or, of a joint page, the shared part.
func (r SentPage) ForRecord() map[string]Value {
	kept := r.Worksheet.Keep(r.Role, r.Values)
	if !r.IsJoint() {
		return kept
	}
	both := map[string]Value{}
	for _, f := range r.Worksheet.PartnerFields() {
		if v, ok := kept[f.ID]; ok {
			both[f.ID] = v
		}
	}
	return both
}

// Check returns what is missing before the page can be sent, by form field.
func (d Definition) Check(role sessions.Role, answers map[string]Value) fault.Fields {
	missing := fault.Fields{}
	for _, f := range d.Visible(role, answers) {
		if f.Required && !f.answered(answers[f.ID]) {
			missing["a."+f.ID] = f.named(f.need())
		}
		if problem := f.overLimit(answers[f.ID]); problem != "" && answers[f.ID].Declined == "" {
			missing["a."+f.ID] = f.named(problem)
		}
	}
	return missing
}

// PartnerFields returns the fields that the other partner could ever read. Fields for the counselor
// alone are removed here, on the server, before any view is built.
func (d Definition) PartnerFields() []Field {
	return slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return d.isCounselorOnly(f) })
}

// answered reports whether a required field has an answer (docs/clinical.md, 2.1): a table needs
// one row with its first column, a Likert table every row.
func (f Field) answered(v Value) bool {
	if v.Declined != "" {
		return true // declining counts as an answer
	}
	switch f.Type {
	case Table:
		first := f.Columns[0].ID
		return slices.ContainsFunc(v.Rows, func(row map[string]string) bool { return row[first] != "" })
	case Likert:
		return !slices.ContainsFunc(f.Rows, func(r Row) bool { return v.Cells[r.ID] == "" })
	}
	return !v.Blank()
}

// named prefixes a problem with the question's label.
func (f Field) named(problem i18n.Message) i18n.Message {
	return i18n.Message("“" + f.Label + "”: " + f.Language.Say(problem))
}

// need returns the message for an unanswered required question.
func (f Field) need() i18n.Message {
	switch f.Type {
	case Table:
		return "error.need.line"
	case Likert:
		return "error.need.every_line"
	case ShortText, LongText:
		return "error.need.text"
	case Date:
		return "error.need.date"
	case MultiChoice, Checklist:
		return "error.need.at_least_one"
	}
	return "error.need.one"
}
