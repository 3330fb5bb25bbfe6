package worksheets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/fields"
	"mend/internal/i18n"
)

// A Pulse is a sent trust pulse (docs/clinical.md, 2.4).
type Pulse struct {
	Side       couples.Side
	SentAt     time.Time
	Figure     *int         // nil if too little was answered: no data, never zero
	Direction  i18n.Message // compared with the previous one
	SinceFirst i18n.Message // compared with the first
	Moved      string       // what influenced it, in the author's words
	Share      bool         // whether the overall direction may be shown in a session

	values map[string]Value
}

const trustPulse = "trust-pulse"

// Pulses returns up to newest of each partner's newest pulses, and always the first one, oldest
// first. A partner gets only their own.
func (st *Store) Pulses(ctx context.Context, c couples.Couple, newest int) ([]Pulse, error) {
	of := c.Partners
	if mine := couples.Side(c.Reader.Side()); mine != "" {
		of = [2]couples.Partner{c.Partner(mine), c.Partner(mine)}
	}
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		WITH sent AS MATERIALIZED (
			SELECT id, assignment_id, partner_id, sent_at FROM answers WHERE partner_id IN (?, ?) AND state = 'sent'),
		ranked AS (
			SELECT a.id, ROW_NUMBER() OVER (PARTITION BY a.partner_id ORDER BY a.sent_at DESC, a.id) AS newest,
			       ROW_NUMBER() OVER (PARTITION BY a.partner_id ORDER BY a.sent_at, a.id) AS oldest
			FROM sent a
			CROSS JOIN assignments s
			CROSS JOIN partners p
			WHERE s.id = a.assignment_id AND p.id = a.partner_id AND s.practice_id = ? AND s.couple_id = ? AND s.worksheet = ?
			  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL)
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM ranked r
		CROSS JOIN answers a
		CROSS JOIN assignments s
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE a.id = r.id AND s.id = a.assignment_id AND (r.newest <= ? OR r.oldest = 1)
		ORDER BY a.sent_at, a.id`, of[0].ID, of[1].ID, c.PracticeID, c.ID, trustPulse, newest)
	if err != nil {
		return nil, fmt.Errorf("pulses of couple %s: %w", c.ID, err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	return st.pulsesOf(ctx, c, pages)
}

// pulsesOf decrypts the pulses on pages, oldest first.
func (st *Store) pulsesOf(ctx context.Context, c couples.Couple, pages []Page) ([]Pulse, error) {
	var places []fields.FieldSet
	for _, p := range pages {
		place, err := st.fieldSet(ctx, st.db, c.Reader, p)
		if err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	written, err := fields.Many(ctx, st.db, places)
	if err != nil {
		return nil, err
	}
	list := make([]Pulse, len(pages))
	for i, p := range pages {
		values, err := decode(p.Worksheet, fields.Values(written[p.Answer.ID]))
		if err != nil {
			return nil, err
		}
		list[i] = Pulse{
			Side: p.Side, SentAt: *p.SentAt, Moved: values["moved"].Text,
			Share: values["share"].Text == "yes", values: values,
		}
		items, _ := p.Worksheet.Field("items")
		if figure, ok := pulseOf(items, values); ok {
			list[i].Figure = &figure
		}
		list[i].compare(list[:i])
	}
	return list, nil
}

// compare sets how p compares with the same partner's pulses in before.
func (p *Pulse) compare(before []Pulse) {
	if p.Figure == nil {
		p.Direction, p.SinceFirst = "pulse.not_enough", "pulse.not_enough"
		return
	}
	var last, first *int
	for _, b := range before {
		if b.Side == p.Side && b.Figure != nil {
			last = b.Figure
			if first == nil {
				first = b.Figure
			}
		}
	}
	p.Direction, p.SinceFirst = PulseDirection(last, *p.Figure), PulseDirection(first, *p.Figure)
}

// NewestPulse returns the newest pulse of a partner.
func NewestPulse(list []Pulse, side couples.Side) (Pulse, bool) {
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	return find(reversed, func(p Pulse) bool { return p.Side == side })
}

// MayShowPulse reports whether the couple's overall direction may be shown to both: each agreed in
// their newest pulse, and the two were sent within a week.
func MayShowPulse(list []Pulse) bool {
	a, okA := NewestPulse(list, couples.A)
	b, okB := NewestPulse(list, couples.B)
	apart := a.SentAt.Sub(b.SentAt).Abs()
	return okA && okB && a.Share && b.Share && a.Figure != nil && b.Figure != nil && apart <= 7*24*time.Hour
}

// PulseDistance returns the difference between the partners' newest figures.
func PulseDistance(list []Pulse) (points int, ok bool) {
	a, okA := NewestPulse(list, couples.A)
	b, okB := NewestPulse(list, couples.B)
	if !okA || !okB || a.Figure == nil || b.Figure == nil {
		return 0, false
	}
	return max(*a.Figure-*b.Figure, *b.Figure-*a.Figure), true
}

// PulseFlags returns the flags of a partner's newest pulse.
func (st *Store) PulseFlags(list []Pulse, side couples.Side) []Flag {
	d, _ := st.catalogue.Find(trustPulse)
	now, ok := NewestPulse(list, side)
	if !ok {
		return nil
	}
	other, _ := NewestPulse(list, side.Other())
	ctx := Context{Answers: now.values, Other: other.values}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Side == side && list[i].SentAt.Before(now.SentAt) {
			ctx.Earlier = append(ctx.Earlier, list[i].values)
		}
	}
	d.Flags = slices.DeleteFunc(slices.Clone(d.Flags), func(r FlagRule) bool { return r.Named == "trust_pulse" })
	return d.Raise(ctx)
}
