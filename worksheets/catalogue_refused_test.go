package worksheets

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// catalogueWith returns the program's worksheets with one replacement.
func catalogueWith(t *testing.T, id, from, to string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, _ := fs.Glob(catalogueFiles, catalogueFolder+"/*.yaml")
	for _, n := range names {
		text, err := fs.ReadFile(catalogueFiles, n)
		if err != nil {
			t.Fatal(err)
		}
		files[n] = &fstest.MapFile{Data: text}
	}
	f := files[catalogueFolder+"/"+id+".yaml"]
	if !strings.Contains(string(f.Data), from) {
		t.Fatalf("%s has no %q", id, from)
	}
	f.Data = []byte(strings.Replace(string(f.Data), from, to, 1))
	return files
}

func TestACatalogueThatDoesNotFitTheMethodIsRefused(t *testing.T) {
	for name, tt := range map[string]struct{ id, from, to, want string }{
		"another step": {
			"trust-pulse", "step: 5", "step: 4",
			"worksheets/catalogue/en/trust-pulse.yaml: step 4 does not name it",
		},
		"no such step": {
			"trust-pulse", "step: 5", "step: 50",
			"worksheets/catalogue/en/trust-pulse.yaml: step 50 does not name it",
		},
		"another id": {
			"trust-pulse", "id: trust-pulse", "id: pulse",
			`worksheets/catalogue/en/trust-pulse.yaml: id "pulse" belongs in pulse.yaml`,
		},
		"a broken field": {
			"trust-pulse", "type: yes_no", "type: yesno",
			`worksheets/catalogue/en/trust-pulse.yaml: fields[2] share: type "yesno" is unknown`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadCatalogue(catalogueWith(t, tt.id, tt.from, tt.to), methodForTest(t))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAWorksheetThatTheMethodNamesMustExist(t *testing.T) {
	files := catalogueWith(t, "trust-pulse", "", "")
	delete(files, catalogueFolder+"/trust-pulse.yaml")
	_, err := loadCatalogue(files, methodForTest(t))
	if want := `step keep-your-word: worksheet "trust-pulse" is not in the catalogue`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAWorksheetThatTheMethodDoesNotNameIsRefused(t *testing.T) {
	m := methodForTest(t)
	m.Steps[5].Worksheets = slices.DeleteFunc(slices.Clone(m.Steps[5].Worksheets),
		func(id string) bool { return id == "trust-pulse" })
	_, err := LoadCatalogue(m)
	if want := "worksheets/catalogue/en/trust-pulse.yaml: step 5 does not name it"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
