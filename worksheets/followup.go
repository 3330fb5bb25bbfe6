package worksheets

import (
	"context"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/database"
)

// followUp places what a finished page leaves the counselor to do: the route of
// a private conversation (docs/clinical.md, 4.3), or an urgent answer on any page
// about one partner. Joint work is held until there is a decision with reasons:
// the record's own, or, where somebody has to be spoken to today, one of later.
func (st *Store) followUp(ctx context.Context, tx *database.DB, f OpenPage,
	values map[string]Value, now time.Time,
) error {
	up := couples.FollowUp{PracticeID: f.PracticeID, CoupleID: f.CoupleID, PartnerID: f.PartnerID}
	switch {
	case f.Worksheet.ID == riskReview:
		return couples.NoteReview(ctx, tx, st.vault, f.PracticeID, f.CoupleID, f.PartnerID, now)
	case f.Worksheet.ID == conversationRecord:
		route := PrivateConversationRoute(values)
		proceeds := strings.HasPrefix(values["decision"].Text, "proceed") // its reasons are required
		up.Urgent = route == "today"
		up.Holds = up.Urgent || !proceeds
		if route == "routine" && !up.Holds {
			return nil
		}
	case f.Audience == ToJoint || !urgent(f, values):
		return nil
	default:
		up.Urgent = true
	}
	return couples.PlaceFollowUp(ctx, tx, st.vault, up, f.Answer.ID, now)
}

// urgent tells whether an answer raises a flag that wants to be looked at today.
func urgent(f OpenPage, values map[string]Value) bool {
	for _, flag := range f.Worksheet.Raise(Context{Answers: f.Worksheet.Keep(f.Role, values)}) {
		if flag.Level == LevelUrgent {
			return true
		}
	}
	return false
}
