package caseload

import (
	"slices"
	"strings"
	"unicode"

	"mend/couples"
	"mend/internal/fold"
)

// A field is the meaning of a column.
type field string

// The fields that are imported.
const (
	recordNo     field = "Record number"
	firstContact field = "First contact"
	fullName     field = "Name"
	firstName    field = "First name"
	lastName     field = "Last name"
	preferred    field = "Preferred name"
	email        field = "Email"
	phone        field = "Phone"
)

// headings maps column headings of other systems, in lowercase and without punctuation, to fields.
var headings = map[string]field{
	"record number": recordNo, "record no": recordNo, "record": recordNo, "couple number": recordNo,
	"couple no": recordNo, "couple id": recordNo, "couple": recordNo, "chart number": recordNo, "case number": recordNo,
	"file number": recordNo, "client id": recordNo, "account number": recordNo,
	"first contact": firstContact, "first contact date": firstContact, "date of first contact": firstContact,
	"intake date": firstContact, "intake": firstContact, "start date": firstContact, "client since": firstContact,
	"name": fullName, "full name": fullName, "legal name": fullName, "": fullName,
	"first name": firstName, "firstname": firstName, "first": firstName, "given name": firstName,
	"last name": lastName, "lastname": lastName, "last": lastName, "surname": lastName, "family name": lastName,
	"preferred name": preferred, "preferred": preferred, "nickname": preferred, "address as": preferred,
	"email": email, "e mail": email, "email address": email, "e mail address": email,
	"phone": phone, "phone number": phone, "telephone": phone, "mobile": phone, "mobile phone": phone,
	"cell": phone, "cell phone": phone,
}

// whose lists the words in headings that indicate a partner.
var whose = map[couples.Side][]string{
	couples.A: {
		"partner 1", "partner a", "first partner", "client 1", "client a", "spouse 1", "spouse a", "person 1", "person a",
		"1st partner", "partner one", "1", "a",
	},
	couples.B: {
		"partner 2", "partner b", "second partner", "client 2", "client b", "spouse 2", "spouse b", "person 2", "person b",
		"2nd partner", "partner two", "2", "b",
	},
}

// A Column is a column of a file with the field it was recognized as.
type Column struct {
	Heading string
	Field   string       // "" if it is not imported
	Side    couples.Side // "" if it applies to both or to the person in the row
}

func (c Column) is(f field, side couples.Side) bool { return c.Field == string(f) && c.Side == side }

// Label returns the name of the column's field.
func (c Column) Label() string {
	switch c.Side {
	case couples.A:
		return "First partner: " + c.Field
	case couples.B:
		return "Second partner: " + c.Field
	}
	return c.Field
}

// columnsOf returns the columns for a row of headings. If two columns have the same field, the
// first one counts.
func columnsOf(cells []string) []Column {
	var columns []Column
	for _, heading := range cells {
		c := columnOf(heading)
		taken := func(other Column) bool { return other.Field == c.Field && other.Side == c.Side }
		if c.Field != "" && slices.ContainsFunc(columns, taken) {
			c = Column{Heading: c.Heading}
		}
		columns = append(columns, c)
	}
	return columns
}

func columnOf(heading string) Column {
	c := Column{Heading: shortened(strings.TrimSpace(heading))}
	words := words(heading)
	if words == "" {
		return c
	}
	side, rest, bare := sideOf(words)
	f, ok := headings[rest]
	if !ok || side != "" && (f == recordNo || f == firstContact) {
		return c
	}
	if bare && (f == email || f == phone) {
		return c // “Phone 2” may be the first partner’s second phone
	}
	c.Field, c.Side = string(f), side
	return c
}

// sideOf returns the partner that a heading indicates, and the rest of the heading. bare is true if
// the indication is a single digit or letter.
func sideOf(heading string) (side couples.Side, rest string, bare bool) {
	for _, side := range []couples.Side{couples.A, couples.B} {
		for _, mark := range whose[side] {
			if rest, ok := strings.CutPrefix(heading+" ", mark+" "); ok {
				return side, strings.TrimSpace(rest), len(mark) == 1
			}
			if rest, ok := strings.CutSuffix(" "+heading, " "+mark); ok {
				return side, strings.TrimSpace(rest), len(mark) == 1
			}
		}
	}
	return "", heading, false
}

// words returns a heading in lowercase, without punctuation and possessive “’s”.
func words(heading string) string {
	plain := strings.NewReplacer("'s ", " ", "’s ", " ").Replace(heading)
	return strings.Join(strings.FieldsFunc(fold.Text(plain), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// shortened truncates a long heading.
func shortened(heading string) string {
	if runes := []rune(heading); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return heading
}
