package fhir

import (
	"fmt"
	"slices"

	"mend/worksheets"
)

// sameOption reports whether two options have the same value, label and score.
func sameOption(a, b Option) bool {
	x, y := optionOf(a), optionOf(b)
	return x.Value == y.Value && x.Label == y.Label && (x.Score == nil) == (y.Score == nil) &&
		(x.Score == nil || *x.Score == *y.Score)
}

// options returns the choices of an item, from the item itself or a contained list.
func (in *importer) options(i Item) []worksheets.Option {
	var list []worksheets.Option
	for _, o := range in.rawOptions(i) {
		list = appendOption(list, optionOf(o))
	}
	return list
}

// rawOptions returns the choices as the file has them.
func (in *importer) rawOptions(i Item) []Option {
	list := slices.Clone(i.AnswerOption)
	for _, set := range in.q.Contained {
		if set.ID == "" || "#"+set.ID != i.AnswerValueSet {
			continue
		}
		for _, c := range set.codings() {
			list = append(list, Option{ValueCoding: &c})
		}
	}
	return list
}

// appendOption appends o unless its value is empty or already in list.
func appendOption(list []worksheets.Option, o worksheets.Option) []worksheets.Option {
	if o.Value == "" || slices.ContainsFunc(list, func(l worksheets.Option) bool { return l.Value == o.Value }) {
		return list
	}
	return append(list, o)
}

func (v ValueSet) codings() []Coding {
	var list []Coding
	if v.Expansion != nil {
		list = v.Expansion.Contains
	}
	if v.Compose != nil && len(list) == 0 {
		for _, include := range v.Compose.Include {
			list = append(list, include.Concept...)
		}
	}
	return list
}

func optionOf(o Option) worksheets.Option {
	var option worksheets.Option
	extensions := o.Extension
	switch {
	case o.ValueCoding != nil:
		option.Value, option.Label = o.ValueCoding.Code, o.ValueCoding.Display
		extensions = append(slices.Clone(extensions), o.ValueCoding.Extension...)
	case o.ValueString != nil:
		option.Value = *o.ValueString
	case o.ValueInteger != nil:
		option.Value = fmt.Sprint(*o.ValueInteger)
	case o.ValueDate != nil:
		option.Value = *o.ValueDate
	}
	if option.Value == "" {
		option.Value = option.Label
	}
	if option.Label == "" {
		option.Label = option.Value
	}
	if e, ok := find(extensions, ordinalValue); ok && e.ValueDecimal != nil &&
		*e.ValueDecimal == float64(int(*e.ValueDecimal)) {
		score := int(*e.ValueDecimal)
		option.Score = &score
	}
	return option
}
