package staff

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// contactsView lists the practice's couples for its front desk.
type contactsView struct {
	web.Base
	Search string
	List   []caseloadLine
	After  string
}

var contactsPage = web.NewPage[contactsView]("staff/front_desk/list.html")

func (s *Server) listContacts(c *gin.Context) error {
	l, search := web.LoginOf(c), c.Query("find")
	list, err := s.Couples.AtDesk(c.Request.Context(), l.PracticeID, l.CounselorID, searched(c))
	if err != nil {
		return err
	}
	view := contactsView{Base: web.PageBase(c, "Contacts"), Search: search, After: list.After}
	for _, couple := range list.Couples {
		view.List = append(view.List,
			caseloadLine{Listed: couple, Shown: web.NamesOf(c, couple.RecordNo, couple.Names())})
	}
	return web.Render(c, http.StatusOK, contactsPage, view)
}

// contactView holds how to reach each partner of a couple alone.
type contactView struct {
	web.Base
	Names    string
	RecordNo string
	Couple   string
	People   []contactLine
	Problems fault.Fields
}

type contactLine struct {
	ID, Name, AddressAs, Reach string
	Version                    string // of the details as they are stored
	Problem                    i18n.Message
	Warning                    contactWarning
}

var contactPage = web.NewPage[contactView]("staff/front_desk/couple.html")

func (s *Server) atDesk(c *gin.Context) (couples.Couple, error) {
	l := web.LoginOf(c)
	return s.Couples.FindForDesk(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

func (s *Server) showContacts(c *gin.Context) error {
	couple, err := s.atDesk(c)
	if err != nil {
		return err
	}
	return s.drawContacts(c, http.StatusOK, couple, contactForm{}, nil)
}

// drawContacts renders the page with what was typed about one partner.
func (s *Server) drawContacts(c *gin.Context, status int, couple couples.Couple, typed contactForm,
	problems fault.Fields,
) error {
	view := contactView{
		Base: web.PageBase(c, "Contacts of "+couple.Names()), Names: couple.Names(), RecordNo: couple.RecordNo,
		Couple: couple.ID, Problems: problems,
	}
	for _, p := range couple.Partners {
		if p.Erased {
			continue
		}
		warning, err := s.warningFor(c, couple, p)
		if err != nil {
			return err
		}
		line := contactLine{
			ID: p.ID, Name: p.Name, AddressAs: p.AddressAs, Reach: p.Reach, Version: p.Version(), Warning: warning,
		}
		if p.ID == typed.Partner {
			line.Reach, line.Problem = typed.Reach, problems["reach"]
		}
		view.People = append(view.People, line)
	}
	return web.Render(c, status, contactPage, view)
}

type contactForm struct {
	Partner string `form:"partner"`
	Reach   string `form:"reach"`
	Version string `form:"version"`
}

func (s *Server) saveContact(c *gin.Context) error {
	couple, err := s.atDesk(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[contactForm](c)
	if err != nil {
		return err
	}
	err = fault.NotFound
	for _, p := range couple.Partners {
		if p.ID != form.Partner {
			continue
		}
		if form.Version != "" && form.Version != p.Version() {
			err = detailsChanged(p)
		} else {
			err = s.Couples.SaveContact(c.Request.Context(), couple, p, strings.TrimSpace(form.Reach))
		}
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawContacts(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/front-desk/couples/"+couple.ID, "saved")
}
