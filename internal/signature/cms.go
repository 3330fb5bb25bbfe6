package signature

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// The parts of a CMS message (RFC 5652) in a PAdES signature.
type (
	message struct {
		Type    asn1.ObjectIdentifier
		Content signedData `asn1:"explicit,tag:0"`
	}
	signedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Encapsulated struct{ Type asn1.ObjectIdentifier }
		Certificates asn1.RawValue
		Signers      []signerInfo `asn1:"set"`
	}
	signerInfo struct {
		Version    int
		Issuer     issuerAndSerial
		Digest     pkix.AlgorithmIdentifier
		Attributes asn1.RawValue
		Algorithm  pkix.AlgorithmIdentifier
		Signature  []byte
	}
	issuerAndSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	attribute struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	signingCertificate struct{ Certificates []certificateID }
	certificateID      struct{ Hash []byte }
)

var (
	oidData               = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256             = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSAWithSHA256    = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidRSAWithSHA256      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
)

// attributes returns the signed attributes besides the content's digest: its type and the signer's
// certificate. In PAdES, the time is in the file.
func attributes(digest []byte, own *x509.Certificate) ([]byte, error) {
	hash := sha256.Sum256(own.Raw)
	var list [][]byte
	for _, a := range []struct {
		kind  asn1.ObjectIdentifier
		value any
	}{
		{oidContentType, oidData},
		{oidMessageDigest, digest},
		{oidSigningCertificate, signingCertificate{[]certificateID{{hash[:]}}}},
	} {
		value, err := asn1.Marshal(a.value)
		if err != nil {
			return nil, err
		}
		encoded, err := asn1.Marshal(attribute{a.kind, []asn1.RawValue{{FullBytes: value}}})
		if err != nil {
			return nil, err
		}
		list = append(list, encoded)
	}
	slices.SortFunc(list, bytes.Compare) // as DER requires of a set
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(list, nil)})
}

// algorithmOf returns the signature algorithm of a certificate's key.
func algorithmOf(own *x509.Certificate) (pkix.AlgorithmIdentifier, x509.SignatureAlgorithm) {
	if _, ok := own.PublicKey.(*ecdsa.PublicKey); ok {
		return pkix.AlgorithmIdentifier{Algorithm: oidECDSAWithSHA256}, x509.ECDSAWithSHA256
	}
	return pkix.AlgorithmIdentifier{Algorithm: oidRSAWithSHA256, Parameters: asn1.NullRawValue}, x509.SHA256WithRSA
}

// encode returns the message of a signature over attributes. It is the only form written and
// accepted.
func encode(chain []*x509.Certificate, attributes, signature []byte) ([]byte, error) {
	var certificates []byte
	for _, c := range chain {
		certificates = append(certificates, c.Raw...)
	}
	algorithm, _ := algorithmOf(chain[0])
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	tagged := bytes.Clone(attributes)
	tagged[0] = 0xA0 // the set is field 0 of its parent
	m := message{Type: oidSignedData, Content: signedData{
		Version: 1, Digests: []pkix.AlgorithmIdentifier{sha},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: certificates},
		Signers: []signerInfo{{
			Version: 1, Issuer: issuerAndSerial{asn1.RawValue{FullBytes: chain[0].RawIssuer}, chain[0].SerialNumber},
			Digest: sha, Attributes: asn1.RawValue{FullBytes: tagged}, Algorithm: algorithm, Signature: signature,
		}},
	}}
	m.Content.Encapsulated.Type = oidData
	return asn1.Marshal(m)
}

// Sign returns the signature of id over a SHA-256 digest, the same for the same digest (RFC 6979).
func (id Identity) Sign(digest []byte) ([]byte, error) {
	signed, err := attributes(digest, id.Chain[0])
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sum := sha256.Sum256(signed)
	signature, err := id.Key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return encode(id.Chain, signed, signature)
}

// ErrChanged means that the signature does not match these bytes.
var ErrChanged = errors.New("it is not as it was signed")

// Check returns the certificates of the signer of digest. It accepts only signatures in exactly the
// form in which Sign writes them, so that no byte of it can be changed.
func Check(signature, digest []byte) (chain []*x509.Certificate, err error) {
	var m message
	if rest, err := asn1.Unmarshal(signature, &m); err != nil || len(rest) > 0 || len(m.Content.Signers) != 1 {
		return nil, ErrChanged
	}
	chain, err = x509.ParseCertificates(m.Content.Certificates.Bytes)
	if err != nil || len(chain) == 0 {
		return nil, ErrChanged
	}
	signed, err := attributes(digest, chain[0])
	if err != nil {
		return nil, ErrChanged
	}
	_, algorithm := algorithmOf(chain[0])
	value := m.Content.Signers[0].Signature
	if err := chain[0].CheckSignature(algorithm, signed, value); err != nil {
		return nil, ErrChanged
	}
	if written, err := encode(chain, signed, value); err != nil || !bytes.Equal(written, signature) {
		return nil, ErrChanged
	}
	return chain, nil
}
