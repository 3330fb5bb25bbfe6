package worksheets

import (
	"strings"
	"testing"

	"mend/internal/i18n"
)

func TestAPageForBothNamesThePartners(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, b := w.couple.Partners[0].AddressAs, w.couple.Partners[1].AddressAs
		page := w.give("our-shared-account", ToJoint, 0, 1)[0]
		spanish := w.st.Catalogue().In(i18n.Spanish, page.Worksheet)
		for language, d := range map[string]Definition{"English": page.Worksheet, "Spanish": spanish} {
			confirm, _ := d.Field("both_ack")
			if len(confirm.Options) == 2 &&
				(!strings.HasSuffix(confirm.Options[0].Label, " "+a) || !strings.HasSuffix(confirm.Options[1].Label, " "+b)) {
				w.Errorf("%s: %v", language, confirm.Options)
			}
			differ, _ := d.Field("differ")
			if column, _ := differ.column("a"); !strings.HasPrefix(column.Label, a) {
				w.Errorf("%s: %s", language, column.Label)
			}
		}
	})
}

// TestWhereNoCoupleIsMeantNobodyIsNamed: the library and its blank sheets have no placeholders
// left, in either language.
func TestWhereNoCoupleIsMeantNobodyIsNamed(t *testing.T) {
	c := shipped(t)
	for _, d := range c.All() {
		for _, l := range []*i18n.Language{i18n.English, i18n.Spanish} {
			p := paper
			p.Language = l
			if text := textOf(c.Blank(l, d).BlankSheet(p).Blocks); strings.Contains(text, "{A}") ||
				strings.Contains(text, "{B}") {
				t.Errorf("%s in %s: %s", d.ID, l.Tag, text)
			}
			if d.FilledBy == Joint {
				continue
			}
			for _, text := range wordsOf(d) {
				if strings.Contains(text.Says, "{A}") || strings.Contains(text.Says, "{B}") {
					t.Errorf("%s names partners where one alone fills: %s", d.ID, text.Says)
				}
			}
		}
	}
}

func TestWhatTheCounselorIsToldOfPromisesNamesThePartners(t *testing.T) {
	c := Context{Answers: map[string]Value{
		"promises": rowsOf(map[string]string{"by": "second-of-us", "what": "Call at noon"}),
		"log":      rowsOf(logEntry("Call at noon", "2031-03-11", "the-one-who-promised", "kept")),
	}}
	flags := wordingOf(t, "promise-tracker").Naming("Kit", "Noor").Raise(c)
	if len(flags) != 1 || !strings.HasPrefix(flags[0].Text, "Noor, by the one who promised") {
		t.Error(flags)
	}
}
