package export

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/fhir"
)

// farOff is later than any appointment.
var farOff = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// A collector collects the files of one couple.
type collector struct {
	*folder
	st     *Store
	couple couples.Couple
	name   string
	held   []sessions.HeldSession
}

// of returns one partner's folder, or the joint folder for "".
func (g collector) of(side couples.Side) string {
	if side == "" {
		return g.name + "/joint/"
	}
	return g.name + "/partner-" + string(side) + "/"
}

// couple collects the files of a couple.
func (st *Store) couple(ctx context.Context, l couples.Listed, practice, counselor, name string,
	zone *time.Location,
) (*folder, error) {
	g := collector{folder: &folder{zone: zone}, st: st, name: name}
	var err error
	if g.couple, err = st.Couples.Find(ctx, practice, counselor, l.ID); err != nil {
		return nil, err
	}
	if g.held, err = st.Sessions.Held(ctx, g.couple, time.Time{}, farOff); err != nil {
		return nil, err
	}
	for i := range g.held {
		g.held[i].Reader = g.couple.Reader
	}
	pages, err := st.Worksheets.SentPages(ctx, g.couple)
	if err != nil {
		return nil, err
	}
	err = errors.Join(g.record(), g.sessions(), g.appointments(ctx), g.notes(ctx), g.worksheets("", pages),
		g.promises(ctx), g.plan(ctx), g.timeline(ctx))
	for _, p := range g.couple.Partners {
		if !p.Erased {
			err = errors.Join(err, g.partner(ctx, p), g.patient(p), g.worksheets(p.Side, pages), g.policy(ctx, p),
				g.comments(ctx, p, pages), g.requests(ctx, p), g.billing(ctx, p))
		}
	}
	return g.folder, err
}

// record adds the couple with its breaches and goals.
func (g collector) record() error {
	c := g.couple
	var breaches, goals [][]string
	for _, b := range c.Breaches {
		breaches = append(breaches, []string{b.Name, c.Partner(b.Broke).Name, b.KindList})
	}
	for _, goal := range c.Goals {
		goals = append(goals, []string{goal.Text, map[bool]string{true: "removed", false: "open"}[goal.Retired]})
	}
	return errors.Join(
		g.table(g.of("")+"couple.csv", []string{"Record number", "Partner A", "Partner B"},
			[][]string{{c.RecordNo, c.Partners[0].Name, c.Partners[1].Name}}),
		g.table(g.of("")+"breaches.csv", []string{"Breach of trust", "Who broke trust", "Type"}, breaches),
		g.table(g.of("")+"goals.csv", []string{"Goal", "State"}, goals))
}

// sessions adds the joint time of sessions to the joint folder, and each partner's individual time
// to theirs.
func (g collector) sessions() error {
	rows := map[couples.Side][][]string{}
	for _, h := range g.held {
		minutes := map[couples.Side]time.Duration{"": h.Times.Joint, couples.A: h.Times.A, couples.B: h.Times.B}
		for side, spent := range minutes {
			if spent > 0 || side == "" && h.Times.Alone() == "" {
				rows[side] = append(rows[side], []string{
					g.moment(h.When()), strconv.Itoa(int(math.Round(spent.Minutes()))), h.Modality(),
				})
			}
		}
	}
	var err error
	for _, side := range []couples.Side{"", couples.A, couples.B} {
		err = errors.Join(err, g.table(g.of(side)+"sessions.csv", []string{"Began", "Minutes", "Place"}, rows[side]))
	}
	return err
}

// appointments adds the appointments as both partners may see them, without who was absent. One
// that became a session with one partner alone goes to that partner’s folder.
func (g collector) appointments(ctx context.Context) error {
	list, err := g.st.Calendar.OfCouple(ctx, g.couple, time.Time{}, farOff)
	if err != nil {
		return err
	}
	with := map[string]couples.Side{}
	for _, h := range g.held {
		with[h.ID] = h.Times.Alone()
	}
	rows := map[couples.Side][][]string{}
	for _, a := range list {
		state := "did not take place"
		if a.State == calendar.Planned || a.State == calendar.Held {
			state = string(a.State)
		}
		side := with[a.Session()]
		rows[side] = append(rows[side], []string{
			g.moment(a.StartsAt), strconv.Itoa(a.Minutes), a.Place, a.PlaceDetail, state,
		})
	}
	for _, side := range []couples.Side{"", couples.A, couples.B} {
		err = errors.Join(err, g.table(g.of(side)+"appointments.csv",
			[]string{"Begins", "Minutes", "Place", "Details", "State"}, rows[side]))
	}
	return err
}

// notes adds the signed notes of sessions and those without one, from the joint record and the
// individual files.
func (g collector) notes(ctx context.Context) error {
	for _, h := range g.held {
		note, err := g.st.Sessions.FindNote(ctx, h.Session)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err == nil {
			err = g.note(ctx, g.of(h.Times.Alone())+"notes/", h.When(), h.Filing(), note)
		}
		if err != nil {
			return err
		}
	}
	for _, side := range []couples.Side{"", couples.A, couples.B} {
		to := g.of(side) + "notes/"
		if side != "" {
			to = g.of(side) + "individual-file/notes/"
			if g.couple.Partner(side).Erased {
				continue
			}
		}
		list, err := g.st.Sessions.StandaloneNotes(ctx, g.couple, side)
		if err != nil {
			return err
		}
		for _, l := range list {
			n, err := g.st.Sessions.FindStandalone(ctx, g.couple, side, l.ID)
			if err == nil {
				err = g.note(ctx, to, n.HappenedAt, n.Filing, n.Note)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// note adds the file of a signed note. An imported note has none and is drawn.
func (g collector) note(ctx context.Context, to string, at time.Time, f sessions.Filing, n sessions.Note) error {
	if !n.Signed() {
		return nil
	}
	file, err := g.st.Sessions.SignedFile(ctx, f, n)
	if errors.Is(err, fault.NotFound) {
		file, err = g.drawn(ctx, f, n)
	}
	if err == nil {
		g.add(to+g.day(at)+"-"+n.ID[:6]+".pdf", file)
	}
	return err
}

// drawn returns a signed note as PDF, without the practice's signature.
func (g collector) drawn(ctx context.Context, f sessions.Filing, n sessions.Note) ([]byte, error) {
	sheet, err := g.st.Sessions.SignedSheet(ctx, f, n)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = pdf.Draw(&file, sheet)
	return file.Bytes(), err
}

// partner adds a partner's data and consents.
func (g collector) partner(ctx context.Context, p couples.Partner) error {
	list, err := g.st.Consents.List(ctx, g.couple, p)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, c := range list {
		for _, a := range c.Answers {
			rows = append(rows, []string{c.Version.Title, string(a.Answer), g.moment(a.AnsweredAt), a.Name, a.TextHash})
		}
		if len(c.Answers) == 0 {
			rows = append(rows, []string{c.Version.Title, string(c.State()), g.moment(c.GivenAt), "", ""})
		}
	}
	return errors.Join(
		g.table(g.of(p.Side)+"partner.csv", []string{"Name", "Preferred name", "Private contact info"},
			[][]string{{p.Name, p.AddressAs, p.Reach}}),
		g.table(g.of(p.Side)+"consents.csv", []string{"Form", "State", "When", "Signed by", "SHA-256 of the text"}, rows))
}

// worksheets adds the answers for the folder of side: joint pages, without what each partner wrote
// for the counselor, or one partner's sent worksheets. A page that locks when it is sent is left
// out, since not even its author may read it again.
func (g collector) worksheets(side couples.Side, pages []worksheets.SentPage) error {
	var own, filed []worksheets.SentPage
	for _, p := range pages {
		switch {
		case p.Worksheet.Locked || side == "" != p.IsJoint() || side != "" && p.Partner.Side != side:
		case !p.Worksheet.Portal:
			filed = append(filed, p)
		default:
			own = append(own, p)
		}
	}
	err := g.answers(g.of(side), own)
	if side != "" {
		err = errors.Join(err, g.answers(g.of(side)+"individual-file/", filed))
	}
	return err
}

func (g collector) answers(to string, pages []worksheets.SentPage) error {
	var rows [][]string
	var responses [][]byte
	for _, p := range pages {
		answered := p.ForRecord()
		for _, f := range p.Worksheet.Fields {
			if v, ok := answered[f.ID]; ok {
				rows = append(rows, []string{g.moment(*p.SentAt), p.Worksheet.Title, f.Label, strings.Join(f.Show(v), "\n")})
			}
		}
		responses = append(responses, fhir.ExportAnswers(p.Worksheet, answered, *p.SentAt))
	}
	g.add(to+"worksheets.fhir.json", fhir.Bundle(responses))
	return g.table(to+"worksheets.csv", []string{"Sent", "Worksheet", "Question", "Answer"}, rows)
}
