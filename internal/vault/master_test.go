package vault

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheKeyFileIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "master.json")
	if _, err := ReadMaster(path); !errors.Is(err, ErrNoKeyFile) {
		t.Error(err)
	}
	m, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // overwriting an existing file as well
		if err := m.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Stat(path)
	folder, err2 := os.Stat(filepath.Dir(path))
	if err != nil || err2 != nil || file.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
		t.Error(file.Mode(), folder.Mode(), err, err2)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	again, err := ReadMaster(path)
	if err != nil || again.ID() != m.ID() {
		t.Error(again, err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadMaster(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	for _, text := range []string{"", "{}", "not a key", `{"primaryKeyId":1}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil || os.Chmod(path, 0o600) != nil {
			t.Fatal(err)
		}
		if _, err := ReadMaster(path); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAWrongKeyIsToldInOneSentenceAndWritesNothing(t *testing.T) {
	o := newPlace(t)
	before := rows(t, o)
	other, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	err = New(other).Claim(t.Context(), o.db, time.Now())
	if err == nil || !strings.Contains(err.Error(), other.ID()) || !strings.Contains(err.Error(), o.vault.master.ID()) ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	if rows(t, o) != before {
		t.Error("something was written")
	}
	if err := o.vault.Claim(t.Context(), o.db, time.Now()); err != nil || rows(t, o) != before {
		t.Error("the right key is refused, or writes:", err)
	}
	if _, err := o.db.Exec(t.Context(), `UPDATE vault_proof SET sealed = ?`,
		append([]byte{1}, make([]byte, 60)...)); err != nil {
		t.Fatal(err)
	}
	if err := o.vault.Claim(t.Context(), o.db, time.Now()); err == nil {
		t.Error("a changed proof is taken")
	}
}

func TestAWrappedKeyServesTheCompartmentItWasMadeForAlone(t *testing.T) {
	o := newPlace(t)
	for _, swap := range []string{
		`UPDATE vault_keys SET wrapped = (SELECT wrapped FROM vault_keys k
			WHERE k.couple_id = 'couple' AND k.compartment = 'private A')
		 WHERE couple_id = 'couple' AND compartment = 'private B'`,
		`UPDATE vault_keys SET wrapped = (SELECT wrapped FROM vault_keys k
			WHERE k.couple_id = 'couple' AND k.compartment = 'clinical')
		 WHERE couple_id = 'second' AND compartment = 'clinical'`,
	} {
		if _, err := o.db.Exec(t.Context(), swap); err != nil {
			t.Fatal(err)
		}
	}
	fresh := New(o.vault.master)
	if _, err := fresh.Open(t.Context(), o.db, sasha, page("B")); err == nil {
		t.Error("B's pages open with A's key")
	}
	if _, err := fresh.Open(t.Context(), o.db, ForCounselor("p", "dana", "second"),
		Item{"second", JointRecord, Kept, "", ""}); err == nil {
		t.Error("a couple opens with another's key")
	}
}

// rows returns the number of rows and bytes of the key tables.
func rows(t *testing.T, o bench) (sum string) {
	t.Helper()
	err := o.db.Get(t.Context(), &sum, `
		SELECT COUNT(*) || '/' || (SELECT group_concat(hex(sealed)) FROM vault_proof) || '/' || group_concat(hex(wrapped))
		  FROM vault_keys`)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestKeysAreKeptForAShortTimeOnly(t *testing.T) {
	o := newPlace(t)
	if keptFor > 5*time.Minute || keptKeys > 500 {
		t.Errorf("kept for %v, %d of them", keptFor, keptKeys)
	}
	for i := range keptKeys + 20 {
		o.vault.keys.Add(ringName("p", string(rune('a'+i%26))+strings.Repeat("x", i)), keyring{})
	}
	if n := o.vault.keys.Len(); n > keptKeys {
		t.Errorf("%d keys are kept", n)
	}
}
