package reminders

import (
	"context"
	"errors"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/mail"
	"mend/internal/vault"
)

// Homework reports, within a transaction, whether a partner has a worksheet to fill in.
type Homework func(ctx context.Context, tx *database.DB, practice, partner string, now time.Time) (bool, error)

// A verdict is what to do with a reminder now.
type verdict struct {
	message mail.Message // to send, if the other fields are empty
	settle  State        // do not send; the final state
	wait    time.Time    // not yet; when to try again
}

// A composer decides whether a reminder may be sent, and writes it.
type composer struct {
	vault    *vault.Vault
	signIn   string // URL of the sign-in page
	homework Homework
}

// compose decides what to do with r, based on the data in tx.
func (c composer) compose(ctx context.Context, tx *database.DB, r reminder, now time.Time) (verdict, error) {
	contact, allowed, err := couples.Permission(ctx, tx, c.vault, r.PracticeID, r.PartnerID)
	if err == nil && allowed && r.Topic == OfHomework {
		allowed, err = c.wantsNudge(ctx, tx, r, contact, now)
	}
	if err != nil || !allowed {
		return verdict{settle: Dropped}, err
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return verdict{settle: Failed}, nil
	}
	at := earliest(contact, now.In(zone))
	switch {
	case !now.Before(r.StartsAt) && r.Attempts > 0:
		return verdict{settle: Failed}, nil
	case !at.Before(r.StartsAt):
		return verdict{settle: Dropped}, nil
	case at.After(now):
		return verdict{wait: at}, nil
	}
	message, err := c.write(ctx, tx, r, contact, zone, now)
	return verdict{message: message}, err
}

// wantsNudge reports whether a partner asked for homework reminders and has homework.
func (c composer) wantsNudge(ctx context.Context, tx *database.DB, r reminder, contact couples.SafeContact,
	now time.Time,
) (bool, error) {
	if !contact.Nudges || c.homework == nil {
		return false, nil
	}
	return c.homework(ctx, tx, r.PracticeID, r.PartnerID, now)
}

// earliest returns the first time from now on at which a message may arrive. now is in the
// appointment's zone.
func earliest(contact couples.SafeContact, now time.Time) time.Time {
	from := time.Date(now.Year(), now.Month(), now.Day(), contact.From, 0, 0, 0, now.Location())
	until := time.Date(now.Year(), now.Month(), now.Day(), contact.Until, 0, 0, 0, now.Location())
	switch {
	case now.Before(from):
		return from
	case now.Before(until):
		return now
	}
	return time.Date(now.Year(), now.Month(), now.Day()+1, contact.From, 0, 0, 0, now.Location())
}

// write returns the message: one of the fixed wordings, in the partner's language. It contains no
// person's name and no reason for the appointment.
func (c composer) write(ctx context.Context, tx *database.DB, r reminder, contact couples.SafeContact,
	zone *time.Location, now time.Time,
) (mail.Message, error) {
	var of struct {
		Practice string `db:"name"`
	}
	if err := tx.Get(ctx, &of, `SELECT name FROM practices WHERE id = ?`, r.PracticeID); err != nil {
		return mail.Message{}, err
	}
	var tag string
	err := tx.Get(ctx, &tag, `SELECT language FROM sign_ins WHERE practice_id = ? AND partner_id = ?`,
		r.PracticeID, r.PartnerID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return mail.Message{}, err
	}
	l := i18n.Of(tag)
	return mail.Message{
		ID: r.ID, Sender: contact.Sender, To: contact.Address, Subject: l.Say("reminder.subject"), At: now,
		Text: text(l, r, contact.Wording, of.Practice, c.signIn, zone),
	}, nil
}

// text returns the text of a message.
func text(l *i18n.Language, r reminder, wording couples.MessageWording, practice, signIn string,
	zone *time.Location,
) string {
	if r.Topic == OfHomework {
		return l.Say("reminder.something")
	}
	when := l.Date(r.StartsAt.In(zone), "date.reminder")
	switch wording {
	case couples.SayPractice:
		return l.Say("reminder.appointment_with", practice, when)
	case couples.SayLink:
		return l.Say("reminder.appointment_with", practice, when) + "\n\n" + signIn
	}
	return l.Say("reminder.appointment", when)
}
