package records

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// An Authorization is one partner's authorization of a release, with their answers. Its text never
// changes; the partner can read it in either language.
type Authorization struct {
	ID        string    `db:"id"`
	RequestID string    `db:"request_id"`
	PartnerID string    `db:"partner_id"`
	Part      Part      `db:"part"`
	AskedAt   time.Time `db:"asked_at"`
	ExpiresAt time.Time `db:"expires_at"`
	IsOver    bool      `db:"is_over"` // the request was answered: what was sent can’t be taken back

	Version consents.Version  `db:"-"` // its text
	Answers []consents.Answer `db:"-"` // oldest first
}

// State returns the state of the authorization.
func (a Authorization) State() consents.State {
	if n := len(a.Answers); n > 0 {
		return a.Answers[n-1].Answer
	}
	return consents.Open
}

// IsInForce reports whether the authorization is in force.
func (a Authorization) IsInForce(now time.Time) bool {
	return a.State() == consents.Signed && now.Before(a.ExpiresAt)
}

// MaySign reports whether the partner may sign it or decline it.
func (a Authorization) MaySign(now time.Time) bool {
	state := a.State()
	return !a.IsOver && now.Before(a.ExpiresAt) && (state == consents.Open || state == consents.Declined)
}

// MayWithdraw reports whether the partner may withdraw it, which is possible until something was
// sent.
func (a Authorization) MayWithdraw() bool { return !a.IsOver && a.State() == consents.Signed }

// Read returns the text that was signed, in the language in which it was read, or, if unsigned, the
// text in language l, with the language tag.
func (a Authorization) Read(l *i18n.Language) (consents.Wording, string) {
	return consents.Consent{Version: a.Version, Answers: a.Answers}.Read(l)
}

// Signature returns the latest signature, if there is one.
func (a Authorization) Signature() (consents.Answer, bool) {
	return consents.Consent{Answers: a.Answers}.Signature()
}

// authorizationDays is how long an authorization is valid.
const authorizationDays = 90

// An AuthorizationRequest is a request to a partner for an authorization.
type AuthorizationRequest struct {
	Of       couples.Partner // the partner
	Part     Part
	Practice string         // the practice's name
	Zone     *time.Location // the zone for the date of expiry
}

// Ask requests an authorization from a partner. Repeating it changes nothing. If the record request
// was answered, it returns fault.Conflict.
func (st *Store) Ask(ctx context.Context, c couples.Couple, about couples.Partner, request string,
	a AuthorizationRequest, now time.Time,
) error {
	if a.Part == Own && a.Of.ID != about.ID || a.Part != Own && a.Part != Joint {
		return fault.Malformed // only the partner concerned can authorize releasing their own part
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Requests, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			r, err := st.find(ctx, tx, c, about, request)
			if err == nil {
				err = lockOpenRequest(ctx, tx, c, r.ID)
			}
			if err != nil {
				return err
			}
			return st.insertAuthorization(ctx, tx, c, r, a, now)
		})
	if err != nil {
		return fmt.Errorf("record request %s: %w", request, err)
	}
	return nil
}

// lockOpenRequest locks the row of a request until tx ends, so that it cannot be answered meanwhile. If it
// was answered, it returns fault.Conflict.
func lockOpenRequest(ctx context.Context, tx *database.DB, c couples.Couple, request string) error {
	n, err := tx.Exec(ctx, `
		UPDATE record_requests SET revision = revision
		WHERE practice_id = ? AND couple_id = ? AND id = ? AND answered_at IS NULL`, c.PracticeID, c.ID, request)
	if err == nil && n == 0 {
		err = fault.Conflict
	}
	return err
}

func (st *Store) insertAuthorization(ctx context.Context, tx *database.DB, c couples.Couple, r Request,
	a AuthorizationRequest, now time.Time,
) error {
	id, until := rand.Text(), now.AddDate(0, 0, authorizationDays)
	box, err := st.vault.Open(ctx, tx, c.Reader, ownOf(c, a.Of))
	if err != nil {
		return err
	}
	row := box.Row("authorizations", id)
	text := row.Seal("text", a.words(r, until, i18n.English).Text)
	spanish := row.Seal("text_es", a.words(r, until, i18n.Spanish).Text)
	if row.Err() != nil {
		return row.Err()
	}
	asked := authorizationEvent(c, a.Of, audit.Created, id, string(a.Part))
	_, err = audit.Exec(ctx, tx, asked, `
		INSERT INTO authorizations (id, practice_id, couple_id, request_id, partner_id, part, text, text_es, asked_by,
		  asked_at, expires_at)
		SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
		WHERE NOT EXISTS (SELECT 1 FROM authorizations z WHERE z.request_id = ? AND z.partner_id = ? AND z.part = ?)`,
		id, c.PracticeID, c.ID, r.ID, a.Of.ID, a.Part, text, spanish, c.Reader.Person(), now, until,
		r.ID, a.Of.ID, a.Part)
	return err
}

func authorizationEvent(c couples.Couple, p couples.Partner, action audit.Action, id, reason string) audit.Event {
	return audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: action, Object: "authorization", ID: id,
		Reason: reason,
	}
}

// Authorizations returns a partner's authorizations, newest first, for that partner or the couple’s
// counselor. For the other partner it returns fault.NotFound.
func (st *Store) Authorizations(ctx context.Context, c couples.Couple, p couples.Partner) ([]Authorization, error) {
	if err := st.checkMAC(ctx, st.db, c); err != nil {
		return nil, err
	}
	return st.authorizations(ctx, st.db, c, p, "")
}

// Authorization returns one of a partner's authorizations.
func (st *Store) Authorization(ctx context.Context, c couples.Couple, p couples.Partner, id string) (
	Authorization, error,
) {
	return st.authorization(ctx, st.db, c, p, id)
}

func (st *Store) authorization(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner, id string) (
	Authorization, error,
) {
	if err := st.checkMAC(ctx, db, c); err != nil {
		return Authorization{}, err
	}
	list, err := st.authorizations(ctx, db, c, p, "")
	i := slices.IndexFunc(list, func(a Authorization) bool { return a.ID == id })
	if err == nil && i < 0 {
		err = fmt.Errorf("authorization %s: %w", id, fault.NotFound)
	}
	if err != nil {
		return Authorization{}, err
	}
	return list[i], nil
}

// authorizations returns a partner's authorizations for one request, or all if request is "". If
// the partner's data was erased, it returns none, since their text is gone.
func (st *Store) authorizations(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner,
	request string,
) ([]Authorization, error) {
	if side := c.Reader.Side(); side != "" && side != vault.Side(p.Side) {
		return nil, fault.NotFound
	}
	if p.Erased {
		return nil, nil
	}
	var rows []struct {
		Authorization
		Sealed        []byte `db:"text"`
		SealedSpanish []byte `db:"text_es"`
	}
	var answers []authorizationAnswer
	err := errors.Join(
		db.Select(ctx, &rows, `
			SELECT z.id, z.request_id, z.partner_id, z.part, z.asked_at, z.expires_at, z.text, z.text_es,
			       r.answered_at IS NOT NULL AS is_over
			FROM authorizations z
			JOIN record_requests r ON r.id = z.request_id
			WHERE z.practice_id = ? AND z.couple_id = ? AND z.partner_id = ? AND (? = '' OR z.request_id = ?)
			ORDER BY z.asked_at DESC, z.id`, c.PracticeID, c.ID, p.ID, request, request),
		db.Select(ctx, &answers, `
			SELECT a.id, a.authorization_id, a.answer, a.language, a.name, a.zone, a.answered_at
			FROM authorizations z
			JOIN authorization_answers a ON a.authorization_id = z.id
			WHERE z.practice_id = ? AND z.couple_id = ? AND z.partner_id = ?
			ORDER BY a.authorization_id, a.number`, c.PracticeID, c.ID, p.ID))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, db, c.Reader, ownOf(c, p))
	if err != nil {
		return nil, err
	}
	list := make([]Authorization, len(rows))
	for i, r := range rows {
		row := box.Row("authorizations", r.ID)
		list[i] = r.Authorization
		list[i].Version = consents.Version{
			Title: titleIn(i18n.English), Text: row.Read("text", r.Sealed),
			TitleES: titleIn(i18n.Spanish), TextES: row.Read("text_es", r.SealedSpanish),
		}
		if row.Err() != nil {
			return nil, row.Err()
		}
		if list[i].Answers, err = answersOf(box, r.ID, answers); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// authorizationAnswer is a stored answer.
type authorizationAnswer struct {
	ID         string         `db:"id"`
	Of         string         `db:"authorization_id"`
	Answer     consents.State `db:"answer"`
	Language   string         `db:"language"`
	SealedName []byte         `db:"name"`
	Zone       string         `db:"zone"`
	AnsweredAt time.Time      `db:"answered_at"`
}

// answersOf returns the answers to one authorization, with the names decrypted.
func answersOf(box vault.Box, id string, all []authorizationAnswer) (list []consents.Answer, err error) {
	for _, a := range all {
		if a.Of != id {
			continue
		}
		row := box.Row("authorization_answers", a.ID)
		list = append(list, consents.Answer{
			ID: a.ID, Answer: a.Answer, Language: a.Language, Zone: a.Zone, AnsweredAt: a.AnsweredAt,
			Name: row.Read("name", a.SealedName),
		})
		err = cmp.Or(err, row.Err())
	}
	return list, err
}

// asked returns both partners' authorizations for a request.
func (st *Store) asked(ctx context.Context, db *database.DB, c couples.Couple, request string) (
	list []Authorization, err error,
) {
	for _, p := range c.Partners {
		of, err := st.authorizations(ctx, db, c, p, request)
		if err != nil {
			return nil, err
		}
		list = append(list, of...)
	}
	return list, nil
}

// permitted returns which authorizations for a request about a partner are in force.
func permitted(asked []Authorization, about couples.Partner, now time.Time) (given Permissions) {
	for _, a := range asked {
		switch {
		case !a.IsInForce(now):
		case a.Part == Own:
			given.Own = true
		case a.PartnerID == about.ID:
			given.First = true
		default:
			given.Other = true
		}
	}
	return given
}
