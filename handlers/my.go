package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/worksheets"
)

type myView struct {
	base
	Name  string
	ToDo  []myLine
	Sent  int
	Next  string
	Place string
}

type myLine struct {
	ID, Title, State string
	Readable         bool
}

// myPages returns the partner who is signed in, the couple, and the partner's
// pages.
func (s *server) myPages(c *gin.Context) (couples.Couple, couples.Partner, []worksheets.Page, error) {
	couple, me, err := s.me(c)
	if err != nil {
		return couple, me, nil, err
	}
	pages, err := s.Worksheets.MyPages(c.Request.Context(), couple, me)
	return couple, me, pages, err
}

var myPage = page[myView]("my/home.html")

func (s *server) showMy(c *gin.Context) error {
	couple, me, pages, err := s.myPages(c)
	if err != nil {
		return err
	}
	view := myView{base: top(c, "Your page"), Name: me.AddressAs}
	for _, p := range pages {
		if p.Sent() {
			view.Sent++
			continue
		}
		state := "New"
		if p.BegunAt != nil {
			state = "Begun"
		}
		view.ToDo = append(view.ToDo, myLine{p.Assignment.ID, p.Worksheet.Title, state, true})
	}
	next, err := s.Sessions.NextJoint(c.Request.Context(), couple.PracticeID, couple.ID, s.Now())
	switch {
	case err == nil:
		view.Next = next.StartsAt.In(view.Login.Zone()).Format("Monday, January 2, 3:04 PM")
		view.Place = map[string]string{"office": "At the office", "video": "By video", "phone": "By phone"}[next.Place]
	case !errors.Is(err, fault.NotFound):
		return err
	}
	return render(c, http.StatusOK, myPage, view)
}

type myAnswersView struct {
	base
	Sent []myLine
}

var myAnswersPage = page[myAnswersView]("my/answers.html")

func (s *server) showMyAnswers(c *gin.Context) error {
	_, _, pages, err := s.myPages(c)
	if err != nil {
		return err
	}
	view := myAnswersView{base: top(c, "My answers")}
	for _, p := range pages {
		if p.Sent() {
			view.Sent = append(view.Sent, myLine{p.Assignment.ID, p.Worksheet.Title, "Sent " + p.SentAt.In(view.Login.Zone()).Format("January 2, 2006"), !p.Worksheet.Locked})
		}
	}
	return render(c, http.StatusOK, myAnswersPage, view)
}

// myFilling returns the partner's own page that the path names.
func (s *server) myFilling(c *gin.Context) (worksheets.Filling, error) {
	couple, me, err := s.me(c)
	if err != nil {
		return worksheets.Filling{}, err
	}
	return s.Worksheets.Mine(c.Request.Context(), couple, me, c.Param("assignment"))
}

type myReadView struct {
	base
	Blocks []pdf.Block
	When   string
}

var myReadPage = page[myReadView]("my/read.html")

func (s *server) showMyPage(c *gin.Context) error {
	f, err := s.myFilling(c)
	if err != nil {
		return err
	}
	if f.Sent() {
		r := worksheets.Reading{Page: f.Page, Role: f.Role, Values: f.Values}
		return render(c, http.StatusOK, myReadPage, myReadView{top(c, f.Page.Worksheet.Title), r.Blocks(true), f.SentAt.In(login(c).Zone()).Format("January 2, 2006")})
	}
	return s.askPage(c, http.StatusOK, f, f.Values, "/my/worksheets/"+f.Assignment.ID, nil)
}

func (s *server) saveMyPage(c *gin.Context) error {
	f, err := s.myFilling(c)
	if err != nil {
		return s.sentAlready(c, err)
	}
	return s.savePage(c, f, "/my/worksheets/"+f.Assignment.ID, "/my")
}

// sentAlready takes a second press on a page that is locked once it was sent:
// the page is gone, and what it says was sent by the first.
func (s *server) sentAlready(c *gin.Context, err error) error {
	_, _, pages, listErr := s.myPages(c)
	if listErr != nil {
		return listErr
	}
	for _, p := range pages {
		if p.Assignment.ID == c.Param("assignment") && p.Sent() {
			return redirect(c, "/my", "sent")
		}
	}
	return err
}

func (s *server) saveMyField(c *gin.Context) error {
	f, err := s.myFilling(c)
	if err != nil {
		return err
	}
	return s.savePageField(c, f)
}
