package caseload

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/fold"
)

// A File is the parsed contents of an upload, all that is stored of it.
type File struct {
	Columns  []Column
	Couples  []Candidate
	Problems []Problem // of rows that cannot be imported
}

// A Candidate is a couple in a file.
type Candidate struct {
	Row          int // the first partner's row in a spreadsheet
	RecordNo     string
	FirstContact string // YYYY-MM-DD, or ""
	People       [2]Person
	Like         string // the couple that it duplicates, such as "row 3"; "" for none
}

// A Person is a partner of a Candidate.
type Person struct{ Name, AddressAs, Reach string }

// A Problem is an error in a cell.
type Problem struct {
	Row    int
	Column string
	Says   string
}

// String returns the problem as one line.
func (p Problem) String() string { return fmt.Sprintf("Row %d, %s: %s", p.Row, p.Column, p.Says) }

// Names returns the names of both.
func (c Candidate) Names() string { return c.People[0].Name + " and " + c.People[1].Name }

// key identifies the couple by both names, in either order.
func (c Candidate) key() string { return keyOf(c.People[0].Name, c.People[1].Name) }

func keyOf(a, b string) string {
	names := []string{fold.Text(a), fold.Text(b)}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

// Read parses an uploaded file. An error in the whole file is fault.Fields for "file"; an error in
// a row is a Problem, and the other rows are still read. today is the latest date allowed for a
// first contact.
func Read(file []byte, today time.Time) (File, error) {
	lines, err := readLines(file)
	if err != nil {
		return File{}, err
	}
	f := File{Columns: columnsOf(lines[0].cells)}
	r := reader{columns: f.Columns, today: today}
	switch {
	case r.hasName(couples.A) && r.hasName(couples.B):
		for _, l := range lines[1:] {
			f.take(r.both(l))
		}
	case r.hasName("") && r.has(recordNo, ""):
		r.pairs(&f, lines[1:])
	default:
		return File{}, faulty("Mend can’t find the names of both partners. Use the headings of the sample file.")
	}
	if len(f.Couples) > maxCouples {
		return File{}, faulty(fmt.Sprintf("The file has %d couples. Mend imports up to %d at once; split the file.",
			len(f.Couples), maxCouples))
	}
	f.markRepeated()
	return f, nil
}

// take adds a couple or its problems.
func (f *File) take(c Candidate, problems []Problem) {
	if len(problems) > 0 {
		f.Problems = append(f.Problems, problems...)
		return
	}
	f.Couples = append(f.Couples, c)
}

// markRepeated marks couples that appear twice in the file, and refuses record numbers given to two
// couples.
func (f *File) markRepeated() {
	first, numbers := map[string]int{}, map[string]int{}
	f.Couples = slices.DeleteFunc(f.Couples, func(c Candidate) bool {
		row, twice := numbers[c.RecordNo]
		_, same := first[c.key()]
		if c.RecordNo != "" && twice && !same {
			f.Problems = append(f.Problems, Problem{c.Row, string(recordNo), fmt.Sprintf("Row %d has the same.", row)})
			return true
		}
		numbers[c.RecordNo] = c.Row
		first[c.key()] = cmp.Or(first[c.key()], c.Row)
		return false
	})
	for i := range f.Couples {
		c := &f.Couples[i]
		if row := first[c.key()]; row != c.Row {
			c.Like, c.RecordNo = fmt.Sprintf("row %d", row), ""
		}
	}
	slices.SortStableFunc(f.Problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
}

// A reader reads rows according to the columns.
type reader struct {
	columns []Column
	today   time.Time
}

func (r reader) has(f field, side couples.Side) bool {
	return slices.ContainsFunc(r.columns, func(c Column) bool { return c.is(f, side) })
}

func (r reader) hasName(side couples.Side) bool {
	return r.has(fullName, side) || r.has(firstName, side) && r.has(lastName, side)
}

func (r reader) cell(l line, f field, side couples.Side) string {
	i := slices.IndexFunc(r.columns, func(c Column) bool { return c.is(f, side) })
	if i < 0 || i >= len(l.cells) {
		return ""
	}
	return strings.Join(strings.Fields(l.cells[i]), " ") // line breaks in a cell become spaces
}

// both reads a row with both partners.
func (r reader) both(l line) (Candidate, []Problem) {
	c := Candidate{Row: l.number, RecordNo: r.number(l)}
	c.People = [2]Person{r.person(l, couples.A), r.person(l, couples.B)}
	return r.check(c, l, l, couples.A, couples.B)
}

// pairs reads rows with one person each; two rows with the same record number are a couple.
func (r reader) pairs(f *File, lines []line) {
	groups := map[string][]line{}
	for _, l := range lines {
		number := r.number(l)
		if number == "" {
			f.Problems = append(f.Problems, Problem{l.number, string(recordNo), "Enter the number that both partners share."})
			continue
		}
		groups[number] = append(groups[number], l)
	}
	byNumber := func(a, b []line) int { return cmp.Compare(a[0].number, b[0].number) }
	inOrder := slices.SortedFunc(maps.Values(groups), byNumber)
	for _, group := range inOrder {
		if len(group) != 2 {
			f.Problems = append(f.Problems, Problem{
				group[0].number, string(recordNo),
				fmt.Sprintf("%d rows have this number. A couple is two rows.", len(group)),
			})
			continue
		}
		c := Candidate{Row: group[0].number, RecordNo: r.number(group[0])}
		c.People = [2]Person{r.person(group[0], ""), r.person(group[1], "")}
		f.take(r.check(c, group[0], group[1], "", ""))
	}
}

func (r reader) person(l line, side couples.Side) Person {
	name := cmp.Or(r.cell(l, fullName, side),
		strings.TrimSpace(r.cell(l, firstName, side)+" "+r.cell(l, lastName, side)))
	p := Person{Name: name, AddressAs: r.cell(l, preferred, side)}
	if first := strings.Fields(cmp.Or(r.cell(l, firstName, side), name)); p.AddressAs == "" && len(first) > 0 {
		p.AddressAs = first[0]
	}
	reach := []string{r.cell(l, phone, side), r.cell(l, email, side)}
	p.Reach = strings.Join(slices.DeleteFunc(reach, func(s string) bool { return s == "" }), ", ")
	return p
}

// number returns the record number of a row in capitals, as it is looked up.
func (r reader) number(l line) string { return strings.ToUpper(r.cell(l, recordNo, "")) }

// recordNumber matches usual chart numbers. They are not encrypted, so names are not allowed in
// them.
var recordNumber = regexp.MustCompile(`^[A-Z]{0,3}[-. /#]?[0-9][0-9./-]{0,11}$`)

// check returns a couple with its date of first contact, and its problems. a and b are the rows of
// the two people, sideA and sideB their columns.
func (r reader) check(c Candidate, a, b line, sideA, sideB couples.Side) (Candidate, []Problem) {
	var problems []Problem
	add := func(l line, column, says string) { problems = append(problems, Problem{l.number, column, says}) }
	if c.RecordNo != "" && !recordNumber.MatchString(c.RecordNo) {
		add(a, string(recordNo), "Use up to 12 digits, after up to 3 letters. Names can’t be part of it.")
	}
	day, wrong := r.day(cmp.Or(r.cell(a, firstContact, ""), r.cell(b, firstContact, "")))
	if wrong != "" {
		add(a, string(firstContact), wrong)
	}
	c.FirstContact = day
	faults := c.couple().PartnerFaults()
	for i, of := range []struct {
		line   line
		side   couples.Side
		prefix string
	}{{a, sideA, "a_"}, {b, sideB, "b_"}} {
		for _, at := range []struct{ column, label string }{
			{"name", "Name"}, {"address_as", "Preferred name"}, {"reach", "Phone and email"},
		} {
			says, bad := faults[of.prefix+at.column]
			if bad && (at.column != "address_as" || c.People[i].Name != "") {
				add(of.line, Column{Field: at.label, Side: of.side}.Label(), says.String())
			}
		}
	}
	return c, problems
}

// couple returns c as it will be stored.
func (c Candidate) couple() couples.Couple {
	couple := couples.Couple{RecordNo: c.RecordNo}
	for i, p := range c.People {
		couple.Partners[i] = couples.Partner{Name: p.Name, AddressAs: p.AddressAs, Reach: p.Reach}
	}
	couple.Since, _ = time.Parse(time.DateOnly, c.FirstContact)
	return couple
}

// day parses a date as 2031-03-12 or 3/12/2031, or returns a problem.
func (r reader) day(text string) (day, problem string) {
	if text == "" {
		return "", ""
	}
	for _, layout := range []string{time.DateOnly, "1/2/2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			if at.After(r.today) {
				return "", "Enter a day that isn’t in the future."
			}
			if at.Year() < 1900 {
				return "", "Check the year."
			}
			return at.Format(time.DateOnly), ""
		}
	}
	return "", "Enter a date as 2031-03-12 or 3/12/2031."
}
