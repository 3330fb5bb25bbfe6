package demo

import (
	"context"
	"crypto/rand"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/sessions"
	"mend/worksheets"
)

// A Message is a standalone note in a story.
type Message struct {
	Kind   sessions.NoteKind
	With   couples.Side // whose individual file it is in; "" for the joint record
	At     time.Time
	Values map[string]string
}

// File drafts a standalone note and, if signed is set, signs it an hour after the event.
func (t *Seeder) File(m Message, signed bool) {
	later := m.At.Add(time.Hour)
	t.Do(func() error {
		n, err := t.Stores.Sessions.DraftNote(t.Ctx, t.Couple, sessions.StandaloneDraft{
			Kind: m.Kind, Side: m.With, At: m.At.In(t.Practice.Zone()), Values: m.Values, FormKey: rand.Text(),
		}, m.At)
		if err != nil || !signed {
			return err
		}
		in := sessions.NoteContext{Practice: t.Practice, Counselor: t.Counselor, Couple: t.Couple}
		w, err := t.Stores.Sessions.WriteStandalone(t.Ctx, n, in, later)
		if err != nil {
			return err
		}
		sign := sessions.Signing{Reviewed: true, Seen: w.Hash}
		return t.Stores.Sessions.SignStandalone(t.Ctx, n, in, sign, t.keepsPrivate(m.With), later)
	})
}

// keepsPrivate returns the check for private wording that every note has to pass.
func (t *Seeder) keepsPrivate(side couples.Side) sessions.Check {
	return func(ctx context.Context, tx *database.DB, texts map[string]string) error {
		kept, err := t.Stores.Sessions.IndividualTexts(ctx, tx, t.Couple, side)
		if err != nil {
			return err
		}
		check := worksheets.NoteCheck{Side: side, Texts: texts, Kept: kept}
		return t.Stores.Worksheets.CheckNote(ctx, tx, t.Couple, check)
	}
}
