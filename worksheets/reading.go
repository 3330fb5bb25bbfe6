package worksheets

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
	"mend/sessions"
)

// ListedAtOnce limits how many sent pages a list shows, in addition to all open ones. It keeps the
// page of a couple with years of records as fast as a new one's.
const ListedAtOnce = 60

// ForCouple returns a couple's pages with the state of their answers, newest first, without their
// contents: all open ones, all joint ones, and the newest of those that were sent.
func (st *Store) ForCouple(ctx context.Context, c couples.Couple) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		WITH listed AS (
			SELECT a.id FROM answers a WHERE a.partner_id IN (?, ?) AND a.state = 'open'
			UNION
			SELECT a.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
			  WHERE s.couple_id = ? AND s.audience = 'joint'
			UNION
			SELECT id FROM (
				SELECT a.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
				WHERE s.couple_id = ? AND s.portal AND a.state = 'sent'
				ORDER BY s.created_at DESC
				LIMIT ?) newest)
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM listed l
		CROSS JOIN answers a -- in this order: SQLite would begin with all of the couple's
		CROSS JOIN assignments s
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE a.id = l.id AND s.id = a.assignment_id AND s.practice_id = ? AND s.couple_id = ? AND s.portal
		  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY s.created_at DESC, s.worksheet, s.audience, s.id, side`,
		c.Partners[0].ID, c.Partners[1].ID, c.ID, c.ID, ListedAtOnce, c.PracticeID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("pages of couple %s: %w", c.ID, err)
	}
	return st.pages(ctx, c, rows)
}

// File returns the counselor's forms in one partner's individual file, newest first, without their
// contents.
func (st *Store) File(ctx context.Context, c couples.Couple, p couples.Partner) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND a.partner_id = ? AND NOT s.portal AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL
		ORDER BY s.created_at DESC, s.id`, c.PracticeID, c.ID, p.ID)
	if err != nil {
		return nil, fmt.Errorf("file of partner %s: %w", p.ID, err)
	}
	return st.pages(ctx, c, rows)
}

// An Incoming is a sent page that its counselor has not marked as read.
type Incoming struct {
	Page
	Names    string
	RecordNo string // the couple's
}

// Received returns the pages sent to the counselor and not yet marked as read, oldest first.
func (st *Store) Received(ctx context.Context, practice, counselor string) ([]Incoming, error) {
	var rows []struct {
		pageRow
		Name     []byte `db:"name"`
		RecordNo string `db:"record_no"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`, p.address_as AS name, c.record_no
		FROM answers a
		CROSS JOIN assignments s
		CROSS JOIN couples c
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE a.practice_id = ? AND a.counselor_id = ? AND s.id = a.assignment_id AND c.id = s.couple_id
		  AND c.counselor_id = a.counselor_id AND a.state = 'sent' AND a.read_at IS NULL AND s.portal AND c.erased_at IS NULL
		  AND p.erased_at IS NULL
		ORDER BY a.sent_at, a.id`, practice, counselor)
	if err != nil {
		return nil, fmt.Errorf("came in: %w", err)
	}
	incoming := make([]Incoming, len(rows))
	for i, r := range rows {
		reader := vault.ForCounselor(practice, counselor, r.CoupleID)
		pages, err := st.pages(ctx, couples.Couple{Reader: reader}, []pageRow{r.pageRow})
		if err != nil {
			return nil, err
		}
		name, err := couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.PartnerID, r.Name)
		if err != nil {
			return nil, err
		}
		incoming[i] = Incoming{pages[0], name, r.RecordNo}
	}
	return incoming, nil
}

// Unread returns, by couple id, how many pages of the counselor's couples were sent and are not
// marked as read.
func (st *Store) Unread(ctx context.Context, practice, counselor string, ids []string) (map[string]int, error) {
	unread := make(map[string]int, len(ids))
	for some := range slices.Chunk(ids, 256) {
		var rows []struct {
			Couple string `db:"couple_id"`
			N      int    `db:"n"`
		}
		marks, couples := database.In(some)
		err := st.db.Select(ctx, &rows, `
			SELECT s.couple_id, COUNT(*) AS n
			FROM answers a
			JOIN assignments s ON s.id = a.assignment_id
			LEFT JOIN partners p ON p.id = a.partner_id
			WHERE a.practice_id = ? AND a.counselor_id = ? AND s.couple_id IN (`+marks+`)
			  AND a.state = 'sent' AND a.read_at IS NULL AND s.portal AND p.erased_at IS NULL
			GROUP BY s.couple_id`, append([]any{practice, counselor}, couples...)...)
		if err != nil {
			return nil, fmt.Errorf("unread pages: %w", err)
		}
		for _, r := range rows {
			unread[r.Couple] = r.N
		}
	}
	return unread, nil
}

// A SentPage is one partner's page as the counselor reads it. If the page was not sent, Values and
// Flags are empty.
type SentPage struct {
	Page
	Partner couples.Partner
	Role    sessions.Role
	Values  map[string]Value
	Flags   []Flag

	HasEarlier bool // the author sent the same worksheet before

	forPartner bool // only what the other partner might read, without the parts for the counselor
}

// CoupleOf returns the id of the couple that an assignment belongs to; the couples store decides
// who may see it.
func (st *Store) CoupleOf(ctx context.Context, practice, assignment string) (string, error) {
	var id string
	err := st.db.Get(ctx, &id, `SELECT couple_id FROM assignments WHERE practice_id = ? AND id = ?`, practice, assignment)
	if err != nil {
		return "", fmt.Errorf("assignment %s: %w", assignment, err)
	}
	return id, nil
}

// Read returns the answers to an assignment of a couple in the counselor's caseload: one, or one
// per partner for a joint page. Other pages of the worksheet are read for comparison only and are
// not logged as opened.
func (st *Store) Read(ctx context.Context, c couples.Couple, assignment string) ([]SentPage, error) {
	var a Assignment
	err := st.db.Get(ctx, &a,
		`SELECT `+assignmentColumns+` FROM assignments s WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ?`,
		c.PracticeID, c.ID, assignment)
	if err == nil {
		err = st.unsealWording(ctx, c.Reader, &a)
	}
	if err != nil {
		return nil, fmt.Errorf("assignment %s: %w", assignment, err)
	}
	all, err := st.readWithCompared(ctx, c, a)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, lastSentFirst)
	var readings []SentPage
	for i := range all {
		if all[i].Assignment.ID != assignment {
			continue
		}
		if all[i].Readable() {
			if all[i].HasEarlier, err = st.hasEarlier(ctx, all[i]); err != nil {
				return nil, err
			}
			if err := st.show(ctx, c, all[i].Page); err != nil {
				return nil, err
			}
			all[i].Flags = all[i].Worksheet.Raise(Context{all[i].Values, otherAnswers(all, all[i]), earlierAnswers(all, all[i])})
		}
		readings = append(readings, all[i])
	}
	if len(readings) == 0 {
		return nil, fmt.Errorf("assignment %s: %w", assignment, fault.NotFound)
	}
	return readings, nil
}

// show opens, for the audit log, a page that was read for comparison and is now shown.
func (st *Store) show(ctx context.Context, c couples.Couple, p Page) error {
	_, err := st.fieldSet(ctx, st.db, c.Reader, p)
	return err
}

// lastSentFirst sorts pages by when they were sent, newest first and unsent ones last. Pages of one
// assignment are sorted by partner.
func lastSentFirst(a, b SentPage) int {
	switch {
	case a.Assignment.ID == b.Assignment.ID:
		return strings.Compare(string(a.Side), string(b.Side))
	case a.Sent() != b.Sent():
		return map[bool]int{true: -1, false: 1}[a.Sent()]
	case a.Sent():
		return b.SentAt.Compare(*a.SentAt)
	}
	return 0
}

// MarkRead removes an assignment from the list of received pages.
func (st *Store) MarkRead(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	_, err := st.db.Exec(ctx, `
		UPDATE answers SET read_at = ?
		WHERE practice_id = ? AND assignment_id = ? AND state = 'sent' AND read_at IS NULL
		  AND EXISTS (SELECT 1 FROM assignments s WHERE s.id = answers.assignment_id AND s.couple_id = ?)`,
		now, c.PracticeID, assignment, c.ID)
	if err != nil {
		return fmt.Errorf("mark assignment %s as read: %w", assignment, err)
	}
	return nil
}
