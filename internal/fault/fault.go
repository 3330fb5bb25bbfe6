// Package fault names the ways a request can fail that the person who made it
// can do something about. Any other error is a defect or an outage.
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
	// NotFound says that nothing with that name exists, or that it is not
	// the asker's to see. The two must stay the same to the asker.
	NotFound = errors.New("not found")

	// Conflict says that the change does not fit what is already stored.
	Conflict = errors.New("conflict")

	// Forbidden says that the asker may see the thing but not do this to it.
	Forbidden = errors.New("forbidden")

	// Locked says that the thing was signed or sent and can no longer change.
	Locked = errors.New("locked")

	// SignedOut says that the asker must sign in first.
	SignedOut = errors.New("signed out")

	// Malformed says that the request itself cannot be read.
	Malformed = errors.New("malformed request")

	// TooLarge says that the request is larger than any honest one.
	TooLarge = errors.New("request too large")

	// Full says that there is no room left on the disk for it.
	Full = errors.New("no room left")

	// Broken says that the disk failed, so that nothing is taken any more.
	Broken = errors.New("storage failed")

	// Busy says that the asker should try again in a moment.
	Busy = errors.New("busy")
)

// Fields says, by field name, what is wrong with the values a person gave.
type Fields map[string]i18n.Message

// Err returns f as an error, or nil if no field is at fault.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// And returns what f and err find together. Where both fault a field, f, which
// is nearer to what was typed, has the word. An error of another kind wins.
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

// Add puts the problems of err, if it has any, beside those of f.
func (f Fields) Add(err error) {
	more, _ := errors.AsType[Fields](err)
	for name, problem := range more {
		f[name] = problem
	}
}

// Error names the fields, never what was typed into them.
func (f Fields) Error() string {
	return "invalid fields: " + strings.Join(slices.Sorted(maps.Keys(f)), ", ")
}

// Length faults the field name unless text has between least and most
// characters, none of which is one that cannot be stored.
func (f Fields) Length(name, text string, least, most int) {
	n := uniseg.GraphemeClusterCount(text)
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
