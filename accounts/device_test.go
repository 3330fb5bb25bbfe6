package accounts_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"

	"github.com/descope/virtualwebauthn"
)

const home = "https://mend.example.org"

// A device holds a passkey, as a phone does.
type device struct {
	t    *testing.T
	site virtualwebauthn.RelyingParty
	chip virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func newDevice(t *testing.T) *device {
	t.Helper()
	for {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		point, err := key.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if point[1] == 0 || point[33] == 0 { // the library leaves out leading zeros of a coordinate
			continue
		}
		text, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return &device{
			t,
			virtualwebauthn.RelyingParty{Name: "Mend", ID: "mend.example.org", Origin: home},
			virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, text),
		}
	}
}

func (d *device) make(options []byte) string {
	d.t.Helper()
	asked, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		d.t.Fatal(err)
	}
	return virtualwebauthn.CreateAttestationResponse(d.site, d.chip, d.key, *asked)
}

func (d *device) sign(options []byte) string {
	d.t.Helper()
	asked, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(d.site, d.chip, d.key, *asked)
}
