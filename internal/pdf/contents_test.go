package pdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTheContentsNameEveryHeadingWithItsPage, also when the list itself takes several pages.
func TestTheContentsNameEveryHeadingWithItsPage(t *testing.T) {
	s := Sheet{Blocks: []Block{Contents{}, Break{}}}
	for i := range 90 {
		filler := strings.TrimSpace(strings.Repeat("line\n", 7*i%50+1))
		s.Blocks = append(s.Blocks, Heading(fmt.Sprintf("Chapter %02d", i)), Paragraph{Text: filler})
	}
	d, err := layOut(s)
	if err != nil {
		t.Fatal(err)
	}
	checkEdges(t, d)
	listed, standing := map[string]string{}, map[string]string{}
	for n, page := range d.pages {
		for _, r := range page {
			if len(r.texts) == 0 || !strings.HasPrefix(r.texts[0].text, "Chapter") {
				continue
			}
			title := r.texts[0].text
			if len(r.texts) == 2 {
				listed[title] = r.texts[1].text
			} else {
				standing[title] = fmt.Sprint(n + 1)
			}
		}
	}
	if len(listed) != 90 || len(standing) != 90 {
		t.Fatalf("%d are listed, %d stand on pages", len(listed), len(standing))
	}
	for title, page := range standing {
		if listed[title] != page {
			t.Errorf("%s stands on page %s and is listed on %s", title, page, listed[title])
		}
	}
}

func TestContentsWithoutHeadingsAreEmpty(t *testing.T) {
	d, err := layOut(Sheet{Blocks: []Block{Contents{}, Heading(" "), Paragraph{Text: "only this"}}})
	if err != nil || len(d.pages) != 1 {
		t.Fatal(len(d.pages), err)
	}
	if !slices.ContainsFunc(d.pages[0],
		func(p placed) bool { return len(p.texts) > 0 && p.texts[0].text == "only this" }) {
		t.Error("the text is gone")
	}
}

// TestALineOfTheContentsLeadsToItsHeading: another PDF reader and a screen reader find each link.
func TestALineOfTheContentsLeadsToItsHeading(t *testing.T) {
	s := Sheet{Title: "Record", Language: "es", Blocks: []Block{Subheading("Contents"), Contents{}}}
	for i := range 40 {
		s.Blocks = append(s.Blocks, Heading(fmt.Sprintf("Chapter %02d", i)), Paragraph{Text: strings.Repeat("line\n", 9*i%30+1)})
	}
	file := printed(t, s)
	var links, said []string
	for _, line := range saidByBrowser(t, file) {
		if to, ok := strings.CutPrefix(line, "Leads "); ok {
			links = append(links, to)
		}
		if strings.HasPrefix(line, "Link ") {
			said = append(said, strings.Fields(line)[2])
		}
	}
	d, err := layOut(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range headingPlaces(d.pages) {
		want := fmt.Sprintf("Chapter %02d %d %.0f", i, h.page+1, d.paper.height-h.y)
		if i >= len(links) || links[i] != want {
			t.Fatalf("link %d of %d is not %q: %q", i, len(links), want, links)
		}
	}
	if len(links) != 40 || len(said) != 40 || said[39] != "39" {
		t.Error(len(links), said)
	}
}
