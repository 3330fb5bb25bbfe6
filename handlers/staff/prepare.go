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

// prepareView is the counselor's preparation page: what happened since the last session. It is for
// the counselor only, and blocked while a session runs.
type prepareView struct {
	web.Base
	Couple   couples.Couple
	Next     *sessionLine
	Since    string // the date of the last session, "" if there was none
	LastID   string
	LastPlan string
	CameIn   []homeworkLine // sent since
	Open     []homeworkLine // assigned and not sent
	Released []string       // titles released to both since then
	Promises []promiseSince
	Pulses   []pulseSince
	Topics   []string
	Held     bool
	Talks    []talkedLine

	Plan       string // the counselor's plan for the next session
	Activities []string
	Prompts    []web.PromptLine // prompts of its step, the counselor's own first
}

// A promiseSince is a promise with its marks since the last session, as its maker marked it.
type promiseSince struct {
	Maker, What     string
	Kept, Not, Days int
}

type pulseSince struct {
	Name, When string
	Direction  i18n.Message
}

// A talkedLine is when a partner was last seen alone.
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

// lastTime loads the last session held and the plan in its note, and returns when it was. It also
// sets the next planned session.
func (s *Server) lastTime(ctx context.Context, view *prepareView, couple couples.Couple, held []sessions.Listed,
	zone *time.Location,
) (time.Time, error) {
	for _, l := range slices.Backward(held) { // the earliest planned session
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

// preparePlan adds the plan of the next session and the prompts of its step.
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
	list, err := s.Promises.Tracked(ctx, couple, since)
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

// prepareTalks adds topics that a partner would rather discuss in person, undecided concerns, and
// when each partner was last seen alone.
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
