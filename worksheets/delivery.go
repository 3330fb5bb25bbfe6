package worksheets

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// A Rule defines when an assigned page becomes available to its partners.
type Rule string

// The rules.
const (
	AtOnce    Rule = ""
	OnDate    Rule = "date"
	AfterDays Rule = "days"
	AfterLast Rule = "after"   // once the same partner has sent the previous page
	OnWord    Rule = "release" // once the counselor releases it
)

// Rules are the rules that can be chosen.
var Rules = []Rule{AtOnce, OnDate, AfterDays, AfterLast, OnWord}

// A Delivery defines when a worksheet becomes available and whether it is flagged for the next
// session. There is never a due date.
type Delivery struct {
	Rule       Rule
	Date       string // as 2006-01-02
	Days       int
	After      string // the previous assignment; "" for the partner's latest
	ForSession bool
}

// check validates the delivery.
func (d Delivery) check(of Definition, now time.Time) error {
	bad := fault.Fields{}
	switch d.Rule {
	case AtOnce, AfterLast, OnWord:
	case OnDate:
		if at, err := time.Parse(time.DateOnly, d.Date); err != nil || at.Before(now.AddDate(0, 0, -2)) ||
			at.After(now.AddDate(2, 0, 0)) {
			bad["date"] = "Choose a day from today on, within two years."
		}
	case AfterDays:
		if d.Days < 1 || d.Days > 365 {
			bad["days"] = "Please type a number of days from 1 to 365."
		}
	default:
		bad["rule"] = "Choose when it opens."
	}
	if !of.Portal && d.Rule != AtOnce {
		bad["rule"] = "Your own forms are available immediately."
	}
	return bad.Err()
}

// opening returns when a page assigned now opens, or the page that it waits for; both are nil if it
// waits for the counselor. A joint page never waits for what one partner sends, nor does one
// partner's page for the other's: its opening would reveal that.
func (st *Store) opening(ctx context.Context, tx *database.DB, c couples.Couple, to Audience, d Delivery,
	now time.Time,
) (opens *time.Time, after *string, err error) {
	switch d.Rule {
	case AtOnce:
		return &now, nil, nil
	case OnDate, AfterDays:
		zone, err := st.zone(ctx, tx, c.PracticeID)
		if err != nil {
			return nil, nil, err
		}
		day := midnight(now.In(zone), d.Days)
		if d.Rule == OnDate {
			day, err = time.ParseInLocation(time.DateOnly, d.Date, zone)
		}
		return &day, nil, err
	case AfterLast:
		before, done, err := lastGiven(ctx, tx, c, to, d.After)
		if done {
			return &now, nil, err
		}
		return nil, before, err
	}
	return nil, nil, nil
}

// midnight returns the start of the day that is days after at.
func midnight(at time.Time, days int) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day()+days, 0, 0, 0, 0, at.Location())
}

func (st *Store) zone(ctx context.Context, db *database.DB, practice string) (*time.Location, error) {
	var p accounts.Practice
	err := db.Get(ctx, &p.TimeZone, `SELECT time_zone FROM practices WHERE id = ?`, practice)
	return p.Zone(), err
}

// lastGiven returns the page that a new one for to waits for, and whether that page is done. It
// returns nil for a joint page; with nothing assigned yet, there is nothing to wait for and it is
// done.
func lastGiven(ctx context.Context, tx *database.DB, c couples.Couple, to Audience,
	after string,
) (before *string, done bool, err error) {
	if to == ToJoint {
		return nil, false, nil
	}
	var last struct {
		ID   string `db:"id"`
		Done bool   `db:"done"`
	}
	err = tx.Get(ctx, &last, `
		SELECT s.id, (s.closed_at IS NOT NULL OR a.state = 'sent') AS done
		FROM assignments s
		JOIN answers a ON a.assignment_id = s.id
		JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.audience = ? AND p.side = ? AND s.portal AND s.withdrawn_at IS NULL
		  AND (? = '' OR s.id = ?)
		ORDER BY s.created_at DESC, s.id
		LIMIT 1`, c.PracticeID, c.ID, to, string(to), after, after)
	if errors.Is(err, fault.NotFound) {
		return nil, after == "", nil
	}
	return &last.ID, last.Done, err
}

// openNext opens the pages that waited for f to be sent and, if its worksheet repeats, assigns the
// next one.
func (st *Store) openNext(ctx context.Context, tx *database.DB, f OpenPage, now time.Time) error {
	if f.Audience == ToJoint {
		return nil // nothing may wait for what one partner does in a joint page
	}
	if err := openWaiting(ctx, tx, f.PracticeID, f.Assignment.ID, now); err != nil {
		return err
	}
	if over, err := couples.IsWorkClosed(ctx, tx, f.PracticeID, f.CoupleID); err != nil || over {
		return err // after counseling ended nothing repeats
	}
	d, err := st.find(ctx, tx, f.PracticeID, f.Worksheet.ID)
	days, repeats := d.Every()
	if err != nil || !repeats || d.SameDay() || d.checkPartnerPage("worksheet") != nil {
		return ignoreNotFound(err) // a worksheet removed from the list does not repeat
	}
	if err := st.keepWordings(ctx, tx, now); err != nil {
		return err
	}
	c := couples.Couple{
		ID: f.CoupleID, PracticeID: f.PracticeID,
		Partners: [2]couples.Partner{{ID: f.PartnerID, Side: f.Side}},
	}
	next := AssignRequest{
		Breach: deref(f.BreachID), FormKey: "after " + f.Assignment.ID,
		Delivery: Delivery{Rule: AfterDays, Days: days},
	}
	if _, err := st.give(ctx, tx, c, d, f.Audience, next, now); err != nil {
		return fmt.Errorf("the next %s: %w", d.ID, err)
	}
	return nil
}

// openWaiting opens the pages that waited for an assignment.
func openWaiting(ctx context.Context, tx *database.DB, practice, assignment string, now time.Time) error {
	_, err := tx.Exec(ctx,
		`UPDATE assignments SET opens_at = ?
			WHERE practice_id = ? AND after_id = ? AND opens_at IS NULL AND withdrawn_at IS NULL`, now, practice, assignment)
	return err
}

// Every returns how many days after sending one copy of a repeating worksheet the next opens; 0 is
// the same day. Joint pages and counselor forms do not repeat.
func (d Definition) Every() (days int, repeats bool) {
	if !d.Portal || d.FilledBy == Joint {
		return 0, false
	}
	switch word, _, _ := strings.Cut(d.Repeat, ","); word {
	case "Weekly":
		return 7, true
	case "Daily":
		return 1, true
	case "Ongoing", "As wished":
		return 0, true
	}
	return 0, false
}

// OpenNow opens a page that is waiting or has a later date.
func (st *Store) OpenNow(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	opened := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "assignment",
		ID: assignment, Reason: "opened",
	}
	n, err := audit.Exec(ctx, st.db, opened, `
		UPDATE assignments SET opens_at = ?
		WHERE practice_id = ? AND couple_id = ? AND id = ? AND withdrawn_at IS NULL AND (opens_at IS NULL OR opens_at > ?)`,
		now, c.PracticeID, c.ID, assignment, now)
	if err == nil && n == 0 {
		err = st.db.Get(ctx, new(string), `SELECT id FROM assignments WHERE practice_id = ? AND couple_id = ? AND id = ?`,
			c.PracticeID, c.ID, assignment)
	}
	if err != nil {
		return fmt.Errorf("open assignment %s: %w", assignment, err)
	}
	return nil
}

// ignoreNotFound returns err, or nil if it is fault.NotFound.
func ignoreNotFound(err error) error {
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
