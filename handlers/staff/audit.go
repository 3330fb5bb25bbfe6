package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/fault"
)

// inspection describes the last integrity check in a sentence.
func (s *Server) inspection(zone *time.Location) (words string, isWhole bool) {
	if s.LastInspection == nil || s.LastInspection() == nil {
		return "", true
	}
	last := s.LastInspection()
	if last.Findings > 0 {
		return fmt.Sprintf("Checked %s: %d problems found. Please contact your administrator; the server log lists them.",
			web.Moment(last.At, zone), last.Findings), false
	}
	return fmt.Sprintf("Checked %s: the log is complete, and everything signed, sent or decided is unchanged.",
		web.Moment(last.At, zone)), true
}

// auditView is the log of the practice, for its owner.
type auditView struct {
	web.Base
	Check   string // the result of the last integrity check
	IsWhole bool
	Lines   []web.AuditLine
	People  []accounts.Counselor
	Actions []audit.Action
	From    string
	Until   string
	Person  string
	Action  string
	Record  string // a record number, as typed
	Next    int64  // continue before this entry number; 0 on the last page
}

// EarlierPath returns the address of the next older entries under the same filter.
func (v auditView) EarlierPath() string {
	return "/audit?" + url.Values{
		"from": {v.From}, "until": {v.Until}, "person": {v.Person}, "action": {v.Action},
		"record": {v.Record}, "before": {strconv.FormatInt(v.Next, 10)},
	}.Encode()
}

var auditPage = web.NewPage[auditView]("staff/audit/list.html")

const auditLines = 100

// showAudit shows the log, filtered by time, person and action. Only owners can open it.
func (s *Server) showAudit(c *gin.Context) error {
	l := web.LoginOf(c)
	if l.Role != accounts.Owner {
		return fault.NotFound
	}
	view := auditView{
		Base: web.PageBase(c, "Who did what"), Actions: web.AuditActions,
		From: c.Query("from"), Until: c.Query("until"),
		Person: storableText(c.Query("person")), Action: storableText(c.Query("action")),
		Record: storableText(c.Query("record")),
	}
	view.Check, view.IsWhole = s.inspection(l.Zone())
	filter := audit.Filter{Person: view.Person, Action: audit.Action(view.Action), Limit: auditLines + 1}
	filter.Before, _ = strconv.ParseInt(c.Query("before"), 10, 64)
	if day, err := time.ParseInLocation(time.DateOnly, view.From, l.Zone()); err == nil {
		filter.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, view.Until, l.Zone()); err == nil {
		filter.Until = day.AddDate(0, 0, 1)
	}
	if err := s.Audit.WriteRefusals(c.Request.Context()); err != nil { // so that the list includes counted refusals
		return err
	}
	entries, err := s.auditEntries(c.Request.Context(), l.PracticeID, view.Record, filter)
	if err != nil {
		return err
	}
	if view.People, err = s.Accounts.Names(c.Request.Context(), l.PracticeID); err != nil {
		return err
	}
	if len(entries) > auditLines {
		entries = entries[:auditLines]
		view.Next = entries[auditLines-1].Seq
	}
	numbers, err := s.Couples.RecordNos(c.Request.Context(), l.PracticeID, couplesOf(entries))
	if err != nil {
		return err
	}
	for _, e := range entries {
		line := web.LineOf(e, view.People, l.Zone())
		line.Record = numbers[e.Couple]
		view.Lines = append(view.Lines, line)
	}
	return web.Render(c, http.StatusOK, auditPage, view)
}

// auditEntries returns the entries of a filter and, unless record is empty, of the couple with that
// record number.
func (s *Server) auditEntries(ctx context.Context, practice, record string, filter audit.Filter) (
	[]audit.Entry, error,
) {
	if strings.TrimSpace(record) != "" {
		couple, err := s.Couples.IDOfRecord(ctx, practice, record)
		if errors.Is(err, fault.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		filter.Couple = couple
	}
	return s.Audit.Entries(ctx, practice, filter)
}

// couplesOf returns the couples that entries concern, each once.
func couplesOf(entries []audit.Entry) (ids []string) {
	for _, e := range entries {
		if e.Couple != "" && !slices.Contains(ids, e.Couple) {
			ids = append(ids, e.Couple)
		}
	}
	return ids
}

// storableText removes characters that no id contains and a database would reject.
func storableText(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }
