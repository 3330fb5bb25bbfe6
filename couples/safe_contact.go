package couples

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Channel is a way to send messages to a partner.
type Channel string

// The channels.
const (
	NoChannel Channel = "none"
	Email     Channel = "email"
)

// A MessageWording is how much a message to a partner may reveal.
type MessageWording string

// The wordings, from least to most.
const (
	SayNothing  MessageWording = "nothing"
	SayNeutral  MessageWording = "neutral"  // date and time
	SayPractice MessageWording = "practice" // also the practice's name
	SayLink     MessageWording = "link"     // also a link to the sign-in page
)

// Channels and MessageWordings are the choices.
var (
	Channels        = []Channel{NoChannel, Email}
	MessageWordings = []MessageWording{SayNothing, SayNeutral, SayPractice, SayLink}
)

// A SafeContact is how one partner may be contacted without anyone else learning of it, as they
// said when they were asked alone.
type SafeContact struct {
	Channel     Channel        `db:"channel"`
	Wording     MessageWording `db:"wording"`
	Address     string         `db:"-"`
	Sender      string         `db:"-"`          // the sender's name in messages; may be empty
	From        int            `db:"from_hour"`  // the hours within which messages may arrive
	Until       int            `db:"until_hour"` // 24 is midnight
	NoVoicemail bool           `db:"no_voicemail"`
	AskedOn     string         `db:"asked_on"` // as 2006-01-02; "" before they were asked

	ConfirmedBy *string    `db:"confirmed_by"`
	ConfirmedAt *time.Time `db:"confirmed_at"`
	Cautioned   bool       `db:"cautioned"`  // the individual file forbids messages
	StoppedAt   *time.Time `db:"stopped_at"` // when the partner stopped all messages
	Nudges      bool       `db:"nudges"`     // the partner wants homework reminders
}

// notAskedContact returns the safe contact of a partner who was not asked.
func notAskedContact() SafeContact {
	return SafeContact{Channel: NoChannel, Wording: SayNothing, Until: 24}
}

// IsConfirmed reports whether the partner was asked alone and confirmed this contact.
func (s SafeContact) IsConfirmed() bool { return s.ConfirmedAt != nil }

// MayMail reports whether this row allows sending email.
func (s SafeContact) MayMail() bool {
	return s.IsConfirmed() && !s.Cautioned && s.StoppedAt == nil && s.Channel == Email && s.Wording != SayNothing
}

// confirmedAsOf reports whether s was last confirmed at that time, or never if at is nil.
func (s SafeContact) confirmedAsOf(at *time.Time) bool {
	if s.ConfirmedAt == nil || at == nil {
		return s.ConfirmedAt == nil && at == nil
	}
	return s.ConfirmedAt.Equal(*at)
}

// validate returns what is wrong with s, by form field. today is the date in the practice's zone.
func (s *SafeContact) validate(today string) fault.Fields {
	bad := fault.Fields{}
	s.Address, s.Sender = strings.TrimSpace(s.Address), strings.TrimSpace(s.Sender)
	if !slices.Contains(Channels, s.Channel) {
		bad["channel"] = "Choose how this partner may be contacted."
	}
	if !slices.Contains(MessageWordings, s.Wording) {
		bad["wording"] = "Choose what a message may say."
	}
	bad.Length("address", s.Address, 0, 254)
	bad.Length("sender", s.Sender, 0, 60)
	if strings.ContainsFunc(s.Sender, unicode.IsControl) {
		bad["sender"] = "Enter the sender’s name on one line."
	}
	if bad["address"] == "" && (s.Address != "" || s.Channel == Email) && !isAddress(s.Address) {
		bad["address"] = "Enter one email address, such as name@example.org."
	}
	if s.From < 0 || s.Until > 24 || s.From >= s.Until {
		bad["until"] = "Choose a time that is after the first one."
	}
	if day, err := time.Parse(time.DateOnly, s.AskedOn); err != nil || day.Format(time.DateOnly) > today {
		bad["asked_on"] = "Enter the day on which you asked; it can’t be later than today."
	}
	return bad
}

// isAddress reports whether text is one bare email address, without a name, a comment or anything
// that could start another header line.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && parsed.Name == "" &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
}

// SaveSafeContact stores how a partner of c may be contacted. Without asked, the counselor's
// confirmation that they asked this partner alone, nothing is stored. s.ConfirmedAt is the
// confirmation on which the form was based; if there is a later one, it returns fault.Conflict.
func (st *Store) SaveSafeContact(ctx context.Context, c Couple, p Partner, s SafeContact, asked bool,
	today string, now time.Time,
) error {
	bad := s.validate(today)
	if !asked {
		bad["asked"] = "Confirm that you asked this partner alone."
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.SafeContacts, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			other, err := st.safeContact(ctx, tx, c, c.Partner(p.Side.Other()))
			if err != nil {
				return err
			}
			if s.Address != "" && strings.EqualFold(s.Address, other.Address) {
				bad["address"] = "Both partners gave this address, so each could read what is sent to the other. " +
					"Ask for an address that only this partner reads."
			}
			if err := bad.Err(); err != nil {
				return err
			}
			stored, err := st.safeContact(ctx, tx, c, p)
			if err == nil && !stored.confirmedAsOf(s.ConfirmedAt) {
				err = fault.Conflict
			}
			if err != nil {
				return err
			}
			return st.storeSafeContact(ctx, tx, c, p, s, now)
		})
	if err != nil {
		return fmt.Errorf("safe contact of partner %s: %w", p.ID, err)
	}
	return nil
}

// storeSafeContact stores a confirmed contact. Cautions and the partner's own settings stay
// unchanged.
func (st *Store) storeSafeContact(ctx context.Context, tx *database.DB, c Couple, p Partner, s SafeContact,
	now time.Time,
) error {
	box, err := st.vault.Open(ctx, tx, c.Reader, safeContactOf(c.ID, p.Side))
	if err != nil {
		return err
	}
	row := box.Row("safe_contacts", p.ID)
	address, sender := row.Seal("address", s.Address), row.Seal("sender", s.Sender)
	if row.Err() != nil {
		return row.Err()
	}
	if err := makeSafeContact(ctx, tx, c.PracticeID, c.ID, p.ID); err != nil {
		return err
	}
	changed := c.event(audit.Changed, "safe contact", p.ID)
	changed.Side = string(p.Side)
	_, err = audit.Exec(ctx, tx, changed, `
		UPDATE safe_contacts
		SET channel = ?, wording = ?, address = ?, sender = ?, from_hour = ?, until_hour = ?, no_voicemail = ?,
		  asked_on = ?, confirmed_by = ?, confirmed_at = ?
		WHERE practice_id = ? AND partner_id = ?`, s.Channel, s.Wording, address, sender, s.From, s.Until, s.NoVoicemail,
		s.AskedOn, c.Reader.Person(), now, c.PracticeID, p.ID)
	return err
}

// makeSafeContact inserts the row of a partner who was not asked, if there is none.
func makeSafeContact(ctx context.Context, tx *database.DB, practice, couple, partner string) error {
	s := notAskedContact()
	_, err := tx.Exec(ctx, `
		INSERT INTO safe_contacts (partner_id, practice_id, couple_id, channel, wording, from_hour, until_hour, no_voicemail,
		  asked_on, cautioned, nudges)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, partner, practice, couple, s.Channel, s.Wording, s.From, s.Until, s.NoVoicemail, s.AskedOn,
		s.Cautioned, s.Nudges)
	return err
}

// safeContactOf returns the vault item of a partner's address.
func safeContactOf(couple string, side Side) vault.Item {
	return vault.Item{Couple: couple, Material: vault.SafeContact, State: vault.Kept, Of: vault.Side(side)}
}

// SafeContact returns how a partner of c may be contacted, for their counselor.
func (st *Store) SafeContact(ctx context.Context, c Couple, p Partner) (SafeContact, error) {
	return st.safeContact(ctx, st.db, c, p)
}

func (st *Store) safeContact(ctx context.Context, db *database.DB, c Couple, p Partner) (SafeContact, error) {
	s, err := readSafeContact(ctx, db, st.vault, c.Reader, c.ID, p.Side, p.ID)
	if err != nil {
		return s, fmt.Errorf("safe contact of partner %s: %w", p.ID, err)
	}
	return s, nil
}
