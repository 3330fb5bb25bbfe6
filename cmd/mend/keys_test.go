package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/vault"
	"mend/migrations"
)

// vaultIn returns the vault of db with the key of the data folder.
func vaultIn(t *testing.T, db *database.DB, data string) *vault.Vault {
	t.Helper()
	v, err := unlockVault(t.Context(), db, data+"-keys/master.json", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestADatabaseWithoutItsKeyIsNotServedAndNotTouched(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		folder := t.TempDir()
		right, wrong := filepath.Join(folder, "right", "master.json"), filepath.Join(folder, "wrong", "master.json")
		if err := migrations.Apply(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if _, err := unlockVault(t.Context(), db, right, time.Now()); err != nil {
			t.Fatal(err)
		}
		before := keysOf(t, db)

		_, err := unlockVault(t.Context(), db, wrong, time.Now())
		if err == nil || !strings.Contains(err.Error(), "is missing") || !strings.Contains(err.Error(), "mend keys restore") {
			t.Errorf("a missing key: %v", err)
		}
		if _, err := os.Stat(wrong); err == nil {
			t.Error("a fresh key was made beside a sealed database")
		}
		other, err := vault.NewMaster()
		if err != nil || other.Write(wrong) != nil {
			t.Fatal(err)
		}
		if _, err := unlockVault(t.Context(), db, wrong, time.Now()); err == nil || !strings.Contains(err.Error(),
			"nothing was written") {
			t.Errorf("a wrong key: %v", err)
		}
		if keysOf(t, db) != before {
			t.Error("something was written")
		}
		if _, err := unlockVault(t.Context(), db, right, time.Now()); err != nil {
			t.Errorf("the right key: %v", err)
		}
	})
}

func keysOf(t *testing.T, db *database.DB) (n int) {
	t.Helper()
	if err := db.Get(t.Context(), &n,
		`SELECT (SELECT COUNT(*) FROM vault_keys) + (SELECT COUNT(*) FROM vault_proof)`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheKeyIsRotatedAndRestoredFromItsPrintedCopy(t *testing.T) {
	dbtest.Long(t)
	data := filepath.Join(t.TempDir(), "mend-data")
	keyFile := data + "-keys/master.json"
	if code, out, bad := try(t, "", "keys", "status", "-data", data); code != 0 ||
		!strings.Contains(out, "No printed copy") {
		t.Fatal(code, out, bad)
	}
	place := []string{"-data", data, "-database", filepath.Join(data, "mend.db")}
	h := openPlace(t, place)
	practice, owner := accounts.Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"},
		accounts.Counselor{Name: "Dana Invented", Email: "dana@example.org"}
	if err := h.site.Accounts.CreatePractice(t.Context(), &practice, &owner, "seven quiet herons",
		h.site.Now()); err != nil {
		t.Fatal(err)
	}
	h.close()
	before, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, bad := try(t, "", "keys", "rotate", "-data", data); code != 0 ||
		!strings.Contains(out, "new master key") {
		t.Fatal(code, out, bad)
	}
	master, err := vault.ReadMaster(keyFile)
	if err != nil || master.Keys() != 1 {
		t.Fatal(err)
	}
	copied, err := master.Escrow("seven quiet herons by the pier", vault.EscrowWork)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, bad := try(t, copied+"\nseven quiet herons by the pier\n", "keys", "restore", "-data", data); code != 1 ||
		!strings.Contains(bad, "move it away first") {
		t.Errorf("over a key that is there: %d %s", code, bad)
	}
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	if code, _, bad := try(t, copied+"\nthe wrong passphrase\n", "keys", "restore", "-data", data); code != 1 ||
		!strings.Contains(bad, "not right") {
		t.Errorf("a wrong passphrase: %d %s", code, bad)
	}
	if code, out, bad := try(t, copied+"\nseven quiet herons by the pier\n", "keys", "restore", "-data",
		data); code != 0 || !strings.Contains(out, master.ID()) {
		t.Fatal(code, out, bad)
	}
	h = openPlace(t, place)
	var noted []string
	if err := h.db.Select(t.Context(), &noted,
		`SELECT reason FROM audit_log WHERE action = 'keys changed' AND role = 'server' ORDER BY seq`); err != nil ||
		strings.Join(noted, " ") != "rotated restored" {
		t.Errorf("the log says %q: %v", noted, err)
	}
	h.close()
	if code, out, bad := try(t, "", "verify", "-data", data); code != 0 || !strings.Contains(out, "The log is whole") {
		t.Error(code, out, bad)
	}
	if err := os.WriteFile(keyFile, before, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, bad := try(t, "", "verify", "-data", data); code != 1 || !strings.Contains(bad,
		"older than its last rotation") {
		t.Errorf("the key of before: %d %s", code, bad)
	}
	if code, _, bad := try(t, "", "keys", "lose"); code != 1 || !strings.Contains(bad, `no command "mend keys lose"`) {
		t.Error(code, bad)
	}
}
