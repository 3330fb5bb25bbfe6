package caseload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"mend/internal/fault"
	"mend/records/caseload"
)

var now = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func read(t *testing.T, file string) caseload.File {
	t.Helper()
	f, err := caseload.Read([]byte(file), now)
	if err != nil {
		t.Fatalf("%q: %v", file[:min(len(file), 80)], err)
	}
	return f
}

// names returns the couples of a file, separated by semicolons.
func names(f caseload.File) string {
	var list []string
	for _, c := range f.Couples {
		list = append(list, c.Names())
	}
	return strings.Join(list, "; ")
}

func utf16File(text string, high int) string {
	bytes := []byte{0xFF, 0xFE}
	if high == 0 {
		bytes = []byte{0xFE, 0xFF}
	}
	for _, u := range utf16.Encode([]rune(text)) {
		pair := [2]byte{}
		pair[high], pair[1-high] = byte(u>>8), byte(u)
		bytes = append(bytes, pair[:]...)
	}
	return string(bytes)
}

func TestAFileIsReadHoweverItWasSaved(t *testing.T) {
	const plain = "Partner 1,Partner 2\nZoë Invented,José Madeup\n"
	for name, file := range map[string]string{
		"UTF-8":                     plain,
		"UTF-8 with a mark":         "\uFEFF" + plain,
		"UTF-16, little end first":  utf16File(plain, 1),
		"UTF-16, big end first":     utf16File(plain, 0),
		"Windows-1252":              "Partner 1,Partner 2\nZo\xeb Invented,Jos\xe9 Madeup\n",
		"semicolons":                strings.ReplaceAll(plain, ",", ";"),
		"tabs":                      strings.ReplaceAll(plain, ",", "\t"),
		"lines as Windows has them": strings.ReplaceAll(plain, "\n", "\r\n"),
		"blank lines":               "\n\n" + strings.ReplaceAll(plain, "\n", "\n,\n"),
		"a line break in a name":    strings.ReplaceAll(plain, "Zoë Invented", "\"Zoë\nInvented\""),
		"names in two columns": "Partner A first name,Partner A last name,Second partner: First Name,2nd partner last name\n" +
			"Zoë,Invented,José,Madeup\n",
		"a row for each":        "Couple number;First name;Last name\n7;Zoë;Invented\n7;José;Madeup\n",
		"a row for each, apart": "Couple number,Name\n7,Zoë Invented\n8,Alex Fictional\n7,José Madeup\n8,Jules Pretend\n",
	} {
		if got := names(read(t, file)); !strings.HasPrefix(got, "Zoë Invented and José Madeup") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestAFileThatCannotBeReadSaysWhy(t *testing.T) {
	for name, c := range map[string]struct{ file, says string }{
		"empty":             {"", "The file is empty."},
		"blank":             {"\n \n,,\n", "The file is empty."},
		"headings alone":    {"Partner 1,Partner 2\n", "headings and no rows"},
		"unclosed quotes":   {"Partner 1,Partner 2\nRobin,\"Sasha\nAlex,Jules\n", "row that begins on line 2"},
		"too large":         {"Partner 1,Partner 2\n" + strings.Repeat("Robin,Sasha\n", 100_000), "larger than 1 MB"},
		"5,000 columns":     {strings.Repeat("x,", 4999) + "x\n1\n", "5000 columns"},
		"no names":          {"Color,Size\nred,small\n", "names of both partners"},
		"one partner alone": {"Partner 1,Notes\nRobin,x\n", "names of both partners"},
		"a picture":         {"\x89PNG\x00\x00\x00\x0d", "CSV UTF-8"},
		"501 couples":       {"Partner 1,Partner 2\n" + many(501), "501 couples"},
	} {
		_, err := caseload.Read([]byte(c.file), now)
		problems, ok := errors.AsType[fault.Fields](err)
		if !ok || !strings.Contains(problems["file"].String(), c.says) {
			t.Errorf("%s: got %v %v, want %q", name, err, problems, c.says)
		}
	}
}

func many(n int) string {
	var rows strings.Builder
	for i := range n {
		fmt.Fprintf(&rows, "Robin %d,Sasha %d\n", i, i)
	}
	return rows.String()
}

func TestAnErrorNamesItsRowAndColumn(t *testing.T) {
	head := "Record number,First contact,Partner 1,Partner 2\n"
	for name, c := range map[string]struct{ file, says string }{
		"a day that is none":      {head + ",3/32/2021,Robin,Sasha\n", "Row 2, First contact: Enter a date as"},
		"a day the other way":     {head + ",13/3/2021,Robin,Sasha\n", "Row 2, First contact: Enter a date as"},
		"a year of two digits":    {head + ",3/3/21,Robin,Sasha\n", "Row 2, First contact: Enter a date as"},
		"a year that cannot be":   {head + ",0001-01-01,Robin,Sasha\n", "Row 2, First contact: Check the year."},
		"a day to come":           {head + ",2032-01-01,Robin,Sasha\n", "Row 2, First contact: Enter a day that isn’t"},
		"a name missing":          {head + ",,Robin,\n", "Row 2, Second partner: Name: Please fill this in."},
		"a name of 1,000 letters": {head + ",," + strings.Repeat("x", 1000) + ",Sasha\n", "Row 2, First partner: Name: Use 120 characters or fewer"},
		"a name as a number":      {head + "Invented-Robin 7,,Robin,Sasha\n", "Row 2, Record number: Use up to 12 digits"},
		"a number twice":          {head + "7,,Robin,Sasha\n7,,Alex,Jules\n", "Row 3, Record number: Row 2 has the same."},
		"three rows a couple":     {"Couple number,Name\n7,Robin\n7,Sasha\n7,Alex\n", "Row 2, Record number: 3 rows have this number"},
		"a row without a number":  {"Couple number,Name\n,Robin\n7,Sasha\n7,Alex\n", "Row 2, Record number: Enter the number"},
		"a row that is too short": {head + "7\n", "Row 2, First partner: Name: Please fill this in."},
	} {
		f := read(t, c.file)
		if len(f.Problems) == 0 || !strings.HasPrefix(f.Problems[0].String(), c.says) {
			t.Errorf("%s: got %v, want %q", name, f.Problems, c.says)
		}
	}
}

func TestARowWithAnErrorLeavesTheOthers(t *testing.T) {
	f := read(t, "Partner 1,Partner 2\nRobin,\nAlex,Jules\n")
	if names(f) != "Alex and Jules" || len(f.Problems) != 1 {
		t.Errorf("got %s, %v", names(f), f.Problems)
	}
}

func TestDaysAreReadAsAmericansAndAsISOWriteThem(t *testing.T) {
	f := read(t, "Intake date,Partner 1,Partner 2\n3/12/2021,Robin,Sasha\n2022-05-30,Alex,Jules\n")
	if f.Couples[0].FirstContact != "2021-03-12" || f.Couples[1].FirstContact != "2022-05-30" {
		t.Errorf("got %+v", f.Couples)
	}
}

func TestASecondTelephoneIsNeverTheOtherPartners(t *testing.T) {
	f := read(t, "Partner 1,Partner 2,Partner 1 phone,Phone 2,Partner 2 email\nRobin,Sasha,555-0101,555-0102,s@example.org\n")
	if got := f.Couples[0].People[1].Reach; got != "s@example.org" {
		t.Errorf("the second partner’s contact is %q", got)
	}
}

func TestTheSameCoupleTwiceIsMarked(t *testing.T) {
	f := read(t, "Record number,Partner 1,Partner 2\n7,Robin Invented,Sasha Madeup\n8,SASHA  madeup,robin invented\n")
	if len(f.Couples) != 2 || f.Couples[0].Like != "" || f.Couples[1].Like != "row 2" {
		t.Errorf("got %+v", f.Couples)
	}
}

func TestWhatIsNotImportedIsNotKept(t *testing.T) {
	f := read(t, "Partner 1,Partner 2,Notes\nRobin,Sasha,A heron on the roof\n")
	if f.Columns[2].Heading != "Notes" || f.Columns[2].Field != "" {
		t.Errorf("got %+v", f.Columns)
	}
	if strings.Contains(fmt.Sprintf("%+v", f), "heron") {
		t.Error("the notes are kept")
	}
}

func TestFormulasAreNamesLikeAnyOther(t *testing.T) {
	f := read(t, "Partner 1,Partner 2\n\"=HYPERLINK(\"\"http://x\"\")\",+Sasha\n")
	if names(f) != `=HYPERLINK("http://x") and +Sasha` {
		t.Errorf("got %s", names(f))
	}
}

func TestTheSampleIsReadWhole(t *testing.T) {
	f := read(t, caseload.Sample)
	if names(f) != "Robin Invented and Sasha Madeup; Alex Fictional and Jules Pretend" || len(f.Problems) > 0 {
		t.Errorf("got %s, %v", names(f), f.Problems)
	}
	for _, c := range f.Columns {
		if c.Field == "" {
			t.Errorf("%q is not imported", c.Heading)
		}
	}
	if sash := f.Couples[0].People[1]; sash.AddressAs != "Sash" || sash.Reach != "555-0102, sasha@example.org" {
		t.Errorf("got %+v", sash)
	}
}

// TestARecordNumberIsInCapitals, as it is looked up everywhere: two that differ in nothing else are
// the same.
func TestARecordNumberIsInCapitals(t *testing.T) {
	f := read(t, "record number,partner 1 name,partner 2 name\nab-17,Robin Invented,Sasha Madeup\nAB-17,Alex Pretend,Jules Madeup\n")
	if len(f.Couples) != 1 || f.Couples[0].RecordNo != "AB-17" || len(f.Problems) != 1 {
		t.Errorf("%+v %+v", f.Couples, f.Problems)
	}
}
