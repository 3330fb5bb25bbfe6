package staff

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/records"
)

// requestsView lists one partner's record requests and their releases.
type requestsView struct {
	web.Base
	Couple      couples.Couple
	Partner     couples.Partner
	List        []requestLine
	Disclosures []records.Disclosure
	Capacities  []records.CapacityInfo
	Form        requestForm
	Problems    fault.Fields
}

// A requestLine is a request in a list, formatted.
type requestLine struct{ ID, Requester, Capacity, State string }

type requestForm struct {
	Capacity  string `form:"capacity"`
	Requester string `form:"requester"`
	Purpose   string `form:"purpose"`
	Received  string `form:"received"`
	Due       string `form:"due"`
	Key       string `form:"key"`
}

var requestsPage = web.NewPage[requestsView]("staff/partners/requests.html")

func (s *Server) showRequests(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	settings, err := s.Records.Settings(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	today := s.Now().In(web.LoginOf(c).Zone())
	return s.drawRequests(c, http.StatusOK, couple, p, requestForm{
		Received: today.Format(time.DateOnly), Due: today.AddDate(0, 0, settings.AnswerDays).Format(time.DateOnly),
		Key: rand.Text(),
	}, nil)
}

func (s *Server) drawRequests(c *gin.Context, status int, couple couples.Couple, p couples.Partner, form requestForm,
	problems fault.Fields,
) error {
	ctx := c.Request.Context()
	list, err := s.Records.Requests(ctx, couple, p)
	if err != nil {
		return err
	}
	view := requestsView{
		Base: web.PageBase(c, "Record requests"), Couple: couple, Partner: p, Capacities: records.Capacities, Form: form,
		Problems: problems,
	}
	for _, r := range list {
		view.List = append(view.List, lineOfRequest(r, web.LoginOf(c).Zone()))
	}
	if view.Disclosures, err = s.Records.Disclosures(ctx, couple, p); err != nil {
		return err
	}
	return web.Render(c, status, requestsPage, view)
}

func lineOfRequest(r records.Request, zone *time.Location) requestLine {
	info, _ := r.Capacity.Info()
	line := requestLine{r.ID, r.Requester, info.Name, "Answer due " + r.DueOn.Format("January 2, 2006")}
	if !r.IsOpen() {
		what := map[records.Outcome]string{records.Released: "Released ", records.Declined: "Declined "}[r.Outcome]
		line.State = what + r.AnsweredAt.In(zone).Format("January 2, 2006")
	}
	return line
}

// enterRequest stores a request that was received.
func (s *Server) enterRequest(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[requestForm](c)
	if err != nil {
		return err
	}
	id, err := s.Records.Enter(c.Request.Context(), couple, p, records.Request{
		Capacity: records.Capacity(form.Capacity), Requester: form.Requester, Purpose: form.Purpose,
		ReceivedOn: dayOr(form.Received, time.UTC, time.Time{}), DueOn: dayOr(form.Due, time.UTC, time.Time{}),
	}, form.Key, s.Now())
	if status, problems := formProblems(err); problems != nil {
		return s.drawRequests(c, status, couple, p, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/requests/"+id, "saved")
}

func (s *Server) printDisclosures(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	return s.DownloadAccounting(c, couple, p)
}

// requestView is one request: who asks, what may be released and on what basis, and the
// authorizations.
type requestView struct {
	web.Base
	Couple   couples.Couple
	Partner  couples.Partner
	Other    couples.Partner
	Request  records.Request
	Line     requestLine
	Info     records.CapacityInfo
	Asked    []askedOf
	Parts    []partView
	Reason   string // the reason for declining, as typed
	HasData  bool   // data was released with the PDF
	Problems fault.Fields
}

// An askedOf is an authorization that a partner can be asked for, with its state.
type askedOf struct {
	Partner couples.Partner
	Part    records.Part
	Asked   *homework.ConsentLine // nil until asked for
}

// A partView is a part of the record with the items that can be chosen.
type partView struct {
	Name, Why string
	Pieces    []pieceLine
}

type pieceLine struct {
	Key, Title, When string
	Chosen           bool
}

var requestPage = web.NewPage[requestView]("staff/partners/request.html")

// requestInPath returns the request in the path with its partner and couple.
func (s *Server) requestInPath(c *gin.Context) (couples.Couple, couples.Partner, records.Request, error) {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return couple, p, records.Request{}, err
	}
	r, err := s.Records.Find(c.Request.Context(), couple, p, c.Param("request"))
	return couple, p, r, err
}

func (s *Server) showRequest(c *gin.Context) error { return s.drawRequest(c, http.StatusOK, "", nil) }

func (s *Server) drawRequest(c *gin.Context, status int, reason string, problems fault.Fields) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	ctx, zone, id := c.Request.Context(), web.LoginOf(c).Zone(), c.Param("request")
	o, err := s.Records.Overview(ctx, couple, p, id, s.Now())
	if err != nil {
		return err
	}
	info, _ := o.Request.Capacity.Info()
	view := requestView{
		Base: web.PageBase(c, "Record request"), Couple: couple, Partner: p, Other: couple.Partner(p.Side.Other()),
		Request: o.Request, Line: lineOfRequest(o.Request, zone), Info: info, Reason: reason, Problems: problems,
		Parts: partViews(info, p, o.Request, o.Pieces, zone),
	}
	view.Asked = askedFor(c, view, o.Asked)
	if o.Request.Outcome == records.Released {
		released, err := s.Records.Released(ctx, couple, p, id)
		if err != nil {
			return err
		}
		view.HasData = released.HasData
	}
	return web.Render(c, status, requestPage, view)
}

// askedFor returns the authorizations that a request may need, with their states.
func askedFor(c *gin.Context, view requestView, asked []records.Authorization) []askedOf {
	var list []askedOf
	if view.Info.Own == records.ByPartner {
		list = append(list, askedOf{Partner: view.Partner, Part: records.Own})
	}
	if view.Info.Joint == records.ByBoth {
		for _, p := range []couples.Partner{view.Partner, view.Other} {
			list = append(list, askedOf{Partner: p, Part: records.Joint})
		}
	}
	lines := homework.AuthorizationLines(c, asked)
	for i, a := range asked {
		for j := range list {
			if list[j].Partner.ID == a.PartnerID && list[j].Part == a.Part {
				list[j].Asked = &lines[i]
			}
		}
	}
	return list
}

// whyPart describes the legal basis that each part needs before release.
var whyPart = map[records.Basis]string{
	records.ByRight:   "May go out: it is this partner’s own.",
	records.ByPartner: "Needs this partner’s written authorization.",
	records.ByBoth:    "Needs the written authorization of each partner.",
	records.ByLaw:     "Needs a legal basis, which you enter before you release it.",
}

// partViews returns the parts of a record with their items, those of r selected.
func partViews(info records.CapacityInfo, p couples.Partner, r records.Request, pieces []records.Piece,
	zone *time.Location,
) []partView {
	parts := []partView{
		{p.AddressAs + "’s own part", whyPart[info.Own], nil}, {"The joint record", whyPart[info.Joint], nil},
	}
	for _, piece := range pieces {
		at := map[records.Part]int{records.Own: 0, records.Joint: 1}[piece.Part]
		line := pieceLine{Key: piece.Key, Title: piece.Title, Chosen: slices.Contains(r.Pieces, piece.Key)}
		if !piece.At.IsZero() {
			line.When = piece.At.In(zone).Format("January 2, 2006")
		}
		parts[at].Pieces = append(parts[at].Pieces, line)
	}
	return parts
}

type requestActionForm struct {
	Do     string   `form:"do"` // "choose", "ask" or "decline"
	Pieces []string `form:"piece"`
	Base   string   `form:"base"`
	Of     string   `form:"of"` // the side of the partner to ask
	Part   string   `form:"part"`
	Reason string   `form:"reason"`
}

// actOnRequest chooses what to release, asks a partner for an authorization, or declines the
// request.
func (s *Server) actOnRequest(c *gin.Context) error {
	couple, p, r, err := s.requestInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[requestActionForm](c)
	if err != nil {
		return err
	}
	ctx, path := c.Request.Context(), "/partners/"+p.ID+"/requests/"+r.ID
	switch form.Do {
	case "choose":
		base, problem := strconv.Atoi(form.Base)
		if problem != nil {
			return fault.Malformed
		}
		err, path = s.Records.Choose(ctx, couple, p, r.ID, form.Pieces, base), path+"/release"
	case "ask":
		err = s.askForAuthorization(c, couple, p, r, form)
	case "decline":
		err = s.Records.Decline(ctx, couple, p, r.ID, form.Reason, s.Now())
	default:
		return fault.Malformed
	}
	if status, problems := formProblems(err); problems != nil {
		return s.drawRequest(c, status, form.Reason, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, path, "saved")
}

// askForAuthorization asks a partner for an authorization.
func (s *Server) askForAuthorization(c *gin.Context, couple couples.Couple, about couples.Partner, r records.Request,
	form requestActionForm,
) error {
	ctx, of := c.Request.Context(), couple.Partner(couples.Side(form.Of))
	if of.ID == "" {
		return fault.Malformed
	}
	practice, err := s.Accounts.FindPractice(ctx, couple.PracticeID)
	if err != nil {
		return err
	}
	return s.Records.Ask(ctx, couple, about, r.ID, records.AuthorizationRequest{
		Of: of, Part: records.Part(form.Part), Practice: practice.Name, Zone: web.LoginOf(c).Zone(),
	}, s.Now())
}
