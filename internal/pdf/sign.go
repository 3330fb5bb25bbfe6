package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Signing is who signs a file, when, and how: Sign returns the signature of a SHA-256 digest.
type Signing struct {
	Name string
	At   time.Time
	Sign func(digest []byte) ([]byte, error)
}

// spare is how many bytes longer a signature may be than the trial one: with ECDSA, the length
// varies by a byte or two for each number in it.
const spare = 8

// Signed returns s as a file with a signature over all of it (PAdES), so that any PDF reader can
// detect changes.
func Signed(s Sheet, by Signing) (file []byte, err error) {
	defer func() { // the library panics instead of returning errors
		if p := recover(); p != nil {
			file, err = nil, fmt.Errorf("draw signed sheet: %v", p)
		}
	}()
	trial, err := by.Sign(make([]byte, sha256.Size))
	if err != nil {
		return nil, err
	}
	blank := &signatureField{signing: by, size: len(trial) + spare}
	file, err = fileOf(s, blank)
	if err != nil {
		return nil, fmt.Errorf("draw signed sheet: %w", err)
	}
	return blank.fill(file)
}

// A signatureField is the signature field of a file before it is signed.
type signatureField struct {
	signing Signing
	size    int // bytes reserved for the signature, padded with zeros
}

// noRange is a placeholder as long as any range in a file of less than ten gigabytes.
const noRange = "/ByteRange [0 0000000000 0000000000 0000000000]"

// write adds the invisible field to the first page and returns its entry for the catalog.
func (f *signatureField) write(o *objects, d *drawing) string {
	value := o.add("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %s /M (%s) %s "+
		"/Contents <%s>>>",
		textString(oneLine(f.signing.Name)), f.signing.At.UTC().Format("D:20060102150405Z"), noRange,
		strings.Repeat("0", 2*f.size))
	form := d.root.add(&element{role: "Form"})
	field := d.annotation(o, form, 0, fmt.Sprintf("/Subtype /Widget /FT /Sig /T (Signature) /TU (Signature) /F 132 "+
		"/Rect [0 0 0 0] /V %d 0 R", value))
	return fmt.Sprintf(" /AcroForm <</Fields [%d 0 R] /SigFlags 3>>", field)
}

// fill signs file and writes the signature into it.
func (f *signatureField) fill(file []byte) ([]byte, error) {
	at := bytes.Index(file, []byte(noRange))
	if at < 0 {
		return nil, errNoSignature
	}
	from := at + len(noRange) + len(" /Contents ")
	to := from + 2*f.size + len("<>")
	copy(file[at:], fmt.Sprintf("/ByteRange [0 %010d %010d %010d]", from, to, len(file)-to))
	digest := sha256.New()
	digest.Write(file[:from])
	digest.Write(file[to:])
	sum := digest.Sum(nil)
	signature, err := f.signing.Sign(sum)
	if err != nil {
		return nil, err
	}
	if len(signature) > f.size {
		return nil, errors.New("the signature is longer than what is kept for it")
	}
	copy(file[from:], fmt.Sprintf("<%X", signature))
	return file, nil
}

// A FileSignature is the signature in a file, not checked yet. Digest is that of the rest of the
// file.
type FileSignature struct {
	Name      string
	At        time.Time
	Digest    []byte
	Signature []byte
}

var (
	errNoSignature = errors.New("it has no signature of Mend")
	errNotWhole    = errors.New("its signature does not cover all of it")
)

var signatureParts = regexp.MustCompile(
	`/SubFilter /ETSI\.CAdES\.detached /Name <FEFF([0-9A-F]*)> /M \(D:(\d{14})Z\) ` +
		`/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\] /Contents <`,
)

// ReadSignature finds the signature of a file written by Signed. If it does not cover all of the
// file but itself, it returns an error.
func ReadSignature(file []byte) (FileSignature, error) {
	all := signatureParts.FindAllSubmatchIndex(file, 2)
	if len(all) != 1 {
		return FileSignature{}, errNoSignature
	}
	part := func(n int) string { return string(file[all[0][2*n]:all[0][2*n+1]]) }
	from, _ := strconv.Atoi(part(3))
	to, _ := strconv.Atoi(part(4))
	rest, _ := strconv.Atoi(part(5))
	if from != all[0][1]-1 || to < from+2 || to+rest != len(file) || file[to-1] != '>' {
		return FileSignature{}, errNotWhole
	}
	written := string(file[from+1 : to-1])
	signature, err := unpadded(written)
	if err != nil {
		return FileSignature{}, err
	}
	at, err := time.Parse("20060102150405", part(2))
	if err != nil {
		return FileSignature{}, errNoSignature
	}
	digest := sha256.New()
	digest.Write(file[:from])
	digest.Write(file[to:])
	return FileSignature{readTextString(part(1)), at, digest.Sum(nil), signature}, nil
}

// unpadded decodes the hexadecimal signature without the zeros that pad it.
func unpadded(written string) ([]byte, error) {
	all, err := hex.DecodeString(written)
	if err != nil || strings.ToUpper(written) != written {
		return nil, errNotWhole
	}
	var message asn1.RawValue
	padding, err := asn1.Unmarshal(all, &message)
	if err != nil || len(bytes.Trim(padding, "\x00")) > 0 {
		return nil, errNotWhole
	}
	return message.FullBytes, nil
}
