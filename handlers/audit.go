package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/fault"
)

// An Inspection is what was looked at and how much is wrong.
type Inspection struct {
	At       time.Time
	Findings int
	Entries  int64
	Things   int
}

// inspection is the last one in words.
func (s *server) inspection(zone *time.Location) (words string, isWhole bool) {
	if s.Inspected == nil || s.Inspected() == nil {
		return "", true
	}
	last := s.Inspected()
	if last.Findings > 0 {
		return fmt.Sprintf("Checked %s: %d things are not as they were written. Please tell whoever keeps this Mend; its "+
			"log names them.", moment(last.At, zone), last.Findings), false
	}
	return fmt.Sprintf("Checked %s: the log is whole, and everything that was signed, sent or decided is as it was "+
		"written.", moment(last.At, zone)), true
}

// auditView is the log of the practice, for its owner.
type auditView struct {
	base
	Check   string // what the last look at the database found
	IsWhole bool
	Lines   []auditLine
	People  []accounts.Counselor
	Actions []audit.Action
	From    string
	Until   string
	Person  string
	Action  string
	Next    int64 // the number to go on before, or 0
}

// EarlierPath leads to the entries before these, found by the same filter.
func (v auditView) EarlierPath() string {
	return "/audit?" + url.Values{
		"from": {v.From}, "until": {v.Until}, "person": {v.Person}, "action": {v.Action},
		"before": {strconv.FormatInt(v.Next, 10)},
	}.Encode()
}

type auditLine struct {
	Seq                                    int64
	When, Who, Action, Object, Side, Place string
}

var auditPage = page[auditView]("audit/list.html")

const auditLines = 100

var auditActions = []audit.Action{
	audit.SignedIn, audit.SignInFailed, audit.SteppedUp, audit.SignedOut, audit.Joined, audit.Invited,
	audit.PasswordSet, audit.FactorChanged,
	audit.Created, audit.Changed, audit.Opened, audit.Compared, audit.Sent, audit.Shared, audit.Signed, audit.Printed,
	audit.Held, audit.Decided, audit.Acknowledged,
	audit.Denied, audit.BrokeGlass, audit.KeysChanged, audit.Erased, audit.SettingChanged,
}

// showAudit shows the log by time, person and action. For anybody but an owner
// there is no such page.
func (s *server) showAudit(c *gin.Context) error {
	l := login(c)
	if l.Role != accounts.Owner {
		return fault.NotFound
	}
	view := auditView{
		base: pageBase(c, "Who did what"), Actions: auditActions,
		From: c.Query("from"), Until: c.Query("until"), Person: plain(c.Query("person")), Action: plain(c.Query("action")),
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
	if err := s.Audit.WriteRefusals(c.Request.Context()); err != nil { // what was counted shows
		return err
	}
	entries, err := s.Audit.Entries(c.Request.Context(), l.PracticeID, filter)
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
	for _, e := range entries {
		view.Lines = append(view.Lines, lineOf(e, view.People, l.Zone()))
	}
	return render(c, http.StatusOK, auditPage, view)
}

// plain drops what no id has and a database would refuse.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }

// lineOf is an entry in words. People in care are not named: a page of the log
// may be printed and shown.
func lineOf(e audit.Entry, people []accounts.Counselor, zone *time.Location) auditLine {
	who := cmp.Or(nameOf(people, e.Person), map[string]string{"partner": "a partner", "": "nobody signed in"}[e.Role])
	return auditLine{
		e.Seq, e.At.In(zone).Format("Jan 2, 2006, 3:04:05 PM"), who, string(e.Action) + reasonOf(e),
		e.Object, e.Side, e.Address,
	}
}

// nameOf is the name of the counselor with id, "" if there is none.
func nameOf(people []accounts.Counselor, id string) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func reasonOf(e audit.Entry) string {
	if e.Reason == "" || e.Action == audit.Signed {
		return ""
	}
	return ": " + e.Reason
}

// accessView is who opened a partner's own pages.
type accessView struct {
	base
	Codes []newCodeLine // that somebody made for the partner's sign-in
	Days  []accessDay
}

type accessDay struct {
	Day   string
	Lines []string
}

var accessPage = page[accessView]("my/access.html")

// showAccess tells a partner who opened their own pages, and nothing about the
// other.
func (s *server) showAccess(c *gin.Context) error {
	couple, me, err := s.me(c)
	if err != nil {
		return err
	}
	entries, err := s.Audit.OpenedOf(c.Request.Context(), couple.PracticeID, couple.ID, string(me.Side), 200)
	if err != nil {
		return err
	}
	people, err := s.Accounts.Counselors(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	view := accessView{base: pageBase(c, "Who opened my pages")}
	if view.Codes, err = s.newCodes(c); err != nil {
		return err
	}
	for _, e := range entries {
		at := e.At.In(view.Login.Zone())
		day, line := date(c, at, "Monday, January 2, 2006"),
			tell(c, lineOf(e, people, view.Login.Zone()).Who)+", "+date(c, at, "3:04 PM MST")
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, accessDay{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		if n := len(last.Lines); n == 0 || last.Lines[n-1] != line {
			last.Lines = append(last.Lines, line)
		}
	}
	return render(c, http.StatusOK, accessPage, view)
}
