package appointments

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
)

// mostAMinute limits the requests per minute for a feed.
const mostAMinute = 20

// serveFeed responds to a calendar program, which authenticates by the address alone.
func (s *Server) serveFeed(c *gin.Context) error {
	ctx := c.Request.Context()
	feed, err := s.Calendar.FindFeed(ctx, c.Param("secret"))
	if err != nil {
		return err
	}
	if !s.Allows("feed "+feed.CounselorID, mostAMinute) {
		return fault.Busy
	}
	text, err := s.Calendar.Write(ctx, feed, s.Now())
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, no-cache")
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", []byte(text))
	return nil
}

type feedView struct {
	web.Base
	Has      bool
	Since    string
	Address  string // shown once, when created
	Title    calendar.Title
	Problems fault.Fields
}

var feedPage = web.NewPage[feedView]("staff/appointments/feed.html")

func (s *Server) showFeed(c *gin.Context) error {
	return s.drawFeed(c, http.StatusOK, feedView{Title: calendar.TitleNumber})
}

func (s *Server) drawFeed(c *gin.Context, status int, view feedView) error {
	l := web.LoginOf(c)
	feed, err := s.Calendar.FeedOf(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err == nil {
		view.Has, view.Since, view.Title = true, web.Moment(feed.CreatedAt, l.Zone()), feed.Title
	} else if !errors.Is(err, fault.NotFound) {
		return err
	}
	view.Base = web.PageBase(c, "Calendar feed")
	return web.Render(c, status, feedPage, view)
}

// renewFeed creates a new address and shows it once.
func (s *Server) renewFeed(c *gin.Context) error {
	form, err := web.Bind[struct {
		Title string `form:"title"`
	}](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	title := calendar.Title(form.Title)
	secret, err := s.Calendar.RenewFeed(c.Request.Context(), l.PracticeID, l.CounselorID, title, s.Now())
	if status, problems := problemsOf(err); problems != nil {
		return s.drawFeed(c, status, feedView{Title: title, Problems: problems})
	}
	if err != nil {
		return err
	}
	return s.drawFeed(c, http.StatusOK, feedView{Address: s.URL + "/calendar-feed/" + secret})
}

func (s *Server) endFeed(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Calendar.EndFeed(c.Request.Context(), l.PracticeID, l.CounselorID); err != nil {
		return err
	}
	return web.Redirect(c, "/settings/calendar-feed", "saved")
}
