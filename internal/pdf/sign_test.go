package pdf

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/internal/signature"
)

func identity(t testing.TB) signature.Identity {
	t.Helper()
	id, err := signature.Make("Linden Street Practice", note().Made)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// signed returns s as a signed file.
func signed(t testing.TB, s Sheet, id signature.Identity) []byte {
	t.Helper()
	file, err := Signed(s, Signing{Name: "Dana Example, LMFT", At: s.Made, Sign: id.Sign})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// verified returns why the signature of file is invalid, or nil.
func verified(file []byte) error {
	found, err := ReadSignature(file)
	if err == nil {
		_, err = signature.Check(found.Signature, found.Digest)
	}
	return err
}

func saved(t *testing.T, file []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAReaderOfPDFsFindsTheSignatureGood(t *testing.T) {
	name := saved(t, signed(t, note(), identity(t)))
	out := tool(t, "pdfsig", name, "-nocert")
	for _, want := range []string{
		"Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "Signing Hash Algorithm: SHA-256",
		"Signer Certificate Common Name: Linden Street Practice",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
	if out := tool(t, "qpdf", name, "--check"); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
}

// TestTheFieldOfTheSignatureIsPartOfTheStructure and has the print flag, as PDF/A requires: it has
// no size.
func TestTheFieldOfTheSignatureIsPartOfTheStructure(t *testing.T) {
	file := string(signed(t, note(), identity(t)))
	for _, want := range []string{`/Subtype /Widget [^>]*/F 132 `, `/S /Form [^\n]*/K \[<</Type /OBJR /Pg 3 0 R /Obj \d+ 0 R>>\]`} {
		if !regexp.MustCompile(want).MatchString(file) {
			t.Errorf("%s is not in the file", want)
		}
	}
}

func TestASignedSheetSaysTheSame(t *testing.T) {
	s := note()
	got, want := saidByPoppler(t, saved(t, signed(t, s, identity(t)))), saidByPoppler(t, printed(t, s))
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("signed:\n%q\nunsigned:\n%q", got, want)
	}
}

func TestTheSignatureSaysWhoAndWhen(t *testing.T) {
	s := note()
	found, err := ReadSignature(signed(t, s, identity(t)))
	if err != nil || found.Name != "Dana Example, LMFT" || !found.At.Equal(s.Made) {
		t.Error(found.Name, found.At, err)
	}
}

var long = flag.Bool("long", false, "show each changed file to another reader, rather than a sample")

// TestEveryChangedByteIsFound signs a thousand sheets, changes one byte of each, and checks a
// sample with another reader, or all with -long.
func TestEveryChangedByteIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("the quick tests leave out what takes seconds")
	}
	t.Parallel()
	who, random := identity(t), rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		s := note()
		s.Title = fmt.Sprintf("Note %d", i)
		file := signed(t, s, who)
		if err := verified(file); err != nil {
			t.Fatal(err)
		}
		if i%50 == 0 {
			if out := tool(t, "pdfsig", saved(t, file), "-nocert"); !strings.Contains(out, "Signature is Valid") {
				t.Fatal(out)
			}
		}
		changed := bytes.Clone(file)
		at := random.IntN(len(file))
		changed[at] ^= byte(1 + random.IntN(255))
		if verified(changed) == nil {
			t.Fatalf("byte %d of %d can be changed from %q to %q", at, len(file), file[at], changed[at])
		}
		// In the signature, pdfsig accepts lowercase digits and does not check that the certificate
		// belongs to it.
		from := signatureParts.FindIndex(file)[1]
		to := from + bytes.IndexByte(file[from:], '>')
		if (*long || i%50 == 0) && (at < from || at >= to) {
			if out := foreign(t, changed); strings.Contains(out, "Signature is Valid") && strings.Contains(out,
				"Total document signed") {
				t.Errorf("another reader takes byte %d as %q instead of %q", at, changed[at], file[at])
			}
		}
	}
}

// foreign returns what pdfsig prints about a file that it may not be able to read.
func foreign(t *testing.T, file []byte) string {
	t.Helper()
	return quiet("pdfsig", "-nocert", saved(t, file))
}

func TestNothingCanBeAddedOrCutOff(t *testing.T) {
	file := signed(t, note(), identity(t))
	small, from := bytes.Clone(file), signatureParts.FindIndex(file)[1]
	to := from + bytes.IndexByte(file[from:], '>')
	copy(small[from:to], bytes.ToLower(file[from:to]))
	padded := bytes.Clone(file)
	padded[to-1]++ // the last zero of the padding
	for name, changed := range map[string][]byte{
		"a line more":         append(bytes.Clone(file), '\n'),
		"a second file":       append(bytes.Clone(file), file...),
		"the last byte":       file[:len(file)-1],
		"half of it":          file[:len(file)/2],
		"nothing left":        nil,
		"something before it": append([]byte(" "), file...),
		"another file":        draw(t, note()),
		"small digits":        small,
		"padding":             padded,
	} {
		if verified(changed) == nil {
			t.Errorf("%s: it is as it was signed", name)
		}
	}
}

// TestASignatureOfAnotherLengthThanTheTrialFits: ECDSA signatures differ in length by a byte or
// two. One that is much longer is refused, not cut.
func TestASignatureOfAnotherLengthThanTheTrialFits(t *testing.T) {
	for _, c := range []struct {
		trial, real int
		fits        bool
	}{{90, 86, true}, {90, 98, true}, {90, 99, false}} {
		length := c.trial
		by := Signing{Name: "Invented Practice", At: time.Unix(0, 0), Sign: func([]byte) ([]byte, error) {
			signature := make([]byte, length)
			signature[0], signature[1] = 0x30, byte(length-2)
			length = c.real
			return signature, nil
		}}
		file, err := Signed(Sheet{Title: "A note", Blocks: []Block{Paragraph{Text: "A sentence."}}}, by)
		if (err == nil) != c.fits {
			t.Errorf("%d after %d: %v", c.real, c.trial, err)
			continue
		}
		if found, err := ReadSignature(file); c.fits && (err != nil || len(found.Signature) != c.real) {
			t.Errorf("%d after %d: read %d, %v", c.real, c.trial, len(found.Signature), err)
		}
	}
}

// TestTheSameSheetSignedAtTheSameTimeHasTheSameBytes, so the size of a copy reveals nothing.
func TestTheSameSheetSignedAtTheSameTimeHasTheSameBytes(t *testing.T) {
	id := identity(t)
	if first, second := signed(t, note(), id), signed(t, note(), id); !bytes.Equal(first, second) {
		t.Error("they differ")
	}
}

func TestASignerThatFailsIsReported(t *testing.T) {
	broken := errors.New("no key")
	for _, fails := range []int{0, 1} { // in the trial, and for the file
		calls := 0
		_, err := Signed(note(), Signing{At: time.Now(), Sign: func([]byte) ([]byte, error) {
			if calls++; calls > fails {
				return nil, broken
			}
			return []byte{1}, nil
		}})
		if !errors.Is(err, broken) {
			t.Errorf("call %d: %v", fails+1, err)
		}
	}
}

func BenchmarkTwoPageNoteSigned(b *testing.B) {
	s, id := note(), identity(b)
	b.ReportAllocs()
	for b.Loop() {
		signed(b, s, id)
	}
}
