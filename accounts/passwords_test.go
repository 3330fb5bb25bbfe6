package accounts

import (
	"regexp"
	"testing"
)

func TestAPasswordIsKeptAsAPHCStringAndFoundAgain(t *testing.T) {
	h := NewHashing(1, 8)
	phc := regexp.MustCompile(`^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	for _, password := range []string{"seven quiet herons", "", "ß ﬁ 🕯", "a\x00b"} {
		stored, err := h.hash(t.Context(), asker{}, password)
		if err != nil || !phc.MatchString(stored) {
			t.Fatal(stored, err)
		}
		again, _ := h.hash(t.Context(), asker{}, password)
		if again == stored {
			t.Error("two hashes of one password share a salt")
		}
		for typed, want := range map[string]bool{password: true, password + " ": false, "another": false} {
			if got, err := h.matches(t.Context(), asker{}, stored, typed); got != want || err != nil {
				t.Errorf("%q for %q: %v, %v", typed, password, got, err)
			}
		}
	}
}

func TestAHashOfOtherCostStillMatches(t *testing.T) {
	stored, err := NewHashing(2, 16).hash(t.Context(), asker{}, "seven quiet herons")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []*Hashing{NewHashing(1, 8), NewHashing(3, 32)} {
		if ok, err := h.matches(t.Context(), asker{}, stored, "seven quiet herons"); !ok || err != nil {
			t.Error(ok, err)
		}
		if ok, err := h.matches(t.Context(), asker{}, stored, "seven loud herons"); ok || err != nil {
			t.Error(ok, err)
		}
	}
}

func TestAHashThatCannotBeReadIsAnErrorAndNoMatch(t *testing.T) {
	for _, stored := range []string{
		"", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA", "$argon2id$v=19$m=x,t=1,p=1$c2FsdA$a2V5",
		"$argon2id$v=19$m=8,t=1,p=1$!$a2V5", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$!",
	} {
		if ok, err := NewHashing(1, 8).matches(t.Context(), asker{}, stored, "plain"); ok || err == nil {
			t.Errorf("%q: %v, %v", stored, ok, err)
		}
	}
}

func TestEverySuggestedNameIsAccepted(t *testing.T) {
	different := map[string]bool{}
	for range 500 {
		name := SuggestName()
		different[name] = true
		if !signInName.MatchString(name) {
			t.Errorf("%q is not accepted", name)
		}
	}
	if len(different) < 450 {
		t.Errorf("only %d of 500 names differ", len(different))
	}
	for _, color := range nameColors {
		for _, thing := range nameThings {
			if name := color + "-" + thing + "-10"; !signInName.MatchString(name) {
				t.Errorf("%q is not accepted", name)
			}
		}
	}
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"ABCD-EFGH": "ABCDEFGH", "abcd-efgh": "ABCDEFGH", " ab cd ef gh ": "ABCDEFGH", "AB-CD-EF-GH": "ABCDEFGH",
		"oOiI-lL01": "00111101", "abc\x00defgh": "ABCDEFGH",
		"": "", "-": "", "ABCD-EFG": "", "ABCD-EFGHJ": "",
		"ABCD-EFGU": "", "ABCD_EFG": "", "AAÉAAAA": "", "ABCD'--A": "", "ÉÉÉÉ": "",
	} {
		if got := readCode(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
	for range 200 {
		if code := randomCode(); readCode(code) != code {
			t.Errorf("%q is not read as itself", code)
		}
	}
}

// TestARealPracticePaysTheFullCost: the quick hashing is only for throwaway practices.
func TestARealPracticePaysTheFullCost(t *testing.T) {
	if h := StrongHashing(); h.Passes < 3 || h.KiB < 64*1024 || h.EscrowWork < 18 {
		t.Errorf("StrongHashing costs %d passes of %d KiB and 2^%d rounds", h.Passes, h.KiB, h.EscrowWork)
	}
	if h := FastHashing(); h.Passes < 2 || h.KiB < 19*1024 {
		t.Errorf("FastHashing costs less than the least: %d passes of %d KiB", h.Passes, h.KiB)
	}
}
