package pdf

import (
	"slices"
	"strings"
)

const (
	gutter         = 10.0 // between columns
	cellPad        = 3.5  // above and below a cell's text
	narrowest      = 36.0 // the narrowest readable column
	keptTogether   = 6    // a table row with up to this many lines stays on one page
	tallestHeading = 120.0
)

// composeTable sets the header and then each row, separated by thin rules.
func composeTable(t Table, width float64) []row {
	cells := rectangular(t, int(width/narrowest))
	if len(cells) == 0 {
		return nil
	}
	widths := columnWidths(cells, width)
	var rows, head []row
	table := &element{role: "Table"}
	if len(t.Columns) > 0 {
		head = keepWithNext(t.composeCells(cells[0], table, widths, true))
		head[len(head)-1].height += cellPad // below the rule, also above a split row
		rows, cells = append(rows, head...), cells[1:]
	}
	for _, c := range cells {
		rows = append(rows, withRunningHead(head, t.composeCells(c, table, widths, false))...)
	}
	return withGap(8, rows)
}

// withRunningHead lets rows break across pages and repeats head there, unless head is too tall to
// leave room for them.
func withRunningHead(head, rows []row) []row {
	if len(rows) <= keptTogether {
		keepTogether(rows)
	}
	avoidOrphans(rows)
	if height(head) > tallestHeading {
		return rows
	}
	again := repeated(head)
	for i := range rows {
		rows[i].head = again
	}
	return rows
}

// rectangular returns the header, if any, and the rows as printable text with equal numbers of
// cells, at most limit.
func rectangular(t Table, limit int) [][]string {
	all := t.Rows
	if len(t.Columns) > 0 {
		all = append([][]string{t.Columns}, t.Rows...)
	}
	columns := 0
	for _, cells := range all {
		columns = max(columns, len(cells))
	}
	columns = min(columns, limit)
	if columns == 0 {
		return nil
	}
	table := make([][]string, 0, len(all))
	for _, cells := range all {
		table = append(table, fitted(cells, columns))
	}
	return table
}

// fitted pads a short row with empty cells, and joins cells beyond the last column into it, so that
// nothing is lost.
func fitted(cells []string, columns int) []string {
	row := make([]string, columns)
	for i, cell := range cells {
		if at := min(i, columns-1); at == i {
			row[at] = Printable(cell)
		} else {
			row[at] += "\n" + Printable(cell)
		}
	}
	return row
}

// columnWidths gives each column the width of its widest cell. If that is too much, narrow columns
// keep their width and wide ones share the rest.
func columnWidths(table [][]string, width float64) []float64 {
	widths := wantedWidths(table, width)
	narrowFirst := make([]int, len(widths))
	for i := range narrowFirst {
		narrowFirst[i] = i
	}
	slices.SortStableFunc(narrowFirst, func(a, b int) int { return int(widths[a] - widths[b]) })
	left := width
	for i, column := range narrowFirst {
		widths[column] = min(widths[column], left/float64(len(widths)-i))
		left -= widths[column]
	}
	for i := range widths {
		widths[i] += left / float64(len(widths))
	}
	return widths
}

// wantedWidths returns the width of each column's longest line, in header or cells, up to limit.
func wantedWidths(table [][]string, limit float64) []float64 {
	widths := make([]float64, len(table[0]))
	for _, cells := range table {
		for i, cell := range cells {
			for line := range strings.SplitSeq(cell, "\n") {
				widths[i] = max(widths[i], min(limit, max(cellStyle.width(line), columnStyle.width(line))+gutter))
			}
		}
	}
	return widths
}

// composeCells sets one row of the table with a rule below.
func (t Table) composeCells(cells []string, table *element, widths []float64, isHead bool) []row {
	st := cellStyle
	if isHead {
		st = columnStyle
	}
	stacks := make([][]row, 0, len(cells))
	x, line := margin, table.add(&element{role: "TR"})
	for i, cell := range cells {
		kind := &element{role: "TD"}
		if isHead {
			kind = &element{role: "TH", attributes: columnHeader}
		} else if i < len(t.Languages) {
			kind.language = t.Languages[i]
		}
		stacks = append(stacks, tagged(setText(cell, st, x, widths[i]-gutter), line.add(kind)))
		x += widths[i]
	}
	rows := withGap(cellPad, mergeCells(stacks))
	last := &rows[len(rows)-1]
	last.height += cellPad
	last.paths = append(last.paths, horizontalLine(margin, x, last.height, hairline, grey))
	return rows
}

func height(rows []row) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += r.gap + r.height
	}
	return sum
}
