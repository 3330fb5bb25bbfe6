package pdf

import (
	"fmt"
	"strings"
)

// A link leads from a line of a table of contents to a heading.
type link struct {
	heading int    // counted from 0
	title   string // the heading's
	page    int    // the page and area of the line
	area    area
}

// An area is a rectangle of a page, measured from its top left corner. With no width it is empty.
type area struct{ left, top, right, bottom float64 }

// grow extends the area by what is drawn at x, from top on.
func (a *area) grow(x, top, width, height float64) {
	if a.right == 0 {
		*a = area{x, top, x + width, top + height}
		return
	}
	a.left, a.top = min(a.left, x), min(a.top, top)
	a.right, a.bottom = max(a.right, x+width), max(a.bottom, top+height)
}

// follow adds t, which is part of e, to the link's area on the current page.
func (d *drawing) follow(e *element, t text, top float64) {
	if e.link != nil {
		e.link.page = len(d.marked) - 1
		e.link.area.grow(t.x, top, t.style.width(t.text), t.style.leading())
	}
}

// annotate writes the links below e as objects of their pages.
func (d *drawing) annotate(o *objects, e *element) {
	if e.link != nil {
		d.annotateLink(o, e)
	}
	for _, k := range e.kids {
		if k.element != nil {
			d.annotate(o, k.element)
		}
	}
}

func (d *drawing) annotateLink(o *objects, e *element) {
	_, height := d.GetPageSize()
	to, at := d.headings[e.link.heading], e.link.area
	d.annotation(o, e, e.link.page, fmt.Sprintf(
		"/Subtype /Link /F 4 /Border [0 0 0] /Rect [%.2f %.2f %.2f %.2f] /Contents %s /Dest [%d 0 R /XYZ null %.2f null]",
		at.left, height-at.bottom, at.right, height-at.top, textString(e.link.title), pageObject(to.page), height-to.y))
}

// annotation writes an object for e on a page, linked to the structure.
func (d *drawing) annotation(o *objects, e *element, page int, entries string) int {
	parent := len(d.marked) + len(d.annotated) // after the pages' entries
	e.onPage = page
	e.annotation = o.add("<</Type /Annot %s /P %d 0 R /StructParent %d>>", entries, pageObject(page), parent)
	d.annotated = append(d.annotated, e)
	return e.annotation
}

// annotations returns a page's entry for its annotations, or "".
func (d *drawing) annotations(page int) string {
	var numbers []string
	for _, e := range d.annotated {
		if e.onPage == page {
			numbers = append(numbers, fmt.Sprintf("%d 0 R", e.annotation))
		}
	}
	if len(numbers) == 0 {
		return ""
	}
	return " /Annots [" + strings.Join(numbers, " ") + "]"
}
