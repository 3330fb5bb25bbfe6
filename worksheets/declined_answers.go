package worksheets

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/internal/vault"
)

// The choices that a sensitive question offers instead of an answer.
const (
	RatherNot = "rather-not"
	InPerson  = "in-person"
)

// DeclineOptions are the two choices as their author reads them.
var DeclineOptions = []Option{
	{Value: RatherNot, Label: "worksheet.instead.not_answer"},
	{Value: InPerson, Label: "worksheet.instead.in_session"},
}

// declineLabels are the two choices as the counselor reads them.
var declineLabels = map[string]i18n.Message{
	RatherNot: "worksheet.answered.not_answer",
	InPerson:  "worksheet.answered.in_person",
}

// declinePart is the suffix of the form field that holds such a choice.
const declinePart = "instead"

// readDeclined returns the choice that a form makes instead of answering f, or "".
func (f Field) readDeclined(form url.Values) string {
	said := form.Get("a." + f.ID + "." + declinePart)
	if !f.Sensitive || declineLabels[said] == "" {
		return ""
	}
	return said
}

// declinedFieldSet returns the field set that keeps answers their author decided not to give. They are
// sealed as a draft, which only the author may open, and never become part of the sent page.
func (st *Store) declinedFieldSet(ctx context.Context, db *database.DB, f OpenPage) (fields.FieldSet, error) {
	item := vault.Item{
		Couple: f.CoupleID, Material: f.material(), State: vault.Draft,
		Of: vault.Side(f.Side), ID: f.Answer.ID,
	}
	box, err := st.vault.Open(ctx, db, f.reader, item)
	return fields.FieldSet{Vault: st.vault, Practice: f.PracticeID, Owner: f.Answer.ID + "/declined", Box: box}, err
}

// keepDeclined keeps, within tx, what was written to questions that the author now declines, and
// clears it once they answer after all.
func (st *Store) keepDeclined(ctx context.Context, tx *database.DB, f OpenPage, values map[string]Value,
	key string, now time.Time,
) error {
	kept := map[string]string{}
	for id, v := range values {
		was := f.Values[id]
		switch {
		case v.Declined != "" && !v.answer().Blank():
			kept[id] = v.answer().Encode()
		case v.Declined != "" && was.Declined == "" && !was.Blank():
			kept[id] = was.Encode()
		case v.Declined == "" && was.Declined != "":
			kept[id] = ""
		}
	}
	if len(kept) == 0 {
		return nil
	}
	p, err := st.declinedFieldSet(ctx, tx, f)
	if err != nil {
		return err
	}
	return fields.Replace(ctx, tx, p, key, now, kept)
}

// withDeclined returns the values of an unsent page, with what its author had written to the
// questions they now decline.
func (st *Store) withDeclined(ctx context.Context, f OpenPage) (map[string]Value, error) {
	said := func(v Value) bool { return v.Declined != "" }
	if f.Sent() || !slices.ContainsFunc(slices.Collect(maps.Values(f.Values)), said) {
		return f.Values, nil
	}
	p, err := st.declinedFieldSet(ctx, st.db, f)
	if err != nil {
		return nil, err
	}
	declined := slices.DeleteFunc(slices.Collect(maps.Keys(f.Values)), func(id string) bool { return !said(f.Values[id]) })
	saved, err := fields.Some(ctx, st.db, p, declined)
	if err != nil {
		return nil, err
	}
	kept, err := decode(f.Worksheet, fields.Values(saved))
	if err != nil {
		return nil, err
	}
	for id, v := range f.Values {
		if said(v) {
			written := kept[id]
			written.Declined = v.Declined
			f.Values[id] = written
		}
	}
	return f.Values, nil
}

// answer returns v without the choice not to answer.
func (v Value) answer() Value {
	v.Declined = ""
	return v
}

// encodeDeclined encodes the choice not to answer, for a field of any type.
func (v Value) encodeDeclined() string {
	text, err := json.Marshal(map[string]string{declinePart: v.Declined})
	if err != nil { // a map of strings always marshals
		panic(err)
	}
	return string(text)
}

func decodeDeclined(text string) (v Value, ok bool) {
	if !strings.HasPrefix(text, `{"`+declinePart+`":`) {
		return v, false
	}
	var said map[string]string
	err := json.Unmarshal([]byte(text), &said)
	v.Declined = said[declinePart]
	return v, err == nil && declineLabels[v.Declined] != ""
}

// addFollowUpTopics adds each question that the author would rather talk about to the counselor's list, within
// the transaction that sends the page. It stores the question, nothing that was typed, sealed for
// the counselor alone.
func (st *Store) addFollowUpTopics(ctx context.Context, tx *database.DB, f OpenPage,
	values map[string]Value, now time.Time,
) error {
	english, err := st.wording(ctx, tx, f.Assignment.Worksheet, f.Definition) // the counselor reads English
	if err != nil {
		return err
	}
	for _, field := range f.Worksheet.Visible(f.Role, values) {
		if values[field.ID].Declined != InPerson {
			continue
		}
		box, err := st.vault.Open(ctx, tx, f.reader, talkItem(f.CoupleID, f.Side))
		if err != nil {
			return err
		}
		id := rand.Text()
		row := box.Row("follow_up_topics", id)
		asked, _ := english.Field(field.ID)
		words := row.Seal("words", asked.Label+" ("+english.Title+")")
		if row.Err() != nil {
			return row.Err()
		}
		_, err = tx.Exec(ctx,
			`INSERT INTO follow_up_topics (id, practice_id, couple_id, partner_id, words, put_at) VALUES (?, ?, ?, ?, ?, ?)`,
			id, f.PracticeID, f.CoupleID, f.PartnerID, words, now)
		if err != nil {
			return fmt.Errorf("agenda: %w", err)
		}
	}
	return nil
}

func talkItem(couple string, side couples.Side) vault.Item {
	return vault.Item{Couple: couple, Material: vault.CounselorField, State: vault.Sent, Of: vault.Side(side)}
}

// A Topic is a question that a partner would rather talk about than answer in writing.
type Topic struct {
	ID       string    `db:"id"`
	CoupleID string    `db:"couple_id"`
	Partner  string    `db:"partner_id"`
	RecordNo string    `db:"record_no"`
	PutAt    time.Time `db:"put_at"`
	Name     string    `db:"-"`
	Words    string    `db:"-"`
}

// Topics returns a counselor's list of topics to talk about, oldest first, of one couple or, if
// couple is "", of all.
func (st *Store) Topics(ctx context.Context, practice, counselor, couple string) ([]Topic, error) {
	var rows []struct {
		Topic
		Side    couples.Side `db:"side"`
		Address []byte       `db:"address_as"`
		Sealed  []byte       `db:"words"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT t.id, t.couple_id, t.partner_id, c.record_no, t.put_at, t.words, p.side, p.address_as
		FROM follow_up_topics t
		JOIN partners p ON p.id = t.partner_id
		JOIN couples c ON c.id = t.couple_id
		WHERE t.practice_id = ? AND c.counselor_id = ? AND (? = '' OR t.couple_id = ?) AND t.done_at IS NULL
		  AND p.erased_at IS NULL AND c.erased_at IS NULL
		ORDER BY t.put_at, t.id`, practice, counselor, couple, couple)
	if err != nil {
		return nil, fmt.Errorf("topics: %w", err)
	}
	list := make([]Topic, len(rows))
	for i, r := range rows {
		reader := vault.ForCounselor(practice, counselor, r.CoupleID)
		box, err := st.vault.Open(ctx, st.db, reader, talkItem(r.CoupleID, r.Side))
		if err != nil {
			return nil, err
		}
		row := box.Row("follow_up_topics", r.ID)
		list[i] = r.Topic
		list[i].Words = row.Read("words", r.Sealed)
		name, err := couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.Partner, r.Address)
		if err := errors.Join(row.Err(), err); err != nil {
			return nil, err
		}
		list[i].Name = name
	}
	return list, nil
}

// Talked marks one of the counselor's topics as done.
func (st *Store) Talked(ctx context.Context, practice, counselor, id string, now time.Time) error {
	talked := audit.Event{Practice: practice, Action: audit.Acknowledged, Object: "topic", ID: id}
	n, err := audit.Exec(ctx, st.db, talked, `
		UPDATE follow_up_topics SET done_at = COALESCE(done_at, ?)
		WHERE practice_id = ? AND id = ?
		  AND EXISTS (SELECT 1 FROM couples c WHERE c.id = follow_up_topics.couple_id AND c.counselor_id = ?)`, now,
		practice, id, counselor)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}
