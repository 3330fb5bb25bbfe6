package staff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/sessions"
)

type noteView struct {
	web.Base
	Couple       couples.Couple
	Session      sessions.Session
	When         string
	Signed       bool
	Blocks       []pdf.Block // the note as it prints
	Format       string
	Formats      []string
	Parts        []notePart
	Times        timesForm
	Ticks        web.RecordTicks
	Activity     web.SaveText // an activity that is not on the list
	Tool         web.SaveText // an intervention that is not on the list
	Homework     []web.RadioField
	NoneReviewed web.SaveTick // no homework was reviewed
	Goals        []goalFields
	Status       web.RadioField
	Risk         web.SaveTick
	Routine      string
	Prompts      map[string]web.SaveText
	Words        []web.SaveText // prompts for the counselor's own words
	Missing      []missingPart
	LastPlan     string // the plan of the couple's last signed note, with its date and session
	LastDate     string
	Earlier      string
	Seen         string
	Signer       string
	Untouched    []string // labels of drafted blocks that were not edited
	NoRoutine    bool     // the standard safety sentence is missing
	Key          string
	Addendum     addendumForm
	Passkey      bool // a passkey can be used instead of the password
	Problems     fault.Fields
	// Misprinted holds the words that a PDF cannot print as typed.
	Misprinted []string
}

// A missingPart is something the note still needs, and the field where it is typed.
type missingPart struct {
	Field string
	Label i18n.Message
}

// A notePart is a section of the note being written.
type notePart struct {
	Name   string
	Blocks []noteBlock
	Typed  bool // none of it is drafted
}

// A noteBlock is one block of the note: its text, whether it is only a draft, and the prompts that
// feed it.
type noteBlock struct {
	ID, Label, Text, Draft   string
	Problem                  i18n.Message
	Drafted, Required, Typed bool
	HasInputs                bool // empty, but drafted from inputs next to the note
	Revision                 int
	Prompts                  []web.SaveText
	Versions                 []web.Version
}

type goalFields struct {
	Text   string
	Choice web.RadioField
	Words  web.SaveText
}

var notePage = web.NewPage[noteView]("staff/sessions/note.html")

// blockPrompts lists the typed prompts that feed each block: field and label.
var blockPrompts = map[string][][2]string{
	"a_reported": {{"a_reported", ""}}, "b_reported": {{"b_reported", ""}}, // labeled as the block, with the name
	"impression": {{"impression", "Your clinical impression"}},
	"rationale":  {{"rationale", "Why these interventions (optional)"}},
	"risk":       {{"risk_text", "Your risk statement (must be appropriate for both partners to read)"}},
	"next":       {{"plan_text", "The plan"}},
}

// writeNote fills in the view of an unsigned note.
func (s *Server) writeNote(view *noteView, w sessions.NoteDraft, in sessions.NoteContext) {
	view.Seen, view.Signer, view.NoRoutine = w.Hash, in.Counselor.Signature(), w.NoRoutine
	for _, id := range w.Untouched {
		view.Untouched = append(view.Untouched, w.Label(id))
	}
	view.Missing = missingParts(w)
	view.Routine = s.Sessions.Method().Note.RoutineRisk
	view.Risk = web.Ticked("risk.routine", view.Routine, w.Saved["risk.routine"])
	view.Prompts = map[string]web.SaveText{"service": web.Texts("service", "Service / CPT code (optional)",
		w.Saved["service"], view.Problems["service"])}
	for _, f := range s.Sessions.Method().Note.Formats {
		view.Formats = append(view.Formats, f.Name)
	}
	for _, g := range w.Facts.Couple.OpenGoals() {
		view.Goals = append(view.Goals, goalFields{
			g.Text, web.Radios("progress."+g.ID, g.Text, w.Saved["progress."+g.ID], labelled(sessions.ProgressChoices)),
			web.Texts("progress_text."+g.ID, "In words", w.Saved["progress_text."+g.ID], view.Problems["progress_text."+g.ID]),
		})
	}
	view.fromRecord(s.Sessions.Method(), w)
	view.Status = web.Radios("status_choice", "Where the couple is with this step", w.Saved["status_choice"],
		labelled(sessions.StatusChoices))
	for _, section := range s.Sessions.Method().Note.Sections(w.Note.Format, in.Practice.Insurer) {
		part := notePart{Name: section.Name, Typed: section.Typed}
		for _, id := range section.Blocks {
			b := s.noteBlock(id, w, view.Problems)
			b.Typed = section.Typed
			part.Blocks = append(part.Blocks, b)
			view.ask(b.Prompts)
		}
		slices.SortStableFunc(part.Blocks, optionalLast)
		view.Parts = append(view.Parts, part)
	}
}

// optionalLast orders folded blocks after the others, so that they share a line.
func optionalLast(a, b noteBlock) int {
	rank := map[bool]int{true: 1}
	return rank[a.Optional()] - rank[b.Optional()]
}

// ask adds the prompts of a block to the view. Risk and plan have their own positions on the page.
func (view *noteView) ask(prompts []web.SaveText) {
	for _, p := range prompts {
		view.Prompts[p.Field] = p
		if p.Field != "risk_text" && p.Field != "plan_text" {
			view.Words = append(view.Words, p)
		}
	}
}

// missingParts returns what the note needs before it can be signed, by field.
func missingParts(w sessions.NoteDraft) []missingPart {
	var list []missingPart
	problems := w.Problems(true)
	for _, field := range slices.Sorted(maps.Keys(problems)) {
		id := strings.TrimPrefix(field, "text.")
		part := missingPart{slotOf(id), i18n.Message(w.Label(id))}
		if id == "progress" {
			part.Label = "Progress of at least one goal"
		}
		list = append(list, part)
	}
	return list
}

// tickedSlots maps each block drafted from checkboxes to the id of their group and the heading
// above it.
var tickedSlots = map[string]struct{ ID, Under string }{
	"attendance": {"attendance", "From the session"}, "activities": {"activities", "From the session"},
	"interventions": {"interventions", "From the session"}, "response_a": {"response.A", "From the session"},
	"response_b": {"response.B", "From the session"}, "progress": {"goals", "Goals"},
	"homework_reviewed": {"homework", "From the session"},
}

// slotOf returns the id of the field where a block's content is entered: its checkboxes, its
// prompt, or its own text.
func slotOf(block string) string {
	if slot, ok := tickedSlots[block]; ok {
		return slot.ID
	}
	if prompts := blockPrompts[block]; len(prompts) > 0 {
		return prompts[len(prompts)-1][0]
	}
	return "t-" + block
}

// labelled returns values as radio buttons with the capitalized value as label.
func labelled(values []string) []web.Radio {
	var list []web.Radio
	for _, v := range values {
		list = append(list, web.Radio{Value: v, Label: strings.ToUpper(v[:1]) + v[1:]})
	}
	return list
}

func (s *Server) noteBlock(id string, w sessions.NoteDraft, problems fault.Fields) noteBlock {
	own := w.Saved["text."+id]
	b := noteBlock{
		ID: id, Label: w.Label(id), Text: own.Value, Draft: w.Drafts[id], Revision: own.Revision,
		Problem: problems["text."+id],
		Drafted: slices.Contains(w.Untouched, id), Required: slices.Contains(s.Sessions.Method().Note.Required, id),
	}
	if b.Text == "" {
		b.Text = b.Draft
	}
	b.Versions = web.Texts("text."+id, "", own, "").Versions
	hasInputs := b.TickedUnder() != "" || len(blockPrompts[id]) > 0
	if id == "progress" {
		hasInputs = len(w.Facts.Couple.OpenGoals()) > 0
	}
	b.HasInputs = hasInputs && b.Required && b.Text == "" && b.Problem == ""
	for _, p := range blockPrompts[id] {
		b.Prompts = append(b.Prompts, web.Texts(p[0], cmp.Or(p[1], b.Label), w.Saved[p[0]], problems[p[0]]))
	}
	return b
}

// Slot returns the id of the field where the block's content is entered.
func (b noteBlock) Slot() string { return slotOf(b.ID) }

// TickedUnder returns the heading above the checkboxes that the block is drafted from, or "" if it
// has none.
func (b noteBlock) TickedUnder() string { return tickedSlots[b.ID].Under }

// PromptLabel returns the short label of the prompt that feeds the block.
func (b noteBlock) PromptLabel() string {
	label, _, _ := strings.Cut(b.Prompts[0].Label, " (")
	return label
}

// Source returns a link to where the words of a drafted block were entered.
func (b noteBlock) Source(session string) string {
	switch {
	case b.ID == "progress" || b.ID == "readiness":
		return "#goals"
	case len(b.Prompts) > 0 || b.TickedUnder() != "":
		return "#" + b.Slot()
	}
	return "/sessions/" + session + "/run"
}

// SourceName names the place that Source links to.
func (b noteBlock) SourceName() string {
	switch {
	case b.ID == "progress" || b.ID == "readiness":
		return "the goals"
	case len(b.Prompts) > 0:
		return "your words"
	}
	return "the session"
}

// Optional reports whether the block is empty and may stay so; it is then folded.
func (b noteBlock) Optional() bool {
	return b.Text == "" && !b.Required && !b.Typed
}
