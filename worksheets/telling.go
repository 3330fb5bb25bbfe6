package worksheets

import "fmt"

// forCounselorAlone tells whether f must never reach the other partner: its
// answer is for the counselor alone, or it is shown only after such an answer,
// so that its presence would tell it.
func (d Definition) forCounselorAlone(f Field) bool { return f.CounselorOnly || d.tells(f) != "" }

// tells returns the id of the answer for the counselor alone on which it hangs
// whether f is shown, or "".
func (d Definition) tells(f Field) string {
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
	return d.tells(on)
}

// checkTelling refuses a page that partners may read of each other and on which
// a field tells, by being there, an answer for the counselor alone.
func (d Definition) checkTelling() error {
	if !d.Shareable() && d.FilledBy != Joint {
		return nil
	}
	for i, f := range d.Fields {
		if on := d.tells(f); on != "" && !f.CounselorOnly {
			return fmt.Errorf("fields[%d] %s: whether it is shown tells the answer to %s, which is for the counselor alone",
				i, f.ID, on)
		}
	}
	return nil
}
