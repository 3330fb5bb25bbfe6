package pdf

import (
	"fmt"
	"strings"
)

// A link leads from a line of a list of contents to the heading that it names.
type link struct {
	heading int    // counted from 0
	title   string // of the heading
	page    int    // on which the line stands, and where
	area    area
}

// An area is a rectangle of a page, measured from its top left corner; none where it has no
// width.
type area struct{ left, top, right, bottom float64 }

// grow makes the area hold what is drawn at x, from top on.
func (a *area) grow(x, top, width, height float64) {
	if a.right == 0 {
		*a = area{x, top, x + width, top + height}
		return
	}
	a.left, a.top = min(a.left, x), min(a.top, top)
	a.right, a.bottom = max(a.right, x+width), max(a.bottom, top+height)
}

// follow notes that t, which is part of e, stands on the page that is drawn.
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

// annotation writes an object that stands on a page for e and leads back to it.
func (d *drawing) annotation(o *objects, e *element, page int, entries string) int {
	parent := len(d.marked) + len(d.annotated) // behind those of the pages
	e.onPage = page
	e.annotation = o.add("<</Type /Annot %s /P %d 0 R /StructParent %d>>", entries, pageObject(page), parent)
	d.annotated = append(d.annotated, e)
	return e.annotation
}

// annotations is the entry of a page for the objects that stand on it, or "".
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
