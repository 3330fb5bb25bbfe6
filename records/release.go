package records

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/rowmac"
)

// An Overview is a request with the partners' authorizations and the pieces that can be released.
type Overview struct {
	Request Request
	Asked   []Authorization // both partners'
	Pieces  []Piece
}

// Overview returns a request with everything needed to decide on it.
func (st *Store) Overview(ctx context.Context, c couples.Couple, p couples.Partner, id string, now time.Time) (
	Overview, error,
) {
	r, err := st.Find(ctx, c, p, id)
	if err != nil {
		return Overview{}, err
	}
	asked, err := st.asked(ctx, st.db, c, id)
	if err != nil {
		return Overview{}, err
	}
	pieces, err := st.pieces(ctx, c, p, now)
	return Overview{r, asked, pieces}, err
}

// A Preview is what would be released for a request now.
type Preview struct {
	Request Request
	Pieces  []Piece   // those chosen
	Sheet   pdf.Sheet // the printed sheet
	Seen    string    // a hash of the contents
	Lacking []Part    // the chosen parts that cannot be released without a reason
}

// Preview returns what would be released for a request now.
func (st *Store) Preview(ctx context.Context, c couples.Couple, p couples.Partner, id string, now time.Time) (
	Preview, error,
) {
	o, err := st.Overview(ctx, c, p, id, now)
	if err != nil {
		return Preview{}, err
	}
	v := Preview{Request: o.Request, Pieces: slices.DeleteFunc(o.Pieces, func(one Piece) bool {
		return !slices.Contains(o.Request.Pieces, one.Key)
	})}
	v.Sheet, err = st.sheetOf(ctx, c, p, v.Request, v.Pieces, now)
	v.Seen, v.Lacking = hashOf(v.Sheet), lacking(v.Request.Capacity, v.Pieces, permitted(o.Asked, p, now))
	return v, err
}

// hashOf returns a hash of a sheet's contents that does not depend on the time of printing.
func hashOf(s pdf.Sheet) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", s.Blocks))
	return hex.EncodeToString(sum[:])
}

// lacking returns the parts among pieces whose basis is not met.
func lacking(capacity Capacity, pieces []Piece, given Permissions) (parts []Part) {
	info, _ := capacity.Info()
	for _, part := range []Part{Own, Joint} {
		chosen := slices.ContainsFunc(pieces, func(p Piece) bool { return p.Part == part })
		if chosen && !given.meet(info.Basis(part)) {
			parts = append(parts, part)
		}
	}
	return parts
}

// A Decision is the counselor's decision to release what they saw.
type Decision struct {
	Request  string
	Seen     string // Preview.Seen
	Reason   string // why something is released without an authorization: the legal basis
	WithData bool
}

// Release makes the release of a request, once: a PDF signed by the practice, and the data if
// chosen. The caller has checked the counselor’s password. The authorizations are checked again in
// its transaction. It returns fault.Conflict if the request is answered or the contents differ from
// what was seen, and fault.Fields if a part lacks an authorization and no reason is given.
func (st *Store) Release(ctx context.Context, c couples.Couple, p couples.Partner, d Decision, now time.Time) error {
	d.Reason = strings.TrimSpace(d.Reason)
	v, err := st.Preview(ctx, c, p, d.Request, now)
	if err == nil {
		err = v.refuse(d)
	}
	if err != nil {
		return fmt.Errorf("record request %s: %w", d.Request, err)
	}
	_, counselor, err := st.from.Accounts.PracticeAndCounselor(ctx, c.PracticeID, c.Reader.Person())
	if err != nil {
		return err
	}
	var data []byte
	if d.WithData {
		if data, err = dataOf(c, p, v, counselor, now); err != nil {
			return err
		}
	}
	err = rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Requests, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			if err := st.mayRelease(ctx, tx, c, p, v, d, now); err != nil {
				return err
			}
			if err := st.answer(ctx, tx, c, p, v.Request.ID, Released, d.Reason, now); err != nil {
				return err
			}
			return st.keep(ctx, tx, c, p, v, data, counselor, now)
		})
	if err != nil {
		return fmt.Errorf("record request %s: %w", d.Request, err)
	}
	return nil
}

// refuse returns why the preview cannot be released, regardless of authorizations.
func (v Preview) refuse(d Decision) error {
	bad := fault.Fields{}
	bad.Length("reason", d.Reason, 0, maxReason)
	switch {
	case !v.Request.IsOpen(), d.Seen != v.Seen:
		return fault.Conflict
	case len(v.Pieces) == 0:
		bad["pieces"] = "Choose at least one piece of the record."
	}
	return bad.Err()
}

// mayRelease locks the request and then checks the authorizations. A partner's withdrawal after
// this waits for the lock and then finds the request answered.
func (st *Store) mayRelease(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner, v Preview,
	d Decision, now time.Time,
) error {
	if err := lockOpenRequest(ctx, tx, c, v.Request.ID); err != nil {
		return err
	}
	asked, err := st.asked(ctx, tx, c, v.Request.ID)
	if err != nil {
		return err
	}
	if len(lacking(v.Request.Capacity, v.Pieces, permitted(asked, p, now))) > 0 && d.Reason == "" {
		return fault.Fields{"reason": "An authorization is missing. Remove those pieces, or enter the legal basis."}
	}
	return nil
}

// keep stores the released PDF and data (nil for none), and adds the disclosures to each partner's
// accounting.
func (st *Store) keep(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner, v Preview,
	zip []byte, by accounts.Counselor, now time.Time,
) error {
	id := rand.Text()
	identity, err := accounts.SigningIdentity(ctx, tx, st.vault, c.PracticeID, now)
	if err != nil {
		return err
	}
	file, err := pdf.Signed(v.Sheet, pdf.Signing{Name: by.Signature(), At: now, Sign: identity.Sign})
	if err != nil {
		return fmt.Errorf("file of release %s: %w", id, err)
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, fileOf(c, p))
	if err != nil {
		return err
	}
	row := box.Row("releases", id)
	sealed := row.Seal("file", string(file))
	var data []byte
	if zip != nil {
		data = row.Seal("data", string(zip))
	}
	if row.Err() != nil {
		return row.Err()
	}
	_, err = audit.Exec(ctx, tx, audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: audit.Sent, Object: "record release", ID: id,
	}, `
		INSERT INTO releases (id, practice_id, couple_id, request_id, partner_id, file, data, released_by, released_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, c.ID, v.Request.ID, p.ID, sealed, data, c.Reader.Person(), now)
	if err != nil {
		return err
	}
	if err := rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, rowmac.Release, id); err != nil {
		return err
	}
	return st.recordDisclosures(ctx, tx, c, p, v, id, now)
}

// A Release describes what was released for a request.
type Release struct {
	ID         string    `db:"id"`
	ReleasedAt time.Time `db:"released_at"`
	HasData    bool      `db:"has_data"`
}

// Released returns what was released for a request, or fault.NotFound.
func (st *Store) Released(ctx context.Context, c couples.Couple, p couples.Partner, request string) (Release, error) {
	var r Release
	err := st.db.Get(ctx, &r, `
		SELECT id, released_at, data IS NOT NULL AS has_data
		FROM releases
		WHERE practice_id = ? AND couple_id = ? AND partner_id = ? AND request_id = ?`,
		c.PracticeID, c.ID, p.ID, request)
	if err = cmp.Or(forStaff(c), err); err != nil {
		return r, fmt.Errorf("release for request %s: %w", request, err)
	}
	return r, nil
}

// File returns the released PDF, byte for byte, and the released data, if any. If the MAC is
// invalid, it returns fault.NotFound.
func (st *Store) File(ctx context.Context, c couples.Couple, p couples.Partner, request string) (file, data []byte,
	err error,
) {
	r, err := st.Released(ctx, c, p, request)
	if err != nil {
		return nil, nil, err
	}
	good, err := rowmac.IsValid(ctx, st.db, st.vault, c.PracticeID, rowmac.Release, r.ID)
	if err == nil && !good {
		err = fmt.Errorf("release %s: %w", r.ID, fault.NotFound)
	}
	var stored struct {
		File []byte `db:"file"`
		Data []byte `db:"data"`
	}
	err = cmp.Or(err, st.db.Get(ctx, &stored, `SELECT file, data FROM releases WHERE practice_id = ? AND id = ?`,
		c.PracticeID, r.ID))
	if err != nil {
		return nil, nil, err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, fileOf(c, p))
	if err != nil {
		return nil, nil, err
	}
	row := box.Row("releases", r.ID)
	file, data = []byte(row.Read("file", stored.File)), []byte(row.Read("data", stored.Data))
	return file, data, errors.Join(row.Err())
}
