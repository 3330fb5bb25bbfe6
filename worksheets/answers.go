package worksheets

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/typed"
	"mend/internal/vault"
	"mend/sessions"
)

// An Answer is what one partner writes to one assignment. It is open until it
// is sent; from then on it never changes.
type Answer struct {
	ID        string       `db:"answer_id"`
	PartnerID string       `db:"partner_id"` // "" for what both write in
	Side      couples.Side `db:"side"`
	State     string       `db:"state"`
	BegunAt   *time.Time   `db:"begun_at"`
	SentAt    *time.Time   `db:"sent_at"`
	OnPaper   bool         `db:"on_paper"` // given on paper and typed in by the counselor
	ReadAt    *time.Time   `db:"read_at"`
	PolicyID  *string      `db:"policy_id"` // the privacy policy under which it was begun
	Sharing
}

// Sent tells whether the author has sent the answer.
func (a Answer) Sent() bool { return a.State == "sent" }

const answerColumns = `a.id AS answer_id, COALESCE(a.partner_id, '') AS partner_id, COALESCE(p.side, '') AS side, a.state, a.begun_at, a.sent_at, a.on_paper, a.read_at, a.policy_id,
	a.consent, a.decision, a.opened_at, a.taken_back_at`

// A Page is one answer with its assignment and the wording that it answers.
type Page struct {
	Assignment
	Answer
	Worksheet Definition `db:"-"`
}

// pageRow is a Page as a query returns it.
type pageRow struct {
	Assignment
	Answer
}

func (st *Store) pages(ctx context.Context, reader vault.Actor, rows []pageRow) ([]Page, error) {
	pages := make([]Page, len(rows))
	for i, r := range rows {
		if err := st.named(ctx, reader, &r.Assignment); err != nil {
			return nil, err
		}
		d, err := st.definition(ctx, r.Assignment.Worksheet, r.Definition)
		if err != nil {
			return nil, err
		}
		pages[i] = Page{r.Assignment, r.Answer, d}
		if r.Audience == ToJoint {
			pages[i].Worksheet = d.part(pages[i].IsSlip())
		}
	}
	return pages, nil
}

// A Filling is a page that somebody fills or reads again, with what they have
// written so far.
type Filling struct {
	Page
	Role   sessions.Role
	Values map[string]Value
	Saved  map[string]typed.Field
	place  typed.Place
	reader vault.Actor
	policy string // the one it is begun under
	under  couples.Variant
}

// Policy returns the privacy policy that a page of a partner is under.
func (f Filling) Policy() couples.Variant { return f.under }

// Seen is the sum of the revisions of all fields. A form that is sent whole
// carries it back, to tell whether the page was changed elsewhere meanwhile.
func (f Filling) Seen() int { return seen(f.Saved) }

func seen(saved map[string]typed.Field) int {
	n := 0
	for _, field := range saved {
		n += field.Revision
	}
	return n
}

// Mine returns a partner's own page. A page that is another's, that was taken
// back, that does not open yet or that is not for partners is fault.NotFound; so is, by the policy of
// who reads what, one that is locked once it was sent. Without a signature
// under the privacy policy it is couples.ErrUnsigned.
func (st *Store) Mine(ctx context.Context, c couples.Couple, me couples.Partner, assignment string, now time.Time) (Filling, error) {
	f, err := st.filling(ctx, c, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.id = ? AND a.partner_id = ? AND s.portal AND s.opens_at <= ? AND s.withdrawn_at IS NULL AND p.erased_at IS NULL`,
		c.PracticeID, assignment, me.ID, now)
	if err != nil {
		return f, err
	}
	policy, signed := c.LastSigned(me.Side)
	if f.PolicyID == nil && !signed {
		return Filling{}, fmt.Errorf("page %s: %w", assignment, couples.ErrUnsigned)
	}
	f.policy = policy.ID
	f.under = policy.Variant
	if f.PolicyID != nil {
		f.under = c.PolicyOf(*f.PolicyID).Variant
	}
	return f, nil
}

// Counselors returns a form that the counselor fills about one partner, such as
// the record of a private conversation. Such a form never reaches a partner.
func (st *Store) Counselors(ctx context.Context, c couples.Couple, assignment string) (Filling, error) {
	return st.filling(ctx, c, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.id = ? AND s.couple_id = ? AND NOT s.portal AND s.withdrawn_at IS NULL AND p.erased_at IS NULL`,
		c.PracticeID, assignment, c.ID)
}

func (st *Store) filling(ctx context.Context, c couples.Couple, query string, args ...any) (Filling, error) {
	var r pageRow
	if err := st.db.Get(ctx, &r, query, args...); err != nil {
		return Filling{}, fmt.Errorf("page: %w", err)
	}
	pages, err := st.pages(ctx, c.Reader, []pageRow{r})
	if err != nil {
		return Filling{}, err
	}
	f := Filling{Page: pages[0], Role: r.Assignment.Role(c, r.Side), reader: c.Reader}
	if f.place, err = st.place(ctx, st.db, c.Reader, f.Page); err != nil {
		return Filling{}, err
	}
	if f.Saved, err = typed.All(ctx, st.db, f.place); err != nil {
		return f, err
	}
	f.Values, err = decode(f.Worksheet, typed.Values(f.Saved))
	return f, err
}

func decode(d Definition, saved map[string]string) (map[string]Value, error) {
	values := map[string]Value{}
	for id, text := range saved {
		field, ok := d.Field(id)
		if !ok {
			continue
		}
		v, err := field.Decode(text)
		if err != nil {
			return nil, fmt.Errorf("answer to %s.%s: %w", d.ID, id, err)
		}
		values[id] = v
	}
	return values, nil
}

// SaveField stores one field of an answer that is not sent, in one
// transaction. It returns fault.Locked once it was sent, and a typed.Clash
// when the field was changed elsewhere.
func (st *Store) SaveField(ctx context.Context, f Filling, e typed.Edit) (typed.Field, error) {
	values, err := decode(f.Worksheet, map[string]string{e.Field: e.Value})
	if err != nil {
		return typed.Field{}, err
	}
	if err := f.Worksheet.Stop(values); err != nil {
		return typed.Field{}, err
	}
	saved, err := typed.InTx(ctx, st.db, f.place, e, func(ctx context.Context, tx *database.DB) error {
		return guardOpen(ctx, tx, f, e.At)
	})
	if err != nil {
		return saved, fmt.Errorf("answer %s: %w", f.Answer.ID, err)
	}
	return saved, nil
}

// guardOpen locks the answer's row, marks it begun, and returns fault.Locked
// if it was sent.
func guardOpen(ctx context.Context, tx *database.DB, f Filling, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE answers SET touched_at = ?, begun_at = COALESCE(begun_at, ?), policy_id = COALESCE(policy_id, ?)
		WHERE practice_id = ? AND id = ? AND state = 'open'`, now, now, orNull(f.policy), f.PracticeID, f.Answer.ID)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	if err != nil || f.BegunAt != nil {
		return err
	}
	return audit.Record(ctx, tx, f.event(audit.Created, "begun"))
}

// event is what the log says of something done to f.
func (p Page) event(action audit.Action, reason string) audit.Event {
	object := audit.PageObject
	switch {
	case !p.Worksheet.Portal:
		object = "individual file"
	case p.IsJoint():
		object = "joint page"
	}
	return audit.Event{Practice: p.PracticeID, Couple: p.CoupleID, Side: string(p.Side), Action: action, Object: object, ID: p.Answer.ID, Reason: reason}
}

// A Form is a page that was sent whole.
type Form struct {
	Values map[string]Value
	Seen   int    // Filling.Seen as the form was shown
	Key    string // the same when the same form is sent again
	Send   bool   // send the page, or save it for later
}

// SaveForm stores a whole form and, if it says so, sends the page: from then
// on it never changes. What is missing is returned by field, after all was
// saved. Sending a page that was sent changes nothing. If the page was changed
// elsewhere since the form was shown, nothing is stored and the error is
// fault.Conflict; the person looks and saves again.
func (st *Store) SaveForm(ctx context.Context, f Filling, form Form, now time.Time) error {
	if f.Sent() {
		return nil
	}
	if err := f.Worksheet.Stop(form.Values); err != nil {
		return err
	}
	form.Send = form.Send && !f.IsJoint() // its counselor closes it
	missing := f.Worksheet.Check(f.Role, form.Values).Err()
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guardOpen(ctx, tx, f, now); err != nil {
			return err
		}
		if err := replace(ctx, tx, f, form, now); err != nil {
			return err
		}
		if !form.Send || missing != nil {
			return nil
		}
		_, err := tx.Exec(ctx, `UPDATE answers SET state = 'sent', sent_at = ? WHERE practice_id = ? AND id = ? AND state = 'open'`,
			now, f.PracticeID, f.Answer.ID)
		if err != nil {
			return err
		}
		if err := st.vouch(ctx, tx, f.PracticeID, f.Answer.ID); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, f.event(audit.Sent, "")); err != nil {
			return err
		}
		if err := st.agenda(ctx, tx, f, form.Values, now); err != nil {
			return err
		}
		if err := st.openNext(ctx, tx, f, now); err != nil {
			return err
		}
		return st.followUp(ctx, tx, f, form.Values, now)
	})
	if errors.Is(err, fault.Locked) && form.Send {
		return st.sentAlready(ctx, f, form)
	}
	if err != nil {
		return fmt.Errorf("answer %s: %w", f.Answer.ID, err)
	}
	if form.Send {
		return missing
	}
	return nil
}

// sentAlready returns nil if the page was sent meanwhile with the very words of
// form, which is a second press, and fault.Locked if it says something else.
func (st *Store) sentAlready(ctx context.Context, f Filling, form Form) error {
	saved, err := typed.All(ctx, st.db, f.place)
	if err != nil {
		return err
	}
	for id, v := range form.Values {
		if v.Encode() != saved[id].Value {
			return fmt.Errorf("answer %s: %w", f.Answer.ID, fault.Locked)
		}
	}
	return nil
}

// replace stores the form's values unless they would overwrite what its author
// had not seen.
func replace(ctx context.Context, tx *database.DB, f Filling, form Form, now time.Time) error {
	saved, err := typed.All(ctx, tx, f.place)
	if err != nil {
		return err
	}
	values, differ := map[string]string{}, false
	for id, v := range form.Values {
		text := v.Encode()
		if text == "" && saved[id].Revision == 0 {
			continue
		}
		values[id] = text
		differ = differ || saved[id].Value != text
	}
	if differ && seen(saved) != form.Seen {
		return fmt.Errorf("form seen at %s, page at %s: %w", strconv.Itoa(form.Seen), strconv.Itoa(seen(saved)), fault.Conflict)
	}
	return typed.Replace(ctx, tx, f.place, form.Key, now, values)
}
