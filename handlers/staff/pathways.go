package staff

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/worksheets"
)

type pathwaysView struct {
	web.Base
	List     []worksheets.Pathway
	Pathway  worksheets.Pathway // the one being edited
	Path     string
	Groups   []worksheetGroup
	Lines    []pathwayLine
	Key      string
	Problems fault.Fields
}

// A pathwayLine is a row of the form: a worksheet and when it opens.
type pathwayLine struct {
	Number                        int
	Name                          string // prefix of its field names, before the dot
	Worksheet, Rule, Days         string
	Problem, RuleWrong, DaysWrong i18n.Message
}

// morePathwayLines is the number of empty rows after the filled ones.
const morePathwayLines = 5

var pathwaysPage = web.NewPage[pathwaysView]("staff/library/pathways.html")

func (s *Server) showPathways(c *gin.Context) error {
	return s.askPathway(c, http.StatusOK, worksheets.Pathway{}, "/library/pathways", nil)
}

func (s *Server) showPathway(c *gin.Context) error {
	p, err := s.Worksheets.FindPathway(c.Request.Context(), web.LoginOf(c).PracticeID, c.Param("pathway"))
	if err != nil {
		return err
	}
	return s.askPathway(c, http.StatusOK, p, "/library/pathways/"+p.ID, nil)
}

func (s *Server) askPathway(c *gin.Context, status int, p worksheets.Pathway, path string,
	problems fault.Fields,
) error {
	list, err := s.Worksheets.Pathways(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	groups, err := s.worksheetGroups(c)
	if err != nil {
		return err
	}
	view := pathwaysView{
		Base: web.PageBase(c, "Pathways"), List: list, Pathway: p, Path: path, Groups: groups,
		Key: rand.Text(), Problems: problems,
	}
	for i := range len(p.Lines) + morePathwayLines {
		line := pathwayLine{Number: i + 1, Name: fmt.Sprintf("line.%d", i)}
		if i < len(p.Lines) {
			line.Worksheet, line.Rule = p.Lines[i].Worksheet, string(p.Lines[i].Rule)
			if p.Lines[i].Days != 0 {
				line.Days = strconv.Itoa(p.Lines[i].Days)
			}
		}
		line.Problem, line.RuleWrong, line.DaysWrong = problems[line.Name+".worksheet"], problems[line.Name+".rule"],
			problems[line.Name+".days"]
		view.Lines = append(view.Lines, line)
	}
	return web.Render(c, status, pathwaysPage, view)
}

// readPathway reads the form. Rows without a worksheet are left out.
func readPathway(got url.Values) (worksheets.Pathway, error) {
	base, err := strconv.Atoi(got.Get("base"))
	if got.Get("base") == "" {
		base, err = 0, nil
	}
	p := worksheets.Pathway{Name: got.Get("name"), Revision: base}
	if err != nil {
		return p, fault.Malformed
	}
	known := map[string]bool{"name": true, "base": true, "key": true}
	for i := range 40 {
		name := fmt.Sprintf("line.%d.", i)
		known[name+"worksheet"], known[name+"rule"], known[name+"days"] = true, true, true
		if got.Get(name+"worksheet") == "" {
			continue
		}
		days, err := strconv.Atoi(strings.TrimSpace(got.Get(name + "days")))
		if err != nil {
			days = 0 // refused if the rule needs days
		}
		p.Lines = append(p.Lines,
			worksheets.PathwayLine{
				Worksheet: got.Get(name + "worksheet"),
				Rule:      worksheets.Rule(got.Get(name + "rule")), Days: days,
			})
	}
	for name, list := range got {
		if !known[name] || len(list) > 1 {
			return p, fault.Malformed
		}
	}
	return p, nil
}

func (s *Server) savePathway(c *gin.Context) error {
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	p, err := readPathway(got)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	p.ID = c.Param("pathway")
	err = s.Worksheets.SavePathway(c.Request.Context(), l.PracticeID, l.CounselorID, p, got.Get("key"))
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPathway(c, http.StatusUnprocessableEntity, p, c.Request.URL.Path, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/library/pathways", "saved")
}

func (s *Server) retirePathway(c *gin.Context) error {
	if err := s.Worksheets.RetirePathway(c.Request.Context(), web.LoginOf(c).PracticeID,
		c.Param("pathway"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/library/pathways", "saved")
}

type givePathwayForm struct {
	Pathway string `form:"pathway"`
	Breach  string `form:"breach"`
	Key     string `form:"key"`
}

// givePathway assigns a whole pathway to a couple.
func (s *Server) givePathway(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[givePathwayForm](c)
	if err != nil {
		return err
	}
	err = s.Worksheets.GivePathway(c.Request.Context(), couple, form.Pathway,
		couple.Breach(form.Breach).ID, form.Key, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawHomework(c, http.StatusUnprocessableEntity, couple, giveForm{Key: form.Key}, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/worksheets", "given")
}
