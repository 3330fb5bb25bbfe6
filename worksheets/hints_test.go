package worksheets

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryHintFindsItsExampleAndStaysQuietOnItsCounterExample(t *testing.T) {
	if n := len(hintsInEnglish.Hints); n != 28 || len(hintsInSpanish.Hints) != n {
		t.Errorf("got %d and %d hints, want 28", n, len(hintsInSpanish.Hints))
	}
	for i, h := range slices.Concat(hintsInEnglish.Hints, hintsInSpanish.Hints) {
		if in := hintsInEnglish.Hints[i%28].ID; h.ID != in {
			t.Errorf("%s stands where %s does in English", h.ID, in)
		}
		for text, want := range map[string]bool{
			h.Hit: true, strings.ToUpper(h.Hit): true,
			strings.ReplaceAll(h.Hit, "'", "’"): true, h.Quiet: false,
		} {
			if got, err := h.pattern.MatchString(text); err != nil || got != want {
				t.Errorf("%s on %q: got %v %v", h.ID, text, got, err)
			}
		}
		if h.Say == "" || h.Catches == "" {
			t.Errorf("%s says nothing", h.ID)
		}
	}
}

func TestAnHonestSentenceIsNotHinted(t *testing.T) {
	quiet := slices.Concat(hintsInEnglish.Never, hintsInSpanish.Never)
	for _, h := range slices.Concat(hintsInEnglish.Hints, hintsInSpanish.Hints) {
		quiet = append(quiet, h.Quiet)
	}
	if len(quiet) != 16+28+15+28 {
		t.Errorf("got %d sentences", len(quiet))
	}
	for _, text := range quiet {
		if h, ok := firstHint(text); ok {
			t.Errorf("%s hints %q", h.ID, text)
		}
	}
}

func TestHintsGoWithTheFieldsThatWantThem(t *testing.T) {
	apology, pulse := wordingOf(t, "apology-builder"), wordingOf(t, "trust-pulse")
	if len(apology.Hints()) != 28 || pulse.Hints() != nil {
		t.Errorf("got %d and %d", len(apology.Hints()), len(pulse.Hints()))
	}
	values := map[string]Value{
		"act":   {Text: "I'm sorry I lied, but I was scared. I hid the letters.\nPlease forgive me."},
		"own":   {Text: "I made a choice to hide it."},
		"quiet": {Text: "But you never asked."},
	}
	var got []string
	for _, h := range apology.Hinted(values) {
		got = append(got, h.Field+": "+h.Words)
	}
	if diff := cmp.Diff([]string{
		"What I am apologizing for: I'm sorry I lied, but I was scared.",
		"What I am apologizing for: Please forgive me.",
	}, got); diff != "" {
		t.Error(diff)
	}
	if pulse.Hinted(map[string]Value{"hindered": {Text: "But you never asked."}}) != nil {
		t.Error("a page without such fields is hinted")
	}
}

func TestAPatternThatNeverEndsGivesUp(t *testing.T) {
	file, err := readHints([]byte("hints:\n- {id: slow, catches: x, pattern: '^(a+)+$', say: x, hit: a, quiet: b}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Hints[0].pattern.MatchString(strings.Repeat("a", 60) + "!")
	if err == nil {
		t.Error("it was not stopped")
	}
}

func TestHintsWithAnUnknownKeyOrABrokenPatternAreRefused(t *testing.T) {
	for _, text := range []string{"hints:\n- {id: x, patern: y}\n", "hints:\n- {id: x, pattern: '('}\n"} {
		if _, err := readHints([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
