package pdf

import (
	"sync"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavuserifbold"

	"mend/internal/pdf/fonts"
)

// A face is one of the typefaces of sheets.
type face int

const (
	regular face = iota
	bold
	serif // for headings
)

// machineFonts are the font folders of operating systems.
var machineFonts = []string{"/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"}

// library provides the characters that the built-in typefaces lack. Like them it is one per
// process, and it is set before the first sheet is drawn.
var library = fonts.NewLibrary(machineFonts...)

// UseFonts takes characters that the built-in typefaces lack first from the TrueType fonts in
// folder, then from those of the machine. It is called once, before anything is drawn. The error is
// a sentence naming the font that cannot be used.
func UseFonts(folder string) error {
	if err := fonts.Check(folder); err != nil {
		return err
	}
	library = fonts.NewLibrary(append([]string{folder}, machineFonts...)...)
	return nil
}

// built returns the built-in typefaces, parsed once per process.
var built = sync.OnceValue(func() map[face]*fonts.Font {
	faces := map[face]*fonts.Font{}
	for f, data := range map[face][]byte{
		regular: dejavusanscondensed.TTF, bold: dejavusanscondensedbold.TTF, serif: dejavuserifbold.TTF,
	} {
		parsed, err := fonts.Parse(data)
		if err != nil {
			panic(err) // the font is part of the program
		}
		faces[f] = parsed
	}
	return faces
})

// stacks returns the fonts of each face, in the order in which they are searched for a character.
var stacks = sync.OnceValue(func() map[face][]*fonts.Font {
	b := built()
	return map[face][]*fonts.Font{
		regular: {b[regular]}, bold: {b[bold], b[regular]}, serif: {b[serif], b[bold], b[regular]},
	}
})

// stack returns the stack of f.
func (f face) stack() fonts.Stack { return fonts.Stack{Fonts: stacks()[f], Library: library} }

// canPrint reports whether some font has all of cluster.
func canPrint(cluster []rune) bool { return regular.stack().For(cluster) != nil }
