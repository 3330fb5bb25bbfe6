package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"golang.org/x/text/unicode/norm"

	"mend/internal/database"
	"mend/internal/fault"
)

// EscrowWork is the scrypt cost of a printed copy's passphrase: 2^18 rounds, a second on a small
// machine.
const EscrowWork = 18

// Escrow returns m encrypted with a passphrase at a cost, as text to print, from which everything
// can be restored if the key file is lost.
func (m *Master) Escrow(passphrase string, work int) (string, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return "", fmt.Errorf("escrow: %w", err)
	}
	recipient.SetWorkFactor(work)
	var text, key bytes.Buffer
	if err := insecurecleartextkeyset.Write(m.handle, keyset.NewBinaryWriter(&key)); err != nil {
		return "", fmt.Errorf("escrow: %w", err)
	}
	armored := armor.NewWriter(&text)
	sealed, err := age.Encrypt(armored, recipient)
	if err == nil {
		_, err = sealed.Write(key.Bytes())
	}
	if err == nil {
		err = errors.Join(sealed.Close(), armored.Close())
	}
	if err != nil {
		return "", fmt.Errorf("escrow: %w", err)
	}
	return text.String(), nil
}

// OpenEscrow returns the master key in text. It corrects spaces and missing line breaks, which
// occur when it is typed from paper.
func OpenEscrow(text, passphrase string) (*Master, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, errors.New("a passphrase is needed")
	}
	opened, err := age.Decrypt(armor.NewReader(strings.NewReader(rearm(text))), identity)
	if err != nil {
		return nil, errors.New("the text or the passphrase is not right")
	}
	key, err := io.ReadAll(opened)
	if err != nil {
		return nil, errors.New("the text is not complete")
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(key)))
	if err != nil {
		return nil, errors.New("the text does not hold a key")
	}
	return masterOf(handle)
}

// rearm returns an armored text in lines of 64, as the format requires.
func rearm(text string) string {
	body := strings.Join(strings.Fields(strings.NewReplacer(armor.Header, "", armor.Footer, "").Replace(text)), "")
	var out strings.Builder
	out.WriteString(armor.Header + "\n")
	for len(body) > 64 {
		out.WriteString(body[:64] + "\n")
		body = body[64:]
	}
	out.WriteString(body + "\n" + armor.Footer + "\n")
	return out.String()
}

// escrowTail returns the part of the text that is typed back to prove that it was stored: its last
// twelve characters.
func escrowTail(text string) string {
	body := strings.Join(strings.Fields(strings.NewReplacer(armor.Header, "", armor.Footer, "").Replace(text)), "")
	return body[max(len(body)-12, 0):]
}

// escrowProof reduces typed text to the characters used in an escrow.
func escrowProof(tail string) string {
	plain := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || unicode.IsSpace(r) || strings.ContainsRune("\"'.,", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(tail))
	sum := sha256.Sum256([]byte("mend/escrow/1" + plain))
	return hex.EncodeToString(sum[:])
}

// Escrow returns the escrow of v's master key at a cost, after verifying that passphrase opens it.
func (v *Vault) Escrow(passphrase string, work int) (string, error) {
	text, err := v.master.Escrow(passphrase, work)
	if err != nil {
		return "", err
	}
	opened, err := OpenEscrow(text, passphrase)
	if err == nil && opened.ID() != v.master.ID() {
		err = errors.New("it holds another key")
	}
	if err != nil {
		return "", fmt.Errorf("the copy of the key does not open: %w", err)
	}
	return text, nil
}

// IsExpectedEscrow reports whether text is the escrow whose end is expected to be typed back.
func (v *Vault) IsExpectedEscrow(ctx context.Context, db *database.DB, text string) (bool, error) {
	var proof string
	err := db.Get(ctx, &proof, `SELECT proof FROM vault_escrow WHERE id = 1 AND master_id = ? AND confirmed_at IS NULL`,
		v.master.ID())
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && subtle.ConstantTimeCompare([]byte(proof), []byte(escrowProof(escrowTail(text)))) == 1, err
}

// ExpectEscrow stores what has to be typed back of a new escrow.
func (v *Vault) ExpectEscrow(ctx context.Context, db *database.DB, text string, now time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO vault_escrow (id, master_id, proof, made_at) VALUES (1, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE
		  SET master_id = excluded.master_id, proof = excluded.proof, made_at = excluded.made_at, confirmed_at = NULL`,
		v.master.ID(), escrowProof(escrowTail(text)), now)
	return err
}

// ConfirmEscrow checks the last twelve characters of the escrow, typed back.
func (v *Vault) ConfirmEscrow(ctx context.Context, db *database.DB, tail string, now time.Time) error {
	var proof string
	err := db.Get(ctx, &proof, `SELECT proof FROM vault_escrow WHERE id = 1 AND master_id = ?`, v.master.ID())
	if err != nil {
		return fmt.Errorf("escrow: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(proof), []byte(escrowProof(tail))) != 1 {
		return fault.Fields{"tail": "These are not its last twelve characters. Look at the page you printed and try again, " +
			"or make another copy."}
	}
	_, err = db.Exec(ctx, `UPDATE vault_escrow SET confirmed_at = ? WHERE id = 1`, now)
	return err
}

// Escrowed reports whether a copy of the current master key was confirmed.
func (v *Vault) Escrowed(ctx context.Context, db *database.DB) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `SELECT COUNT(*) FROM vault_escrow WHERE id = 1 AND master_id = ? AND confirmed_at IS NOT NULL`,
		v.master.ID())
	return n == 1, err
}
