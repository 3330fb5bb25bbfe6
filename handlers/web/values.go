package web

import (
	"slices"
	"strings"
	"time"

	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/sessions"
)

// Radios returns a choice with the stored value selected.
func Radios(field, label string, f fields.Field, options []Radio) RadioField {
	r := RadioField{field, label, f.Revision, slices.Clone(options), f.Value == ""}
	for i := range r.Options {
		r.Options[i].On = r.Options[i].Value == f.Value
	}
	return r
}

// Texts returns a text field with its stored value.
func Texts(field, label string, f fields.Field, problem i18n.Message) SaveText {
	at := func(t time.Time) string { return t.Format("3:04 PM") }
	return SaveText{
		Field: field, Label: label, Value: f.Value, Problem: problem, Revision: f.Revision,
		Limit: sessions.LimitOf(field), Versions: Versions(f, at, AsIs),
	}
}

// Ticked returns a checkbox with its stored value.
func Ticked(field, label string, f fields.Field) SaveTick {
	return SaveTick{Field: field, Label: label, Revision: f.Revision, On: f.Value != ""}
}

// Has reports whether a comma-separated list contains item.
func Has(list, item string) bool { return slices.Contains(strings.Split(list, ","), item) }

// A SaveTick is a checkbox that autosaves.
type SaveTick struct {
	Field, Label string
	Revision     int
	On           bool
	More         string
}

// A SaveText is a text field that autosaves.
type SaveText struct {
	Field, Label, Value string
	Problem             i18n.Message
	Revision            int
	Limit               int // in characters
	Versions            []Version
}

// A Radio is one option of a choice.
type Radio struct {
	Value, Label string
	On           bool
}

// A RadioField is a choice that autosaves.
type RadioField struct {
	Field, Label string
	Revision     int
	Options      []Radio
	Empty        bool // nothing is selected
}
