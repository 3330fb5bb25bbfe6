// Package pdf draws Mend's printed sheets: progress notes, worksheets and blank forms. A Sheet says
// what is printed; how it looks is decided only here. Only draw.go uses the drawing library.
package pdf

import "time"

// A Sheet is a document in reading order. It may contain any text: what cannot be printed is
// replaced visibly, see Printable.
type Sheet struct {
	Title      string    // heading of the first page, and the only text in the metadata
	Letterhead []string  // the practice's lines, beginning with its name; on the first page
	Running    string    // identifiers and date of service, at the top of every page
	Footer     string    // bottom left of every page; the page number is on the right
	Draft      bool      // a large pale DRAFT across every page
	Letter     bool      // US Letter instead of A4
	Made       time.Time // date in the metadata, in UTC; 1 January 1970 if zero
	Language   string    // as in HTML; "" for American English
	Blocks     []Block

	Numbered func(n, of int) string // formats a page number; nil for "Page n of m"
}

// A Block is an element of a sheet. Blocks are plain values, so that a template can show the same
// sheet on screen, with markup chosen by Kind.
type Block interface {
	// Kind returns the name of the block in one lowercase word.
	Kind() string
}

// A Heading opens a section. It is never left alone at the bottom of a page.
type Heading string

// A Subheading opens a subsection and stays with it, like a Heading.
type Subheading string

// A Paragraph is plain text with newlines preserved. Muted text is an aside, such as an instruction
// or a note on how to fill in the form.
type Paragraph struct {
	Text     string
	Muted    bool
	Language string // as in HTML; "" for the sheet's
}

// In is a block in a language other than the sheet's. It is for print only.
type In struct {
	Language string // as in HTML
	Block
}

// Spoken wraps blocks in a language for use in a sheet in another; "" is the sheet's own.
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

// Bare returns a block without its language.
func Bare(b Block) Block {
	if in, ok := b.(In); ok {
		return in.Block
	}
	return b
}

// A Field is a label above its value. An empty value prints a dash, so that readers see that
// nothing was entered. Consecutive compact fields are set in two columns, each label before its
// value.
type Field struct {
	Label, Value string
	Compact      bool
}

// A List is bulleted.
type List []string

// A Table repeats its header on each page; its rows wrap and may break across pages. Cells beyond
// the widest possible table are joined into its last column.
type Table struct {
	Columns   []string
	Rows      [][]string
	Languages []string // of the columns' cells, not heads; "" or none for the sheet's
}

// Choices are tick boxes in a number of columns; on a blank form none is ticked.
type Choices struct {
	Options []Choice
	Columns int
}

// A Choice is a tick box with its label.
type Choice struct {
	Label  string
	Chosen bool
}

// Lines are empty ruled lines to write on, at most maxLines.
type Lines int

// A Signature is a box that states who signed what and when. It stays on one page, because a
// signature split in two proves nothing.
type Signature struct{ Lines []string }

// A QR is a QR code with a caption beside it.
type QR struct{ Text, Caption string }

// A Break starts a new page.
type Break struct{}

// A Contents lists all headings of the sheet with their pages.
type Contents struct{}

// Kind returns "heading".
func (Heading) Kind() string { return "heading" }

// Kind returns "subheading".
func (Subheading) Kind() string { return "subheading" }

// Kind returns "paragraph".
func (Paragraph) Kind() string { return "paragraph" }

// Kind returns "field".
func (Field) Kind() string { return "field" }

// Kind returns "list".
func (List) Kind() string { return "list" }

// Kind returns "table".
func (Table) Kind() string { return "table" }

// Kind returns "choices".
func (Choices) Kind() string { return "choices" }

// Short reports whether the boxes are side by side, like those of a scale.
func (c Choices) Short() bool { return c.Columns > 2 }

// Kind returns "lines".
func (Lines) Kind() string { return "lines" }

// Kind returns "signature".
func (Signature) Kind() string { return "signature" }

// Kind returns "qr".
func (QR) Kind() string { return "qr" }

// Kind returns "contents".
func (Contents) Kind() string { return "contents" }

// Kind returns "break".
func (Break) Kind() string { return "break" }
