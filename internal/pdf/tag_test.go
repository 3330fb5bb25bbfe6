package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said returns what a screen reader reads of s, element by element: the role, and the text with
// spaces collapsed.
func said(s Sheet) (lines []string) {
	say := func(role, text string) {
		lines = append(lines, strings.TrimSpace(role+" "+strings.Join(strings.Fields(text), " ")))
	}
	for _, line := range s.Letterhead {
		say("P", line)
	}
	say("H1", s.Title)
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case Heading:
			say("H2", string(b))
		case Subheading:
			say("H3", string(b))
		case Paragraph:
			say("P", b.Text)
		case Field:
			say("Lbl", b.Label)
			say("LBody", strings.ReplaceAll("\x00"+b.Value, "\x00", map[bool]string{true: "–"}[b.Value == ""]))
		case List:
			for _, item := range b {
				say("Lbl", "•")
				say("LBody", item)
			}
		case Table:
			for _, cell := range b.Columns {
				say("TH", cell)
			}
			for _, cells := range b.Rows {
				for _, cell := range cells {
					say("TD", cell)
				}
			}
		case Choices:
			for _, option := range b.Options {
				say("Lbl", map[bool]string{false: "☐", true: "☒"}[option.Chosen])
				say("LBody", option.Label)
			}
		case Signature:
			for _, line := range b.Lines {
				say("P", line)
			}
		}
	}
	return lines
}

var (
	structElement = regexp.MustCompile(`^ *([A-Z][A-Za-z0-9]*)( "[^"]*")?( \((block|inline)\))?:?$`)
	structText    = regexp.MustCompile(`^ *"(.*)"$`)
)

// saidByPoppler returns the same as poppler reads it from the file.
func saidByPoppler(t *testing.T, file string) (lines []string) {
	t.Helper()
	role, said := "", false
	for line := range strings.SplitSeq(tool(t, "pdfinfo", file, "-struct-text"), "\n") {
		if found := structText.FindStringSubmatch(line); found != nil {
			if !said {
				lines = append(lines, role)
			}
			said = true
			lines[len(lines)-1] += strings.TrimRight(" "+strings.Join(strings.Fields(found[1]), " "), " ")
		} else if found := structElement.FindStringSubmatch(line); found != nil {
			role, said = found[1], false
		}
	}
	return lines
}

// saidByBrowser returns the same as the PDF reader of Firefox reads it.
func saidByBrowser(t *testing.T, file string) []string {
	t.Helper()
	library, err := filepath.Abs("../../.ci/node_modules/pdfjs-dist")
	if err == nil {
		_, err = os.Stat(library)
	}
	node, missing := exec.LookPath("node")
	if err != nil || missing != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err, missing)
		}
		t.Skip("pdf.js is not installed: sh .ci/prepare does it")
	}
	out, err := exec.Command(node, "testdata/structure.mjs", library, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// withoutBoxes removes the boxes of choices, which are drawn as graphics, so poppler does not see
// them.
func withoutBoxes(lines []string) (kept []string) {
	for _, line := range lines {
		if line != "Lbl" && line != "Lbl ☐" && line != "Lbl ☒" {
			kept = append(kept, line)
		}
	}
	return kept
}

func TestAScreenReaderFindsEachPartOfASheetInOrder(t *testing.T) {
	for name, s := range map[string]Sheet{"note": note(), "worksheet": worksheet()} {
		if diff := cmp.Diff(withoutBoxes(said(s)), withoutBoxes(saidByPoppler(t, printed(t, s)))); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", name, diff)
		}
	}
}

// TestABrowserFindsTheSame checks with another reader. It reads page by page, so an element on two
// pages is two elements: everything is compared as one text.
func TestABrowserFindsTheSame(t *testing.T) {
	for name, s := range map[string]Sheet{"note": note(), "worksheet": worksheet()} {
		lines := saidByBrowser(t, printed(t, s))
		var headings, all, wantHeadings, wantAll []string
		sort := func(line string, headings, all *[]string) {
			role, text, _ := strings.Cut(line, " ")
			switch {
			case strings.HasPrefix(role, "H"):
				*headings = append(*headings, line)
				fallthrough
			case role != "Title" && role != "UA" && role != "Language" && role != "Bookmark":
				*all = append(*all, text)
			}
		}
		for _, line := range lines {
			sort(line, &headings, &all)
		}
		for _, line := range said(s) {
			sort(line, &wantHeadings, &wantAll)
		}
		if diff := cmp.Diff(wantHeadings, headings); diff != "" {
			t.Errorf("%s: headings (-want +got):\n%s", name, diff)
		}
		if got, want := strings.Join(strings.Fields(strings.Join(all, " ")), " "), strings.Join(wantAll, " "); got != want {
			t.Errorf("%s: %s", name, cmp.Diff(strings.Fields(want), strings.Fields(got)))
		}
		for _, want := range []string{"Title " + s.Title, "UA 1", "Language en-US"} {
			if !strings.Contains(strings.Join(lines[:3], "\n"), want) {
				t.Errorf("%s: %q is not in %q", name, want, lines[:3])
			}
		}
	}
}

func TestHeadingsAreBookmarks(t *testing.T) {
	var bookmarks, headings []string
	for _, line := range saidByBrowser(t, printed(t, note())) {
		if title, ok := strings.CutPrefix(line, "Bookmark "); ok {
			bookmarks = append(bookmarks, title)
		}
	}
	for _, b := range note().Blocks {
		if h, ok := b.(Heading); ok {
			headings = append(headings, string(h))
		}
	}
	if diff := cmp.Diff(headings, bookmarks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoLevelOfHeadingIsLeftOut(t *testing.T) {
	s := Sheet{Title: "A", Blocks: []Block{Subheading("b"), Subheading("c"), Heading("d"), Subheading("e")}}
	want := []string{"H1 A", "H2 b", "H2 c", "H2 d", "H3 e"}
	if diff := cmp.Diff(want, saidByPoppler(t, printed(t, s))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestThePictureOfACodeIsDescribed(t *testing.T) {
	s := Sheet{Title: "A", Blocks: []Block{QR{"https://mend.example/my", "On your phone."}}}
	got := strings.Join(saidByBrowser(t, printed(t, s)), "\n")
	if want := "Figure QR: https://mend.example/my\nP On your phone."; !strings.Contains(got, want) {
		t.Errorf("%q is not in:\n%s", want, got)
	}
}

// TestWhatStandsOnEveryPageIsSaidOnNone: running lines, page numbers, the word DRAFT and repeated
// table heads.
func TestWhatStandsOnEveryPageIsSaidOnNone(t *testing.T) {
	s := worksheet()
	s.Draft = true
	all := strings.Join(saidByPoppler(t, printed(t, s)), "\n")
	for _, furniture := range []string{s.Running, s.Footer, "Page 1", "DRAFT"} {
		if strings.Contains(all, furniture) {
			t.Errorf("%q is said", furniture)
		}
	}
	if n := strings.Count(all, "TH Agreement"); n != 1 {
		t.Errorf("the head of the table is said %d times", n)
	}
}

// plainText returns a PDF with uncompressed streams.
func plainText(t *testing.T, s Sheet) string {
	t.Helper()
	file := printed(t, s)
	tool(t, "qpdf", file+".txt", "--qdf", "--object-streams=disable", file)
	out, err := os.ReadFile(file + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestAllThatIsDrawnIsMarked(t *testing.T) {
	shows := regexp.MustCompile(`(?m)(TJ|Tj|[Sf])\b`)
	for content := range strings.SplitSeq(plainText(t, worksheet()), "stream\n") {
		if !strings.Contains(content, " BDC") {
			continue
		}
		depth := 0
		for line := range strings.SplitSeq(content, "\n") {
			switch {
			case strings.HasSuffix(line, " BDC"):
				depth++
			case line == "EMC":
				depth--
			case depth != 1 && shows.MatchString(line) && !strings.HasPrefix(line, "end"):
				t.Fatalf("%q is drawn at depth %d", line, depth)
			}
		}
	}
}

func TestTheFileSaysWhatArchivesAskFor(t *testing.T) {
	s := note()
	s.Language = "es"
	text := plainText(t, s)
	for _, want := range []string{
		"/GTS_PDFA1", "/ID [", "/Lang (es)", "/DisplayDocTitle true", "<pdfuaid:part>1", "acsp",
		"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the file", want)
		}
	}
	if strings.Contains(text, "EmbeddedFiles") {
		t.Error("the file has a list of files in it")
	}
}

func TestWordsOfAnotherScriptSayTheirLanguageAndTheirText(t *testing.T) {
	s := Sheet{Blocks: []Block{Paragraph{Text: "They say שלום and Здравствуйте."}}}
	text := plainText(t, s)
	for _, want := range []string{"/Lang (he)", "/ActualText <feff05e905dc05d505dd>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the file", want)
		}
	}
}
