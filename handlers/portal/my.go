package portal

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/consents"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/records"
	"mend/worksheets"
)

type myView struct {
	web.Base
	Name   string
	Policy bool // the privacy policy is unsigned
	ToDo   []myLine
	Shared []myLine // the other partner's pages that were released to this one
	Words  bool     // there are promises
	Sent   int
	Next   nextLine
	Forms  bool                   // there are forms to read, or a signed policy
	Sign   []homework.ConsentLine // consents to sign
	Permit []homework.ConsentLine // authorizations to sign
	Plan   planLine
	After  bool // counseling has ended, and the partner may choose to be asked about trust later
}

// done reports whether a page needs nothing more: it was sent and, if it is a joint one, its
// counselor has closed it.
func done(p worksheets.Page) bool {
	if p.IsSlip() {
		return p.ClosedAt != nil
	}
	return p.Sent()
}

// toDoState returns the state of a page for its partner. A joint page shows the same state to both,
// whatever either has answered alone.
func toDoState(p worksheets.Page) i18n.Message {
	switch {
	case p.IsSlip() && p.ActiveAt != nil:
		return "worksheet.state.open_to_both"
	case p.IsSlip():
		return "worksheet.state.with_counselor"
	case p.BegunAt != nil:
		return "worksheet.state.in_progress"
	}
	return "worksheet.state.new"
}

type myLine struct {
	ID, Title  string
	State      i18n.Message
	Readable   bool
	ForSession bool // the counselor chose it for the next session
}

// myPages returns the partner who is signed in, the couple, and the partner's
// pages.
func (s *Server) myPages(c *gin.Context) (couples.Couple, couples.Partner, []worksheets.Page, error) {
	couple, me, err := s.Me(c)
	if err != nil {
		return couple, me, nil, err
	}
	pages, err := s.Worksheets.MyPages(c.Request.Context(), couple, me, s.Now())
	for i := range pages {
		s.InWords(c, &pages[i])
	}
	return couple, me, pages, err
}

var myPage = web.NewPage[myView]("portal/home.html")

func (s *Server) showMy(c *gin.Context) error {
	couple, me, pages, err := s.myPages(c)
	if err != nil {
		return err
	}
	view := myView{Base: web.PageBase(c, "frame.your_page"), Name: me.AddressAs, Policy: !couple.Policy().Signed(me.Side)}
	for _, p := range pages {
		if done(p) {
			view.Sent++
			continue
		}
		view.ToDo = append(view.ToDo, myLine{p.Assignment.ID, p.Worksheet.Title, toDoState(p), true, p.ForSession})
	}
	given, err := s.myConsents(c, couple, me)
	if err != nil {
		return err
	}
	asked, err := s.Records.Authorizations(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	view.Forms = len(given)+len(asked) > 0 || !view.Policy
	open := slices.DeleteFunc(given, func(c consents.Consent) bool { return c.State() != consents.Open })
	view.Sign = homework.ConsentLines(c, open)
	waiting := slices.DeleteFunc(asked, func(a records.Authorization) bool {
		return a.State() != consents.Open || !a.MaySign(s.Now())
	})
	view.Permit = homework.AuthorizationLines(c, waiting)
	shared, err := s.Worksheets.SharedWith(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	for _, p := range shared {
		s.InWords(c, &p)
		view.Shared = append(view.Shared,
			myLine{
				p.Assignment.ID, p.Worksheet.Title, i18n.With("portal.from", couple.Partner(p.Side).AddressAs), true, false,
			})
	}
	view.Plan.Shared, view.Plan.New, err = s.Treatment.Unanswered(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	if view.Words, err = s.Promises.Any(c.Request.Context(), couple); err != nil {
		return err
	}
	if view.After, err = s.hasAfterCare(c, couple, me); err != nil {
		return err
	}
	if view.Next, err = s.nextSession(c, couple, me); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, myPage, view)
}

type myAnswersView struct {
	web.Base
	Sent  []myLine
	Pulse bool // there is a chart of own pulses
	Copy  bool // there is something to download

	Earlier string // where the next page of the list begins, "" on the last
}

var myAnswersPage = web.NewPage[myAnswersView]("portal/answers.html")

func (s *Server) showMyAnswers(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	before := s.Now().Add(time.Minute)
	if at, err := time.Parse(time.RFC3339Nano, c.Query("before")); err == nil {
		before = at
	}
	pages, err := s.Worksheets.MySent(c.Request.Context(), couple, me, before)
	if err != nil {
		return err
	}
	view := myAnswersView{Base: web.PageBase(c, "portal.answers.title")}
	if n := len(pages); n == worksheets.ListedAtOnce {
		view.Earlier = pages[n-1].SentAt.UTC().Format(time.RFC3339Nano)
	}
	for _, p := range pages {
		if done(p) && p.SentAt != nil {
			s.InWords(c, &p)
			view.Pulse = view.Pulse || p.Worksheet.ID == "trust-pulse"
			view.Copy = view.Copy || !p.Worksheet.Locked
			view.Sent = append(view.Sent,
				myLine{
					ID: p.Assignment.ID, Title: p.Worksheet.Title, Readable: !p.Worksheet.Locked,
					State: i18n.With("worksheet.sent_on", web.Date(c, p.SentAt.In(view.Login.Zone()), "date.day")),
				})
		}
	}
	return web.Render(c, http.StatusOK, myAnswersPage, view)
}

// myOpenPage returns the partner's own page that the path names. For a joint page that is the
// partner's own slip or, once that was sent and the page is active, the joint part.
func (s *Server) myOpenPage(c *gin.Context) (worksheets.OpenPage, error) { return s.myOpenPageWith(c) }

// myOpenPageWith returns the same page with only the named questions, or with all of them.
func (s *Server) myOpenPageWith(c *gin.Context, only ...string) (worksheets.OpenPage, error) {
	couple, me, err := s.Me(c)
	if err != nil {
		return worksheets.OpenPage{}, err
	}
	f, err := s.Worksheets.PartnerPage(c.Request.Context(), couple, me, c.Param("assignment"), s.Now(), only...)
	if err == nil && f.IsSlip() && f.Sent() && f.ActiveAt != nil {
		f, err = s.Worksheets.JointPage(c.Request.Context(), couple, f.Assignment.ID, only...)
	}
	s.InWords(c, &f.Page)
	return f, err
}

type myReadView struct {
	web.Base
	Blocks  []pdf.Block
	When    string
	Review  bool // a joint page that the counselor is reviewing
	Joint   bool
	Sharing *homework.SharingChoice

	ID        string
	Agreement *homework.AgreementView
	Comments  []homework.CommentLine // comments that the counselor has shown
}

var myReadPage = web.NewPage[myReadView]("portal/read.html")

func (s *Server) showMyPage(c *gin.Context) error {
	f, err := s.myOpenPage(c)
	if errors.Is(err, fault.NotFound) {
		couple, me, err := s.Me(c)
		if err != nil {
			return err
		}
		return s.showShared(c, couple, me)
	}
	if errors.Is(err, couples.ErrUnsigned) {
		return web.Redirect(c, "/my/policy", "")
	}
	if err != nil {
		return err
	}
	if !f.Sent() {
		return s.openMyPage(c, f)
	}
	r := worksheets.SentPage{Page: f.Page, Role: f.Role, Values: f.Values}
	view := myReadView{
		Base: web.PageBase(c, f.Page.Worksheet.Title), Blocks: r.Blocks(true),
		When:   web.Date(c, f.SentAt.In(web.LoginOf(c).Zone()), "date.day"),
		Review: f.IsSlip(), Joint: f.IsJoint(), ID: f.Assignment.ID,
	}
	if f.IsJoint() {
		if err := s.addAgreement(c, &view); err != nil {
			return err
		}
	}
	couple, _, err := s.Me(c)
	if err != nil {
		return err
	}
	if view.Comments, err = s.CommentLines(c, couple, f.Page); err != nil {
		return err
	}
	if f.Page.Worksheet.Shareable() {
		view.Sharing = homework.SharingOf(r, couple, web.LoginOf(c).Zone())
		view.Sharing.Path = "/my/worksheets/" + f.Assignment.ID + "/sharing"
		view.Sharing.Released, view.Sharing.Opened = r.Shared(), "" // nothing about the other partner
	}
	return web.Render(c, http.StatusOK, myReadPage, view)
}

// addAgreement adds the state of the agreement to its page.
func (s *Server) addAgreement(c *gin.Context, view *myReadView) error {
	couple, _, err := s.Me(c)
	if err == nil {
		view.Agreement, err = s.Agreement(c, couple, view.ID)
	}
	return err
}

// openMyPage renders a page to fill in. A page that was not begun requires a signature under the
// current privacy policy.
func (s *Server) openMyPage(c *gin.Context, f worksheets.OpenPage) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	if f.PolicyID == nil && !f.IsJoint() && !couple.Policy().Signed(me.Side) {
		return web.Redirect(c, "/my/policy", "")
	}
	return s.AskPage(c, http.StatusOK, f, f.Values, pagePlace(f), nil)
}

func (s *Server) saveMyPage(c *gin.Context) error {
	f, err := s.myOpenPage(c)
	if err != nil {
		return s.redirectIfSent(c, err)
	}
	then := "/my"
	if f.IsJoint() || f.Page.Worksheet.Shareable() {
		then = "/my/worksheets/" + f.Assignment.ID // to continue, or to decide on sharing
	}
	return s.SavePage(c, f, s.myOpenPage, pagePlace(f), then)
}

// redirectIfSent handles a second submission of a page that locks when sent: it redirects as the first
// one did.
func (s *Server) redirectIfSent(c *gin.Context, err error) error {
	_, _, pages, listErr := s.myPages(c)
	if listErr != nil {
		return listErr
	}
	for _, p := range pages {
		if p.Assignment.ID == c.Param("assignment") && p.Sent() {
			return web.Redirect(c, "/my", "sent")
		}
	}
	return err
}

func (s *Server) saveMyField(c *gin.Context) error {
	f, err := s.myOpenPageWith(c, c.Param("field"))
	if err != nil {
		return err
	}
	return s.SavePageField(c, f)
}

// pagePlace returns the FormContext of a page that a partner fills in on their own device.
func pagePlace(f worksheets.OpenPage) homework.FormContext {
	return homework.FormContext{Path: "/my/worksheets/" + f.Assignment.ID}
}
