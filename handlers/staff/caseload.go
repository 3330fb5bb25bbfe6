package staff

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/worksheets"
)

type couplesView struct {
	web.Base
	Search  string
	Closed  bool // lists couples whose work has ended
	Couples []caseloadLine
	After   string                 // the cursor of the next page of the list
	Assign  *worksheets.Definition // a worksheet to choose a couple for, or nil
}

// A caseloadLine is a couple in the list, with its current step and what is pending.
type caseloadLine struct {
	couples.Listed
	Shown      string // the names, or the record number if names are hidden
	Next, Step string
	Running    bool
	Unsigned   int // unsigned notes
	Unread     int // unread worksheets
}

var couplesPage = web.NewPage[couplesView]("staff/couples/list.html")

func (s *Server) listCouples(c *gin.Context) error {
	l := web.LoginOf(c)
	search, closed := searched(c), c.Query("only") == "closed"
	if search.Only = "open"; closed {
		search.Only = "closed"
	}
	list, err := s.Couples.Caseload(c.Request.Context(), l.PracticeID, l.CounselorID, search)
	if err != nil {
		return err
	}
	lines, err := s.caseloadLines(c, list.Couples)
	if err != nil {
		return err
	}
	view := couplesView{Base: web.PageBase(c, "Couples"), Search: c.Query("find"), Closed: closed, Couples: lines}
	view.After = list.After
	if id := c.Query("assign"); id != "" {
		d, err := s.Worksheets.Find(c.Request.Context(), l.PracticeID, id)
		if err != nil {
			return err
		}
		view.Assign = &d
	}
	return web.Render(c, http.StatusOK, couplesPage, view)
}

// caseloadLines adds the current step and pending items to each couple of a list.
func (s *Server) caseloadLines(c *gin.Context, list []couples.Listed) ([]caseloadLine, error) {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	ids := make([]string, len(list))
	for i, couple := range list {
		ids[i] = couple.ID
	}
	states, err := s.Sessions.CaseloadStates(ctx, l.PracticeID, ids, s.Now())
	if err != nil {
		return nil, err
	}
	unread, err := s.Worksheets.Unread(ctx, l.PracticeID, l.CounselorID, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]caseloadLine, len(list))
	for i, couple := range list {
		state := states[couple.ID]
		step, _ := s.Sessions.Method().Step(state.Step)
		lines[i] = caseloadLine{
			Listed: couple, Shown: web.NamesOf(c, couple.RecordNo, couple.Names()), Step: step.Title,
			Running: state.Running, Unsigned: state.Unsigned,
			Unread: unread[couple.ID],
		}
		if state.Next != nil {
			lines[i].Next = web.Moment(*state.Next, l.Zone())
		}
	}
	return lines, nil
}

// searched returns the search that the query asks for.
func searched(c *gin.Context) couples.Search {
	return couples.Search{Words: c.Query("find"), After: storableText(c.Query("after"))}
}
