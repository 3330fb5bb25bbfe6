package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// onScreen are the fields of a running session that the couple's screen shows.
var onScreen = []string{"now", "turn", "breach", "show", "prompts"}

// screenOf is what the couple's screen shows of a session now, in the language
// of both. A prompt that is to be asked alone is never on it, nor is the name by
// which counselors know the step.
func (s *server) screenOf(c *gin.Context, session sessions.Session, couple couples.Couple) (sessions.Screen, error) {
	ctx := c.Request.Context()
	fields, times, _, err := s.soFar(ctx, session, couple)
	if err != nil {
		return sessions.Screen{}, err
	}
	spoken, err := s.forBoth(ctx, couple)
	if err != nil {
		return sessions.Screen{}, err
	}
	builder := s.runBuilder(session, couple, fields, nil)
	builder.step = s.Sessions.Method().In(spoken, builder.step)
	view := builder.view()
	screen := sessions.Screen{Mode: sessions.ScreenPrompt, Step: builder.step.PartnerTitle(), Language: spoken.Tag}
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
		if turn.On && turn.Value == "both" { // any other is a name
			screen.Turn = spoken.Say("Both")
		}
	}
	screen.Pages, err = s.releasedPages(ctx, couple, fields["show"].Value, spoken)
	return screen, err
}

// follow has the couple's screen, where one is open, show what is now, and wakes
// the session's other windows.
func (s *server) follow(c *gin.Context, session sessions.Session) error {
	ctx := c.Request.Context()
	if err := s.Sessions.Changed(ctx, session.ID); err != nil {
		return err
	}
	open, err := s.Sessions.RoomOpen(ctx, session)
	if err != nil || !open {
		return err
	}
	l := login(c)
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

// screenView is where a counselor opens the couple's screen on another device.
type screenView struct {
	base
	Session sessions.Session
	Couple  couples.Couple
	Open    bool
	Code    string // once
	QR      qrCode
	Address string
}

var screenPage = page[screenView]("sessions/screen.html")

func (s *server) showScreen(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	return s.drawScreen(c, session, couple, "")
}

func (s *server) drawScreen(c *gin.Context, session sessions.Session, couple couples.Couple, code string) error {
	open, err := s.Sessions.RoomOpen(c.Request.Context(), session)
	if err != nil {
		return err
	}
	view := screenView{
		base: pageBase(c, "Screen for the couple"), Session: session, Couple: couple, Open: open, Code: code,
		Address: s.URL + "/room",
	}
	if code != "" {
		if view.QR, err = drawQR(view.Address + "?code=" + code); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, screenPage, view)
}

type screenForm struct {
	Do string `form:"do"` // open or close
}

// turnScreen opens the couple's screen, with a new code, or takes it away.
func (s *server) turnScreen(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	form, err := bind[screenForm](c)
	if err != nil {
		return err
	}
	if form.Do == "close" {
		if err := s.Sessions.CloseRoom(c.Request.Context(), session, s.Now()); err != nil {
			return err
		}
		return redirect(c, "/sessions/"+session.ID+"/screen", "saved")
	}
	screen, err := s.screenOf(c, session, couple)
	if err != nil {
		return err
	}
	code, err := s.Sessions.OpenRoom(c.Request.Context(), session, login(c).ID, screen, s.Now())
	if err != nil {
		return err
	}
	return s.drawScreen(c, session, couple, code)
}

// roomDoorView is where a device without a login types the code.
type roomDoorView struct {
	base
	Code    string
	Problem string
}

var roomDoorPage = page[roomDoorView]("couple_screen/door.html")

// roomBase is of a page that holds nothing but itself.
func roomBase(title string) base { return base{Title: title, Look: "handover roomview"} }

func (s *server) showRoomDoor(c *gin.Context) error {
	return render(c, http.StatusOK, roomDoorPage, roomDoorView{s.door(c, "Screen"), c.Query("code"), ""})
}

type roomDoorForm struct {
	Code string `form:"code"`
}

func roomCookie(session string) string { return "room-" + session }

// enterRoom makes a device the screen of a session. No login is kept on it: its
// cookie opens this one page.
func (s *server) enterRoom(c *gin.Context) error {
	form, err := bind[roomDoorForm](c)
	if err != nil {
		return err
	}
	var session, token string
	err = s.Accounts.TryCode(c.Request.Context(), browserOf(c, false), "room", s.Now(), func() (err error) {
		session, token, err = s.Sessions.EnterRoom(c.Request.Context(), form.Code, s.Now())
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return render(c, http.StatusUnprocessableEntity, roomDoorPage,
			roomDoorView{s.door(c, "Screen"), form.Code, "This code does not work. Each works once, for ten minutes."})
	}
	if err != nil {
		return err
	}
	path := "/sessions/" + session + "/room"
	http.SetCookie(c.Writer,
		&http.Cookie{
			Name: roomCookie(session), Value: token, Path: path, HttpOnly: true, Secure: s.secure,
			SameSite: http.SameSiteStrictMode, MaxAge: int(accounts.LongestLogin / time.Second),
		})
	return redirect(c, path, "")
}

// roomView is the couple's screen.
type roomView struct {
	base
	Screen sessions.Screen
	Path   string
	Pages  string // which pages are shown
}

var roomPage = page[roomView]("couple_screen/room.html")

// screen returns what the device that asks may show of the session.
func (s *server) screen(c *gin.Context) (sessions.Screen, error) {
	session := c.Param("session")
	token, err := c.Cookie(roomCookie(session))
	if err != nil {
		return sessions.Screen{}, fault.NotFound
	}
	screen, err := s.Sessions.Screen(c.Request.Context(), session, token, s.Now())
	if err != nil {
		return screen, err
	}
	return screen, s.stillReleased(c.Request.Context(), &screen)
}

func (s *server) showRoom(c *gin.Context) error {
	screen, err := s.screen(c)
	if errors.Is(err, fault.NotFound) {
		return redirect(c, "/room", "")
	}
	if err != nil {
		return err
	}
	c.Set(speaksKey, i18n.Of(screen.Language))
	return render(c, http.StatusOK, roomPage,
		roomView{roomBase(tell(c, "Screen")), screen, c.Request.URL.Path, pagesOn(screen)})
}

// stop ends the joint time at once: the clock rests, the couple's screen says
// that it is enough for today, and the counselor finds what to think of. Time
// alone can follow.
func (s *server) stop(c *gin.Context, session sessions.Session) error {
	ctx := c.Request.Context()
	if err := s.Sessions.Turn(ctx, session, sessions.Pause, s.Now()); err != nil {
		return err
	}
	if err := s.Sessions.CloseRoom(ctx, session, s.Now()); err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/stopped", "")
}

// stoppedView is the counselor's list after a session was stopped. It is the
// same for everybody, so that who sees it over a shoulder learns nothing.
type stoppedView struct {
	base
	Session sessions.Session
	Couple  couples.Couple
}

var stoppedPage = page[stoppedView]("sessions/stopped.html")

func (s *server) showStopped(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, stoppedPage, stoppedView{pageBase(c, "Stopping for today"), session, couple})
}
