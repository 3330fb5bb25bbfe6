package worksheets

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/sessions"
)

// shipped returns the catalogue that comes with the program.
func shipped(t *testing.T) *Catalogue {
	t.Helper()
	c, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var loadOnce = sync.OnceValues(func() (*Catalogue, error) {
	m, err := sessions.LoadMethod()
	if err != nil {
		return nil, err
	}
	return LoadCatalogue(m)
})

func methodForTest(t *testing.T) *sessions.Method {
	t.Helper()
	m, err := sessions.LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wordingOf returns one worksheet of the catalogue.
func wordingOf(t *testing.T, id string) Definition {
	t.Helper()
	d, ok := shipped(t).Find(id)
	if !ok {
		t.Fatalf("there is no worksheet %s", id)
	}
	return d
}

// questionOf returns one field of a worksheet of the catalogue.
func questionOf(t *testing.T, worksheet, id string) Field {
	t.Helper()
	f, ok := wordingOf(t, worksheet).Field(id)
	if !ok {
		t.Fatalf("%s has no field %s", worksheet, id)
	}
	return f
}

// fieldCounts lists the catalogue in order, with the number of fields without the automatic ones.
var fieldCounts = []struct {
	id     string
	step   int
	fields int
}{
	{"commitment-check", 0, 13},
	{"how-trust-was-broken", 0, 11},
	{"individual-check-in", 0, 7},
	{"private-conversation-record", 0, 13},
	{"sharing-preferences", 0, 4},
	{"goals-and-ground-rules", 0, 7},
	{"risk-review", 0, 14},
	{"contact-cautions", 0, 8},
	{"individual-note", 0, 7}, // in the individual file, not in the protocol's index
	{"ending-contact", 1, 8},
	{"what-i-want-to-know", 1, 2},
	{"acknowledgment-statement", 1, 11},
	{"impact-statement", 1, 9},
	{"money-in-full", 1, 7},
	{"questions-i-have", 1, 4},
	{"our-shared-account", 1, 6},
	{"disclosure-preparation", 1, 11}, // in the individual file
	{"what-i-heard", 2, 5},
	{"apology-builder", 2, 11},
	{"response-to-apology", 2, 9},
	{"what-led-up-to-it", 2, 9},
	{"making-it-right", 2, 4},
	{"normal-reactions", 3, 6},
	{"feelings-log", 3, 3},
	{"pacing-and-space-agreement", 3, 8},
	{"forgiveness-readiness", 3, 9},
	{"carrying-my-part", 3, 7},
	{"reminder-care-plan", 3, 5},
	{"transparency-agreement", 4, 9},
	{"boundary-map", 4, 5},
	{"saying-it-straight", 4, 4},
	{"promise-tracker", 5, 4},
	{"daily-reliability-log", 5, 6},
	{"trust-pulse", 5, 3},
	{"setback-plan", 5, 8},
	{"individual-support-decision", 6, 7},
	{"referral-plan", 6, 7},
	{"who-we-tell", 6, 5},
	{"date-night-plan", 7, 7},
	{"fears-hopes-dreams", 7, 9},
	{"emotional-support-plan", 7, 7},
	{"appreciation-log", 7, 2},
	{"closeness-comfort-map", 7, 6},
	{"closing-review", 8, 8},
	{"maintenance-plan", 8, 8},
}

func TestTheCatalogueIsItsIndexFieldForField(t *testing.T) {
	all := shipped(t).All()
	if len(all) != len(fieldCounts) || len(all) != 39+6 {
		t.Fatalf("got %d worksheets, want 39 and 6 forms", len(all))
	}
	for i, want := range fieldCounts {
		own := slices.DeleteFunc(slices.Clone(all[i].Fields), func(f Field) bool { return f.Auto })
		if all[i].ID != want.id || all[i].Step != want.step || len(own) != want.fields {
			t.Errorf("place %d: got %s of step %d with %d fields, want %v", i, all[i].ID, all[i].Step, len(own), want)
		}
	}
}

func TestAWorksheetIsFoundByItsID(t *testing.T) {
	c := shipped(t)
	d, ok := c.Find("trust-pulse")
	if !ok || d.Title != "Trust pulse" || d.Repeat != "Weekly" {
		t.Errorf("got %q, %v", d.Title, ok)
	}
	if _, ok := c.Find("no-such-sheet"); ok {
		t.Error("found a worksheet that does not exist")
	}
}

func TestTheWorksheetsOfAStepComeInTheirOrder(t *testing.T) {
	var got []string
	for _, d := range shipped(t).ForStep(5) {
		got = append(got, d.ID)
	}
	want := []string{"promise-tracker", "daily-reliability-log", "trust-pulse", "setback-plan"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none := shipped(t).ForStep(9); len(none) != 0 {
		t.Errorf("got %d worksheets of a step that does not exist", len(none))
	}
}

func TestWhoeverListsTheCatalogueCannotReorderIt(t *testing.T) {
	c := shipped(t)
	slices.Reverse(c.All())
	if first := c.All()[0].ID; first != "commitment-check" {
		t.Errorf("got %s first", first)
	}
}

func TestWhatACounselorReadsAboutAWorksheetIsInWordsAlone(t *testing.T) {
	for _, d := range shipped(t).All() {
		for _, text := range []string{d.Title, d.Purpose, d.Notes, d.OpensWhen} {
			if strings.ContainsAny(text, "`§→≤≥_*") || strings.Contains(text, "LOCKED") {
				t.Errorf("%s says %q", d.ID, text)
			}
		}
	}
}

func TestEveryPageEndsWithTheSameQuestionForTheCounselorAlone(t *testing.T) {
	for _, d := range shipped(t).All() {
		last := d.Fields[len(d.Fields)-1]
		if !d.Portal {
			if last.Auto {
				t.Errorf("%s is no client page and asks %s", d.ID, last.ID)
			}
			continue
		}
		want := Field{
			ID: "counselor_only", Label: "Anything here I would like to talk over alone?", Type: LongText,
			CounselorOnly: true, Auto: true,
		}
		if diff := cmp.Diff(want, last); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
	}
}

func TestEveryJointPageAsksEachWhetherTheyAgreeFreely(t *testing.T) {
	want := Field{
		ID: "free_confirm", Label: "Do I agree to this freely?", Type: SingleChoice, Required: true,
		CounselorOnly: true, Auto: true,
		Options: []Option{
			{Value: "i-agree-freely", Label: "I agree freely"},
			{Value: "talk-first", Label: "I would like to talk it over with my counselor first"},
		},
	}
	for _, d := range shipped(t).All() {
		got, ok := d.Field("free_confirm")
		if ok != (d.FilledBy == Joint) {
			t.Errorf("%s is filled by %s: got free_confirm %v", d.ID, d.FilledBy, ok)
		}
		if !ok {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
		if before := d.Fields[len(d.Fields)-2]; before.ID != "free_confirm" {
			t.Errorf("%s: got %s before the last question", d.ID, before.ID)
		}
	}
}

func TestOnlyCounselorsFormsStayOutOfThePortal(t *testing.T) {
	var got []string
	for _, d := range shipped(t).All() {
		if !d.Portal {
			got = append(got, d.ID)
		}
	}
	if diff := cmp.Diff([]string{
		"private-conversation-record", "risk-review", "contact-cautions", "individual-note",
		"disclosure-preparation", "referral-plan",
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLockedPagesAreThoseOfTheProtocol(t *testing.T) {
	var got []string
	for _, d := range shipped(t).All() {
		if d.Locked {
			got = append(got, d.ID)
		}
	}
	want := []string{
		"commitment-check", "individual-check-in", "private-conversation-record",
		"sharing-preferences", "risk-review", "contact-cautions", "individual-note", "disclosure-preparation",
		"forgiveness-readiness", "carrying-my-part", "individual-support-decision", "referral-plan",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsForTheCounselorAloneIsNeverAmongThePartnersFields(t *testing.T) {
	for _, d := range shipped(t).All() {
		for _, f := range d.PartnerFields() {
			if f.CounselorOnly {
				t.Errorf("%s: %s is for the counselor alone", d.ID, f.ID)
			}
		}
	}
	d := wordingOf(t, "how-trust-was-broken")
	if got, want := len(d.PartnerFields()), len(d.Fields)-2; got != want {
		t.Errorf("got %d fields without not_yet and counselor_only, want %d", got, want)
	}
}

func TestEveryTypeOfFieldIsAskedSomewhere(t *testing.T) {
	used := map[FieldType]int{}
	for _, d := range shipped(t).All() {
		for _, f := range d.Fields {
			used[f.Type]++
		}
	}
	for _, kind := range fieldTypes {
		if used[kind] == 0 {
			t.Errorf("no worksheet asks a %s", kind)
		}
	}
}

func TestAStoredWordingIsReadBackWithTheSameHash(t *testing.T) {
	for _, d := range shipped(t).All() {
		again, err := DecodeDefinition(d.Source)
		if err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
		if len(d.Hash) != 64 {
			t.Errorf("%s: got hash %q", d.ID, d.Hash)
		}
	}
}

func TestAnotherWordingHasAnotherHash(t *testing.T) {
	d := wordingOf(t, "appreciation-log")
	other, err := DecodeDefinition([]byte(strings.Replace(string(d.Source), "I noticed…", "I have noticed…", 1)))
	if err != nil || other.Hash == d.Hash {
		t.Errorf("got hash %.8s again, error %v", other.Hash, err)
	}
}
