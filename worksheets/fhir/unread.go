package fhir

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mend/worksheets"
)

// A shape lists the keys of an element that the import reads, with the shapes of the elements
// nested in it. Extensions are listed by URL.
type shape map[string]shape

// shapeOfFile returns the shape of a Questionnaire. Keys that identify the file and its origin,
// which each export writes anew, count as read.
func shapeOfFile() shape {
	whole, said := shape{"url": nil, "valueInteger": nil}, shape{"url": nil, "valueString": nil}
	numbered := shape{ordinalValue: {"url": nil, "valueDecimal": nil}}
	coding := shape{"code": nil, "display": nil, "extension": numbered}
	option := shape{
		"valueCoding": coding, "valueString": nil, "valueInteger": nil,
		"valueDate": nil, "extension": numbered,
	}
	when := shape{
		"question": nil, "operator": nil, "answerCoding": coding, "answerBoolean": nil, "answerString": nil,
		"answerInteger": nil, "answerDecimal": nil, "answerDate": nil,
	}
	item := shape{
		"linkId": nil, "prefix": nil, "text": nil, "type": nil, "enableWhen": when, "enableBehavior": nil,
		"required": nil, "repeats": nil, "readOnly": nil, "maxLength": nil, "answerValueSet": nil, "answerOption": option,
		"extension": {
			minValue: whole, maxValue: whole, mendField: said,
			itemControl: {"url": nil, "valueCodeableConcept": {"coding": {"system": nil, "code": nil, "display": nil}}},
			calculated:  {"url": nil, "valueExpression": {"language": nil, "expression": nil}},
		},
	}
	item["item"] = item
	list := shape{
		"resourceType": nil, "url": nil, "status": nil, "expansion": {"contains": coding},
		"compose": {"include": {"concept": coding}},
	}
	return shape{
		"resourceType": nil, "url": nil, "status": nil, "subjectType": nil, "title": nil, "name": nil,
		"description": nil, "purpose": nil,
		"copyright": nil, "contained": list, "item": item, "extension": {mendWorksheet: said},
	}
}

// unrelated describes the keys that cannot affect answers or scoring.
var unrelated = map[string]string{
	"meta": "notes for other programs", "text": "the printed form of the file",
	"implicitRules": "rules for other programs", "language": "the language that it names",
	"identifier": "its number elsewhere", "version": "the version", "derivedFrom": "what it was made from",
	"experimental": "that it is an experiment",
	"date":         "the date", "publisher": "the publisher", "contact": "the contact",
	"useContext": "where it is meant to be used", "jurisdiction": "where it is meant to be used",
	"approvalDate": "the date of approval", "lastReviewDate": "the date of the last review",
	"effectivePeriod": "for how long it is meant to be used",
	"name":            "the short name", "title": "the title", "description": "the description",
	"code": "a code for other programs", "definition": "a definition elsewhere", "system": "the system of codes",
	"userSelected": "who selected a code",
}

// lost describes the keys without which a questionnaire asks something else.
var lost = map[string]string{
	"initial": "an answer that is filled in beforehand", "initialSelected": "an answer that is chosen beforehand",
	"designation": "other words for an answer",
	"filter":      "a rule for which answers there are", "valueSet": "a list of answers elsewhere",
}

// unread records the parts of the file that are not read.
func (in *importer) unread(text []byte) {
	var whole any
	if json.Unmarshal(text, &whole) == nil {
		in.compare(whole, shapeOfFile(), "")
	}
}

// compare records the parts of an element that are not in its shape.
func (in *importer) compare(element any, s shape, path string) {
	switch element := element.(type) {
	case []any:
		for n, one := range element {
			in.compare(one, s, fmt.Sprintf("%s[%d]", path, n))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(element)) {
			at, below := strings.TrimPrefix(path+"."+key, "."), s[key]
			if _, read := s[key]; !read && key != "id" && key != "extension" {
				in.notRead(at, key)
			} else if key == "extension" {
				in.compareExtensions(element[key], below, at)
			} else if below != nil {
				in.compare(element[key], below, at)
			}
		}
	}
}

func (in *importer) notRead(at, key string) {
	switch {
	case unrelated[key] != "":
		in.mention(at, "Mend does not keep "+unrelated[key]+".")
	case lost[key] != "":
		in.lose(at, "Mend does not keep "+lost[key]+".")
	default:
		in.lose(at, "Mend does not know this part: "+key)
	}
}

func (in *importer) compareExtensions(list any, s shape, path string) {
	extensions, _ := list.([]any)
	for n, extension := range extensions {
		inner, _ := extension.(map[string]any)
		url, _ := inner["url"].(string)
		at := fmt.Sprintf("%s[%d]", path, n)
		if _, read := s[url]; !read {
			in.lose(at, "Mend does not know this part: "+url)
			continue
		}
		in.compare(extension, s[url], at)
	}
}

// unused records the parts of the file's head and contained lists that are not used.
func (in *importer) unused() {
	q := in.q
	if words(q.Title) != "" && words(q.Name) != "" {
		in.notRead("name", "name")
	}
	if words(q.Purpose) != "" && words(q.Description) != "" {
		in.notRead("description", "description")
	}
	if q.Status != "active" && q.Status != "" {
		in.mention("status", "Mend does not keep that it is marked as "+q.Status+".")
	}
	for n, set := range q.Contained {
		at := fmt.Sprintf("contained[%d]", n)
		switch {
		case set.ResourceType != "ValueSet":
			in.lose(at, "Mend does not know this part: "+set.ResourceType)
		case !in.asksFor(q.Item, set.ID):
			in.lose(at, "No question uses this list of answers.")
		case set.Compose != nil && set.Expansion != nil && len(set.Expansion.Contains) > 0:
			in.lose(at+".compose", "Of the two forms of this list of answers one is kept.")
		}
	}
}

// asksFor reports whether one of items takes its choices from a contained list.
func (in *importer) asksFor(items []Item, list string) bool {
	return slices.ContainsFunc(items, func(i Item) bool {
		return list != "" && i.AnswerValueSet == "#"+list || in.asksFor(i.Item, list)
	})
}

// leftOut records the properties of an item that no question of Mend supports.
func (in *importer) leftOut(i Item, at string) {
	e, counts := find(i.Extension, calculated)
	sum := counts && e.ValueExpression != nil && i.Type != "group" && i.Type != "display"
	if counts && !sum {
		in.lose(at, "Mend does not fully understand this calculation, so it is left out.")
	}
	if i.ReadOnly && !sum {
		in.lose(at, "That nobody answers it is not kept: it is asked.")
	}
	if raw := in.rawOptions(i); len(raw) != len(in.options(i)) {
		in.lose(at, "An answer that is there twice, or has no words, is left out.")
	}
	_, least := find(i.Extension, minValue)
	_, most := find(i.Extension, maxValue)
	if (least || most) && !toTen(i) {
		in.lose(at, "The least and the most that can be answered are not kept.")
	}
	if control, ok := find(i.Extension, itemControl); ok && !ourControl(control) {
		in.mention(at, "How it looks is not kept.")
	}
	in.leftOutBelow(i, at)
}

func ourControl(e Extension) bool {
	return e.ValueCodeableConcept != nil && !slices.ContainsFunc(e.ValueCodeableConcept.Coding, func(c Coding) bool {
		return !slices.Contains([]string{"help", "table", "gtable"}, c.Code)
	})
}

// leftOutBelow does so for properties that depend on the items nested in i.
func (in *importer) leftOutBelow(i Item, at string) {
	asked := slices.DeleteFunc(slices.Clone(i.Item), isHelp)
	required := slices.ContainsFunc(asked, func(below Item) bool { return below.Required })
	switch table := i.Type == "group" && in.table(i); {
	case i.Type == "display" && len(i.EnableWhen) > 0:
		in.mention(at, "A condition on a text is not kept: it is always shown.")
	case i.Type == "group" && i.Required && !table:
		in.lose(at, "That a group has to be answered is not kept.")
	case table && i.Repeats && required:
		in.lose(at, "That a column has to be filled is not kept.")
	case i.Type != "group" && i.Repeats && len(asked) > 0:
		in.lose(at, "What is asked about each of several answers is asked once.")
	}
}

// differs records a loss if another program changed a file that Mend exported.
func (in *importer) differs(d worksheets.Definition, text []byte) {
	rest, ours := find(in.q.Extension, mendWorksheet)
	if !ours && !slices.ContainsFunc(in.q.Item,
		func(i Item) bool { _, ours := find(i.Extension, mendField); return ours }) {
		return
	}
	var written worksheets.Definition
	if ours && fromYAML(rest, &written) == nil {
		d.ID = written.ID
	}
	var file, again any
	if json.Unmarshal(text, &file) != nil || json.Unmarshal(Export(d), &again) != nil || !reflect.DeepEqual(file, again) {
		in.lose("extension", "Mend wrote this file, and it was changed since.")
	}
}

// losses returns the losses without duplicates, each with the text of its question.
func (in *importer) losses() []Loss {
	var list []Loss
	for _, l := range in.lost {
		l.Where = in.where(l.Path)
		if !slices.ContainsFunc(list, func(o Loss) bool { return o.Where == l.Where && o.What == l.What }) {
			list = append(list, l)
		}
	}
	return list
}

var itemInPath = regexp.MustCompile(`(?:^|\.)item\[(\d+)\]`)

// where returns the text of the innermost item on a path.
func (in *importer) where(path string) (text string) {
	items := in.q.Item
	for _, step := range itemInPath.FindAllStringSubmatch(path, -1) {
		n, err := strconv.Atoi(step[1])
		if err != nil || n >= len(items) {
			break
		}
		if text = words(labelOf(items[n])); text == "" {
			text = items[n].LinkID
		}
		items = items[n].Item
	}
	return text
}
