package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/worksheets"
)

var myPromisesPage = page[promisesView]("my/promises.html")

// showMyPromises shows a partner the promises of both: how they went as their
// makers say, and what they themselves saw, which the other never learns.
func (s *server) showMyPromises(c *gin.Context) error {
	couple, me, err := s.me(c)
	if err != nil {
		return err
	}
	if !couple.Policy().Signed(me.Side) {
		return redirect(c, "/my/policy", "")
	}
	return s.askMyPromises(c, http.StatusOK, couple, promiseForm{}, nil)
}

func (s *server) askMyPromises(c *gin.Context, status int, couple couples.Couple, typed promiseForm,
	problems fault.Fields,
) error {
	view, _, err := s.promises(c, couple, "/my/promises")
	if err != nil {
		return err
	}
	view.Typed, view.Problems = typed, problems
	return render(c, status, myPromisesPage, view)
}

// myPromise proposes a promise of one's own.
func (s *server) myPromise(c *gin.Context) error {
	couple, me, err := s.me(c)
	if err != nil {
		return err
	}
	form, err := bind[promiseForm](c)
	if err != nil {
		return err
	}
	err = s.Worksheets.Propose(c.Request.Context(), couple, worksheets.Proposal{
		Maker: me.Side,
		Words: worksheets.PromiseWords{What: form.What, Often: form.Often, IfNot: form.IfNot}, FormKey: form.Key,
	}, s.Now())
	return s.afterPromise(c, couple, form, err)
}

// markMyPromise stores how a promise went: one's own, or as one saw the other's.
func (s *server) markMyPromise(c *gin.Context) error {
	couple, _, err := s.me(c)
	if err != nil {
		return err
	}
	form, err := bind[markForm](c)
	if err != nil {
		return err
	}
	mark := worksheets.Mark{Day: form.Day, Result: form.Result, Note: form.Note}
	err = s.Worksheets.MarkPromise(c.Request.Context(), couple, c.Param("promise"), mark,
		s.Now().In(login(c).Zone()), s.Now())
	return s.afterPromise(c, couple, promiseForm{}, err)
}

// answerMyPromise says yes to a promise, asks to talk it over, or ends an own
// one.
func (s *server) answerMyPromise(c *gin.Context) error {
	couple, _, err := s.me(c)
	if err != nil {
		return err
	}
	form, err := bind[turnForm](c)
	if err != nil {
		return err
	}
	if form.Do == "end" {
		err = s.Worksheets.EndPromise(c.Request.Context(), couple, c.Param("promise"), s.Now())
	} else {
		err = s.Worksheets.AnswerPromise(c.Request.Context(), couple, c.Param("promise"), form.Do, s.Now())
	}
	return s.afterPromise(c, couple, promiseForm{}, err)
}

func (s *server) afterPromise(c *gin.Context, couple couples.Couple, typed promiseForm, err error) error {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askMyPromises(c, http.StatusUnprocessableEntity, couple, typed, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/my/promises", "noted")
}
