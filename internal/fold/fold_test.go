package fold

import "testing"

func TestTheSameWordsAreTheSameHoweverTheyWereTyped(t *testing.T) {
	for name, pair := range map[string][2]string{
		"a curly apostrophe":        {"I don't know", "I don’t know"},
		"a modifier apostrophe":     {"I don't know", "I donʼt know"},
		"an accent as apostrophe":   {"I don't know", "I don´t know"},
		"a full-width apostrophe":   {"I don't know", "I don＇t know"},
		"case":                      {"STRASSE", "straße"},
		"composed and decomposed":   {"José", "Jose\u0301"},
		"without the accent":        {"José", "jose"},
		"a ligature":                {"office", "oﬃce"},
		"full-width letters":        {"abc 123", "ａｂｃ　１２３"},
		"a dash":                    {"well-being", "well–being"},
		"a hyphen that never wraps": {"well-being", "well‑being"},
		"a soft hyphen":             {"wellbeing", "well\u00adbeing"},
		"a zero-width space":        {"wellbeing", "well\u200bbeing"},
		"a word joiner":             {"wellbeing", "well\u2060being"},
		"a byte order mark":         {"wellbeing", "\ufeffwellbeing"},
		"a direction mark":          {"wellbeing", "\u200fwellbeing"},
		"a variation selector":      {"a ❤ b", "a ❤\ufe0f b"},
		"double spaces":             {"one two", " one \t\r\n two "},
		"a no-break space":          {"one two", "one\u00a0two"},
		"quotes":                    {`he said "no"`, "he said “no”"},
		"French quotes":             {`"no"`, "«no»"},
	} {
		if a, b := Text(pair[0]), Text(pair[1]); a != b {
			t.Errorf("%s: %q and %q", name, a, b)
		}
	}
	if Text("one two") == Text("onetwo") || Text("no") == Text("on") {
		t.Error("other words are the same")
	}
}

func TestASearchFindsANameHoweverItIsTyped(t *testing.T) {
	for _, test := range []struct {
		text, search string
		want         bool
	}{
		{"Siobhán O’Brien", "o'brien", true},
		{"Siobhán O'Brien", "O’BRIEN siobhan", true},
		{"José Peña", "jose pena", true},
		{"José Peña", "", true},
		{"José Peña", "jose pine", false},
	} {
		if got := Has(test.text, test.search); got != test.want {
			t.Errorf("%q in %q: %v", test.search, test.text, got)
		}
	}
}
