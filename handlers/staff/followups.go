package staff

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

// followUpsView is the counselor's private to-do list.
type followUpsView struct {
	web.Base
	List      []followUpLine
	Topics    []topicLine     // questions that somebody would rather discuss in person
	Escalated []escalatedLine // for owners: concerns that nobody has reviewed
	Safety    accounts.Safety
	Codes     []web.NewCodeLine
	Broken    []accessLine // the counselor's records that an owner opened
	Requests  []requestDue // record requests due soon
	Notes     []noteDue    // unsigned notes in individual files
}

type followUpLine struct {
	couples.FollowUp
	Since string
	Late  bool
}

type topicLine struct {
	worksheets.Topic
	Since string
}

type escalatedLine struct{ Counselor, RecordNo, Since string }

var followUpsPage = web.NewPage[followUpsView]("staff/followups.html")

func (s *Server) showFollowUps(c *gin.Context) error {
	l, ctx := web.LoginOf(c), c.Request.Context()
	list, err := s.Couples.FollowUps(ctx, l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := followUpsView{Base: web.PageBase(c, "Follow-ups")}
	if view.Safety, err = s.Accounts.FindSafety(ctx, l.PracticeID); err != nil {
		return err
	}
	if view.Broken, err = s.unseenAccesses(c); err != nil {
		return err
	}
	if view.Codes, err = s.codesWithNames(c); err != nil {
		return err
	}
	if view.Requests, err = s.requestsDue(c); err != nil {
		return err
	}
	if view.Notes, err = s.standaloneDue(c, true); err != nil {
		return err
	}
	for _, f := range list {
		f.Name = web.NamesOf(c, f.RecordNo, f.Name)
		view.List = append(view.List,
			followUpLine{f, web.Moment(f.PlacedAt, l.Zone()), f.Late(view.Safety.EscalateHours, s.Now())})
	}
	topics, err := s.Worksheets.Topics(ctx, l.PracticeID, l.CounselorID, "")
	if err != nil {
		return err
	}
	for _, t := range topics {
		t.Name = web.NamesOf(c, t.RecordNo, t.Name)
		view.Topics = append(view.Topics, topicLine{t, web.Moment(t.PutAt, l.Zone())})
	}
	if l.Role == accounts.Owner {
		if view.Escalated, err = s.escalated(c, view.Safety.EscalateHours); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, followUpsPage, view)
}

// codesWithNames returns the new sign-in codes with the names of those for whom the counselor made
// them.
func (s *Server) codesWithNames(c *gin.Context) ([]web.NewCodeLine, error) {
	l, ctx := web.LoginOf(c), c.Request.Context()
	codes, err := s.NewCodes(c)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	var ids []string
	for _, code := range codes {
		if code.For != "" {
			ids = append(ids, code.For)
		}
	}
	partners, err := s.Couples.PartnerNames(ctx, l.PracticeID, l.CounselorID, ids)
	if err != nil {
		return nil, err
	}
	colleagues, err := s.Accounts.Names(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	for i, code := range codes {
		if name, ok := partners[code.For]; ok {
			codes[i].For = web.NamesOf(c, "a partner", name)
		} else if code.For != "" {
			codes[i].For = cmp.Or(web.NameOf(colleagues, code.For), "somebody at your practice")
		}
	}
	return codes, nil
}

// escalated returns the follow-ups that nobody has acknowledged in time: counselor, record number
// and date, but not the subject.
func (s *Server) escalated(c *gin.Context, hours int) ([]escalatedLine, error) {
	l, ctx := web.LoginOf(c), c.Request.Context()
	list, err := s.Couples.Unacknowledged(ctx, l.PracticeID, hours, s.Now())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := s.Accounts.Counselors(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	var lines []escalatedLine
	for _, f := range list {
		for _, p := range people {
			if p.ID == f.CounselorID {
				lines = append(lines, escalatedLine{p.Name, f.RecordNo, web.Moment(f.PlacedAt, l.Zone())})
			}
		}
	}
	return lines, nil
}

func (s *Server) acknowledge(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Couples.Acknowledge(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("followup"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/follow-ups", "saved")
}

type decideForm struct {
	Decision string `form:"decision"`
	Reasons  string `form:"reasons"`

	Open []string `form:"open"` // the concerns that the page showed
}

// decide stores a decision, with reasons, on the open concerns about one partner.
func (s *Server) decide(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := web.Bind[decideForm](c)
	if err != nil {
		return err
	}
	err = s.Couples.Decide(c.Request.Context(), couple, p, couples.Decision{
		Decision: form.Decision, Reasons: web.UnixLines(form.Reasons), Seen: form.Open,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askFile(c, http.StatusUnprocessableEntity, couple, p, fileAgain{problems, form})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/file", "saved")
}

// dismissTopic removes a topic from the list.
func (s *Server) dismissTopic(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Worksheets.Talked(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("topic"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/follow-ups", "saved")
}

func decidedLines(list []couples.Decided, zone *time.Location) []decidedLine {
	var lines []decidedLine
	for _, d := range list {
		lines = append(lines, decidedLine{web.Moment(d.At, zone), d.Decision, d.Reasons})
	}
	return lines
}

type decidedLine struct{ When, Decision, Reasons string }
