package live

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// onScreen lists the fields of a running session that affect the couple's screen.
var onScreen = []string{"now", "turn", "breach", "show", "prompts"}

// screenOf returns what the couple's screen shows now, in the language of both. It never includes a
// prompt for individual time or the clinical name of the step.
func (s *Server) screenOf(c *gin.Context, session sessions.Session, couple couples.Couple) (sessions.Screen, error) {
	ctx := c.Request.Context()
	fields, times, _, err := s.SessionState(ctx, session, couple)
	if err != nil {
		return sessions.Screen{}, err
	}
	spoken, err := s.ForBoth(ctx, couple)
	if err != nil {
		return sessions.Screen{}, err
	}
	builder := s.runBuilder(session, couple, fields, nil)
	builder.step = s.Sessions.Method().In(spoken, builder.step)
	view := builder.view()
	screen := sessions.Screen{Mode: sessions.ScreenPrompt, Step: builder.step.Title, Language: spoken.Tag}
	if times.Now == "pause" {
		screen.Mode = sessions.ScreenPause
	}
	if !view.Now.Alone {
		screen.Text = view.Now.Text
	}
	for _, turn := range view.Turn.Options {
		if turn.On {
			screen.Turn = turn.Label
		}
		if turn.On && turn.Value == "both" { // the other labels are names
			screen.Turn = spoken.Say("screen.both")
		}
	}
	screen.Pages, err = s.releasedPages(ctx, couple, fields["show"].Value, spoken)
	return screen, err
}

// follow updates the couple's screen, where one is open, and notifies the session's
// other windows.
func (s *Server) follow(c *gin.Context, session sessions.Session) error {
	ctx := c.Request.Context()
	if err := s.Sessions.Changed(ctx, session.ID); err != nil {
		return err
	}
	open, err := s.Sessions.HasCoupleScreen(ctx, session)
	if err != nil || !open {
		return err
	}
	l := web.LoginOf(c)
	couple, err := s.Couples.Find(ctx, l.PracticeID, l.CounselorID, session.CoupleID)
	if err != nil {
		return err
	}
	screen, err := s.screenOf(c, session, couple)
	if err != nil {
		return err
	}
	return s.Sessions.Show(ctx, session, screen)
}

// screenView holds the page on which a counselor opens the couple's screen on another device.
type screenView struct {
	web.Base
	Session sessions.Session
	Couple  couples.Couple
	Open    bool
	Code    string // shown once
	QR      web.QrCode
	Address string
}

var screenPage = web.NewPage[screenView]("live/screen.html")

func (s *Server) showScreen(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	return s.drawScreen(c, session, couple, "")
}

func (s *Server) drawScreen(c *gin.Context, session sessions.Session, couple couples.Couple, code string) error {
	open, err := s.Sessions.HasCoupleScreen(c.Request.Context(), session)
	if err != nil {
		return err
	}
	view := screenView{
		Base: web.PageBase(c, "Couple’s screen"), Session: session, Couple: couple, Open: open, Code: code,
		Address: s.URL + "/room",
	}
	if code != "" {
		if view.QR, err = web.DrawQR(view.Address + "?code=" + code); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, screenPage, view)
}

type screenForm struct {
	Do string `form:"do"` // "open" or "close"
}

// turnScreen opens the couple's screen with a new code, or closes it.
func (s *Server) turnScreen(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[screenForm](c)
	if err != nil {
		return err
	}
	if form.Do == "close" {
		if err := s.Sessions.CloseCoupleScreen(c.Request.Context(), session, s.Now()); err != nil {
			return err
		}
		return web.Redirect(c, "/sessions/"+session.ID+"/screen", "saved")
	}
	screen, err := s.screenOf(c, session, couple)
	if err != nil {
		return err
	}
	code, err := s.Sessions.OpenCoupleScreen(c.Request.Context(), session, web.LoginOf(c).ID, screen, s.Now())
	if err != nil {
		return err
	}
	return s.drawScreen(c, session, couple, code)
}

// screenCodeView holds the page on which a device without a login enters the code.
type screenCodeView struct {
	web.Base
	Code    string
	Problem i18n.Message
}

var screenCodePage = web.NewPage[screenCodeView]("live/screen_code.html")

// coupleScreenBase returns the base of a page without navigation.
func coupleScreenBase(title string) web.Base {
	return web.Base{Title: title, Surface: surface.Screen, Look: "roomview"}
}

func (s *Server) showScreenCode(c *gin.Context) error {
	return web.Render(c, http.StatusOK, screenCodePage, screenCodeView{
		s.SignInBase(c, "screen.title"),
		c.Query("code"), "",
	})
}

type screenCodeForm struct {
	Code string `form:"code"`
}

// ScreenCookie is the cookie of a device that shows the couple's screen of a session.
func ScreenCookie(session string) string { return "room-" + session }

// joinCoupleScreen makes a device the couple's screen of a session. The device gets no login, only
// a cookie for this one page.
func (s *Server) joinCoupleScreen(c *gin.Context) error {
	form, err := web.Bind[screenCodeForm](c)
	if err != nil {
		return err
	}
	var session, token string
	err = s.Accounts.TryCode(c.Request.Context(), web.BrowserOf(c, false), "room", s.Now(), func() (err error) {
		session, token, err = s.Sessions.JoinCoupleScreen(c.Request.Context(), form.Code, s.Now())
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return web.Render(c, http.StatusUnprocessableEntity, screenCodePage,
			screenCodeView{s.SignInBase(c, "screen.title"), form.Code, "error.screen_code"})
	}
	if err != nil {
		return err
	}
	path := "/sessions/" + session + "/room"
	http.SetCookie(c.Writer,
		&http.Cookie{
			Name: ScreenCookie(session), Value: token, Path: path, HttpOnly: true, Secure: s.Secure,
			SameSite: http.SameSiteStrictMode, MaxAge: int(accounts.LongestLogin / time.Second),
		})
	return web.Redirect(c, path, "")
}

// coupleScreenView is the couple's screen.
type coupleScreenView struct {
	web.Base
	Screen sessions.Screen
	Path   string
	Pages  string // identifies the pages shown
}

var coupleScreenPage = web.NewPage[coupleScreenView]("live/couple_screen.html")

// screen returns what the requesting device may show of the session.
func (s *Server) screen(c *gin.Context) (sessions.Screen, error) {
	session := c.Param("session")
	token, err := c.Cookie(ScreenCookie(session))
	if err != nil {
		return sessions.Screen{}, fault.NotFound
	}
	screen, err := s.Sessions.Screen(c.Request.Context(), session, token, s.Now())
	if err != nil {
		return screen, err
	}
	return screen, s.stillReleased(c.Request.Context(), &screen)
}

func (s *Server) showCoupleScreen(c *gin.Context) error {
	screen, err := s.screen(c)
	if errors.Is(err, fault.NotFound) {
		return web.Redirect(c, "/room", "")
	}
	if err != nil {
		return err
	}
	c.Set(web.SpeaksKey, i18n.Of(screen.Language))
	return web.Render(c, http.StatusOK, coupleScreenPage,
		coupleScreenView{coupleScreenBase(web.Tell(c, "screen.title")), screen, c.Request.URL.Path, pagesOn(screen)})
}

// stop ends joint time immediately: it pauses the clock, and the couple's screen shows that the
// session stops for today. The counselor gets a checklist; individual time can follow.
func (s *Server) stop(c *gin.Context, session sessions.Session) error {
	ctx := c.Request.Context()
	if err := s.Sessions.Turn(ctx, session, sessions.Pause, s.Now()); err != nil {
		return err
	}
	if err := s.Sessions.CloseCoupleScreen(ctx, session, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID+"/stopped", "")
}

// stoppedView is the counselor's checklist after a session was stopped. It is always the same, so
// it reveals nothing to somebody who sees the screen.
type stoppedView struct {
	web.Base
	Session sessions.Session
	Couple  couples.Couple
}

var stoppedPage = web.NewPage[stoppedView]("live/stopped.html")

func (s *Server) showStopped(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, stoppedPage, stoppedView{web.PageBase(c, "Stopping for today"), session, couple})
}
