package handlers

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/pdf"
	"mend/internal/signature"
)

// verified returns why a file's signature is invalid, or nil.
func verified(file []byte) error {
	found, err := pdf.ReadSignature(file)
	if err != nil {
		return err
	}
	chain, err := signature.Check(found.Signature, found.Digest)
	if err == nil {
		err = signature.ValidAt(chain[0], found.At)
	}
	return err
}

// pdfsig returns poppler's output about the signature of a file.
func pdfsig(t *testing.T, file []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdfsig"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	name := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("pdfsig", "-nocert", name).CombinedOutput() // it also fails for a file that it cannot read
	return string(out)
}

// TestPrintedFormsAndTheRecordAreSignedByThePractice: two readers find each signature valid, and
// invalid if any byte is changed. A draft of a plan is not signed.
func TestPrintedFormsAndTheRecordAreSignedByThePractice(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		consent := things["consentsigned"] + "/form.pdf"
		files := map[string][]byte{
			"record":                  []byte(dana.get("/couples/"+things["couple"]+"/record.pdf").want(t, 200).body),
			"consent, by the staff":   []byte(dana.get("/partners/"+things["partner"]+"/consents/"+consent).want(t, 200).body),
			"consent, by the partner": []byte(kit.get("/my/consents/"+consent).want(t, 200).body),
			"policy":                  []byte(kit.get("/my/policy.pdf").want(t, 200).body),
			"treatment plan":          []byte(kit.get("/my/treatment-plan.pdf").want(t, 200).body),
		}
		if !bytes.Equal(files["consent, by the staff"], files["consent, by the partner"]) {
			t.Error("the staff and the partner print different bytes")
		}
		for name, file := range files {
			if err := verified(file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if out := pdfsig(t, file); !strings.Contains(out, "Signature is Valid") ||
				!strings.Contains(out, "Total document signed") {
				t.Errorf("%s: %s", name, out)
			}
			for at := range 20 {
				changed := bytes.Clone(file)
				changed[at*(len(file)-1)/19] ^= 1
				if verified(changed) == nil {
					t.Errorf("%s: byte %d of 20 is changed, and nobody notices", name, at)
				}
			}
			changed := bytes.Replace(file, []byte("/Lang (en"), []byte("/Lang (fr"), 1)
			if out := pdfsig(t, changed); strings.Contains(out, "Signature is Valid") {
				t.Errorf("%s: another reader does not notice: %s", name, out)
			}
		}
		dana.post("/couples/"+things["couple"]+"/goals", url.Values{"goal": {"Speak up early."}, "key": {"g"}}).want(t, 303)
		if draft := dana.get("/couples/"+things["couple"]+"/treatment-plan.pdf").want(t, 200).body; verified(
			[]byte(draft)) == nil {
			t.Error("a plan that was not shared is signed")
		}
	})
}

// TestACopyIsPrintedWhateverTheCertificateIs: the first copy creates the certificate, as a note
// does. If the practice's own has expired, the copy says that it is not signed.
func TestACopyIsPrintedWhateverTheCertificateIs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		path := "/my/consents/" + things["consentsigned"] + "/form.pdf"
		w.by(`DELETE FROM signing_identities`)
		if err := verified([]byte(kit.get(path).want(t, 200).body)); err != nil {
			t.Error(err)
		}
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM signing_identities`); n != "1" {
			t.Errorf("%s certificates", n)
		}
		practice := w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"])
		brought := issued(t, w.now.AddDate(-1, 0, 0), w.now.Add(time.Minute))
		if err := w.site.Accounts.BringIdentity(t.Context(), practice, brought, w.now); err != nil {
			t.Fatal(err)
		}
		if err := verified([]byte(kit.get(path).want(t, 200).body)); err != nil {
			t.Error(err)
		}
		w.now = w.now.Add(2 * time.Minute)
		late := kit.get(path).want(t, 200)
		if verified([]byte(late.body)) == nil || !strings.Contains(pdfText(t, late), "This copy is not signed") {
			t.Error("an expired certificate signs, or nothing is said")
		}
	})
}

// TestTheCertificateOfAFileIsTheOneOnTheSettingsPage: so that others can check whose signature it
// is.
func TestTheCertificateOfAFileIsTheOneOnTheSettingsPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		w.completeNote(dana, note)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(note+"/sign", url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}).want(t, 303)
		file := dana.get(note+".pdf").want(t, 200)
		found, err := pdf.ReadSignature([]byte(file.body))
		if err != nil {
			t.Fatal(err)
		}
		chain, err := signature.Check(found.Signature, found.Digest)
		if err != nil {
			t.Fatal(err)
		}
		fingerprint := signature.Fingerprint(chain[0])
		dana.get("/settings/practice").want(t, 200, fingerprint)
		if !strings.Contains(pdfText(t, file), "Certificate "+fingerprint) {
			t.Error("it is not in the footer")
		}
	})
}

// issued returns an identity with a CA-issued certificate that is valid between two times.
func issued(t *testing.T, from, until time.Time) signature.Identity {
	t.Helper()
	issuer, err := signature.Make("An authority", from)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "The practice"}, NotBefore: from, NotAfter: until,
	}, issuer.Chain[0], key.Public(), issuer.Key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return signature.Identity{Key: key, Chain: []*x509.Certificate{own, issuer.Chain[0]}}
}
