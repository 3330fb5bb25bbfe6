// Package notes signs the notes of sessions, and those without one (filed.go). It
// stands above sessions and worksheets, since a note names homework and must not repeat
// what one partner wrote in private: the check, the rule and the signature are one call
// and one transaction.
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
)

// A Store writes and signs notes.
type Store struct {
	db         *database.DB
	accounts   *accounts.Store
	sessions   *sessions.Store
	worksheets *worksheets.Store
	calendar   *calendar.Store
	treatment  *treatment.Store
}

// NewStore returns the notes in db.
func NewStore(db *database.DB, a *accounts.Store, s *sessions.Store, w *worksheets.Store,
	c *calendar.Store, t *treatment.Store,
) *Store {
	return &Store{db, a, s, w, c, t}
}

// A File is a session with its couple and the counselor who writes its note.
type File struct {
	Session   sessions.Session
	Couple    couples.Couple
	Counselor string // the id
}

// Write returns the unsigned note n of f as it stands, and what surrounds it.
func (st *Store) Write(ctx context.Context, f File, n sessions.Note) (sessions.NoteDraft, sessions.NoteContext, error) {
	in, err := st.surround(ctx, f)
	if err != nil {
		return sessions.NoteDraft{}, in, err
	}
	w, err := st.sessions.Write(ctx, f.Session, n, in)
	return w, in, err
}

// surround gathers what surrounds a note: practice, counselor, homework, and the
// next session of both partners.
func (st *Store) surround(ctx context.Context, f File) (sessions.NoteContext, error) {
	in := sessions.NoteContext{Couple: f.Couple}
	practice := f.Couple.PracticeID
	var err error
	if in.Practice, in.Counselor, err = st.accounts.Desk(ctx, practice, f.Counselor); err != nil {
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

// Sign freezes the note of f as the counselor saw it. Whoever calls it has checked
// the counselor's password. It returns fault.Fields where something required is
// empty, where the note was not reviewed, and where it repeats private words;
// fault.Conflict where the note is not the one that was seen; and nil where it is
// signed already.
func (st *Store) Sign(ctx context.Context, f File, sign sessions.Signing, now time.Time) error {
	in, err := st.surround(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.Sign(ctx, f.Session, in, sign, st.keepsPrivate(f.Couple, ""), now)
}

// Append signs an addendum to the signed note of f, in the words of now's own zone.
// The same form key a second time changes nothing.
func (st *Store) Append(ctx context.Context, f File, reason, text, formKey string, now time.Time) error {
	_, signer, err := st.accounts.Desk(ctx, f.Couple.PracticeID, f.Counselor)
	if err != nil {
		return err
	}
	return st.sessions.Append(ctx, f.Session, signer, reason, text, formKey, st.keepsPrivate(f.Couple, ""), now)
}

// SharePlan has both partners of c read their treatment plan as the counselor saw it, unless it
// repeats what one of them wrote in private, as in a note.
func (st *Store) SharePlan(ctx context.Context, c couples.Couple, seen string, now time.Time) error {
	return st.treatment.Share(ctx, c, seen, treatment.Check(st.keepsPrivate(c, "")), now)
}

// keepsPrivate refuses a text that repeats what one partner of c wrote for the counselor
// alone, or what is in the notes about them; in a note in the individual file of side
// only what is private to the other.
func (st *Store) keepsPrivate(c couples.Couple, side couples.Side) sessions.Check {
	return func(ctx context.Context, tx *database.DB, texts map[string]string) error {
		kept, err := st.sessions.IndividualTexts(ctx, tx, c, side)
		if err != nil {
			return err
		}
		return st.worksheets.CheckNote(ctx, tx, c, worksheets.NoteCheck{Side: side, Texts: texts, Kept: kept})
	}
}
