package consents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A State is the state of a consent.
type State string

// The states. A partner who declined may still sign.
const (
	Open      State = "open"
	Signed    State = "signed"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Canceled  State = "canceled" // by the practice, before it was signed
)

// A Consent is a version of a form given to one partner to read and sign, with their answers.
type Consent struct {
	ID         string     `db:"id"`
	VersionID  string     `db:"version_id"`
	PartnerID  string     `db:"partner_id"`
	GivenAt    time.Time  `db:"given_at"`
	CanceledAt *time.Time `db:"canceled_at"`

	Version Version  `db:"-"`
	Answers []Answer `db:"-"` // oldest first
}

// An Answer is what a partner did with a consent: Signed, Declined or Withdrawn.
type Answer struct {
	ID         string    `db:"id"`
	ConsentID  string    `db:"consent_id"`
	Answer     State     `db:"answer"`
	Language   string    `db:"language"`  // the language in which it was read
	TextHash   string    `db:"text_hash"` // the hash of the text that was read
	SealedName []byte    `db:"name"`
	Zone       string    `db:"zone"`
	AnsweredAt time.Time `db:"answered_at"`

	Name string `db:"-"` // as typed to sign; "" for other answers
}

// When returns the time of the answer in the time zone in which it was given.
func (a Answer) When() time.Time {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		zone = time.UTC
	}
	return a.AnsweredAt.In(zone)
}

// State returns the state of the consent.
func (c Consent) State() State {
	switch {
	case len(c.Answers) > 0:
		return c.Answers[len(c.Answers)-1].Answer
	case c.CanceledAt != nil:
		return Canceled
	}
	return Open
}

// Signature returns the latest signature, if there is one.
func (c Consent) Signature() (Answer, bool) {
	for i := len(c.Answers) - 1; i >= 0; i-- {
		if c.Answers[i].Answer == Signed {
			return c.Answers[i], true
		}
	}
	return Answer{}, false
}

// Read returns the text that was signed, in the language in which it was read, or, if unsigned, the
// text in language l.
func (c Consent) Read(l *i18n.Language) (Wording, string) {
	if s, ok := c.Signature(); ok {
		return c.Version.inTag(s.Language)
	}
	return c.Version.In(l)
}

// List returns the consents of one partner, newest first, for that partner or the couple’s
// counselor. For the other partner it returns fault.NotFound.
func (st *Store) List(ctx context.Context, c couples.Couple, p couples.Partner) ([]Consent, error) {
	list, err := st.list(ctx, st.db, c, p)
	if err != nil {
		return nil, fmt.Errorf("consents of partner %s: %w", p.ID, err)
	}
	return list, nil
}

func (st *Store) list(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner) ([]Consent, error) {
	if side := c.Reader.Side(); side != "" && side != vault.Side(p.Side) {
		return nil, fault.NotFound
	}
	good, err := rowmac.IsValid(ctx, db, st.vault, c.PracticeID, rowmac.Consents, c.ID)
	if err != nil || !good {
		return nil, cmp.Or(err, fault.NotFound)
	}
	var list []Consent
	var versions []Version
	var answers []Answer
	err = errors.Join(
		db.Select(ctx, &list, `
			SELECT t.id, t.version_id, t.partner_id, t.given_at, t.canceled_at
			FROM consents t
			WHERE t.practice_id = ? AND t.couple_id = ? AND t.partner_id = ?
			ORDER BY t.given_at DESC, t.id`, c.PracticeID, c.ID, p.ID),
		db.Select(ctx, &versions, `
			SELECT DISTINCT `+versionColumns+`
			FROM consents t
			JOIN consent_versions v ON v.id = t.version_id
			WHERE t.practice_id = ? AND t.couple_id = ? AND t.partner_id = ?`, c.PracticeID, c.ID, p.ID),
		db.Select(ctx, &answers, `
			SELECT a.id, a.consent_id, a.answer, a.language, a.text_hash, a.name, a.zone, a.answered_at
			FROM consents t
			JOIN consent_answers a ON a.consent_id = t.id
			WHERE t.practice_id = ? AND t.couple_id = ? AND t.partner_id = ?
			ORDER BY a.consent_id, a.number`, c.PracticeID, c.ID, p.ID))
	if err == nil {
		versions, err = st.withValidMAC(ctx, db, c.PracticeID, versions)
	}
	if err == nil {
		err = st.openNames(ctx, db, c, p, answers)
	}
	if err != nil {
		return nil, err
	}
	return joined(list, versions, answers), nil
}

// joined combines consents with their versions and answers. It drops consents whose version has an
// invalid MAC.
func joined(list []Consent, versions []Version, answers []Answer) []Consent {
	byID := map[string]Version{}
	for _, v := range versions {
		byID[v.ID] = v
	}
	done := map[string][]Answer{}
	for _, a := range answers {
		done[a.ConsentID] = append(done[a.ConsentID], a)
	}
	var whole []Consent
	for _, c := range list {
		var ok bool
		if c.Version, ok = byID[c.VersionID]; ok {
			c.Answers = done[c.ID]
			whole = append(whole, c)
		}
	}
	return whole
}

// nameOf returns the vault item of the name with which a partner signed.
func nameOf(c couples.Couple, p couples.Partner) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.Consent, State: vault.Kept, Of: vault.Side(p.Side)}
}

// openNames decrypts the names in answers.
func (st *Store) openNames(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner,
	answers []Answer,
) error {
	if len(answers) == 0 {
		return nil
	}
	box, err := st.vault.Open(ctx, db, c.Reader, nameOf(c, p))
	if err != nil {
		return err
	}
	for i, a := range answers {
		row := box.Row("consent_answers", a.ID)
		answers[i].Name = row.Read("name", a.SealedName)
		if err := row.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Find returns a consent of a partner.
func (st *Store) Find(ctx context.Context, c couples.Couple, p couples.Partner, id string) (Consent, error) {
	return st.find(ctx, st.db, c, p, id)
}

func (st *Store) find(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner, id string) (
	Consent, error,
) {
	list, err := st.list(ctx, db, c, p)
	if err != nil {
		return Consent{}, fmt.Errorf("consent %s: %w", id, err)
	}
	for _, consent := range list {
		if consent.ID == id {
			return consent, nil
		}
	}
	return Consent{}, fmt.Errorf("consent %s: %w", id, fault.NotFound)
}
