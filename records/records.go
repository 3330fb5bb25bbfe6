// Package records decides who may have what of a record: requests, each partner's authorization,
// what is released, and the accounting of disclosures. It depends on everything that a record
// consists of.
//
// A request concerns one partner, so that no release contains the own parts of both. An order that
// names both partners is entered as two requests.
package records

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// A Store stores requests and releases in a database.
type Store struct {
	db    *database.DB
	vault *vault.Vault
	from  Sources
}

// Sources are the stores with the contents of a record.
type Sources struct {
	Accounts   *accounts.Store
	Couples    *couples.Store
	Consents   *consents.Store
	Sessions   *sessions.Store
	Worksheets *worksheets.Store
	Promises   *promises.Store
	Treatment  *treatment.Store
}

// NewStore returns a store in db, encrypted by v, that releases records from other stores.
func NewStore(db *database.DB, v *vault.Vault, from Sources) *Store { return &Store{db, v, from} }

// An Outcome is the answer to a request.
type Outcome string

// The outcomes. An open request has none.
const (
	Released Outcome = "released"
	Declined Outcome = "declined"
)

// A Request is a request for parts of the record.
type Request struct {
	ID         string     `db:"id"`
	PartnerID  string     `db:"partner_id"`
	Capacity   Capacity   `db:"capacity"`
	ReceivedOn time.Time  `db:"received_on"` // midnight UTC of that day
	DueOn      time.Time  `db:"due_on"`
	Revision   int        `db:"revision"`
	Outcome    Outcome    `db:"outcome"` // "" while it is open
	AnsweredAt *time.Time `db:"answered_at"`

	Requester string   `db:"-"`
	Purpose   string   `db:"-"` // what is requested and why, as a partner reads it
	Pieces    []string `db:"-"` // keys of the pieces chosen for release
	Reason    string   `db:"-"` // why it was declined, or released without an authorization
}

// IsOpen reports whether the request is unanswered.
func (r Request) IsOpen() bool { return r.AnsweredAt == nil }

// validate returns what is missing or invalid.
func (r Request) validate(now time.Time) error {
	bad := fault.Fields{}
	if _, ok := r.Capacity.Info(); !ok {
		bad["capacity"] = "Choose who is asking."
	}
	bad.Length("requester", r.Requester, 1, 200)
	bad.Length("purpose", r.Purpose, 1, 2000)
	if r.ReceivedOn.IsZero() || r.ReceivedOn.After(now.AddDate(0, 0, 1)) {
		bad["received"] = "Enter the day the request arrived, today or earlier."
	}
	if r.DueOn.IsZero() || r.DueOn.Before(r.ReceivedOn) {
		bad["due"] = "Enter a day on or after the day the request arrived."
	}
	return bad.Err()
}

type requestRow struct {
	Request
	SealedRequester []byte `db:"requester"`
	SealedPurpose   []byte `db:"purpose"`
	SealedPieces    []byte `db:"pieces"`
	SealedReason    []byte `db:"reason"`
}

const requestColumns = `r.id, r.partner_id, r.capacity, r.received_on, r.due_on, r.revision,
	COALESCE(r.answer, '') AS outcome, r.answered_at, r.requester, r.purpose, r.pieces, r.reason`

// fileOf returns the vault item of a partner's individual file, which contains the requests about
// them.
func fileOf(c couples.Couple, p couples.Partner) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(p.Side)}
}

// ownOf returns the vault item that only one partner and their counselor can read.
func ownOf(c couples.Couple, p couples.Partner) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.Consent, State: vault.Kept, Of: vault.Side(p.Side)}
}

// forStaff returns fault.NotFound if the reader is a partner: requests are for the counselor.
func forStaff(c couples.Couple) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	return nil
}

// Enter stores a request about partner p and returns its id. A repeated form key returns the id of
// the first.
func (st *Store) Enter(ctx context.Context, c couples.Couple, p couples.Partner, r Request, formKey string,
	now time.Time,
) (string, error) {
	r.Requester, r.Purpose = strings.TrimSpace(r.Requester), strings.TrimSpace(r.Purpose)
	if err := errors.Join(forStaff(c), r.validate(now)); err != nil {
		return "", err
	}
	id := rand.Text()
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Requests, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			box, err := st.vault.Open(ctx, tx, c.Reader, fileOf(c, p))
			if err != nil {
				return err
			}
			row := box.Row("record_requests", id)
			requester, purpose := row.Seal("requester", r.Requester), row.Seal("purpose", r.Purpose)
			if row.Err() != nil {
				return row.Err()
			}
			_, err = audit.Exec(ctx, tx, eventOf(c, p, audit.Created, id, string(r.Capacity)), `
				INSERT INTO record_requests (id, practice_id, couple_id, partner_id, capacity, requester, purpose, received_on,
				  due_on, revision, entered_by, entered_at, form_key)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`, id, c.PracticeID, c.ID, p.ID, r.Capacity, requester, purpose,
				r.ReceivedOn, r.DueOn, c.Reader.Person(), now, formKey)
			return err
		})
	if errors.Is(err, fault.Conflict) {
		err = st.db.Get(ctx, &id, `
			SELECT id FROM record_requests WHERE practice_id = ? AND couple_id = ? AND form_key = ?`,
			c.PracticeID, c.ID, formKey)
	}
	if err != nil {
		return "", fmt.Errorf("record request: %w", err)
	}
	return id, nil
}

func eventOf(c couples.Couple, p couples.Partner, action audit.Action, id, reason string) audit.Event {
	return audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: action, Object: "record request", ID: id,
		Reason: reason,
	}
}

// Requests returns the requests about partner p, newest first.
func (st *Store) Requests(ctx context.Context, c couples.Couple, p couples.Partner) ([]Request, error) {
	list, err := st.requests(ctx, st.db, c, p, `ORDER BY r.received_on DESC, r.id`)
	if err != nil {
		return nil, fmt.Errorf("record requests about partner %s: %w", p.ID, err)
	}
	return list, nil
}

// Find returns a request about the partner p.
func (st *Store) Find(ctx context.Context, c couples.Couple, p couples.Partner, id string) (Request, error) {
	return st.find(ctx, st.db, c, p, id)
}

func (st *Store) find(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner, id string) (
	Request, error,
) {
	list, err := st.requests(ctx, db, c, p, `AND r.id = ?`, id)
	if err == nil && len(list) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Request{}, fmt.Errorf("record request %s: %w", id, err)
	}
	return list[0], nil
}

// requests returns the requests that the rest of a query selects.
func (st *Store) requests(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner, rest string,
	args ...any,
) ([]Request, error) {
	if err := errors.Join(forStaff(c), st.checkMAC(ctx, db, c)); err != nil {
		return nil, err
	}
	var rows []requestRow
	err := db.Select(ctx, &rows, `
		SELECT `+requestColumns+`
		FROM record_requests r
		WHERE r.practice_id = ? AND r.couple_id = ? AND r.partner_id = ? `+rest,
		append([]any{c.PracticeID, c.ID, p.ID}, args...)...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, db, c.Reader, fileOf(c, p))
	if err != nil {
		return nil, err
	}
	list := make([]Request, len(rows))
	for i, r := range rows {
		row := box.Row("record_requests", r.ID)
		list[i] = r.Request
		list[i].Requester, list[i].Purpose = row.Read("requester", r.SealedRequester), row.Read("purpose", r.SealedPurpose)
		list[i].Pieces = strings.Fields(row.Read("pieces", r.SealedPieces))
		list[i].Reason = row.Read("reason", r.SealedReason)
		if row.Err() != nil {
			return nil, row.Err()
		}
	}
	return list, nil
}

// checkMAC returns fault.NotFound if the MAC of a couple's requests is invalid.
func (st *Store) checkMAC(ctx context.Context, db *database.DB, c couples.Couple) error {
	good, err := rowmac.IsValid(ctx, db, st.vault, c.PracticeID, rowmac.Requests, c.ID)
	if err == nil && !good {
		err = fmt.Errorf("record requests of couple %s: %w", c.ID, fault.NotFound)
	}
	return err
}

// Choose stores which pieces of the record to release. It returns fault.Conflict if the request was
// changed since that revision or is answered.
func (st *Store) Choose(ctx context.Context, c couples.Couple, p couples.Partner, id string, pieces []string,
	revision int,
) error {
	if err := forStaff(c); err != nil {
		return err
	}
	pieces = slices.Compact(slices.Sorted(slices.Values(pieces)))
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		box, err := st.vault.Open(ctx, tx, c.Reader, fileOf(c, p))
		if err != nil {
			return err
		}
		row := box.Row("record_requests", id)
		sealed := row.Seal("pieces", strings.Join(pieces, " "))
		if row.Err() != nil {
			return row.Err()
		}
		n, err := audit.Exec(ctx, tx, eventOf(c, p, audit.Changed, id, "chosen"), `
			UPDATE record_requests SET pieces = ?, revision = revision + 1
			WHERE practice_id = ? AND couple_id = ? AND partner_id = ? AND id = ? AND revision = ? AND answered_at IS NULL`,
			sealed, c.PracticeID, c.ID, p.ID, id, revision)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("record request %s: %w", id, err)
	}
	return nil
}

// Decline answers a request by declining it for a reason. If the request is answered already, it
// returns fault.Conflict.
func (st *Store) Decline(ctx context.Context, c couples.Couple, p couples.Partner, id, reason string,
	now time.Time,
) error {
	reason = strings.TrimSpace(reason)
	bad := fault.Fields{}
	bad.Length("reason", reason, 1, maxReason)
	if err := errors.Join(forStaff(c), bad.Err()); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Requests, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			return st.answer(ctx, tx, c, p, id, Declined, reason, now)
		})
	if err != nil {
		return fmt.Errorf("record request %s: %w", id, err)
	}
	return nil
}

// maxReason is the maximum length of a reason, in characters.
const maxReason = 2000

// answer stores the outcome of an open request and locks its row.
func (st *Store) answer(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner, id string, o Outcome,
	reason string, now time.Time,
) error {
	box, err := st.vault.Open(ctx, tx, c.Reader, fileOf(c, p))
	if err != nil {
		return err
	}
	var sealed []byte
	if reason != "" {
		row := box.Row("record_requests", id)
		if sealed = row.Seal("reason", reason); row.Err() != nil {
			return row.Err()
		}
	}
	n, err := audit.Exec(ctx, tx, eventOf(c, p, audit.Changed, id, string(o)), `
		UPDATE record_requests SET answer = ?, answered_at = ?, reason = ?, revision = revision + 1
		WHERE practice_id = ? AND couple_id = ? AND partner_id = ? AND id = ? AND answered_at IS NULL`,
		o, now, sealed, c.PracticeID, c.ID, p.ID, id)
	if err == nil && n == 0 {
		err = fault.Conflict
	}
	return err
}
