package treatment

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
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Kind is the kind of a partner's answer to a shared plan. An answer of one kind does not cancel
// one of the other.
type Kind string

// The kinds of answer.
const (
	Signed    Kind = "signed"
	Disagreed Kind = "disagreed"
)

// An Answer is a partner's own answer to a version of the plan.
type Answer struct {
	ID         string    `db:"id"`
	VersionID  string    `db:"version_id"`
	Version    int       `db:"version"` // the version's number
	Kind       Kind      `db:"answer"`
	Sealed     []byte    `db:"words"`
	Zone       string    `db:"zone"`
	AnsweredAt time.Time `db:"answered_at"`

	Words string `db:"-"` // the typed name, or what the partner disagrees with
}

// When returns the time of the answer in the time zone in which it was given.
func (a Answer) When() time.Time {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		zone = time.UTC
	}
	return a.AnsweredAt.In(zone)
}

// Signature returns the latest signature among answers, or the zero Answer.
func Signature(answers []Answer) Answer {
	for _, a := range slices.Backward(answers) {
		if a.Kind == Signed {
			return a
		}
	}
	return Answer{}
}

// Answers returns a partner's answers, oldest first, for that partner or the counselor. newest is
// the plan that partners see; without a shared plan, or if its MAC is invalid, there are no
// answers. For the other partner it returns fault.NotFound.
func (st *Store) Answers(ctx context.Context, c couples.Couple, newest Version, p couples.Partner) ([]Answer, error) {
	list, err := st.answers(ctx, st.db, c, newest, p)
	if err != nil {
		return nil, fmt.Errorf("plan answers of partner %s: %w", p.ID, err)
	}
	return list, nil
}

func (st *Store) answers(ctx context.Context, db *database.DB, c couples.Couple, newest Version, p couples.Partner) (
	[]Answer, error,
) {
	if side := c.Reader.Side(); side != "" && side != vault.Side(p.Side) {
		return nil, fault.NotFound
	}
	if p.Erased || !newest.IsShared() {
		return nil, nil
	}
	var list []Answer
	err := db.Select(ctx, &list, `
		SELECT a.id, a.version_id, v.number AS version, a.answer, a.words, a.zone, a.answered_at
		FROM treatment_plan_answers a
		JOIN treatment_plan_versions v ON v.id = a.version_id
		WHERE a.practice_id = ? AND a.partner_id = ? AND v.couple_id = ?
		ORDER BY a.number`, c.PracticeID, p.ID, c.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, db, c.Reader, answerOf(c, p))
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		row := box.Row("treatment_plan_answers", a.ID)
		list[i].Words = row.Read("words", a.Sealed)
		if err := row.Err(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// answerOf returns the vault item of a partner's answer.
func answerOf(c couples.Couple, p couples.Partner) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.PlanAnswer, State: vault.Kept, Of: vault.Side(p.Side)}
}

// Unanswered reports, for a partner, whether a plan was shared and whether they have not answered
// it. It decrypts nothing; the plan's MAC is checked when it is read.
func (st *Store) Unanswered(ctx context.Context, c couples.Couple, me couples.Partner) (shared, unanswered bool,
	err error,
) {
	if c.Reader.Side() != vault.Side(me.Side) {
		return false, false, fault.NotFound
	}
	var answers []int
	err = st.db.Select(ctx, &answers, `
		SELECT (SELECT COUNT(*) FROM treatment_plan_answers a WHERE a.version_id = v.id AND a.partner_id = ?)
		FROM treatment_plan_versions v
		WHERE v.practice_id = ? AND v.couple_id = ?
		ORDER BY v.number DESC
		LIMIT 1`, me.ID, c.PracticeID, c.ID)
	if err != nil {
		return false, false, fmt.Errorf("plan of couple %s: %w", c.ID, err)
	}
	return len(answers) > 0, len(answers) > 0 && answers[0] == 0, nil
}

// A Reply is a submitted answer.
type Reply struct {
	Version string // the id of the version shown
	Kind    Kind
	Read    bool   // the "I’ve read this" box, required to sign
	Words   string // the name to sign, or the disagreement
	Zone    string
	FormKey string
}

// validate trims the reply and returns what is wrong with it, by form field.
func (r *Reply) validate() error {
	r.Words = strings.TrimSpace(r.Words)
	bad := fault.Fields{}
	switch r.Kind {
	case Signed:
		bad.Length("name", r.Words, 1, 120)
		if !r.Read {
			bad["read"] = "error.confirm_read"
		}
	case Disagreed:
		bad.Length("line", r.Words, 1, 2000)
	default:
		return fault.Malformed
	}
	return bad.Err()
}

// Reply stores a partner's answer. Repeating a form key changes nothing. If another version was
// shared since, it returns fault.Conflict.
func (st *Store) Reply(ctx context.Context, c couples.Couple, me couples.Partner, r Reply, now time.Time) error {
	if c.Reader.Side() != vault.Side(me.Side) {
		return fault.NotFound
	}
	if err := r.validate(); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.TreatmentPlan, c.ID,
		func(ctx context.Context, tx *database.DB) error { return st.reply(ctx, tx, c, me, r, now) })
	if err != nil {
		return fmt.Errorf("plan of couple %s: %w", c.ID, err)
	}
	return nil
}

func (st *Store) reply(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, r Reply,
	now time.Time,
) error {
	if err := rowmac.Lock(ctx, tx, c.PracticeID, rowmac.TreatmentPlan, c.ID); err != nil {
		return err // serialize concurrent submissions
	}
	var times int
	err := tx.Get(ctx, &times, `
		SELECT COUNT(*) FROM treatment_plan_answers WHERE practice_id = ? AND partner_id = ? AND form_key = ?`,
		c.PracticeID, me.ID, r.FormKey)
	if err != nil || times > 0 {
		return err
	}
	newest, err := st.newest(ctx, tx, c)
	if err != nil {
		return err
	}
	if !newest.IsShared() || newest.ID != r.Version {
		return fault.Conflict
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, answerOf(c, me))
	if err != nil {
		return err
	}
	id := rand.Text()
	row := box.Row("treatment_plan_answers", id)
	words := row.Seal("words", r.Words)
	if err := row.Err(); err != nil {
		return err
	}
	action := map[Kind]audit.Action{Signed: audit.Signed, Disagreed: audit.Changed}[r.Kind]
	event := eventOf(c, action, "treatment plan", newest.ID, string(r.Kind))
	event.Side = string(me.Side)
	_, err = audit.Exec(ctx, tx, event, `
		INSERT INTO treatment_plan_answers (id, practice_id, version_id, partner_id, number, answer, words, zone,
		  answered_at, form_key)
		VALUES (?, ?, ?, ?, (SELECT COUNT(*) + 1 FROM treatment_plan_answers WHERE practice_id = ? AND partner_id = ?),
		  ?, ?, ?, ?, ?)`, id, c.PracticeID, newest.ID, me.ID, c.PracticeID, me.ID, r.Kind, words, r.Zone, now, r.FormKey)
	return err
}

// Disagreements returns what the partners of c disagree with in their plan, as each wrote it to the
// counselor, except what the partner except wrote.
func (st *Store) Disagreements(ctx context.Context, db *database.DB, c couples.Couple, except couples.Side) (
	texts []string, err error,
) {
	var rows []struct {
		ID     string       `db:"id"`
		Side   couples.Side `db:"side"`
		Sealed []byte       `db:"words"`
	}
	err = db.Select(ctx, &rows, `
		SELECT a.id, p.side, a.words
		FROM treatment_plan_answers a
		JOIN treatment_plan_versions v ON v.id = a.version_id
		JOIN partners p ON p.id = a.partner_id
		WHERE a.practice_id = ? AND v.couple_id = ? AND a.answer = '`+string(Disagreed)+`' AND p.side <> ?
		  AND p.erased_at IS NULL`, c.PracticeID, c.ID, except)
	if err != nil {
		return nil, fmt.Errorf("disagreements of couple %s: %w", c.ID, err)
	}
	for _, r := range rows {
		box, err := st.vault.Open(ctx, db, c.Reader, answerOf(c, c.Partner(r.Side)))
		if err != nil {
			return nil, err
		}
		row := box.Row("treatment_plan_answers", r.ID)
		texts = append(texts, row.Read("words", r.Sealed))
		if err := row.Err(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
