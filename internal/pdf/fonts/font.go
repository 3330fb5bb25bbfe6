// Package fonts reads TrueType fonts, finds a font for each character, sets text as glyphs in
// visual order, and subsets fonts to the glyphs that a document uses. It is separate from
// internal/pdf and knows neither sheets nor PDF, so that the drawing code deals only with glyphs
// and their widths.
package fonts

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
)

// ErrNoFont means that data is not a TrueType font that can be embedded.
var ErrNoFont = errors.New("is damaged, or is not a TrueType font")

// ErrRestricted means that the font's license does not permit embedding.
var ErrRestricted = errors.New("may not be embedded in documents, as its maker says")

// direct is the number of runes looked up in an array: Latin, Greek, Cyrillic, and the signs used
// with them.
const direct = 0x2200

// A Font is a TrueType typeface. It is safe for concurrent use.
type Font struct {
	Name    string // as allowed in a PDF
	Ascent  int    // thousandths of an em, like all lengths here
	Descent int

	tables map[string][]byte
	perEm  int
	font   *font.Font
	short  [direct]Glyph // of runes that need no shaping; zero if the font lacks them

	shaping sync.Mutex // guards shaper
	shaper  *harfbuzz.Font
}

// A Glyph is a shape of a font with its position.
type Glyph struct {
	ID      uint16
	Width   int    // its own, according to the font
	Advance int    // the distance to the next one, which shaping may have changed
	X, Y    int    // offset from its normal position
	At      int    // the first rune of its cluster, relative to its run
	Text    string // the text it represents; "" if another glyph of its cluster has it
}

// Parse reads the first font of data.
func Parse(data []byte) (f *Font, err error) {
	defer func() { // the data is untrusted
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("%w: %v", ErrNoFont, p)
		}
	}()
	loaders, err := ot.NewLoaders(bytes.NewReader(data))
	if err != nil || len(loaders) == 0 {
		return nil, fmt.Errorf("%w: %w", ErrNoFont, err)
	}
	loader := loaders[0]
	f = &Font{tables: map[string][]byte{}}
	for _, tag := range append(needed, hinting...) {
		f.tables[tag], _ = loader.RawTable(ot.MustNewTag(tag))
	}
	if err := f.check(loader); err != nil {
		return nil, err
	}
	if f.font, err = font.NewFont(loader); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFont, err)
	}
	f.shaper = harfbuzz.NewFont(font.NewFace(f.font))
	f.measure(loader)
	return f, nil
}

// check refuses fonts that cannot be subset and embedded.
func (f *Font) check(loader *ot.Loader) error {
	for tag, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "hmtx": 4, "loca": 4, "glyf": 1} {
		if len(f.tables[tag]) < least {
			return fmt.Errorf("%w: table %s", ErrNoFont, tag)
		}
	}
	metrics := u16(f.tables["hhea"], 34)
	if f.perEm = u16(f.tables["head"], 18); f.perEm == 0 || metrics == 0 || len(f.tables["hmtx"]) < 4*metrics {
		return fmt.Errorf("%w: widths", ErrNoFont)
	}
	if _, err := f.outline(0); err != nil {
		return err
	}
	os2, _ := loader.RawTable(ot.MustNewTag("OS/2"))
	if len(os2) > 10 && u16(os2, 8)&0xF == 2 {
		return ErrRestricted
	}
	return nil
}

// measure reads the font's name, its heights and the glyphs that need no shaping.
func (f *Font) measure(loader *ot.Loader) {
	described, _ := font.Describe(loader, nil)
	f.Name = pdfName(described.Family)
	f.Ascent = f.thousandths(int(int16(u16(f.tables["hhea"], 4))))
	f.Descent = f.thousandths(int(int16(u16(f.tables["hhea"], 6))))
	for r := rune(' '); r < direct; r++ {
		if id, ok := f.font.NominalGlyph(r); ok && id != 0 && isSimple(r) {
			width := f.width(uint16(id))
			f.short[r] = Glyph{ID: uint16(id), Width: width, Advance: width, Text: string(r)}
		}
	}
}

// pdfName returns family as a valid name in a PDF.
func pdfName(family string) string {
	name := []byte{}
	for i := range len(family) {
		if c := family[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			name = append(name, c)
		}
	}
	if len(name) == 0 {
		return "Font"
	}
	return string(name)
}

// Has reports whether f can draw r.
func (f *Font) Has(r rune) bool {
	if r >= 0 && r < direct && f.short[r].ID != 0 {
		return true
	}
	id, ok := f.font.NominalGlyph(r)
	return ok && id != 0
}

// Glyph returns the glyph of r on its own.
func (f *Font) Glyph(r rune) Glyph {
	if r >= 0 && r < direct && f.short[r].ID != 0 {
		return f.short[r]
	}
	id, _ := f.font.NominalGlyph(r)
	width := f.width(uint16(id))
	return Glyph{ID: uint16(id), Width: width, Advance: width, Text: string(r)}
}

// width returns the advance of a glyph in thousandths of an em.
func (f *Font) width(id uint16) int {
	metrics := u16(f.tables["hhea"], 34)
	return f.thousandths(u16(f.tables["hmtx"], 4*min(int(id), metrics-1)))
}

// thousandths converts font units to thousandths of an em, rounded.
func (f *Font) thousandths(units int) int {
	if units < 0 {
		return -f.thousandths(-units)
	}
	return (units*1000 + f.perEm/2) / f.perEm
}

// glyphs returns the number of glyphs of f.
func (f *Font) glyphs() int { return u16(f.tables["maxp"], 4) }

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }

func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
