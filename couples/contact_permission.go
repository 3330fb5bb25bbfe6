package couples

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

const safeContactColumns = `s.channel, s.wording, s.from_hour, s.until_hour, s.no_voicemail, s.asked_on, s.confirmed_by,
	s.confirmed_at, s.cautioned, s.stopped_at, s.nudges`

// readSafeContact returns a partner's safe contact as reader may read it. If the row's MAC is
// invalid, it returns the contact of a partner who was not asked.
func readSafeContact(ctx context.Context, db *database.DB, v *vault.Vault, reader vault.Actor, couple string,
	side Side, partner string,
) (SafeContact, error) {
	var stored struct {
		SafeContact
		Address []byte `db:"address"`
		Sender  []byte `db:"sender"`
	}
	err := db.Get(ctx, &stored, `
		SELECT `+safeContactColumns+`, s.address, s.sender
		FROM safe_contacts s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.partner_id = ?`, reader.Practice(), couple, partner)
	if errors.Is(err, fault.NotFound) {
		return notAskedContact(), nil
	}
	if err != nil {
		return notAskedContact(), err
	}
	good, err := rowmac.IsValid(ctx, db, v, reader.Practice(), rowmac.SafeContacts, couple)
	if err != nil || !good {
		return notAskedContact(), err
	}
	box, err := v.Open(ctx, db, reader, safeContactOf(couple, side))
	if err != nil {
		return notAskedContact(), err
	}
	row, s := box.Row("safe_contacts", partner), stored.SafeContact
	s.Address, s.Sender = row.Read("address", stored.Address), row.Read("sender", stored.Sender)
	return s, row.Err()
}

// Permission returns, within the transaction that sends a message, a partner's safe contact and
// whether an email may be sent to them. Every message checks it. It is false before the partner was
// asked alone and confirmed, after they stopped messages, while their own file has a caution or an
// undecided concern, after the work with the couple was closed, and if a row's MAC is invalid. The
// other partner's file has no effect, since a missing message would reveal it.
func Permission(ctx context.Context, tx *database.DB, v *vault.Vault, practice, partner string) (
	SafeContact, bool, error,
) {
	var of struct {
		Couple string `db:"couple_id"`
		Side   Side   `db:"side"`
	}
	err := tx.Get(ctx, &of, `SELECT couple_id, side FROM partners WHERE practice_id = ? AND id = ?`, practice, partner)
	if errors.Is(err, fault.NotFound) {
		return notAskedContact(), false, nil
	}
	if err != nil {
		return notAskedContact(), false, err
	}
	s, err := readSafeContact(ctx, tx, v, vault.ForProgram(practice), of.Couple, of.Side, partner)
	if err != nil || !s.MayMail() {
		return s, false, err
	}
	concern, err := hasConcern(ctx, tx, v, practice, of.Couple, partner)
	if err != nil || concern {
		return s, false, err
	}
	var closed bool
	err = tx.Get(ctx, &closed, `SELECT EXISTS (SELECT 1 FROM closings WHERE practice_id = ? AND couple_id = ?
		AND reopened_at IS NULL)`, practice, of.Couple)
	return s, !closed, err
}

// hasConcern reports whether the partner's own file has something awaiting a decision.
func hasConcern(ctx context.Context, db *database.DB, v *vault.Vault, practice, couple, partner string) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(*) FROM follow_ups
		WHERE practice_id = ? AND partner_id = ? AND (holds OR urgent) AND decided_at IS NULL`, practice, partner)
	if err != nil || n > 0 {
		return true, err
	}
	good, err := rowmac.IsValid(ctx, db, v, practice, rowmac.Holds, couple)
	return !good, err
}

// NoteCaution stores, within the transaction that finishes a page about a partner, whether it
// forbids messages to them. The reason stays on that page.
func NoteCaution(ctx context.Context, tx *database.DB, v *vault.Vault, practice, couple, partner string,
	forbids bool,
) error {
	return rowmac.ChangeAnyway(ctx, tx, v, practice, rowmac.SafeContacts, couple,
		func(ctx context.Context, tx *database.DB) error {
			if err := makeSafeContact(ctx, tx, practice, couple, partner); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE safe_contacts SET cautioned = ? WHERE practice_id = ? AND partner_id = ?`,
				forbids, practice, partner)
			return err
		})
}

// Reminders are a partner's own settings for messages.
type Reminders struct {
	Stopped bool // no messages at all
	Nudges  bool // also a message about homework before an appointment
}

// Reminders returns a partner's settings. They do not depend on whether the partner was asked.
func (st *Store) Reminders(ctx context.Context, practice, partner string) (Reminders, error) {
	var s SafeContact
	err := st.db.Get(ctx, &s, `SELECT `+safeContactColumns+` FROM safe_contacts s
		WHERE s.practice_id = ? AND s.partner_id = ?`, practice, partner)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Reminders{}, fmt.Errorf("reminders of partner %s: %w", partner, err)
	}
	return Reminders{Stopped: s.StoppedAt != nil, Nudges: s.Nudges}, nil
}

// ChooseReminders stores a partner's settings, without involvement of the counselor.
func (st *Store) ChooseReminders(ctx context.Context, c Couple, p Partner, chosen Reminders, now time.Time) error {
	var stopped *time.Time
	if chosen.Stopped {
		stopped = &now
	}
	event := c.event(audit.SettingChanged, "reminders", p.ID)
	event.Side = string(p.Side)
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.SafeContacts, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			if err := makeSafeContact(ctx, tx, c.PracticeID, c.ID, p.ID); err != nil {
				return err
			}
			_, err := audit.Exec(ctx, tx, event, `
				UPDATE safe_contacts SET stopped_at = ?, nudges = ? WHERE practice_id = ? AND partner_id = ?`,
				stopped, chosen.Nudges && !chosen.Stopped, c.PracticeID, p.ID)
			return err
		})
	if err != nil {
		return fmt.Errorf("reminders of partner %s: %w", p.ID, err)
	}
	return nil
}

// A ContactWarning is what staff must know before contacting a partner.
type ContactWarning struct {
	Asked       bool
	Channel     Channel
	NoVoicemail bool
}

// ContactWarning returns the warning for a partner of c. It contains the permitted channel, but no
// reasons.
func (st *Store) ContactWarning(ctx context.Context, c Couple, p Partner) (ContactWarning, error) {
	var s SafeContact
	err := st.db.Get(ctx, &s, `SELECT `+safeContactColumns+` FROM safe_contacts s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.partner_id = ?`, c.PracticeID, c.ID, p.ID)
	if errors.Is(err, fault.NotFound) {
		return ContactWarning{Channel: NoChannel, NoVoicemail: true}, nil
	}
	good := false
	if err == nil {
		good, err = rowmac.IsValid(ctx, st.db, st.vault, c.PracticeID, rowmac.SafeContacts, c.ID)
	}
	if err != nil {
		return ContactWarning{}, fmt.Errorf("contact warning of partner %s: %w", p.ID, err)
	}
	if !good || !s.IsConfirmed() || !s.MayMail() {
		s.Channel = NoChannel
	}
	asked := good && (s.IsConfirmed() || s.Cautioned)
	return ContactWarning{asked, s.Channel, s.NoVoicemail || !good || !s.IsConfirmed()}, nil
}
