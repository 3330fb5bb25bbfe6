package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mend/internal/audit"
	"mend/internal/dbtest"
)

// TestALogThatWasCutOffDoesNotComeBackUnnoticed truncates a practice's log in the database before a
// backup. Verifying and restoring the backup fail, and nothing is written. Restoring it anyway needs
// a flag, and mend verify then reports the log.
func TestALogThatWasCutOffDoesNotComeBackUnnoticed(t *testing.T) {
	dbtest.Long(t)
	t.Parallel()
	place := newPlace(t, "sqlite")
	h := openPlace(t, place)
	file := filepath.Join(t.TempDir(), "b")
	if err := h.vault.CreatePractice(t.Context(), h.db, "p", h.site.Now()); err != nil {
		t.Fatal(err)
	}
	if err := h.site.Audit.Write(t.Context(), audit.Who{Practice: "p"}, make([]audit.Event, 5)...); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{`DROP TRIGGER audit_log_delete`, `DELETE FROM audit_log WHERE seq = 5`} {
		if _, err := h.db.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	h.close()
	mine, identity := newIdentity(t)
	if code, _, stderr := try(t, "",
		append([]string{"backup", file, "-backup-to", mine.Recipient().String()}, place...)...); code != 0 {
		t.Fatal(stderr)
	}
	restored := newPlace(t, "sqlite")
	copyKey(t, place[1], restored)
	for _, command := range [][]string{{"verify", file}, append([]string{"restore", file}, restored...)} {
		if code, _, stderr := try(t, "", append(command, "-identity", identity)...); code != 1 || !strings.Contains(stderr, "cut off or rebuilt") {
			t.Error(command[0], code, stderr)
		}
	}
	if left, _ := os.ReadDir(restored[1]); len(left) > 0 {
		t.Error("something was written:", left)
	}
	if code, _, stderr := try(t, "",
		append([]string{"restore", file, "-any-log", "-identity", identity}, restored...)...); code != 0 {
		t.Fatal(stderr)
	}
	if code, out, _ := try(t, "", append([]string{"verify"}, restored...)...); code != 1 || !strings.Contains(out,
		"entry 5: the chain was cut off") {
		t.Error(code, out)
	}
}
