package calendar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// A Title selects how a feed titles an appointment.
type Title string

// The titles: the couple's record number, both initials, or neither.
const (
	TitleNumber   Title = "number"
	TitleInitials Title = "initials"
	TitleNone     Title = "none"
)

// How far back and ahead a feed extends.
const (
	feedBefore = 30 * 24 * time.Hour
	feedAhead  = 400 * 24 * time.Hour
)

// A Feed is a counselor's calendar for other programs.
type Feed struct {
	CounselorID string    `db:"counselor_id"`
	PracticeID  string    `db:"practice_id"`
	Title       Title     `db:"title"`
	CreatedAt   time.Time `db:"created_at"`
}

// hashOf returns the stored hash of a feed's secret.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// RenewFeed creates or replaces a counselor's feed and returns its secret, which is not stored. An
// earlier feed URL stops working.
func (st *Store) RenewFeed(
	ctx context.Context,
	practice, counselor string,
	title Title,
	now time.Time,
) (string, error) {
	if title != TitleNumber && title != TitleInitials && title != TitleNone {
		return "", fault.Fields{"title": "Choose what other calendars show."}
	}
	secret := rand.Text() + rand.Text()
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO calendar_feeds (counselor_id, practice_id, secret_hash, title, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (counselor_id) DO UPDATE SET secret_hash = excluded.secret_hash, title = excluded.title,
			  created_at = excluded.created_at`, counselor, practice, hashOf(secret), title, now)
		if err != nil {
			return fmt.Errorf("calendar feed: %w", err)
		}
		return audit.Record(ctx, tx, audit.Event{
			Practice: practice, Action: audit.SettingChanged, Object: "calendar feed", ID: counselor,
		})
	})
	return secret, err
}

// EndFeed deletes a counselor's feed.
func (st *Store) EndFeed(ctx context.Context, practice, counselor string) error {
	_, err := audit.Exec(
		ctx,
		st.db,
		audit.Event{
			Practice: practice,
			Action:   audit.SettingChanged,
			Object:   "calendar feed",
			ID:       counselor,
			Reason:   "ended",
		},
		`DELETE FROM calendar_feeds WHERE practice_id = ? AND counselor_id = ?`,
		practice,
		counselor,
	)
	return err
}

// FeedOf returns a counselor's feed, without its secret, or fault.NotFound.
func (st *Store) FeedOf(ctx context.Context, practice, counselor string) (Feed, error) {
	var f Feed
	err := st.db.Get(ctx, &f, `SELECT counselor_id, practice_id, title, created_at FROM calendar_feeds
		WHERE practice_id = ? AND counselor_id = ?`, practice, counselor)
	return f, err
}

// FindFeed returns the feed with a secret, or fault.NotFound, also if the counselor's access was
// disabled.
func (st *Store) FindFeed(ctx context.Context, secret string) (Feed, error) {
	var f Feed
	err := st.db.Get(ctx, &f, `
		SELECT f.counselor_id, f.practice_id, f.title, f.created_at
		FROM calendar_feeds f
		JOIN counselors d ON d.id = f.counselor_id AND d.disabled_at IS NULL
		WHERE f.secret_hash = ?`, hashOf(secret))
	return f, err
}

// Write returns a feed as iCalendar (RFC 5545). The output changes only if an appointment does.
func (st *Store) Write(ctx context.Context, f Feed, now time.Time) (string, error) {
	list, err := st.Between(ctx, f.PracticeID, f.CounselorID, now.Add(-feedBefore), now.Add(feedAhead))
	if err != nil {
		return "", err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//Mend//Calendar//EN")
	for _, a := range list {
		writeEvent(cal, a.Appointment, f.Title.of(a))
	}
	return cal.Serialize(), nil
}

// WriteOne returns one appointment as iCalendar, with a custom title.
func WriteOne(a Appointment, title string) string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Mend//Calendar//EN")
	writeEvent(cal, a, oneLine(title))
	return cal.Serialize()
}

func writeEvent(cal *ics.Calendar, a Appointment, title string) {
	event := cal.AddEvent(a.UID + "@appointments.invalid")
	event.SetDtStampTime(a.ChangedAt)
	event.SetStartAt(a.StartsAt)
	event.SetEndAt(a.Ends())
	event.SetSequence(a.Sequence)
	event.SetSummary(title)
	event.SetStatus(ics.ObjectStatusConfirmed)
	if a.State == Canceled || a.State == LateCanceled {
		event.SetStatus(ics.ObjectStatusCancelled)
	}
}

// of returns the title of an appointment.
func (t Title) of(l Listed) string {
	switch t {
	case TitleNumber:
		return l.RecordNo
	case TitleInitials:
		return initial(l.AName) + "+" + initial(l.BName)
	}
	return "Appointment"
}

func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// oneLine returns title on one line, shortened, or "Appointment" if it is blank.
func oneLine(title string) string {
	title = strings.Join(strings.Fields(title), " ")
	if title == "" {
		return "Appointment"
	}
	if runes := []rune(title); len(runes) > 60 {
		title = string(runes[:60])
	}
	return title
}
