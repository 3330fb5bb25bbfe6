package caseload

import (
	"slices"
	"strings"
	"unicode"

	"mend/couples"
	"mend/internal/fold"
)

// A field is what a column holds.
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

// headings are the fields by what columns are called in other systems, without case and
// punctuation.
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

// whose are the words of a heading that say which partner it is about.
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

// A Column is a column of a file, and what Mend takes it for.
type Column struct {
	Heading string
	Field   string       // "" where it is not imported
	Side    couples.Side // "" where it is about both, or about the person of the row
}

func (c Column) is(f field, side couples.Side) bool { return c.Field == string(f) && c.Side == side }

// Label returns what the column is imported as.
func (c Column) Label() string {
	switch c.Side {
	case couples.A:
		return "First partner: " + c.Field
	case couples.B:
		return "Second partner: " + c.Field
	}
	return c.Field
}

// columnsOf returns the columns of a row of headings. A field that two columns have is the
// first one’s.
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
		return c // “Phone 2” may well be the first partner’s second telephone
	}
	c.Field, c.Side = string(f), side
	return c
}

// sideOf returns which partner a heading is about, and the heading without that. A bare mark
// is a number or letter alone.
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

// words returns a heading in small letters, without punctuation and a final “s” of an owner.
func words(heading string) string {
	plain := strings.NewReplacer("'s ", " ", "’s ", " ").Replace(heading)
	return strings.Join(strings.FieldsFunc(fold.Text(plain), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// shortened returns the first characters of a heading.
func shortened(heading string) string {
	if runes := []rune(heading); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return heading
}
