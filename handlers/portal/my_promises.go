package portal

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

var myPromisesPage = web.NewPage[homework.PromisesView]("portal/promises.html")

// showMyPromises shows a partner the promises of both: how each maker marked them, and how this
// partner saw the other's, which the other never sees.
func (s *Server) showMyPromises(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	if !couple.Policy().Signed(me.Side) {
		return web.Redirect(c, "/my/policy", "")
	}
	return s.askMyPromises(c, http.StatusOK, couple, typedPromise{}, nil)
}

// typedPromise is what a partner typed on the page of promises: one of the two.
type typedPromise struct {
	promise homework.PromiseForm
	mark    homework.MarkForm
}

func (s *Server) askMyPromises(c *gin.Context, status int, couple couples.Couple, typed typedPromise,
	problems fault.Fields,
) error {
	view, _, err := s.ReadPromises(c, couple, "/my/promises")
	if err != nil {
		return err
	}
	view.Typed, view.Marked, view.Problems = typed.promise, typed.mark, problems
	return web.Render(c, status, myPromisesPage, view)
}

// myPromise proposes a promise that the partner would make.
func (s *Server) myPromise(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.PromiseForm](c)
	if err != nil {
		return err
	}
	err = s.Promises.Propose(c.Request.Context(), couple, promises.Proposal{
		Maker: me.Side,
		Words: promises.Words{What: form.What, Often: form.Often, IfNot: form.IfNot}, FormKey: form.Key,
	}, s.Now())
	return s.afterPromise(c, couple, typedPromise{promise: form}, "sent", err)
}

// markMyPromise stores how a promise went: the partner's own, or the other's as this partner saw
// it.
func (s *Server) markMyPromise(c *gin.Context) error {
	couple, _, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.MarkForm](c)
	if err != nil {
		return err
	}
	form.ID = c.Param("promise")
	mark := promises.Mark{Day: form.Day, Result: form.Result, Note: form.Note}
	err = s.Promises.Mark(c.Request.Context(), couple, form.ID, mark, s.Now().In(web.LoginOf(c).Zone()), s.Now())
	return s.afterPromise(c, couple, typedPromise{mark: form}, "saved", err)
}

// answerMyPromise agrees to a promise, asks to discuss it, or ends the partner's own.
func (s *Server) answerMyPromise(c *gin.Context) error {
	couple, _, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.TurnForm](c)
	if err != nil {
		return err
	}
	if form.Do == "end" {
		err = s.Promises.End(c.Request.Context(), couple, c.Param("promise"), s.Now())
	} else {
		err = s.Promises.Answer(c.Request.Context(), couple, c.Param("promise"), form.Do, s.Now())
	}
	return s.afterPromise(c, couple, typedPromise{}, "saved", err)
}

// afterPromise shows the promises again with what is wrong, or redirects to them with the notice.
func (s *Server) afterPromise(c *gin.Context, couple couples.Couple, typed typedPromise, notice string,
	err error,
) error {
	if errors.Is(err, couples.ErrSeparating) {
		err = fault.Fields{"main": "promise.closed"}
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askMyPromises(c, http.StatusUnprocessableEntity, couple, typed, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/my/promises", notice)
}
