package pdf

import (
	"sync"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavuserifbold"

	"mend/internal/pdf/fonts"
)

// A face is one of the typefaces in which sheets are set.
type face int

const (
	regular face = iota
	bold
	serif // for headings
)

// machineFonts are the folders in which systems keep fonts.
var machineFonts = []string{"/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"}

// library has what the built-in typefaces lack. It is one for the process, as
// they are, and is set before the first sheet is drawn.
var library = fonts.NewLibrary(machineFonts...)

// UseFonts takes characters that the built-in typefaces lack from the TrueType
// fonts in folder first, and then from those of the machine. It is called once,
// before anything is drawn; the error is a sentence that names the font that
// cannot be used.
func UseFonts(folder string) error {
	if err := fonts.Check(folder); err != nil {
		return err
	}
	library = fonts.NewLibrary(append([]string{folder}, machineFonts...)...)
	return nil
}

// built are the built-in typefaces, read once per process.
var built = sync.OnceValue(func() map[face]*fonts.Font {
	faces := map[face]*fonts.Font{}
	for f, data := range map[face][]byte{
		regular: dejavusanscondensed.TTF, bold: dejavusanscondensedbold.TTF, serif: dejavuserifbold.TTF,
	} {
		parsed, err := fonts.Parse(data)
		if err != nil {
			panic(err) // it is part of the program
		}
		faces[f] = parsed
	}
	return faces
})

// stacks are the fonts of each face, in the order in which they are asked for a
// character.
var stacks = sync.OnceValue(func() map[face][]*fonts.Font {
	b := built()
	return map[face][]*fonts.Font{
		regular: {b[regular]}, bold: {b[bold], b[regular]}, serif: {b[serif], b[bold], b[regular]},
	}
})

// stack is where f finds its characters.
func (f face) stack() fonts.Stack { return fonts.Stack{Fonts: stacks()[f], Library: library} }

// canPrint tells whether some font has all of cluster.
func canPrint(cluster []rune) bool { return regular.stack().For(cluster) != nil }
