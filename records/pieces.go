package records

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/worksheets"
	"mend/worksheets/fhir"
)

// A Piece is an item of the record that can be released: a note, a worksheet, a form. Its key is
// unique within the couple.
type Piece struct {
	Key   string
	Part  Part
	Title string
	At    time.Time // zero if it has no date

	sheet func(context.Context) (pdf.Sheet, error) // the printed sheet
	data  func() []byte                            // a worksheet’s answers in FHIR, after sheet was called; otherwise nil
}

// IsForm reports whether the piece is the privacy policy or another form that the partner answered.
func (p Piece) IsForm() bool {
	return strings.HasPrefix(p.Key, "form:") || strings.HasPrefix(p.Key, "policy:")
}

// A collector collects the pieces for a request about one partner, with the letterhead and time
// zone for printing.
type collector struct {
	*Store
	couple couples.Couple
	about  couples.Partner
	paper  worksheets.PrintSetup
	now    time.Time
}

// pieces returns what can be released for a request about partner p, the own part first, each part
// oldest first. It contains no drafts, no unsent pages and nothing from the other partner's own
// part.
func (st *Store) pieces(ctx context.Context, c couples.Couple, p couples.Partner, now time.Time) ([]Piece, error) {
	if err := forStaff(c); err != nil {
		return nil, err
	}
	practice, err := st.from.Accounts.FindPractice(ctx, c.PracticeID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(practice.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("practice %s: %w", practice.ID, err)
	}
	paper := worksheets.PrintSetup{Practice: practice.Lines(), Letter: practice.Paper == "Letter", Zone: zone}
	g := collector{st, c, p, paper, now}
	var list []Piece
	for _, gather := range []func(context.Context) ([]Piece, error){
		g.forms, g.policy, g.sent, g.file, g.jointPages, g.ownNotes, g.jointNotes, g.progressNotes, g.goals, g.plan,
		g.promises,
	} {
		pieces, err := gather(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, pieces...)
	}
	slices.SortStableFunc(list, func(a, b Piece) int {
		if a.Part != b.Part {
			return map[Part]int{Own: -1, Joint: 1}[a.Part]
		}
		return a.At.Compare(b.At)
	})
	return list, nil
}

// forms returns the forms that the partner answered.
func (g collector) forms(ctx context.Context) ([]Piece, error) {
	given, err := g.from.Consents.List(ctx, g.couple, g.about)
	if err != nil {
		return nil, err
	}
	var list []Piece
	for _, consent := range given {
		if len(consent.Answers) == 0 {
			continue
		}
		words, tag := consent.Read(i18n.English)
		list = append(list, drawn("form:"+consent.ID, words.Title, consent.Day(g.paper.Zone),
			words.Sheet(tag, consent.Answers, g.formPaper())))
	}
	return list, nil
}

// formPaper returns the paper for forms.
func (g collector) formPaper() consents.PrintSetup {
	return consents.PrintSetup{Letterhead: g.paper.Practice, Letter: g.paper.Letter}
}

// policy returns the privacy policy that the partner signed.
func (g collector) policy(ctx context.Context) ([]Piece, error) {
	signed, ok, err := g.from.Couples.SignedPolicy(ctx, g.couple, g.about)
	if err != nil || !ok {
		return nil, err
	}
	tag := i18n.Spanish.Tag
	if signed.Wording == couples.InEnglish {
		tag = i18n.English.Tag
	}
	answer := consents.Answer{
		Answer: consents.Signed, Name: signed.Name, Zone: g.paper.Zone.String(), AnsweredAt: signed.SignedAt,
	}
	words := consents.Wording{Title: signed.Title, Text: signed.Text}
	return []Piece{drawn("policy:"+g.about.ID, signed.Title, signed.SignedAt,
		words.Sheet(tag, []consents.Answer{answer}, g.formPaper()))}, nil
}

// drawn returns a piece of the own part with a given sheet.
func drawn(key, title string, at time.Time, sheet pdf.Sheet) Piece {
	return Piece{
		Key: key, Part: Own, Title: title, At: at,
		sheet: func(context.Context) (pdf.Sheet, error) { return sheet, nil },
	}
}

// sent returns the worksheets that the partner sent.
func (g collector) sent(ctx context.Context) ([]Piece, error) {
	var list []Piece
	before := g.now.Add(time.Minute)
	for {
		pages, err := g.from.Worksheets.MySent(ctx, g.couple, g.about, before)
		if err != nil {
			return nil, err
		}
		for _, page := range pages {
			list = append(list, g.page(page, Own, *page.SentAt))
		}
		if len(pages) < worksheets.ListedAtOnce {
			return list, nil
		}
		before = *pages[len(pages)-1].SentAt
	}
}

// file returns the counselor’s forms about the partner.
func (g collector) file(ctx context.Context) ([]Piece, error) {
	pages, err := g.from.Worksheets.File(ctx, g.couple, g.about)
	if err != nil {
		return nil, err
	}
	var list []Piece
	for _, page := range pages {
		if page.Sent() {
			list = append(list, g.page(page, Own, *page.SentAt))
		}
	}
	return list, nil
}

// jointPages returns the worksheets that both partners filled in together.
func (g collector) jointPages(ctx context.Context) ([]Piece, error) {
	pages, err := g.from.Worksheets.ForCouple(ctx, g.couple)
	if err != nil {
		return nil, err
	}
	var list []Piece
	for _, page := range pages {
		if page.IsJoint() && page.Readable() {
			list = append(list, g.page(page, Joint, page.Assignment.CreatedAt))
		}
	}
	return list, nil
}

func (g collector) page(page worksheets.Page, part Part, at time.Time) Piece {
	var read []worksheets.SentPage // read once, so that the data has exactly the printed answers
	draw := func(ctx context.Context) (_ pdf.Sheet, err error) {
		if read, err = g.from.Worksheets.Answered(ctx, g.couple, []worksheets.Page{page}); err != nil {
			return pdf.Sheet{}, err
		}
		return worksheets.FilledSheet(g.paper, read), nil
	}
	return Piece{
		Key: "page:" + page.Answer.ID, Part: part, Title: page.Worksheet.Title, At: at, sheet: draw,
		data: func() []byte { return responseOf(read) },
	}
}

// responseOf returns an answered worksheet as a QuestionnaireResponse, or nil before it was read.
func responseOf(read []worksheets.SentPage) []byte {
	if len(read) == 0 {
		return nil
	}
	var sent time.Time
	if read[0].SentAt != nil {
		sent = *read[0].SentAt
	}
	return fhir.ExportAnswers(read[0].Worksheet, read[0].ForRecord(), sent)
}

// ownNotes returns the signed notes in the partner’s individual file.
func (g collector) ownNotes(ctx context.Context) ([]Piece, error) {
	return g.standalone(ctx, g.about.Side, Own)
}

// jointNotes returns the signed joint notes without a session.
func (g collector) jointNotes(ctx context.Context) ([]Piece, error) {
	return g.standalone(ctx, "", Joint)
}

func (g collector) standalone(ctx context.Context, side couples.Side, part Part) ([]Piece, error) {
	lines, err := g.from.Sessions.StandaloneNotes(ctx, g.couple, side)
	if err != nil {
		return nil, err
	}
	var list []Piece
	for _, l := range lines {
		if l.SignedAt == nil {
			continue
		}
		kind, _ := l.Kind.Info()
		list = append(list, Piece{
			Key: "note:" + l.ID, Part: part, Title: kind.Name, At: l.HappenedAt,
			sheet: func(ctx context.Context) (pdf.Sheet, error) {
				note, err := g.from.Sessions.FindStandalone(ctx, g.couple, side, l.ID)
				if err != nil {
					return pdf.Sheet{}, err
				}
				return g.from.Sessions.SignedSheet(ctx, note.Filing, note.Note)
			},
		})
	}
	return list, nil
}

// progressNotes returns the signed notes of sessions. The note of a session with one partner alone
// belongs to that partner’s own part.
func (g collector) progressNotes(ctx context.Context) ([]Piece, error) {
	listed, err := g.from.Sessions.ForCouple(ctx, g.couple)
	if err != nil {
		return nil, err
	}
	held, err := g.from.Sessions.Held(ctx, g.couple, time.Time{}, g.now.AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	alone := map[string]couples.Side{}
	for _, h := range held {
		alone[h.ID] = h.Times.Alone()
	}
	var list []Piece
	for _, l := range listed {
		part := Joint
		if alone[l.ID] != "" {
			part = Own
		}
		if l.Note != "signed" || alone[l.ID] == g.about.Side.Other() {
			continue
		}
		session := l.Session
		session.Reader = g.couple.Reader
		list = append(list, Piece{
			Key: "note:" + l.ID, Part: part, Title: "Progress note", At: l.When(),
			sheet: func(ctx context.Context) (pdf.Sheet, error) {
				note, err := g.from.Sessions.FindNote(ctx, session)
				if err != nil {
					return pdf.Sheet{}, err
				}
				return g.from.Sessions.SignedSheet(ctx, session.Filing(), note)
			},
		})
	}
	return list, nil
}

// goals returns the couple's open goals as one piece.
func (g collector) goals(context.Context) ([]Piece, error) {
	var texts []string
	for _, goal := range g.couple.OpenGoals() {
		texts = append(texts, goal.Text)
	}
	if len(texts) == 0 {
		return nil, nil
	}
	piece := drawn("goals", "Goals", time.Time{}, pdf.Sheet{Title: "Goals", Blocks: []pdf.Block{pdf.List(texts)}})
	piece.Part = Joint
	return []Piece{piece}, nil
}

// plan returns the latest shared treatment plan.
func (g collector) plan(ctx context.Context) ([]Piece, error) {
	v, err := g.from.Treatment.Newest(ctx, g.couple)
	if err != nil || !v.IsShared() {
		return nil, err
	}
	sheet := v.Plan.Sheet(treatment.PrintSetup{
		Letterhead: g.paper.Practice, Letter: g.paper.Letter, Language: i18n.English, Names: g.couple.Names(),
		SharedAt: v.SharedAt,
	}, func(t treatment.Term) string { return t.Label })
	piece := drawn("plan", sheet.Title, v.SharedAt, sheet)
	piece.Part = Joint
	return []Piece{piece}, nil
}

// promises returns the promises that both partners see, with the results marked by their makers, as
// one piece.
func (g collector) promises(ctx context.Context) ([]Piece, error) {
	list, err := g.from.Promises.Joint(ctx, g.couple, time.Time{})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	table := pdf.Table{Columns: []string{"Promise", "By", "Kept", "Partly", "Not kept", "Changed together"}}
	for _, p := range list {
		marks := map[string]int{}
		for _, m := range p.Marks {
			marks[m.Result]++
		}
		row := []string{p.Words.What, g.couple.Partner(p.Maker).AddressAs}
		for _, result := range []string{"kept", "partly-kept", "not-kept", "changed-together-beforehand"} {
			row = append(row, strconv.Itoa(marks[result]))
		}
		table.Rows = append(table.Rows, row)
	}
	piece := drawn("promises", "Promises", time.Time{}, pdf.Sheet{Title: "Promises", Blocks: []pdf.Block{table}})
	piece.Part = Joint
	return []Piece{piece}, nil
}
