package vault

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

func destroy(t *testing.T, o bench, of Side) {
	t.Helper()
	err := o.db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		return o.vault.Destroy(ctx, tx, "p", "couple", of, time.Now())
	})
	if err == nil {
		err = o.vault.Forget(t.Context(), o.db, "p", "couple")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestADestroyedKeyIsNowhere searches the database file and its log for the key's bytes.
func TestADestroyedKeyIsNowhere(t *testing.T) {
	o := newPlace(t)
	var wrapped []byte
	if err := o.db.Get(t.Context(), &wrapped,
		`SELECT wrapped FROM vault_keys WHERE couple_id = 'couple' AND compartment = 'private A'`); err != nil {
		t.Fatal(err)
	}
	onDisk := func() (found bool) {
		var file string
		if err := o.db.Get(t.Context(), &file, `SELECT file FROM pragma_database_list WHERE name = 'main'`); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{file, file + "-wal"} {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found = found || bytes.Contains(text, wrapped[8:40])
		}
		return found
	}
	if !onDisk() {
		t.Fatal("the test looks in the wrong place")
	}
	destroy(t, o, "A")
	if onDisk() {
		t.Error("the key is still on the disk")
	}
}

func TestDestroyingOnePartnersKeysTakesWhatIsTheirsAlone(t *testing.T) {
	o := newPlace(t)
	dana := ForCounselor("p", "dana", "couple")
	for _, item := range []Item{
		{"couple", PrivatePage, Sent, "A", ""},
		{"couple", IndividualFile, Kept, "A", ""},
		{"couple", PrivatePage, Sent, "B", ""},
		{"couple", IndividualFile, Kept, "B", ""},
		{"couple", Note, Draft, "", ""},
		{"couple", JointPage, Active, "", ""},
	} {
		if _, err := o.vault.Open(t.Context(), o.db, dana, item); err != nil {
			t.Fatal(item, err)
		}
	}
	destroy(t, o, "A")
	for item, gone := range map[Item]bool{
		{"couple", PrivatePage, Sent, "A", ""}: true, {"couple", IndividualFile, Kept, "A", ""}: true,
		{"couple", PrivatePage, Sent, "B", ""}: false, {"couple", IndividualFile, Kept, "B", ""}: false,
		{"couple", Note, Draft, "", ""}: false, {"couple", JointPage, Active, "", ""}: false,
	} {
		if _, err := o.vault.Open(t.Context(), o.db, dana, item); errors.Is(err, fault.NotFound) != gone {
			t.Errorf("%v: %v", item, err)
		}
	}
	destroy(t, o, "")
	if _, err := o.vault.Open(t.Context(), o.db, dana, Item{"couple", Note, Draft, "", ""}); !errors.Is(err,
		fault.NotFound) {
		t.Error("a note opens without keys:", err)
	}
	if _, err := o.vault.Open(t.Context(), o.db, ForCounselor("p", "dana", "second"),
		Item{"second", Note, Draft, "", ""}); err != nil {
		t.Error("another couple's keys went too:", err)
	}
}
