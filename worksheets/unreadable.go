package worksheets

import (
	"io"
	"regexp"
)

// An UnreadableError is a file that is not a worksheet in YAML. Its text is for those who write the catalogue.
type UnreadableError struct{ text string }

// Error returns what the YAML decoder said.
func (e UnreadableError) Error() string { return e.text }

var (
	unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	keyTwice   = regexp.MustCompile(`line (\d+): mapping key "([^"]+)" already defined`)
	placeAlone = regexp.MustCompile(`line (\d+): `)
)

// Plain returns what is wrong, for a counselor who imports the file, with the line if it is known.
func (e UnreadableError) Plain() string {
	if e.text == io.EOF.Error() {
		return "it is empty"
	}
	if m := unknownKey.FindStringSubmatch(e.text); m != nil {
		return "line " + m[1] + ": “" + m[2] + "” is not part of a worksheet"
	}
	if m := keyTwice.FindStringSubmatch(e.text); m != nil {
		return "line " + m[1] + ": “" + m[2] + "” is there twice"
	}
	if m := placeAlone.FindStringSubmatch(e.text); m != nil {
		return "line " + m[1] + " is not what a worksheet has there"
	}
	return "it is not a worksheet exported from Mend"
}
