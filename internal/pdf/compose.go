package pdf

import (
	"fmt"
	"strings"
)

// maxLines is more ruled lines than any form has: ten pages. It prevents a typo from filling the
// memory.
const maxLines = 300

const (
	writingLine = 24.0 // height of an empty ruled line
	indent      = 14.0 // of list items and choices, for their marks
	boxSize     = 8.5  // side length of a tick box
	padding     = 10.0 // inside a signature's box
)

// compose turns blocks into rows for a column of the given width at the left margin. A table of
// contents shows pages, one for each heading.
func compose(blocks []Block, width float64, pages []int) ([]row, error) {
	var rows []row
	for i, b := range blocks {
		if _, ok := b.(Contents); ok {
			rows = append(rows, composeContents(blocks, width, pages)...)
			continue
		}
		if n := countCompact(blocks[:i+1]); n > 0 {
			if i+1 == len(blocks) || countCompact(blocks[:i+2]) == 0 {
				rows = append(rows, composeFacts(blocks[i+1-n:i+1], width)...)
			}
			continue
		}
		composed, err := composeBlock(b, width)
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", i+1, err)
		}
		rows = append(rows, composed...)
	}
	return rows, nil
}

func composeBlock(b Block, width float64) ([]row, error) {
	switch b := b.(type) {
	case Heading:
		return listed(withGap(16, keepWithNext(headed(string(b), "H2", headingStyle, width)))), nil
	case Subheading:
		return withGap(11, keepWithNext(headed(string(b), "H3", subheadingStyle, width))), nil
	case Paragraph:
		return composeParagraph(b, width), nil
	case Field:
		return composeField(b, width), nil
	case List:
		return composeList(b, width), nil
	case Table:
		return composeTable(b, width), nil
	case Choices:
		return composeChoices(b, width), nil
	case Lines:
		return composeLines(b, width), nil
	case Signature:
		return composeSignature(b, width), nil
	case QR:
		return composeQR(b, width)
	case In:
		rows, err := composeBlock(b.Block, width)
		return withLanguage(rows, b.Language), err
	case Break:
		return []row{{turn: true}}, nil
	}
	return nil, fmt.Errorf("%T cannot be drawn", b)
}

// headed sets a heading of the level given by role.
func headed(s, role string, st style, width float64) []row {
	return tagged(prose(s, st, width), &element{role: role, title: oneLine(s)})
}

// prose sets text across the page. Text without visible characters takes no space.
func prose(s string, st style, width float64) []row {
	s = strings.TrimRight(s, " \t\r\n")
	if s == "" {
		return nil
	}
	return setText(s, st, margin, width)
}

func composeParagraph(p Paragraph, width float64) []row {
	st, keep := bodyStyle, avoidOrphans
	if p.Muted { // it explains how to answer what follows
		st, keep = asideStyle, keepWithNext
	}
	return withGap(5, keep(tagged(prose(p.Text, st, width), &element{role: "P", language: p.Language})))
}

func composeField(f Field, width float64) []row {
	item := (&element{role: "L"}).add(&element{role: "LI"})
	label := keepWithNext(tagged(prose(f.Label, labelStyle, width), item.add(&element{role: "Lbl"})))
	value := tagged(setOrDash(f.Value, bodyStyle, margin, width), item.add(&element{role: "LBody"}))
	return withGap(8, append(label, avoidOrphans(value)...))
}

// setOrDash sets a value, or a dash if it is empty.
func setOrDash(value string, st style, x, width float64) []row {
	value = strings.TrimRight(value, " \t\r\n")
	if value == "" {
		value = "–"
	}
	return setText(value, st, x, width)
}

func composeList(items List, width float64) []row {
	var rows []row
	list := &element{role: "L", attributes: " /O /List /ListNumbering /Disc"}
	for _, text := range items {
		item := list.add(&element{role: "LI"})
		mark := item.add(&element{role: "Lbl"})
		body := setText(text, bodyStyle, margin+indent, width-indent)
		lines := avoidOrphans(tagged(body, item.add(&element{role: "LBody"})))
		bullet := setLines([]string{"•"}, bodyStyle, margin+3)
		lines[0].texts = append(tagged(bullet, mark)[0].texts, lines[0].texts...)
		rows = append(rows, withGap(3, lines)...)
	}
	return withGap(5, rows)
}

func composeChoices(c Choices, width float64) []row {
	columns := min(max(1, c.Columns), 6)
	columnWidth := width / float64(columns)
	var rows []row
	list := &element{role: "L"}
	for first := 0; first < len(c.Options); first += columns {
		var cells [][]row
		for i, option := range c.Options[first:min(first+columns, len(c.Options))] {
			cells = append(cells, composeChoice(option, list, margin+float64(i)*columnWidth, columnWidth))
		}
		rows = append(rows, withGap(4, keepTogether(mergeCells(cells)))...)
	}
	return withGap(6, keepAnswer(rows))
}

// composeChoice draws a box that sits on the label's baseline.
func composeChoice(c Choice, list *element, x, width float64) []row {
	item := list.add(&element{role: "LI"})
	box := item.add(&element{role: "Lbl", actual: "☐"})
	rows := tagged(setText(c.Label, bodyStyle, x+indent+2, width-indent-8), item.add(&element{role: "LBody"}))
	bottom := bodyStyle.baseline() + 0.4
	drawn := []path{rectangle(x+0.5, bottom-boxSize, boxSize, boxSize, boxLine, faint)}
	if c.Chosen {
		box.actual = "☒"
		drawn = append(drawn, tick(x+0.5, bottom-boxSize))
	}
	for i := range drawn {
		drawn[i].tag = box
	}
	rows[0].paths = append(rows[0].paths, drawn...)
	return rows
}

func rectangle(x, y, w, h, line float64, c colour) path {
	return path{points: []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}, width: line, colour: c}
}

// tick draws a stroke through the box at x, y from its left to beyond its upper right corner.
func tick(x, y float64) path {
	return path{points: []point{{x + 1.8, y + 4.4}, {x + 3.8, y + 6.6}, {x + 7.4, y + 1.4}}, width: 1.5, colour: green}
}

func composeLines(n Lines, width float64) []row {
	var rows []row
	for range min(n, maxLines) {
		line := horizontalLine(margin, margin+width, writingLine, hairline, grey)
		rows = append(rows, row{height: writingLine, paths: []path{line}})
	}
	return withGap(2, keepAnswer(rows))
}

// composeSignature draws a frame around its lines, row by row, so that even a signature that has to
// break across pages keeps its sides.
func composeSignature(s Signature, width float64) []row {
	left, right := margin, margin+width
	rows := []row{{height: padding}}
	for i, line := range s.Lines {
		st := bodyStyle
		if i > 0 {
			st = asideStyle
		}
		lines := setText(line, st, left+padding, width-2*padding)
		rows = append(rows, tagged(lines, &element{role: "P"})...)
	}
	rows = append(rows, row{height: padding})
	for i := range rows {
		h := rows[i].height
		rows[i].paths = []path{verticalLine(left, h, hairline, faint), verticalLine(right, h, hairline, faint)}
	}
	last := &rows[len(rows)-1]
	rows[0].paths = append(rows[0].paths, horizontalLine(left, right, 0, hairline, faint))
	last.paths = append(last.paths, horizontalLine(left, right, last.height, hairline, faint))
	return withGap(16, keepTogether(rows))
}
