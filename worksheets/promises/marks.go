package promises

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/vault"
	"mend/worksheets"
)

// A Mark is how a promise went on one day, as one of the two saw it.
type Mark struct {
	Side   couples.Side // whose view it is
	Day    string       // as 2006-01-02
	Result string       // kept, partly-kept, not-kept or changed-together-beforehand; of the other also same
	Note   string
}

// SameView is what the other marks who saw a promise as its maker did.
const SameView = "same"

// lookBack is how far back a day can still be marked.
const lookBack = 31

// Mark stores how a promise went on a day, in the view of the partner
// who marks it. What the maker marks both see; what the other marks is for the
// counselor alone. A day that was marked is marked anew. today is the day where
// the couple lives.
func (st *Store) Mark(ctx context.Context, c couples.Couple, id string, m Mark, today, now time.Time) error {
	p, err := st.find(ctx, c, id)
	if err != nil {
		return err
	}
	m.Side, m.Note = couples.Side(c.Reader.Side()), strings.TrimSpace(m.Note)
	if m.Side == "" || !p.Counts() {
		return fault.NotFound
	}
	if err := st.checkMark(p, m, today); err != nil {
		return err
	}
	text, err := json.Marshal(map[string]string{"result": m.Result, "note": m.Note})
	if err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		box, err := st.vault.Open(ctx, tx, c.Reader, p.viewOf(m.Side))
		if err != nil {
			return err
		}
		row := box.Row("promise_marks", markRow(p.ID, m))
		sealed := row.Seal("view", string(text))
		if row.Err() != nil {
			return row.Err()
		}
		event := p.event(audit.Changed, "marked")
		event.Side = string(m.Side)
		_, err = audit.Exec(ctx, tx, event, `
			INSERT INTO promise_marks (practice_id, promise_id, side, day, view, marked_at)
			VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (promise_id, side, day) DO UPDATE SET view = excluded.view, marked_at = excluded.marked_at`,
			c.PracticeID, p.ID, m.Side, m.Day, sealed, now)
		if err != nil {
			return fmt.Errorf("mark promise %s: %w", id, err)
		}
		return nil
	})
}

// markRow names the row of a mark, to which its view is bound.
func markRow(promise string, m Mark) string { return promise + " " + string(m.Side) + " " + m.Day }

// viewOf is what a mark is in the policy of who reads what.
func (p Promise) viewOf(side couples.Side) vault.Item {
	if side == p.Maker {
		return vault.Item{Couple: p.CoupleID, Material: vault.JointPage, State: vault.Active, ID: p.ID}
	}
	return vault.Item{
		Couple: p.CoupleID, Material: vault.CounselorField, State: vault.Sent,
		Of: vault.Side(side), ID: p.ID,
	}
}

func (st *Store) checkMark(p Promise, m Mark, today time.Time) error {
	bad := fault.Fields{}
	bad.Length("note", m.Note, 0, 280)
	results := []string{"kept", "partly-kept", "not-kept", "changed-together-beforehand"}
	if m.Side != p.Maker {
		results = []string{SameView, "kept", "partly-kept", "not-kept"}
	}
	if !slices.Contains(results, m.Result) {
		bad["result"] = "error.promise_result"
	}
	day, err := time.Parse(time.DateOnly, m.Day)
	days := today.Sub(day).Hours() / 24
	if err != nil || days < 0 || days > lookBack {
		bad["day"] = "error.promise_day"
	}
	return bad.Err()
}

// List returns the promises that the reader of c knows of, oldest first,
// with the marks of the days from since on that are theirs to see.
func (st *Store) List(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, "")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, "")
}

// Counted returns the promises that are kept track of now, with the marks
// of their makers from since on, and opens nothing beside them.
func (st *Store) Counted(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, " AND p.counts_at IS NOT NULL AND p.ended_at IS NULL")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, " AND m.side = p.maker")
}

// Joint returns what belongs to the joint record: the promises that both see, with the marks of
// their makers from since on.
func (st *Store) Joint(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, " AND p.opened_at IS NOT NULL")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, " AND m.side = p.maker")
}

// list returns those promises of a couple that the reader of c knows of and
// that fit a condition, without marks.
func (st *Store) list(ctx context.Context, c couples.Couple, condition string) ([]Promise, error) {
	var rows []promiseRow
	known, args := knownPromises(c)
	err := st.db.Select(ctx, &rows, `
		SELECT `+promiseColumns+`, p.words
		FROM (`+known+`) known
		CROSS JOIN promises p
		WHERE p.id = known.id`+condition+`
		ORDER BY p.created_at, p.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("promises of couple %s: %w", c.ID, err)
	}
	var list []Promise
	for _, r := range rows {
		p, err := st.openRow(ctx, c, r)
		if errors.Is(err, fault.NotFound) {
			continue // of a partner whose own pages were erased
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// addMarks adds to each promise its marks that fit a condition. What the other
// saw of a promise is not even read for its maker.
func (st *Store) addMarks(ctx context.Context, c couples.Couple, list []Promise, since time.Time,
	condition string,
) error {
	var rows []struct {
		Promise string       `db:"promise_id"`
		Side    couples.Side `db:"side"`
		Day     string       `db:"day"`
		View    []byte       `db:"view"`
	}
	sides := []any{couples.A, couples.B}
	if mine := couples.Side(c.Reader.Side()); mine != "" {
		sides = []any{mine, mine}
	}
	known, args := knownPromises(c)
	args = append(append(args, sides...), since.Format(time.DateOnly))
	err := st.db.Select(ctx, &rows, `
		SELECT m.promise_id, m.side, m.day, m.view
		FROM (`+known+`) known
		CROSS JOIN promises p
		CROSS JOIN promise_marks m
		WHERE p.id = known.id AND m.promise_id = p.id AND m.side IN (p.maker, ?, ?) AND m.day >= ?`+condition+`
		ORDER BY m.day DESC, m.side`, args...)
	if err != nil {
		return fmt.Errorf("marks of couple %s: %w", c.ID, err)
	}
	place := map[string]int{}
	for i, p := range list {
		place[p.ID] = i
	}
	for _, r := range rows {
		i, ok := place[r.Promise]
		if !ok {
			continue
		}
		m := Mark{Side: r.Side, Day: r.Day}
		err := st.openMark(ctx, c, list[i], &m, r.View)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		list[i].Marks = append(list[i].Marks, m)
	}
	return nil
}

func (st *Store) openMark(ctx context.Context, c couples.Couple, p Promise, m *Mark, sealed []byte) error {
	box, err := st.vault.Open(ctx, st.db, c.Reader, p.viewOf(m.Side))
	if err != nil {
		return err
	}
	row := box.Row("promise_marks", markRow(p.ID, *m))
	text := row.Read("view", sealed)
	if row.Err() != nil {
		return row.Err()
	}
	var view struct{ Result, Note string }
	err = json.Unmarshal([]byte(text), &view)
	m.Result, m.Note = view.Result, view.Note
	return err
}

// mark returns how somebody saw a day.
func (p Promise) mark(side couples.Side, day string) (Mark, bool) {
	for _, m := range p.Marks {
		if m.Side == side && m.Day == day {
			return m, true
		}
	}
	return Mark{}, false
}

// A Through is how the promises of one partner went: the counts first, and the
// figure of each view where there is one (docs/clinical.md, 2.4).
type Through struct {
	Counts string   // by the maker's own marks, without a figure: partners see no other
	Own    string   // the same with the figure
	Other  string   // by what the other saw
	Kept   []string // the days
}

// FollowedThrough counts the marks of the promises of one partner; the counts
// without a figure are in l.
func FollowedThrough(list []Promise, maker couples.Side, l *i18n.Language) Through {
	var own, other worksheets.Tally
	var t Through
	for _, p := range list {
		if p.Maker != maker {
			continue
		}
		for _, m := range p.Marks {
			if m.Side == maker {
				own.Add(m.Result)
				if m.Result == "kept" {
					t.Kept = append(t.Kept, m.Day)
				}
				continue
			}
			if same, ok := p.mark(maker, m.Day); ok && m.Result == SameView {
				m.Result = same.Result
			}
			other.Add(m.Result)
		}
	}
	slices.Sort(t.Kept)
	t.Counts, t.Own, t.Other = own.Counts(l), own.Words(), other.Words()
	return t
}

// A Difference is a day on which the two saw a promise differently. It is for
// the counselor alone.
type Difference struct {
	What, Day, Own, Other, Note string
	Maker                       couples.Side
}

// Differences returns where the two views differ, newest first.
func Differences(list []Promise) []Difference {
	var found []Difference
	for _, p := range list {
		for _, m := range p.Marks {
			own, ok := p.mark(p.Maker, m.Day)
			if m.Side != p.Maker && m.Result != SameView && (!ok || own.Result != m.Result) {
				found = append(found, Difference{p.Words.What, m.Day, own.Result, m.Result, m.Note, p.Maker})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Difference) int { return strings.Compare(b.Day, a.Day) })
	return found
}
