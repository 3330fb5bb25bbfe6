package handlers

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/vault"
	"mend/sessions"
)

type couplesView struct {
	base
	Search string
	List   couples.Listing
}

var couplesPage = page[couplesView]("couples/list.html")

func (s *server) listCouples(c *gin.Context) error {
	l, search := login(c), c.Query("find")
	list, err := s.Couples.Caseload(c.Request.Context(), l.PracticeID, l.CounselorID, searched(c))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, couplesPage, couplesView{pageBase(c, "Couples"), search, list})
}

// searched is what a list of couples is asked for.
func searched(c *gin.Context) couples.Search {
	return couples.Search{Words: c.Query("find"), After: plain(c.Query("after"))}
}

// A coupleForm is a couple as typed. Breaches that were left empty are not
// given.
type coupleForm struct {
	Key    string   `form:"key"`
	AName  string   `form:"a_name"`
	AAs    string   `form:"a_address_as"`
	AReach string   `form:"a_reach"`
	BName  string   `form:"b_name"`
	BAs    string   `form:"b_address_as"`
	BReach string   `form:"b_reach"`
	Name0  string   `form:"breach.0.name"`
	Broke0 string   `form:"breach.0.broke"`
	Kinds0 []string `form:"breach.0.kinds"`
	Name1  string   `form:"breach.1.name"`
	Broke1 string   `form:"breach.1.broke"`
	Kinds1 []string `form:"breach.1.kinds"`
	Name2  string   `form:"breach.2.name"`
	Broke2 string   `form:"breach.2.broke"`
	Kinds2 []string `form:"breach.2.kinds"`
	Policy string   `form:"policy"`
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

func (f coupleForm) partners() [2]couples.Partner {
	return [2]couples.Partner{named(f.AName, f.AAs, f.AReach), named(f.BName, f.BAs, f.BReach)}
}

// named is a partner as typed; somebody without a short name is called by the
// first part of the full one.
func named(name, as, reach string) couples.Partner {
	p := couples.Partner{Name: strings.TrimSpace(name), AddressAs: strings.TrimSpace(as), Reach: strings.TrimSpace(reach)}
	if p.AddressAs == "" && p.Name != "" {
		p.AddressAs = strings.Fields(p.Name)[0]
	}
	return p
}

type coupleFormView struct {
	base
	Form     coupleForm
	Variants []couples.Variant
	Breaches []breachFields
	Problems fault.Fields
}

// breachFields is the part of the form for one breach.
type breachFields struct {
	Prefix, Name, Broke string
	Kinds               []tick
	Problems            map[string]string
}

type tick struct {
	Value, Label string
	On           bool
}

var coupleFormPage = page[coupleFormView]("couples/new.html")

func (s *server) newCouple(c *gin.Context) error {
	return s.askCouple(c, http.StatusOK, coupleForm{Key: rand.Text()}, nil)
}

func (s *server) askCouple(c *gin.Context, status int, f coupleForm, problems fault.Fields) error {
	f.Policy = cmp.Or(f.Policy, couples.DefaultVariant)
	view := coupleFormView{
		base: pageBase(c, "New couple"), Form: f,
		Variants: couples.Policies().Variants, Problems: problems,
	}
	typed := []breachFields{
		{Name: f.Name0, Broke: f.Broke0, Kinds: s.kinds(f.Kinds0)},
		{Name: f.Name1, Broke: f.Broke1, Kinds: s.kinds(f.Kinds1)},
		{Name: f.Name2, Broke: f.Broke2, Kinds: s.kinds(f.Kinds2)},
	}
	for i, b := range typed {
		b.Prefix, b.Problems = fmt.Sprintf("breach.%d.", i), map[string]string{}
		for _, part := range []string{"name", "broke", "kinds"} {
			b.Problems[part] = problems[b.Prefix+part]
		}
		view.Breaches = append(view.Breaches, b)
	}
	return render(c, status, coupleFormPage, view)
}

// kinds are the kinds of breach as tick boxes.
func (s *server) kinds(on []string) []tick {
	var ticks []tick
	for _, o := range s.Worksheets.Catalogue().BreachKinds() {
		ticks = append(ticks, tick{o.Value, o.Label, slices.Contains(on, o.Value)})
	}
	return ticks
}

func (s *server) createCouple(c *gin.Context) error {
	form, err := bind[coupleForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	couple := couples.Couple{
		PracticeID: l.PracticeID, CounselorID: l.CounselorID, FormKey: form.Key, CreatedAt: s.Now(),
		Partners: form.partners(), Breaches: form.breaches(),
		Policies: []couples.Policy{{Variant: couples.Variant{ID: form.Policy}}},
	}
	err = s.Couples.Create(c.Request.Context(), &couple)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askCouple(c, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/couples/"+couple.ID, "saved")
}

type coupleView struct {
	base
	Couple     couples.Couple
	Steps      []stepLine
	Last       *sessionLine
	Next       *sessionLine
	Notes      []sessionLine
	Homework   []homeworkLine
	People     []personLine
	Breaches   []breachLine
	Variants   []couples.Variant // of the privacy policy
	Kinds      []tick
	Key        string
	Unreviewed bool   // an invitation waits for the crisis lines to be confirmed
	Code       string // of an invitation just made, shown once
	CodeFor    string
	QR         qrCode
	Problems   fault.Fields
	Typed      string
	Facing     bool // a session runs, so the couple may be looking
}

// A stepLine is a step on the couple's map.
type stepLine struct {
	ID, Number, Name, Title, State, Label string
	Parallel                              bool // open from the start, beside all others
}

type personLine struct {
	couples.Partner
	Joined bool
	SignIn string // what they sign in with
}

type breachLine struct{ Name, Who, Kinds string }

var couplePage = page[coupleView]("couples/show.html")

func (s *server) showCouple(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	view, err := s.coupleView(c, couple)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, couplePage, view)
}

func (s *server) coupleView(c *gin.Context, couple couples.Couple) (coupleView, error) {
	ctx, l := c.Request.Context(), login(c)
	view := coupleView{
		base: pageBase(c, couple.Names()), Couple: couple, Kinds: s.kinds(nil),
		Variants: couples.Policies().Variants, Key: rand.Text(),
	}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return view, err
	}
	view.Steps = s.stepLines(standings)
	listed, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return view, err
	}
	s.placeSessions(&view, listed)
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	if err != nil {
		return view, err
	}
	view.Homework = openFirst(s.homeworkLines(c, pages, couple), 8)
	for _, p := range couple.Partners {
		line, err := s.personLine(c, couple, p)
		if err != nil {
			return view, err
		}
		view.People = append(view.People, line)
	}
	if _, view.Facing, err = s.Sessions.Presenting(ctx, l.PracticeID, l.CounselorID); err != nil {
		return view, err
	}
	view.Breaches = s.breachLines(couple)
	return view, nil
}

func (s *server) personLine(c *gin.Context, couple couples.Couple, p couples.Partner) (personLine, error) {
	name, joined, err := s.Accounts.SignInName(c.Request.Context(), couple.Reader, couple.ID, vault.Side(p.Side), p.ID)
	return personLine{p, joined, name}, err
}

func (s *server) stepLines(standings map[string]sessions.Standing) []stepLine {
	var lines []stepLine
	for _, step := range s.Sessions.Method().Steps {
		standing := standings[step.ID]
		label := standing.State.Label()
		if step.Parallel && standing.State == sessions.NotBegun {
			label = "Open from the start"
		}
		lines = append(lines,
			stepLine{step.ID, stepNumber(step), stepName(step), step.Title, string(standing.State), label, step.Parallel})
	}
	return lines
}

// stepNumber is the step's number on the map; intake and closing have none.
func stepNumber(step sessions.Step) string {
	if step.MethodName == "" {
		return ""
	}
	return fmt.Sprint(step.Number)
}

// stepName is the step as a counselor knows it.
func stepName(step sessions.Step) string {
	if step.MethodName == "" {
		return step.Title
	}
	return step.MethodName
}

// placeSessions finds the last and the next session and the notes that wait.
func (s *server) placeSessions(view *coupleView, listed []sessions.Listed) {
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

func (s *server) breachLines(couple couples.Couple) []breachLine {
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
