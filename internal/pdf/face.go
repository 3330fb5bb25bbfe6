package pdf

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
)

// typeface is what every sheet is set in. There is one weight: a face takes the
// PDF library milliseconds to load, so that bold is drawn with a thicker pen.
var typeface = sync.OnceValue(func() *face { return measure(dejavusanscondensed.TTF) })

// A face is a typeface and what layout must know of it: which runes it has and
// how wide they are. Only the basic plane counts, for the PDF library cannot
// draw beyond it.
type face struct {
	ttf     []byte // never handed out uncloned: the library writes into it
	advance []int  // thousandths of an em by rune, or absent
}

const absent = -1

// has tells whether f can draw r.
func (f *face) has(r rune) bool {
	return r >= 0 && int(r) < len(f.advance) && f.advance[r] != absent
}

// runeWidth is the advance of r in thousandths of an em; a rune that f lacks
// has none, and printable text has no such rune.
func (f *face) runeWidth(r rune) int {
	if !f.has(r) {
		return 0
	}
	return f.advance[r]
}

// measure reads the advance of every rune from a TrueType font. It rounds as
// the PDF library does, so that lines are as long on paper as in layout.
func measure(ttf []byte) *face {
	perEm := float64(u16(table(ttf, "head"), 18))
	metrics := u16(table(ttf, "hhea"), 34)
	hmtx := table(ttf, "hmtx")
	f := &face{ttf: ttf, advance: slices.Repeat([]int{absent}, 0xFFFF)}
	eachGlyph(unicodeMap(ttf), func(r, glyph int) {
		units := u16(hmtx, 4*min(glyph, metrics-1))
		f.advance[r] = int(float64(units)*1000/perEm + 0.5)
	})
	return f
}

// table finds one of the font's tables by its four-letter tag.
func table(ttf []byte, tag string) []byte {
	for i := range u16(ttf, 4) {
		entry := ttf[12+16*i:]
		if string(entry[:4]) == tag {
			at, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
			return ttf[at : at+size]
		}
	}
	return nil
}

// unicodeMap finds the font's map from the basic plane to glyphs (cmap format 4).
func unicodeMap(ttf []byte) []byte {
	cmap := table(ttf, "cmap")
	for i := range u16(cmap, 2) {
		sub := cmap[binary.BigEndian.Uint32(cmap[4+8*i+4:]):]
		if u16(sub, 0) == 4 {
			return sub
		}
	}
	return nil
}

// eachGlyph walks a format 4 map: segments of runes, each with its end, start,
// delta and offset in four parallel arrays. Control characters, U+FFFF and the
// missing glyph 0 are left out.
func eachGlyph(m []byte, yield func(r, glyph int)) {
	n := u16(m, 6) / 2
	ends, starts, deltas, offsets := 14, 16+2*n, 16+4*n, 16+6*n
	for s := range n {
		start, delta, offset := u16(m, starts+2*s), u16(m, deltas+2*s), u16(m, offsets+2*s)
		for r := max(' ', start); r <= min(0xFFFE, u16(m, ends+2*s)); r++ {
			glyph := r
			if offset != 0 { // counted from where it is written, in bytes
				glyph = u16(m, offsets+2*s+offset+2*(r-start))
			}
			if glyph != 0 && (glyph+delta)&0xFFFF != 0 {
				yield(r, (glyph+delta)&0xFFFF)
			}
		}
	}
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }

// isCommon tells whether the common cut of the typeface has all of text: Latin,
// Greek and Cyrillic letters, punctuation and a few signs. Most sheets need no
// more, and the whole typeface takes long to load.
func isCommon(text string) bool {
	for _, r := range text {
		if !isCommonRune(r) {
			return false
		}
	}
	return true
}

func isCommonRune(r rune) bool {
	return r <= 0x017F || r >= 0x0370 && r <= 0x045F || r >= 0x2010 && r <= 0x2044 ||
		r == '€' || r == '→' || r == '✓' || r == replacement
}

// commonRunes are the common runes that f has.
func commonRunes(f *face) string {
	var runes strings.Builder
	for r := range rune(len(f.advance)) {
		if isCommonRune(r) && f.has(r) {
			runes.WriteRune(r)
		}
	}
	return runes.String()
}
