package booklet

import (
	"strings"
	"time"

	"mend/couples"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
)

// made is the booklet's fixed date, so that the same content always produces the same bytes.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const foreword = "Everything that Mend says to couples, for the review by licensed clinicians: one for the English, " +
	"one whose " +
	"first language is Spanish. No licensed clinician has written or approved it yet. Names stand where {A} and {B} do. " +
	"What is marked “for the counselor alone” never reaches the other partner."

// Sheet returns all content as one sheet: policies, prompts, worksheets, wording hints and the
// sentences of notes, with a table of contents.
func (c Content) Sheet() pdf.Sheet {
	s := pdf.Sheet{
		Title: "Worksheets, prompts, policies and notes", Running: "Booklet for review",
		Letter: true, Made: made,
	}
	s.Blocks = []pdf.Block{pdf.Paragraph{Text: foreword}, pdf.Subheading("Contents"), pdf.Contents{}, pdf.Break{}}
	s.Blocks = append(s.Blocks, pdf.Heading("Privacy policies"), table(couples.PolicyPairs()))
	for _, step := range c.Method.Steps {
		s.Blocks = append(s.Blocks, c.step(step)...)
		for _, d := range c.Catalogue.ForStep(step.Number) {
			s.Blocks = append(s.Blocks, c.worksheet(d)...)
		}
	}
	s.Blocks = append(s.Blocks, pdf.Break{}, pdf.Heading("Interventions of a treatment plan"),
		table(c.Method.InterventionPairs()))
	s.Blocks = append(s.Blocks, pdf.Break{}, pdf.Heading("Wording hints"), table(worksheets.HintPairs()))
	s.Blocks = append(s.Blocks, c.notes()...)
	return s
}

// step returns a step's goal and its prompts, with whom each is for.
func (c Content) step(s sessions.Step) []pdf.Block {
	blocks := []pdf.Block{pdf.Break{}, pdf.Heading("Prompts: " + s.Title), pdf.Paragraph{Text: s.Goal, Muted: true}}
	pairs := c.Method.Pairs(s)
	for i, pair := range pairs {
		if p, ok := s.Prompt(pair.Place); ok {
			pairs[i].English = asked(p) + pair.English
		}
	}
	return append(blocks, table(pairs))
}

// asked returns the prefix of a prompt that names whom it is for.
func asked(p sessions.Prompt) string {
	who := map[sessions.Role]string{
		sessions.RoleHurt: "Hurt partner", sessions.RoleBroke: "Partner who broke trust", sessions.RoleBoth: "Both",
	}[p.Role]
	if p.Alone {
		who += ", each alone"
	}
	return who + ": "
}

// worksheet returns all texts of a worksheet, including those for the counselor.
func (c Content) worksheet(d worksheets.Definition) []pdf.Block {
	blocks := []pdf.Block{pdf.Break{}, pdf.Heading(d.Title), pdf.Paragraph{Text: c.about(d), Muted: true}}
	for _, text := range []string{d.OpensWhen, d.Notes} {
		if text != "" {
			blocks = append(blocks, pdf.Paragraph{Text: "To the counselor: " + text, Muted: true})
		}
	}
	spanish := map[string]string{}
	for _, p := range c.Catalogue.Pairs(d) {
		spanish[p.Place] = p.Spanish
	}
	var pairs []i18n.Pair
	for _, text := range d.EnglishTexts() {
		pairs = append(pairs, i18n.Pair{Place: text.Place, English: marked(d, text), Spanish: spanish[text.Place]})
	}
	return append(blocks, table(pairs))
}

// about returns who fills in a worksheet, who reads it, and its prerequisite.
func (c Content) about(d worksheets.Definition) string {
	says := []string{"Filled by: " + string(d.FilledBy) + ".", d.WhoReads().String()}
	if c.Catalogue.IsCore(d.ID) {
		says = append(says, "Core.")
	}
	return strings.TrimSpace(strings.Join(append(says, d.Gated()), " "))
}

// marked returns a text of d with its properties: options with a leading dot, and question labels
// with who reads or answers them.
func marked(d worksheets.Definition, text i18n.Text) string {
	if strings.Contains(text.Place, ".options.") || strings.Contains(text.Place, ".rows.") {
		return "· " + text.Says
	}
	f, ok := d.Field(text.Place)
	if !ok {
		return text.Says
	}
	var marks []string
	if f.CounselorOnly {
		marks = append(marks, "for the counselor alone")
	}
	if f.Required {
		marks = append(marks, "required")
	}
	if f.Role != "" {
		marks = append(marks, "asked of: "+string(f.Role))
	}
	if len(marks) == 0 {
		return text.Says
	}
	return text.Says + " (" + strings.Join(marks, "; ") + ")"
}

// notes returns the sentences from which progress notes are drafted. They are in English only.
func (c Content) notes() []pdf.Block {
	blocks := []pdf.Block{pdf.Break{}, pdf.Heading("Sentences of progress notes")}
	var rows [][]string
	for _, b := range c.Method.Note.Blocks {
		rows = append(rows, []string{b.Name, b.Text})
	}
	rows = append(rows, []string{"Routine risk", c.Method.Note.RoutineRisk},
		[]string{"No homework", c.Method.Note.NoHomework},
		[]string{"No homework reviewed", c.Method.Note.NoneReviewed})
	blocks = append(blocks, pdf.Table{Columns: []string{"Where", "Sentence"}, Rows: rows},
		pdf.Subheading("How a partner responded, after a name"))
	var list pdf.List
	for _, term := range c.Method.Responses {
		list = append(list, term.Label)
	}
	return append(blocks, list)
}

// table returns a table with English and Spanish columns.
func table(pairs []i18n.Pair) pdf.Table {
	t := pdf.Table{Columns: []string{"English", "Spanish"}, Languages: []string{"", "es"}}
	for _, p := range pairs {
		t.Rows = append(t.Rows, []string{p.English, p.Spanish})
	}
	return t
}
