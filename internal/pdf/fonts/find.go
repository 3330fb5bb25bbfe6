package fonts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// Largest is the maximum size of a font file, in bytes. Fonts for all of Chinese have some 20 MB.
const Largest = 64 << 20

// A Library is the fonts in some folders, each loaded when a character first needs it. It is safe
// for concurrent use.
type Library struct {
	folders []string

	mu     sync.Mutex
	listed bool
	files  []*file
	chosen map[rune]*Font // nil for a rune that no font has
}

// A file is a font on disk. Until it is needed, only its characters are known.
type file struct {
	path string
	has  font.Cmap
	font *Font
}

// NewLibrary returns the fonts in folders and their subfolders. Earlier folders take precedence.
func NewLibrary(folders ...string) *Library {
	return &Library{folders: folders, chosen: map[rune]*Font{}}
}

// Check reads every font in folder completely. The error is a sentence naming the first that cannot
// be used.
func Check(folder string) error {
	paths, err := fontFiles(folder)
	if err != nil {
		return fmt.Errorf("the folder of fonts %s cannot be read: %w", folder, err)
	}
	for _, path := range paths {
		if _, err := read(path); err != nil {
			return err
		}
	}
	return nil
}

// read loads the font in a file.
func read(path string) (*Font, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the font %s cannot be read: %w", path, err)
	}
	if info.Size() > Largest {
		return nil, fmt.Errorf("the font %s has %d MB; the largest that Mend reads has %d MB", path,
			info.Size()>>20, Largest>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the font %s cannot be read: %w", path, err)
	}
	f, err := Parse(data)
	switch {
	case errors.Is(err, ErrRestricted):
		return nil, fmt.Errorf("the font %s %w", path, ErrRestricted)
	case err != nil:
		return nil, fmt.Errorf("the font %s %w", path, err)
	}
	return f, nil
}

// fontFiles returns the TrueType files in folder, upright ones of normal weight first.
func fontFiles(folder string) (paths []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".ttf", ".ttc":
			if !entry.IsDir() {
				paths = append(paths, path)
			}
		}
		return nil
	})
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(strength(a), strength(b)), strings.Compare(a, b))
	})
	return paths, err
}

// strength counts the signs in a font's file name that it is not the regular one.
func strength(path string) (n int) {
	name := strings.ToLower(filepath.Base(path))
	for _, word := range []string{"bold", "italic", "oblique", "mono", "light", "thin", "black", "condensed", "narrow"} {
		n += strings.Count(name, word)
	}
	return n
}

// For returns a font that has r, or nil.
func (l *Library) For(r rune) *Font {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f, ok := l.chosen[r]; ok {
		return f
	}
	if !l.listed {
		l.list()
	}
	l.chosen[r] = l.find(r)
	return l.chosen[r]
}

// list determines which characters the fonts in the folders have. Unreadable files are skipped.
func (l *Library) list() {
	l.listed = true
	for _, folder := range l.folders {
		paths, _ := fontFiles(folder)
		for _, path := range paths {
			if has, err := characters(path); err == nil {
				l.files = append(l.files, &file{path: path, has: has})
			}
		}
	}
}

// characters reads only the character map of a font file.
func characters(path string) (has font.Cmap, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrNoFont, p)
		}
	}()
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	if info, err := opened.Stat(); err != nil || info.Size() > Largest {
		return nil, errors.Join(ErrNoFont, err)
	}
	loaders, err := ot.NewLoaders(opened)
	if err != nil || len(loaders) == 0 || !loaders[0].HasTable(ot.MustNewTag("glyf")) {
		return nil, errors.Join(ErrNoFont, err)
	}
	raw, err := loaders[0].RawTable(ot.MustNewTag("cmap"))
	if err != nil {
		return nil, err
	}
	table, _, err := tables.ParseCmap(bytes.Clone(raw))
	if err != nil {
		return nil, err
	}
	has, _, err = font.ProcessCmap(table, tables.FPNone)
	return has, err
}

// find loads the first font that has r. A damaged font is skipped.
func (l *Library) find(r rune) *Font {
	for i, f := range l.files {
		if f == nil {
			continue
		}
		if id, ok := f.has.Lookup(r); !ok || id == 0 {
			continue
		}
		if f.font == nil {
			read, err := read(f.path)
			if err != nil {
				l.files[i] = nil
				continue
			}
			f.font = read
		}
		if f.font.Has(r) {
			return f.font
		}
	}
	return nil
}
