package worksheets

import "fmt"

// isCounselorOnly reports whether f must never reach the other partner: its answer is for the
// counselor alone, or it is shown only after such an answer, so that its presence would reveal that
// answer.
func (d Definition) isCounselorOnly(f Field) bool {
	return f.CounselorOnly || d.revealedAnswer(f) != ""
}

// revealedAnswer returns the id of the counselor-only answer on which the visibility of f depends, or "".
func (d Definition) revealedAnswer(f Field) string {
	if d.RoleFrom != nil && f.Role != "" {
		if on, ok := d.Field(d.RoleFrom.Field); ok && on.CounselorOnly {
			return on.ID
		}
	}
	if f.ShowIf == nil || f.ShowIf.Field == f.ID {
		return ""
	}
	on, ok := d.Field(f.ShowIf.Field)
	if !ok {
		return ""
	}
	if on.CounselorOnly {
		return on.ID
	}
	return d.revealedAnswer(on)
}

// checkDisclosure refuses a worksheet that the other partner may read if the presence of a field
// reveals an answer for the counselor alone.
func (d Definition) checkDisclosure() error {
	if !d.Shareable() && d.FilledBy != Joint {
		return nil
	}
	for i, f := range d.Fields {
		if on := d.revealedAnswer(f); on != "" && !f.CounselorOnly {
			return fmt.Errorf("fields[%d] %s: whether it is shown tells the answer to %s, which is for the counselor alone",
				i, f.ID, on)
		}
	}
	return nil
}
