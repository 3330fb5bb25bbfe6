package worksheets

import (
	"context"
	"slices"
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
	if forbids, told := contactCaution(f.Worksheet.ID, values); told {
		err := couples.NoteCaution(ctx, tx, st.vault, f.PracticeID, f.CoupleID, f.PartnerID, forbids)
		if err != nil {
			return err
		}
	}
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

// contactCaution returns whether the answers of a finished page forbid messages to the
// partner whom it is about, and whether they tell anything of it. A partner who is not sure
// that nobody else reads their mail gets none until their counselor has asked again.
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

// urgent tells whether an answer raises a flag that wants to be looked at today.
func urgent(f OpenPage, values map[string]Value) bool {
	for _, flag := range f.Worksheet.Raise(Context{Answers: f.Worksheet.Keep(f.Role, values)}) {
		if flag.Level == LevelUrgent {
			return true
		}
	}
	return false
}
