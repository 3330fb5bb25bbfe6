package worksheets

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"mend/accounts"
	"mend/couples"
	"mend/internal/i18n"
	"mend/internal/i18n/i18ntest"
	"mend/internal/pdf"
	"mend/sessions"
)

// textOf returns the text of all blocks.
func textOf(blocks []pdf.Block) string {
	var b strings.Builder
	for _, block := range blocks {
		fmt.Fprintf(&b, "%+v\n", block)
	}
	return b.String()
}

// labelsOf returns the labels of all questions, their rows and columns, and their choices.
func labelsOf(fields []Field) []string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Label)
		list = append(list, labels(f.Options)...)
		for _, r := range f.Rows {
			list = append(list, r.Label)
		}
		for _, c := range f.Columns {
			list = append(list, c.Label)
		}
	}
	return list
}

var paper = PrintSetup{Practice: []string{"Riverbend"}, Letter: true, Zone: time.UTC}

func TestEveryWorksheetPrintsBlankWithAllThatItAsks(t *testing.T) {
	all := shipped(t).All()
	for _, d := range all {
		sheet := d.BlankSheet(paper)
		said := textOf(sheet.Blocks)
		for _, label := range labelsOf(d.Fields) {
			if !strings.Contains(said, label) {
				t.Errorf("%s lacks %q", d.ID, label)
			}
		}
		var one, two bytes.Buffer
		if err := pdf.Draw(&one, sheet); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
		if err := pdf.Draw(&two, d.BlankSheet(paper)); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: another time, other bytes, %v", d.ID, err)
		}
		if sheet.Title != d.Title || sheet.Draft || !sheet.Letter || sheet.Footer != "Wording "+d.Hash[:8] {
			t.Errorf("%s: %q %q", d.ID, sheet.Title, sheet.Footer)
		}
	}
}

// answered returns d as sent by A, with an answer to every question.
func answered(d Definition) SentPage {
	r := SentPage{Role: sessions.RoleBoth, Values: map[string]Value{}, Partner: couples.Partner{Name: "Rowan Mossfield"}}
	sent := noon
	r.State, r.SentAt, r.Definition, r.Worksheet = "sent", &sent, d.Hash, d
	for _, f := range d.Fields {
		r.Values[f.ID] = plainAnswer(f)
	}
	return r
}

func TestEveryWorksheetPrintsFilledWithEachQuestionAndItsAnswer(t *testing.T) {
	for _, d := range shipped(t).All() {
		r := answered(d)
		sheet := FilledSheet(paper, []SentPage{r})
		said := textOf(sheet.Blocks)
		for _, f := range d.Visible(r.Role, r.Values) {
			for _, line := range append(f.Show(r.Values[f.ID]), f.Label) {
				if !strings.Contains(said, line) {
					t.Errorf("%s.%s lacks %q", d.ID, f.ID, line)
				}
			}
		}
		if !strings.Contains(said, "Rowan Mossfield") || !strings.Contains(said, "Sent March 12, 2031") ||
			!sheet.Made.Equal(noon) {
			t.Errorf("%s: %s", d.ID, said)
		}
		if err := pdf.Draw(io.Discard, sheet); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}

func TestWhatIsForTheCounselorAloneIsNotAmongTheSharedBlocks(t *testing.T) {
	for _, d := range shipped(t).All() {
		r := answered(d)
		for _, f := range d.Fields {
			if f.CounselorOnly && f.Type == LongText {
				r.Values[f.ID] = textValue("CANARY " + f.ID)
			}
		}
		shared, private := textOf(r.Blocks(false)), textOf(r.Blocks(true))
		for _, f := range d.Visible(r.Role, r.Values) {
			if f.CounselorOnly == strings.Contains(shared, f.Label) {
				t.Errorf("%s.%s: for the counselor alone: %v", d.ID, f.ID, f.CounselorOnly)
			}
			if !strings.Contains(private, f.Label) {
				t.Errorf("%s.%s is not even the counselor's", d.ID, f.ID)
			}
		}
		if strings.Contains(shared, "CANARY") {
			t.Errorf("%s: %s", d.ID, shared)
		}
	}
}

func TestADraftIsNotPrinted(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("date-night-plan", ToJoint, -1, 1)
		w.send(pages[1], nil, 2)
		w.keep(pages[2], map[string]Value{"counselor_only": textValue("not yet")}, 3)
		sheet := FilledSheet(paper, w.read(pages[0]))
		if said := textOf(sheet.Blocks); !strings.Contains(said, "Rowan Mossfield") || strings.Contains(said, "Jules") {
			w.Error(said)
		}
	})
}

func TestWhatWasLeftOpenSaysSo(t *testing.T) {
	r := answered(wordingOf(t, "boundary-map"))
	r.Values = nil
	if got := strings.Count(textOf(r.Blocks(false)), "No answer"); got == 0 {
		t.Error(textOf(r.Blocks(false)))
	}
}

// TestABlankSheetIsInOneLanguage prints every worksheet in a pseudo language that puts marks around
// each translation, and reports text outside of marks.
func TestABlankSheetIsInOneLanguage(t *testing.T) {
	c, p := shipped(t), paper
	p.Language, p.Digital = i18ntest.Pseudo(), "https://mend.example/my"
	plain := regexp.MustCompile(`⟦[^⟦⟧]*⟧`)
	for _, d := range c.All() {
		if !d.Portal {
			continue
		}
		marked := c.In(i18ntest.Pseudo(), d)
		sheet := Booklet("Calm first", []Definition{marked}, p)
		for _, b := range append(marked.BlankSheet(p).Blocks, sheet.Blocks...) {
			for _, text := range textsOf(b) {
				if left := strings.TrimFunc(plain.ReplaceAllString(text, ""),
					func(r rune) bool { return !unicode.IsLetter(r) }); left != "" {
					t.Errorf("%s: %q", d.ID, left)
				}
			}
		}
		if one := sheet.Numbered(1, 2); one != fmt.Sprintf(i18ntest.Marked("Page %s of %s"), "1", "2") {
			t.Errorf("%s is numbered %q", d.ID, one)
		}
	}
}

// textsOf returns the texts of a block of a blank sheet.
func textsOf(b pdf.Block) []string {
	switch b := b.(type) {
	case pdf.Heading:
		return []string{string(b)}
	case pdf.Subheading:
		return []string{string(b)}
	case pdf.Paragraph:
		return []string{b.Text}
	case pdf.List:
		return b
	case pdf.Table:
		return b.Columns
	case pdf.QR:
		return []string{b.Caption}
	case pdf.Choices:
		var texts []string
		for _, o := range b.Options {
			texts = append(texts, o.Label)
		}
		return texts
	}
	return nil
}

// TestNoBlankSheetEndsWithItsCode: a code alone on the last page wastes paper, and comes too late
// for somebody who writes on paper.
func TestNoBlankSheetEndsWithItsCode(t *testing.T) {
	p := paper
	p.Digital = "https://mend.example/my"
	for _, d := range shipped(t).All() {
		blocks := d.BlankSheet(p).Blocks
		code := slices.IndexFunc(blocks, func(b pdf.Block) bool { return b.Kind() == "qr" })
		first := slices.IndexFunc(blocks, func(b pdf.Block) bool { return b.Kind() == "lines" })
		if (code >= 0) != d.Portal || code > first {
			t.Errorf("%s: the code is block %d, the first line to write on %d of %d", d.ID, code, first, len(blocks))
		}
	}
}

// TestTheHelpNumbersArePrintedUnderTheQuestionAboutDanger, because a printed sheet has no footer
// with them.
func TestTheHelpNumbersArePrintedUnderTheQuestionAboutDanger(t *testing.T) {
	p := paper
	p.Help = accounts.DefaultSafety().Lines
	for id, want := range map[string]int{"individual-check-in": 1, "carrying-my-part": 1, "impact-statement": 0} {
		for _, l := range []*i18n.Language{i18n.English, i18n.Spanish} {
			p.Language = l
			d := shipped(t).In(l, wordingOf(t, id))
			if n := strings.Count(textOf(d.BlankSheet(p).Blocks), "988lifeline.org"); n != want {
				t.Errorf("%s in %s has the numbers %d times", id, l.Tag, n)
			}
		}
	}
}

// TestASpanishAnswerSheetIsSpanish for a screen reader, including all that Mend adds to it.
func TestASpanishAnswerSheetIsSpanish(t *testing.T) {
	c := shipped(t)
	for _, d := range c.All() {
		r := answered(c.In(i18n.Of("es"), d))
		r.OnPaper = true
		sheet := FilledSheet(paper, []SentPage{r})
		var file bytes.Buffer
		if err := pdf.Draw(&file, sheet); err != nil {
			t.Fatal(err)
		}
		if sheet.Language != "es" || !bytes.Contains(file.Bytes(), []byte("/Lang (es)")) ||
			!strings.Contains(textOf(sheet.Blocks), "Enviada el 12 de marzo de 2031, entregada en papel") {
			t.Errorf("%s is %q: %s", d.ID, sheet.Language, textOf(sheet.Blocks))
		}
		if english := FilledSheet(paper, []SentPage{answered(d)}); english.Language != "" {
			t.Errorf("%s in English is %q", d.ID, english.Language)
		}
	}
}
