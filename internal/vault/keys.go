package vault

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"mend/internal/database"
	"mend/internal/fault"
)

// A key is an unwrapped keyset, which either encrypts or derives.
type key struct {
	aead tink.AEAD
	prf  *prf.Set
}

// A keyring is the keys of a couple, a practice or the installation, by compartment. Destroyed ones
// are absent.
type keyring map[compartment]key

// ringName returns the cache key of a keyring. The installation has neither practice nor couple.
func ringName(practice, couple string) string { return practice + "/" + couple }

// CreatePractice creates the keys of a new practice.
func (v *Vault) CreatePractice(ctx context.Context, tx *database.DB, practice string, now time.Time) error {
	return v.create(ctx, tx, practice, "", ofPractice, now)
}

// CreateCouple creates all keys of a new couple at once, so that their existence does not reveal
// what was written.
func (v *Vault) CreateCouple(ctx context.Context, tx *database.DB, practice, couple string, now time.Time) error {
	return v.create(ctx, tx, practice, couple, ofCouple, now)
}

func (v *Vault) create(ctx context.Context, tx *database.DB, practice, couple string,
	list []compartment, now time.Time,
) error {
	keys, err := v.newKeys(practice, couple, list, now)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", len(keys)), ", ")
	_, err = tx.Exec(ctx, `
		INSERT INTO vault_keys (practice_id, couple_id, compartment, wrapped, master_id, created_at)
		VALUES `+rows+`
		ON CONFLICT DO NOTHING`, slices.Concat(keys...)...)
	if err != nil {
		return fmt.Errorf("store keys: %w", err)
	}
	return nil
}

// Compartments returns the names of the keys of a couple, of a practice if couple is "", or of the
// installation if practice is "" as well.
func Compartments(practice, couple string) (names []string) {
	list := ofCouple
	switch {
	case practice == "":
		list = ofInstallation
	case couple == "":
		list = ofPractice
	}
	for _, c := range list {
		names = append(names, string(c))
	}
	return names
}

// newKeys creates keys, as rows of vault_keys.
func (v *Vault) newKeys(practice, couple string, list []compartment, now time.Time) (rows [][]any, err error) {
	for _, c := range list {
		wrapped, err := v.newKey(practice, couple, c)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{practice, couple, string(c), wrapped, v.master.ID(), now})
	}
	return rows, nil
}

// derives reports whether the keys of a compartment derive secrets rather than encrypt texts.
func (c compartment) derives() bool { return c == index || c == signing || c == auditing }

// newKey returns a new wrapped keyset for a compartment.
func (v *Vault) newKey(practice, couple string, c compartment) ([]byte, error) {
	template := aead.AES256GCMKeyTemplate()
	if c.derives() {
		template = prf.HMACSHA256PRFKeyTemplate()
	}
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return nil, err
	}
	return v.master.wrap(handle, practice, couple, c)
}

// keyringOf returns the keys of a couple, or of a practice if couple is "".
func (v *Vault) keyringOf(ctx context.Context, db *database.DB, practice, couple string) (keyring, error) {
	v.dropDestroyed()
	if ring, ok := v.keys.Get(ringName(practice, couple)); ok {
		return ring, nil
	}
	drops := v.drops.Load()
	ring, err := v.load(ctx, db, practice, couple)
	if err != nil {
		return nil, err
	}
	if len(ring) == 0 {
		return nil, fmt.Errorf("keys: %w", fault.NotFound)
	}
	if v.drops.Load() == drops { // otherwise they may have been read before some were destroyed
		v.keys.Add(ringName(practice, couple), ring)
	}
	return ring, nil
}

func (v *Vault) load(ctx context.Context, db *database.DB, practice, couple string) (keyring, error) {
	var rows []struct {
		Compartment compartment `db:"compartment"`
		Wrapped     []byte      `db:"wrapped"`
	}
	err := db.Select(ctx, &rows, `
		SELECT compartment, wrapped
		FROM vault_keys
		WHERE practice_id = ? AND couple_id = ? AND destroyed_at IS NULL`, practice, couple)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	ring := keyring{}
	for _, row := range rows {
		if ring[row.Compartment], err = v.unwrap(row.Wrapped, practice, couple, row.Compartment); err != nil {
			return nil, err
		}
	}
	return ring, nil
}

func (v *Vault) unwrap(wrapped []byte, practice, couple string, c compartment) (key, error) {
	handle, err := v.master.unwrap(wrapped, practice, couple, c)
	if err != nil {
		return key{}, fmt.Errorf("unwrap the key of %s: %w", c, err)
	}
	if c.derives() {
		set, err := prf.NewPRFSet(handle)
		return key{prf: set}, err
	}
	primitive, err := aead.New(handle)
	return key{aead: primitive}, err
}

// bindKey returns the associated data of a wrapped keyset, which identifies its owner.
func bindKey(practice, couple string, c compartment) []byte {
	return []byte(strings.Join([]string{"mend/key/1", practice, couple, string(c)}, "\x00"))
}

func (m *Master) wrap(handle *keyset.Handle, practice, couple string, c compartment) ([]byte, error) {
	var out bytes.Buffer
	err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&out), m.aead, bindKey(practice, couple, c))
	return out.Bytes(), err
}

func (m *Master) unwrap(wrapped []byte, practice, couple string, c compartment) (*keyset.Handle, error) {
	return keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), m.aead,
		bindKey(practice, couple, c))
}
