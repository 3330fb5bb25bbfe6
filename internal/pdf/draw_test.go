package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheSameSheetGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	uncommon := note()
	uncommon.Blocks = append(uncommon.Blocks, Paragraph{Text: "שלום ☐ 😀"})
	undated := note()
	undated.Made = time.Time{}
	for name, s := range map[string]Sheet{
		"note": note(), "worksheet": worksheet(), "other letters": uncommon,
		"undated": undated, "empty": {},
	} {
		want := draw(t, s)
		for range 11 {
			if !bytes.Equal(draw(t, s), want) {
				t.Fatalf("%s: same sheet, other bytes", name)
			}
		}
	}
}

func TestSheetsDrawnAtTheSameTimeDoNotDisturbEachOther(t *testing.T) {
	s := worksheet()
	s.Blocks = append(s.Blocks, Paragraph{Text: "שלום"})
	sheets := []Sheet{note(), s}
	want := [][]byte{draw(t, sheets[0]), draw(t, sheets[1])}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			var got bytes.Buffer
			if err := Draw(&got, sheets[i%2]); err != nil || !bytes.Equal(got.Bytes(), want[i%2]) {
				t.Errorf("drawn in parallel: error %v, or other bytes", err)
			}
		})
	}
	all.Wait()
}

func TestTheSameMomentInAnotherZoneGivesTheSameBytes(t *testing.T) {
	s := note()
	there := s
	there.Made = s.Made.In(time.FixedZone("there", 5*60*60))
	if !bytes.Equal(draw(t, s), draw(t, there)) {
		t.Error("the zone of the server shows in the sheet")
	}
}

func TestAnySheetPrints(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet().Draw(t, "sheet")
		var b bytes.Buffer
		if err := Draw(&b, s); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.HasSuffix(b.Bytes(), []byte("%%EOF\n")) {
			t.Fatalf("%d bytes that are no PDF", b.Len())
		}
	})
}

func TestEveryCharacterOfTheTypefacePrints(t *testing.T) {
	const part = 0x1000
	for first := rune(0); first < 0x10000; first += part {
		t.Run(fmt.Sprintf("%U", first), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for r := range rune(part) {
				all.WriteRune(first + r)
			}
			s := Sheet{Title: all.String(), Blocks: []Block{Paragraph{Text: all.String()}}}
			if out := tool(t, "qpdf", printed(t, s), "--check"); !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Error(out)
			}
		})
	}
}

func TestVeryLongTextPrintsWhole(t *testing.T) {
	long := numbered(8_500) // some 50,000 characters
	s := Sheet{Running: "long", Footer: "foot", Blocks: []Block{
		Paragraph{Text: long},
		Paragraph{Text: strings.Repeat("x", 10_000)},
	}}
	pages := pageTexts(t, s)
	all := strings.Join(pages, "\n")
	found := map[string]bool{}
	for _, w := range strings.Fields(all) {
		found[w] = true
	}
	for _, w := range strings.Fields(long) {
		if !found[w] {
			t.Fatalf("%s is not on the %d pages", w, len(pages))
		}
	}
	if got := strings.Count(all, "x"); got != 10_000 {
		t.Errorf("%d letters of 10,000", got)
	}
}

func FuzzDraw(f *testing.F) {
	for _, seed := range append(nasty, sentences, strings.Repeat("x", 10_000), "{nb}", "a\\(b\r") {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, draft bool) {
		s := Sheet{
			Title: text, Letterhead: []string{text, text}, Running: text, Footer: text, Draft: draft, Letter: draft,
			Blocks: []Block{
				Heading(text), Subheading(text),
				Paragraph{Text: text, Muted: draft},
				Field{Label: text, Value: text},
				List{text},
				Table{Columns: []string{text, "b"}, Rows: [][]string{{text, text, text}}},
				Choices{[]Choice{{text, draft}}, len(text)},
				Lines(len(text)),
				Signature{[]string{text}},
			},
		}
		if len(draw(t, s)) == 0 {
			t.Error("nothing was drawn")
		}
		checkEdges(t, paged(t, s))
	})
}

func TestWhatTheTypefaceLacksIsSeenAmongItsWords(t *testing.T) {
	s := Sheet{Blocks: []Block{
		Paragraph{Text: "I feel 🧸 sad"},
		Paragraph{Text: "we 👩‍❤️‍👨 two"},
		Field{Label: "Łukasz & Zoë", Value: "“geht’s” 50 € → 60 €"},
		Paragraph{Text: "шаг {nb} (a\\b) γάμος"},
	}}
	page := pageTexts(t, s)[0]
	for _, want := range []string{
		"I feel � sad", "we � two", "Łukasz & Zoë", "“geht’s” 50 € → 60 €",
		"шаг {nb} (a\\b) γάμος",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page:\n%s", want, page)
		}
	}
}

func TestEveryPageSaysWhoseItIsAndWhichOfHowMany(t *testing.T) {
	for _, s := range []Sheet{note(), worksheet()} {
		pages := pageTexts(t, s)
		if len(pages) < 2 {
			t.Fatal("the sheet should have several pages")
		}
		for n, page := range pages {
			for _, want := range []string{s.Running, s.Footer, fmt.Sprintf("Page %d of %d", n+1, len(pages))} {
				if strings.Count(page, want) != 1 {
					t.Errorf("page %d: %q is there %d times", n+1, want, strings.Count(page, want))
				}
			}
			if got := strings.Contains(page, s.Letterhead[0]); got != (n == 0) {
				t.Errorf("page %d: letterhead %v", n+1, got)
			}
		}
	}
}

func TestTheWordDraftIsOnEveryPageOfADraftOnly(t *testing.T) {
	for _, draft := range []bool{true, false} {
		s := worksheet()
		s.Draft = draft
		for n, page := range strings.Split(strings.TrimSuffix(tool(t, "pdftotext", printed(t, s), "-raw"), "\f"), "\f") {
			if got := strings.Contains(inked(page), "DRAFT"); got != draft {
				t.Errorf("draft %v: page %d says so: %v", draft, n+1, got)
			}
		}
	}
}

func TestADraftDiffersFromTheFinalSheetInThatWordOnly(t *testing.T) {
	s := note()
	final := paged(t, s)
	s.Draft = true
	draft := paged(t, s)
	for n := range final.pages {
		if got, want := linesOf(draft.pages[n]),
			linesOf(final.pages[n]); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("page %d of the draft is broken otherwise", n+1)
		}
	}
}

func TestTheSheetHasTheSizeOfThePaper(t *testing.T) {
	for letter, want := range map[bool]string{false: "595.28 x 841.89 pts (A4)", true: "612 x 792 pts (letter)"} {
		s := note()
		s.Letter = letter
		if out := tool(t, "pdfinfo", printed(t, s)); !strings.Contains(out, want) {
			t.Errorf("want %q in:\n%s", want, out)
		}
	}
}

var wordBox = regexp.MustCompile(
	`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>`)

func TestEveryWordOnPaperIsInsideTheMargins(t *testing.T) {
	t.Parallel()
	crowded := worksheet()
	crowded.Letter = true
	crowded.Running = numbered(300)
	crowded.Footer = strings.Repeat("f", 500)
	crowded.Blocks = append(crowded.Blocks,
		Paragraph{Text: strings.Repeat("W", 9_000) + " " + strings.Repeat("e\u0301", 300)},
		Heading(numbered(40)), Field{Label: strings.Repeat("label", 50), Value: strings.Repeat("שלום", 100)},
		Table{Columns: strings.Fields(numbered(12)), Rows: [][]string{strings.Fields(numbered(12)), {strings.Repeat("y", 300)}}},
		Choices{[]Choice{{strings.Repeat("z", 300), true}, {numbered(50), false}}, 6},
	)
	for _, s := range []Sheet{note(), worksheet(), crowded} {
		d := paged(t, s)
		boxes := wordBox.FindAllStringSubmatch(tool(t, "pdftotext", printed(t, s), "-bbox"), -1)
		if len(boxes) < 100 {
			t.Fatalf("only %d words", len(boxes))
		}
		for _, box := range boxes {
			var at [4]float64
			for i := range at {
				at[i], _ = strconv.ParseFloat(box[i+1], 64)
			}
			if at[0] < margin-0.5 || at[2] > d.paper.width-margin+0.5 || at[1] < headTop-1 ||
				at[3] > d.paper.height-8*millimetre {
				t.Errorf("%.20q stands at %.1f", box[5], at)
			}
		}
	}
}

func TestALongCellBreaksOverPagesWithoutLoss(t *testing.T) {
	left, right := numbered(1500), strings.ReplaceAll(numbered(700), "w", "v")
	pages := pageTexts(t,
		Sheet{Blocks: []Block{Table{Columns: []string{"Leftcolumn", "Rightcolumn"}, Rows: [][]string{{left, right}, {"end1", "end2"}}}}})
	found := map[string]bool{}
	for _, w := range strings.Fields(strings.Join(pages, " ")) {
		found[w] = true
	}
	for _, w := range strings.Fields(left + " " + right + " end1 end2") {
		if !found[w] {
			t.Fatalf("%s is lost", w)
		}
	}
	for n, page := range pages {
		if len(pages) < 2 || !strings.Contains(page, "Leftcolumn") || !strings.Contains(page, "Rightcolumn") {
			t.Errorf("page %d of %d lacks the header", n+1, len(pages))
		}
	}
}

func TestTheMetadataTellsTheTitleAndTheDateOnly(t *testing.T) {
	s := note()
	s.Title = "Note (draft) \\ für\r\nZoë 🧸"
	out := tool(t, "pdfinfo", printed(t, s), "-isodates")
	for _, want := range []string{
		`(?m)^Title: +Note \(draft\) \\ für Zoë �$`, `(?m)^Producer: +Mend$`,
		`(?m)^CreationDate: +2026-03-03T15:04:05`, `(?m)^ModDate: +2026-03-03T15:04:05`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s is not in:\n%s", want, out)
		}
	}
	for _, unwanted := range []string{"Author", "Creator:", "Subject", "Keywords", "Linden", "C-1042"} {
		if strings.Contains(out, unwanted) {
			t.Errorf("%s is in:\n%s", unwanted, out)
		}
	}
}

func TestThePDFIsWellFormed(t *testing.T) {
	t.Parallel()
	draft := worksheet()
	draft.Draft, draft.Letter = true, true
	for _, s := range []Sheet{{}, note(), worksheet(), draft, {Title: "😀", Blocks: []Block{Paragraph{Text: "שלום ☐"}}}} {
		if out := tool(t, "qpdf", printed(t, s), "--check"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%q:\n%s", s.Title, out)
		}
	}
}

func TestNothingIsWrittenOfASheetThatCannotBeDrawn(t *testing.T) {
	var b bytes.Buffer
	if err := Draw(&b, Sheet{Blocks: []Block{nil}}); err == nil || b.Len() != 0 {
		t.Errorf("error %v, %d bytes written", err, b.Len())
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) {
	if w.err == nil {
		panic("the writer panics")
	}
	return 0, w.err
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	if err := Draw(brokenWriter{io.ErrClosedPipe}, note()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want %v", err, io.ErrClosedPipe)
	}
	if err := Draw(brokenWriter{}, note()); err == nil || !strings.Contains(err.Error(), "the writer panics") {
		t.Errorf("a panic became %v", err)
	}
}
