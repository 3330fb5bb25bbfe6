package accounts

import (
	"context"
	"errors"
	"regexp"
	"testing"

	"mend/internal/fault"
)

func TestAPasswordIsKeptAsAPHCStringAndFoundAgain(t *testing.T) {
	h := NewHashing(1, 8)
	phc := regexp.MustCompile(`^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	for _, password := range []string{"seven quiet herons", "", "ß ﬁ 🕯", "a\x00b"} {
		stored, err := h.hash(t.Context(), password)
		if err != nil || !phc.MatchString(stored) {
			t.Fatal(stored, err)
		}
		again, _ := h.hash(t.Context(), password)
		if again == stored {
			t.Error("two hashes of one password share a salt")
		}
		for typed, want := range map[string]bool{password: true, password + " ": false, "another": false} {
			if got, err := h.matches(t.Context(), stored, typed); got != want || err != nil {
				t.Errorf("%q for %q: %v, %v", typed, password, got, err)
			}
		}
	}
}

func TestAHashOfOtherCostStillMatches(t *testing.T) {
	stored, err := NewHashing(2, 16).hash(t.Context(), "seven quiet herons")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []*Hashing{NewHashing(1, 8), NewHashing(3, 32)} {
		if ok, err := h.matches(t.Context(), stored, "seven quiet herons"); !ok || err != nil {
			t.Error(ok, err)
		}
		if ok, err := h.matches(t.Context(), stored, "seven loud herons"); ok || err != nil {
			t.Error(ok, err)
		}
	}
}

func TestAHashThatCannotBeReadIsAnErrorAndNoMatch(t *testing.T) {
	for _, stored := range []string{
		"", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA", "$argon2id$v=19$m=x,t=1,p=1$c2FsdA$a2V5",
		"$argon2id$v=19$m=8,t=1,p=1$!$a2V5", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$!",
	} {
		if ok, err := NewHashing(1, 8).matches(t.Context(), stored, "plain"); ok || err == nil {
			t.Errorf("%q: %v, %v", stored, ok, err)
		}
	}
}

func TestTooManyPasswordsAtOnceAreBusyAndLaterAreNot(t *testing.T) {
	h := NewHashing(1, 8)
	for range 22 {
		h.waiting <- struct{}{}
	}
	if _, err := h.hash(t.Context(), "seven quiet herons"); !errors.Is(err, fault.Busy) {
		t.Errorf("got %v, want busy", err)
	}
	<-h.waiting
	for range 3 { // each gives its place back
		if _, err := h.hash(t.Context(), "seven quiet herons"); err != nil {
			t.Error(err)
		}
	}
}

func TestWhoLeavesGivesUpTheirPlaceInTheQueue(t *testing.T) {
	h := NewHashing(1, 8)
	h.running <- struct{}{}
	h.running <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 30 {
		if _, err := h.hash(ctx, "seven quiet herons"); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want cancelled", err)
		}
	}
	if len(h.waiting) != 0 || len(h.running) != 2 {
		t.Errorf("%d waiting, %d running", len(h.waiting), len(h.running))
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
