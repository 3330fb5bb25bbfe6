package treatment_test

import (
	"bytes"
	"strings"
	"testing"

	"mend/couples/treatment"
	"mend/internal/i18n"
	"mend/internal/pdf"
)

func label(t treatment.Term) string { return t.Label }

// ordinary returns a typical plan.
func ordinary() treatment.Plan {
	var p treatment.Plan
	for _, goal := range []string{
		"Speak about the hidden loan without escalation.", "Establish clear ownership and repair.", "Plan money together.",
	} {
		g := treatment.Goal{Text: goal}
		for _, text := range []string{
			"Each names what was hidden in one or two plain sentences and hears the other to the end.",
			"When one of them asks for a pause, both take it and come back the same day.",
		} {
			g.Objectives = append(g.Objectives, treatment.Planned{
				Text: text, Step: terms.Steps[0], Interventions: append(terms.Interventions, terms.Interventions...),
			})
		}
		p.Goals = append(p.Goals, g)
	}
	return p
}

// TestAnOrdinaryPlanIsOnePrintedPage on US paper, with a signature.
func TestAnOrdinaryPlanIsOnePrintedPage(t *testing.T) {
	for _, in := range i18n.Offered {
		var file bytes.Buffer
		sheet := ordinary().Sheet(treatment.PrintSetup{
			Letterhead: []string{"Riverbend", "12 Invented Lane", "Example City"}, Letter: true, Language: in,
			Names: "Robin Invented and Sasha Madeup", SharedAt: at,
			Signature: treatment.Answer{ID: "a", Words: "Robin Invented", Zone: "UTC", AnsweredAt: at},
		}, label)
		if err := pdf.Draw(&file, sheet); err != nil {
			t.Fatal(err)
		}
		if pages := strings.Count(file.String(), "/Type /Page /StructParents"); pages != 1 {
			t.Errorf("%s: %d pages", in.Tag, pages)
		}
	}
}

// TestTheSheetHoldsThePlanAndNoAnswerButOwnSignature: a plan that is not shared is printed as a
// draft.
func TestTheSheetHoldsThePlanAndNoAnswerButOwnSignature(t *testing.T) {
	kinds := func(s pdf.Sheet) string {
		var kinds []string
		for _, b := range s.Blocks {
			kinds = append(kinds, b.Kind())
		}
		return strings.Join(kinds, " ")
	}
	plan := treatment.Plan{Goals: []treatment.Goal{
		{Text: "Talk.", Objectives: []treatment.Planned{{Text: "Each asks.", Step: terms.Steps[0]}, {Text: "Each waits."}}},
	}}
	draft := plan.Sheet(treatment.PrintSetup{Language: i18n.English}, label)
	if got := kinds(draft); !draft.Draft || got != "paragraph heading paragraph paragraph paragraph" {
		t.Error(draft.Draft, got)
	}
	signed := plan.Sheet(treatment.PrintSetup{
		Language: i18n.English, SharedAt: at, Signature: treatment.Answer{ID: "a", Words: "Robin", Zone: "UTC", AnsweredAt: at},
	}, label)
	if got := kinds(signed); signed.Draft || !strings.HasSuffix(got, "signature") || !signed.Made.Equal(at) ||
		!strings.Contains(signed.Footer, plan.Hash()[:16]) {
		t.Error(signed.Draft, got, signed.Footer)
	}
}
