package worksheets

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/i18n"
	"mend/sessions"
)

func TestAnAnswerIsReadAsItWasTyped(t *testing.T) {
	choice := Field{
		ID: "q", Type: SingleChoice,
		Options: []Option{{Value: "a", Label: "A"}, {Value: "in-person", Label: "I'd rather talk in person"}},
	}
	for name, tt := range map[string]struct {
		field       Field
		typed, want string
	}{
		"a short text":                  {Field{ID: "q", Type: ShortText}, "on our walk", "on our walk"},
		"a short text on two lines":     {Field{ID: "q", Type: ShortText}, "one\r\ntwo\nthree\rfour", "one two three four"},
		"a long text keeps its lines":   {Field{ID: "q", Type: LongText}, "one\r\n\r\ntwo\rthree", "one\n\ntwo\nthree"},
		"space around is not an answer": {Field{ID: "q", Type: LongText}, " \r\n\t ", ""},
		"a choice":                      {choice, "a", "a"},
		"rather in person is an answer": {choice, "in-person", "in-person"},
		"no choice":                     {choice, "", ""},
		"the lowest number":             {Field{ID: "q", Type: Scale}, "0", "0"},
		"the highest number":            {Field{ID: "q", Type: Scale}, "10", "10"},
		"yes":                           {Field{ID: "q", Type: YesNo}, "yes", "yes"},
		"no":                            {Field{ID: "q", Type: YesNo}, "no", "no"},
		"a date":                        {Field{ID: "q", Type: Date}, "2031-03-12", "2031-03-12"},
		"a leap day":                    {Field{ID: "q", Type: Date}, "2032-02-29", "2032-02-29"},
	} {
		t.Run(name, func(t *testing.T) {
			got, problem := tt.field.Read(url.Values{"a.q": {tt.typed}})
			if problem != "" || got.Text != tt.want {
				t.Errorf("got %q and %q, want %q", got.Text, problem, tt.want)
			}
		})
	}
}

func TestWhatDoesNotFitIsSaidPlainlyAndShownAgain(t *testing.T) {
	const number, day = "Choose a number from 0 to 10.", "Enter the date as year, month and day."
	for name, tt := range map[string]struct {
		kind          FieldType
		typed         string
		want, problem string
	}{
		"eleven":               {Scale, "11", "11", number},
		"less than nothing":    {Scale, "-1", "-1", number},
		"half":                 {Scale, "7.5", "7.5", number},
		"a number in disguise": {Scale, "+7", "+7", number},
		"a leading zero":       {Scale, "07", "07", number},
		"a word":               {Scale, "seven", "seven", number},
		"a day that never was": {Date, "2031-02-30", "2031-02-30", day},
		"another order":        {Date, "12/03/2031", "12/03/2031", day},
		"a NUL":                {LongText, "a\x00b", "a\uFFFDb", "This text has a character that cannot be stored."},
		"half a character":     {ShortText, "a\xffb", "a\uFFFDb", "This text has a character that cannot be stored."},
	} {
		t.Run(name, func(t *testing.T) {
			got, problem := Field{ID: "q", Type: tt.kind}.Read(url.Values{"a.q": {tt.typed}})
			if problem.String() != tt.problem || got.Text != tt.want {
				t.Errorf("got %q and %q, want %q and %q", got.Text, problem, tt.want, tt.problem)
			}
		})
	}
}

func TestLengthIsCountedInCharactersAndNotInBytes(t *testing.T) {
	for _, tt := range []struct {
		kind FieldType
		most int
	}{{ShortText, mostKept}, {LongText, mostKept}} {
		f := Field{ID: "q", Type: tt.kind}
		fits := strings.Repeat("👍🏽", tt.most)
		if got, problem := f.Read(url.Values{"a.q": {fits}}); problem != "" || got.Text != fits {
			t.Errorf("%s of %d emoji: got %q", tt.kind, tt.most, problem)
		}
		got, problem := f.Read(url.Values{"a.q": {fits + "é"}})
		want := i18n.With("error.at_most", tt.most, tt.most+1)
		if problem != want || got.Text != fits+"é" {
			t.Errorf("%s one too long: got %q and %d characters back", tt.kind, problem, len([]rune(got.Text)))
		}
	}
}

func TestATextThatIsTooLongToSendIsKeptWhole(t *testing.T) {
	d := Definition{Fields: []Field{{ID: "q", Type: ShortText, Label: "Q"}}}
	for text, refused := range map[string]bool{
		strings.Repeat("é", 280): false, strings.Repeat("é", 281): true,
		strings.Repeat("e\u0301", 280): false,
	} {
		v, problem := d.Fields[0].Read(url.Values{"a.q": {text}})
		if problem != "" || v.Text != text {
			t.Errorf("%d characters: %q", len([]rune(text)), problem)
		}
		if got := d.Check(sessions.RoleBoth, map[string]Value{"q": v}); (got["a.q"] != "") != refused {
			t.Errorf("%d characters are sent: %v", len([]rune(text)), got)
		}
	}
}

func TestALineEndCountsOnceHoweverABrowserSendsIt(t *testing.T) {
	f := Field{ID: "q", Type: LongText}
	if _, problem := f.Read(url.Values{"a.q": {"x" + strings.Repeat("\r\n", mostKept-2) + "x"}}); problem != "" {
		t.Errorf("100,000 characters: got %q", problem)
	}
}

func TestAForgedChoiceIsRefusedAndNotKept(t *testing.T) {
	options := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	rows := []Row{{ID: "r1", Label: "One"}, {ID: "r2", Label: "Two"}}
	for name, tt := range map[string]struct {
		field Field
		form  url.Values
		want  Value
	}{
		"one choice": {Field{ID: "q", Type: SingleChoice, Options: options}, url.Values{"a.q": {"c"}}, Value{}},
		"yes or no":  {Field{ID: "q", Type: YesNo}, url.Values{"a.q": {"maybe"}}, Value{}},
		"one of many": {
			Field{ID: "q", Type: MultiChoice, Options: options},
			url.Values{"a.q": {"a", "c"}},
			Value{Picks: []string{"a"}},
		},
		"a tick": {Field{ID: "q", Type: Checklist, Options: options}, url.Values{"a.q": {"c"}}, Value{}},
		"a cell": {
			Field{ID: "q", Type: Likert, Options: options, Rows: rows},
			url.Values{"a.q.r1": {"b"}, "a.q.r2": {"c"}},
			Value{Cells: map[string]string{"r1": "b"}},
		},
		"a table cell": {
			Field{
				ID: "q", Type: Table,
				Columns: []Field{{ID: "c", Label: "C", Type: SingleChoice, Options: options}},
			},
			url.Values{"a.q.0.c": {"c"}},
			Value{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, problem := tt.field.Read(tt.form)
			if !strings.HasSuffix(problem.String(), "Choose from the list.") {
				t.Errorf("got %q", problem)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneQuestionTakesOneAnswer(t *testing.T) {
	if _, problem := (Field{
		ID:   "q",
		Type: YesNo,
	}).Read(url.Values{"a.q": {"yes", "no"}}); problem.String() != "Choose one answer." {
		t.Errorf("got %q", problem)
	}
}

func TestTicksAreKeptOnceAndInTheOrderOfTheOptions(t *testing.T) {
	f := Field{ID: "q", Type: Checklist, Options: []Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}}
	got, problem := f.Read(url.Values{"a.q": {"c", "", "a", "c"}})
	if problem.String() != "" || !slices.Equal(got.Picks, []string{"a", "c"}) {
		t.Errorf("got %q and %q", got.Picks, problem)
	}
}

func TestMoreTicksThanAreAskedForAreShownAgain(t *testing.T) {
	f := questionOf(t, "emotional-support-plan", "helps")
	var four []string
	for _, o := range f.Options[:4] {
		four = append(four, o.Value)
	}
	if got, problem := f.Read(url.Values{"a.helps": four}); problem.String() != "Choose up to 3." || len(got.Picks) != 4 {
		t.Errorf("got %q and %q", got.Picks, problem)
	}
	if _, problem := f.Read(url.Values{"a.helps": four[:3]}); problem != "" {
		t.Errorf("three: got %q", problem)
	}
}

func TestEmptyRowsOfATableAreDropped(t *testing.T) {
	f := questionOf(t, "appreciation-log", "entries")
	got, problem := f.Read(url.Values{
		"a.entries.0.day": {""}, "a.entries.0.what": {" "},
		"a.entries.1.what": {"You called"}, "a.entries.1.day": {"2031-03-12"},
		"a.entries.7.meant": {"I could breathe"},
	})
	want := Value{Rows: []map[string]string{{"what": "You called", "day": "2031-03-12"}, {"meant": "I could breathe"}}}
	if diff := cmp.Diff(want, got); diff != "" || problem != "" {
		t.Errorf("%s %s", problem, diff)
	}
}

func TestAProblemInATableSaysItsLineAndColumn(t *testing.T) {
	f := questionOf(t, "appreciation-log", "entries")
	got, problem := f.Read(url.Values{
		"a.entries.0.what": {"You called"}, "a.entries.1.day": {"yesterday"}, "a.entries.2.what": {strings.Repeat("x", 281)},
	})
	if want := "Line 2, Day: Enter the date as year, month and day."; problem.String() != want {
		t.Errorf("got %q, want %q", problem, want)
	}
	if len(got.Rows) != 3 || got.Rows[1]["day"] != "yesterday" || len(got.Rows[2]["what"]) != 281 {
		t.Errorf("got %v, want all that was typed", got.Rows)
	}
}

func TestATableHasFiftyRowsAndNoFiftyFirst(t *testing.T) {
	d := wordingOf(t, "appreciation-log")
	f, _ := d.Field("entries")
	form := url.Values{}
	for n := range 50 {
		form.Set(fmt.Sprintf("a.entries.%d.what", n), "something")
	}
	if got, problem := f.Read(form); problem != "" || len(got.Rows) != 50 || len(d.Unknown(form)) != 0 {
		t.Errorf("got %d rows, %q, unknown %v", len(got.Rows), problem, d.Unknown(form))
	}
	form.Set("a.entries.50.what", "one more")
	if got := d.Unknown(form); !slices.Equal(got, []string{"a.entries.50.what"}) {
		t.Errorf("got unknown %v, want the 51st row", got)
	}
}

func TestAFieldOwnsItsOwnNamesAndNoOthers(t *testing.T) {
	text := Field{ID: "who", Type: ShortText}
	grid := Field{ID: "map", Type: Likert, Rows: []Row{{ID: "r1"}}}
	log := Field{ID: "log", Type: Table, Columns: []Field{{ID: "day"}}}
	for _, tt := range []struct {
		field Field
		name  string
		want  bool
	}{
		{text, "a.who", true},
		{text, "a.who_pushes", false},
		{text, "a.who.0", false},
		{text, "who", false},
		{text, "v.who", false},
		{text, "a.", false},
		{text, "", false},
		{text, "a.who.", false},
		{grid, "a.map.r1", true},
		{grid, "a.map", false},
		{grid, "a.map.r2", false},
		{grid, "a.map.r1.r1", false},
		{grid, "a.mapr1", false},
		{log, "a.log.0.day", true},
		{log, "a.log.49.day", true},
		{log, "a.log.50.day", false},
		{log, "a.log.-1.day", false},
		{log, "a.log.00.day", false},
		{log, "a.log.+1.day", false},
		{log, "a.log.0.hour", false},
		{log, "a.log.0", false},
		{log, "a.log.x.day", false},
		{log, "a.log0.day", false},
		{log, "a.log", false},
	} {
		if got := tt.field.Owns(tt.name); got != tt.want {
			t.Errorf("%s owns %q: got %v, want %v", tt.field.ID, tt.name, got, tt.want)
		}
	}
}

func TestNamesThatNoFieldOwnsAreListedAndOtherNamesAreNot(t *testing.T) {
	d := wordingOf(t, "trust-pulse")
	form := url.Values{
		"a.items.t1": {"mostly"}, "a.items.t9": {"mostly"}, "a.moved": {"x"}, "a.secret": {"x"}, "a.counselor_only": {"x"},
		"key": {"k"}, "seen": {"0"},
	}
	if diff := cmp.Diff([]string{"a.items.t9", "a.secret"}, d.Unknown(form)); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyIsEverToldThatWhatTheyTypedIsInvalid(t *testing.T) {
	bad := []string{"\x00", "\xff", "99", "2031-99-99", strings.Repeat("x", 9000), "forged"}
	for _, d := range shipped(t).All() {
		for _, f := range d.Fields {
			for _, typed := range bad {
				_, problem := f.Read(url.Values{"a." + f.ID: {typed}})
				if strings.Contains(strings.ToLower(problem.String()), "invalid") {
					t.Errorf("%s.%s: got %q", d.ID, f.ID, problem)
				}
			}
		}
	}
}
