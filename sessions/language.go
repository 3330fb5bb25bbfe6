package sessions

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"mend/couples/treatment"
	"mend/internal/i18n"
)

//go:embed method/es/*.yaml
var methodFilesInSpanish embed.FS

const spanishFolder = "method/es"

// onScreen returns the texts of a step that the couple's screen can show: its title, its subtitle,
// and the prompts for both together. The rest is for counselors, in English.
func (s Step) onScreen() []i18n.Text {
	texts := []i18n.Text{{Place: "title", Says: s.Title}}
	if s.Subtitle != "" {
		texts = append(texts, i18n.Text{Place: "subtitle", Says: s.Subtitle})
	}
	for _, p := range s.Prompts {
		if !p.Alone {
			texts = append(texts, i18n.Text{Place: p.ID, Says: p.Text})
		}
	}
	return texts
}

// translate reads the Spanish texts for the couple's screen. It returns an error unless every step
// is fully translated.
func (m *Method) translate(files fs.FS) error {
	names, err := fs.Glob(files, spanishFolder+"/*.yaml")
	if err != nil {
		return err
	}
	name := spanishFolder + "/vocabulary.yaml"
	if m.interventions, err = i18n.ReadTranslation(files, name, m.inPlans()); err != nil {
		return fmt.Errorf("sessions/%s: %w", name, err)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == name })
	m.inSpanish = map[string]i18n.Translation{}
	for _, s := range m.Steps {
		name := path.Join(spanishFolder, s.file())
		t, err := i18n.ReadTranslation(files, name, s.onScreen())
		if err != nil {
			return fmt.Errorf("sessions/%s: %w", name, err)
		}
		m.inSpanish[s.ID] = t
		names = slices.DeleteFunc(names, func(n string) bool { return n == name })
	}
	if len(names) > 0 {
		return fmt.Errorf("sessions/%s: there is no such step", names[0])
	}
	return nil
}

// In returns a step in language l, as the couple's screen shows it. Prompts for one partner alone
// are never on that screen and stay English.
func (m *Method) In(l *i18n.Language, s Step) Step {
	if l.English() {
		return s
	}
	t := m.inSpanish[s.ID]
	s.Title, s.Subtitle = t.Said(l, "title", s.Title), t.Said(l, "subtitle", s.Subtitle)
	s.Prompts = slices.Clone(s.Prompts)
	for i, p := range s.Prompts {
		if !p.Alone {
			s.Prompts[i].Text = t.Said(l, p.ID, p.Text)
		}
	}
	return s
}

// Pairs returns the texts of a step for the couple's screen in English and Spanish, and the prompts
// for one partner alone in English only.
func (m *Method) Pairs(s Step) []i18n.Pair {
	pairs := m.inSpanish[s.ID].Pairs(s.onScreen())
	for _, p := range s.Prompts {
		if p.Alone {
			pairs = append(pairs, i18n.Pair{Place: p.ID, English: p.Text})
		}
	}
	return pairs
}

// inPlans returns the names of the interventions, which partners read in a treatment plan.
func (m *Method) inPlans() []i18n.Text {
	var texts []i18n.Text
	for _, i := range m.Interventions {
		texts = append(texts, i18n.Text{Place: i.ID, Says: i.Label})
	}
	return texts
}

// InterventionPairs returns the interventions in English and in Spanish.
func (m *Method) InterventionPairs() []i18n.Pair { return m.interventions.Pairs(m.inPlans()) }

// TermIn translates a step's or intervention's name in a treatment plan if the name has not changed
// since the plan was shared. Otherwise it returns the name in the plan.
func (m *Method) TermIn(l *i18n.Language, t treatment.Term) string {
	if s, ok := m.Step(t.ID); ok && s.Title == t.Label {
		return m.In(l, s).Title
	}
	if i, ok := m.Intervention(t.ID); ok && i.Label == t.Label {
		return m.interventions.Said(l, t.ID, t.Label)
	}
	return t.Label
}
