package couples_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/i18n/i18ntest"
)

// asPartner returns the couple as read by one of its partners.
func asPartner(t *testing.T, st *couples.Store, c couples.Couple, side couples.Side) (couples.Couple, couples.Partner) {
	t.Helper()
	mine, me, err := st.FindForPartner(t.Context(), c.PracticeID, c.Partner(side).ID)
	if err != nil {
		t.Fatal(err)
	}
	return mine, me
}

// read returns a signature under a policy that was read in English.
func read(policy, name string) couples.Signature {
	return couples.Signature{Policy: policy, Wording: couples.InEnglish, Name: name}
}

func sign(t *testing.T, st *couples.Store, c couples.Couple, side couples.Side) {
	t.Helper()
	mine, me := asPartner(t, st, c, side)
	for range 2 { // submitted twice
		if err := st.SignPolicy(t.Context(), mine, me, read(mine.Policy().ID, me.Name), at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThreeVariantsAreOfferedAndTheFourthIsNot(t *testing.T) {
	var ids string
	for _, v := range couples.Policies().Variants {
		ids += v.ID
		if v.Name == "" || v.Text == "" || v.Strengths == "" || v.Risks == "" || strings.Count(v.Sentence, ".") != 1 {
			t.Errorf("%s is not complete, or its sentence is not one: %q", v.ID, v.Sentence)
		}
	}
	if ids != "ABC" || couples.Policies().CarveOut == "" || couples.Policies().Limits == "" {
		t.Error(ids)
	}
}

func TestEachPartnerSignsAloneAndNeitherLearnsOfTheOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		if got := find(t, st, c).Policy(); got.Variant.ID != "B" || got.Version != 1 ||
			got.Signed(couples.A) || got.Signed(couples.B) {
			t.Errorf("at first: %+v", got)
		}
		before, _ := asPartner(t, st, c, couples.B)
		sign(t, st, c, couples.A)
		after, _ := asPartner(t, st, c, couples.B)
		if before.Policy() != after.Policy() {
			t.Errorf("B learns of it: %+v, %+v", before.Policy(), after.Policy())
		}
		if mine, _ := asPartner(t, st, c, couples.A); !mine.Policy().Signed(couples.A) || mine.Policy().Signed(couples.B) {
			t.Errorf("A: %+v", mine.Policy())
		}
		if got := find(t, st, c).Policy(); !got.Signed(couples.A) || got.Signed(couples.B) {
			t.Errorf("the counselor: %+v", got)
		}
	})
}

func TestNobodySignsForSomebodyElseOrWithoutAName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		mine, me := asPartner(t, st, c, couples.A)
		_, other := asPartner(t, st, c, couples.B)
		policy := mine.Policy().ID
		for what, try := range map[string]func() error{
			"for the other": func() error { return st.SignPolicy(t.Context(), mine, other, read(policy, "Sasha"), at) },
			"as counselor": func() error {
				return st.SignPolicy(t.Context(), find(t, st, c), me,
					read(policy, "Robin"), at)
			},
			"chosen by a partner": func() error { return st.ChoosePolicy(t.Context(), mine, "C", at) },
		} {
			if err := try(); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, name := range []string{"", "   ", strings.Repeat("x", 121), "a\x00"} {
			wantFaults(t, st.SignPolicy(t.Context(), mine, me, read(policy, name), at), "name")
		}
		if err := st.SignPolicy(t.Context(), mine, me, read("an older one", "Robin"), at); !errors.Is(err, fault.Conflict) {
			t.Error(err)
		}
		if got := find(t, st, c).Policy(); got.Signed(couples.A) || got.Signed(couples.B) {
			t.Errorf("signed after all: %+v", got)
		}
	})
}

func TestAChangedPolicyIsANewVersionThatBothSignAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		sign(t, st, c, couples.A)
		first := find(t, st, c).Policy()
		for _, variant := range []string{"B", "C", "C"} {
			if err := st.ChoosePolicy(t.Context(), find(t, st, c), variant, at.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		wantFaults(t, st.ChoosePolicy(t.Context(), find(t, st, c), "D", at), "variant")
		now := find(t, st, c)
		if got := now.Policy(); got.Version != 2 || got.Variant.ID != "C" || got.Signed(couples.A) || len(now.Policies) != 2 {
			t.Errorf("got %+v of %d", got, len(now.Policies))
		}
		if old, ok := now.LastSigned(couples.A); !ok || old.ID != first.ID || now.PolicyOf(first.ID).Variant.ID != "B" {
			t.Errorf("what was signed before: %+v", old)
		}
		if _, ok := now.LastSigned(couples.B); ok {
			t.Error("B has signed nothing")
		}
	})
}

// withTu matches the forms of tú that the policies use.
var withTu = regexp.MustCompile(`(?i)\b(?:tú|te|ti|contigo|tus?|digas|dices|podrías|decides|elijas)\b`)

// TestWhatIsSignedWithUstedNeverSaysTu, and contains everything that is signed.
func TestWhatIsSignedWithUstedNeverSaysTu(t *testing.T) {
	for _, v := range couples.Policies().Variants {
		for wording, says := range map[couples.Wording]bool{couples.InSpanish: true, couples.WithUsted: false} {
			said, texts := v.ToSign(i18n.Spanish, wording)
			whole := strings.Join([]string{said.Name, said.Text, texts.CarveOut, texts.Limits, texts.Permission}, " ")
			if got := withTu.MatchString(whole); got != says {
				t.Errorf("%s of %s says tú: %v: %s", wording, v.ID, got, whole)
			}
			if said.ID != v.ID || said.Text == v.Text || texts.Limits == couples.Policies().Limits {
				t.Errorf("%s of %s is not in Spanish", wording, v.ID)
			}
		}
	}
	v := couples.Policies().Variants[0]
	if said, texts := v.ToSign(i18n.English, couples.InEnglish); said != v || texts.Limits != couples.Policies().Limits {
		t.Error("English is said otherwise")
	}
}

func TestASignatureRemembersInWhichWordsThePolicyWasRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		mine, me := asPartner(t, st, c, couples.A)
		signature := couples.Signature{Policy: mine.Policy().ID, Wording: "es-vos", Name: "Robin"}
		if err := st.SignPolicy(t.Context(), mine, me, signature, at); !errors.Is(err, fault.Malformed) {
			t.Error("words that nobody could read:", err)
		}
		for _, wording := range []couples.Wording{couples.WithUsted, couples.InSpanish} { // only the first counts
			signature.Wording = wording
			if err := st.SignPolicy(t.Context(), mine, me, signature, at); err != nil {
				t.Fatal(err)
			}
		}
		if got := find(t, st, c).Policy(); got.SignedIn(couples.A) != couples.WithUsted || got.SignedIn(couples.B) != "" {
			t.Errorf("got %+v", got)
		}
		if theirs, _ := asPartner(t, st, c, couples.B); theirs.Policy().SignedIn(couples.A) != "" {
			t.Error("B learns in which words A signed")
		}
	})
}

// TestASignedPolicyIsReadByItsSignerAndTheCounselor exactly as it was signed; one that was inserted
// directly into the database is not read.
func TestASignedPolicyIsReadByItsSignerAndTheCounselor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		if _, ok, err := st.SignedPolicy(t.Context(), c, c.Partner(couples.A)); ok || err != nil {
			t.Error(ok, err)
		}
		mine, me := asPartner(t, st, c, couples.A)
		signature := couples.Signature{Policy: mine.Policy().ID, Wording: couples.WithUsted, Name: "Robin Invented"}
		if err := st.SignPolicy(t.Context(), mine, me, signature, at); err != nil {
			t.Fatal(err)
		}
		mine, me = asPartner(t, st, c, couples.A)
		for _, reader := range []couples.Couple{mine, find(t, st, c)} {
			got, ok, err := st.SignedPolicy(t.Context(), reader, me)
			if err != nil || !ok || got.Name != "Robin Invented" || !strings.Contains(got.Text, "usted") ||
				got.Language() != "Spanish" || !got.SignedAt.Equal(at) {
				t.Errorf("%+v %v %v", got, ok, err)
			}
		}
		other, _ := asPartner(t, st, c, couples.B)
		if _, _, err := st.SignedPolicy(t.Context(), other, me); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if _, err := db.Exec(t.Context(), `UPDATE policy_signatures SET text = 'Nothing is private.'`); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := st.SignedPolicy(t.Context(), find(t, st, c), me); ok || err != nil {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// TestAPolicyIsSignedInTheWordsThatWereRead: a policy that is not translated is read and signed in
// English.
func TestAPolicyIsSignedInTheWordsThatWereRead(t *testing.T) {
	for _, test := range []struct {
		l     *i18n.Language
		usted bool
		want  couples.Wording
	}{
		{nil, true, couples.InEnglish},
		{i18n.English, true, couples.InEnglish},
		{i18n.Spanish, false, couples.InSpanish},
		{i18n.Spanish, true, couples.WithUsted},
		{i18ntest.Pseudo(), false, couples.InEnglish},
		{i18ntest.Pseudo(), true, couples.InEnglish},
	} {
		if got := couples.WordingIn(test.l, test.usted); got != test.want {
			t.Errorf("%v, usted %v: got %s, want %s", test.l, test.usted, got, test.want)
		}
	}
}
