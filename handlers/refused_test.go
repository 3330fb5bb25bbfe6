package handlers

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestWhatWasTypedIntoAPageThatIsGoneIsShownOnce more, so that it can be copied: nothing short, and
// no secret. The answer is the same as for a page that never existed.
func TestWhatWasTypedIntoAPageThatIsGoneIsShownOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit := w.as(w.partner(1, "A"))
		form := url.Values{
			"a.now": {"I wanted to say this <b>for a long time</b>."}, "a.kind": {"two words"}, "key": {"k"}, "seen": {"0"},
			"password": {"correct horse battery staple"}, "do": {"send"},
		}
		mine := "/my/worksheets/" + things["shareable"]
		w.as(w.dana).post("/assignments/"+things["shareable"]+"/withdraw", url.Values{}).want(t, 303)
		gone := kit.post(mine, form).want(t, 404, "Here is what you typed.",
			"I wanted to say this &lt;b&gt;for a long time&lt;/b&gt;.")
		gone.never(t, "two words", "battery staple")
		same(t, []string{keyless(gone.body)}, []string{keyless(kit.post("/my/worksheets/AAAAAAAAAAAAAAAAAAAAAAAAAA", form).body)})
		kit.get(mine).want(t, 404).never(t, "what you typed")
	})
}

// TestASecretIsNeverShownAgain holds for every password field of the templates, also for the one that
// is added to a form by re-authentication.
func TestASecretIsNeverShownAgain(t *testing.T) {
	names := append(passwordFields(t), "password", "reauth_password", "code", "passkey")
	eachWorld(t, func(t *testing.T, w *world) {
		form := url.Values{"a.now": {"I wanted to say this."}}
		for _, name := range names {
			form[name] = []string{"correct horse battery staple in " + name}
		}
		w.as(w.partner(1, "A")).post("/my/worksheets/AAAAAAAAAAAAAAAAAAAAAAAAAA", form).
			want(t, 404, "I wanted to say this.").never(t, "battery staple")
	})
}

// passwordFields returns the names of the templates' password fields.
func passwordFields(t *testing.T) (names []string) {
	t.Helper()
	field := regexp.MustCompile(`\(dict "name" "(\w+)"[^{}]*?"type"\s+"password"`)
	files := os.DirFS("../templates")
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, found := range field.FindAllSubmatch(text, -1) {
			names = append(names, string(found[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names, "new") || !slices.Contains(names, "repeated") {
		t.Fatalf("only %v were found: the templates write password fields in another way", names)
	}
	return names
}
