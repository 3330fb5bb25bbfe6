package fonts

import (
	"slices"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	ucd "golang.org/x/text/unicode/bidi"
)

// A Stack is a list of fonts to set a text in: each character uses the first font that has it, or
// else one of the library.
type Stack struct {
	Fonts   []*Font
	Library *Library // nil for none
}

// A Run is a sequence of glyphs of one font, from left to right.
type Run struct {
	Font   *Font
	Glyphs []Glyph
	Text   string // the text in reading order
	Script language.Script
	Plain  bool // Text is the concatenation of the glyphs' texts
	Order  int  // its position in reading order

	level      bidi.Level
	start, end int // its runes in the line
}

// RightToLeft reports whether r is read from its last glyph to its first.
func (r Run) RightToLeft() bool { return r.level%2 == 1 }

// For returns the font for cluster, or nil if no font has all of it.
func (s Stack) For(cluster []rune) *Font {
	for _, f := range s.Fonts {
		if f.hasAll(cluster) {
			return f
		}
	}
	for _, r := range cluster {
		if s.Library == nil || IsInvisible(r) {
			continue
		}
		if f := s.Library.For(r); f != nil && f.hasAll(cluster) {
			return f
		}
	}
	return nil
}

func (f *Font) hasAll(cluster []rune) bool {
	return !slices.ContainsFunc(cluster, func(r rune) bool { return !IsInvisible(r) && !f.Has(r) })
}

// IsInvisible reports whether r only affects its neighbors, so that no font need have it.
func IsInvisible(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// isSimple reports whether r needs no shaping: Latin, Greek and Cyrillic letters and the signs
// between them, without combining marks.
func isSimple(r rune) bool {
	return r >= ' ' && r < 0x0300 && r != 0xAD || r >= 0x0370 && r < 0x0483 || r >= 0x048A && r < 0x0530 ||
		r >= 0x1E00 && r < 0x200B || r >= 0x2010 && r < 0x2028 || r >= 0x202F && r < 0x205F || r >= 0x20A0 && r < 0x20D0 ||
		r >= 0x2100 && r < direct
}

// simple returns the glyphs of text if all of it can be set without shaping in the first font.
func (s Stack) simple(text string) ([]Glyph, bool) {
	glyphs, short := make([]Glyph, 0, len(text)), &s.Fonts[0].short
	for _, r := range text {
		if r >= direct || short[r].ID == 0 {
			return nil, false
		}
		glyphs = append(glyphs, short[r])
	}
	return glyphs, true
}

// Set sets a line of text. Characters that no font has are dropped; replace them beforehand.
func (s Stack) Set(text string, rightToLeft bool) []Run {
	if glyphs, ok := s.simple(text); ok && !rightToLeft {
		return []Run{{Font: s.Fonts[0], Glyphs: glyphs, Text: text, Script: language.Latin, Plain: true}}
	}
	runs := s.split([]rune(text), rightToLeft)
	reorder(runs)
	return runs
}

// split splits text into runs in reading order: a new one begins where the direction, the font or
// the script changes.
func (s Stack) split(text []rune, rightToLeft bool) (runs []Run) {
	base := bidi.LeftToRight
	if rightToLeft {
		base = bidi.RightToLeft
	}
	var order bidi.Paragraph
	levels := order.Segment(text, base)
	for i := range levels.NumRuns() {
		run := levels.Run(i)
		from, to := run.Start, run.Start
		if !rightToLeft && run.IsLeftToRight() {
			from, to = numbersIn(text, run.Start, run.End)
		}
		runs = append(runs, s.splitLevel(text[:from], run.Start, run.Level&1)...)
		runs = append(runs, s.splitLevel(text[:to], from, 2)...)
		if to < run.End {
			rest := run.Level
			if !rightToLeft {
				rest &= 1
			}
			runs = append(runs, s.splitLevel(text[:run.End], to, rest)...)
		}
	}
	for i := range runs {
		r := &runs[i]
		r.Order, r.Text = i, string(text[r.start:r.end])
		r.shape(text[r.start:r.end])
	}
	return runs
}

// numbersIn returns the numbers within a left-to-right run that belong to right-to-left words:
// before its first letter, or after its last letter in Arabic digits. The library gives the whole
// run one level; these need a deeper one.
func numbersIn(text []rune, start, end int) (from, to int) {
	class := func(i int) ucd.Class {
		properties, _ := ucd.LookupRune(text[i])
		return properties.Class()
	}
	first, last := end, -1
	for i := start; i < end; i++ {
		if class(i) == ucd.L {
			first, last = min(first, i), i
		}
	}
	if start > 0 { // after right-to-left words
		for i := start; i < first; i++ {
			if c := class(i); c == ucd.EN || c == ucd.AN || c == ucd.ET {
				to = i + 1
			}
		}
		if to > 0 {
			return start, to
		}
	}
	from = -1
	for i := max(start, last+1); i < end; i++ {
		if class(i) == ucd.AN {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	if from < 0 {
		return start, start
	}
	return from, to
}

// splitLevel splits the text from start, which has one direction, into runs.
func (s Stack) splitLevel(text []rune, start int, level bidi.Level) (runs []Run) {
	for _, cluster := range Clusters(text[start:]) {
		next := Run{Font: s.For(cluster), Script: scriptOf(cluster), level: level, start: start, end: start + len(cluster)}
		next.Plain = level%2 == 0 && len(cluster) == 1 && isSimple(cluster[0])
		start = next.end
		if next.Font == nil {
			continue
		}
		if last := len(runs) - 1; last >= 0 && runs[last].joins(next) {
			runs[last].end = next.end
			continue
		}
		runs = append(runs, next)
	}
	return runs
}

// joins reports whether next, which follows r in the text, is set together with it.
func (r *Run) joins(next Run) bool {
	if r.Font != next.Font || r.Plain != next.Plain || r.end != next.start {
		return false
	}
	if r.Script == language.Common {
		r.Script = next.Script
	}
	return next.Script == language.Common || r.Script == next.Script
}

// scriptOf returns the script of the first letter of cluster.
func scriptOf(cluster []rune) language.Script {
	for _, r := range cluster {
		switch script := language.LookupScript(r); script {
		case language.Common, language.Inherited, language.Unknown:
		default:
			return script
		}
	}
	return language.Common
}

// Clusters splits text into what a reader perceives as single characters.
func Clusters(text []rune) (clusters [][]rune) {
	var s segmenter.Segmenter
	s.Init(text)
	for i := s.GraphemeIterator(); i.Next(); {
		clusters = append(clusters, i.Grapheme().Text)
	}
	return clusters
}

// shape shapes the glyphs of r from text.
func (r *Run) shape(text []rune) {
	if r.Plain {
		for i, char := range text {
			g := r.Font.Glyph(char)
			g.At = i
			r.Glyphs = append(r.Glyphs, g)
		}
		return
	}
	buffer := harfbuzz.NewBuffer()
	buffer.AddRunes(text, 0, len(text))
	buffer.Props = harfbuzz.SegmentProperties{Script: r.Script, Direction: harfbuzz.LeftToRight}
	if r.level%2 == 1 {
		buffer.Props.Direction = harfbuzz.RightToLeft
	}
	r.Font.shaping.Lock()
	buffer.Shape(r.Font.shaper, nil)
	r.Font.shaping.Unlock()
	for i, info := range buffer.Info {
		pos, id := buffer.Pos[i], uint16(info.Glyph)
		r.Glyphs = append(r.Glyphs, Glyph{
			ID: id, Width: r.Font.width(id), Advance: r.Font.thousandths(int(pos.XAdvance)), At: info.Cluster,
			X: r.Font.thousandths(int(pos.XOffset)), Y: r.Font.thousandths(int(pos.YOffset)),
		})
	}
	r.read(text)
}

// read assigns the glyphs their text: each its own character if a cluster has as many glyphs as
// characters, and otherwise all of it to the first.
func (r *Run) read(text []rune) {
	ends := clusterEnds(r.Glyphs, len(text))
	for i := 0; i < len(r.Glyphs); {
		first, at := i, r.Glyphs[i].At
		for i < len(r.Glyphs) && r.Glyphs[i].At == at {
			i++
		}
		cluster := text[at:ends[at]]
		if len(cluster) != i-first {
			r.Glyphs[first].Text = string(cluster)
			continue
		}
		for j, char := range cluster {
			if r.RightToLeft() {
				j = len(cluster) - 1 - j
			}
			r.Glyphs[first+j].Text = string(char)
		}
	}
}

// clusterEnds maps the start of each cluster to its end, for a text with that number of runes.
func clusterEnds(glyphs []Glyph, runes int) map[int]int {
	starts := make([]int, 0, len(glyphs)+1)
	for _, g := range glyphs {
		starts = append(starts, g.At)
	}
	slices.Sort(starts)
	starts = append(slices.Compact(starts), runes)
	ends := map[int]int{}
	for i, start := range starts[:len(starts)-1] {
		ends[start] = starts[i+1]
	}
	return ends
}

// reorder sorts runs into visual order by reversing sequences from the deepest level up.
func reorder(runs []Run) {
	deepest := bidi.Level(0)
	for _, r := range runs {
		deepest = max(deepest, r.level)
	}
	for level := deepest; level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			first := i
			for i < len(runs) && runs[i].level >= level {
				i++
			}
			slices.Reverse(runs[first:i])
		}
	}
}

// Advances returns how much each rune adds to the length of a line of text. A rune that adds
// nothing belongs to the rune before it, and the line cannot break between them.
func (s Stack) Advances(text string) []int {
	if glyphs, ok := s.simple(text); ok {
		advances := make([]int, len(glyphs))
		for i, g := range glyphs {
			advances[i] = g.Advance
		}
		return advances
	}
	runes := []rune(text)
	advances := make([]int, len(runes))
	for _, run := range s.split(runes, false) {
		for _, g := range run.Glyphs {
			advances[run.start+g.At] += g.Advance
		}
	}
	start := 0
	for _, cluster := range Clusters(runes) { // everything drawn for it belongs to its first rune
		for i := start + 1; i < start+len(cluster); i++ {
			advances[start] += advances[i]
			advances[i] = 0
		}
		start += len(cluster)
	}
	return advances
}

// Width returns the length of a line of text.
func (s Stack) Width(text string) int {
	sum := 0
	for _, advance := range s.Advances(text) {
		sum += advance
	}
	return sum
}
