package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/worksheets"
)

// blank returns a worksheet to fill in by hand, in the language of the paper.
func (s *Server) blank(d worksheets.Definition, paper worksheets.PrintSetup) pdf.Sheet {
	return s.Worksheets.Catalogue().Blank(paper.Language, d).BlankSheet(paper)
}

// printBlank prints an assigned page to fill in by hand: in the wording that was assigned and the
// language of the person who fills it in, with the link to the same page online.
func (s *Server) printBlank(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	readings, err := s.Worksheets.Read(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	paper, err := s.printSetup(c)
	if err != nil {
		return err
	}
	paper.Digital = s.URL + "/my/worksheets/" + id
	page := readings[0].Page
	if page.IsJoint() {
		paper.Language, err = s.ForBoth(c.Request.Context(), couple)
	} else {
		paper.Language, err = s.LanguageOf(c.Request.Context(), page)
	}
	if err != nil {
		return err
	}
	return web.Download(c, "worksheet.pdf", s.blank(page.Worksheet, paper))
}

// printPathway prints a pathway as one booklet in the language of the query.
func (s *Server) printPathway(c *gin.Context) error {
	p, err := s.Worksheets.AnyPathway(c.Request.Context(), web.LoginOf(c).PracticeID, c.Param("pathway"))
	if err != nil {
		return err
	}
	paper, err := s.printSetup(c)
	if err != nil {
		return err
	}
	var list []worksheets.Definition
	for _, line := range p.Lines {
		d, err := s.Worksheets.Find(c.Request.Context(), web.LoginOf(c).PracticeID, line.Worksheet)
		switch {
		case err == nil:
			list = append(list, s.Worksheets.Catalogue().Blank(paper.Language, d))
		case !errors.Is(err, fault.NotFound): // a worksheet that was retired is left out
			return err
		}
	}
	return web.Download(c, "booklet.pdf", worksheets.Booklet(p.Name, list, paper))
}

func (s *Server) pageForPaper(c *gin.Context) (worksheets.OpenPage, error) {
	couple, id, err := s.assignment(c)
	if err != nil {
		return worksheets.OpenPage{}, err
	}
	return s.Worksheets.PageForPaper(c.Request.Context(), couple, id)
}

// showPaper shows the form in which the counselor enters answers given on paper.
func (s *Server) showPaper(c *gin.Context) error {
	f, err := s.pageForPaper(c)
	if errors.Is(err, couples.ErrUnsigned) {
		return fault.Conflict
	}
	if err != nil {
		return err
	}
	return s.askPaper(c, http.StatusOK, f, nil, nil)
}

func (s *Server) askPaper(c *gin.Context, status int, f worksheets.OpenPage, values map[string]worksheets.Value,
	problems fault.Fields,
) error {
	return s.AskPage(c, status, f, values, homework.FormContext{
		Path: "/assignments/" + f.Assignment.ID + "/paper", Sent: homework.AtOnce, Send: "Save as completed on paper",
	}, problems)
}

// savePaper stores those answers and sends the page, marked as given on paper.
func (s *Server) savePaper(c *gin.Context) error {
	f, err := s.pageForPaper(c)
	if err != nil {
		return err
	}
	answers, key, problems, err := s.ReadWhole(c, f)
	if err != nil {
		return err
	}
	if err = problems.Err(); err == nil {
		err = s.Worksheets.SavePaper(c.Request.Context(), f, worksheets.Form{Values: answers, Key: key, Send: true}, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPaper(c, http.StatusUnprocessableEntity, f, answers, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+f.Assignment.ID, "saved")
}

// showHanded shows a partner's own page full screen on the counselor's device, without names or
// links. A page begun on the partner's own device stays private and is finished there.
func (s *Server) showHanded(c *gin.Context) error {
	f, err := s.pageForPaper(c)
	if errors.Is(err, couples.ErrUnsigned) {
		return fault.Conflict
	}
	if err == nil {
		err = s.UseLanguageOf(c, &f)
	}
	if err != nil {
		return err
	}
	return s.AskPage(c, http.StatusOK, f, nil, handedForm(c, f), nil)
}

// handedForm returns the FormContext of a partner's page on the counselor's device.
func handedForm(c *gin.Context, f worksheets.OpenPage) homework.FormContext {
	return homework.FormContext{
		Path: "/assignments/" + f.Assignment.ID + "/handed", Sent: homework.AtOnce,
		Title: web.Tell(c, "handover.page_for_you"),
		Send:  "action.send_and_lock",
	}
}

// saveHanded sends the answers and locks the device: it ends the login and shows the handover page.
func (s *Server) saveHanded(c *gin.Context) error {
	f, err := s.pageForPaper(c)
	if err == nil {
		err = s.UseLanguageOf(c, &f)
	}
	if err != nil {
		return err
	}
	answers, key, problems, err := s.ReadWhole(c, f)
	if err != nil {
		return err
	}
	if err = problems.Err(); err == nil {
		err = s.Worksheets.SavePaper(c.Request.Context(), f, worksheets.Form{Values: answers, Key: key, Send: true}, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.AskPage(c, http.StatusUnprocessableEntity, f, answers, handedForm(c, f), problems)
	}
	if err != nil {
		return err
	}
	s.EndOldLogin(c)
	s.SetCookie(c, "")
	c.Redirect(http.StatusSeeOther, web.SignInPath(c))
	return nil
}
