package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/sessions"
)

// How often a stream checks that it may continue, which also detects a broken connection, and the
// timeout of a write.
const (
	screenHeartbeat    = 5 * time.Second
	screenWriteTimeout = 10 * time.Second
)

// stream sends the events that look returns as server-sent events: immediately, when woken and on
// each beat. It ends when look reports no more, the connection breaks, or the server stops. A beat
// sends an event even if nothing changed, to keep the connection alive.
func (s *Server) stream(c *gin.Context, woken <-chan struct{}, look func() (event any, more bool)) error {
	line := http.NewResponseController(c.Writer)
	if err := line.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	c.Header("Content-Type", "text/event-stream")
	c.Header("X-Accel-Buffering", "no")
	beat := time.NewTicker(screenHeartbeat)
	defer beat.Stop()
	for {
		event, more := look()
		if err := sendEvent(c, line, event); err != nil || !more {
			return nil // the browser reconnects by itself
		}
		select {
		case <-woken:
		case <-beat.C:
		case <-c.Request.Context().Done():
			return nil
		case <-s.Stopping:
			return nil
		}
	}
}

// sendEvent sends one event.
func sendEvent(c *gin.Context, line *http.ResponseController, event any) error {
	text, err := json.Marshal(event)
	if err != nil { // events always marshal
		panic(err)
	}
	if err := line.SetWriteDeadline(time.Now().Add(screenWriteTimeout)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.Writer, "data: %s\n\n", text); err != nil {
		return err
	}
	return line.Flush()
}

// followCoupleScreen streams the couple's screen until the session is over, the screen is closed,
// or the login that opened it ends. It sends only the ids of pages and the language of the frame;
// the device then reloads the page.
func (s *Server) followCoupleScreen(c *gin.Context) error {
	woken, stop := s.Sessions.WatchCoupleScreen(c.Param("session"))
	defer stop()
	shown, err := s.screen(c)
	if err != nil {
		return err
	}
	return s.stream(c, woken, func() (any, bool) {
		now, err := s.screen(c)
		if err != nil {
			now = sessions.Screen{Mode: sessions.ScreenOver, Language: shown.Language}
		}
		shown = now
		return gin.H{
				"mode": now.Mode, "step": now.Step, "text": now.Text, "turn": now.Turn, "side_by_side": pagesOn(now),
				"language": i18n.Of(now.Language).Tag,
			},
			now.Mode != sessions.ScreenOver
	})
}

// A ChangedField is a field that another window saved.
type ChangedField struct {
	Value    string `json:"value"`
	Revision int    `json:"revision"`
}

// followSession streams to a window of a running session the clock and what other windows saved,
// until the session or the login ends.
func (s *Server) followSession(c *gin.Context) error {
	session, _, err := s.Session(c)
	if err != nil {
		return err
	}
	woken, stop := s.Sessions.WatchChanges(session.ID)
	defer stop()
	told := map[string]int{}
	return s.stream(c, woken, func() (any, bool) {
		fields, clock, err := s.changes(c, told)
		return gin.H{"fields": fields, "clock": clock}, err == nil
	})
}

// changes returns the clock and the fields with a revision not sent yet; told holds the revisions
// sent. It fails once the session has ended or the login has expired. An open stream does not
// extend a login.
func (s *Server) changes(c *gin.Context, told map[string]int) (map[string]ChangedField, gin.H, error) {
	ctx := c.Request.Context()
	token, _ := c.Cookie(s.CookieName())
	if _, err := s.Accounts.Peek(ctx, token, s.Now()); err != nil {
		return nil, nil, err
	}
	l := web.LoginOf(c)
	session, err := s.Sessions.Find(ctx, l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return nil, nil, err
	}
	saved, err := s.Sessions.Record(ctx, session)
	if err != nil {
		return nil, nil, err
	}
	times, err := s.Sessions.Times(ctx, session, s.Now())
	if err != nil {
		return nil, nil, err
	}
	return unsentFields(saved, told), clockJSON(times), nil
}

// unsentFields returns the fields saved since they were last sent, and marks them as sent.
func unsentFields(saved map[string]fields.Field, told map[string]int) map[string]ChangedField {
	fields := map[string]ChangedField{}
	for name, f := range saved {
		if told[name] < f.Revision {
			fields[name], told[name] = ChangedField{f.Value, f.Revision}, f.Revision
		}
	}
	return fields
}

// clockJSON returns the clock as the page's script expects it.
func clockJSON(t sessions.Times) gin.H {
	clock := clockOf(t)
	return gin.H{
		"now": clock.Now, "total": clock.TotalSeconds, "a": clock.ASeconds,
		"b": clock.BSeconds, "pauses": clock.Pauses,
	}
}
