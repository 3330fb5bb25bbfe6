package worksheets

import (
	"maps"
	"strings"
	"testing"
)

// telling is a page on which the visibility of one question reveals an answer for the counselor
// only.
const telling = `
id: sample
title: "A sample"
filled_by: broke
portal: true
privacy: release
purpose: "To be refused."
fields:
  - id: stopped
    label: "Has it stopped?"
    type: yes_no
    counselor_only: true
  - id: how
    label: "What I did to end it"
    type: long_text
    show_if: {field: stopped, op: eq, value: "yes"}
  - id: after
    label: "How it went"
    type: yes_no
    show_if: {field: stopped, op: ne, value: "no"}
`

func TestAPageThatTellsAnAnswerForTheCounselorAloneIsRefusedWithItsPlace(t *testing.T) {
	chained := strings.Replace(telling, `    show_if: {field: stopped, op: ne, value: "no"}`,
		`    show_if: {field: stopped, op: ne, value: "no"}
    counselor_only: true
  - id: later
    label: "And later"
    type: short_text
    show_if: {field: after, op: eq, value: "yes"}`, 1)
	chained = strings.Replace(chained, `    show_if: {field: stopped, op: eq, value: "yes"}`,
		"    counselor_only: true\n"+`    show_if: {field: stopped, op: eq, value: "yes"}`, 1)
	roles := strings.Replace(telling, "fields:",
		"role_from: {field: stopped, roles: {\"yes\": broke, \"no\": hurt}}\nfields:", 1)
	roles = strings.Replace(roles, "type: yes_no",
		"type: single_choice\n    options: [{value: \"yes\", label: \"Yes\"}, {value: \"no\", label: \"No\"}]", 1)
	roles = strings.Replace(roles, `    show_if: {field: stopped, op: eq, value: "yes"}`, "    role: broke", 1)
	for name, tt := range map[string]struct{ text, want string }{
		"a question after it": {
			telling,
			"fields[1] how: whether it is shown tells the answer to stopped, which is for the counselor alone",
		},
		"one further down the chain": {
			chained,
			"fields[3] later: whether it is shown tells the answer to after, which is for the counselor alone",
		},
		"a role that follows it": {
			roles,
			"fields[1] how: whether it is shown tells the answer to stopped, which is for the counselor alone",
		},
		"on a page for both": {
			strings.NewReplacer("filled_by: broke", "filled_by: joint", "privacy: release",
				"privacy: submit").Replace(telling),
			"fields[1] how: whether it is shown tells the answer to stopped, which is for the counselor alone",
		},
		"on a page nobody releases": {strings.Replace(telling, "privacy: release", "privacy: private", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := DecodeDefinition([]byte(tt.text))
			if err == nil && tt.want != "" || err != nil && err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestNoPageOfTheCatalogueTells: what the other partner reads of a shareable page does not depend
// on answers for the counselor only.
func TestNoPageOfTheCatalogueTells(t *testing.T) {
	for _, d := range shipped(t).All() {
		if err := d.checkDisclosure(); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}

// TestAnEarlierWordingThatTellsIsReadAndTellsNothing: a page assigned before the rule is still
// read, and only the counselor reads the question that would reveal the answer.
func TestAnEarlierWordingThatTellsIsReadAndTellsNothing(t *testing.T) {
	d, err := decodeStored([]byte(telling))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]Value{"stopped": textValue("yes"), "how": textValue("CANARY we blocked the number"), "after": textValue("yes")}
	r := SentPage{Page: Page{Worksheet: d}, Values: values}
	if preview := textOf(r.Page.Preview(r).Blocks(false)); strings.Contains(preview, "CANARY") || strings.Contains(preview,
		"What I did to end it") {
		t.Error(preview)
	}
	if own := textOf(r.Blocks(true)); !strings.Contains(own, "CANARY") {
		t.Error("its counselor does not read it: ", own)
	}
	for _, row := range Align(r.Page.Preview(r), r.Page.Preview(r)) {
		if row.Label == "What I did to end it" {
			t.Error("it stands side by side")
		}
	}
}

// TestWhatIsSaidToTheCounselorAloneChangesNothingThatIsReleased varies each such answer of each
// shareable page: the other partner reads the same.
func TestWhatIsSaidToTheCounselorAloneChangesNothingThatIsReleased(t *testing.T) {
	varied := 0
	for _, d := range shipped(t).All() {
		if !d.Shareable() {
			continue
		}
		seen := func(values map[string]Value) string {
			r := SentPage{Page: Page{Worksheet: d}, Values: d.Keep("", values)}
			return textOf(r.Page.Preview(r).Blocks(false))
		}
		base := map[string]Value{}
		for _, f := range d.Fields {
			base[f.ID] = plainAnswer(f)
		}
		want := seen(base)
		for _, f := range d.Fields {
			if !f.CounselorOnly {
				continue
			}
			answers := []Value{{}, textValue("CANARY"), {Declined: RatherNot}}
			for _, o := range f.Options {
				answers = append(answers, textValue(o.Value), pickValue(o.Value))
			}
			for _, v := range answers {
				values := maps.Clone(base)
				values[f.ID] = v
				varied++
				if got := seen(values); got != want {
					t.Errorf("%s: %s is told by what is released", d.ID, f.ID)
				}
			}
		}
	}
	if varied < 100 {
		t.Errorf("only %d answers were varied", varied)
	}
}
