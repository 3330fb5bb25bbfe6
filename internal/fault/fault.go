// Package fault defines the failures of a request that the person who made it can act on. Any other
// error is a defect or an outage.
package fault

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"mend/internal/i18n"
)

var (
	// NotFound means that nothing with that name exists, or that the person may not see it. The two
	// must be indistinguishable to them.
	NotFound = errors.New("not found")

	// Conflict means that the change does not fit what is stored.
	Conflict = errors.New("conflict")

	// Forbidden means that the person may see the thing but not do this to it.
	Forbidden = errors.New("forbidden")

	// Locked means that the thing was signed or sent and can no longer change.
	Locked = errors.New("locked")

	// SignedOut means that the person must sign in first.
	SignedOut = errors.New("signed out")

	// Malformed means that the request itself is invalid.
	Malformed = errors.New("malformed request")

	// TooLarge means that the request is larger than any legitimate one.
	TooLarge = errors.New("request too large")

	// Full means that the disk is full.
	Full = errors.New("no room left")

	// Broken means that the disk failed, so nothing is stored any more.
	Broken = errors.New("storage failed")

	// Busy means that the person should try again in a moment.
	Busy = errors.New("busy")
)

// Fields holds, by field name, what is wrong with the values that a person entered.
type Fields map[string]i18n.Message

// Err returns f as an error, or nil if it is empty.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// And returns the problems of f and err combined. If both have one for a field, f's wins, since it
// is closer to what was typed. An error of another kind wins over both.
func (f Fields) And(err error) error {
	more, ok := errors.AsType[Fields](err)
	if err != nil && !ok {
		return err
	}
	for name, problem := range more {
		if _, said := f[name]; !said {
			f[name] = problem
		}
	}
	return f.Err()
}

// Add adds the problems of err, if any, to f.
func (f Fields) Add(err error) {
	more, _ := errors.AsType[Fields](err)
	for name, problem := range more {
		f[name] = problem
	}
}

// Error lists the field names, never what was typed.
func (f Fields) Error() string {
	return "invalid fields: " + strings.Join(slices.Sorted(maps.Keys(f)), ", ")
}

// Length adds a problem for the field name unless text has between least and most characters, as
// people count them, and contains none that cannot be stored.
func (f Fields) Length(name, text string, least, most int) {
	f.length(name, text, uniseg.GraphemeClusterCount(text), least, most)
}

// Stored is Length with characters as databases count them, where one that is put together from
// several is several: for columns whose length the schema checks.
func (f Fields) Stored(name, text string, least, most int) {
	f.length(name, text, utf8.RuneCountInString(text), least, most)
}

func (f Fields) length(name, text string, n, least, most int) {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		f[name] = "error.character_again"
	case n < least && least == 1:
		f[name] = "error.fill_in"
	case n < least:
		f[name] = i18n.With("error.at_least", least)
	case n > most:
		f[name] = i18n.With("error.at_most", most, n)
	}
}
