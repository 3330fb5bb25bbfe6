// Package signature signs files according to PAdES B-B (ETSI EN 319 142-1), with a self-made or a
// practice's own certificate, and checks such signatures without a database. It is separate from
// internal/pdf, which knows where in a file a signature is, so that keys are handled in one small
// place.
package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// valid is the lifetime of a self-made certificate.
const valid = 10 * 365 * 24 * time.Hour

// An Identity is a private key with its certificate and those of its issuers.
type Identity struct {
	Key   crypto.Signer
	Chain []*x509.Certificate // its own first
}

// Make returns a new self-signed identity.
func Make(name string, now time.Time) (Identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Identity{}, fmt.Errorf("signing key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return Identity{}, fmt.Errorf("signing certificate: %w", err)
	}
	subject := pkix.Name{CommonName: short(name, 64), OrganizationalUnit: []string{"Signed records"}}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: subject, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(valid),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Identity{}, fmt.Errorf("signing certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return Identity{}, fmt.Errorf("signing certificate: %w", err)
	}
	return Identity{key, []*x509.Certificate{certificate}}, nil
}

// short returns the beginning of name, at most most bytes.
func short(name string, most int) string {
	for len(name) > most {
		runes := []rune(name)
		name = string(runes[:len(runes)-1])
	}
	return name
}

// Errors for a practice's own identity, each a sentence for a person.
var (
	ErrNoKey    = errors.New("the file has no private key that can sign (ECDSA or RSA, in PEM, without a passphrase)")
	ErrNoMatch  = errors.New("the first certificate in the file does not belong to the private key")
	ErrNoChain  = errors.New("the file has no certificate in PEM")
	ErrWeakKey  = errors.New("the RSA key is shorter than 2048 bits")
	errNotBegun = errors.New("the certificate is not valid yet")
)

// An ExpiredError reports since when a certificate has expired.
type ExpiredError struct{ Since time.Time }

// Error returns a sentence for a person.
func (e ExpiredError) Error() string {
	return "the certificate expired on " + e.Since.UTC().Format("January 2, 2006")
}

// Parse parses an identity from PEM: one private key, and certificates of which the first belongs
// to the key.
func Parse(text []byte) (Identity, error) {
	var id Identity
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return Identity{}, fmt.Errorf("%w: %w", ErrNoChain, err)
			}
			id.Chain = append(id.Chain, certificate)
		} else if key := parseKey(block.Bytes); key != nil {
			id.Key = key
		}
	}
	return id, id.check()
}

// parseKey returns the private key in der, or nil.
func parseKey(der []byte) crypto.Signer {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		signer, _ := key.(crypto.Signer)
		return signer
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key
	}
	return nil
}

// check refuses an identity that cannot sign.
func (id Identity) check() error {
	switch key := id.Key.(type) {
	case *ecdsa.PrivateKey:
	case *rsa.PrivateKey:
		if key.N.BitLen() < 2048 {
			return ErrWeakKey
		}
	default:
		return ErrNoKey
	}
	if len(id.Chain) == 0 {
		return ErrNoChain
	}
	own, ok := id.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !own.Equal(id.Chain[0].PublicKey) {
		return ErrNoMatch
	}
	return nil
}

// ValidAt returns why id cannot sign at a time, as a sentence, or nil.
func (id Identity) ValidAt(at time.Time) error { return ValidAt(id.Chain[0], at) }

// ValidAt returns why c cannot be used for signing at a time, as a sentence, or nil.
func ValidAt(c *x509.Certificate, at time.Time) error {
	switch {
	case at.After(c.NotAfter):
		return ExpiredError{c.NotAfter}
	case at.Before(c.NotBefore):
		return errNotBegun
	}
	return nil
}

// Name returns the common name of the certificate.
func (id Identity) Name() string { return id.Chain[0].Subject.CommonName }

// PEM encodes id for Parse.
func (id Identity) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, c := range id.Chain {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return text, nil
}

// IsSelfMade reports whether id is self-signed.
func (id Identity) IsSelfMade() bool { return IsSelfMade(id.Chain[0]) }

// IsSelfMade reports whether c is self-signed.
func IsSelfMade(c *x509.Certificate) bool { return string(c.RawIssuer) == string(c.RawSubject) }

// Fingerprint returns half of a certificate's SHA-256 in groups of four, so that two people can
// compare it.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	var fours []string
	for four := range strings.SplitSeq(hex.EncodeToString(sum[:16]), "") {
		if last := len(fours) - 1; last >= 0 && len(fours[last]) < 4 {
			fours[last] += four
		} else {
			fours = append(fours, four)
		}
	}
	return strings.Join(fours, "-")
}
