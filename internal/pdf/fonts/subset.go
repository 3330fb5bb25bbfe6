package fonts

import (
	"encoding/binary"
	"fmt"
	"slices"

	ot "github.com/go-text/typesetting/font/opentype"
)

// The font tables that a PDF needs, and the optional ones for hinting.
var (
	needed  = []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf"}
	hinting = []string{"cvt ", "fpgm", "prep"}
)

// The flags of a component of a composite outline, as numbered in the TrueType specification.
const (
	wideArguments = 0x0001
	oneScale      = 0x0008
	moreParts     = 0x0020
	twoScales     = 0x0040
	fourScales    = 0x0080
)

// Subset returns a font with the glyphs ids in that order, so that a glyph's number is its index,
// followed by the components of composite glyphs. The first of ids should be 0, the missing glyph.
func (f *Font) Subset(ids []uint16) ([]byte, error) {
	ids = slices.Clone(ids)
	number := map[uint16]int{}
	for i, id := range slices.Backward(ids) { // the first one wins if an id appears twice
		number[id] = i
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(ids); i++ { // ids grows during the loop
		outline, err := f.outline(int(ids[i]))
		if err != nil {
			return nil, err
		}
		outline = slices.Clone(outline)
		for _, at := range parts(outline) {
			part := uint16(u16(outline, at))
			if _, ok := number[part]; !ok {
				number[part] = len(ids)
				ids = append(ids, part)
			}
			binary.BigEndian.PutUint16(outline[at:], uint16(number[part]))
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outline...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		hmtx = append(hmtx, f.metrics(int(ids[i]))...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	return f.write(len(ids), map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx}), nil
}

// write returns f as a file with changed tables for that number of glyphs.
func (f *Font) write(glyphs int, changed map[string][]byte) []byte {
	head, hhea, maxp := slices.Clone(f.tables["head"]), slices.Clone(f.tables["hhea"]), slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(head[50:], 1) // loca uses four bytes per glyph
	binary.BigEndian.PutUint16(hhea[34:], uint16(glyphs))
	binary.BigEndian.PutUint16(maxp[4:], uint16(glyphs))
	changed["head"], changed["hhea"], changed["maxp"] = head, hhea, maxp
	var tables []ot.Table
	for _, tag := range append(slices.Clone(hinting), needed...) {
		content, ok := changed[tag]
		if !ok {
			content = f.tables[tag]
		}
		if len(content) > 0 {
			tables = append(tables, ot.Table{Tag: ot.MustNewTag(tag), Content: content})
		}
	}
	return ot.WriteTTF(tables)
}

// outline returns the glyph's entry in glyf, which is empty for a space.
func (f *Font) outline(id int) ([]byte, error) {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	long := u16(f.tables["head"], 50) != 0
	size := 2
	if long {
		size = 4
	}
	if id >= f.glyphs() || size*(id+2) > len(loca) {
		return nil, fmt.Errorf("%w: glyph %d", ErrNoFont, id)
	}
	from, to := 2*u16(loca, size*id), 2*u16(loca, size*(id+1))
	if long {
		from, to = u32(loca, size*id), u32(loca, size*(id+1))
	}
	if from > to || to > len(glyf) {
		return nil, fmt.Errorf("%w: glyph %d", ErrNoFont, id)
	}
	return glyf[from:to], nil
}

// parts returns the offsets in outline of the component glyph ids. A simple outline has none.
func parts(outline []byte) (at []int) {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	for i := 10; i+4 <= len(outline); {
		flags := u16(outline, i)
		at = append(at, i+2)
		i += 6
		if flags&wideArguments != 0 {
			i += 2
		}
		switch {
		case flags&oneScale != 0:
			i += 2
		case flags&twoScales != 0:
			i += 4
		case flags&fourScales != 0:
			i += 8
		}
		if flags&moreParts == 0 {
			break
		}
	}
	return at
}

// metrics returns the glyph's advance and left side bearing.
func (f *Font) metrics(id int) []byte {
	hmtx, n := f.tables["hmtx"], u16(f.tables["hhea"], 34)
	if id < n {
		return hmtx[4*id : 4*id+4]
	}
	entry := slices.Clone(hmtx[4*n-4 : 4*n])
	if at := 4*n + 2*(id-n); at+2 <= len(hmtx) {
		copy(entry[2:], hmtx[at:at+2])
	}
	return entry
}
