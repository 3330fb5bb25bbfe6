package staff

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
)

// A startStep is an item of the checklist that a new practice sees on Today.
type startStep struct {
	Label, Path string
	Done        bool
	Owner       bool // only an owner can do it, and the person signed in is not one
}

// startSteps returns what to do before the first session, in order, or nothing once all is done or
// there is a second couple.
func (s *Server) startSteps(c *gin.Context) ([]startStep, error) {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	list, err := s.Couples.Caseload(ctx, l.PracticeID, l.CounselorID, couples.Search{})
	if err != nil || len(list.Couples) > 1 {
		return nil, err
	}
	reviewed, err := s.Accounts.Reviewed(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	steps := []startStep{
		{Label: "Confirm your crisis resources", Path: "/settings/safety", Done: reviewed, Owner: !l.IsOwner()},
		{Label: "Add a couple", Path: "/couples/new", Done: len(list.Couples) == 1},
		{Label: "Invite both partners"},
		{Label: "Plan the first session"},
	}
	if len(list.Couples) == 1 {
		if err := s.firstCouple(c, list.Couples[0].ID, steps[2:]); err != nil {
			return nil, err
		}
	}
	for _, step := range steps {
		if !step.Done {
			return steps, nil
		}
	}
	return nil, nil
}

// firstCouple fills in whether both partners of the first couple were invited and a session
// planned.
func (s *Server) firstCouple(c *gin.Context, id string, steps []startStep) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	couple, err := s.Couples.Find(ctx, l.PracticeID, l.CounselorID, id)
	if err != nil {
		return err
	}
	a, b := couple.Partners[0].ID, couple.Partners[1].ID
	invited, err := s.Accounts.LastInvitations(ctx, l.PracticeID, []string{a, b})
	if err != nil {
		return err
	}
	planned, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return err
	}
	works := func(partner string) bool {
		code, known := invited[partner]
		return known && (code.UsedAt != nil || code.Waits(s.Now()))
	}
	steps[0].Path, steps[0].Done = "/couples/"+id, works(a) && works(b)
	steps[1].Path, steps[1].Done = "/couples/"+id+"/sessions/new", len(planned) > 0
	return nil
}
