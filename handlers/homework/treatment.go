package homework

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/treatment"
	"mend/handlers/web"
	"mend/internal/pdf"
)

// PlanBlocks are a treatment plan as whoever asks reads it.
func (s *Server) PlanBlocks(c *gin.Context, plan treatment.Plan) []pdf.Block {
	return plan.Blocks(web.Speaks(c), s.termNames(c))
}

// termNames returns what a step or an intervention of a plan is called in the language of
// whoever reads. One that the method calls otherwise by now keeps the name that it was given.
func (s *Server) termNames(c *gin.Context) func(treatment.Term) string {
	method, in := s.Sessions.Method(), web.Speaks(c)
	return func(t treatment.Term) string { return method.TermIn(in, t) }
}

// DownloadPlan hands out a treatment plan; paper says for whom.
func (s *Server) DownloadPlan(c *gin.Context, couple couples.Couple, plan treatment.Plan, paper treatment.Paper) error {
	practice, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	paper.Letterhead, paper.Letter = practice.Lines(), practice.Paper == "Letter"
	paper.Language, paper.Names = web.Speaks(c), couple.Partners[0].Name+", "+couple.Partners[1].Name
	sheet := plan.Sheet(paper, s.termNames(c))
	if sheet.Draft {
		return web.Download(c, "plan.pdf", sheet)
	}
	return s.DownloadSigned(c, "plan.pdf", sheet)
}
