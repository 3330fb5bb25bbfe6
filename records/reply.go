package records

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Reply is a partner's answer to an authorization.
type Reply struct {
	Authorization string
	Answer        consents.State // Signed, Declined or Withdrawn
	Name          string
	TextHash      string // the hash of the text shown
	Zone          string
	FormKey       string
}

// Reply stores a partner's answer. Repeating a form key changes nothing. It returns fault.Conflict
// if the answer is not possible any more, or if the request was answered.
func (st *Store) Reply(ctx context.Context, c couples.Couple, me couples.Partner, r Reply, now time.Time) error {
	if c.Reader.Side() != vault.Side(me.Side) {
		return fault.NotFound
	}
	r.Name = strings.TrimSpace(r.Name)
	bad := fault.Fields{}
	if r.Answer == consents.Signed {
		bad.Length("name", r.Name, 1, 120)
	}
	if err := bad.Err(); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Requests, c.ID,
		func(ctx context.Context, tx *database.DB) error { return st.reply(ctx, tx, c, me, r, now) })
	if err != nil {
		return fmt.Errorf("authorization %s: %w", r.Authorization, err)
	}
	return nil
}

func (st *Store) reply(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, r Reply,
	now time.Time,
) error {
	a, err := st.authorization(ctx, tx, c, me, r.Authorization)
	if err != nil {
		return err
	}
	var times int
	err = tx.Get(ctx, &times, `
		SELECT COUNT(*) FROM authorization_answers WHERE authorization_id = ? AND form_key = ?`, a.ID, r.FormKey)
	if err != nil || times > 0 {
		return err
	}
	if err := lockOpenRequest(ctx, tx, c, a.RequestID); err != nil {
		return err
	}
	language, ok := a.Version.LanguageOf(r.TextHash)
	if !ok || !a.fits(r, now) {
		return fault.Conflict // not the text that was shown, or not possible any more
	}
	id := rand.Text()
	name, err := st.sealName(ctx, tx, c, me, id, r)
	if err != nil {
		return err
	}
	action := audit.Changed
	if r.Answer == consents.Signed {
		action = audit.Signed
	}
	_, err = audit.Exec(ctx, tx, authorizationEvent(c, me, action, a.ID, string(r.Answer)), `
		INSERT INTO authorization_answers (id, practice_id, authorization_id, number, answer, language, name, zone,
		  answered_at, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, a.ID, len(a.Answers)+1, r.Answer, language, name, r.Zone,
		now, r.FormKey)
	return err
}

// fits reports whether a reply is possible now.
func (a Authorization) fits(r Reply, now time.Time) bool {
	switch r.Answer {
	case consents.Signed:
		return a.MaySign(now)
	case consents.Declined:
		return a.MaySign(now) && a.State() == consents.Open
	case consents.Withdrawn:
		return a.MayWithdraw()
	}
	return false
}

// sealName encrypts the name of a signature; for any other answer it returns nil.
func (st *Store) sealName(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, id string,
	r Reply,
) ([]byte, error) {
	if r.Answer != consents.Signed {
		return nil, nil
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, ownOf(c, me))
	if err != nil {
		return nil, err
	}
	row := box.Row("authorization_answers", id)
	return row.Seal("name", r.Name), row.Err()
}
