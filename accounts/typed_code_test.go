package accounts_test

import (
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// pasted are the forms in which a code arrives from a message or a page.
var pasted = map[string]func(string) string{
	"en dash":             textBetween("–"),
	"non-breaking hyphen": textBetween("\u2011"),
	"minus":               textBetween("−"),
	"zero-width space":    textBetween("\u200b"),
	"no-break space":      textBetween("\u00a0"),
	"soft hyphen":         textBetween("\u00ad"),
	"tab":                 textBetween("\t"),
	"line break":          textBetween("\r\n"),
	"full stop":           func(code string) string { return code + "." },
	"straight quotes":     func(code string) string { return `"` + code + `"` },
	"curly quotes":        func(code string) string { return "“" + code + "”" },
	"byte order mark":     func(code string) string { return "\ufeff" + code },
	"direction marks":     func(code string) string { return "\u2066" + code + "\u2069" },
	"full width": func(code string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r <= '~' {
				return r + 0xfee0
			}
			return r
		}, code)
	},
}

func textBetween(s string) func(string) string {
	return func(code string) string { return " " + strings.ReplaceAll(code, "-", s) + s }
}

func TestACodeIsItsLettersAndDigitsHoweverItIsPasted(t *testing.T) {
	for how, paste := range pasted {
		if got := accounts.NormalizeCode(paste("k7qm-2xwp")); got != "K7QM2XWP" {
			t.Errorf("%s: %q is read as %q", how, paste("k7qm-2xwp"), got)
		}
	}
	if got := accounts.NormalizeCode("K7QM-2XW\xff"); got != "K7QM2XW" {
		t.Errorf("bytes that are no text: %q", got)
	}
}

// TestAPastedCodeOpensAndCostsNoTry: a pasted code is used up like a typed one.
func TestAPastedCodeOpensAndCostsNoTry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		for how, paste := range pasted {
			code := invite(t, st, c.PracticeID, "partner-"+how)
			if _, err := st.Join(t.Context(), paste(code), accounts.SuggestName(), passphrase, at); err != nil {
				t.Errorf("%s: %v", how, err)
			}
		}
	})
}

// TestANameIsOneHoweverItIsPasted: surrounding characters do not hide the name, nor get around the
// limit on wrong passwords.
func TestANameIsOneHoweverItIsPasted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		name := "amber-anchor-42"
		if _, err := st.Join(t.Context(), invite(t, st, c.PracticeID, "partner-1"), name, passphrase, at); err != nil {
			t.Fatal(err)
		}
		for how, paste := range pasted {
			if how != "full width" && !strings.Contains(paste("a-b"), "a-b") {
				continue // a hyphen of a name is part of it
			}
			if _, err := st.SignIn(t.Context(), paste(name), passphrase, "", at); err != nil {
				t.Errorf("%s, by name: %v", how, err)
			}
			if _, err := st.SignIn(t.Context(), paste("dana@example.org"), password, "", at); err != nil {
				t.Errorf("%s, by e-mail: %v", how, err)
			}
		}
		for i := range 10 {
			quotes := strings.Repeat("“", i)
			if _, err := st.SignIn(t.Context(), quotes+"dana@example.org", "not the right one", "", at); err == nil {
				t.Fatal("a wrong password opens")
			}
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", password, "", at); err == nil {
			t.Error("ten wrong passwords under quotes were not counted together")
		}
	})
}

func TestAPastedCodeOfAnAuthenticatorOrOfRecoveryWorks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		secret, recovery := withFactor(t, st)
		later, n := at, 0
		for how, paste := range pasted {
			later = later.Add(time.Minute)
			shown := code(t, secret, later)
			if _, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, later), accounts.Browser{},
				paste(shown[:3]+"-"+shown[3:]), later); err != nil {
				t.Errorf("%s, six digits: %v", how, err)
			}
			if n++; n > len(recovery) {
				continue
			}
			if _, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, later), accounts.Browser{},
				paste(recovery[n-1]), later); err != nil {
				t.Errorf("%s, recovery: %v", how, err)
			}
		}
	})
}
