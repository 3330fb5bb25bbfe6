package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets/promises"
)

var couplePromisesPage = web.NewPage[homework.PromisesView]("staff/couples/promises.html")

func (s *Server) showPromises(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	return s.askPromises(c, http.StatusOK, couple, homework.PromiseForm{}, nil)
}

func (s *Server) askPromises(c *gin.Context, status int, couple couples.Couple, typed homework.PromiseForm,
	problems fault.Fields,
) error {
	view, list, err := s.ReadPromises(c, couple, "/couples/"+couple.ID+"/promises")
	if err != nil {
		return err
	}
	view.Typed, view.Problems = typed, problems
	for _, d := range promises.Differences(list) {
		view.Differ = append(view.Differ,
			homework.DifferenceLine{
				What: couple.Partner(d.Maker).AddressAs + ": " + d.What, Day: homework.DayInWords(c, d.Day),
				Own: homework.ResultWords[d.Own], Other: homework.ResultWords[d.Other], Note: d.Note,
			})
	}
	return web.Render(c, status, couplePromisesPage, view)
}

// propose stores a promise that the counselor enters.
func (s *Server) propose(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.PromiseForm](c)
	if err != nil {
		return err
	}
	err = s.Promises.Propose(c.Request.Context(), couple, promises.Proposal{
		Maker: couples.Side(form.Maker), InRoom: form.Room == "yes",
		Words: promises.Words{What: form.What, Often: form.Often, IfNot: form.IfNot}, FormKey: form.Key,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPromises(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/promises", "saved")
}

// turnPromise opens a proposed promise to both partners, or ends a promise.
func (s *Server) turnPromise(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.TurnForm](c)
	if err != nil {
		return err
	}
	switch form.Do {
	case "open":
		err = s.Promises.Open(c.Request.Context(), couple, c.Param("promise"), s.Now())
	case "end":
		err = s.Promises.End(c.Request.Context(), couple, c.Param("promise"), s.Now())
	default:
		err = fault.Malformed
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/promises", "saved")
}
