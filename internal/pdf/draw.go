package pdf

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"mend/internal/pdf/fonts"
)

// Draw writes s to w as PDF. The same sheet always gives the same bytes, and any text can be drawn.
// If anything fails, nothing is written.
func Draw(w io.Writer, s Sheet) (err error) {
	defer func() { // the library panics instead of returning errors
		if p := recover(); p != nil {
			err = fmt.Errorf("draw sheet: %v", p)
		}
	}()
	file, err := fileOf(s, nil)
	if err != nil {
		return fmt.Errorf("draw sheet: %w", err)
	}
	if _, err := w.Write(file); err != nil {
		return fmt.Errorf("draw sheet: %w", err)
	}
	return nil
}

// fileOf returns s as a PDF file, with a signature field unless signature is nil.
func fileOf(s Sheet, signature *signatureField) ([]byte, error) {
	d, err := layOut(s)
	if err != nil {
		return nil, err
	}
	drawn := &drawing{Fpdf: blank(s), root: d.root, headings: headingPlaces(d.pages)}
	for _, page := range d.pages {
		drawn.page(d, page)
	}
	var raw bytes.Buffer
	if err := drawn.Output(&raw); err != nil {
		return nil, err
	}
	return drawn.finish(raw.Bytes(), s, signature)
}

// A drawing is a set of pages with what is collected while drawing them: the glyphs used, and the
// position of each structure element.
type drawing struct {
	*gofpdf.Fpdf
	root      *element
	open      *element // the current element; nil between elements
	marked    [][]*element
	fonts     []*usedFont
	bookmarks []bookmark
	annotated []*element // those with an object of their own on a page
	headings  []place    // listed in a table of contents
}

// A bookmark leads to a heading.
type bookmark struct {
	heading *element
	page    int
	y       float64
}

// blank returns a document without pages. The library writes the date into it, so it is set here.
func blank(s Sheet) *gofpdf.Fpdf {
	size := "A4"
	if s.Letter {
		size = "Letter"
	}
	f := gofpdf.New("P", "pt", size, "")
	f.SetAutoPageBreak(false, 0)
	f.SetCompression(false)     // finish compresses it
	f.SetLineCapStyle("square") // or the corners of a signature's box stay open
	f.SetCreationDate(s.made())
	return f
}

// made returns the date of the sheet.
func (s Sheet) made() time.Time {
	if s.Made.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return s.Made.UTC()
}

func (d *drawing) page(laid document, page []placed) {
	d.AddPage()
	d.marked = append(d.marked, nil)
	if laid.draft {
		d.draft(laid.paper)
	}
	for _, r := range page {
		for _, p := range r.paths {
			d.path(p, r.y)
		}
		for _, t := range r.texts {
			d.text(t, r.y)
		}
	}
	d.close()
}

// draft is drawn first, so that text covers it.
func (d *drawing) draft(p paper) {
	word := "DRAFT"
	x, y := p.width/2, p.height/2
	d.begin(watermark, 0)
	d.TransformBegin()
	d.TransformRotate(55, x, y)
	x, y = x-draftStyle.width(word)/2, y+draftStyle.size/3
	d.text(text{x: x, y: y, text: word, style: draftStyle, tag: watermark}, 0)
	d.TransformEnd()
}

func (d *drawing) path(p path, top float64) {
	tag := p.tag
	if tag == nil {
		tag = artifact
	}
	d.begin(tag, top)
	d.SetDrawColor(p.colour.r, p.colour.g, p.colour.b)
	d.SetLineWidth(p.width)
	d.MoveTo(p.points[0].x, top+p.points[0].y)
	for _, to := range p.points[1:] {
		d.LineTo(to.x, top+to.y)
	}
	d.DrawPath("D")
}

// begin marks what is drawn next as content of e, in the row at top.
func (d *drawing) begin(e *element, top float64) {
	if d.open == e {
		return
	}
	d.close()
	d.open = e
	if e.role == "Artifact" {
		d.raw("/Artifact <<%s>> BDC", e.attributes)
		return
	}
	page := len(d.marked) - 1
	d.bookmark(e, top)
	id := len(d.marked[page])
	e.kids = append(e.kids, kid{mark: mark{page, id}})
	d.marked[page] = append(d.marked[page], e)
	d.raw("/%s <</MCID %d%s>> BDC", e.role, id, e.spoken())
}

// close ends the content of the current element.
func (d *drawing) close() {
	if d.open != nil {
		d.raw("EMC")
	}
	d.open = nil
}

// raw writes PDF operators.
func (d *drawing) raw(format string, args ...any) { d.RawWriteStr(fmt.Sprintf(format, args...)) }

// text draws a line, run by run in reading order.
func (d *drawing) text(t text, top float64) {
	tag := t.tag
	if tag == nil {
		tag = artifact
	}
	d.follow(tag, t, top)
	_, height := d.GetPageSize()
	runs := t.style.face.stack().Set(t.text, t.rightToLeft)
	places := make([]float64, len(runs))
	x := t.x
	for _, run := range runs {
		places[run.Order] = x
		x += t.style.size * float64(length(run.Glyphs)) / 1000
	}
	slices.SortFunc(runs, func(a, b fonts.Run) int { return a.Order - b.Order })
	for i, run := range runs {
		tail := ""
		if i == len(runs)-1 {
			tail = t.tail
		}
		used := d.used(run.Font)
		isSpan := d.beginRun(tag, run, tail, top)
		d.raw("BT /F%d %.2f Tf %s rg %.2f %.2f Td", used.number, t.style.size, t.style.colour.components(),
			places[i], height-top-t.y)
		d.RawWriteStr(used.textOperators(run, t.style.size, tail))
		if isSpan {
			d.close()
		}
	}
}

// beginRun marks a run as content of tag or, if its text differs from that of its glyphs, of a span
// within tag with the actual text.
func (d *drawing) beginRun(tag *element, run fonts.Run, tail string, top float64) (isSpan bool) {
	if run.Plain {
		d.begin(tag, top)
		return false
	}
	span := &element{role: "Span", actual: run.Text + tail, language: languageOf(run.Script), visual: run.RightToLeft()}
	if tag.role == "Artifact" {
		d.close()
		d.raw("/Artifact <<%s%s>> BDC", tag.attributes, span.spoken())
		d.open = span
		return true
	}
	d.bookmark(tag, top)
	d.begin(tag.add(span), top)
	return true
}

// bookmark records the position of a heading.
func (d *drawing) bookmark(e *element, top float64) {
	if e.title != "" && len(e.kids) == 0 {
		d.bookmarks = append(d.bookmarks, bookmark{e, len(d.marked) - 1, top})
	}
}

// length returns the total advance of glyphs.
func length(glyphs []fonts.Glyph) (sum int) {
	for _, g := range glyphs {
		sum += g.Advance
	}
	return sum
}

// components returns c as PDF color components.
func (c colour) components() string {
	return fmt.Sprintf("%.3f %.3f %.3f", float64(c.r)/255, float64(c.g)/255, float64(c.b)/255)
}

// used returns f as used in the document.
func (d *drawing) used(f *fonts.Font) *usedFont {
	at := slices.IndexFunc(d.fonts, func(u *usedFont) bool { return u.font == f })
	if at < 0 {
		at = len(d.fonts)
		d.fonts = append(d.fonts, newUsedFont(f, at+1))
	}
	return d.fonts[at]
}

// oneLine returns text on one line, for the title in the metadata.
func oneLine(text string) string {
	return strings.ReplaceAll(Printable(text), "\n", " ")
}
