package pdf

import (
	"fmt"
	"slices"
)

// A document is a laid-out sheet: every mark has its position and only needs to be drawn.
type document struct {
	paper paper
	pages [][]placed
	draft bool
	root  *element // of the structure
}

// paper is a page's size and the vertical limits of text.
type paper struct{ width, height, top, bottom float64 }

// A placed is a row whose top edge is at y.
type placed struct {
	y float64
	row
}

// column returns the width of the text.
func (p paper) column() float64 { return p.width - 2*margin }

// layOut composes the sheet, breaks it into pages, and adds running lines and footers once the
// number of pages is known.
func layOut(s Sheet) (document, error) {
	p := paper{width: 595.28, height: 841.89}
	if s.Letter {
		p = paper{width: 612, height: 792}
	}
	running := setLines(clip(Printable(s.Running), runningStyle, p.column(), 4), runningStyle, margin)
	tagged(running, runningHead)
	p.top = headTop + height(running) + headGap
	p.bottom = p.height - footHeight

	pages, err := s.paginated(p)
	if err != nil {
		return document{}, err
	}
	for i, page := range pages {
		page = stack(page, running, headTop)
		pages[i] = stack(page, footer(s.Footer, s.number(i+1, len(pages)), p.column()), p.height-footTop)
	}
	return document{p, pages, s.Draft, structured(pages, s.language())}, nil
}

// paginated fills the pages, and with a table of contents fills them again after learning the pages
// of the headings. The numbers do not change the table's length.
func (s Sheet) paginated(p paper) ([][]placed, error) {
	var numbers []int
	for {
		rows, err := compose(s.Blocks, p.column(), numbers)
		if err != nil {
			return nil, err
		}
		pages := paginate(append(opening(s, p.column()), rows...), p)
		if numbers != nil || !slices.Contains(s.Blocks, Block(Contents{})) {
			return pages, nil
		}
		numbers = headingPages(pages)
	}
}

// opening returns the letterhead above its gold rule, and the title.
func opening(s Sheet, width float64) []row {
	var rows []row
	for i, line := range s.Letterhead {
		st := letterheadStyle
		if i == 0 {
			st = practiceStyle
		}
		rows = append(rows, tagged(setText(line, st, margin, width), &element{role: "P"})...)
	}
	if len(rows) > 0 {
		rule := horizontalLine(margin, margin+width, 0, goldLine, gold)
		rows = append(rows, row{gap: 7, height: 6, paths: []path{rule}})
	}
	return append(rows, withGap(10, keepWithNext(headed(s.Title, "H1", titleStyle, width)))...)
}

func (s Sheet) number(n, of int) string {
	if s.Numbered != nil {
		return s.Numbered(n, of)
	}
	return fmt.Sprintf("Page %d of %d", n, of)
}

// footer sets text on the left, in at most two lines, and the page number on the right.
func footer(left, number string, width float64) []row {
	numberWidth := runningStyle.width(number)
	lines := clip(Printable(left), runningStyle, width-numberWidth-2*gutter, 2)
	return tagged(mergeCells([][]row{
		setLines(lines, runningStyle, margin),
		setLines([]string{number}, runningStyle, margin+width-numberWidth),
	}), runningFoot)
}

// stack places rows below each other from y; they are known to fit.
func stack(page []placed, rows []row, y float64) []placed {
	for _, r := range rows {
		page = append(page, placed{y + r.gap, r})
		y += r.gap + r.height
	}
	return page
}

// paginate distributes rows over pages. There is always at least one page.
func paginate(rows []row, p paper) [][]placed {
	pages := paginator{paper: p, pages: [][]placed{nil}, y: p.top}
	for len(rows) > 0 {
		if rows[0].turn {
			if !pages.isPageEmpty() {
				pages.startPage(nil)
			}
			rows = rows[1:]
			continue
		}
		n := 1
		for n < len(rows) && rows[n-1].keep && !rows[n].turn {
			n++
		}
		pages.print(rows[:n])
		rows = rows[n:]
	}
	return pages.pages
}

// A paginator fills one page after the other.
type paginator struct {
	paper paper
	pages [][]placed
	y     float64 // where the next row goes on the last page
}

// print places rows that belong together on one page. They break only if they are longer than a
// page.
func (p *paginator) print(rows []row) {
	if !p.isPageEmpty() && p.y+height(rows) > p.paper.bottom {
		p.startPage(rows[0].head)
	}
	for _, r := range rows {
		if !p.isPageEmpty() && p.y+r.gap+r.height > p.paper.bottom {
			p.startPage(r.head)
		}
		p.put(r)
	}
}

func (p *paginator) isPageEmpty() bool { return len(p.pages[len(p.pages)-1]) == 0 }

// startPage starts a new page with head at its top.
func (p *paginator) startPage(head []row) {
	p.pages = append(p.pages, nil)
	p.y = p.paper.top
	for _, r := range head {
		p.put(r)
	}
}

func (p *paginator) put(r row) {
	if p.isPageEmpty() {
		r.gap = 0
	}
	last := len(p.pages) - 1
	p.pages[last] = stack(p.pages[last], []row{r}, p.y)
	p.y += r.gap + r.height
}
