package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
)

// memory returns a database with only the vault's tables. This package cannot import migrations,
// which depends on it.
func memory(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	text, err := os.ReadFile("../../migrations/0007_vault.sql")
	if err != nil {
		t.Fatal(err)
	}
	for statement := range strings.SplitSeq(string(text), ";") {
		if strings.Contains(statement, "CREATE") {
			if _, err := db.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	return db
}

func (b bench) box(t testing.TB, a Actor, item Item) Box {
	t.Helper()
	box, err := b.vault.Open(t.Context(), b.db, a, item)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

var (
	robin = ForPartner("p", "robin", "couple", "A")
	sasha = ForPartner("p", "sasha", "couple", "B")
	spot  = CellRef{"fields", "sealed", "slot", "answer"}
)

func page(of Side) Item { return Item{"couple", PrivatePage, Draft, of, ""} }

func TestWhatIsSealedIsReadAsItWas(t *testing.T) {
	o := newPlace(t)
	box := o.box(t, robin, page("A"))
	for _, text := range []string{
		"", "I was hurt.", "Zoë 😀", strings.Repeat("x", 251), strings.Repeat("x", 252),
		strings.Repeat("x", 253), strings.Repeat("long ", 9000),
	} {
		sealed, err := box.Seal(spot, text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := box.Read(spot, sealed); err != nil || got != text {
			t.Errorf("%.20q came back as %.20q, %v", text, got, err)
		}
		if len(text) > 3 && bytes.Contains(sealed, []byte(text[:4])) {
			t.Errorf("%.20q is readable", text)
		}
	}
}

func TestLengthsAreToldInStepsOf256Bytes(t *testing.T) {
	o := newPlace(t)
	box := o.box(t, robin, page("A"))
	size := func(n int) int {
		sealed, err := box.Seal(spot, strings.Repeat("x", n))
		if err != nil {
			t.Fatal(err)
		}
		return len(sealed)
	}
	for _, test := range []struct{ n, like int }{{0, 252}, {1, 252}, {253, 508}, {5000, 5100}} {
		if size(test.n) != size(test.like) {
			t.Errorf("%d bytes are told from %d", test.n, test.like)
		}
	}
	if size(252)+step != size(253) {
		t.Error("a step is not 256 bytes")
	}
}

func TestASealedValueOpensAtItsOwnPlaceAlone(t *testing.T) {
	o := newPlace(t)
	mine := o.box(t, robin, page("A"))
	sealed, err := mine.Seal(spot, "what only Robin's page says")
	if err != nil {
		t.Fatal(err)
	}
	for what, moved := range map[string]CellRef{
		"table": {"field_copies", "sealed", "slot", "answer"}, "column": {"fields", "value", "slot", "answer"},
		"row": {"fields", "sealed", "other", "answer"}, "owner": {"fields", "sealed", "slot", "other"},
		"row and owner run together": {"fields", "sealed", "slotanswer", ""},
	} {
		if text, err := mine.Read(moved, sealed); err == nil {
			t.Errorf("moved to another %s it reads %q", what, text)
		}
	}
	dana := ForCounselor("p", "dana", "couple")
	for what, box := range map[string]Box{
		"partner":      o.box(t, sasha, page("B")),
		"material":     o.box(t, robin, Item{"couple", CounselorField, Draft, "A", ""}),
		"release page": o.box(t, robin, Item{"couple", ReleasePage, Draft, "A", ""}),
		"compartment":  o.box(t, dana, Item{"couple", IndividualFile, Kept, "A", ""}),
		"couple":       o.box(t, ForPartner("p", "robin", "second", "A"), Item{"second", PrivatePage, Draft, "A", ""}),
		"zero":         {},
	} {
		if text, err := box.Read(spot, sealed); err == nil {
			t.Errorf("in the box of another %s it reads %q", what, text)
		}
	}
	for i := range sealed {
		broken := bytes.Clone(sealed)
		broken[i] ^= 1
		if _, err := mine.Read(spot, broken); err == nil {
			t.Fatalf("byte %d can be changed", i)
		}
	}
	for _, short := range [][]byte{nil, {}, sealed[:4], sealed[:len(sealed)-1]} {
		if _, err := mine.Read(spot, short); err == nil {
			t.Errorf("%d bytes of it are read", len(short))
		}
	}
}

func TestNamesOfOneCoupleDoNotOpenAsAnothers(t *testing.T) {
	o := newPlace(t)
	name := func(couple string) Box {
		return o.box(t, ForPartner("p", "someone", couple, "A"), Item{couple, Name, Kept, "A", ""})
	}
	sealed, err := name("couple").Seal(spot, "Robin Invented")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := name("second").Read(spot, sealed); err == nil {
		t.Errorf("read %q", text)
	}
}

func TestEqualTextsAreFoundByEqualTokensWithinAPractice(t *testing.T) {
	o := newPlace(t)
	if err := o.vault.CreatePractice(t.Context(), o.db, "q", time.Now()); err != nil {
		t.Fatal(err)
	}
	token := func(practice, text string) string {
		got, err := o.vault.Index(t.Context(), o.db, practice, text)
		if err != nil || len(got) != 26 {
			t.Fatal(got, err)
		}
		return got
	}
	one := token("p", "robin@example.org")
	if token("p", "robin@example.org") != one {
		t.Error("equal texts differ")
	}
	for what, other := range map[string]string{
		"text":     token("p", "sasha@example.org"),
		"practice": token("q", "robin@example.org"), "installation": token("", "robin@example.org"),
	} {
		if other == one {
			t.Errorf("another %s has the same token", what)
		}
	}
}

func TestThePracticesKeysAreStableAndApart(t *testing.T) {
	o := newPlace(t)
	audit, err := o.vault.AuditKey(t.Context(), o.db, "p")
	sign, err2 := o.vault.SigningKey(t.Context(), o.db, "p")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	fresh := New(o.vault.master) // after a restart
	again, err := fresh.AuditKey(t.Context(), o.db, "p")
	signAgain, err2 := fresh.SigningKey(t.Context(), o.db, "p")
	if err != nil || err2 != nil || !bytes.Equal(audit, again) || !sign.Equal(signAgain) {
		t.Error("the keys changed", err, err2)
	}
	if bytes.Equal(audit, sign.Seed()) {
		t.Error("one key for two uses")
	}
	if _, err := fresh.AuditKey(t.Context(), o.db, "elsewhere"); err == nil {
		t.Error("a practice without keys has one")
	}
}

func BenchmarkOpenSixtyFields(b *testing.B) {
	o := newPlace(b)
	box := o.box(b, robin, page("A"))
	var fields [60][]byte
	for i := range fields {
		fields[i], _ = box.Seal(spot, strings.Repeat("an ordinary sentence ", 10))
	}
	for b.Loop() {
		box := o.box(b, robin, page("A"))
		for _, sealed := range fields {
			if _, err := box.Read(spot, sealed); err != nil {
				b.Fatal(err)
			}
		}
	}
}
