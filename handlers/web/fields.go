package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
	"mend/internal/fields"
)

// A FieldEdit is an edit as sent by a page: the whole value of the field, or a part of it if the
// page was closed and could not send everything.
type FieldEdit struct {
	fields.Edit
	Part *part
}

// A part gives the number of characters before and after those that were sent.
type part struct{ head, tail int }

// In returns current with everything between head and tail replaced by middle.
func (p part) In(current, middle string) (string, error) {
	text := []rune(current)
	if p.head+p.tail > len(text) {
		return "", fault.Malformed
	}
	return string(text[:p.head]) + middle + string(text[len(text)-p.tail:]), nil
}

// ReadEdit reads the edit of one field from the body of a PUT, including its base revision and key.
// The returned values hold the field's value.
func (s *Server) ReadEdit(c *gin.Context) (FieldEdit, url.Values, error) {
	got, err := Values(c)
	if err != nil {
		return FieldEdit{}, nil, err
	}
	e, err := s.EditFrom(c, c.Param("field"), got)
	return e, got, err
}

// EditFrom moves an edit's metadata from got into a FieldEdit, and leaves the value in got.
func (s *Server) EditFrom(c *gin.Context, field string, got url.Values) (FieldEdit, error) {
	e := FieldEdit{Edit: fields.Edit{Field: field, At: s.Now(), By: LoginOf(c).Person()}}
	var failed error
	number := func(name string) int {
		n, err := strconv.Atoi(cmp.Or(got.Get(name), "0"))
		if err != nil || n < 0 || len(got[name]) > 1 {
			failed = fault.Malformed
		}
		return n
	}
	if len(got["base"]) != 1 || len(got["key"]) != 1 || len(got["restore"]) > 1 || len(got["dismiss"]) > 1 {
		return e, fault.Malformed
	}
	e.Base, e.Missing, e.Key = number("base"), number("missing"), got.Get("key")
	e.Restore, e.Dismiss = got.Get("restore"), got.Get("dismiss")
	if got.Has("head") {
		e.Part = &part{number("head"), number("tail")}
	}
	for _, name := range []string{"base", "key", "missing", "restore", "dismiss", "head", "tail"} {
		got.Del(name)
	}
	return e, failed
}

// ReadValue reads the edit of a plain-text field named v.FIELD.
func (s *Server) ReadValue(c *gin.Context) (fields.Edit, error) {
	e, got, err := s.ReadEdit(c)
	if err != nil || e.Restore+e.Dismiss != "" {
		return e.Edit, err
	}
	value, err := Prefixed(got, "v.")
	if _, ok := value[e.Field]; err != nil || !ok || len(value) != 1 {
		return e.Edit, fault.Malformed
	}
	e.Value = value[e.Field]
	if e.Part != nil {
		e.Patch = func(current string) (string, error) { return e.Part.In(current, e.Value) }
	}
	return e.Edit, nil
}

// Saved responds to a PUT of one field: with the new revision, with the other text after a
// conflict, or with a problem. theirs formats a stored value.
func Saved(c *gin.Context, f fields.Field, err error, zone *time.Location, theirs func(value string) string) error {
	if clash, ok := errors.AsType[fields.Clash](err); ok {
		if err := recordOpened(c); err != nil {
			return err
		}
		c.JSON(http.StatusConflict, gin.H{
			"revision": clash.Theirs.Revision, "theirs": theirs(clash.Theirs.Value),
			"their_time": Date(c, clash.Theirs.SavedAt.In(zone), "date.time_zone"),
			"problem":    Tell(c, "script.changed_elsewhere"),
		})
		return nil
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		for _, problem := range problems {
			c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": Tell(c, problem)})
			return nil
		}
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"revision": f.Revision, "saved_at": Date(c, f.SavedAt.In(zone), "date.time_zone")})
	return nil
}

// AsIs returns a value as it is stored.
func AsIs(value string) string { return value }
