package backup

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// A Seal is for whom a backup is encrypted: an age recipient (age1...) or a passphrase. With an
// empty Seal it is not encrypted, as for the copy before a migration, in the database's own folder.
type Seal struct {
	Recipient  string
	Passphrase string
}

// Check returns what is wrong with the recipient.
func (s Seal) Check() error {
	_, err := s.recipient()
	return err
}

func (s Seal) recipient() (age.Recipient, error) {
	if s.Recipient != "" {
		r, err := age.ParseX25519Recipient(s.Recipient)
		if err != nil {
			return nil, errors.New("the recipient is not one of age, such as age1..., made with age-keygen")
		}
		return r, nil
	}
	return age.NewScryptRecipient(s.Passphrase)
}

// writer returns a writer that compresses and encrypts to w. It must be closed to complete the
// file.
func (s Seal) writer(w io.Writer) (io.WriteCloser, error) {
	if s == (Seal{}) {
		return gzip.NewWriter(w), nil
	}
	to, err := s.recipient()
	if err != nil {
		return nil, err
	}
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &closers{gzip.NewWriter(sealed), sealed}, nil
}

// closers closes the compressor and then the encryption.
type closers struct {
	*gzip.Writer
	sealed io.Closer
}

// Close implements io.Closer.
func (c *closers) Close() error { return errors.Join(c.Writer.Close(), c.sealed.Close()) }

// An Opening is what decrypts a backup: a passphrase, or a file of age identities.
type Opening struct {
	Passphrase string
	Identities string // the contents of that file
	AnyLog     bool   // accept it although a log in it was truncated or rebuilt
}

func (o Opening) identities() ([]age.Identity, error) {
	if o.Identities != "" {
		list, err := age.ParseIdentities(strings.NewReader(o.Identities))
		if err != nil {
			return nil, errors.New("the identity file is not one of age")
		}
		return list, nil
	}
	if o.Passphrase == "" {
		return nil, nil
	}
	one, err := age.NewScryptIdentity(o.Passphrase)
	return []age.Identity{one}, err
}

const ageMagic = "age-encryption.org/"

// reader returns the decrypted contents of a file.
func (o Opening) reader(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	first, err := in.Peek(len(ageMagic))
	if err != nil {
		return nil, damaged("it is empty or cut off")
	}
	var inside io.Reader = in
	if string(first) == ageMagic {
		list, err := o.identities()
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, ErrKey
		}
		inside, err = age.Decrypt(in, list...)
		if noMatch := new(age.NoIdentityMatchError); errors.As(err, &noMatch) {
			return nil, ErrKey
		}
		if err != nil {
			return nil, damaged("its seal is broken")
		}
	}
	unpacked, err := gzip.NewReader(inside)
	if err != nil {
		return nil, damaged("it is not a backup of Mend, or its beginning is lost")
	}
	return unpacked, nil
}
