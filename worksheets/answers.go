package worksheets

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/vault"
	"mend/sessions"
)

// An Answer holds what one partner writes for one assignment. Once it is sent, it never changes.
type Answer struct {
	ID        string       `db:"answer_id"`
	PartnerID string       `db:"partner_id"` // "" for a joint page
	Side      couples.Side `db:"side"`
	State     string       `db:"state"`
	BegunAt   *time.Time   `db:"begun_at"`
	SentAt    *time.Time   `db:"sent_at"`
	OnPaper   bool         `db:"on_paper"` // written on paper and typed in by the counselor
	ReadAt    *time.Time   `db:"read_at"`
	PolicyID  *string      `db:"policy_id"` // the privacy policy in force when it was begun
	Language  string       `db:"language"`  // the language in which it was filled in, "" if unknown
	Sharing
}

// Sent reports whether the author has sent the answer.
func (a Answer) Sent() bool { return a.State == "sent" }

const answerColumns = `a.id AS answer_id, COALESCE(a.partner_id, '') AS partner_id, COALESCE(p.side, '') AS side,
	a.state, a.begun_at, a.sent_at, a.on_paper, a.read_at, a.policy_id,
	COALESCE(a.language, '') AS language, a.consent, a.decision, a.opened_at, a.taken_back_at,
	EXISTS (SELECT 1 FROM setbacks z WHERE z.couple_id = s.couple_id AND z.resumed_at IS NULL) AS paused`

// A Page is one answer with its assignment and the wording of the worksheet.
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

// pages adds to rows the wordings of their worksheets, with the names of c's partners filled in.
func (st *Store) pages(ctx context.Context, c couples.Couple, rows []pageRow) ([]Page, error) {
	pages := make([]Page, len(rows))
	for i, r := range rows {
		if err := st.unsealWording(ctx, c.Reader, &r.Assignment); err != nil {
			return nil, err
		}
		d, err := st.definition(ctx, r.Assignment.Worksheet, r.Definition)
		if err != nil {
			return nil, err
		}
		d = d.Naming(c.Partners[0].AddressAs, c.Partners[1].AddressAs)
		pages[i] = Page{r.Assignment, r.Answer, d}
		if r.Audience == ToJoint {
			pages[i].Worksheet = d.part(pages[i].IsSlip())
		}
	}
	return pages, nil
}

// An OpenPage is a page that somebody fills in or rereads, with what they have written so far.
type OpenPage struct {
	Page
	Role   sessions.Role
	Values map[string]Value
	Saved  map[string]fields.Field
	place  fields.FieldSet
	reader vault.Actor
	policy string // the policy in force when it is begun
	under  couples.Variant
}

// Policy returns the privacy policy that applies to a partner's page.
func (f OpenPage) Policy() couples.Variant { return f.under }

// Seen is the sum of the revisions of all fields. A submitted form carries it back, which shows
// whether the page was changed elsewhere meanwhile.
func (f OpenPage) Seen() int { return seen(f.Saved) }

func seen(saved map[string]fields.Field) int {
	n := 0
	for _, field := range saved {
		n += field.Revision
	}
	return n
}

// PartnerPage returns a partner's own page. It returns fault.NotFound for a page that belongs to somebody
// else, was withdrawn, is not open yet or is not for partners, and, by the read policy, for a
// locked page once it was sent. Without a signed privacy policy it returns couples.ErrUnsigned.
// only limits which questions are read, such as the one being saved; if it is empty, all are.
func (st *Store) PartnerPage(ctx context.Context, c couples.Couple, me couples.Partner, assignment string,
	now time.Time, only ...string,
) (OpenPage, error) {
	f, err := st.loadPage(ctx, c, only, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.id = ? AND a.partner_id = ? AND s.portal AND s.opens_at <= ? AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL`,
		c.PracticeID, assignment, me.ID, now)
	if err != nil {
		return f, err
	}
	policy, signed := c.LastSigned(me.Side)
	if f.PolicyID == nil && !signed {
		return OpenPage{}, fmt.Errorf("page %s: %w", assignment, couples.ErrUnsigned)
	}
	f.policy = policy.ID
	f.under = policy.Variant
	if f.PolicyID != nil {
		f.under = c.PolicyOf(*f.PolicyID).Variant
	}
	return f, nil
}

// CounselorForm returns a form that the counselor fills in about one partner, such as the record of a
// private conversation. Partners never see such a form. only is as in PartnerPage.
func (st *Store) CounselorForm(ctx context.Context, c couples.Couple, assignment string,
	only ...string,
) (OpenPage, error) {
	return st.loadPage(ctx, c, only, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.id = ? AND s.couple_id = ? AND NOT s.portal AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL`,
		c.PracticeID, assignment, c.ID)
}

// loadPage reads the page that a query finds, with the answers to the questions in only, or all
// answers if only is empty.
func (st *Store) loadPage(ctx context.Context, c couples.Couple, only []string, query string,
	args ...any,
) (OpenPage, error) {
	var r pageRow
	if err := st.db.Get(ctx, &r, query, args...); err != nil {
		return OpenPage{}, fmt.Errorf("page: %w", err)
	}
	pages, err := st.pages(ctx, c, []pageRow{r})
	if err != nil {
		return OpenPage{}, err
	}
	f := OpenPage{Page: pages[0], Role: r.Assignment.Role(c, r.Side), reader: c.Reader}
	if f.place, err = st.fieldSet(ctx, st.db, c.Reader, f.Page); err != nil {
		return OpenPage{}, err
	}
	if len(only) > 0 {
		f.Worksheet = f.Worksheet.withFields(only)
		f.Saved, err = fields.Some(ctx, st.db, f.place, only)
	} else {
		f.Saved, err = fields.All(ctx, st.db, f.place)
	}
	if err != nil {
		return f, err
	}
	if f.Values, err = decode(f.Worksheet, fields.Values(f.Saved)); err != nil {
		return f, err
	}
	f.Values, err = st.withDeclined(ctx, f)
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

// SaveAnswer stores one field of an unsent answer, or the author's choice not to answer, in one
// transaction. It returns fault.Locked if the answer was sent, and a fields.Clash if the field was
// changed elsewhere.
func (st *Store) SaveAnswer(ctx context.Context, f OpenPage, e fields.Edit, v Value) (fields.Field, error) {
	values := map[string]Value{e.Field: v}
	e.By = f.author(e.By)
	if err := f.Worksheet.Stop(values); err != nil {
		return fields.Field{}, err
	}
	saved, err := fields.InTx(ctx, st.db, f.place, e, func(ctx context.Context, tx *database.DB) error {
		if err := guardOpen(ctx, tx, f, e.At); err != nil || e.Restore+e.Dismiss != "" {
			return err
		}
		return st.keepDeclined(ctx, tx, f, values, e.Key, e.At)
	})
	if err != nil {
		return saved, fmt.Errorf("answer %s: %w", f.Answer.ID, err)
	}
	return saved, nil
}

// AddCopies adds to the fields of an unsent page the conflicting copies that author may restore or
// dismiss.
func (st *Store) AddCopies(ctx context.Context, f OpenPage, author string) error {
	if f.Sent() {
		return nil
	}
	return fields.AddCopies(ctx, st.db, f.place, f.author(author), f.Saved)
}

// author returns whose words are typed into f: on a partner's page that partner, also on the
// counselor's device; on any other page the person who is typing.
func (f OpenPage) author(there string) string {
	if f.PartnerID != "" && f.Worksheet.Portal {
		return f.PartnerID
	}
	return there
}

// guardOpen locks the page and its answer, marks it begun, and returns fault.Locked if it was sent or
// withdrawn.
func guardOpen(ctx context.Context, tx *database.DB, f OpenPage, now time.Time) error {
	if f.IsJoint() {
		if err := couples.MayShare(ctx, tx, f.PracticeID, f.CoupleID); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE assignments SET id = id WHERE practice_id = ? AND id = ? AND withdrawn_at IS NULL`,
		f.PracticeID, f.Assignment.ID)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	if err != nil {
		return err
	}
	n, err = tx.Exec(ctx, `
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

// event returns the audit event for an action on p.
func (p Page) event(action audit.Action, reason string) audit.Event {
	object := audit.PageObject
	switch {
	case !p.Worksheet.Portal:
		object = "individual file"
	case p.IsJoint():
		object = "joint page"
	}
	return audit.Event{
		Practice: p.PracticeID, Couple: p.CoupleID, Side: string(p.Side), Action: action, Object: object,
		ID: p.Answer.ID, Reason: reason,
	}
}
