package consents

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Reply is a partner's answer to a consent.
type Reply struct {
	Consent  string
	Answer   State // Signed, Declined or Withdrawn
	Name     string
	TextHash string // the hash of the text shown
	Zone     string
	FormKey  string
}

// possibleIn lists the states in which each answer is possible.
var possibleIn = map[State][]State{
	Signed: {Open, Declined}, Declined: {Open}, Withdrawn: {Signed},
}

// Reply stores a partner's answer. Repeating a form key changes nothing. It returns fault.Conflict
// if the answer is not possible any more, such as after signing, cancellation or withdrawal.
func (st *Store) Reply(ctx context.Context, c couples.Couple, me couples.Partner, r Reply, now time.Time) error {
	if c.Reader.Side() != vault.Side(me.Side) {
		return fault.NotFound
	}
	if possibleIn[r.Answer] == nil {
		return fault.Malformed
	}
	r.Name = strings.TrimSpace(r.Name)
	bad := fault.Fields{}
	if r.Answer == Signed {
		bad.Length("name", r.Name, 1, 120)
	}
	if err := bad.Err(); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Consents, c.ID,
		func(ctx context.Context, tx *database.DB) error { return st.reply(ctx, tx, c, me, r, now) })
	if err != nil {
		return fmt.Errorf("consent %s: %w", r.Consent, err)
	}
	return nil
}

func (st *Store) reply(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, r Reply,
	now time.Time,
) error {
	var times int
	err := tx.Get(ctx, &times, `
		SELECT COUNT(*) FROM consent_answers a WHERE a.consent_id = ? AND a.form_key = ?`, r.Consent, r.FormKey)
	if err != nil {
		return err
	}
	consent, err := st.find(ctx, tx, c, me, r.Consent)
	if err != nil || times > 0 {
		return err
	}
	if !slices.Contains(possibleIn[r.Answer], consent.State()) {
		return fault.Conflict
	}
	language, ok := consent.Version.LanguageOf(r.TextHash)
	if !ok {
		return fault.Conflict // not the text that was shown
	}
	id := rand.Text()
	name, err := st.sealName(ctx, tx, c, me, id, r)
	if err != nil {
		return err
	}
	_, err = audit.Exec(ctx, tx, eventOf(c, me, actionOf(r.Answer), consent.ID, string(r.Answer)), `
		INSERT INTO consent_answers (id, practice_id, consent_id, number, answer, language, text_hash, name, zone,
		  answered_at, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, consent.ID, len(consent.Answers)+1, r.Answer, language,
		r.TextHash, name, r.Zone, now, r.FormKey)
	return err
}

// sealName encrypts the name of a signature; for any other answer it returns nil.
func (st *Store) sealName(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, id string,
	r Reply,
) ([]byte, error) {
	if r.Answer != Signed {
		return nil, nil
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, nameOf(c, me))
	if err != nil {
		return nil, err
	}
	row := box.Row("consent_answers", id)
	return row.Seal("name", r.Name), row.Err()
}

func actionOf(answer State) audit.Action {
	if answer == Signed {
		return audit.Signed
	}
	return audit.Changed
}

// LanguageOf returns the language tag of the wording with a hash.
func (v Version) LanguageOf(hash string) (string, bool) {
	for _, l := range []*i18n.Language{i18n.English, i18n.Spanish} {
		if w, tag := v.In(l); w.Hash() == hash {
			return tag, true
		}
	}
	return "", false
}
