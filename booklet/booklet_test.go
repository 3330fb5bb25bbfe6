package booklet

import (
	"bytes"
	"slices"
	"testing"

	"mend/internal/pdf"
)

func loaded(t *testing.T) Content {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// printed returns the texts of a sheet's headings and table cells.
func printed(s pdf.Sheet) map[string]bool {
	texts := map[string]bool{}
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case pdf.Heading:
			texts[string(b)] = true
		case pdf.Table:
			for _, cell := range slices.Concat(b.Rows...) {
				texts[cell] = true
			}
		}
	}
	return texts
}

// TestTheBookletHoldsEverySpanishTextOfTheContent: also every worksheet, prompt and sentence.
func TestTheBookletHoldsEverySpanishTextOfTheContent(t *testing.T) {
	c := loaded(t)
	texts := printed(c.Sheet())
	for _, part := range c.Translated() {
		for _, pair := range part.Pairs {
			if part.Name != "pages" && !texts[pair.Spanish] {
				t.Errorf("%s %s is not printed: %q", part.Name, pair.Place, pair.Spanish)
			}
		}
	}
	for _, d := range c.Catalogue.All() {
		if !texts[d.Title] {
			t.Errorf("%s is not printed", d.ID)
		}
		for _, text := range d.EnglishTexts() {
			if !texts[marked(d, text)] {
				t.Errorf("%s %s is not printed", d.ID, text.Place)
			}
		}
	}
	for _, step := range c.Method.Steps {
		for _, p := range step.Prompts {
			if !texts[asked(p)+p.Text] {
				t.Errorf("the prompt %s is not printed", p.ID)
			}
		}
	}
	for _, b := range c.Method.Note.Blocks {
		if !texts[b.Text] {
			t.Errorf("the sentence %s is not printed", b.Block)
		}
	}
}

func TestTheBookletIsTheSameOnAnyDayAndPrintsEveryWord(t *testing.T) {
	s := loaded(t).Sheet()
	if wrong := s.Misprinted(); len(wrong) > 0 {
		t.Error(wrong)
	}
	var first, second bytes.Buffer
	for _, to := range []*bytes.Buffer{&first, &second} {
		if err := pdf.Draw(to, loaded(t).Sheet()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) || first.Len() < 100_000 {
		t.Errorf("%d bytes, then %d", first.Len(), second.Len())
	}
}

func TestWhatIsForTheCounselorAloneSaysSo(t *testing.T) {
	texts := printed(loaded(t).Sheet())
	for _, want := range []string{
		"Has it stopped? (for the counselor alone; required)",
		"What I would need first (if I was hurt) (asked of: hurt)",
		"Both, each alone: On a scale where ten is “all in”, where are you with the work of rebuilding, " +
			"and what keeps it from being lower?",
	} {
		if !texts[want] {
			t.Errorf("it does not say %q", want)
		}
	}
}
