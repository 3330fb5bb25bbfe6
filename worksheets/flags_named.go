package worksheets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mend/internal/i18n"
)

// A namedRule is a rule that a comparison cannot express. It applies to a field of one type and may
// take some of values as arguments.
type namedRule struct {
	on     FieldType
	values []string
	say    func(r FlagRule, f Field, c Context) []string

	compares bool // reads other pages than the one being read
}

var named = map[string]namedRule{
	"apology_coverage": {on: Checklist, say: coverage},
	"calm_low_three":   {on: Scale, say: calmLow, compares: true},
	"commitment_gap":   {on: Scale, say: commitmentGap, compares: true},
	"disagree_who":     {on: SingleChoice, say: disagreeWho, compares: true},
	"private_conversation_route": {
		on: SingleChoice, values: []string{"today", "talk_first", "routine"},
		say: conversationRoute,
	},
	"promise_follow_through": {on: Table, say: followThrough},
	"promise_views_differ":   {on: Table, say: viewsDiffer},
	"trust_pulse":            {on: Likert, say: pulse, compares: true},
	"trust_pulse_falling":    {on: Likert, say: pulseFalling, compares: true},
	"trust_pulse_apart":      {on: Likert, say: pulseApart, compares: true},
}

// check returns what is wrong with r as a use of the named rule on f.
func (n namedRule) check(r FlagRule, f Field) error {
	switch {
	case n.say == nil:
		return fmt.Errorf("named rule %q is unknown", r.Named)
	case n.on != f.Type:
		return fmt.Errorf("named rule %q does not fit a %s", r.Named, f.Type)
	case (len(n.values) == 0) != (len(r.Values) == 0):
		return fmt.Errorf("named rule %q takes values of %v", r.Named, n.values)
	}
	for _, value := range r.Values {
		if !slices.Contains(n.values, value) {
			return fmt.Errorf("named rule %q has no value %q", r.Named, value)
		}
	}
	return nil
}

// sayIf returns the rule's text with its slots filled if holds, else nothing.
func (r FlagRule) sayIf(holds bool, slots ...string) []string {
	if !holds {
		return nil
	}
	return []string{strings.NewReplacer(slots...).Replace(r.Say)}
}

func commitmentGap(r FlagRule, f Field, c Context) []string {
	mine, err := strconv.Atoi(c.Answers[f.ID].Text)
	theirs, otherErr := strconv.Atoi(c.Other[f.ID].Text)
	return r.sayIf(err == nil && otherErr == nil && CommitmentGap(mine, theirs))
}

// disagreeWho compares who broke trust: one partner's "my partner" matches the other's "I did".
func disagreeWho(r FlagRule, f Field, c Context) []string {
	mirror := map[string]string{"my-partner": "i-did", "i-did": "my-partner"}
	mine, theirs := c.Answers[f.ID].Text, c.Other[f.ID].Text
	if mirrored, ok := mirror[mine]; ok {
		mine = mirrored
	}
	return r.sayIf(mine != "" && theirs != "" && mine != theirs)
}

// conversationRoute fires if the route of the conversation is among the rule's values.
func conversationRoute(r FlagRule, _ Field, c Context) []string {
	return r.sayIf(slices.Contains(r.Values, PrivateConversationRoute(c.Answers)))
}

func coverage(r FlagRule, f Field, c Context) []string {
	return r.sayIf(true, "{n}", strconv.Itoa(len(c.Answers[f.ID].Picks)), "{all}", strconv.Itoa(len(f.Options)))
}

// calmLow fires if three of seven entries, this one and the six before it, are low.
func calmLow(r FlagRule, f Field, c Context) []string {
	low := 0
	for i, entry := range append([]map[string]Value{c.Answers}, c.Earlier...) {
		if n, err := strconv.Atoi(entry[f.ID].Text); i < 7 && err == nil && n <= 2 {
			low++
		}
	}
	return r.sayIf(low >= 3)
}

// pulse returns the figure and how it compares with the same person's previous and first ones.
func pulse(r FlagRule, f Field, c Context) []string {
	figure, ok := pulseOf(f, c.Answers)
	if !ok {
		return r.sayIf(true, "{pulse}", i18n.English.Say("pulse.not_enough"))
	}
	before := pulses(f, c.Earlier)
	if len(before) == 0 {
		return r.sayIf(true, "{pulse}", fmt.Sprintf("%d, no comparison", figure))
	}
	last, first := before[0], before[len(before)-1]
	return r.sayIf(true, "{pulse}", fmt.Sprintf("%d, %s since the last one, %s since the first",
		figure, PulseDirection(&last, figure), PulseDirection(&first, figure)))
}

// pulseFalling fires when the pulse is markedly down, or down twice in a row.
func pulseFalling(r FlagRule, f Field, c Context) []string {
	run := pulses(f, append([]map[string]Value{c.Answers}, c.Earlier...))
	if _, ok := pulseOf(f, c.Answers); !ok || len(run) < 2 {
		return nil
	}
	now := PulseDirection(&run[1], run[0])
	twice := len(run) > 2 && falls(now) && falls(PulseDirection(&run[2], run[1]))
	return r.sayIf(now == "pulse.marked_down" || twice)
}

// falls reports whether a direction is downward.
func falls(direction i18n.Message) bool {
	return direction == "pulse.down" || direction == "pulse.marked_down"
}

// pulseApart fires when the partners' figures differ by thirty points or more.
func pulseApart(r FlagRule, f Field, c Context) []string {
	mine, ok := pulseOf(f, c.Answers)
	theirs, otherOK := pulseOf(f, c.Other)
	return r.sayIf(ok && otherOK && max(mine-theirs, theirs-mine) >= 30)
}

// pulses returns the figures of the pages that have one, in order.
func pulses(f Field, pages []map[string]Value) []int {
	var figures []int
	for _, page := range pages {
		if figure, ok := pulseOf(f, page); ok {
			figures = append(figures, figure)
		}
	}
	return figures
}

func pulseOf(f Field, answers map[string]Value) (figure int, ok bool) {
	var items [8]*int
	for i, row := range f.Rows {
		if o, ok := f.option(answers[f.ID].Cells[row.ID]); ok && i < len(items) {
			items[i] = o.Score
		}
	}
	return TrustPulse(items)
}
