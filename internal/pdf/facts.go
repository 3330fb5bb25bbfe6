package pdf

// factLabel is the column width for the labels of compact fields.
const factLabel = 74.0

// countCompact counts the compact fields at the end of blocks.
func countCompact(blocks []Block) (n int) {
	for n < len(blocks) {
		f, ok := blocks[len(blocks)-1-n].(Field)
		if !ok || !f.Compact {
			break
		}
		n++
	}
	return n
}

// composeFacts sets compact fields in two columns, line by line, between two thin rules. A label
// and its value stay together.
func composeFacts(blocks []Block, width float64) []row {
	list := &element{role: "L"}
	columnWidth := (width - gutter) / 2
	var rows []row
	for first := 0; first < len(blocks); first += 2 {
		var cells [][]row
		for i, b := range blocks[first:min(first+2, len(blocks))] {
			cells = append(cells, composeFact(b.(Field), list, margin+float64(i)*(columnWidth+gutter), columnWidth))
		}
		rows = append(rows, withGap(3, keepTogether(mergeCells(cells)))...)
	}
	rows[0].paths = append(rows[0].paths, horizontalLine(margin, margin+width, 0, hairline, grey))
	last := &rows[len(rows)-1]
	last.height += 4
	last.paths = append(last.paths, horizontalLine(margin, margin+width, last.height, hairline, grey))
	return withGap(8, rows)
}

// composeFact sets a label and its value on the same line.
func composeFact(f Field, list *element, x, width float64) []row {
	item := list.add(&element{role: "LI"})
	label := tagged(setText(f.Label, labelStyle, x, factLabel-4), item.add(&element{role: "Lbl"}))
	value := tagged(setOrDash(f.Value, cellStyle, x+factLabel, width-factLabel), item.add(&element{role: "LBody"}))
	for _, rows := range [][]row{label, value} { // both on one line, below the rule
		for i := range rows {
			rows[i].height = cellStyle.leading()
			for j := range rows[i].texts {
				rows[i].texts[j].y = cellStyle.baseline() + 3
			}
		}
	}
	label[len(label)-1].height += 3
	value[len(value)-1].height += 3
	return mergeCells([][]row{label, value})
}
