package handlers

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/worksheets"
)

// followUpsView is the counselor's private work-list.
type followUpsView struct {
	base
	List      []followUpLine
	Topics    []topicLine     // what somebody would rather talk about
	Escalated []escalatedLine // for an owner: what nobody has looked at
	Safety    accounts.Safety
	Codes     []newCodeLine
	Broken    []brokenLine // records of the counselor's that an owner opened
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

var followUpsPage = page[followUpsView]("followups.html")

func (s *server) showFollowUps(c *gin.Context) error {
	l, ctx := login(c), c.Request.Context()
	list, err := s.Couples.FollowUps(ctx, l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := followUpsView{base: pageBase(c, "Follow-ups")}
	if view.Safety, err = s.Accounts.FindSafety(ctx, l.PracticeID); err != nil {
		return err
	}
	if view.Broken, err = s.broken(c); err != nil {
		return err
	}
	if view.Codes, err = s.newCodes(c); err != nil {
		return err
	}
	for _, f := range list {
		view.List = append(view.List,
			followUpLine{f, moment(f.PlacedAt, l.Zone()), f.Late(view.Safety.EscalateHours, s.Now())})
	}
	topics, err := s.Worksheets.Topics(ctx, l.PracticeID, l.CounselorID, "")
	if err != nil {
		return err
	}
	for _, t := range topics {
		view.Topics = append(view.Topics, topicLine{t, moment(t.PutAt, l.Zone())})
	}
	if l.Role == accounts.Owner {
		if view.Escalated, err = s.escalated(c, view.Safety.EscalateHours); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, followUpsPage, view)
}

// escalated returns what nobody of the practice has looked at in time: whose it
// is and since when, and nothing of what it is about.
func (s *server) escalated(c *gin.Context, hours int) ([]escalatedLine, error) {
	l, ctx := login(c), c.Request.Context()
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
				lines = append(lines, escalatedLine{p.Name, f.RecordNo, moment(f.PlacedAt, l.Zone())})
			}
		}
	}
	return lines, nil
}

func (s *server) acknowledge(c *gin.Context) error {
	l := login(c)
	if err := s.Couples.Acknowledge(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("followup"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/follow-ups", "saved")
}

type decideForm struct {
	Decision string `form:"decision"`
	Reasons  string `form:"reasons"`
}

// decide closes what is open about one partner, with reasons.
func (s *server) decide(c *gin.Context) error {
	l := login(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := bind[decideForm](c)
	if err != nil {
		return err
	}
	err = s.Couples.Decide(c.Request.Context(), couple, p, form.Decision, unix(form.Reasons), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askFile(c, http.StatusUnprocessableEntity, couple, p, fileAgain{problems, form})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/partners/"+p.ID+"/file", "saved")
}

// talked takes a topic off the list.
func (s *server) talked(c *gin.Context) error {
	l := login(c)
	if err := s.Worksheets.Talked(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("topic"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/follow-ups", "noted")
}

// mayShow are the paths that a counselor's screen may show while a session
// runs, for both partners can see it.
var mayShow = []string{
	"/sessions/:session", "/library", "/couples/:couple/worksheets", "/couples/:couple/pulse/joint",
	"/couples/:couple/side-by-side", "/alive", "/settings/me", "/help",
}

// blockedDuringSession tells whether a page has to stay away from a screen that both partners
// can see: one that leads to an individual file, or shows what came in. While a
// session of the counselor runs it asks for the password, given since then.
func (s *server) blockedDuringSession(c *gin.Context, l accounts.Login) (bool, error) {
	handed := strings.HasSuffix(c.FullPath(), "/handed") || strings.HasSuffix(c.FullPath(), "/handover")
	if handed && c.Request.Method == http.MethodPost {
		return false, nil // what somebody wrote on the device is taken, however long it took them
	}
	for _, path := range mayShow {
		if c.FullPath() == path || strings.HasPrefix(c.FullPath(), path+"/") {
			return false, nil
		}
	}
	since, running, err := s.Sessions.Presenting(c.Request.Context(), l.PracticeID, l.CounselorID)
	given := l.FreshUntil.Add(-accounts.FreshFor)
	return running && (!given.After(since) || s.Now().After(l.FreshUntil)), err
}

func decidedLines(list []couples.Decided, zone *time.Location) []decidedLine {
	var lines []decidedLine
	for _, d := range list {
		lines = append(lines, decidedLine{moment(d.At, zone), d.Decision, d.Reasons})
	}
	return lines
}

type decidedLine struct{ When, Decision, Reasons string }
