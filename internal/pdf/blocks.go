// Package pdf draws Mend's printed sheets: progress notes, worksheets and
// blank forms. A Sheet says what is on the paper; how it looks is decided here
// and nowhere else. The drawing library is known to draw.go alone.
package pdf

import "time"

// A Sheet is a document in the order in which it is read. It may hold any
// text: what cannot be printed is replaced visibly, see Printable.
type Sheet struct {
	Title      string    // heading of the first page, and all that the metadata tells
	Letterhead []string  // the practice's lines, its name first; on the first page
	Running    string    // identifiers and date of service, at the head of every page
	Footer     string    // at the left of every page's foot; its number stands right
	Draft      bool      // a large pale DRAFT across every page
	Letter     bool      // US Letter instead of A4
	Made       time.Time // in the metadata, in UTC; a sheet without it is of 1 January 1970
	Language   string    // as in HTML; "" for American English
	Blocks     []Block

	Numbered func(n, of int) string // says which page it is; nil for "Page n of m"
}

// A Block is one thing on a sheet. Blocks are plain values so that a template
// can show the same sheet on screen, choosing its markup by Kind.
type Block interface {
	// Kind names the block in one lower-case word.
	Kind() string
}

// A Heading opens a section. It is never left alone at the foot of a page.
type Heading string

// A Subheading opens a part of a section and stays with it, as a Heading does.
type Subheading string

// A Paragraph is plain text; its newlines are kept. Muted text is an aside,
// such as an instruction or a note on how to fill in the form.
type Paragraph struct {
	Text     string
	Muted    bool
	Language string // as in HTML; "" for that of the sheet
}

// In is a block in another language than the sheet. It is for paper alone.
type In struct {
	Language string // as in HTML
	Block
}

// Spoken returns blocks in a language as they stand in a sheet in another; "" is that of the
// sheet.
func Spoken(language, sheet string, blocks ...Block) []Block {
	if language == "" || language == sheet {
		return blocks
	}
	spoken := make([]Block, len(blocks))
	for i, b := range blocks {
		spoken[i] = In{language, b}
	}
	return spoken
}

// Bare returns a block without what says its language.
func Bare(b Block) Block {
	if in, ok := b.(In); ok {
		return in.Block
	}
	return b
}

// A Field is a label above its value. An empty value prints a dash, so that a
// reader sees that nothing was entered rather than that something is missing.
// Compact fields that follow each other stand beside each other in two columns,
// each label before its value.
type Field struct {
	Label, Value string
	Compact      bool
}

// A List is bulleted.
type List []string

// A Table repeats its header on each page; its rows wrap and may break over
// pages. Cells beyond the widest possible table are joined into its last column.
type Table struct {
	Columns   []string
	Rows      [][]string
	Languages []string // of the columns below their heads; "" or none for that of the sheet
}

// Choices are tick boxes in so many columns; on a blank form none is chosen.
type Choices struct {
	Options []Choice
	Columns int
}

// A Choice is one tick box and its label.
type Choice struct {
	Label  string
	Chosen bool
}

// Lines are empty ruled lines to write on, at most maxLines.
type Lines int

// A Signature is a box that states who signed what and when. It stays on one
// page, for a signature that is torn in two proves nothing.
type Signature struct{ Lines []string }

// A QR is a code to be scanned, with a caption beside it.
type QR struct{ Text, Caption string }

// A Break begins a new page.
type Break struct{}

// A Contents lists all headings of the sheet with their pages.
type Contents struct{}

// Kind is "heading".
func (Heading) Kind() string { return "heading" }

// Kind is "subheading".
func (Subheading) Kind() string { return "subheading" }

// Kind is "paragraph".
func (Paragraph) Kind() string { return "paragraph" }

// Kind is "field".
func (Field) Kind() string { return "field" }

// Kind is "list".
func (List) Kind() string { return "list" }

// Kind is "table".
func (Table) Kind() string { return "table" }

// Kind is "choices".
func (Choices) Kind() string { return "choices" }

// Short tells whether the boxes stand side by side, as those of a scale do.
func (c Choices) Short() bool { return c.Columns > 2 }

// Kind is "lines".
func (Lines) Kind() string { return "lines" }

// Kind is "signature".
func (Signature) Kind() string { return "signature" }

// Kind is "qr".
func (QR) Kind() string { return "qr" }

// Kind is "contents".
func (Contents) Kind() string { return "contents" }

// Kind is "break".
func (Break) Kind() string { return "break" }
