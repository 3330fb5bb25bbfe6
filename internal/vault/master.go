package vault

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Master is the keyset that wraps all others. It is stored in a file that only its owner can
// read, apart from the database and its backups.
type Master struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// NewMaster returns a new master keyset.
func NewMaster() (*Master, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("new master key: %w", err)
	}
	return masterOf(handle)
}

func masterOf(handle *keyset.Handle) (*Master, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return &Master{handle, primitive}, nil
}

// ErrNoKeyFile means that there is no master key at the path.
var ErrNoKeyFile = errors.New("the key file is missing")

// ReadMaster reads the master keyset from the file at path. It refuses a file that others can read.
func ReadMaster(path string) (*Master, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoKeyFile
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the key file %s can be read by others; make it readable by its owner alone (chmod 600)", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	defer f.Close()
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(f))
	if err != nil {
		return nil, fmt.Errorf("the key file %s cannot be read as a key", path)
	}
	return masterOf(handle)
}

// Write stores m in the file at path, readable only by its owner, and atomically replaces an
// existing file.
func (m *Master) Write(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // created with mode 0600
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer os.Remove(f.Name())
	err = insecurecleartextkeyset.Write(m.handle, keyset.NewJSONWriter(f))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// ID returns the id of m's primary key in hex. It is not secret.
func (m *Master) ID() string {
	return fmt.Sprintf("%08x", m.handle.KeysetInfo().GetPrimaryKeyId())
}

// sealedWith returns the id of the master key that wrapped a keyset: the four bytes after the first
// of every Tink ciphertext. A wrapped keyset in binary is a message whose first field is that
// ciphertext.
func sealedWith(ciphertext []byte) string {
	if len(ciphertext) < 5 {
		return ""
	}
	return hex.EncodeToString(ciphertext[1:5])
}

// has reports whether m has the key with id.
func (m *Master) has(id string) bool {
	for _, info := range m.handle.KeysetInfo().GetKeyInfo() {
		if fmt.Sprintf("%08x", info.GetKeyId()) == id {
			return true
		}
	}
	return false
}

const proof = "this database is sealed with this key"

// Claim ensures that db is encrypted with v's master key: a new database is claimed, another is
// checked. A wrong or older key is an error of one sentence, and nothing is written.
func (v *Vault) Claim(ctx context.Context, db *database.DB, now time.Time) error {
	sealed, err := v.master.aead.Encrypt([]byte(proof), []byte(proof))
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `INSERT INTO vault_proof (id, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING`, sealed)
		if err != nil {
			return err
		}
		if err := v.check(ctx, tx); err != nil {
			return err
		}
		return v.create(ctx, tx, "", "", ofInstallation, now)
	})
}

// Claimed reports whether db is already claimed.
func Claimed(ctx context.Context, db *database.DB) (bool, error) {
	var sealed []byte
	err := db.Get(ctx, &sealed, `SELECT sealed FROM vault_proof WHERE id = 1`)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (v *Vault) check(ctx context.Context, db *database.DB) error {
	var sealed []byte
	if err := db.Get(ctx, &sealed, `SELECT sealed FROM vault_proof WHERE id = 1`); err != nil {
		return fmt.Errorf("proof of the key: %w", err)
	}
	if _, err := v.master.aead.Decrypt(sealed, []byte(proof)); err == nil {
		return nil
	}
	if v.master.has(sealedWith(sealed)) {
		return errors.New("the proof of the key in the database was changed; nothing was written")
	}
	return fmt.Errorf("the key file is not the one that this database is sealed with, or is older than its last "+
		"rotation (the database needs key %s, the file has %s); nothing was written",
		sealedWith(sealed), v.master.ID())
}
