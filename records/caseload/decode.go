package caseload

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// The limits of a file.
const (
	MaxBytes   = 1 << 20
	maxColumns = 200
	maxCouples = 500
)

// decode returns the text of a file. With a byte order mark it is UTF-8 or UTF-16; otherwise UTF-8,
// or Windows-1252 if it is not valid UTF-8.
func decode(file []byte) (string, error) {
	switch {
	case bytes.HasPrefix(file, []byte{0xEF, 0xBB, 0xBF}):
		file = file[3:]
	case bytes.HasPrefix(file, []byte{0xFF, 0xFE}):
		return fromUTF16(file[2:], 1), nil
	case bytes.HasPrefix(file, []byte{0xFE, 0xFF}):
		return fromUTF16(file[2:], 0), nil
	}
	if utf8.Valid(file) {
		return string(file), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(file)
	return string(text), err
}

// fromUTF16 decodes UTF-16 whose high bytes are at index high.
func fromUTF16(file []byte, high int) string {
	units := make([]uint16, len(file)/2)
	for i := range units {
		units[i] = uint16(file[2*i+high])<<8 | uint16(file[2*i+1-high])
	}
	return string(utf16.Decode(units))
}

// separator detects the cell separator from the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best, most := ',', 0
	for _, r := range ",;\t" {
		if n := strings.Count(first, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// A line is a non-blank row of a file, with its row number in a spreadsheet.
type line struct {
	number int
	cells  []string
}

// readLines returns the rows of a file, beginning with the headings. An error in the whole file is
// fault.Fields for "file".
func readLines(file []byte) ([]line, error) {
	if len(file) > MaxBytes {
		return nil, ErrTooLarge
	}
	text, err := decode(file)
	if err != nil || strings.ContainsRune(text, 0) {
		return nil, faulty("Mend can’t read this file. Save it as “CSV UTF-8” and upload it again.")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord = separator(text), -1
	var lines []line
	for number := 1; ; number++ {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, faulty(fmt.Sprintf(
				"A quotation mark is opened and not closed, or in the wrong place, in the row that begins on line %d.",
				broken.StartLine))
		}
		if err != nil {
			return nil, err
		}
		if len(cells) > maxColumns {
			return nil, faulty(fmt.Sprintf("The file has %d columns. Mend reads up to %d.", len(cells), maxColumns))
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			lines = append(lines, line{number, cells})
		}
	}
	return lines, checkLines(lines)
}

func checkLines(lines []line) error {
	switch {
	case len(lines) == 0:
		return faulty("The file is empty.")
	case len(lines) == 1:
		return faulty("The file has headings and no rows.")
	}
	return nil
}

// ErrTooLarge means that a file is larger than MaxBytes.
var ErrTooLarge = fault.Fields{
	"file": "The file is larger than 1 MB. Delete columns that Mend doesn’t import, or split the file.",
}

func faulty(problem string) error { return fault.Fields{"file": i18n.Message(problem)} }
