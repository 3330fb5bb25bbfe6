package notes

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

// kindOf is what the note of a counselor's form about one partner is, by the worksheet.
var kindOf = map[string]sessions.NoteKind{
	"individual-note":             sessions.IndividualMeeting,
	"private-conversation-record": sessions.PrivateConversation,
	"risk-review":                 sessions.RiskReview,
}

// IsNote tells whether a counselor's form, once it is finished, becomes a note to sign.
func IsNote(worksheet string) bool { return kindOf[worksheet] != "" }

// FromForm begins the note of a finished form in the individual file of p, with what was
// answered in it. A second time it returns the note that was begun the first time.
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
