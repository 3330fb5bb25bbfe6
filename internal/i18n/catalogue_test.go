package i18n

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	// places matches the placeholders of a sentence for a name, a date or a number, and those that
	// scripts fill in.
	places = regexp.MustCompile(`%(\[\d+\])?s|\{\w+\}`)
	keys   = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)
)

// TestEveryLanguageHasTheSameSentencesWithTheSamePlaces compares every file with the English one.
func TestEveryLanguageHasTheSameSentencesWithTheSamePlaces(t *testing.T) {
	for _, l := range Offered[1:] {
		for key, english := range English.said {
			said, ok := l.said[key]
			switch {
			case !ok || strings.TrimSpace(said) == "":
				t.Errorf("%s: %s is not translated: %q", l.Tag, string(key), english)
			case !slices.Equal(placesOf(said), placesOf(english)):
				t.Errorf("%s: %s has other places: %q, %q", l.Tag, string(key), english, said)
			}
		}
		for key := range l.said {
			if _, ok := English.said[key]; !ok {
				t.Errorf("%s: %s is not an English sentence", l.Tag, string(key))
			}
		}
	}
}

// placesOf returns the sorted placeholders of a sentence, each %s with its number.
func placesOf(sentence string) (found []string) {
	number := 0
	for _, place := range places.FindAllString(sentence, -1) {
		if place == "%s" {
			number++
			place = "%[" + string(rune('0'+number)) + "]s"
		}
		found = append(found, place)
	}
	slices.Sort(found)
	return found
}

func TestPlacesAreTheSameInAnotherOrderAndNotInAnotherNumber(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"%s and %s", "%[2]s y %[1]s", true},
		{"%s", "", false},
		{"%s", "%s %s", false},
		{"{a} of {b}", "{b}, {a}", true},
		{"{a}", "{b}", false},
		{"100 %", "100 %", true},
	} {
		if got := slices.Equal(placesOf(test.a), placesOf(test.b)); got != test.same {
			t.Errorf("%q, %q: %v", test.a, test.b, got)
		}
	}
}

// TestTheFilesAreSortedByKeysThatCanBeGuessed: sorted files cause fewer merge conflicts when two
// people add a sentence.
func TestTheFilesAreSortedByKeysThatCanBeGuessed(t *testing.T) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, m := range regexp.MustCompile(`(?m)^([^#\s][^:]*): "`).FindAllStringSubmatch(string(text), -1) {
			if found = append(found, m[1]); !keys.MatchString(m[1]) {
				t.Errorf("%s: %s is no key", name, m[1])
			}
		}
		if !slices.IsSorted(found) || len(found) != len(Offered.Of(strings.TrimSuffix(name, ".yaml")).said) {
			t.Errorf("%s is not sorted, or has an entry that is not written as KEY: \"SENTENCE\"", name)
		}
	}
}

// TestThereIsOneKeyForOneSentenceOnAButton: no two button keys have the same text.
func TestThereIsOneKeyForOneSentenceOnAButton(t *testing.T) {
	seen := map[string]Message{}
	for _, key := range slices.Sorted(maps.Keys(English.said)) {
		if strings.HasPrefix(string(key), "action.") {
			if other, ok := seen[English.said[key]]; ok {
				t.Errorf("%s and %s both say %q", string(other), string(key), English.said[key])
			}
			seen[English.said[key]] = key
		}
	}
}

// TestEveryDayAndMonthHasAName: those of package time, and nothing else is in their group.
func TestEveryDayAndMonthHasAName(t *testing.T) {
	named := map[Message]bool{"calendar.am": true, "calendar.pm": true}
	for day := range time.Saturday + 1 {
		named[Message("calendar."+strings.ToLower(day.String()))] = true
	}
	for month := time.January; month <= time.December; month++ {
		named[Message("calendar."+strings.ToLower(month.String()))] = true
	}
	for key, said := range English.said {
		if strings.HasPrefix(string(key), "calendar.") && !named[key] {
			t.Errorf("%s is no name of a day or a month", string(key))
		}
		if named[key] && !strings.EqualFold(said, strings.TrimPrefix(string(key), "calendar.")) {
			t.Errorf("%s is not what package time writes", string(key))
		}
		delete(named, key)
	}
	if len(named) > 0 {
		t.Errorf("without a name: %v", slices.Collect(maps.Keys(named)))
	}
}
