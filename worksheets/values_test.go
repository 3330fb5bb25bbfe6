package worksheets

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// someField generates a field of the catalogue of the given type.
func someField(t *rapid.T, c *Catalogue, kind FieldType) Field {
	var of []Field
	for _, d := range c.All() {
		for _, f := range d.Fields {
			if f.Type == kind {
				of = append(of, f)
			}
		}
	}
	return rapid.SampledFrom(of).Draw(t, "field")
}

// someText generates an answer to a simple field, or "".
func someText(t *rapid.T, f Field) string {
	day := rapid.Custom(func(t *rapid.T) string {
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), 0).UTC().Format(time.DateOnly)
	})
	answers := map[FieldType]*rapid.Generator[string]{
		ShortText: typedText(280), LongText: typedText(400), Date: day,
		Scale: rapid.Map(rapid.IntRange(0, 10), strconv.Itoa),
		YesNo: rapid.SampledFrom([]string{"yes", "no"}),
	}
	if f.Type == SingleChoice {
		answers[SingleChoice] = rapid.SampledFrom(optionValues(f.Options))
	}
	return rapid.OneOf(rapid.Just(""), answers[f.Type]).Draw(t, f.ID)
}

// typedText generates what a person could type: any characters, line ends, quotes.
func typedText(most int) *rapid.Generator[string] {
	special := rapid.SampledFrom([]rune("\r\n\t \"\\<>&'💛é\u2028"))
	text := rapid.StringOfN(rapid.OneOf(rapid.Rune(), special), 0, most, -1)
	return text.Filter(func(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) })
}

func optionValues(options []Option) []string {
	var list []string
	for _, o := range options {
		list = append(list, o.Value)
	}
	return list
}

// someForm generates what a browser could send for f.
func someForm(t *rapid.T, f Field) url.Values {
	form, name := url.Values{}, "a."+f.ID
	switch f.Type {
	case MultiChoice, Checklist:
		most := len(f.Options)
		if f.MaxChoices > 0 {
			most = f.MaxChoices
		}
		form[name] = rapid.SliceOfNDistinct(rapid.SampledFrom(optionValues(f.Options)), 0, most, rapid.ID).Draw(t, "picks")
	case Likert:
		for _, row := range f.Rows {
			form.Set(name+"."+row.ID, rapid.SampledFrom(append(optionValues(f.Options), "")).Draw(t, row.ID))
		}
	case Table:
		for n := range rapid.IntRange(0, 6).Draw(t, "rows") {
			for _, c := range f.Columns {
				form.Set(fmt.Sprintf("%s.%d.%s", name, n, c.ID), someText(t, c))
			}
		}
	default:
		form.Set(name, someText(t, f))
	}
	return form
}

func TestWhatIsReadIsStoredAndComesBackTheSame(t *testing.T) {
	c := shipped(t)
	for _, kind := range fieldTypes {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				f := someField(t, c, kind)
				form := someForm(t, f)
				v, problem := f.Read(form)
				if problem != "" {
					t.Fatalf("%v: %s", form, problem)
				}
				back, err := f.Decode(v.Encode())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(v, back, cmpopts.EquateEmpty()); diff != "" {
					t.Fatal(diff)
				}
				if v.Encode() != back.Encode() || v.Blank() != (v.Encode() == "") || v.Blank() != (len(f.Show(v)) == 0) {
					t.Fatalf("%q is stored as %q and shown as %q", v, back.Encode(), f.Show(v))
				}
				for name := range form {
					if !f.Owns(name) {
						t.Fatalf("%s is not owned", name)
					}
				}
			})
		})
	}
}

// formAgain returns the form that shows v again.
func formAgain(f Field, v Value) url.Values {
	form, name := url.Values{}, "a."+f.ID
	if v.Text != "" {
		form.Set(name, v.Text)
	}
	if len(v.Picks) > 0 {
		form[name] = v.Picks
	}
	for row, answer := range v.Cells {
		form.Set(name+"."+row, answer)
	}
	for n, row := range v.Rows {
		for column, answer := range row {
			form.Set(fmt.Sprintf("%s.%d.%s", name, n, column), answer)
		}
	}
	return form
}

func TestAFormThatIsShownAgainAndSentAgainChangesNothing(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		f := someField(t, c, rapid.SampledFrom(fieldTypes).Draw(t, "type"))
		v, _ := f.Read(someForm(t, f))
		twice, problem := f.Read(formAgain(f, v))
		if problem != "" || twice.Encode() != v.Encode() {
			t.Fatalf("%s: %q then %q", problem, v.Encode(), twice.Encode())
		}
	})
}

func TestAnswersAreStoredAsCanonicalJSON(t *testing.T) {
	for _, tt := range []struct {
		v    Value
		want string
	}{
		{Value{}, ""},
		{Value{Picks: []string{}, Cells: map[string]string{}}, ""},
		{Value{Text: "7"}, `"7"`},
		{Value{Text: "a \"b\"\nc"}, `"a \"b\"\nc"`},
		{Value{Picks: []string{"b", "a"}}, `["b","a"]`},
		{Value{Cells: map[string]string{"r2": "no", "r1": "yes"}}, `{"r1":"yes","r2":"no"}`},
		{Value{Rows: []map[string]string{{"what": "x", "day": "2031-03-12"}}}, `[{"day":"2031-03-12","what":"x"}]`},
	} {
		if got := tt.v.Encode(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestAStoredAnswerOfAnotherKindIsAnErrorAndDoesNotQuoteIt(t *testing.T) {
	for _, tt := range []struct {
		kind   FieldType
		stored string
	}{
		{Table, `"secret"`},
		{Likert, `["secret"]`},
		{Checklist, `{"secret":"x"}`},
		{LongText, `["secret"]`},
		{Scale, `7`},
		{ShortText, `secret`},
	} {
		_, err := Field{ID: "q", Type: tt.kind}.Decode(tt.stored)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s from %s: got %v", tt.kind, tt.stored, err)
		}
	}
}

func TestAnswersAreShownInWords(t *testing.T) {
	for name, tt := range map[string]struct {
		worksheet, field string
		v                Value
		want             []string
	}{
		"nothing":     {"trust-pulse", "moved", Value{}, nil},
		"a text":      {"trust-pulse", "moved", Value{Text: "The call"}, []string{"The call"}},
		"a long text": {"commitment-check", "hope_from", Value{Text: "One.\nTwo."}, []string{"One.\nTwo."}},
		"a choice":    {"commitment-check", "stance", Value{Text: "unsure"}, []string{"Unsure"}},
		"a scale":     {"commitment-check", "commitment", Value{Text: "7"}, []string{"7 of 10"}},
		"yes":         {"trust-pulse", "share", Value{Text: "yes"}, []string{"Yes"}},
		"no":          {"trust-pulse", "share", Value{Text: "no"}, []string{"No"}},
		"a date":      {"daily-reliability-log", "day", Value{Text: "2031-03-12"}, []string{"March 12, 2031"}},
		"ticks": {
			"who-we-tell", "own_person",
			Value{Picks: []string{"first-of-us-has-someone"}},
			[]string{"{A} has someone"},
		},
		"a grid": {
			"trust-pulse", "items",
			Value{Cells: map[string]string{"t4": "no-occasion", "t1": "mostly"}},
			[]string{"We did what we said we would do: Mostly", "My limits were respected: Didn’t come up"},
		},
		"a table": {
			"appreciation-log", "entries",
			Value{Rows: []map[string]string{{"meant": "A lot", "day": "2031-03-12"}, {"what": "Tea"}}},
			[]string{"Day: March 12, 2031 · What it meant to me: A lot", "What my partner did: Tea"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := questionOf(t, tt.worksheet, tt.field).Show(tt.v)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAnOptionThatTheWordingNoLongerHasIsShownAsItWasStored(t *testing.T) {
	got := questionOf(t, "commitment-check", "stance").Show(Value{Text: "gone"})
	if !slices.Equal(got, []string{"gone"}) {
		t.Errorf("got %q", got)
	}
}
