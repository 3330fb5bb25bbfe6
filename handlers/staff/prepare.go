package staff

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

// prepareView is the counselor's card before a session: what happened since the
// last one. It is for the counselor alone, and away while a session runs.
type prepareView struct {
	web.Base
	Couple   couples.Couple
	Next     *sessionLine
	Since    string // the last session, "" for none
	LastID   string
	LastPlan string
	CameIn   []homeworkLine // sent since
	Open     []homeworkLine // given and not sent
	Released []string       // titles that both may read since
	Promises []promiseSince
	Pulses   []pulseSince
	Topics   []string
	Held     bool
	Talks    []talkedLine

	Plan       string // of the next session, in the counselor's words
	Activities []string
	Prompts    []web.PromptLine // of its step, and the counselor's own first
}

// A promiseSince is a promise with its marks since the last session, in the
// view of its maker.
type promiseSince struct {
	Maker, What     string
	Kept, Not, Days int
}

type pulseSince struct {
	Name, When string
	Direction  i18n.Message
}

// A talkedLine is when somebody was last seen alone.
type talkedLine struct{ Name, When string }

var preparePage = web.NewPage[prepareView]("staff/sessions/prepare.html")

func (s *Server) showPrepare(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	view := prepareView{Base: web.PageBase(c, "Session prep"), Couple: couple}
	held, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return err
	}
	since, err := s.lastTime(ctx, &view, couple, held, zone)
	if err != nil {
		return err
	}
	for _, gather := range []func() error{
		func() error { return s.prepareHomework(c, &view, couple, since) },
		func() error { return s.preparePromises(ctx, &view, couple, since) },
		func() error { return s.preparePulses(ctx, &view, couple, zone) },
		func() error { return s.prepareTalks(c, &view, couple) },
		func() error { return s.preparePlan(ctx, &view, couple, held) },
	} {
		if err := gather(); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, preparePage, view)
}

// lastTime finds the last session that was held, with what was planned in its
// note, and returns when it was.
func (s *Server) lastTime(ctx context.Context, view *prepareView, couple couples.Couple, held []sessions.Listed,
	zone *time.Location,
) (time.Time, error) {
	for _, l := range slices.Backward(held) { // the next planned
		if l.State == sessions.Planned && view.Next == nil {
			line := s.sessionLine(l, zone)
			view.Next = &line
		}
	}
	i := slices.IndexFunc(held, func(l sessions.Listed) bool { return l.State == sessions.Ended })
	if i < 0 {
		return couple.CreatedAt, nil
	}
	last := held[i].Session
	last.Reader = couple.Reader
	view.Since, view.LastID = last.When().In(zone).Format("Monday, January 2"), last.ID
	var err error
	view.LastPlan, err = s.Sessions.PlannedInNote(ctx, last)
	return last.When(), err
}

// preparePlan puts the plan of the next session on the card, with the prompts of its step.
func (s *Server) preparePlan(ctx context.Context, view *prepareView, couple couples.Couple,
	listed []sessions.Listed,
) error {
	i := slices.IndexFunc(listed, func(l sessions.Listed) bool { return view.Next != nil && l.ID == view.Next.ID })
	if i < 0 {
		return nil
	}
	next := listed[i].Session
	next.Reader = couple.Reader
	stored, err := s.Sessions.Record(ctx, next)
	if err != nil {
		return err
	}
	record := sessions.Record(fields.Values(stored))
	step, _ := s.Sessions.Method().Step(next.Step)
	view.Plan = record["plan"]
	for _, a := range record.InOrder(step) {
		if record.Has("planned." + a.ID) {
			view.Activities = append(view.Activities, a.Title)
		}
	}
	for text := range strings.Lines(record["prompts"]) {
		if text = strings.TrimSpace(text); text != "" {
			view.Prompts = append(view.Prompts, web.PromptLine{Text: text, For: "Your own"})
		}
	}
	view.Prompts = append(view.Prompts, web.PromptLines(step, couple, couple.Breach(next.Breach()))...)
	return nil
}

func (s *Server) prepareHomework(c *gin.Context, view *prepareView, couple couples.Couple, since time.Time) error {
	pages, err := s.Worksheets.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	after := func(at *time.Time) bool { return at != nil && at.After(since) }
	for _, p := range pages {
		line := homeworkLineOf(p, couple)
		switch {
		case p.Sent() && after(p.SentAt):
			view.CameIn = append(view.CameIn, line)
		case !p.Sent():
			view.Open = append(view.Open, line)
		}
		if p.Released() && after(p.SentAt) {
			view.Released = append(view.Released, line.Title+", "+line.For)
		}
	}
	return nil
}

func (s *Server) preparePromises(ctx context.Context, view *prepareView, couple couples.Couple, since time.Time) error {
	list, err := s.Promises.Counted(ctx, couple, since)
	if err != nil {
		return err
	}
	for _, p := range list {
		line := promiseSince{Maker: couple.Partner(p.Maker).AddressAs, What: p.Words.What}
		for _, m := range p.Marks {
			line.Days++
			switch m.Result {
			case "kept":
				line.Kept++
			case "not-kept":
				line.Not++
			}
		}
		view.Promises = append(view.Promises, line)
	}
	return nil
}

func (s *Server) preparePulses(ctx context.Context, view *prepareView, couple couples.Couple,
	zone *time.Location,
) error {
	list, err := s.Worksheets.Pulses(ctx, couple, 2)
	if err != nil {
		return err
	}
	for _, p := range couple.Partners {
		if newest, ok := worksheets.NewestPulse(list, p.Side); ok {
			view.Pulses = append(view.Pulses,
				pulseSince{p.AddressAs, newest.SentAt.In(zone).Format("January 2"), newest.Direction})
		}
	}
	return nil
}

// prepareTalks are what somebody would rather talk about, what waits for a
// decision, and when each was last seen alone.
func (s *Server) prepareTalks(c *gin.Context, view *prepareView, couple couples.Couple) error {
	l, ctx := web.LoginOf(c), c.Request.Context()
	topics, err := s.Worksheets.Topics(ctx, l.PracticeID, l.CounselorID, couple.ID)
	if err != nil {
		return err
	}
	for _, t := range topics {
		view.Topics = append(view.Topics, fmt.Sprintf("%s: %s", t.Name, t.Words))
	}
	if view.Held, err = s.Couples.Held(ctx, couple); err != nil {
		return err
	}
	talked, err := s.Worksheets.LastTalked(ctx, couple)
	if err != nil {
		return err
	}
	for _, p := range couple.Partners {
		line := talkedLine{p.AddressAs, "not yet"}
		if at, ok := talked[p.Side]; ok {
			line.When = at.In(l.Zone()).Format("January 2, 2006")
		}
		view.Talks = append(view.Talks, line)
	}
	return nil
}
