package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestATableHeaderIsRepeatedOnEachPage(t *testing.T) {
	rows := make([][]string, 120)
	for i := range rows {
		rows[i] = []string{fmt.Sprint(i), "agreement"}
	}
	d := paged(t, Sheet{Title: "T", Blocks: []Block{Table{Columns: []string{"Number", "What"}, Rows: rows}, Paragraph{Text: "after"}}})
	if len(d.pages) < 3 {
		t.Fatalf("only %d pages", len(d.pages))
	}
	for n, page := range d.pages {
		if got := strings.Count(strings.Join(linesOf(page), "\n"), "Number\nWhat"); got != 1 {
			t.Errorf("page %d has the header %d times", n+1, got)
		}
	}
}

func TestAHeaderIsNotRepeatedAfterTheTable(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, Sheet{Blocks: []Block{
			Table{Columns: []string{"Number"}, Rows: [][]string{{"1"}}},
			Paragraph{Text: strings.TrimSpace(strings.Repeat("line\n", lines))},
		}})
		if page := d.pages[len(d.pages)-1]; len(d.pages) > 1 && strings.Contains(strings.Join(linesOf(page), "\n"),
			"Number") {
			t.Fatalf("after %d lines the header stands above what is no table", lines)
		}
	}
}

func TestAHeaderNeverStandsAlone(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, filledBy(lines, Table{Columns: []string{"Number"}, Rows: [][]string{{"one"}, {"two"}}}))
		if pageOf(d, "Number") != pageOf(d, "one") {
			t.Fatalf("after %d lines the header is parted from its first row", lines)
		}
	}
}

func TestAShortTableRowStaysOnOnePage(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, filledBy(lines, Table{Rows: [][]string{{"c1\nc2\nc3\nc4", "x"}}}))
		if pageOf(d, "c1") != pageOf(d, "c4") {
			t.Fatalf("after %d lines the row is torn", lines)
		}
	}
}

func TestRaggedRowsAreFilledAndJoined(t *testing.T) {
	table := Table{Columns: []string{"a", "b"}, Rows: [][]string{{"1"}, {"1", "2", "3", "4"}, nil}}
	for limit, want := range map[int][][]string{
		10: {{"a", "b", "", ""}, {"1", "", "", ""}, {"1", "2", "3", "4"}, {"", "", "", ""}},
		2:  {{"a", "b"}, {"1", ""}, {"1", "2\n3\n4"}, {"", ""}},
		1:  {{"a\nb"}, {"1"}, {"1\n2\n3\n4"}, {""}},
	} {
		if diff := cmp.Diff(want, rectangular(table, limit)); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}

func TestColumnsGetWhatTheyWantWhereThereIsRoom(t *testing.T) {
	wide := words(80)
	for _, c := range []struct {
		name  string
		cells [][]string
		holds func(w []float64) bool
	}{
		{"equal cells, equal columns", [][]string{{"same", "same"}}, func(w []float64) bool { return w[0] == w[1] }},
		{"a number leaves the room to the text", [][]string{{"1", wide}}, func(w []float64) bool { return w[1] > 10*w[0] }},
		{
			"two wide cells share",
			[][]string{{wide, wide, "1"}},
			func(w []float64) bool { return w[0]-w[1] < 0.01 && w[1]-w[0] < 0.01 && w[2] < 30 },
		},
		{
			"a name is not broken",
			[][]string{{wide, "Robin"}},
			func(w []float64) bool { return len(wrap("Robin", cellStyle, w[1]-gutter)) == 1 },
		},
		{
			"the longest line counts, not the whole",
			[][]string{{"a\nbb\na", "a\nbb\na"}},
			func(w []float64) bool { return w[0] == w[1] },
		},
	} {
		if w := columnWidths(c.cells, 480); !c.holds(w) {
			t.Errorf("%s: widths %.1f", c.name, w)
		}
	}
}

func TestColumnsFillThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 13).Draw(t, "columns")
		cells := rapid.SliceOfN(rapid.SliceOfN(anyText(), n, n), 1, 4).Draw(t, "cells")
		sum := 0.0
		for _, w := range columnWidths(cells, 480) {
			if w < gutter {
				t.Fatalf("a column is %.1f wide", w)
			}
			sum += w
		}
		if sum < 479.9 || sum > 480.1 {
			t.Fatalf("the columns are %.1f wide together", sum)
		}
	})
}
