package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mend/internal/pdf/fonts"
)

// TestMain draws with the built-in typefaces only, as on a machine without fonts.
func TestMain(m *testing.M) {
	library = fonts.NewLibrary()
	os.Exit(m.Run())
}

// tool runs a program of poppler or qpdf on file and returns its output. Without the program the
// test is skipped, but fails in CI, where releases are built.
func tool(t *testing.T, name, file string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	before, after := args, []string(nil)
	if name == "pdftotext" {
		after = []string{"-"}
	}
	out, err := exec.Command(name, append(append(before, file), after...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// quiet returns the output of a program, whether or not it fails.
func quiet(name string, args ...string) string {
	out, _ := exec.Command(name, args...).CombinedOutput()
	return string(out)
}

func draw(t testing.TB, s Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Draw(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// printed writes s to a file for the tools and returns its path.
func printed(t *testing.T, s Sheet) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, draw(t, s), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// pageTexts returns the text that a PDF reader finds on each page.
func pageTexts(t *testing.T, s Sheet) []string {
	t.Helper()
	out := tool(t, "pdftotext", printed(t, s), "-layout")
	return strings.Split(strings.TrimSuffix(out, "\f"), "\f")
}

// paged lays s out.
func paged(t testing.TB, s Sheet) document {
	t.Helper()
	d, err := layOut(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// linesOf returns every line of text on a laid out page, in drawing order.
func linesOf(page []placed) []string {
	var lines []string
	for _, r := range page {
		for _, t := range r.texts {
			lines = append(lines, t.text)
		}
	}
	return lines
}

// pageOf returns the number of the page with text in one of its lines, or -1.
func pageOf(d document, text string) int {
	for i, page := range d.pages {
		for _, line := range linesOf(page) {
			if strings.Contains(line, text) {
				return i
			}
		}
	}
	return -1
}

const sentences = "They came in quietly and sat at opposite ends of the sofa. " +
	"Alex said that the evenings are the hardest, “when nobody speaks and both wait”. " +
	"Robin nodded, then described the week in which they had tried the listening exercise twice. " +
	"We looked at what each of them hears when the other falls silent, and at what each would like to hear instead. "

// words returns a text of n words.
func words(n int) string {
	all := strings.Fields(strings.Repeat(sentences, n/60+1))
	return strings.Join(all[:n], " ")
}

// numbered returns a text of n different words, w1 to wn.
func numbered(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "w" + strconv.Itoa(i+1)
	}
	return strings.Join(all, " ")
}

// note returns a progress note of about 900 words, two pages long.
func note() Sheet {
	return Sheet{
		Title:      "Progress note",
		Letterhead: []string{"Linden Street Practice", "Couples counselling", "12 Linden Street, Northfield · 555 0100"},
		Running:    "Couple C-1042 · Session 7 · 3 March 2026",
		Footer:     "Content 3f9a-22c1-77de-90ab",
		Made:       time.Date(2026, 3, 3, 15, 4, 5, 0, time.UTC),
		Blocks: []Block{
			Field{Label: "Session", Value: "3 March 2026, 14:00 to 14:50, in person"},
			Field{Label: "Present", Value: "Both partners"},
			Field{Label: "Interpreter", Value: ""},
			Heading("What was worked on"),
			Paragraph{Text: words(260)},
			Subheading("Observations"),
			Paragraph{Text: words(200)},
			List{"Listening exercise, ten minutes each evening", "A walk on Sunday. " + words(30), "No telephones at the table"},
			Heading("Risk"),
			Paragraph{Text: words(120)},
			Heading("Plan"),
			Paragraph{Text: words(180) + "\n\n" + words(60)},
			Signature{[]string{"Signed by Dana Example, LMFT", "3 March 2026, 15:04 · version 2 · 3f9a-22c1"}},
		},
	}
}

// worksheet returns a form with the blocks that a note does not have.
func worksheet() Sheet {
	rows := [][]string{}
	for i := range 30 {
		n := strconv.Itoa(i + 1)
		rows = append(rows, []string{n, "Agreement " + n + ": " + words(4+i%17), "Robin", "done"})
	}
	return Sheet{
		Title:      "Worksheet: a quiet evening",
		Letterhead: []string{"Linden Street Practice", "Couples counselling"},
		Running:    "Couple C-1042 · 3 March 2026",
		Footer:     "Content 77aa-1234",
		Made:       time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC),
		Blocks: []Block{
			Paragraph{Text: "Fill this in alone, then read it to each other.", Muted: true},
			Heading("How was your week?"),
			Choices{Columns: 3, Options: []Choice{
				{"Calm", true},
				{"Tense", false},
				{"Sad, or tired, or both of these at the same time", true},
				{"Hopeful", false},
				{"As Łukasz & Zoë put it", false},
			}},
			Subheading("What would you like to say?"),
			Lines(5),
			Heading("Agreements so far"),
			Table{Columns: []string{"No.", "Agreement", "Who", "State"}, Rows: rows},
			Heading("Signed"),
			Signature{[]string{"Read and agreed", "Date and place"}},
		},
	}
}

func BenchmarkTwoPageNote(b *testing.B) {
	s := note()
	if n := len(paged(b, s).pages); n != 2 {
		b.Fatalf("the note has %d pages", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		draw(b, s)
	}
}

// A sheet with uncommon letters needs the whole typeface.
func BenchmarkTwoPageNoteInOtherLetters(b *testing.B) {
	s := note()
	s.Running += " שלום"
	b.ReportAllocs()
	for b.Loop() {
		draw(b, s)
	}
}
