package sessions

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// methodWith returns the program's files with one replacement in one of them. The text to replace
// has to occur there, or the test would test nothing.
func methodWith(t *testing.T, name, from, to string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, _ := fs.Glob(methodFiles, methodFolder+"/*.yaml")
	for _, n := range names {
		text, err := fs.ReadFile(methodFiles, n)
		if err != nil {
			t.Fatal(err)
		}
		files[n] = &fstest.MapFile{Data: text}
	}
	f := files[methodFolder+"/"+name]
	if !strings.Contains(string(f.Data), from) {
		t.Fatalf("%s has no %q", name, from)
	}
	f.Data = []byte(strings.Replace(string(f.Data), from, to, 1))
	return files
}

func TestAMethodThatIsBrokenIsRefusedWithFileAndPlace(t *testing.T) {
	for name, tt := range map[string]struct{ file, from, to, want string }{
		"an unknown role": {
			"1-acknowledge.yaml", "id: s1-p4\n    role: hurt", "id: s1-p4\n    role: hrut",
			`1-acknowledge.yaml: prompts[3]: role "hrut" is not hurt, broke or both`,
		},
		"a prompt twice": {
			"1-acknowledge.yaml", "id: s1-p2", "id: s1-p1",
			`1-acknowledge.yaml: prompts[1]: id "s1-p1" is used twice`,
		},
		"a prompt of another step": {
			"1-acknowledge.yaml", "id: s1-p2", "id: s0-p2",
			`1-acknowledge.yaml: prompts[1]: id "s0-p2" is used twice`,
		},
		"an activity twice": {
			"1-acknowledge.yaml", "id: s1-a2", "id: s1-a1",
			`1-acknowledge.yaml: activities[1]: id "s1-a1" is used twice`,
		},
		"a criterion twice": {
			"1-acknowledge.yaml", "id: s1-b1", "id: s1-h1",
			`1-acknowledge.yaml: readiness.broke[0]: id "s1-h1" is used twice`,
		},
		"an id left out": {
			"1-acknowledge.yaml", "id: s1-a2", "id: ",
			`1-acknowledge.yaml: activities[1]: id is missing`,
		},
		"no minutes": {
			"1-acknowledge.yaml", "minutes: 10", "minutes: 0",
			`1-acknowledge.yaml: activities[0]: minutes are missing`,
		},
		"an unknown tick": {
			"1-acknowledge.yaml", "  - enactment", "  - enactmint",
			`1-acknowledge.yaml: interventions[1]: intervention "enactmint" is not in vocabulary.yaml`,
		},
		"a title left out": {
			"1-acknowledge.yaml", `title: "Acknowledge the betrayal"`, `title: " "`,
			`1-acknowledge.yaml: title: text is empty`,
		},
		"a caution left out": {
			"1-acknowledge.yaml", `  - "Acknowledging is not forgiving and not agreeing to stay."`,
			`  - ""`, `1-acknowledge.yaml: cautions[3]: text is empty`,
		},
		"a misspelt key": {
			"1-acknowledge.yaml", "goal:", "goul:",
			`1-acknowledge.yaml: yaml: unmarshal errors:   line 5: field goul not found in type sessions.Step`,
		},
		"a number twice": {
			"1-acknowledge.yaml", "number: 1", "number: 2",
			`1-acknowledge.yaml: number 2 and id "acknowledge" belong in 2-acknowledge.yaml`,
		},
		"an id of another": {
			"1-acknowledge.yaml", "id: acknowledge", "id: closing",
			`1-acknowledge.yaml: number 1 and id "closing" belong in 1-closing.yaml`,
		},
		"a word twice": {
			"vocabulary.yaml", "id: structured-intake-interview", "id: alliance-building",
			`vocabulary.yaml: interventions[1]: id "alliance-building" is used twice`,
		},
		"a response twice": {
			"vocabulary.yaml", "id: engaged-support", "id: engaged-open",
			`vocabulary.yaml: responses[1]: id "engaged-open" is used twice`,
		},
		"an empty word": {
			"vocabulary.yaml", `label: "was engaged and open"`, `label: ""`,
			`vocabulary.yaml: responses[0]: text is empty`,
		},
		"a block unheard of": {
			"note.yaml", "blocks: [attendance,", "blocks: [atendance,",
			`note.yaml: formats[0].sections[0][0]: block "atendance" has no template`,
		},
		"a required block": {
			"note.yaml", "  - assigned", "  - asigned",
			`note.yaml: required[1]: block "asigned" has no template`,
		},
		"a block twice": {
			"note.yaml", "block: split", "block: attendance",
			`note.yaml: blocks[2]: id "attendance" is used twice`,
		},
		"a block without a name": {"note.yaml", `name: "Focus"`, `name: ""`, `note.yaml: blocks[3]: text is empty`},
		"a block without a rule": {
			"note.yaml", `rule: "only for split sessions; {individual} = the minutes with each partner who had some"`,
			`rule: ""`,
			`note.yaml: blocks[2]: text is empty`,
		},
		"a format twice": {"note.yaml", "name: SOAP", "name: DAP", `note.yaml: formats[1]: id "DAP" is used twice`},
		"no risk sentence": {
			"note.yaml", "routine_risk: \"Safety", "routine_risk: \"\" # \"Safety",
			`note.yaml: routine_risk: text is empty`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadMethod(methodWith(t, tt.file, tt.from, tt.to))
			if want := "sessions/method/en/" + tt.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestAMethodWithAStepMissingIsRefused(t *testing.T) {
	for gone, want := range map[string]string{
		"4-open-up.yaml":  "sessions/method/en/5-keep-your-word.yaml: number is 5 where 4 is next",
		"8-closing.yaml":  "sessions/method/en/*.yaml: there are 8 steps, not 9",
		"vocabulary.yaml": `sessions/method/en/0-intake.yaml: interventions[0]: intervention "alliance-building" is not in vocabulary.yaml`,
	} {
		files := methodWith(t, gone, "", "")
		delete(files, methodFolder+"/"+gone)
		if _, err := loadMethod(files); err == nil || err.Error() != want {
			t.Errorf("without %s: got %v, want %s", gone, err, want)
		}
	}
}
