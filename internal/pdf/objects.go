package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"unicode/utf16"
)

// objects are the objects of a PDF file, numbered from 1.
type objects struct{ list [][]byte }

// add writes an object and returns its number.
func (o *objects) add(format string, args ...any) int {
	o.list = append(o.list, fmt.Appendf(nil, format, args...))
	return len(o.list)
}

// set writes the object with a number returned by add.
func (o *objects) set(number int, format string, args ...any) {
	o.list[number-1] = fmt.Appendf(nil, format, args...)
}

// stream writes compressed data and returns its number. entries are further entries of its
// dictionary.
func (o *objects) stream(entries string, data []byte) int {
	packed := compressed(data)
	return o.add("<</Filter /FlateDecode %s /Length %d>>\nstream\n%s\nendstream", entries, len(packed), packed)
}

// compressors are reused, because each takes a megabyte.
var compressors = sync.Pool{New: func() any {
	z, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // a valid level
	return z
}}

func compressed(data []byte) []byte {
	var b bytes.Buffer
	z := compressors.Get().(*zlib.Writer)
	defer compressors.Put(z)
	z.Reset(&b)
	z.Write(data) // writing to memory does not fail
	z.Close()
	return b.Bytes()
}

// file returns the objects as a file whose catalog is given. Its id is a hash of the contents, so
// that equal contents give equal files.
func (o *objects) file(catalog, info int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(o.list))
	for i, object := range o.list {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	id := sha256.Sum256(b.Bytes())
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(o.list)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(o.list)+1, catalog, info, id[:16], id[:16], start)
	return b.Bytes()
}

var startOfTable = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)

var errNoPDF = errors.New("the drawing library wrote what is no PDF")

// readObjects parses a file written by the drawing library, with one plain cross-reference table.
func readObjects(raw []byte) (*objects, error) {
	found := startOfTable.FindSubmatch(raw)
	if found == nil {
		return nil, errNoPDF
	}
	start, _ := strconv.Atoi(string(found[1]))
	lines := bytes.Split(raw[start:], []byte("\n"))
	var count int
	if _, err := fmt.Sscanf(string(lines[1]), "0 %d", &count); err != nil || len(lines) < count+2 {
		return nil, errNoPDF
	}
	offsets := make([]int, 0, count)
	for _, line := range lines[3 : count+2] {
		offset, err := strconv.Atoi(string(line[:10]))
		if err != nil {
			return nil, errNoPDF
		}
		offsets = append(offsets, offset)
	}
	ends := append(slices.Clone(offsets), start)
	slices.Sort(ends)
	o := &objects{}
	for _, offset := range offsets {
		at, _ := slices.BinarySearch(ends, offset)
		_, body, _ := bytes.Cut(raw[offset:ends[at+1]], []byte(" obj\n"))
		o.list = append(o.list, bytes.TrimSuffix(body, []byte("\nendobj\n")))
	}
	return o, nil
}

// utf16BE encodes text as big-endian UTF-16.
func utf16BE(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

// textString encodes text as a PDF string.
func textString(text string) string { return fmt.Sprintf("<FEFF%X>", utf16BE(text)) }

// readTextString decodes the digits of a textString.
func readTextString(digits string) string {
	raw, _ := hex.DecodeString(digits)
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}
