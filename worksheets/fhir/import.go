package fhir

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/worksheets"
)

// The limits of an imported questionnaire.
const (
	MostBytes   = 1 << 20
	mostItems   = 300
	mostOptions = 300
	deepest     = 5
)

// A Loss is a part of a file that was not imported.
type Loss struct {
	Path  string // in the file
	Where string // the text of the question, "" for the file as a whole
	What  string
}

// Import decodes a Questionnaire as a worksheet with that id and returns what could not be
// imported. An invalid file is refused with the position and the reason. A worksheet made by
// another program is private to its author and the counselor until somebody changes that.
func Import(text []byte, id string) (worksheets.Definition, []Loss, error) {
	var none worksheets.Definition
	q, err := read(text)
	if err != nil {
		return none, nil, err
	}
	in := &importer{q: q, names: map[string]string{}, taken: map[string]bool{}, depths: map[int]bool{}}
	if err := cmp.Or(in.tooMany(), in.index(q.Item, "item", 1)); err != nil {
		return none, nil, err
	}
	if err := in.check(q.Item, "item"); err != nil {
		return none, nil, err
	}
	in.unread(text)
	d, err := in.head()
	if err != nil {
		return none, nil, err
	}
	d.ID = id
	if d.Fields, err = in.fields(q.Item, "item"); err != nil {
		return none, nil, err
	}
	if text := strings.Join(in.hint, " "); text != "" {
		in.mention("item", "This text has no question after it and is left out: "+text)
	}
	if d.Score == nil {
		d.Score = in.score(d)
	}
	in.differs(d, text)
	d, err = worksheets.DecodeDefinition(d.YAML())
	return d, in.losses(), err
}

// read decodes the file and checks its resource type.
func read(text []byte) (Questionnaire, error) {
	var q Questionnaire
	if len(text) > MostBytes {
		return q, fmt.Errorf("the file is larger than %d KB", MostBytes>>10)
	}
	if err := json.Unmarshal(text, &q); err != nil {
		return q, jsonError(text, err)
	}
	switch {
	case q.ResourceType != "Questionnaire":
		return q, fmt.Errorf("resourceType: it is %q, not Questionnaire", q.ResourceType)
	case len(q.Item) == 0:
		return q, errors.New("item: there are no questions")
	case bytes.Contains(text, []byte(`"modifierExtension"`)):
		return q, errors.New("modifierExtension: it changes the meaning of the file in a way that is not known here")
	}
	return q, nil
}

// jsonError reports where a file is not JSON or has a value of the wrong type.
func jsonError(text []byte, err error) error {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s: a %s does not belong there", kind.Field, kind.Value)
	}
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(text[:min(int(broken.Offset), len(text))], []byte("\n"))
		return fmt.Errorf("line %d: this is not JSON", line)
	}
	return errors.New("this is not JSON")
}

// An importer holds the state of one import.
type importer struct {
	q     Questionnaire
	names map[string]string // linkId -> id of the field
	taken map[string]bool   // ids of fields
	done  []worksheets.Field
	count int
	hint  []string // texts to attach to the next question
	lost  []Loss
	sum   *sum // an item that sums the answers

	depths  map[int]bool // depths at which questions have scores
	unclear bool         // something about the scoring was not understood
}

// tooMany returns an error if a contained list of answers is too long or appears twice.
func (in *importer) tooMany() error {
	seen := map[string]bool{}
	for _, set := range in.q.Contained {
		if len(set.codings()) > mostOptions {
			return fmt.Errorf("contained %s: there are more than %d answers", set.ID, mostOptions)
		}
		if seen[set.ID] {
			return fmt.Errorf("contained %s: it is there twice", set.ID)
		}
		seen[set.ID] = true
	}
	return nil
}

// lose records something that is not imported. It may affect scoring, so there will be no total.
func (in *importer) lose(path, what string) {
	in.unclear = true
	in.mention(path, what)
}

// mention is lose for what cannot affect scoring.
func (in *importer) mention(path, what string) {
	in.lost = append(in.lost, Loss{Path: path, What: what})
}

var types = []string{
	"group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text",
	"url", "choice", "open-choice", "attachment", "reference", "quantity",
}

// index assigns a field id to every item before any is imported.
func (in *importer) index(items []Item, path string, depth int) error {
	if depth > deepest {
		return fmt.Errorf("%s: groups are more than %d deep", path, deepest)
	}
	for n, i := range items {
		at := fmt.Sprintf("%s[%d]", path, n)
		if in.count++; in.count > mostItems {
			return fmt.Errorf("%s: there are more than %d items", at, mostItems)
		}
		if len(i.AnswerOption) > mostOptions {
			return fmt.Errorf("%s.answerOption: there are more than %d", at, mostOptions)
		}
		if _, twice := in.names[i.LinkID]; twice || i.LinkID == "" {
			return fmt.Errorf("%s.linkId: it is missing, or %q is there twice", at, i.LinkID)
		}
		in.names[i.LinkID] = in.name(i.LinkID)
		in.weigh(i, at, depth)
		in.leftOut(i, at)
		if err := in.index(i.Item, at+".item", depth+1); err != nil {
			return err
		}
	}
	return nil
}

// name converts a linkId to a field id.
func (in *importer) name(link string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '_':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '_'
	}, link)
	if id == "" || id[0] < 'a' {
		id = "q" + id
	}
	for base, n := id, 2; in.taken[id] || id == "counselor_only" || id == "free_confirm"; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	in.taken[id] = true
	return id
}

// head returns the worksheet without its questions.
func (in *importer) head() (worksheets.Definition, error) {
	d := worksheets.Definition{FilledBy: worksheets.Each, Portal: true, Privacy: worksheets.Private}
	if rest, ok := find(in.q.Extension, mendWorksheet); ok {
		d = worksheets.Definition{}
		if err := fromYAML(rest, &d); err != nil {
			return d, fmt.Errorf("extension: %w", err)
		}
	}
	d.Title, d.Purpose, d.Notice = in.q.Title, in.q.Purpose, in.q.Copyright
	in.unused()
	if words(d.Title) == "" {
		d.Title = in.q.Name
	}
	if words(d.Title) == "" {
		d.Title = "An imported questionnaire"
	}
	if words(d.Purpose) == "" {
		d.Purpose = in.q.Description
	}
	if words(d.Purpose) == "" {
		d.Purpose = "Brought in from a file."
	}
	return d, nil
}

func fromYAML(e Extension, into any) error {
	if e.ValueString == nil {
		return errors.New("it has no valueString")
	}
	decoder := yaml.NewDecoder(strings.NewReader(*e.ValueString))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return nil
}
