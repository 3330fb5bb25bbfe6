package fhir

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// paths returns the paths of the objects in a file.
func paths(element any, path string) (list []string) {
	switch element := element.(type) {
	case []any:
		for n, one := range element {
			list = append(list, paths(one, fmt.Sprintf("%s[%d]", path, n))...)
		}
	case map[string]any:
		list = append(list, path)
		for _, key := range slices.Sorted(maps.Keys(element)) {
			list = append(list, paths(element[key], strings.TrimPrefix(path+"."+key, "."))...)
		}
	}
	return list
}

// with returns the file with a key added to the object at path.
func with(t *testing.T, text, path, key string) string {
	t.Helper()
	var file any
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	var add func(element any, at string)
	add = func(element any, at string) {
		switch element := element.(type) {
		case []any:
			for n, one := range element {
				add(one, fmt.Sprintf("%s[%d]", at, n))
			}
		case map[string]any:
			for inner := range element {
				add(element[inner], strings.TrimPrefix(at+"."+inner, "."))
			}
			if at == path {
				element[key] = "something"
			}
		}
	}
	add(file, "")
	changed, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

// TestNothingThatAFileSaysGoesUnsaid adds a key to every object of a file that imports completely.
func TestNothingThatAFileSaysGoesUnsaid(t *testing.T) {
	for _, text := range []string{foreign, string(Export(catalogue(t)[0]))} {
		var file any
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		places := paths(file, "")
		if len(places) < 30 {
			t.Fatalf("only %d places", len(places))
		}
		for _, path := range places {
			_, lost, err := Import([]byte(with(t, text, path, "somethingElse")), "own-x")
			at := strings.TrimPrefix(path+".somethingElse", ".")
			if err != nil || !slices.ContainsFunc(lost,
				func(l Loss) bool { return l.Path == at || l.What == "Mend does not know this part: somethingElse" }) {
				t.Errorf("%s: %+v, %v", at, lost, err)
			}
		}
	}
}

func TestWhatIsIgnoredIsListedWithItsQuestion(t *testing.T) {
	for item, want := range map[string]Loss{
		`{"linkId": "x", "type": "text", "text": "X", "extension": [{"url": "http://example.org/unit", "valueString": "kg"}]}`:                                                                 {"item[1].extension[0]", "X", "http://example.org/unit"},
		`{"linkId": "x", "type": "text", "text": "X", "_text": {"extension": []}}`:                                                                                                             {"item[1]._text", "X", "_text"},
		`{"linkId": "x", "prefix": "2.", "type": "text", "text": "X", "code": [{"code": "y"}]}`:                                                                                                {"item[1].code", "2. X", "a code for other programs"},
		`{"linkId": "x", "type": "choice", "text": "X", "answerOption": [{"valueString": "a", "initialSelected": true}]}`:                                                                      {"item[1].answerOption[0].initialSelected", "X", "chosen beforehand"},
		`{"linkId": "x", "type": "choice", "text": "X", "answerOption": [{"valueCoding": {"system": "http://loinc.org", "code": "a"}}]}`:                                                       {"item[1].answerOption[0].valueCoding.system", "X", "the system of codes"},
		`{"linkId": "x", "type": "choice", "text": "X", "answerOption": [{"valueString": "a"}, {"valueString": "a"}]}`:                                                                         {"item[1]", "X", "there twice"},
		`{"linkId": "x", "type": "string", "text": "X", "answerOption": [{"valueString": "a"}]}`:                                                                                               {"item[1]", "X", "the answer is typed"},
		`{"linkId": "x", "type": "boolean", "text": "X", "repeats": true}`:                                                                                                                     {"item[1]", "X", "Several answers"},
		`{"linkId": "x", "type": "text", "text": "X", "maxLength": 5000}`:                                                                                                                      {"item[1]", "X", "at most 5000 characters"},
		`{"linkId": "x", "type": "url", "text": "X"}`:                                                                                                                                          {"item[1]", "X", "that it is a url is not checked"},
		`{"linkId": "x", "type": "text", "text": "X", "readOnly": true}`:                                                                                                                       {"item[1]", "X", "nobody answers"},
		`{"linkId": "x", "type": "choice", "text": "X"}`:                                                                                                                                       {"item[1]", "X", "no answers to choose from"},
		`{"linkId": "x", "type": "display", "text": "Goodbye."}`:                                                                                                                               {"item", "", "Goodbye."},
		`{"linkId": "x", "type": "display", "text": "X", "enableWhen": [{"question": "first", "operator": "=", "answerCoding": {"code": "a"}}]}, {"linkId": "y", "type": "text", "text": "Y"}`: {"item[1]", "X", "always shown"},
		`{"linkId": "x", "type": "group", "text": "G", "required": true, "item": [{"linkId": "y", "type": "text", "text": "Y"}]}`:                                                              {"item[1]", "G", "a group has to be answered"},
		`{"linkId": "x", "type": "group", "text": "G", "repeats": true, "item": [{"linkId": "y", "type": "string", "text": "Y", "required": true}]}`:                                           {"item[1]", "G", "a column has to be filled"},
		`{"linkId": "x", "type": "choice", "text": "X", "repeats": true, "answerOption": [{"valueString": "a"}], "item": [{"linkId": "y", "type": "text", "text": "Y"}]}`:                      {"item[1]", "X", "asked once"},
		`{"linkId": "x", "type": "choice", "text": "X", "answerOption": [{"valueString": "a"}], "extension": [{"url": "` +
			itemControl + `", "valueCodeableConcept": {"coding": [{"code": "slider"}]}}]}`: {"item[1]", "X", "How it looks"},
		`{"linkId": "x", "type": "date", "text": "X", "extension": [{"url": "` + minValue +
			`", "valueInteger": 3}]}`: {"item[1]", "X", "The least and the most"},
		`{"linkId": "x", "type": "group", "text": "G", "extension": [{"url": "` + calculated +
			`"}], "item": [{"linkId": "y", "type": "text", "text": "Y"}]}`: {"item[1]", "G", "this calculation"},
	} {
		_, lost, err := Import([]byte(one(item)), "own-x")
		if err != nil || len(lost) != 1 || lost[0].Path != want.Path || lost[0].Where != want.Where ||
			!strings.Contains(lost[0].What, want.What) {
			t.Errorf("%s: %+v, %v", item, lost, err)
		}
	}
}

func TestWhatTheFileSaysOfItselfIsListed(t *testing.T) {
	file := one(`{"linkId": "x", "type": "text", "text": "X"}`)
	for add, want := range map[string]string{
		`"status": "retired"`: "marked as retired", `"name": "N"`: "the short name", `"publisher": "P"`: "the publisher",
		`"purpose": "P", "description": "D"`: "the description", `"contained": [{"resourceType": "Library"}]`: "Library",
		`"contained": [{"resourceType": "ValueSet", "id": "a"}]`: "No question uses",
	} {
		text := strings.Replace(strings.Replace(file, `"status": "active", `, "", 1), `"title"`, add+`, "title"`, 1)
		_, lost, err := Import([]byte(text), "own-x")
		if err != nil || len(lost) != 1 || !strings.Contains(lost[0].What, want) || lost[0].Where != "" {
			t.Errorf("%s: %+v, %v", add, lost, err)
		}
	}
}

// TestAFileOfMendThatWasChangedIsNamed: another program changed a question that Mend exported.
func TestAFileOfMendThatWasChangedIsNamed(t *testing.T) {
	for _, d := range catalogue(t)[:8] {
		text := strings.Replace(string(Export(d)), `"text":`, `"readOnly": false, "text":`, 1)
		_, lost, err := Import([]byte(text), d.ID)
		if err != nil || len(lost) != 1 || !strings.Contains(lost[0].What, "changed since") {
			t.Errorf("%s: %+v, %v", d.ID, lost, err)
		}
	}
}
