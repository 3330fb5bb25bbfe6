package demo

import (
	"crypto/rand"
	"fmt"
	"time"

	"mend/couples"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// Promise stores a promise made in a session.
func (t *Seeder) Promise(maker couples.Side, what, often string, at time.Time) {
	if t.Err == nil {
		t.Err = t.Stores.Promises.Propose(t.Ctx, t.Couple, promises.Proposal{
			Maker: maker, InRoom: true, FormKey: rand.Text(),
			Words: promises.Words{What: what, Often: often, IfNot: "I say so before, not after."},
		}, at)
	}
}

// Mark stores how a promise went on the day of at, as side saw it.
func (t *Seeder) Mark(side couples.Side, what, result string, at time.Time) {
	if t.Err != nil {
		return
	}
	mine, _, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, t.Couple.Partner(side).ID)
	if t.Err = err; err != nil {
		return
	}
	list, err := t.Stores.Promises.List(t.Ctx, mine, at)
	if t.Err = err; err != nil {
		return
	}
	for _, p := range list {
		if p.Words.What == what {
			t.Err = t.Stores.Promises.Mark(t.Ctx, mine, p.ID,
				promises.Mark{Day: at.Format(time.DateOnly), Result: result}, at, at)
			return
		}
	}
	t.Err = fmt.Errorf("nobody promised %q", what)
}

// page returns the first page of a worksheet.
func (t *Seeder) page(worksheet string) (found worksheets.Page) {
	if t.Err != nil {
		return found
	}
	pages, err := t.Stores.Worksheets.ForCouple(t.Ctx, t.Couple)
	if t.Err = err; err != nil {
		return found
	}
	for _, p := range pages {
		if p.Assignment.Worksheet == worksheet {
			return p
		}
	}
	t.Err = fmt.Errorf("%s was not given", worksheet)
	return found
}

// activate opens a joint page to both partners.
func (t *Seeder) activate(worksheet string, at time.Time) {
	page := t.page(worksheet)
	if t.Err == nil {
		t.Err = t.Stores.Worksheets.Activate(t.Ctx, t.Couple, page.Assignment.ID, at)
	}
}

// release releases a page that a partner sent: its author consents, and the counselor decides.
func (t *Seeder) release(side couples.Side, worksheet string, at time.Time) {
	if t.Err != nil {
		return
	}
	mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, t.Couple.Partner(side).ID)
	if t.Err = err; err != nil {
		return
	}
	pages, err := t.Stores.Worksheets.MyPages(t.Ctx, mine, me, at)
	if t.Err = err; err != nil {
		return
	}
	for _, p := range pages {
		if p.Assignment.Worksheet != worksheet || !p.Sent() {
			continue
		}
		f, err := t.Stores.Worksheets.PartnerPage(t.Ctx, mine, me, p.Assignment.ID, at)
		if err == nil {
			err = t.Stores.Worksheets.Consent(t.Ctx, f, worksheets.Yes, at)
		}
		if err == nil {
			err = t.Stores.Worksheets.Decide(t.Ctx, t.Couple, p.Assignment.ID, worksheets.Release, true, at.Add(time.Hour))
		}
		t.Err = err
		return
	}
	t.Err = fmt.Errorf("%s has not sent %s", side, worksheet)
}
