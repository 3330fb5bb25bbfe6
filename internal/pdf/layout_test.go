package pdf

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// filledBy returns a sheet with lines of text before the given blocks, so that some number of lines
// puts them at the foot of a page.
func filledBy(lines int, then ...Block) Sheet {
	filler := Paragraph{Text: strings.TrimSpace(strings.Repeat("line\n", lines))}
	return Sheet{Blocks: append([]Block{filler}, then...)}
}

func TestAHeadingNeverStandsAloneAtTheFootOfAPage(t *testing.T) {
	followers := map[string]Block{
		"a paragraph": Paragraph{Text: "first follows\nsecond\nthird"},
		"a field":     Field{Label: "first follows", Value: "value"},
		"a list":      List{"first follows", "second"},
		"a table":     Table{Columns: []string{"first follows"}, Rows: [][]string{{"cell"}}},
		"choices":     Choices{[]Choice{{"first follows", false}}, 1},
		"a signature": Signature{[]string{"first follows"}},
	}
	for name, follower := range followers {
		for lines := 1; lines < 60; lines++ {
			d := paged(t, filledBy(lines, Heading("Heading"), Subheading("Subheading"), follower))
			heading, sub, first := pageOf(d, "Heading"), pageOf(d, "Subheading"), pageOf(d, "first follows")
			if heading != sub || sub != first {
				t.Fatalf("%s after %d lines: heading on page %d, subheading on %d, text on %d", name, lines, heading, sub, first)
			}
		}
	}
}

func TestAParagraphLeavesNoLineAlone(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, filledBy(lines, Paragraph{Text: "p1\np2\np3\np4\np5"}))
		if pageOf(d, "p1") != pageOf(d, "p2") || pageOf(d, "p4") != pageOf(d, "p5") {
			t.Fatalf("after %d lines a line of the paragraph stands alone", lines)
		}
	}
}

func TestALabelStaysWithItsValue(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, filledBy(lines, Field{Label: "The label", Value: "the value"}))
		if pageOf(d, "The label") != pageOf(d, "the value") {
			t.Fatalf("after %d lines label and value are parted", lines)
		}
	}
}

func TestASignatureIsNeverSplit(t *testing.T) {
	lines := make([]string, 12)
	for i := range lines {
		lines[i] = fmt.Sprintf("signed %02d", i)
	}
	for filler := 1; filler < 60; filler++ {
		d := paged(t, filledBy(filler, Signature{lines}))
		if pageOf(d, "signed 00") != pageOf(d, "signed 11") {
			t.Fatalf("after %d lines the signature is torn", filler)
		}
	}
}

func TestAQuestionStaysWithTheRoomForItsAnswer(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		for name, room := range map[string][]Block{
			"lines":   {Lines(5)},
			"choices": {Choices{[]Choice{{"one", false}, {"two", false}, {"three", false}, {"four", false}}, 1}},
		} {
			question := append([]Block{Subheading("The question"), Paragraph{Text: "how to answer", Muted: true}}, room...)
			d := paged(t, filledBy(lines, question...))
			first := pageOf(d, "The question")
			if pageOf(d, "how to answer") != first || name == "choices" && pageOf(d, "four") != first || name == "lines" &&
				len(d.pages)-1 > first {
				t.Fatalf("after %d lines a question with %s is torn", lines, name)
			}
		}
	}
}

func TestAnAsideBeforeABreakDoesNotTakeItAlong(t *testing.T) {
	d := paged(t,
		Sheet{Blocks: []Block{Paragraph{Text: "an aside", Muted: true}, Break{}, Paragraph{Text: "the next page"}}})
	if pageOf(d, "an aside") == pageOf(d, "the next page") {
		t.Error("the page was not turned")
	}
}

func TestWhatIsLongerThanAPageStillPrintsWhole(t *testing.T) {
	long := strings.Fields(numbered(200))
	for name, block := range map[string]Block{
		"signature": Signature{long},
		"heading":   Heading(strings.Join(long, "\n")),
		"field":     Field{Label: strings.Join(long, "\n"), Value: strings.Join(long, "\n")},
		"choice":    Choices{[]Choice{{strings.Join(long, "\n"), true}}, 6},
		"header":    Table{Columns: []string{strings.Join(long, "\n")}, Rows: [][]string{{"x"}, {"y"}}},
		"cell":      Table{Columns: []string{"c"}, Rows: [][]string{{strings.Join(long, "\n")}}},
	} {
		d := paged(t, Sheet{Blocks: []Block{block}})
		if pageOf(d, "w1") != 0 || pageOf(d, "w200") < 2 {
			t.Errorf("%s: begins on page %d, ends on page %d", name, pageOf(d, "w1"), pageOf(d, "w200"))
		}
		checkEdges(t, d)
	}
}

func TestAnEmptyFieldPrintsADash(t *testing.T) {
	for _, value := range []string{"", "  ", "\r\n"} {
		d := paged(t, Sheet{Blocks: []Block{Field{Label: "Interpreter", Value: value}}})
		if got := fmt.Sprint(linesOf(d.pages[0])); got != "[Interpreter – Page 1 of 1]" {
			t.Errorf("value %q prints %s", value, got)
		}
	}
}

func TestAnEmptySheetIsOnePage(t *testing.T) {
	empty := []Block{Heading(""), Subheading(" "), Paragraph{}, List{}, Table{}, Choices{}, Lines(0), Lines(-3)}
	for _, blocks := range [][]Block{nil, empty} {
		d := paged(t, Sheet{Blocks: blocks})
		if len(d.pages) != 1 || pageOf(d, "Page 1 of 1") != 0 {
			t.Errorf("%d blocks give %d pages", len(blocks), len(d.pages))
		}
	}
}

func TestLinesAreDrawnAsManyAsAsked(t *testing.T) {
	for asked, want := range map[Lines]int{-1: 0, 0: 0, 1: 1, 7: 7, 1 << 40: maxLines} {
		if got := len(composeLines(asked, 400)); got != want {
			t.Errorf("Lines(%d) draws %d lines, want %d", asked, got, want)
		}
	}
}

func TestOnlyTheChosenBoxesAreTicked(t *testing.T) {
	rows := composeChoices(Choices{Columns: 2, Options: []Choice{{"a", true}, {"b", false}, {"c", true}}}, 400)
	boxes, ticks := 0, 0
	for _, r := range rows {
		for _, p := range r.paths {
			switch len(p.points) {
			case 5:
				boxes++
			case 3:
				ticks++
			}
		}
	}
	if boxes != 3 || ticks != 2 {
		t.Errorf("%d boxes and %d ticks, want 3 and 2", boxes, ticks)
	}
}

func TestABlockOfAnUnknownKindIsRefused(t *testing.T) {
	for _, b := range []Block{nil, &Break{}} {
		if _, err := layOut(Sheet{Blocks: []Block{Break{}, b}}); err == nil || !strings.Contains(err.Error(), "block 2") {
			t.Errorf("%T: error is %v", b, err)
		}
	}
}

func TestEveryBlockTellsItsKind(t *testing.T) {
	for want, b := range map[string]Block{
		"heading": Heading("x"), "subheading": Subheading("x"), "paragraph": Paragraph{}, "field": Field{},
		"list": List{}, "table": Table{}, "choices": Choices{}, "lines": Lines(1), "signature": Signature{}, "break": Break{},
		"contents": Contents{},
	} {
		if got := b.Kind(); got != want {
			t.Errorf("%T is of kind %q, want %q", b, got, want)
		}
	}
}

// checkEdges fails if a mark is beyond the margins, if text overlaps the header or footer, or if
// rows of text overlap.
func checkEdges(t interface {
	Helper()
	Fatalf(string, ...any)
}, d document,
) {
	t.Helper()
	const hair = 0.01
	left, right := margin-hair, d.paper.width-margin+hair
	for n, page := range d.pages {
		below := 0.0
		for _, r := range page {
			isFooter := r.y >= d.paper.height-footTop
			isHead := r.y < d.paper.top-hair
			if bottom := r.y + r.height; !isFooter && !isHead && bottom > d.paper.bottom+hair ||
				bottom > d.paper.height-8*millimetre {
				t.Fatalf("page %d: a row ends at %.1f", n+1, bottom)
			}
			if !isFooter && !isHead {
				if r.y < below-hair {
					t.Fatalf("page %d: rows overlap at %.1f", n+1, r.y)
				}
				below = r.y + r.height
			}
			for _, m := range r.texts {
				if m.x < left || m.x+m.style.width(m.text) > right {
					t.Fatalf("page %d: %q is beyond the margins", n+1, m.text)
				}
			}
			for _, p := range r.paths {
				for _, at := range p.points {
					if at.x < left || at.x > right || at.y < -hair || at.y > r.height+hair {
						t.Fatalf("page %d: a line is beyond its row or the margins", n+1)
					}
				}
			}
		}
	}
}

// anySheet generates a sheet with any blocks.
func anySheet() *rapid.Generator[Sheet] {
	text := anyText()
	texts := rapid.SliceOfN(text, 0, 6)
	block := rapid.OneOf(
		rapid.Map(text, func(s string) Block { return Heading(s) }),
		rapid.Map(text, func(s string) Block { return Subheading(s) }),
		rapid.Custom(func(t *rapid.T) Block {
			return Paragraph{Text: text.Draw(t, "text"), Muted: rapid.Bool().Draw(t, "muted")}
		}),
		rapid.Custom(func(t *rapid.T) Block {
			return Field{Label: text.Draw(t, "label"), Value: text.Draw(t, "value"), Compact: rapid.Bool().Draw(t, "compact")}
		}),
		rapid.Map(texts, func(s []string) Block { return List(s) }),
		rapid.Map(texts, func(s []string) Block { return Signature{s} }),
		rapid.Custom(func(t *rapid.T) Block {
			cells := rapid.SliceOfN(text, 0, rapid.SampledFrom([]int{1, 3, 30}).Draw(t, "columns"))
			return Table{Columns: cells.Draw(t, "header"), Rows: rapid.SliceOfN(cells, 0, 5).Draw(t, "rows")}
		}),
		rapid.Custom(func(t *rapid.T) Block {
			choice := rapid.Custom(func(t *rapid.T) Choice {
				return Choice{
					text.Draw(t, "label"),
					rapid.Bool().Draw(t, "chosen"),
				}
			})
			return Choices{rapid.SliceOfN(choice, 0, 7).Draw(t, "options"), rapid.IntRange(-1, 9).Draw(t, "columns")}
		}),
		rapid.Map(rapid.IntRange(-2, 60), func(n int) Block { return Lines(n) }),
	)
	return rapid.Custom(func(t *rapid.T) Sheet {
		return Sheet{
			Title: text.Draw(t, "title"), Letterhead: texts.Draw(t, "letterhead"),
			Running: text.Draw(t, "running"), Footer: text.Draw(t, "footer"),
			Draft: rapid.Bool().Draw(t, "draft"), Letter: rapid.Bool().Draw(t, "letter"),
			Blocks: rapid.SliceOfN(block, 0, 8).Draw(t, "blocks"),
		}
	})
}

func TestNothingIsBeyondTheEdgesWhateverTheSheet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := layOut(anySheet().Draw(t, "sheet"))
		if err != nil {
			t.Fatal(err)
		}
		checkEdges(t, d)
	})
}

func TestEveryPageHasSomethingOnIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet().Draw(t, "sheet")
		d, err := layOut(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.pages) == 1 {
			return
		}
		for n, page := range d.pages {
			text := 0
			for _, r := range page {
				if r.y >= d.paper.top-0.01 && r.y < d.paper.height-footTop {
					text++
				}
			}
			if text == 0 {
				t.Fatalf("page %d of %d is empty", n+1, len(d.pages))
			}
		}
	})
}
