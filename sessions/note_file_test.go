package sessions

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/signature"
)

// file returns the PDF of the signed note of s.
func (w *world) file(s Session) []byte {
	w.Helper()
	file, err := w.st.SignedFile(w.Context(), s.Filing(), w.note(s))
	w.must(err)
	return file
}

// signer checks the signature of file and returns it with the fingerprint of its certificate.
func (w *world) signer(file []byte) (pdf.FileSignature, string) {
	w.Helper()
	found, err := pdf.ReadSignature(file)
	w.must(err)
	chain, err := signature.Check(found.Signature, found.Digest)
	w.must(err)
	return found, signature.Fingerprint(chain[0])
}

// words returns the text of file.
func (w *world) words(file []byte) string {
	w.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			w.Fatal(err)
		}
		w.Skip(err)
	}
	name := filepath.Join(w.TempDir(), "note.pdf")
	w.must(os.WriteFile(name, file, 0o600))
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	w.must(err)
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestTheFileOfANoteIsMadeOnceAndSigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signed()
		file := w.file(s)
		for range 3 {
			if !bytes.Equal(w.file(s), file) {
				w.Error("another download gives other bytes")
			}
		}
		found, fingerprint := w.signer(file)
		d, err := w.note(s).Document()
		w.must(err)
		if found.Name != w.dana.Signature() || !found.At.Equal(*w.note(s).SignedAt) || d.Certificate != fingerprint {
			w.Error(found.Name, found.At, d.Certificate, fingerprint)
		}
		told, err := w.people.Certificate(w.Context(), s.PracticeID)
		if err != nil || told.Fingerprint != fingerprint || !told.IsSelfMade {
			w.Error(told, err)
		}
		text := w.words(file)
		for _, want := range []string{"Certificate " + fingerprint, "Content " + ShortHash(w.note(s).Hash)} {
			if !strings.Contains(text, want) {
				w.Errorf("%q is not on paper", want)
			}
		}
		file[len(file)/2] ^= 1
		if _, err := pdf.ReadSignature(file); err == nil && checkFile(file) == nil {
			w.Error("a changed file is as it was signed")
		}
	})
}

func TestAnAddendumIsSignedWithAllThatStoodBeforeIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signed()
		before := w.file(s)
		var all []error
		all = append(all, atOnce(4, func(i int) error {
			key := string(rune('a' + i%2)) // each form is sent twice
			return w.st.Append(t.Context(), s, w.dana, "Corrects "+key, "Text of "+key, key, noPrivateWording, after(200))
		})...)
		w.must(errors.Join(all...))
		file := w.file(s)
		found, _ := w.signer(file)
		text := w.words(file)
		if bytes.Equal(file, before) || !found.At.Equal(after(200)) {
			w.Error("the addendum was not signed", found.At)
		}
		for _, want := range []string{"Text of a", "Text of b", w.dana.Signature()} {
			if !strings.Contains(text, want) {
				w.Errorf("%q is not in the last file", want)
			}
		}
		if n, bad, err := w.st.VerifyNotes(t.Context()); n != 1 || len(bad) > 0 || err != nil {
			w.Error(n, bad, err)
		}
	})
}

func TestACertificateOfThePracticeThatRanOutSignsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		own := w.brought(after(-600), after(60))
		seen := Signing{Reviewed: true, Seen: w.write(s).Hash}
		sign := func(at time.Time) error {
			return w.st.Sign(t.Context(), s, w.noteContext(), seen, noPrivateWording, at)
		}
		got := faultsOf(sign(after(90)))["password"].String()
		if !strings.Contains(got, "the certificate expired on March 12, 2031") {
			w.Errorf("%q", got)
		}
		if w.note(s).Signed() {
			w.Error("the note was signed")
		}
		w.must(sign(after(30)))
		if _, fingerprint := w.signer(w.file(s)); fingerprint != own {
			w.Error("signed with", fingerprint, "and not with", own)
		}
	})
}

// brought stores a certificate issued by another one and valid between two times, with which the
// practice signs from then on, and returns its fingerprint.
func (w *world) brought(from, until time.Time) string {
	w.Helper()
	issuer, err := signature.Make("An authority", from)
	w.must(err)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	w.must(err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "The practice"}, NotBefore: from, NotAfter: until,
	}, issuer.Chain[0], key.Public(), issuer.Key)
	w.must(err)
	own, err := x509.ParseCertificate(der)
	w.must(err)
	id := signature.Identity{Key: key, Chain: []*x509.Certificate{own, issuer.Chain[0]}}
	w.must(w.people.BringIdentity(w.Context(), w.practice.ID, id, from))
	return signature.Fingerprint(own)
}

func TestACertificateOfMendIsMadeAnewInTime(t *testing.T) {
	eachWorld(t, func(w *world) {
		identity := func(at time.Time) (id signature.Identity) {
			w.must(w.db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) (err error) {
				id, err = accounts.SigningIdentity(ctx, tx, w.st.vault, w.practice.ID, at)
				return err
			}))
			return id
		}
		first, again, later := identity(after(0)), identity(after(60)), identity(after(0).AddDate(11, 0, 0))
		if !first.Chain[0].Equal(again.Chain[0]) || first.Chain[0].Equal(later.Chain[0]) {
			w.Error("a certificate is not used as long as it is valid")
		}
	})
}

func TestANoteWithoutAFileIsNotFound(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		if _, err := w.st.SignedFile(t.Context(), s.Filing(), w.note(s)); !errors.Is(err, fault.NotFound) {
			w.Error(err)
		}
	})
}
