package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/ccojocar/zxcvbn-go"
	"golang.org/x/crypto/argon2"

	"mend/internal/fault"
	"mend/internal/vault"
)

// Hashing holds the cost of hashing passwords with argon2id, and limits how many are hashed at
// once.
type Hashing struct {
	Passes     uint32
	KiB        uint32
	EscrowWork int // the work factor of the printed key's passphrase
	queue      *queue
}

// NewHashing returns hashing at the given cost, with a low work factor for the printed key: for
// temporary data.
func NewHashing(passes, kib uint32) *Hashing {
	return &Hashing{passes, kib, 10, newQueue()}
}

// StrongHashing returns the cost for real practices: RFC 9106's second choice with one lane, 147 ms on a
// small machine.
func StrongHashing() *Hashing {
	h := NewHashing(3, 64*1024)
	h.EscrowWork = vault.EscrowWork
	return h
}

// FastHashing returns the minimum of OWASP ASVS 5.0 (appendix C), for the demo.
func FastHashing() *Hashing { return NewHashing(2, 19*1024) }

// hash returns the PHC string of password with a new salt.
func (h *Hashing) hash(ctx context.Context, by asker, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := h.key(ctx, by, password, salt, h.Passes, h.KiB, 32)
	if err != nil {
		return "", err
	}
	return h.phc(salt, key), nil
}

// dummyHash returns a PHC string with the usual cost that no password matches, because its key is
// random.
func (h *Hashing) dummyHash() string {
	random := make([]byte, 16+32)
	rand.Read(random)
	return h.phc(random[:16], random[16:])
}

func (h *Hashing) phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.KiB, h.Passes, b64(salt), b64(key))
}

// matches reports whether stored is the hash of password. It takes the time of a hash either way.
func (h *Hashing) matches(ctx context.Context, by asker, stored, password string) (bool, error) {
	var version int
	var kib, passes uint32
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return false, fmt.Errorf("password hash has %d parts", len(parts))
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=1", &version, &kib, &passes); err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("password salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("password key: %w", err)
	}
	got, err := h.key(ctx, by, password, salt, passes, kib, uint32(len(want)))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// key derives a key when it is by's turn. It returns fault.Busy if too many are waiting.
func (h *Hashing) key(ctx context.Context, by asker, password string, salt []byte, passes, kib,
	length uint32,
) ([]byte, error) {
	leave, err := h.queue.enter(ctx, by)
	if err != nil {
		return nil, err
	}
	defer leave()
	return argon2.IDKey([]byte(password), salt, passes, kib, 1, length), nil
}

// checkPassword adds an error for field unless password has a valid length, is not a common one
// (checked offline), and contains no word of own, such as the names and addresses of the person and
// the practice. There are no composition rules (ASVS 6.2.5).
func checkPassword(bad fault.Fields, field, password string, own ...string) {
	bad.Length(field, password, 12, 200)
	if bad[field] != "" {
		return
	}
	head := []rune(password)[:min(len([]rune(password)), 60)] // more adds nothing and is slow to check
	if zxcvbn.PasswordStrength(string(head), nil).Score < 2 {
		bad[field] = "error.password_common"
	}
	if containsOwnWords(password, own) {
		bad[field] = "error.password_personal"
	}
}

// containsOwnWords reports whether a password contains a word of four letters or more from texts.
func containsOwnWords(password string, texts []string) bool {
	password = strings.ToLower(password)
	words := strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return len([]rune(w)) >= 4 && !slices.Contains(commonWords, w) && strings.Contains(password, w)
	})
}

// commonWords are common words in names and addresses that identify nobody.
var commonWords = []string{
	"counseling", "practice", "couples", "center", "lane", "street", "road", "avenue", "suite",
	"city", "state", "north", "south", "east", "west", "example", "mail",
}
