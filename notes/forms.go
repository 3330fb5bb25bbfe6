package notes

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

// kindOf maps the worksheet of a counselor's form about one partner to the kind of its note.
var kindOf = map[string]sessions.NoteKind{
	"individual-note":             sessions.IndividualMeeting,
	"private-conversation-record": sessions.PrivateConversation,
	"risk-review":                 sessions.RiskReview,
}

// IsNote reports whether a counselor's form becomes a note to sign when it is finished.
func IsNote(worksheet string) bool { return kindOf[worksheet] != "" }

// FromForm begins the note of a finished form in the individual file of p, with the form's answers.
// If it was begun already, it returns that note.
func (st *Store) FromForm(ctx context.Context, c couples.Couple, p couples.Partner, assignment string,
	now time.Time,
) (sessions.StandaloneNote, error) {
	pages, err := st.worksheets.Read(ctx, c, assignment)
	if err != nil {
		return sessions.StandaloneNote{}, err
	}
	page := pages[0]
	kind := kindOf[page.Worksheet.ID]
	if len(pages) > 1 || page.Side != p.Side || kind == "" || page.Portal || !page.Sent() {
		return sessions.StandaloneNote{}, fmt.Errorf("form %s: %w", assignment, fault.NotFound)
	}
	values := map[string]string{"what": page.Text()}
	for _, field := range []string{"day", "when"} {
		if day := page.Values[field].Text; day != "" {
			values["day"], values["time"] = day, ""
		}
	}
	return st.Draft(ctx, c, Draft{Kind: kind, Side: p.Side, At: *page.SentAt, Values: values}, "form "+assignment, now)
}
