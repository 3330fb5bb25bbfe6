package pdf

// A row is a strip of the page that is never cut: a line of text, or one line
// of each cell of a table. Its marks lie below its own top edge.
type row struct {
	gap    float64 // air above, dropped at the top of a page
	height float64
	keep   bool  // stays on one page with the row that follows
	turn   bool  // is no mark of its own, but the end of the page
	listed bool  // begins a heading
	head   []row // repeated above this row when it begins a page
	texts  []text
	paths  []path
}

// A text stands with its baseline's left end at x, y.
type text struct {
	x, y  float64
	text  string
	style style
}

// A path is a drawn line through two or more points.
type path struct {
	points []point
	width  float64
	colour colour
}

type point struct{ x, y float64 }

// set makes a row of each line of text in the column that begins at x.
func set(s string, st style, x, width float64) []row {
	return setLines(wrap(Printable(s), st, width), st, x)
}

func setLines(lines []string, st style, x float64) []row {
	rows := make([]row, 0, len(lines))
	for _, line := range lines {
		r := row{height: st.leading()}
		if line != "" {
			r.texts = []text{{x, st.baseline(), line, st}}
		}
		rows = append(rows, r)
	}
	return rows
}

// spaced puts air above the first row.
func spaced(gap float64, rows []row) []row {
	if len(rows) > 0 {
		rows[0].gap = gap
	}
	return rows
}

// together keeps all rows on one page.
func together(rows []row) []row {
	for i := range rows[:max(0, len(rows)-1)] {
		rows[i].keep = true
	}
	return rows
}

// whole keeps what answers one question together, unless it is long.
func whole(rows []row) []row {
	if len(rows) <= 10 {
		return together(rows)
	}
	return rows
}

// attached keeps rows together and with whatever follows them.
func attached(rows []row) []row {
	for i := range rows {
		rows[i].keep = true
	}
	return rows
}

// flowing lets rows break over pages, but leaves no first or last line alone.
func flowing(rows []row) []row {
	if n := len(rows); n > 1 {
		rows[0].keep, rows[n-2].keep = true, true
	}
	return rows
}

// beside merges cells, each a stack of rows, into one stack. Cells stand at
// their own x already.
func beside(cells [][]row) []row {
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

// horizontal is a straight line at height y.
func horizontal(x1, x2, y, width float64, c colour) path {
	return path{[]point{{x1, y}, {x2, y}}, width, c}
}

// vertical is an upright line from the top of a row down to y.
func vertical(x, y, width float64, c colour) path {
	return path{[]point{{x, 0}, {x, y}}, width, c}
}
