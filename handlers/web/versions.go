package web

import (
	"crypto/rand"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
	"mend/internal/fields"
)

// A Version is a copy of a text that lost a conflict, shown next to its field until its author
// restores or dismisses it.
type Version struct{ ID, Field, Time, Text string }

// Versions returns the copies of f, with their values formatted by shown.
func Versions(f fields.Field, clock func(time.Time) string, shown func(string) string) []Version {
	var list []Version
	for _, c := range f.Copies {
		list = append(list, Version{c.ID, f.Name, clock(c.SavedAt), shown(c.Value)})
	}
	return list
}

// TakeDecision removes from a form, sent without scripts, the decision on a version: FIELD ID in
// restore or dismiss. ok reports whether there was one.
func (s *Server) TakeDecision(c *gin.Context, got url.Values) (e fields.Edit, ok bool, err error) {
	restored, dismissed := got["restore"], got["dismiss"]
	got.Del("restore")
	got.Del("dismiss")
	if len(restored)+len(dismissed) == 0 {
		return e, false, nil
	}
	if len(restored)+len(dismissed) > 1 {
		return e, false, fault.Malformed
	}
	e = fields.Edit{Key: rand.Text(), At: s.Now(), By: LoginOf(c).Person()}
	if len(restored) == 1 {
		e.Field, e.Restore, ok = strings.Cut(restored[0], " ")
	} else {
		e.Field, e.Dismiss, ok = strings.Cut(dismissed[0], " ")
	}
	if !ok || e.Restore+e.Dismiss == "" {
		return e, false, fault.Malformed
	}
	return e, true, nil
}

// A FieldsForm is a whole form of fields, sent without scripts.
type FieldsForm struct {
	Values   map[string]string // by field
	Key      string
	Then     string       // the action of the pressed button
	Decision *fields.Edit // on a version; nil for none
}

// ReadFields reads a form whose fields are named v.FIELD. It may also have the fields in others.
func (s *Server) ReadFields(c *gin.Context, others ...string) (FieldsForm, error) {
	got, err := Values(c)
	if err != nil {
		return FieldsForm{}, err
	}
	var form FieldsForm
	decision, decided, err := s.TakeDecision(c, got)
	if err != nil {
		return form, err
	}
	if decided {
		form.Decision = &decision
	}
	form.Key, form.Then = got.Get("key"), got.Get("then")
	form.Values, err = Prefixed(got, "v.", append(others, "key")...)
	return form, err
}

// LocalTimes converts the times of copies to the zone in which they are shown.
func LocalTimes(fields map[string]fields.Field, zone *time.Location) {
	for _, f := range fields {
		for i := range f.Copies {
			f.Copies[i].SavedAt = f.Copies[i].SavedAt.In(zone)
		}
	}
}

// RedirectUnless redirects to path unless err is set.
func RedirectUnless(c *gin.Context, err error, path string) error {
	if err != nil {
		return err
	}
	return Redirect(c, path, "")
}
