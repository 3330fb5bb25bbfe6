package vault

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// cells restates docs/clinical.md, 5.2, by hand: for each material and state, whether the author,
// the other partner, the counselor, a supervisor, the front desk and an owner with emergency access
// may read it. Whoever changes the policy deliberately has to change it here as well.
const cells = `
	name             kept      author other counselor supervisor desk emergency
	contact          kept      author -     counselor -          desk -
	safe contact     kept      -      -     counselor -          -    -
	breach           kept      author other counselor supervisor -    emergency
	locked page      draft     author -     -         -          -    -
	locked page      sent      -      -     counselor -          -    -
	private page     draft     author -     -         -          -    -
	private page     sent      author -     counselor -          -    -
	release page     draft     author -     -         -          -    -
	release page     sent      author -     counselor -          -    -
	release page     released  author other counselor -          -    -
	joint page       draft     -      -     counselor -          -    -
	joint page       active    author other counselor -          -    -
	joint page       sent      author other counselor -          -    emergency
	counselor field  draft     author -     -         -          -    -
	counselor field  sent      author -     counselor -          -    -
	individual file  draft     -      -     counselor -          -    -
	individual file  kept      -      -     counselor -          -    -
	individual file  signed    -      -     counselor -          -    -
	chart            kept      -      -     counselor -          -    emergency
	note             draft     -      -     counselor -          -    -
	note             signed    -      -     counselor supervisor -    emergency
	staff            kept      -      -     -         -          -    -
	sign-in name     kept      author -     counselor -          -    -
	factor           kept      -      -     -         -          -    -
	signing key      kept      -      -     -         -          -    -
	screen           kept      -      -     -         -          -    -
	reason           kept      -      -     counselor -          -    emergency
	appointment      kept      author other counselor -          desk -
	absence          kept      -      -     counselor -          desk -
	consent          kept      author -     counselor -          -    -
	location         kept      author -     counselor -          -    -
	shared plan      kept      author other counselor -          -    -
	plan answer      kept      author -     counselor -          -    -`

var (
	materials = []Material{
		Name, Contact, SafeContact, Breach, LockedPage, PrivatePage, ReleasePage, JointPage, CounselorField,
		IndividualFile, JointRecord, Note, Staff, SignInName, Factor, SigningKey, Screen, Reason, Appointment, Absence,
		Consent, Location, SharedPlan, PlanAnswer,
	}
	states = []State{Draft, Sent, Released, Active, Kept, Signed, "", "withdrawn"}
)

// readers are the six relations of a reader to A's material, in the order of cells.
var readers = []struct {
	name  string
	actor Actor
}{
	{"author", ForPartner("p", "robin", "couple", "A")},
	{"other", ForPartner("p", "sasha", "couple", "B")},
	{"counselor", ForCounselor("p", "dana", "couple")},
	{"supervisor", ForSupervisor("p", "sam", "couple")},
	{"desk", ForDesk("p", "drew")},
	{"emergency", ForEmergencyAccess("p", "owner", "couple")},
}

func table(t *testing.T) map[string]bool {
	t.Helper()
	may := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(cells)) {
		words := strings.Fields(line)
		who := words[len(words)-6:]
		material, state := strings.Join(words[:len(words)-7], " "), words[len(words)-7]
		for i, w := range who {
			if w != "-" && w != readers[i].name {
				t.Fatalf("%s in the place of %s", w, readers[i].name)
			}
			if w != "-" {
				may[material+"/"+state+"/"+w] = true
			}
		}
	}
	return may
}

func TestEveryCellOfThePolicyIsAsItsTable(t *testing.T) {
	may, tried := table(t), 0
	for _, m := range materials {
		for _, s := range states {
			for _, r := range readers {
				cell := string(m) + "/" + string(s) + "/" + r.name
				if got := r.actor.mayOpen(Item{"couple", m, s, "A", ""}); got != may[cell] {
					t.Errorf("%s: %v, want %v", cell, got, may[cell])
				}
				if may[cell] {
					tried++
				}
			}
		}
	}
	if tried != len(may) {
		t.Errorf("the table allows %d cells, %d of them exist", len(may), tried)
	}
}

func TestNobodyReadsOfAnotherCoupleOrPracticeOrWithoutAName(t *testing.T) {
	open := newPlace(t)
	for _, m := range materials {
		for _, s := range states {
			item := Item{"couple", m, s, "A", ""}
			for _, a := range []Actor{
				{},
				ForCounselor("p", "", "couple"), ForCounselor("", "dana", "couple"),
				ForCounselor("p", "dana", "another"), ForPartner("p", "robin", "another", "A"), ForPartner("p", "robin", "", "A"),
				ForSupervisor("p", "sam", "another"), ForEmergencyAccess("p", "owner", "another"), ForEmergencyAccess("p", "owner", ""),
				ForCounselor("elsewhere", "dana", "couple"), ForDesk("elsewhere", "drew"),
			} {
				if _, err := open.vault.Open(t.Context(), open.db, a, item); !errors.Is(err, fault.NotFound) {
					t.Errorf("%+v opens %s %s: %v", a, m, s, err)
				}
			}
		}
	}
}

func TestTheProgramReadsSignInsWhereMessagesGoAndWhereAppointmentsAreAndNothingElse(t *testing.T) {
	readable := []Material{Staff, SignInName, Factor, SigningKey, Screen, SafeContact, Appointment}
	for _, m := range materials {
		for _, s := range states {
			want := slices.Contains(readable, m) && s == Kept
			if got := ForProgram("p").mayOpen(Item{"couple", m, s, "A", ""}); got != want {
				t.Errorf("%s %s: %v", m, s, got)
			}
		}
	}
}

func TestARouteOpensOnlyWhatItDeclared(t *testing.T) {
	o := newPlace(t)
	dana := ForCounselor("p", "dana", "couple")
	narrow := WithMaterials(t.Context(), []Material{Name, Note})
	for m, s := range map[Material]State{Name: Kept, Note: Draft} {
		if _, err := o.vault.Open(narrow, o.db, dana, Item{"couple", m, s, "A", ""}); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
	for m, s := range map[Material]State{IndividualFile: Kept, PrivatePage: Sent, JointRecord: Kept} {
		if _, err := o.vault.Open(narrow, o.db, dana, Item{"couple", m, s, "A", ""}); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", m, err)
		}
		if _, err := o.vault.Open(WithMaterials(t.Context(), nil), o.db, dana,
			Item{"couple", m, s, "A", ""}); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s on a route that opens nothing: %v", m, err)
		}
	}
}

// A bench is a vault over a database with one couple's keys.
type bench struct {
	vault *Vault
	db    *database.DB
}

func newPlace(t testing.TB) bench {
	t.Helper()
	db := memory(t)
	master, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	v := New(master)
	at := time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC)
	if err := errors.Join(v.Claim(t.Context(), db, at), v.CreatePractice(t.Context(), db, "p", at),
		v.CreateCouple(t.Context(), db, "p", "couple", at), v.CreateCouple(t.Context(), db, "p", "second", at)); err != nil {
		t.Fatal(err)
	}
	return bench{v, db}
}

// TestWhatIsOfOnePartnerHasAPlaceOfItsOwn: what A wrote, what B wrote, and what the counselor keeps
// about each are encrypted with four keys, so the keys of one partner can be destroyed without the
// others'.
func TestWhatIsOfOnePartnerHasAPlaceOfItsOwn(t *testing.T) {
	for item, want := range map[struct {
		material Material
		of       Side
	}]compartment{
		{PrivatePage, "A"}: privateA, {PrivatePage, "B"}: privateB,
		{LockedPage, "A"}: privateA, {CounselorField, "B"}: privateB,
		{IndividualFile, "A"}: individualA, {IndividualFile, "B"}: individualB,
	} {
		if got, ok := compartmentOf(item.material, item.of); !ok || got != want {
			t.Errorf("%s of %s lies in %s, want %s", item.material, item.of, got, want)
		}
	}
	if got, ok := compartmentOf(PrivatePage, ""); ok {
		t.Errorf("a page of nobody lies in %s", got)
	}
}

// TestWhatSomebodyElseOpensIsNoted in the audit log; what its author opens is not.
func TestWhatSomebodyElseOpensIsNoted(t *testing.T) {
	o := newPlace(t)
	log := audit.New(o.db, audit.Keys{}, "", time.Now)
	counselor := ForCounselor("p", "dana", "couple")
	for what, test := range map[string]struct {
		who   Actor
		item  Item
		noted bool
	}{
		"its author":                    {robin, Item{"couple", PrivatePage, Draft, "A", ""}, false},
		"the counselor":                 {counselor, Item{"couple", PrivatePage, Sent, "A", ""}, true},
		"a record":                      {counselor, Item{"couple", JointRecord, Kept, "", ""}, true},
		"names, which nobody reads for": {counselor, Item{"couple", Name, Kept, "", ""}, false},
	} {
		ctx := log.Begin(t.Context(), audit.Who{Practice: "p"})
		if _, err := o.vault.Open(ctx, o.db, test.who, test.item); err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if got := audit.HasOpened(ctx, []string{audit.PageObject, "record", ""}); got != test.noted {
			t.Errorf("%s: noted %v, want %v", what, got, test.noted)
		}
	}
}
