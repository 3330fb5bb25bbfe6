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

// Hashing says what a password costs to hash with argon2id, and lets only so
// many be hashed at once.
type Hashing struct {
	Passes     uint32
	KiB        uint32
	EscrowWork int // of the passphrase of the printed key
	queue      *queue
}

// NewHashing returns hashing at the given cost, with a printed key that is quickly made:
// for what is thrown away.
func NewHashing(passes, kib uint32) *Hashing {
	return &Hashing{passes, kib, 10, newQueue()}
}

// Strong is the cost of a real practice: RFC 9106's second choice with one
// lane, 147 ms on a small machine.
func Strong() *Hashing {
	h := NewHashing(3, 64*1024)
	h.EscrowWork = vault.EscrowWork
	return h
}

// Quick is the least that OWASP ASVS 5.0 allows (appendix C), for the demo.
func Quick() *Hashing { return NewHashing(2, 19*1024) }

// hash returns the PHC string of password under a fresh salt.
func (h *Hashing) hash(ctx context.Context, by asker, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := h.key(ctx, by, password, salt, h.Passes, h.KiB, 32)
	if err != nil {
		return "", err
	}
	return h.phc(salt, key), nil
}

// nobodys returns a PHC string that costs what others cost and that no password
// matches: its key was not made of one.
func (h *Hashing) nobodys() string {
	random := make([]byte, 16+32)
	rand.Read(random)
	return h.phc(random[:16], random[16:])
}

func (h *Hashing) phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.KiB, h.Passes, b64(salt), b64(key))
}

// matches tells whether password is the one that stored was made of, taking
// the time of a hash either way.
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

// key derives a key once it is by's turn. It returns fault.Busy when too many
// are waiting.
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

// checkPassword faults field unless password is long enough to be one and
// short enough to be typed, and unless it is one of the common ones, which are
// looked up offline, or holds something of own: what the person and the practice are
// called and where they are reached. There are no rules of composition (ASVS 6.2.5).
func checkPassword(bad fault.Fields, field, password string, own ...string) {
	bad.Length(field, password, 12, 200)
	if bad[field] != "" {
		return
	}
	head := []rune(password)[:min(len([]rune(password)), 60)] // more adds nothing, and takes long to look at
	if zxcvbn.PasswordStrength(string(head), nil).Score < 2 {
		bad[field] = "error.password_common"
	}
	if holdsOwn(password, own) {
		bad[field] = "error.password_personal"
	}
}

// holdsOwn tells whether a password holds a word of four letters or more of texts.
func holdsOwn(password string, texts []string) bool {
	password = strings.ToLower(password)
	words := strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return len([]rune(w)) >= 4 && !slices.Contains(everybodys, w) && strings.Contains(password, w)
	})
}

// everybodys are words of names and addresses that say nothing about anybody.
var everybodys = []string{
	"counseling", "practice", "couples", "center", "lane", "street", "road", "avenue", "suite",
	"city", "state", "north", "south", "east", "west", "example", "mail",
}
