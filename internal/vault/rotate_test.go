package vault

import (
	"errors"
	"strings"
	"testing"
	"time"

	"mend/internal/fault"
)

func TestAfterARotationOnlyTheNewKeyOpensAndNothingIsLost(t *testing.T) {
	o := newPlace(t)
	sealed, err := o.box(t, robin, page("A")).Seal(spot, "before the rotation")
	if err != nil {
		t.Fatal(err)
	}
	old := o.vault.master
	both, err := old.Rotated()
	if err != nil || both.Keys() != 2 || both.ID() == old.ID() {
		t.Fatal(both.Keys(), err)
	}
	for i, want := range []int{3 + 6 + 6 + 6, 0} { // the second call has nothing to do
		if n, err := New(both).Rewrap(t.Context(), o.db); err != nil || n != want {
			t.Errorf("call %d: %d keys, %v", i, n, err)
		}
	}
	only, err := both.Newest()
	if err != nil || only.Keys() != 1 || only.ID() != both.ID() {
		t.Fatal(only.Keys(), err)
	}
	fresh := bench{New(only), o.db}
	if err := fresh.vault.Claim(t.Context(), o.db, time.Now()); err != nil {
		t.Error(err)
	}
	if text, err := fresh.box(t, robin, page("A")).Read(spot, sealed); err != nil || text != "before the rotation" {
		t.Error(text, err)
	}
	if err := New(old).Claim(t.Context(), o.db, time.Now()); err == nil || !strings.Contains(err.Error(),
		"older than its last rotation") {
		t.Errorf("the old key: %v", err)
	}
	counts, destroyed, err := Status(t.Context(), o.db)
	if err != nil || len(counts) != 1 || counts[0].MasterID != only.ID() || counts[0].Keysets != 21 || destroyed != 0 {
		t.Error(counts, destroyed, err)
	}
}

func TestARotationThatWasStoppedGoesOn(t *testing.T) {
	o := newPlace(t)
	both, err := o.vault.master.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	half := New(both) // the file has both keys, and some rows are rewrapped
	if _, err := o.db.Exec(t.Context(),
		`UPDATE vault_keys SET master_id = master_id || '' WHERE couple_id = 'couple'`); err != nil {
		t.Fatal(err)
	}
	if err := half.Claim(t.Context(), o.db, time.Now()); err != nil {
		t.Errorf("half-way it does not serve: %v", err)
	}
	if _, err := half.Open(t.Context(), o.db, robin, page("A")); err != nil {
		t.Error(err)
	}
}

func TestTheEscrowGivesTheKeyBackToWhoHasThePassphrase(t *testing.T) {
	o := newPlace(t)
	text, err := o.vault.Escrow("seven quiet herons by the pier", 10)
	if err = errors.Join(err, o.vault.ExpectEscrow(t.Context(), o.db, text, time.Now())); err != nil {
		t.Fatal(err)
	}
	typed := strings.ReplaceAll(text, "\n", "  \r\n ") // as copied from a page
	for _, given := range []string{text, typed, "  " + text + "\n\n"} {
		m, err := OpenEscrow(given, "seven quiet herons by the pier")
		if err != nil || m.ID() != o.vault.master.ID() {
			t.Errorf("%.30q: %v", given, err)
			continue
		}
		if err := New(m).Claim(t.Context(), o.db, time.Now()); err != nil {
			t.Error(err)
		}
	}
	for what, wrong := range map[string][2]string{
		"passphrase": {text, "six quiet herons"}, "no passphrase": {text, ""},
		"cut": {text[:len(text)/2], "seven quiet herons by the pier"}, "nothing": {"", "seven quiet herons by the pier"},
	} {
		if _, err := OpenEscrow(wrong[0], wrong[1]); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
	}

	if ok, err := o.vault.Escrowed(t.Context(), o.db); ok || err != nil {
		t.Error("kept before it was shown", err)
	}
	if err := o.vault.ConfirmEscrow(t.Context(), o.db, "not the end at all", time.Now()); err == nil {
		t.Error("any end is taken")
	}
	if err := o.vault.ConfirmEscrow(t.Context(), o.db, escrowTail(text)[:6]+" "+escrowTail(text)[6:],
		time.Now()); err != nil {
		t.Error(err)
	}
	if ok, err := o.vault.Escrowed(t.Context(), o.db); !ok || err != nil {
		t.Error(ok, err)
	}
	rotated, err := o.vault.master.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := New(rotated).Escrowed(t.Context(), o.db); ok || err != nil {
		t.Error("the copy of an older key counts", err)
	}
	if err := New(rotated).ConfirmEscrow(t.Context(), o.db, escrowTail(text),
		time.Now()); !errors.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
