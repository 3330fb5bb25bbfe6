package pdf

// A row is an unbreakable strip of the page: a line of text, or one line of each cell of a table.
// Its marks are positioned relative to its top edge.
type row struct {
	gap    float64 // space above, dropped at the top of a page
	height float64
	keep   bool  // stays on one page with the next row
	turn   bool  // a page break, without marks
	listed bool  // begins a heading
	head   []row // repeated above this row if it begins a page
	texts  []text
	paths  []path
}

// A text has the left end of its baseline at x, y.
type text struct {
	x, y        float64
	text        string
	style       style
	tag         *element // its structure element; nil for running heads and feet
	tail        string   // invisible text after it: the space at the end of a line
	rightToLeft bool     // its first letter is on the right
}

// A path is a line through two or more points.
type path struct {
	points []point
	width  float64
	colour colour
	tag    *element // nil if a screen reader should ignore it
}

type point struct{ x, y float64 }

// setText makes a row of each line of text in the column that begins at x. Text that begins with a
// right-to-left letter is right-aligned.
func setText(s string, st style, x, width float64) []row {
	s = Printable(s)
	lines := wrap(s, st, width)
	rows := setLines(lines, st, x)
	fromRight := isRightToLeft(s)
	for i, tail := range tails(s, lines) {
		for j := range rows[i].texts {
			t := &rows[i].texts[j]
			t.tail = tail
			if fromRight {
				t.rightToLeft, t.x = true, x+width-st.width(t.text)
			}
		}
	}
	return rows
}

func setLines(lines []string, st style, x float64) []row {
	rows := make([]row, 0, len(lines))
	for _, line := range lines {
		r := row{height: st.leading()}
		if line != "" {
			r.texts = []text{{x: x, y: st.baseline(), text: line, style: st}}
		}
		rows = append(rows, r)
	}
	return rows
}

// withGap adds a gap before the first row.
func withGap(gap float64, rows []row) []row {
	if len(rows) > 0 {
		rows[0].gap = gap
	}
	return rows
}

// keepTogether keeps all rows on one page.
func keepTogether(rows []row) []row {
	for i := range rows[:max(0, len(rows)-1)] {
		rows[i].keep = true
	}
	return rows
}

// keepAnswer keeps the rows of one answer together unless there are many.
func keepAnswer(rows []row) []row {
	if len(rows) <= 10 {
		return keepTogether(rows)
	}
	return rows
}

// keepWithNext keeps rows together and with whatever follows them.
func keepWithNext(rows []row) []row {
	for i := range rows {
		rows[i].keep = true
	}
	return rows
}

// avoidOrphans lets rows break across pages without leaving a single first or last line.
func avoidOrphans(rows []row) []row {
	if n := len(rows); n > 1 {
		rows[0].keep, rows[n-2].keep = true, true
	}
	return rows
}

// mergeCells merges cells, each a stack of rows at its own x, into one stack.
func mergeCells(cells [][]row) []row {
	var merged []row
	for _, cell := range cells {
		for i, r := range cell {
			if i == len(merged) {
				merged = append(merged, row{})
			}
			m := &merged[i]
			m.height = max(m.height, r.height)
			m.texts = append(m.texts, r.texts...)
			m.paths = append(m.paths, r.paths...)
		}
	}
	return merged
}

// horizontalLine returns a straight line at height y.
func horizontalLine(x1, x2, y, width float64, c colour) path {
	return path{points: []point{{x1, y}, {x2, y}}, width: width, colour: c}
}

// verticalLine returns a verticalLine line from the top of a row down to y.
func verticalLine(x, y, width float64, c colour) path {
	return path{points: []point{{x, 0}, {x, y}}, width: width, colour: c}
}
