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

// A Mark records how a promise went on one day, in one partner's view.
type Mark struct {
	Side   couples.Side // whose view it is
	Day    string       // as 2006-01-02
	Result string       // kept, partly-kept, not-kept, or the maker's changed-together-beforehand, the other's same
	Note   string
}

// SameView is the other partner's mark for agreeing with the promise's maker.
const SameView = "same"

// lookBack limits how many days back a day can be marked.
const lookBack = 31

// Mark stores how a promise went on a day, in the view of the partner who marks it. Both partners
// see the maker's marks; the other partner's marks are for the counselor alone. Marking a day again
// replaces its mark. today is a time on that date in the couple's time zone.
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
		if err := couples.GuardSharing(ctx, tx, c.PracticeID, c.ID); err != nil {
			return err
		}
		box, err := st.vault.Open(ctx, tx, c.Reader, p.markItem(m.Side))
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

// DateOf returns the date of t in its zone, as midnight in UTC, which is how dates are parsed.
func DateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// markRow returns the row id to which a mark's sealed view is bound.
func markRow(promise string, m Mark) string { return promise + " " + string(m.Side) + " " + m.Day }

// markItem returns the vault item of a mark.
func (p Promise) markItem(side couples.Side) vault.Item {
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
	days := DateOf(today).Sub(day).Hours() / 24
	if err != nil || days < 0 || days > lookBack {
		bad["day"] = "error.promise_day"
	}
	return bad.Err()
}

// List returns the promises that the reader of c may see, oldest first, with the marks since that
// day that the reader may see.
func (st *Store) List(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, "")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, "")
}

// Tracked returns the promises that are being tracked now, with their makers' marks since that day.
// It opens nothing else.
func (st *Store) Tracked(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, " AND p.counts_at IS NOT NULL AND p.ended_at IS NULL")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, " AND m.side = p.maker")
}

// Joint returns the promises for the joint record: those that both partners see, with their makers'
// marks since that day.
func (st *Store) Joint(ctx context.Context, c couples.Couple, since time.Time) ([]Promise, error) {
	list, err := st.list(ctx, c, " AND p.opened_at IS NOT NULL")
	if err != nil {
		return nil, err
	}
	return list, st.addMarks(ctx, c, list, since, " AND m.side = p.maker")
}

// list returns the promises of a couple that the reader of c may see and that match a condition,
// without marks.
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
			continue // of a partner whose individual pages were erased
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// addMarks adds to each promise its marks that match a condition. When the maker is the reader, the
// other partner's marks are not even read.
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
	box, err := st.vault.Open(ctx, st.db, c.Reader, p.markItem(m.Side))
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

// mark returns the mark of one partner for a day.
func (p Promise) mark(side couples.Side, day string) (Mark, bool) {
	for _, m := range p.Marks {
		if m.Side == side && m.Day == day {
			return m, true
		}
	}
	return Mark{}, false
}

// A FollowThrough summarizes how one partner's promises went: the counts and, per view, the figure if
// there is one (docs/clinical.md, 2.4).
type FollowThrough struct {
	Counts string   // from the maker's marks, without a figure; partners see only this
	Own    string   // the same, with the figure
	Other  string   // from the other partner's marks
	Kept   []string // the days marked as kept
}

// FollowThroughOf summarizes the marks of one partner's promises. Counts is in language l.
func FollowThroughOf(list []Promise, maker couples.Side, l *i18n.Language) FollowThrough {
	var own, other worksheets.Tally
	var t FollowThrough
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

// A Difference is a day on which the partners marked a promise differently. It is for the counselor
// alone.
type Difference struct {
	What, Day, Own, Other, Note string
	Maker                       couples.Side
}

// Differences returns the days on which the two views differ, newest first.
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

// CounselorNotes returns what the partners of c wrote to the counselor about how they saw each
// other's promises, except what the partner except wrote.
func (st *Store) CounselorNotes(ctx context.Context, c couples.Couple, except couples.Side) (
	notes []string, err error,
) {
	list, err := st.List(ctx, c, time.Time{})
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		for _, m := range p.Marks {
			if m.Side != p.Maker && m.Side != except && m.Note != "" {
				notes = append(notes, m.Note)
			}
		}
	}
	return notes, nil
}
