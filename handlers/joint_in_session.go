package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/worksheets"
)

// inRoom returns the active joint page that the path names, for both to fill on
// the counselor's screen while they sit together, in the language of both.
func (s *server) inRoom(c *gin.Context) (worksheets.OpenPage, error) {
	session, couple, err := s.session(c)
	if err != nil {
		return worksheets.OpenPage{}, err
	}
	f, err := s.Worksheets.Together(c.Request.Context(), couple, c.Param("assignment"))
	if err == nil && (f.ActiveAt == nil || session.State == "planned") {
		err = fault.NotFound
	}
	if err != nil {
		return f, err
	}
	spoken, err := s.forBoth(c.Request.Context(), couple)
	c.Set(speaksKey, spoken)
	s.inWords(c, &f.Page)
	return f, err
}

func inRoomPath(c *gin.Context) string {
	return "/sessions/" + c.Param("session") + "/pages/" + c.Param("assignment")
}

func (s *server) showInRoom(c *gin.Context) error {
	f, err := s.inRoom(c)
	if err != nil {
		return err
	}
	return s.askPage(c, http.StatusOK, f, f.Values, inRoomPath(c), nil)
}

func (s *server) saveInRoom(c *gin.Context) error {
	f, err := s.inRoom(c)
	if err != nil {
		return err
	}
	return s.savePage(c, f, s.inRoom, inRoomPath(c), "/sessions/"+c.Param("session")+"/run")
}

func (s *server) saveInRoomField(c *gin.Context) error {
	f, err := s.inRoom(c)
	if err != nil {
		return err
	}
	return s.savePageField(c, f)
}

// showHanded shows a partner's own page, full screen, on the counselor's device
// that is handed over: no name, no way to anywhere else. One that was begun on
// their own device is its author's alone and is finished there.
func (s *server) showHanded(c *gin.Context) error {
	f, err := s.onPaper(c)
	if errors.Is(err, couples.ErrUnsigned) {
		return fault.Conflict
	}
	if err == nil {
		err = s.handTo(c, &f)
	}
	if err != nil {
		return err
	}
	return s.askPage(c, http.StatusOK, f, nil, handedPath(f), nil)
}

func handedPath(f worksheets.OpenPage) string { return "/assignments/" + f.Assignment.ID + "/handed" }

// saveHanded sends what was answered and locks the device: whoever holds it now
// sees the door.
func (s *server) saveHanded(c *gin.Context) error {
	f, err := s.onPaper(c)
	if err == nil {
		err = s.handTo(c, &f)
	}
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
		return s.askPage(c, http.StatusUnprocessableEntity, f, answers, handedPath(f), problems)
	}
	if err != nil {
		return err
	}
	s.endOldLogin(c)
	s.setCookie(c, "")
	c.Redirect(http.StatusSeeOther, doorOf(c))
	return nil
}

// readWhole reads a page that is sent whole, without saving on the way.
func (s *server) readWhole(c *gin.Context,
	f worksheets.OpenPage,
) (answers map[string]worksheets.Value, key string, problems fault.Fields, err error) {
	got, err := values(c)
	if err != nil {
		return nil, "", nil, err
	}
	for name := range got {
		if !strings.HasPrefix(name, "a.") && name != "key" && name != "seen" && name != "do" {
			return nil, "", nil, fault.Malformed
		}
	}
	if _, err := strconv.Atoi(got.Get("seen")); err != nil || got.Get("key") == "" ||
		len(f.Page.Worksheet.Unknown(got)) > 0 {
		return nil, "", nil, fault.Malformed
	}
	answers, problems = readAnswers(f, got)
	return answers, got.Get("key"), problems, nil
}
