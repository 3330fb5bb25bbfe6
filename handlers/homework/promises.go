package homework

import (
	"crypto/rand"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// promisesShown is how far back marks are read and counted.
const promisesShown = 12 * 7 * 24 * time.Hour

// marksAtOnce is how many days of a promise are shown before those that fold.
const marksAtOnce = 5

// PromiseForm is a promise as typed.
type PromiseForm struct {
	Maker string `form:"maker"` // of the counselor's form alone
	Room  string `form:"room"`
	What  string `form:"what"`
	Often string `form:"often"`
	IfNot string `form:"if_not"`
	Key   string `form:"key"`
}

// MarkForm is a mark as typed; its promise is in the path.
type MarkForm struct {
	Day    string `form:"day"`
	Result string `form:"result"`
	Note   string `form:"note"`
}

// PromisesView is the list of promises, for a partner or the counselor.
type PromisesView struct {
	web.Base
	Couple   couples.Couple
	Path     string
	Makers   []makerView
	Waiting  []promiseLine // proposed, and not open to both yet
	Often    []worksheets.Option
	Differ   []DifferenceLine // for the counselor alone
	Today    string
	Earliest string
	Key      string
	Typed    PromiseForm
	Problems fault.Fields
}

// A makerView is the promises of one partner.
type makerView struct {
	Name    string
	Side    couples.Side
	Mine    bool
	Through promises.Through
	Gold    []goldDay
	Lines   []promiseLine
	Ended   []promiseLine
}

// A promiseLine is one promise as its reader sees it.
type promiseLine struct {
	promises.Promise
	Maker  string
	By     string // who proposed it
	Often  string
	Mine   bool   // whether the reader made it
	Answer string // the reader's own

	Answers []string // of both, in words, for the counselor
	Marks   []markLine
	Before  []markLine // those of earlier days
}

// A markLine is a day as its maker marked it, with what the reader saw.
type markLine struct {
	Day, When   string
	Result      i18n.Message
	Note        string
	Seen        i18n.Message // the reader's own view of the other's promise
	ByTheReader bool
}

// A DifferenceLine is a day that both partners remember differently.
type DifferenceLine struct {
	What, Day, Note string
	Own, Other      i18n.Message
}

// A goldDay is a place on the line of what was kept.
type goldDay struct{ X int }

var answerWords = map[string]string{
	"yes": "agreed freely.", "talk": "would like to talk it over with you first.",
	"": "has not said yet.",
}

// ResultWords say how a day of a promise went.
var ResultWords = map[string]i18n.Message{
	"kept": "promise.result.kept", "partly-kept": "promise.result.partly_kept", "not-kept": "promise.result.not_kept",
	"changed-together-beforehand": "promise.result.changed_beforehand", promises.SameView: "promise.saw_it_so",
}

// ReadPromises returns the list as the reader of couple may see it.
func (s *Server) ReadPromises(c *gin.Context, couple couples.Couple,
	path string,
) (PromisesView, []promises.Promise, error) {
	now := s.Now().In(web.LoginOf(c).Zone())
	view := PromisesView{
		Base: web.PageBase(c, "promise.title"), Couple: couple, Path: path,
		Often: s.Worksheets.Catalogue().OftenOptions(web.Speaks(c)),
		Key:   rand.Text(),
		Today: now.Format(time.DateOnly), Earliest: now.AddDate(0, 0, -31).Format(time.DateOnly),
	}
	list, err := s.Promises.List(c.Request.Context(), couple, now.Add(-promisesShown))
	if err != nil {
		return view, nil, err
	}
	for _, partner := range couple.Partners {
		m := makerView{
			Name: partner.AddressAs, Side: partner.Side,
			Mine:    string(partner.Side) == string(couple.Reader.Side()),
			Through: promises.FollowedThrough(list, partner.Side, web.Speaks(c)),
		}
		m.Gold = goldLine(m.Through.Kept, now)
		for _, p := range list {
			line := s.promiseLine(c, p, couple)
			switch {
			case p.Maker != partner.Side:
			case p.EndedAt != nil:
				m.Ended = append(m.Ended, line)
			case p.OpenedAt == nil:
				view.Waiting = append(view.Waiting, line)
			default:
				m.Lines = append(m.Lines, line)
			}
		}
		view.Makers = append(view.Makers, m)
	}
	if len(view.Makers) == 2 && view.Makers[1].Mine { // one's own come first
		view.Makers[0], view.Makers[1] = view.Makers[1], view.Makers[0]
	}
	return view, list, nil
}

func (s *Server) promiseLine(c *gin.Context, p promises.Promise, couple couples.Couple) promiseLine {
	reader := couples.Side(couple.Reader.Side())
	line := promiseLine{
		Promise: p, Maker: couple.Partner(p.Maker).AddressAs, Mine: p.Maker == reader,
		Answer: p.Answer(reader), By: "you",
	}
	if p.ProposedBy != "" {
		line.By = couple.Partner(p.ProposedBy).AddressAs
	}
	for _, o := range s.Worksheets.Catalogue().OftenOptions(web.Speaks(c)) {
		if o.Value == p.Words.Often {
			line.Often = o.Label
		}
	}
	if reader == "" {
		for _, partner := range couple.Partners {
			line.Answers = append(line.Answers, partner.AddressAs+" "+answerWords[p.Answer(partner.Side)])
		}
	}
	for _, m := range p.Marks {
		if m.Side != p.Maker {
			continue
		}
		mark := markLine{
			Day: m.Day, When: DayInWords(c, m.Day), Result: ResultWords[m.Result], Note: m.Note,
			ByTheReader: p.Maker == reader,
		}
		for _, seen := range p.Marks {
			if seen.Side == reader && seen.Side != p.Maker && seen.Day == m.Day {
				mark.Seen = ResultWords[seen.Result]
			}
		}
		if len(line.Marks) == marksAtOnce {
			line.Before = append(line.Before, mark)
			continue
		}
		line.Marks = append(line.Marks, mark)
	}
	return line
}

// DayInWords is a day as 2006-01-02, in words.
func DayInWords(c *gin.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, at, "date.weekday")
}

// goldLine places the days on which something was kept along twelve weeks. No
// other day leaves anything.
func goldLine(kept []string, today time.Time) []goldDay {
	var line []goldDay
	last := -1
	for _, day := range kept {
		at, err := time.Parse(time.DateOnly, day)
		x := 84 - int(today.Sub(at).Hours()/24)
		if err != nil || x == last || x < 0 {
			continue
		}
		line, last = append(line, goldDay{x}), x
	}
	return line
}

// A TurnForm changes the state of a promise.
type TurnForm struct {
	Do string `form:"do"`
}
