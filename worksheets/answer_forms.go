package worksheets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
)

// A Form is a whole page as it was submitted.
type Form struct {
	Values map[string]Value
	Seen   int    // OpenPage.Seen when the form was rendered
	Key    string // identical when the same form is sent again
	Send   bool   // send the page rather than save it for later
	By     string // who typed it
}

// SaveForm stores a whole form and, if form.Send is set, sends the page, which can then never
// change. It returns missing answers by field after everything was saved. Sending a page that was
// already sent changes nothing. If the page was changed elsewhere since the form was rendered,
// SaveForm stores only answers to questions that have none, keeps the others as copies, and returns
// fault.Conflict; the person reviews and saves again.
func (st *Store) SaveForm(ctx context.Context, f OpenPage, form Form, now time.Time) error {
	if f.Sent() {
		return nil
	}
	if err := f.Worksheet.Stop(form.Values); err != nil {
		return err
	}
	form.Send = form.Send && !f.IsJoint() // the counselor closes a joint page
	missing := f.Worksheet.Check(f.Role, form.Values).Err()
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guardOpen(ctx, tx, f, now); err != nil {
			return err
		}
		if err := replace(ctx, tx, f, form, now); err != nil {
			return err
		}
		if err := st.keepDeclined(ctx, tx, f, form.Values, form.Key, now); err != nil {
			return err
		}
		if !form.Send || missing != nil {
			return nil
		}
		_, err := tx.Exec(ctx,
			`UPDATE answers SET state = 'sent', sent_at = ?, language = `+f.filledIn()+`
			WHERE practice_id = ? AND id = ? AND state = 'open'`, now, f.PracticeID, f.Answer.ID)
		if err != nil {
			return err
		}
		if err := st.stampMACs(ctx, tx, f.PracticeID, f.Answer.ID); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, f.event(audit.Sent, "")); err != nil {
			return err
		}
		if err := st.addFollowUpTopics(ctx, tx, f, form.Values, now); err != nil {
			return err
		}
		if err := st.openNext(ctx, tx, f, now); err != nil {
			return err
		}
		return st.followUp(ctx, tx, f, form.Values, now)
	})
	switch {
	case errors.Is(err, fault.Locked) && form.Send:
		return st.sentAlready(ctx, f, form)
	case errors.Is(err, fault.Conflict):
		if kept := st.keepForm(context.WithoutCancel(ctx), f, form, now); kept != nil {
			return kept
		}
	}
	if err != nil {
		return fmt.Errorf("answer %s: %w", f.Answer.ID, err)
	}
	if form.Send {
		return missing
	}
	return nil
}

// keepForm saves what it can of a form whose page was changed elsewhere: answers to questions that
// have none yet. Any other answer that differs is kept as a copy beside the stored one.
func (st *Store) keepForm(ctx context.Context, f OpenPage, form Form, now time.Time) error {
	saved, err := fields.All(ctx, st.db, f.place)
	if err != nil {
		return err
	}
	for id, v := range form.Values {
		text := v.Encode()
		if text == "" || text == saved[id].Value {
			continue
		}
		edit := fields.Edit{Field: id, Value: text, Key: keyOf(form, id), At: now, By: form.By}
		_, err := st.SaveAnswer(ctx, f, edit, v)
		if err != nil && !errors.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// keyOf returns the save key of one field of a form. Its length does not depend on the field's id,
// because save keys are limited.
func keyOf(form Form, field string) string {
	sum := sha256.Sum256([]byte(field))
	return form.Key + ".f" + hex.EncodeToString(sum[:6])
}

// sentAlready returns nil if the page was sent meanwhile with the same values as form, as after a
// double click, and fault.Locked if the values differ.
func (st *Store) sentAlready(ctx context.Context, f OpenPage, form Form) error {
	saved, err := fields.All(ctx, st.db, f.place)
	if err != nil {
		return err
	}
	for id, v := range form.Values {
		if v.Encode() != saved[id].Value {
			return fmt.Errorf("answer %s: %w", f.Answer.ID, fault.Locked)
		}
	}
	return nil
}

// replace stores the form's values unless that would overwrite changes made since the form was
// rendered.
func replace(ctx context.Context, tx *database.DB, f OpenPage, form Form, now time.Time) error {
	saved, err := fields.All(ctx, tx, f.place)
	if err != nil {
		return err
	}
	values, differ := map[string]string{}, false
	for id, v := range form.Values {
		text := v.Encode()
		if text == "" && saved[id].Revision == 0 {
			continue
		}
		values[id] = text
		differ = differ || saved[id].Value != text
	}
	if differ && seen(saved) != form.Seen {
		return fmt.Errorf("form seen at %s, page at %s: %w", strconv.Itoa(form.Seen),
			strconv.Itoa(seen(saved)), fault.Conflict)
	}
	return fields.Replace(ctx, tx, f.place, form.Key, now, values)
}
