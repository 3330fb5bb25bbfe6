package homework

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/treatment"
	"mend/handlers/web"
	"mend/internal/pdf"
)

// PlanBlocks returns a treatment plan in the reader's language.
func (s *Server) PlanBlocks(c *gin.Context, plan treatment.Plan) []pdf.Block {
	return plan.Blocks(web.Speaks(c), s.termNames(c))
}

// termNames returns a function that names a step or intervention of a plan in the reader's
// language. One that the method has since renamed keeps the name stored in the plan.
func (s *Server) termNames(c *gin.Context) func(treatment.Term) string {
	method, in := s.Sessions.Method(), web.Speaks(c)
	return func(t treatment.Term) string { return method.TermIn(in, t) }
}

// DownloadPlan sends a treatment plan as a PDF; paper holds the fields that depend on its reader.
func (s *Server) DownloadPlan(c *gin.Context, couple couples.Couple, plan treatment.Plan, paper treatment.PrintSetup,
) error {
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
