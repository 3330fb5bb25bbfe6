package fhir

import (
	"fmt"
	"slices"
)

// check returns the first violation of an R4 constraint in items
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

var withOptions = []string{
	"choice", "open-choice", "decimal", "integer", "date", "dateTime", "time",
	"string", "text", "quantity",
}

func (in *importer) checkWhen(w EnableWhen) error {
	answers := 0
	for _, there := range []bool{
		w.AnswerCoding != nil, w.AnswerBoolean != nil, w.AnswerString != nil,
		w.AnswerInteger != nil, w.AnswerDecimal != nil, w.AnswerDate != nil,
	} {
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
