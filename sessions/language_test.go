package sessions

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"mend/internal/i18n"
)

func TestWhatTheCouplesScreenShowsIsThereInSpanish(t *testing.T) {
	m := methodContent(t)
	never := regexp.MustCompile(`(?i)\b(infiel|víctima|ofensor|engañad|traidor|culpable|inocente|usted\b|consejer)`)
	for _, s := range m.Steps {
		spanish := m.In(i18n.Spanish, s)
		if spanish.Title == s.Title || s.Subtitle != "" && spanish.Subtitle == s.Subtitle || never.MatchString(spanish.Title) {
			t.Errorf("step %s: the title is %q", s.ID, spanish.Title)
		}
		for i, p := range s.Prompts {
			said := spanish.Prompts[i]
			if (said.Text == p.Text) != p.Alone || said.ID != p.ID || never.MatchString(said.Text) {
				t.Errorf("%s, alone %v: %q", p.ID, p.Alone, said.Text)
			}
		}
		if again, _ := m.Step(s.ID); again.Prompts[0].Text != s.Prompts[0].Text || m.In(i18n.English, s).Title != s.Title {
			t.Errorf("step %s was changed by being translated", s.ID)
		}
	}
}

// inSpanish returns the Spanish files, with from in one of them replaced by to.
func inSpanish(t *testing.T, name, from, to string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, _ := fs.Glob(methodFilesInSpanish, spanishFolder+"/*.yaml")
	for _, n := range names {
		text, err := fs.ReadFile(methodFilesInSpanish, n)
		if err != nil {
			t.Fatal(err)
		}
		files[n] = &fstest.MapFile{Data: text}
	}
	name = spanishFolder + "/" + name
	text := strings.Replace(string(files[name].Data), from, to, 1)
	if text == string(files[name].Data) {
		t.Fatalf("%s does not say %q", name, from)
	}
	files[name] = &fstest.MapFile{Data: []byte(text)}
	return files
}

func TestAMethodThatIsNotAllInSpanishDoesNotLoad(t *testing.T) {
	for _, test := range []struct{ file, from, to, want string }{
		{"8-closing.yaml", `"Mirar atrás y seguir adelante"`, `""`, "title is not translated"},
		{"8-closing.yaml", "s8-p3:", "s8-p33:", "s8-p3 is not translated"},
		{"3-room-to-heal.yaml", "words:\n", "words:\n  s3-p6: \"A solas\"\n", "s3-p6 is not in the English words"}, // asked alone
		{"8-closing.yaml", `of: "`, `of: "1`, "the English words have changed"},
	} {
		err := methodContent(t).translate(inSpanish(t, test.file, test.from, test.to))
		if err == nil || !strings.Contains(err.Error(), test.file) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	files := inSpanish(t, "8-closing.yaml", "of:", "of: ")
	files[spanishFolder+"/9-more.yaml"] = files[spanishFolder+"/8-closing.yaml"]
	if err := methodContent(t).translate(files); err == nil || !strings.Contains(err.Error(), "no such step") {
		t.Errorf("a step too many: %v", err)
	}
}
