package fhir

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// check returns the first thing that R4 does not allow in items
// (https://hl7.org/fhir/R4/questionnaire.html#invs).
func (in *importer) check(items []Item, path string) error {
	for n, i := range items {
		at := fmt.Sprintf("%s[%d]", path, n)
		if err := in.checkItem(i, at); err != nil {
			return err
		}
		if err := in.check(i.Item, at+".item"); err != nil {
			return err
		}
	}
	return nil
}

func (in *importer) checkItem(i Item, at string) error {
	switch {
	case !slices.Contains(types, i.Type):
		return fmt.Errorf("%s.type: %q is not a type of item", at, i.Type)
	case i.Type == "group" && len(i.Item) == 0:
		return fmt.Errorf("%s: a group needs items", at)
	case i.Type == "display" && (i.Required || i.Repeats || i.ReadOnly || len(i.Item) > 0):
		return fmt.Errorf("%s: a display is not answered", at)
	case len(i.AnswerOption) > 0 && i.AnswerValueSet != "":
		return fmt.Errorf("%s: answerOption and answerValueSet exclude each other", at)
	case (len(i.AnswerOption) > 0 || i.AnswerValueSet != "") && !slices.Contains(withOptions, i.Type):
		return fmt.Errorf("%s: a %s has no answers to choose", at, i.Type)
	case len(i.EnableWhen) > 1 && !slices.Contains([]string{"all", "any"}, i.EnableBehavior):
		return fmt.Errorf("%s.enableBehavior: with several conditions it is all or any", at)
	}
	for n, when := range i.EnableWhen {
		if err := in.checkWhen(when); err != nil {
			return fmt.Errorf("%s.enableWhen[%d]%w", at, n, err)
		}
	}
	return nil
}

var withOptions = []string{"choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "text", "quantity"}

func (in *importer) checkWhen(w EnableWhen) error {
	answers := 0
	for _, there := range []bool{w.AnswerCoding != nil, w.AnswerBoolean != nil, w.AnswerString != nil, w.AnswerInteger != nil, w.AnswerDecimal != nil, w.AnswerDate != nil} {
		if there {
			answers++
		}
	}
	switch {
	case in.names[w.Question] == "":
		return fmt.Errorf(".question: no item has the linkId %q", w.Question)
	case !slices.Contains([]string{"exists", "=", "!=", ">", "<", ">=", "<="}, w.Operator):
		return fmt.Errorf(".operator: %q is not one", w.Operator)
	case w.Operator == "exists" && w.AnswerBoolean == nil:
		return fmt.Errorf(": exists needs answerBoolean")
	case answers > 1:
		return fmt.Errorf(": there are %d answers to compare with", answers)
	}
	return nil
}

// Keys that say nothing a worksheet would show: they go without a word.
var silent = []string{"resourceType", "id", "meta", "text", "status", "date", "publisher", "contact", "url", "version", "name", "title", "language", "implicitRules",
	"experimental", "subjectType", "description", "purpose", "copyright", "contained", "item", "extension", "linkId", "prefix", "type", "enableWhen", "enableBehavior",
	"required", "repeats", "readOnly", "maxLength", "answerValueSet", "answerOption", "identifier", "useContext", "jurisdiction", "lastReviewDate", "approvalDate", "effectivePeriod", "definition", "code"}

// unknownKeys lists elements that are not read.
func (in *importer) unknownKeys(text []byte) {
	var whole map[string]any
	if json.Unmarshal(text, &whole) != nil {
		return
	}
	in.unread(whole, "")
}

func (in *importer) unread(element map[string]any, path string) {
	keys := make([]string, 0, len(element))
	for key := range element {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if !slices.Contains(silent, key) {
			in.lose(strings.TrimPrefix(path+"."+key, "."), "This part is not known here.")
		}
	}
	in.unreadExtensions(element, path)
	options, _ := element["answerOption"].([]any)
	for n, option := range options {
		if inner, ok := option.(map[string]any); ok {
			in.unreadOption(inner, fmt.Sprintf("%s.answerOption[%d]", path, n))
		}
	}
	items, _ := element["item"].([]any)
	for n, item := range items {
		if inner, ok := item.(map[string]any); ok {
			in.unread(inner, strings.TrimPrefix(fmt.Sprintf("%s.item[%d]", path, n), "."))
		}
	}
}

// understood are the extensions that an import reads.
var understood = []string{ordinalValue, itemControl, minValue, maxValue, calculated, mendWorksheet, mendField}

// unreadExtensions lists extensions of an element that are not read. One of a
// question may say how its answer counts.
func (in *importer) unreadExtensions(element map[string]any, path string) {
	extensions, _ := element["extension"].([]any)
	for n, extension := range extensions {
		inner, _ := extension.(map[string]any)
		url, _ := inner["url"].(string)
		if !slices.Contains(understood, url) {
			in.lose(strings.TrimPrefix(fmt.Sprintf("%s.extension[%d]", path, n), "."), "This part is not known here: "+url)
			in.unclear = in.unclear || path != ""
		}
	}
}

// unreadOption lists what of an answer to choose is not read.
func (in *importer) unreadOption(option map[string]any, path string) {
	known := []string{"id", "extension", "valueCoding", "valueString", "valueInteger", "valueDate"}
	for _, key := range slices.Sorted(maps.Keys(option)) {
		if !slices.Contains(known, key) {
			in.lose(path+"."+key, "This part is not known here.")
		}
	}
	in.unreadExtensions(option, path)
	if coding, ok := option["valueCoding"].(map[string]any); ok {
		in.unreadExtensions(coding, path+".valueCoding")
	}
}
