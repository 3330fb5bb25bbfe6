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

// promisesShown is how far back marks are loaded and counted.
const promisesShown = 12 * 7 * 24 * time.Hour

// marksAtOnce is the number of days shown per promise; earlier ones are collapsed.
const marksAtOnce = 5

// PromiseForm is a promise as typed.
type PromiseForm struct {
	Maker string `form:"maker"` // in the counselor's form only
	Room  string `form:"room"`
	What  string `form:"what"`
	Often string `form:"often"`
	IfNot string `form:"if_not"`
	Key   string `form:"key"`
}

// MarkForm is a mark as typed.
type MarkForm struct {
	ID     string `form:"-"` // of the promise
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
	Waiting  []promiseLine // proposed and not yet open to both
	Often    []worksheets.Option
	Differ   []DifferenceLine // only the counselor sees these
	Today    string
	Earliest string
	Key      string
	Typed    PromiseForm
	Marked   MarkForm // a mark as typed, if it has a problem
	Problems fault.Fields
	Closed   bool // the partners are separating
}

// A makerView holds the promises of one partner.
type makerView struct {
	Name    string
	Side    couples.Side
	Mine    bool
	Through promises.FollowThrough
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
	Mine   bool   // the reader made it
	Answer string // the reader's own answer

	Answers []string // each partner's answer in a sentence, for the counselor
	Marks   []markLine
	Before  []markLine // the marks of earlier days
}

// A markLine is how the maker marked a day, with the reader's own view of it.
type markLine struct {
	Day, When   string
	Result      i18n.Message
	Note        string
	Seen        i18n.Message // how the reader saw the other's promise that day
	ByTheReader bool
}

// A DifferenceLine is a day that the partners marked differently.
type DifferenceLine struct {
	What, Day, Note string
	Own, Other      i18n.Message
}

// A goldDay is the position of a kept day on the twelve-week line.
type goldDay struct{ X int }

var answerWords = map[string]string{
	"yes": "agreed freely.", "talk": "would like to talk it over with you first.",
	"": "has not said yet.",
}

// ResultWords maps the result of a day to the message that describes it.
var ResultWords = map[string]i18n.Message{
	"kept": "promise.result.kept", "partly-kept": "promise.result.partly_kept", "not-kept": "promise.result.not_kept",
	"changed-together-beforehand": "promise.result.changed_beforehand", promises.SameView: "promise.saw_it_so",
}

// ReadPromises returns the promises of a couple that its reader may see.
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
	if view.Closed, err = s.Promises.Closed(c.Request.Context(), couple); err != nil {
		return view, nil, err
	}
	for _, partner := range couple.Partners {
		m := makerView{
			Name: partner.AddressAs, Side: partner.Side,
			Mine:    string(partner.Side) == string(couple.Reader.Side()),
			Through: promises.FollowThroughOf(list, partner.Side, web.Speaks(c)),
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
	if len(view.Makers) == 2 && view.Makers[1].Mine { // the reader's own come first
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

// DayInWords formats a day given as 2006-01-02 with its weekday.
func DayInWords(c *gin.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, at, "date.weekday")
}

// goldLine returns the positions, on a line of twelve weeks, of the days on which a promise was
// kept. Other days are not marked.
func goldLine(kept []string, today time.Time) []goldDay {
	var line []goldDay
	last := -1
	for _, day := range kept {
		at, err := time.Parse(time.DateOnly, day)
		x := 84 - int(promises.DateOf(today).Sub(at).Hours()/24)
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
