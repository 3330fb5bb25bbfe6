package staff

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/spreadsheet"
)

// A statement is the billing statement of one partner: the sessions in a period that they attended,
// and nothing about the other partner.
type statement struct {
	Couple  couples.Couple
	Partner couples.Partner
	Billing couples.Billing
	From    time.Time // the first day
	To      time.Time // the last day
	Rows    []statementRow
}

type statementRow struct{ Date, Day, Minutes, Place string } // Day is formatted as YYYY-MM-DD

// statementView holds the page on which a statement is reviewed.
type statementView struct {
	web.Base
	Statement statement
	From, To  string // formatted for a date input
	Form      billingForm
	Problems  fault.Fields
}

var statementPage = web.NewPage[statementView]("staff/partners/statement.html")

type billingForm struct {
	Diagnosis string `form:"diagnosis"`
	Code      string `form:"code"`
	Fee       string `form:"fee"`
	Base      int    `form:"base"`
	Do        string `form:"do"` // "clear" deletes the details
}

// statement returns the statement that the path and query ask for, by default for the current
// month.
func (s *Server) statement(c *gin.Context) (statement, error) {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return statement{}, err
	}
	now := s.Now().In(zone)
	st := statement{Couple: couple, Partner: p}
	st.From = dayOr(c.Query("from"), zone, time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone))
	st.To = dayOr(c.Query("to"), zone, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone))
	if st.Billing, err = s.Couples.Billing(ctx, couple, p); err != nil {
		return st, err
	}
	held, err := s.Sessions.Held(ctx, couple, st.From, st.To.AddDate(0, 0, 1))
	if err != nil {
		return st, err
	}
	for _, h := range held {
		minutes := int(math.Round(h.Times.With(p.Side).Minutes()))
		if minutes == 0 {
			continue // the other partner came alone; this one is not billed and must not read it
		}
		day := h.When().In(zone)
		st.Rows = append(st.Rows, statementRow{
			day.Format("January 2, 2006"), day.Format(time.DateOnly), strconv.Itoa(minutes), h.Modality(),
		})
	}
	return st, nil
}

// dayOr parses the value of a date input, or returns or if it is not a date.
func dayOr(text string, zone *time.Location, or time.Time) time.Time {
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day
	}
	return or
}

func (s *Server) showStatement(c *gin.Context) error {
	st, err := s.statement(c)
	if err != nil {
		return err
	}
	return s.drawStatement(c, http.StatusOK, st, nil, nil)
}

func (s *Server) drawStatement(c *gin.Context, status int, st statement, typed *billingForm,
	problems fault.Fields,
) error {
	from, to := st.From.Format(time.DateOnly), st.To.Format(time.DateOnly)
	view := statementView{
		Base: web.PageBase(c, "Billing statement"), Statement: st, From: from, To: to,
		Form:     billingForm{Diagnosis: st.Billing.Diagnosis, Code: st.Billing.Code, Fee: st.Billing.Fee},
		Problems: problems,
	}
	if typed != nil {
		view.Form = *typed
	}
	view.Form.Base = st.Billing.Revision
	return web.Render(c, status, statementPage, view)
}

// saveBilling stores the partner's billing details as the identified client, or deletes them.
func (s *Server) saveBilling(c *gin.Context) error {
	st, err := s.statement(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[billingForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if form.Do == "clear" {
		err = s.Couples.ClearBilling(ctx, st.Couple, st.Partner)
	} else {
		err = s.Couples.SaveBilling(ctx, st.Couple, st.Partner, couples.Billing{
			Diagnosis: form.Diagnosis, Code: form.Code, Fee: form.Fee, Revision: form.Base,
		})
	}
	if status, problems := formProblems(err); problems != nil {
		return s.drawStatement(c, status, st, &form, problems)
	}
	if err != nil {
		return err
	}
	days := url.Values{"from": {st.From.Format(time.DateOnly)}, "to": {st.To.Format(time.DateOnly)}}
	return web.Redirect(c, "/partners/"+st.Partner.ID+"/statement?"+days.Encode(), "saved")
}

// statementColumns holds the column headings of the statement's table.
var statementColumns = []string{"Date", "Minutes", "Place", "Code", "Fee"}

// cells returns the rows of the statement's table.
func (st statement) cells() [][]string {
	var rows [][]string
	for _, r := range st.Rows {
		rows = append(rows, []string{r.Date, r.Minutes, r.Place, st.Billing.Code, st.Billing.Fee})
	}
	return rows
}

func (s *Server) printStatement(c *gin.Context) error {
	st, err := s.statement(c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	practice, counselor, err := s.Accounts.PracticeAndCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	period := st.From.Format("January 2, 2006") + " to " + st.To.Format("January 2, 2006")
	return web.Download(c, "statement.pdf", pdf.Sheet{
		Title: "Billing statement", Letterhead: practice.Lines(), Letter: practice.Paper == "Letter", Made: st.To,
		Blocks: []pdf.Block{
			pdf.Field{Label: "Client", Value: st.Partner.Name, Compact: true},
			pdf.Field{Label: "Diagnosis", Value: st.Billing.Diagnosis, Compact: true},
			pdf.Field{Label: "Clinician", Value: counselor.Signature(), Compact: true},
			pdf.Field{Label: "Period", Value: period, Compact: true},
			pdf.Table{Columns: statementColumns, Rows: st.cells()},
			pdf.Paragraph{Text: "This is not a claim or a receipt.", Muted: true},
		},
	})
}

func (s *Server) downloadStatement(c *gin.Context) error {
	st, err := s.statement(c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	_, counselor, err := s.Accounts.PracticeAndCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	rows := [][]string{append([]string{"Client", "Diagnosis", "Clinician"}, statementColumns...)}
	for i, row := range st.cells() {
		row[0] = st.Rows[i].Day
		rows = append(rows, append([]string{st.Partner.Name, st.Billing.Diagnosis, counselor.Signature()}, row...))
	}
	file, err := spreadsheet.CSV(rows)
	if err != nil {
		return err
	}
	return web.HandOut(c, "statement.csv", "text/csv; charset=utf-8", file)
}
