package worksheets

import (
	"context"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/database"
)

// followUp creates the counselor's follow-up from a finished page: the route of a private
// conversation (docs/clinical.md, 4.3), or an urgent answer on any page about one partner. Joint
// work is on hold until a decision with reasons exists: the one in the record or, if somebody has
// to be seen today, a later one.
func (st *Store) followUp(ctx context.Context, tx *database.DB, f OpenPage,
	values map[string]Value, now time.Time,
) error {
	if forbids, told := contactCaution(f.Worksheet.ID, values); told {
		err := couples.NoteCaution(ctx, tx, st.vault, f.PracticeID, f.CoupleID, f.PartnerID, forbids)
		if err != nil {
			return err
		}
	}
	up := couples.FollowUp{PracticeID: f.PracticeID, CoupleID: f.CoupleID, PartnerID: f.PartnerID}
	switch {
	case f.Worksheet.ID == riskReview:
		begun := f.Assignment.CreatedAt
		if f.BegunAt != nil {
			begun = *f.BegunAt
		}
		return couples.NoteReview(ctx, tx, st.vault, f.PracticeID, f.CoupleID, f.PartnerID, begun, now)
	case f.Worksheet.ID == conversationRecord:
		route := PrivateConversationRoute(values)
		proceeds := strings.HasPrefix(values["decision"].Text, "proceed") // reasons are required in that case
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

// contactCaution returns whether a finished page forbids messages to the partner it is about, and
// whether it says anything about that. A partner who is not sure that nobody else reads their mail
// gets none until the counselor has asked again.
func contactCaution(worksheet string, values map[string]Value) (forbids, told bool) {
	switch worksheet {
	case contactCautions:
		return !slices.Contains(values["ways"].Picks, "email"), true
	case individualCheckIn:
		private := values["account_private"].Text
		return true, private == "yes" || private == "not-sure"
	}
	return false, false
}

// urgent reports whether an answer raises an urgent flag.
func urgent(f OpenPage, values map[string]Value) bool {
	for _, flag := range f.Worksheet.Raise(Context{Answers: f.Worksheet.Keep(f.Role, values)}) {
		if flag.Level == LevelUrgent {
			return true
		}
	}
	return false
}
