package staff

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/vault"
	"mend/sessions"
)

// A coupleForm is a couple as typed. Empty breaches are left out.
type coupleForm struct {
	A      couples.Partner `form:"-"`
	B      couples.Partner `form:"-"`
	Key    string          `form:"key"`
	Name0  string          `form:"breach.0.name"`
	Broke0 string          `form:"breach.0.broke"`
	Kinds0 []string        `form:"breach.0.kinds"`
	Name1  string          `form:"breach.1.name"`
	Broke1 string          `form:"breach.1.broke"`
	Kinds1 []string        `form:"breach.1.kinds"`
	Name2  string          `form:"breach.2.name"`
	Broke2 string          `form:"breach.2.broke"`
	Kinds2 []string        `form:"breach.2.kinds"`
	Policy string          `form:"policy"`
}

func (f coupleForm) breaches() []couples.Breach {
	all := []couples.Breach{
		breach(f.Name0, f.Broke0, f.Kinds0), breach(f.Name1, f.Broke1, f.Kinds1),
		breach(f.Name2, f.Broke2, f.Kinds2),
	}
	empty := func(b couples.Breach) bool { return b.Name == "" && b.Broke == "" && b.KindList == "" }
	return append(all[:1], slices.DeleteFunc(all[1:], empty)...)
}

func breach(name, broke string, kinds []string) couples.Breach {
	return couples.Breach{Name: strings.TrimSpace(name), Broke: couples.Side(broke), KindList: strings.Join(kinds, " ")}
}

// readCouple reads a couple's form, in which each partner's fields have a one-letter prefix.
func readCouple(c *gin.Context) (coupleForm, error) {
	var a, b couples.Partner
	err := errors.Join(readPartner(c, "a_", &a), readPartner(c, "b_", &b))
	if err != nil {
		return coupleForm{}, err
	}
	form, err := web.Bind[coupleForm](c)
	form.A, form.B = a, b
	return form, err
}

// readPartner reads the fields with the given prefix into p.
func readPartner(c *gin.Context, prefix string, p *couples.Partner) error {
	for name, value := range p.Fields() {
		typed, err := web.TakeField(c, prefix+name)
		if err != nil {
			return err
		}
		*value = strings.TrimSpace(typed)
	}
	return nil
}

// withPreferredName sets a missing preferred name to the first word of the full name.
func withPreferredName(p couples.Partner) couples.Partner {
	if p.AddressAs == "" && p.Name != "" {
		p.AddressAs = strings.Fields(p.Name)[0]
	}
	return p
}

type coupleFormView struct {
	web.Base
	Form     coupleForm
	Variants []couples.Variant
	Breaches []breachFields
	Problems fault.Fields
}

// breachFields holds the form fields of one breach.
type breachFields struct {
	Prefix, Name, Broke string
	Kinds               []tick
	Problems            fault.Fields
}

type tick struct {
	Value, Label string
	On           bool
}

var coupleFormPage = web.NewPage[coupleFormView]("staff/couples/new.html")

func (s *Server) newCouple(c *gin.Context) error {
	return s.askCouple(c, http.StatusOK, coupleForm{Key: rand.Text()}, nil)
}

func (s *Server) askCouple(c *gin.Context, status int, f coupleForm, problems fault.Fields) error {
	f.Policy = cmp.Or(f.Policy, couples.DefaultVariant)
	view := coupleFormView{
		Base: web.PageBase(c, "New couple"), Form: f,
		Variants: couples.Policies().Variants, Problems: problems,
	}
	typed := []breachFields{
		{Name: f.Name0, Broke: f.Broke0, Kinds: s.kinds(f.Kinds0)},
		{Name: f.Name1, Broke: f.Broke1, Kinds: s.kinds(f.Kinds1)},
		{Name: f.Name2, Broke: f.Broke2, Kinds: s.kinds(f.Kinds2)},
	}
	for i, b := range typed {
		b.Prefix, b.Problems = fmt.Sprintf("breach.%d.", i), fault.Fields{}
		for _, part := range []string{"name", "broke", "kinds"} {
			b.Problems[part] = problems[b.Prefix+part]
		}
		view.Breaches = append(view.Breaches, b)
	}
	return web.Render(c, status, coupleFormPage, view)
}

// kinds returns the kinds of breach as checkboxes.
func (s *Server) kinds(on []string) []tick {
	var ticks []tick
	for _, o := range s.Worksheets.Catalogue().BreachKinds() {
		ticks = append(ticks, tick{o.Value, o.Label, slices.Contains(on, o.Value)})
	}
	return ticks
}

func (s *Server) createCouple(c *gin.Context) error {
	form, err := readCouple(c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	couple := couples.Couple{
		PracticeID: l.PracticeID, CounselorID: l.CounselorID, FormKey: form.Key, CreatedAt: s.Now(),
		Partners: [2]couples.Partner{withPreferredName(form.A), withPreferredName(form.B)}, Breaches: form.breaches(),
		Policies: []couples.Policy{{Variant: couples.Variant{ID: form.Policy}}},
	}
	err = s.Couples.Create(c.Request.Context(), &couple)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askCouple(c, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID, "saved")
}

type coupleView struct {
	web.Base
	Couple     couples.Couple
	Steps      []web.StepLine
	Last       *sessionLine
	Next       *sessionLine
	Coming     *sessionLine // the next appointment, if no session is planned for it yet
	Notes      []sessionLine
	Homework   []homeworkLine
	People     []personLine
	Breaches   []breachLine
	Variants   []couples.Variant // variants of the privacy policy
	Kinds      []tick
	Key        string
	Unreviewed bool            // invitations have to wait until the crisis lines are confirmed
	Invitation *invitationView // just created, shown once
	Problems   fault.Fields
	Typed      string
	Facing     bool // a session is running, so the couple may see the screen
	Closed     bool // the work with the couple has ended
	Paused     bool // sharing is paused, and the couple cannot see the screen
}

// An invitationView is a partner's invitation code with what they need to use it.
type invitationView struct {
	For, Code, Address, Expires string
	Opens                       string // for an account in use: when the code works without a proof
	QR                          web.QrCode
}

type personLine struct {
	couples.Partner
	Joined bool
	State  string // of the partner's account
	SignIn string // the username
	Last   string // the id of the partner's latest invitation
	Waits  bool   // its code can still be used
}

type breachLine struct{ Name, Who, Kinds string }

// CouplePage is the page of a couple.
var CouplePage = web.NewPage[coupleView]("staff/couples/show.html")

func (s *Server) showCouple(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	view, err := s.CoupleView(c, couple)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, CouplePage, view)
}

// CoupleView loads what a couple's page shows.
func (s *Server) CoupleView(c *gin.Context, couple couples.Couple) (coupleView, error) {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	view := coupleView{
		Base: web.PageBase(c, couple.Names()), Couple: couple, Kinds: s.kinds(nil),
		Variants: couples.Policies().Variants, Key: rand.Text(),
	}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return view, err
	}
	view.Steps = s.StepLines(standings)
	listed, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return view, err
	}
	s.placeSessions(&view, listed)
	if view.Coming, err = s.nextUnplanned(c, couple); err != nil {
		return view, err
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	if err != nil {
		return view, err
	}
	view.Homework = openFirst(s.homeworkLines(c, pages, couple), 8)
	if view.People, err = s.personLines(c, couple); err != nil {
		return view, err
	}
	if _, view.Facing, err = s.Sessions.Presenting(ctx, l.PracticeID, l.CounselorID); err != nil {
		return view, err
	}
	view.Breaches = s.breachLines(couple)
	closings, err := s.Couples.Closings(ctx, couple)
	if err != nil {
		return view, err
	}
	view.Closed = couples.IsClosed(closings)
	setbacks, err := s.Couples.Setbacks(ctx, couple)
	view.Paused = couples.IsPaused(setbacks) && !view.Facing
	return view, err
}

// personLines returns both partners with the state of their accounts.
func (s *Server) personLines(c *gin.Context, couple couples.Couple) ([]personLine, error) {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	invited, err := s.Accounts.LastInvitations(ctx, couple.PracticeID,
		[]string{couple.Partners[0].ID, couple.Partners[1].ID})
	if err != nil {
		return nil, err
	}
	var lines []personLine
	for _, p := range couple.Partners {
		line := personLine{Partner: p, State: "Not invited yet"}
		line.SignIn, line.Joined, err = s.Accounts.SignInName(ctx, couple.Reader, couple.ID, vault.Side(p.Side), p.ID)
		if err != nil {
			return nil, err
		}
		code, known := invited[p.ID]
		line.Last, line.Waits = code.ID, known && code.Waits(s.Now())
		switch {
		case line.Waits && line.Joined:
			line.State = "Account active · new code expires " + expiryText(code.ExpiresAt, zone)
		case line.Joined:
			line.State = "Account active"
		case line.Waits:
			line.State = "Invited, expires " + expiryText(code.ExpiresAt, zone)
		case known:
			line.State = "Invitation expired"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// expiryText formats when a code expires; codes are valid for a few days.
func expiryText(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("Monday, 3:04 PM")
}

// placeSessions finds the last and next sessions and the unsigned notes.
func (s *Server) placeSessions(view *coupleView, listed []sessions.Listed) {
	for _, l := range listed { // newest first
		line := s.sessionLine(l, view.Login.Zone())
		switch {
		case l.State != sessions.Ended:
			view.Next = &line
		case view.Last == nil:
			view.Last = &line
		}
		if l.Note == "draft" {
			view.Notes = append(view.Notes, line)
		}
	}
}

func (s *Server) breachLines(couple couples.Couple) []breachLine {
	labels := map[string]string{}
	for _, o := range s.Worksheets.Catalogue().BreachKinds() {
		labels[o.Value] = o.Label
	}
	var lines []breachLine
	for _, b := range couple.Breaches {
		var kinds []string
		for _, k := range b.Kinds() {
			kinds = append(kinds, labels[k])
		}
		lines = append(lines,
			breachLine{b.Name, couple.Partner(b.Broke).AddressAs + " broke trust", strings.Join(kinds, "; ")})
	}
	return lines
}
