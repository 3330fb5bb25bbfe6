package fonts

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavuserifbold"
	"pgregory.net/rapid"
)

func parsed(t testing.TB, data []byte) *Font {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// withFontOfAll returns a stack of a typeface with left-to-right and right-to-left letters.
func withFontOfAll(t testing.TB) Stack { return Stack{Fonts: []*Font{parsed(t, dejavusans.TTF)}} }

func TestADamagedFontIsRefused(t *testing.T) {
	whole := dejavuserifbold.TTF
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("This is no font."), "its beginning": whole[:200], "its first half": whole[:len(whole)/2],
		"zeros after the directory": append(bytes.Clone(whole[:400]), make([]byte, len(whole)-400)...),
	} {
		if _, err := Parse(data); !errors.Is(err, ErrNoFont) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAFontWithAnyBytesChangedIsReadOrRefused: parsing never panics.
func TestAFontWithAnyBytesChangedIsReadOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(dejavuserifbold.TTF)
		for range rapid.IntRange(1, 40).Draw(t, "changes") {
			data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		f, err := Parse(data)
		if err != nil {
			return
		}
		func() {
			defer func() { _ = recover() }() // a panic here is reported by the code that draws
			_, _ = f.Subset([]uint16{0, f.Glyph('A').ID})
		}()
	})
}

func TestAFontThatMayNotBeEmbeddedIsRefused(t *testing.T) {
	data := bytes.Clone(dejavuserifbold.TTF)
	for i := range u16(data, 4) {
		if entry := data[12+16*i:]; string(entry[:4]) == "OS/2" {
			data[u32(entry, 8)+9] = 2
		}
	}
	if _, err := Parse(data); !errors.Is(err, ErrRestricted) {
		t.Error(err)
	}
}

func TestAFolderWithAFontThatCannotBeUsedIsRefusedByASentence(t *testing.T) {
	for name, c := range map[string]struct {
		size int64
		want string
	}{
		"broken.ttf": {100, "is damaged, or is not a TrueType font"},
		"huge.ttf":   {200 << 20, "has 200 MB; the largest that Mend reads has 64 MB"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, c.size); err != nil {
			t.Fatal(err)
		}
		if err := Check(filepath.Dir(path)); err == nil || !strings.Contains(err.Error(), "the font "+path+" "+c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if f := NewLibrary(filepath.Dir(path)).For('A'); f != nil {
			t.Errorf("%s is used", name)
		}
	}
	if err := Check(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there is taken")
	}
}

func TestALibraryFindsTheFontThatHasACharacter(t *testing.T) {
	folder := t.TempDir()
	for name, data := range map[string][]byte{"b/Sans.ttf": dejavusans.TTF, "a.ttf": dejavuserifbold.TTF, "x.txt": nil} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Check(folder); err != nil {
		t.Fatal(err)
	}
	l := NewLibrary(folder)
	if f := l.For('ש'); f == nil || f.Name != "DejaVuSans" {
		t.Errorf("Hebrew is set in %v", f)
	}
	if f := l.For('好'); f != nil {
		t.Errorf("Chinese is set in %s", f.Name)
	}
}

// TestASubsetHasWhatItsGlyphsArePutTogetherFrom subsets a font to an accented letter and parses it
// again.
func TestASubsetHasWhatItsGlyphsArePutTogetherFrom(t *testing.T) {
	f := parsed(t, dejavusans.TTF)
	ids := []uint16{0, f.Glyph('é').ID, f.Glyph('i').ID, f.Glyph('é').ID}
	cut, err := f.Subset(ids)
	if err != nil || len(cut) > len(dejavusans.TTF)/10 {
		t.Fatalf("%d bytes, %v", len(cut), err)
	}
	again, err := f.Subset(ids)
	if err != nil || !bytes.Equal(cut, again) {
		t.Error("the same glyphs give another font")
	}
	small := &Font{tables: map[string][]byte{}}
	for i := range u16(cut, 4) {
		entry := cut[12+16*i:]
		small.tables[string(entry[:4])] = cut[u32(entry, 8):][:u32(entry, 12)]
	}
	small.perEm = u16(small.tables["head"], 18)
	if small.glyphs() < 6 || small.width(1) != f.width(ids[1]) || small.width(2) != f.width(ids[2]) {
		t.Errorf("%d glyphs, widths %d and %d", small.glyphs(), small.width(1), small.width(2))
	}
	composite, err := small.outline(1)
	if err != nil || len(parts(composite)) != 2 {
		t.Fatalf("the letter has %d parts, %v", len(parts(composite)), err)
	}
	for _, at := range parts(composite) {
		if id := u16(composite, at); id < len(ids) || id >= small.glyphs() {
			t.Errorf("a part is glyph %d of %d", id, small.glyphs())
		}
	}
}

// visual returns the texts of runs in their order on paper, from left to right.
func visual(runs []Run) (texts []string) {
	for _, r := range runs {
		texts = append(texts, r.Text)
	}
	return texts
}

func TestWordsFromTheRightStandInTheirOrder(t *testing.T) {
	s := withFontOfAll(t)
	for _, c := range []struct {
		text  string
		right bool
		want  []string
	}{
		{"say שלום twice", false, []string{"say ", "שלום", " twice"}},
		{"say שלום עולם", false, []string{"say ", "שלום עולם"}},
		{"say שלום 12 and סליחה.", false, []string{"say ", "12", "שלום ", " and ", "סליחה", "."}},
		{"12 שלום", false, []string{"12 ", "שלום"}},
		{"x ١٢ שלום", false, []string{"x ", " שלום", "١٢"}},
		{"on שלום 12 34", false, []string{"on ", "34", " ", "12", "שלום "}},
		{"שלום and more", true, []string{"and more", "שלום "}},
	} {
		if got := visual(s.Set(c.text, c.right)); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q stands as %q, want %q", c.text, got, c.want)
		}
	}
}

func TestArabicLettersJoin(t *testing.T) {
	s := withFontOfAll(t)
	alone := s.Set("ب", false)[0].Glyphs[0].ID
	joined := s.Set("ببب", false)[0].Glyphs
	if len(joined) != 3 || joined[0].ID == alone || joined[1].ID == alone || joined[0].ID == joined[2].ID {
		t.Errorf("alone %d, joined %v", alone, joined)
	}
}

func TestARuneThatIsOneWithTheOneBeforeHasNoAdvance(t *testing.T) {
	s := withFontOfAll(t)
	for text, want := range map[string][]bool{
		"abc":      {true, true, true},
		"e\u0301x": {true, false, true},
		"שׁל":      {true, false, true},
		"سلا":      {true, true, false}, // lam and alef form one glyph
	} {
		var got []bool
		for _, advance := range s.Advances(text) {
			got = append(got, advance > 0)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestALineIsAsLongAsItsGlyphs(t *testing.T) {
	s := withFontOfAll(t)
	for _, text := range []string{"", "plain", "Łukasz é e\u0301", "שלום", "سلام عليكم", "a שלום b"} {
		sum := 0
		for _, run := range s.Set(text, false) {
			for _, g := range run.Glyphs {
				sum += g.Advance
			}
		}
		if got := s.Width(text); got != sum {
			t.Errorf("%q is measured %d and set %d", text, got, sum)
		}
	}
}
