package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func made(t testing.TB) Identity {
	t.Helper()
	id, err := Make("Linden Street Practice", now)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ofRSA returns an identity with an RSA key and a self-signed certificate.
func ofRSA(t testing.TB, bits int) Identity {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	template := *made(t).Chain[0]
	template.SignatureAlgorithm, template.PublicKey = x509.UnknownSignatureAlgorithm, nil
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return Identity{key, []*x509.Certificate{own}}
}

func TestASignatureIsCheckedWithTheDigestAlone(t *testing.T) {
	for name, id := range map[string]Identity{"ECDSA": made(t), "RSA": ofRSA(t, 2048)} {
		digest, other := sha256.Sum256([]byte("a note")), sha256.Sum256([]byte("another"))
		signature, err := id.Sign(digest[:])
		if err != nil {
			t.Fatal(name, err)
		}
		chain, err := Check(signature, digest[:])
		if err != nil || !chain[0].Equal(id.Chain[0]) {
			t.Error(name, err)
		}
		if _, err := Check(signature, other[:]); !errors.Is(err, ErrChanged) {
			t.Error(name, "signs another digest:", err)
		}
	}
}

func TestNoByteOfASignatureCanBeChanged(t *testing.T) {
	digest := sha256.Sum256([]byte("a note"))
	signature, err := made(t).Sign(digest[:])
	if err != nil {
		t.Fatal(err)
	}
	for i := range signature {
		changed := bytes.Clone(signature)
		changed[i] ^= 1 << (i % 8)
		if _, err := Check(changed, digest[:]); !errors.Is(err, ErrChanged) {
			t.Errorf("byte %d of %d can be changed: %v", i, len(signature), err)
		}
	}
	if _, err := Check(append(bytes.Clone(signature), 0), digest[:]); !errors.Is(err, ErrChanged) {
		t.Error("something can be added", err)
	}
}

// TestOpenSSLFindsTheSignatureGood checks the signature with another program.
func TestOpenSSLFindsTheSignatureGood(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for name, id := range map[string]Identity{"ECDSA": made(t), "RSA": ofRSA(t, 2048)} {
		content := []byte("What was signed.")
		digest := sha256.Sum256(content)
		signature, err := id.Sign(digest[:])
		if err != nil {
			t.Fatal(name, err)
		}
		folder := t.TempDir()
		write := func(name string, data []byte) string {
			path := filepath.Join(folder, name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		own := write("own.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Chain[0].Raw}))
		verify := func(content []byte) ([]byte, error) {
			return exec.Command("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER",
				"-in", write("signature", signature), "-content", write("content", content), "-CAfile", own, "-purpose", "any",
				"-no_check_time", "-partial_chain").CombinedOutput()
		}
		if out, err := verify(content); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if out, err := verify([]byte("What was not.")); err == nil {
			t.Errorf("%s: something else is good, too: %s", name, out)
		}
	}
}

func TestAnIdentityIsReadAsItWasWritten(t *testing.T) {
	for name, id := range map[string]Identity{"ECDSA": made(t), "RSA": ofRSA(t, 2048)} {
		text, err := id.PEM()
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := Parse(text)
		if err != nil || Fingerprint(again.Chain[0]) != Fingerprint(id.Chain[0]) || !again.IsSelfMade() {
			t.Error(name, err)
		}
	}
}

func TestAnIdentityThatCannotSignIsRefused(t *testing.T) {
	id, other := made(t), made(t)
	key, err := x509.MarshalECPrivateKey(id.Key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	weak, err := ofRSA(t, 1024).PEM()
	if err != nil {
		t.Fatal(err)
	}
	own := block("CERTIFICATE", id.Chain[0].Raw)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"good":                     {block("EC PRIVATE KEY", key) + own, nil},
		"the other way round":      {own + block("EC PRIVATE KEY", key), nil},
		"nothing":                  {"", ErrNoKey},
		"no key":                   {own, ErrNoKey},
		"no certificate":           {block("EC PRIVATE KEY", key), ErrNoChain},
		"a broken certificate":     {block("EC PRIVATE KEY", key) + block("CERTIFICATE", key), ErrNoChain},
		"another's certificate":    {block("EC PRIVATE KEY", key) + block("CERTIFICATE", other.Chain[0].Raw), ErrNoMatch},
		"a key that is too short":  {string(weak), ErrWeakKey},
		"a key with a passphrase":  {block("ENCRYPTED PRIVATE KEY", []byte("x")) + own, ErrNoKey},
		"a key of the wrong curve": {strings.Repeat("x", 100), ErrNoKey},
	} {
		if _, err := Parse([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestACertificateSignsWhileItIsValid(t *testing.T) {
	id := made(t)
	if err := id.ValidAt(now); err != nil {
		t.Error(err)
	}
	if err := id.ValidAt(now.Add(-2 * time.Hour)); err == nil {
		t.Error("it signs before it is valid")
	}
	expired, ok := errors.AsType[ExpiredError](id.ValidAt(now.AddDate(11, 0, 0)))
	if want := "the certificate expired on March 9, 2041"; !ok || expired.Error() != want {
		t.Errorf("%q, want %q", expired.Error(), want)
	}
}

func TestAFingerprintIsHalfOfTheHashInFours(t *testing.T) {
	fours := strings.Split(Fingerprint(made(t).Chain[0]), "-")
	if len(fours) != 8 || len(strings.Join(fours, "")) != 32 {
		t.Error(fours)
	}
}

func TestAVeryLongNameIsShortened(t *testing.T) {
	id, err := Make(strings.Repeat("é", 100), now)
	if err != nil || id.Chain[0].Subject.CommonName != strings.Repeat("é", 32) {
		t.Error(err)
	}
	if id.Chain[0].PublicKey.(*ecdsa.PublicKey).Curve != elliptic.P256() {
		t.Error("another curve")
	}
}
