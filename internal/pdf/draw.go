package pdf

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/jung-kurt/gofpdf"
)

const family = "sans"

// The ways of drawing letters, as the PDF specification numbers them.
const (
	fillOnly      = 0
	fillAndStroke = 2
)

// Draw writes s to w as PDF. The same sheet always gives the same bytes; any
// text can be drawn. Nothing is written unless all of it could be drawn.
func Draw(w io.Writer, s Sheet) (err error) {
	defer func() { // the library panics where it should err
		if p := recover(); p != nil {
			err = fmt.Errorf("draw sheet: %v", p)
		}
	}()
	d, err := layOut(s)
	if err != nil {
		return fmt.Errorf("draw sheet: %w", err)
	}
	f := blank(s)
	f.AddUTF8FontFromBytes(family, "", fontFile(d))
	for _, page := range d.pages {
		drawPage(f, d, page)
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("draw sheet: %w", err)
	}
	return nil
}

// blank is a document without pages. Its metadata tells the title and the date
// of the sheet, and nothing of people or machines.
func blank(s Sheet) *gofpdf.Fpdf {
	size := "A4"
	if s.Letter {
		size = "Letter"
	}
	made := s.Made.UTC()
	if made.IsZero() { // which the library would take for now
		made = time.Unix(0, 0).UTC()
	}
	f := gofpdf.New("P", "pt", size, "")
	f.SetAutoPageBreak(false, 0)
	f.SetCompression(false) // of the pages, not the font: 2 ms less for 20 KB more
	f.SetCatalogSort(true)
	f.SetLineCapStyle("square") // or the corners of a signature's box stay open
	f.SetTitle(strings.ReplaceAll(Printable(s.Title), "\n", " "), true)
	f.SetProducer("Mend", true)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	return f
}

func drawPage(f *gofpdf.Fpdf, d document, page []placed) {
	f.AddPage()
	if d.draft {
		drawDraft(f, d.paper)
	}
	for _, r := range page {
		for _, p := range r.paths {
			drawPath(f, p, r.y)
		}
		for _, t := range r.texts {
			drawText(f, t, r.y)
		}
	}
}

// drawDraft comes first on a page, so that the text lies on it.
func drawDraft(f *gofpdf.Fpdf, p paper) {
	word := "DRAFT"
	x, y := p.width/2, p.height/2
	f.TransformBegin()
	f.TransformRotate(55, x, y)
	drawText(f, text{x - draftStyle.width(word)/2, y + draftStyle.size/3, word, draftStyle}, 0)
	f.TransformEnd()
}

// drawText fills the letters and, where they are bold, draws their outline too.
func drawText(f *gofpdf.Fpdf, t text, top float64) {
	c := t.style.colour
	f.SetFont(family, "", t.style.size)
	f.SetTextColor(c.r, c.g, c.b)
	if !t.style.bold {
		f.Text(t.x, top+t.y, t.text)
		return
	}
	f.SetDrawColor(c.r, c.g, c.b)
	f.SetLineWidth(t.style.size * boldOutline / 1000)
	f.SetTextRenderingMode(fillAndStroke)
	f.RawWriteStr(fmt.Sprintf("%.3f Tc", t.style.size*tracking/1000))
	f.Text(t.x, top+t.y, t.text)
	f.RawWriteStr("0 Tc")
	f.SetTextRenderingMode(fillOnly)
}

func drawPath(f *gofpdf.Fpdf, p path, top float64) {
	f.SetDrawColor(p.colour.r, p.colour.g, p.colour.b)
	f.SetLineWidth(p.width)
	f.MoveTo(p.points[0].x, top+p.points[0].y)
	for _, to := range p.points[1:] {
		f.LineTo(to.x, top+to.y)
	}
	f.DrawPath("D")
}

// fontFile is the typeface, cut down if that suffices for all of the document.
// It is a copy, because the library writes into the bytes that it gets.
func fontFile(d document) []byte {
	for _, page := range d.pages {
		for _, r := range page {
			for _, t := range r.texts {
				if !isCommon(t.text) {
					return bytes.Clone(typeface().ttf)
				}
			}
		}
	}
	return bytes.Clone(commonFont())
}

// commonFont is the typeface cut down to the common runes, once per process: the
// library then has a ninth of the glyphs to parse for each document.
var commonFont = sync.OnceValue(func() []byte {
	f := typeface()
	return gofpdf.UTF8CutFont(bytes.Clone(f.ttf), commonRunes(f))
})
