package web

import (
	"slices"
	"strings"
	"time"

	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/sessions"
)

// Radios is a choice with what is stored chosen.
func Radios(field, label string, f fields.Field, options []Radio) RadioField {
	r := RadioField{field, label, f.Revision, slices.Clone(options), f.Value == ""}
	for i := range r.Options {
		r.Options[i].On = r.Options[i].Value == f.Value
	}
	return r
}

// Texts is a text with what is stored in it.
func Texts(field, label string, f fields.Field, problem i18n.Message) SaveText {
	at := func(t time.Time) string { return t.Format("3:04 PM") }
	return SaveText{
		Field: field, Label: label, Value: f.Value, Problem: problem, Revision: f.Revision,
		Limit: sessions.LimitOf(field), Versions: Versions(f, at, AsIs),
	}
}

// Ticked is a check box with what is stored.
func Ticked(field, label string, f fields.Field) SaveTick {
	return SaveTick{Field: field, Label: label, Revision: f.Revision, On: f.Value != ""}
}

// Has reports whether a list with commas holds item.
func Has(list, item string) bool { return slices.Contains(strings.Split(list, ","), item) }

// A SaveTick is a tick box that saves itself: field, label, revision.
type SaveTick struct {
	Field, Label string
	Revision     int
	On           bool
	More         string
}

// A SaveText is a text that saves itself.
type SaveText struct {
	Field, Label, Value string
	Problem             i18n.Message
	Revision            int
	Limit               int // characters
	Versions            []Version
}

// A Radio is one answer of a choice.
type Radio struct {
	Value, Label string
	On           bool
}

// A RadioField is one choice that saves itself.
type RadioField struct {
	Field, Label string
	Revision     int
	Options      []Radio
	Empty        bool // nothing is chosen
}
