package pdf

import (
	"strconv"
)

// numberRoom is the width reserved for page numbers in a table of contents.
const numberRoom = 40.0

// composeContents lists the headings among blocks, with their pages if known.
func composeContents(blocks []Block, width float64, pages []int) (rows []row) {
	n, list := 0, &element{role: "TOC"}
	for _, b := range blocks {
		heading, ok := Bare(b).(Heading)
		if !ok || len(prose(string(heading), headingStyle, width)) == 0 {
			continue
		}
		line := [][]row{setText(string(heading), bodyStyle, margin, width-numberRoom)}
		for i := range line[0] {
			line[0][i].texts[0].tail = " "
		}
		if n < len(pages) {
			number := strconv.Itoa(pages[n])
			line = append(line, setLines([]string{number}, bodyStyle, margin+width-bodyStyle.width(number)))
		}
		to := &link{heading: n, title: oneLine(string(heading))}
		entry := list.add(&element{role: "TOCI"}).add(&element{role: "Link", link: to})
		rows = append(rows, withGap(2, keepTogether(tagged(mergeCells(line), entry)))...)
		n++
	}
	return rows
}

// headingPages returns the page number of each heading, in order.
func headingPages(pages [][]placed) []int {
	numbers := []int{} // never nil: they were counted
	for _, h := range headingPlaces(pages) {
		numbers = append(numbers, h.page+1)
	}
	return numbers
}

// A place is a position on a page, counted from 0.
type place struct {
	page int
	y    float64
}

// headingPlaces returns the position of each heading, in order.
func headingPlaces(pages [][]placed) (places []place) {
	for i, page := range pages {
		for _, p := range page {
			if p.listed {
				places = append(places, place{i, p.y})
			}
		}
	}
	return places
}

// listed marks rows as a heading's.
func listed(rows []row) []row {
	if len(rows) > 0 {
		rows[0].listed = true
	}
	return rows
}
