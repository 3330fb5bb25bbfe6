package couples

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/fault"
	"mend/internal/vault"
)

// A SignedPolicy is the privacy policy as one partner read and signed it.
type SignedPolicy struct {
	Version    int       `db:"version"`
	PolicyID   string    `db:"policy_id"`
	Wording    Wording   `db:"wording"`
	Title      string    `db:"title"`
	Text       string    `db:"text"`
	SignedAt   time.Time `db:"signed_at"`
	SealedName []byte    `db:"name"`

	Name string `db:"-"` // as typed to sign
}

// Language returns the name of the language in which it was read.
func (s SignedPolicy) Language() string {
	if s.Wording == InEnglish {
		return "English"
	}
	return "Spanish"
}

// signedText returns the variant's title and full text in a wording. They are stored with the
// signature, because a later release may change the wording.
func (v Variant) signedText(w Wording) (title, text string) {
	t := policies
	switch w {
	case InSpanish:
		t = translated
	case WithUsted:
		t = formal
	}
	i := slices.IndexFunc(t.Variants, func(o Variant) bool { return o.ID == v.ID })
	if i < 0 {
		return v.Name, v.Text
	}
	said := t.Variants[i]
	return said.Name, strings.Join([]string{said.Text, t.CarveOut, t.Limits, t.Permission}, "\n\n")
}

// SignedPolicy returns the latest policy that a partner of c signed, if any, for that partner or
// the couple’s counselor. For the other partner it returns fault.NotFound.
func (st *Store) SignedPolicy(ctx context.Context, c Couple, p Partner) (SignedPolicy, bool, error) {
	if side := c.Reader.Side(); side != "" && side != vault.Side(p.Side) {
		return SignedPolicy{}, false, fault.NotFound
	}
	var list []SignedPolicy
	err := st.db.Select(ctx, &list, `
		SELECT y.version, s.policy_id, s.wording, s.title, s.text, s.signed_at, s.name
		FROM policy_signatures s
		JOIN privacy_policies y ON y.id = s.policy_id
		WHERE s.practice_id = ? AND s.partner_id = ?
		ORDER BY y.version DESC
		LIMIT 1`, c.PracticeID, p.ID)
	if err != nil || len(list) == 0 {
		return SignedPolicy{}, false, err
	}
	signed := list[0]
	if !slices.ContainsFunc(c.Policies, func(y Policy) bool { return y.ID == signed.PolicyID && y.Signed(p.Side) }) {
		return SignedPolicy{}, false, nil // its MAC is invalid
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, nameOf(p))
	if err != nil {
		return signed, false, err
	}
	row := box.Row("policy_signatures", signed.PolicyID+"/"+p.ID)
	signed.Name = row.Read("name", signed.SealedName)
	if err := row.Err(); err != nil {
		return signed, false, fmt.Errorf("signature under policy %s: %w", signed.PolicyID, err)
	}
	return signed, true, nil
}
