package staff

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/sessions"
	"mend/worksheets"
)

// A homeworkLine is an assigned page with the state of its answer.
type homeworkLine struct {
	ID, Title, For, State string
	Begun, Sent, New      bool
	Waits                 bool // its partner cannot see it yet
	Handover              bool // part of it can be answered on the counselor's device
	Signable              bool // a finished form that becomes a note to sign
}

func (s *Server) homeworkLines(c *gin.Context, pages []worksheets.Page, couple couples.Couple) []homeworkLine {
	var lines []homeworkLine
	for _, p := range pages {
		if !p.Portal {
			continue
		}
		line := homeworkLineOf(p, couple)
		if when := opensWhen(p, s.Now(), web.LoginOf(c).Zone()); when != "" {
			line.State, line.Waits = when, true
		}
		lines = append(lines, line)
	}
	return lines
}

// opensWhen returns when a page that is not open yet will open, or "" if it is open.
func opensWhen(p worksheets.Page, now time.Time, zone *time.Location) string {
	switch {
	case p.OpensAt != nil && !p.OpensAt.After(now):
		return ""
	case p.OpensAt != nil:
		return "Opens " + p.OpensAt.In(zone).Format("Monday, January 2")
	case p.AfterID != nil:
		return "Opens after the previous one"
	}
	return "Opens when you say so"
}

// openFirst returns at most n lines: new answers first, then pages not sent yet, then the rest.
func openFirst(lines []homeworkLine, n int) []homeworkLine {
	rank := func(l homeworkLine) int {
		switch {
		case l.New:
			return 0
		case !l.Sent:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(lines, func(a, b homeworkLine) int { return rank(a) - rank(b) })
	return lines[:min(n, len(lines))]
}

func homeworkLineOf(p worksheets.Page, couple couples.Couple) homeworkLine {
	state := "Not started"
	switch {
	case p.IsJoint() && p.Sent():
		state = "Closed"
	case p.IsJoint() && p.ActiveAt != nil:
		state = "Open to both"
	case p.IsJoint():
		state = "Needs your review"
	case p.Sent() && p.ReadAt == nil:
		state = "Received"
	case p.Sent():
		state = "Read"
	case p.BegunAt != nil:
		state = "In progress"
	}
	who := couple.Partner(p.Side).AddressAs
	switch {
	case p.IsJoint():
		who = couple.Names()
	case p.IsSlip():
		who += ", own answer"
	}
	_, handover := p.Worksheet.Handover()
	return homeworkLine{
		ID: p.Assignment.ID, Title: p.Worksheet.Title, For: who, State: state, Begun: p.BegunAt != nil, Sent: p.Sent(),
		New: p.Sent() && p.ReadAt == nil, Handover: handover && !p.Sent(),
	}
}

// A worksheetGroup holds the core worksheets, the other worksheets of a step, or the practice's
// own.
type worksheetGroup struct {
	Title string
	List  []worksheetLine
}

type worksheetLine struct {
	ID, Title, Purpose, FilledBy, Privacy, OpensWhen string
	Portal, Locked, Core                             bool
	For                                              worksheets.FilledBy
	PrivacyID                                        worksheets.Privacy
	Gated, Closed                                    bool // needs a prerequisite; not met by this couple
}

var filledBy = map[worksheets.FilledBy]string{
	worksheets.Each: "Each partner, separately", worksheets.Joint: "Both together",
	worksheets.ByHurt:  "The partner who was hurt",
	worksheets.ByBroke: "The partner who broke trust", worksheets.WithCounselor: "The counselor, with each partner alone",
}

var privacyWords = map[worksheets.Privacy]string{
	worksheets.Private: "Private to counselor", worksheets.OnRelease: "Shared only after release",
	worksheets.OnSubmit: "Shared with partner by design",
}

func worksheetLineOf(d worksheets.Definition) worksheetLine {
	return worksheetLine{
		ID: d.ID, Title: d.Title, Purpose: d.Purpose, FilledBy: filledBy[d.FilledBy], Privacy: privacyWords[d.Privacy],
		OpensWhen: d.OpensWhen, Portal: d.Portal, Locked: d.Locked, For: d.FilledBy,
		PrivacyID: d.Privacy, Gated: d.Gate != "",
	}
}

func (s *Server) worksheetLines(step sessions.Step) []worksheetLine {
	var lines []worksheetLine
	for _, d := range s.Worksheets.Catalogue().ForStep(step.Number) {
		line := worksheetLineOf(d)
		line.Core = s.Worksheets.Catalogue().IsCore(d.ID)
		lines = append(lines, line)
	}
	return lines
}

// catalogueGroups returns the worksheets that match the filter: the core ones in one group, the
// rest by step.
func (s *Server) catalogueGroups(filter libraryFilter) []worksheetGroup {
	core, groups := worksheetGroup{Title: "Core"}, []worksheetGroup{}
	for _, step := range s.Sessions.Method().Steps {
		more := worksheetGroup{Title: "More: " + step.Title}
		for _, line := range s.worksheetLines(step) {
			switch {
			case !filter.fits(step.ID, line):
			case line.Core:
				core.List = append(core.List, line)
			default:
				more.List = append(more.List, line)
			}
		}
		groups = append(groups, more)
	}
	empty := func(g worksheetGroup) bool { return len(g.List) == 0 }
	return slices.DeleteFunc(append([]worksheetGroup{core}, groups...), empty)
}

// worksheetGroups returns what can be assigned: the catalogue and the practice's own worksheets.
func (s *Server) worksheetGroups(c *gin.Context) ([]worksheetGroup, error) {
	own, err := s.ownGroup(c)
	return append(s.catalogueGroups(libraryFilter{}), own...), err
}

// ownGroup returns the practice's own published worksheets as a group, or nothing if there are
// none.
func (s *Server) ownGroup(c *gin.Context) ([]worksheetGroup, error) {
	owns, err := s.Worksheets.OwnPublished(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil || len(owns) == 0 {
		return nil, err
	}
	own := worksheetGroup{Title: "Your own"}
	for _, d := range owns {
		own.List = append(own.List, worksheetLineOf(d))
	}
	return []worksheetGroup{own}, nil
}
