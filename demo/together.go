package demo

import (
	"crypto/rand"
	"fmt"
	"time"

	"mend/couples"
	"mend/worksheets"
)

// promise writes down what both agreed to in the room.
func (t *seeder) promise(maker couples.Side, what, often string, at time.Time) {
	if t.err == nil {
		t.err = t.st.Worksheets.Propose(t.ctx, t.couple, worksheets.Proposal{
			Maker: maker, InRoom: true, FormKey: rand.Text(),
			Words: worksheets.PromiseWords{What: what, Often: often, IfNot: "I say so before, not after."},
		}, at)
	}
}

// mark marks the day of at for the promise that says what, as side saw it.
func (t *seeder) mark(side couples.Side, what, result string, at time.Time) {
	if t.err != nil {
		return
	}
	mine, _, err := t.st.Couples.FindForPartner(t.ctx, t.practice.ID, t.couple.Partner(side).ID)
	if t.err = err; err != nil {
		return
	}
	list, err := t.st.Worksheets.Promises(t.ctx, mine, at)
	if t.err = err; err != nil {
		return
	}
	for _, p := range list {
		if p.Words.What == what {
			t.err = t.st.Worksheets.MarkPromise(t.ctx, mine, p.ID,
				worksheets.Mark{Day: at.Format(time.DateOnly), Result: result}, at, at)
			return
		}
	}
	t.err = fmt.Errorf("nobody promised %q", what)
}

// page returns the first page of a worksheet.
func (t *seeder) page(worksheet string) (found worksheets.Page) {
	if t.err != nil {
		return found
	}
	pages, err := t.st.Worksheets.ForCouple(t.ctx, t.couple)
	if t.err = err; err != nil {
		return found
	}
	for _, p := range pages {
		if p.Assignment.Worksheet == worksheet {
			return p
		}
	}
	t.err = fmt.Errorf("%s was not given", worksheet)
	return found
}

// activate opens a joint page to both.
func (t *seeder) activate(worksheet string, at time.Time) {
	page := t.page(worksheet)
	if t.err == nil {
		t.err = t.st.Worksheets.Activate(t.ctx, t.couple, page.Assignment.ID, at)
	}
}

// release turns both keys of a page that a partner sent.
func (t *seeder) release(side couples.Side, worksheet string, at time.Time) {
	if t.err != nil {
		return
	}
	mine, me, err := t.st.Couples.FindForPartner(t.ctx, t.practice.ID, t.couple.Partner(side).ID)
	if t.err = err; err != nil {
		return
	}
	pages, err := t.st.Worksheets.MyPages(t.ctx, mine, me, at)
	if t.err = err; err != nil {
		return
	}
	for _, p := range pages {
		if p.Assignment.Worksheet != worksheet || !p.Sent() {
			continue
		}
		f, err := t.st.Worksheets.Mine(t.ctx, mine, me, p.Assignment.ID, at)
		if err == nil {
			err = t.st.Worksheets.Consent(t.ctx, f, worksheets.Yes, at)
		}
		if err == nil {
			err = t.st.Worksheets.Decide(t.ctx, t.couple, p.Assignment.ID, worksheets.Release, true, at.Add(time.Hour))
		}
		t.err = err
		return
	}
	t.err = fmt.Errorf("%s has not sent %s", side, worksheet)
}
