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

// blank is a worksheet to be filled by hand, in the language of the paper.
func (s *server) blank(d worksheets.Definition, paper worksheets.Paper) pdf.Sheet {
	return s.Worksheets.Catalogue().Blank(paper.Language, d).BlankSheet(paper)
}

// printBlank prints the page of an assignment to be filled by hand, in the
// wording that was given and the language of whoever fills it, with the way to
// the same page on a screen.
func (s *server) printBlank(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	readings, err := s.Worksheets.Read(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	paper, err := s.paper(c)
	if err != nil {
		return err
	}
	paper.Digital = s.URL + "/my/worksheets/" + id
	page := readings[0].Page
	if page.IsJoint() {
		paper.Language, err = s.forBoth(c.Request.Context(), couple)
	} else {
		paper.Language, err = s.languageOf(c.Request.Context(), page)
	}
	if err != nil {
		return err
	}
	return download(c, "worksheet.pdf", s.blank(page.Worksheet, paper))
}

// printPathway prints a pathway as one booklet, in the language that is asked for.
func (s *server) printPathway(c *gin.Context) error {
	p, err := s.Worksheets.AnyPathway(c.Request.Context(), login(c).PracticeID, c.Param("pathway"))
	if err != nil {
		return err
	}
	paper, err := s.paper(c)
	if err != nil {
		return err
	}
	var list []worksheets.Definition
	for _, line := range p.Lines {
		d, err := s.Worksheets.Find(c.Request.Context(), login(c).PracticeID, line.Worksheet)
		switch {
		case err == nil:
			list = append(list, s.Worksheets.Catalogue().Blank(paper.Language, d))
		case !errors.Is(err, fault.NotFound): // one that was taken off the list is left out
			return err
		}
	}
	return download(c, "booklet.pdf", worksheets.Booklet(p.Name, list, paper))
}

func (s *server) onPaper(c *gin.Context) (worksheets.OpenPage, error) {
	couple, id, err := s.assignment(c)
	if err != nil {
		return worksheets.OpenPage{}, err
	}
	return s.Worksheets.Paper(c.Request.Context(), couple, id)
}

// showPaper shows the form in which the counselor types what was given on paper.
func (s *server) showPaper(c *gin.Context) error {
	f, err := s.onPaper(c)
	if errors.Is(err, couples.ErrUnsigned) {
		return fault.Conflict
	}
	if err != nil {
		return err
	}
	return s.askPaper(c, http.StatusOK, f, nil, nil)
}

func (s *server) askPaper(c *gin.Context, status int, f worksheets.OpenPage, values map[string]worksheets.Value,
	problems fault.Fields,
) error {
	return s.askPage(c, status, f, values, "/assignments/"+f.Assignment.ID+"/paper", problems)
}

// savePaper stores it and sends the page, marked as given on paper.
func (s *server) savePaper(c *gin.Context) error {
	f, err := s.onPaper(c)
	if err != nil {
		return err
	}
	answers, key, problems, err := s.readWhole(c, f)
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
	return redirect(c, "/assignments/"+f.Assignment.ID, "saved")
}
