// Package notes signs the notes of sessions and those without one (standalone.go). It depends on
// sessions and worksheets, because a note mentions homework and must not repeat what one partner
// wrote in private. The check, the rules and the signature are one call in one transaction.
package notes

import (
	"context"
	"errors"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// A Store writes and signs notes.
type Store struct {
	db         *database.DB
	accounts   *accounts.Store
	sessions   *sessions.Store
	worksheets *worksheets.Store
	calendar   *calendar.Store
	treatment  *treatment.Store
	promises   *promises.Store
}

// NewStore returns a store of the notes in db.
func NewStore(db *database.DB, a *accounts.Store, s *sessions.Store, w *worksheets.Store,
	c *calendar.Store, t *treatment.Store, p *promises.Store,
) *Store {
	return &Store{db, a, s, w, c, t, p}
}

// A File is a session with its couple and the counselor who writes its note.
type File struct {
	Session   sessions.Session
	Couple    couples.Couple
	Counselor string // the id
}

// Write returns the current draft of the unsigned note n of f, and its context.
func (st *Store) Write(ctx context.Context, f File, n sessions.Note) (sessions.NoteDraft, sessions.NoteContext, error) {
	in, err := st.noteContext(ctx, f)
	if err != nil {
		return sessions.NoteDraft{}, in, err
	}
	w, err := st.sessions.Write(ctx, f.Session, n, in)
	return w, in, err
}

// noteContext returns the context of a note: practice, counselor, homework, objectives, and the
// couple's next session.
func (st *Store) noteContext(ctx context.Context, f File) (sessions.NoteContext, error) {
	in := sessions.NoteContext{Couple: f.Couple}
	practice := f.Couple.PracticeID
	var err error
	if in.Practice, in.Counselor, err = st.accounts.PracticeAndCounselor(ctx, practice, f.Counselor); err != nil {
		return in, err
	}
	pages, err := st.worksheets.ForCouple(ctx, f.Couple)
	if err != nil {
		return in, err
	}
	in.Homework = worksheets.Homework(pages)
	if in.Objectives, err = st.treatment.Objectives(ctx, f.Couple); err != nil {
		return in, err
	}
	next, err := st.calendar.Next(ctx, practice, f.Couple.ID, f.Session.When())
	if err == nil {
		in.Next = &next.StartsAt
	} else if !errors.Is(err, fault.NotFound) {
		return in, err
	}
	return in, nil
}

// Sign freezes the note of f as the counselor saw it. The caller has checked the counselor's
// password. It returns fault.Fields if something required is empty, the note was not reviewed, or
// it repeats private text, and fault.Conflict if the note differs from the one that was seen. If
// the note is signed already, it returns nil.
func (st *Store) Sign(ctx context.Context, f File, sign sessions.Signing, now time.Time) error {
	in, err := st.noteContext(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.Sign(ctx, f.Session, in, sign, st.keepsPrivate(f.Couple, ""), now)
}

// Append signs an addendum to the signed note of f, with the time in now's own zone. Repeating a
// form key changes nothing.
func (st *Store) Append(ctx context.Context, f File, reason, text, formKey string, now time.Time) error {
	_, signer, err := st.accounts.PracticeAndCounselor(ctx, f.Couple.PracticeID, f.Counselor)
	if err != nil {
		return err
	}
	return st.sessions.Append(ctx, f.Session, signer, reason, text, formKey, st.keepsPrivate(f.Couple, ""), now)
}

// SharePlan shares the treatment plan with both partners of c as the counselor saw it, unless it
// repeats what one of them wrote in private.
func (st *Store) SharePlan(ctx context.Context, c couples.Couple, seen string, now time.Time) error {
	return st.treatment.Share(ctx, c, seen, treatment.Check(st.keepsPrivate(c, "")), now)
}

// keepsPrivate returns a check that refuses texts repeating what one partner of c wrote for the
// counselor alone, on a worksheet, about the plan or about a promise, or what is in the notes about
// them. For a note in the individual file of side, it refuses only what is private to the other
// partner.
func (st *Store) keepsPrivate(c couples.Couple, side couples.Side) sessions.Check {
	return func(ctx context.Context, tx *database.DB, texts map[string]string) error {
		kept, err := st.sessions.IndividualTexts(ctx, tx, c, side)
		if err != nil {
			return err
		}
		against, err := st.treatment.Disagreements(ctx, tx, c, side)
		if err != nil {
			return err
		}
		seen, err := st.promises.CounselorNotes(ctx, c, side)
		if err != nil {
			return err
		}
		kept = append(append(kept, against...), seen...)
		return st.worksheets.CheckNote(ctx, tx, c, worksheets.NoteCheck{Side: side, Texts: texts, Kept: kept})
	}
}
