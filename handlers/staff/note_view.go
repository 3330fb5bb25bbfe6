package staff

import (
	"slices"
	"strings"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/sessions"
)

type noteView struct {
	web.Base
	Couple    couples.Couple
	Session   sessions.Session
	When      string
	Signed    bool
	Blocks    []pdf.Block // of the signed note
	Format    string
	Formats   []string
	Parts     []notePart
	Goals     []goalFields
	Status    web.RadioField
	Risk      web.SaveTick
	Routine   string
	Prompts   map[string]web.SaveText
	Seen      string
	Signer    string
	Untouched int
	NoRoutine bool // the routine sentence about safety is missing
	Key       string
	Addendum  addendumForm
	Problems  fault.Fields
	// Misprinted are the words that its PDF cannot print as they were typed.
	Misprinted []string
}

// A notePart is a section of the note being written.
type notePart struct {
	Name   string
	Blocks []noteBlock
	Typed  bool // nothing in it is drafted
}

// A noteBlock is one block: its text, whether it is only drafted, and the
// prompts that feed it.
type noteBlock struct {
	ID, Label, Text, Draft, Problem string
	Drafted, Required, Typed        bool
	Revision, AcceptRevision        int
	Prompts                         []web.SaveText
	Versions                        []web.Version
}

type goalFields struct {
	Text   string
	Choice web.RadioField
	Words  web.SaveText
}

var notePage = web.NewPage[noteView]("staff/sessions/note.html")

// blockPrompts are the typed prompts that feed a block, with their words.
var blockPrompts = map[string][][2]string{
	"a_reported": {{"a_reported", "… reported"}}, "b_reported": {{"b_reported", "… reported"}},
	"impression": {{"impression", "Your clinical impression"}},
	"rationale":  {{"rationale", "Why these interventions (optional)"}},
	"risk":       {{"risk_text", "Your risk statement (must be appropriate for both partners to read)"}},
	"next":       {{"plan_text", "The plan"}},
}

// writeNote fills the view of a note that is being written.
func (s *Server) writeNote(view *noteView, w sessions.NoteDraft, in sessions.NoteContext) {
	view.Seen, view.Signer, view.Untouched = w.Hash, in.Counselor.Signature(), len(w.Untouched)
	view.NoRoutine = w.NoRoutine
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
	view.Status = web.Radios("status_choice", "Where the couple is with this step", w.Saved["status_choice"],
		labelled(sessions.StatusChoices))
	for _, section := range s.Sessions.Method().Note.Sections(w.Note.Format, in.Practice.Insurer) {
		part := notePart{Name: section.Name, Typed: section.Typed}
		for _, id := range section.Blocks {
			b := s.noteBlock(id, w, view.Problems)
			b.Typed = section.Typed
			part.Blocks = append(part.Blocks, b)
		}
		view.Parts = append(view.Parts, part)
	}
}

// labelled are choices that are their own labels.
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
		AcceptRevision: w.Saved["accepted."+id].Revision, Problem: problems["text."+id],
		Drafted: slices.Contains(w.Untouched, id), Required: slices.Contains(s.Sessions.Method().Note.Required, id),
	}
	if b.Text == "" {
		b.Text = b.Draft
	}
	b.Versions = web.Texts("text."+id, "", own, "").Versions
	for _, p := range blockPrompts[id] {
		b.Prompts = append(b.Prompts, web.Texts(p[0], p[1], w.Saved[p[0]], problems[p[0]]))
	}
	return b
}

// Optional tells whether the block has nothing to say and needs not to: it is
// folded away.
func (b noteBlock) Optional() bool {
	return b.Text == "" && !b.Required && !b.Typed && len(b.Prompts) == 0
}
