package handlers

import (
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/demo"
)

// rolesOf maps the elements of a page to the structure roles of a PDF. It ignores heading levels,
// because on the page the name of the record is above the note.
var rolesOf = map[string]string{"h2": "H", "h3": "H", "p": "P", "dt": "Lbl", "dd": "LBody", "li": "LBody"}

var sheetElement = regexp.MustCompile(`(?s)<(h2|h3|p|dt|dd|li)\b[^>]*>(.*?)</(?:h2|h3|p|dt|dd|li)>`)

// onThePage returns the headings, paragraphs and facts of the note on a page.
func onThePage(page string) (lines []string) {
	_, sheet, _ := strings.Cut(page, `<article class="card sheet">`)
	sheet, _, _ = strings.Cut(sheet, "</article>")
	for _, found := range sheetElement.FindAllStringSubmatch(sheet, -1) {
		lines = append(lines, rolesOf[found[1]]+" "+strings.Join(strings.Fields(html.UnescapeString(stripTags(found[2]))), " "))
	}
	return lines
}

var (
	structRole = regexp.MustCompile(`^ *([A-Z][A-Za-z0-9]*)( "[^"]*")?( \((block|inline)\))?:?$`)
	structText = regexp.MustCompile(`^ *"(.*)"$`)
)

// inTheFile returns the same from the structure of a PDF, starting after its title.
func inTheFile(t *testing.T, file string) (lines []string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "note.pdf")
	if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", "-struct-text", name).Output()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	role, begun := "", false
	for line := range strings.SplitSeq(string(out), "\n") {
		if found := structText.FindStringSubmatch(line); found != nil {
			if !begun {
				lines = append(lines, role)
			}
			begun = true
			lines[len(lines)-1] += strings.TrimRight(" "+strings.Join(strings.Fields(found[1]), " "), " ")
		} else if found := structRole.FindStringSubmatch(line); found != nil {
			role, begun = strings.TrimRight(found[1], "123456"), false
			if found[1] == "H1" {
				role = "H1"
			}
		}
	}
	title := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "H1 ") })
	lines = lines[title+1:]
	return slices.DeleteFunc(lines, func(line string) bool { return line == "Lbl •" })
}

// TestASignedNoteIsReadAloudAsItIsOnThePage compares the structure of the signed PDF with the
// note's page: the same headings, paragraphs and facts in the same order, with an addendum below.
func TestASignedNoteIsReadAloudAsItIsOnThePage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		w.completeNote(dana, note)
		dana.post(note, url.Values{"key": {"more"}, "v.impression": {"a long day & “no” more\n\nbut <b>ended</b> well"}}).
			want(t, 303)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(note+"/sign", url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}).want(t, 303)
		compare := func() {
			t.Helper()
			page := onThePage(dana.get(note).want(t, 200).body)
			if len(page) < 20 {
				t.Fatalf("the page shows %q", page)
			}
			if diff := cmp.Diff(page, inTheFile(t, dana.get(note+".pdf").want(t, 200).body)); diff != "" {
				t.Errorf("(-page +file):\n%s", diff)
			}
		}
		compare()
		dana.post(note+"/addenda", url.Values{
			"reason": {"Corrects"}, "text": {"It was Thursday."}, "password": {demo.Password}, "key": {"add"},
		}).want(t, 303)
		compare()
		standalone := dana.begin(w.people[4].Couple, "contact", "joint", "k")
		dana.sign(standalone, "A call about the time.")
		note = standalone + "/note"
		page := onThePage(dana.get(standalone).want(t, 200).body)
		if diff := cmp.Diff(page, inTheFile(t, dana.get(note+".pdf").want(t, 200).body)); diff != "" || len(page) < 10 {
			t.Errorf("(-page +file):\n%s", diff)
		}
	})
}
