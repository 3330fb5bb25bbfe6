package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"mend/internal/pdf/fonts"
)

// A usedFont is a font with the glyphs that a document uses, renumbered.
type usedFont struct {
	font   *fonts.Font
	number int // the font's number in the document
	glyphs []fonts.Glyph
	code   map[reading]int
}

// A reading is a glyph with the text it represents. A glyph with two texts, such as a mirrored
// bracket, has two codes.
type reading struct {
	id   uint16
	text string
}

func newUsedFont(f *fonts.Font, number int) *usedFont {
	return &usedFont{font: f, number: number, glyphs: []fonts.Glyph{{}}, code: map[reading]int{{}: 0}}
}

// codeOf returns the code codeOf g, assigning one if necessary.
func (u *usedFont) codeOf(g fonts.Glyph) int {
	code, ok := u.code[reading{g.ID, g.Text}]
	if !ok {
		code = len(u.glyphs)
		u.code[reading{g.ID, g.Text}] = code
		u.glyphs = append(u.glyphs, g)
	}
	return code
}

// textOperators returns the operators that draw run and the invisible text after it.
func (u *usedFont) textOperators(run fonts.Run, size float64, tail string) string {
	glyphs := run.Glyphs
	if tail != "" {
		glyphs = append(glyphs[:len(glyphs):len(glyphs)], u.font.Glyph(' '))
	}
	var b strings.Builder
	raised := 0
	b.WriteString("[<")
	for _, g := range glyphs {
		if g.Y != raised {
			fmt.Fprintf(&b, ">] TJ %.2f Ts [<", float64(g.Y)*size/1000)
			raised = g.Y
		}
		if g.X != 0 {
			fmt.Fprintf(&b, "> %d <", -g.X)
		}
		fmt.Fprintf(&b, "%04X", u.codeOf(g))
		if back := g.Width + g.X - g.Advance; back != 0 {
			fmt.Fprintf(&b, "> %d <", back)
		}
	}
	b.WriteString(">] TJ ")
	if raised != 0 {
		b.WriteString("0 Ts ")
	}
	b.WriteString("ET")
	return b.String()
}

// objects writes the font into a file and returns its object number.
func (u *usedFont) objects(o *objects) (int, error) {
	ids := make([]uint16, len(u.glyphs))
	var widths strings.Builder
	for i, g := range u.glyphs {
		ids[i] = g.ID
		fmt.Fprintf(&widths, "%d ", g.Width)
	}
	cut, err := u.font.Subset(ids)
	if err != nil {
		return 0, err
	}
	name := subsetTag(cut) + "+" + u.font.Name
	file := o.stream(fmt.Sprintf("/Length1 %d", len(cut)), cut)
	descriptor := o.add("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-1000 %d 2000 %d] /ItalicAngle 0 "+
		"/Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
		name, u.font.Descent, u.font.Ascent, u.font.Ascent, u.font.Descent, u.font.Ascent, file)
	descendant := o.add("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s "+
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R "+
		"/CIDToGIDMap /Identity /DW 0 /W [0 [%s]]>>", name, descriptor, strings.TrimSpace(widths.String()))
	return o.add("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] "+
		"/ToUnicode %d 0 R>>", name, descendant, o.stream("", u.toUnicode())), nil
}

// subsetTag returns six letters that identify a subset of a font.
func subsetTag(cut []byte) string {
	sum := sha256.Sum256(cut)
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = 'A' + sum[i]%26
	}
	return string(letters)
}

// toUnicode returns the map from codes to text.
func (u *usedFont) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	const most = 100 // entries per section
	for first := 0; first < len(u.glyphs); first += most {
		var entries strings.Builder
		n := 0
		for code := first; code < min(first+most, len(u.glyphs)); code++ {
			if u.glyphs[code].Text != "" {
				fmt.Fprintf(&entries, "<%04X> <%X>\n", code, utf16BE(u.glyphs[code].Text))
				n++
			}
		}
		if n > 0 {
			fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, entries.String())
		}
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end")
	return b.Bytes()
}
