package notes

import (
	"context"
	"time"

	"mend/couples"
	"mend/sessions"
)

// A Draft is the wish to begin a note without a session.
type Draft struct {
	Kind   sessions.NoteKind
	Side   couples.Side      // with whom it is filed; "" for the joint record
	At     time.Time         // when what it is about happened
	Values map[string]string // what is known of it already, by field: with, how, minutes, what, plan
}

// Draft begins a note without a session of c. The same form key a second time returns
// the note that was begun the first time.
func (st *Store) Draft(ctx context.Context, c couples.Couple, d Draft, formKey string, now time.Time) (
	sessions.StandaloneNote, error,
) {
	practice, _, err := st.accounts.Desk(ctx, c.PracticeID, c.CounselorID)
	if err != nil {
		return sessions.StandaloneNote{}, err
	}
	return st.sessions.DraftNote(ctx, c, sessions.StandaloneDraft{
		Kind: d.Kind, Side: d.Side, At: d.At.In(practice.Zone()), Values: d.Values, FormKey: formKey,
	}, now)
}

// A Standalone is a note without a session with its couple and the counselor who writes it.
type Standalone struct {
	Note      sessions.StandaloneNote
	Couple    couples.Couple
	Counselor string // the id
}

// WriteStandalone returns the unsigned note f as it stands, and what surrounds it.
func (st *Store) WriteStandalone(ctx context.Context, f Standalone, now time.Time) (
	sessions.StandaloneWriting, sessions.NoteContext, error,
) {
	in, err := st.desk(ctx, f)
	if err != nil {
		return sessions.StandaloneWriting{}, in, err
	}
	w, err := st.sessions.WriteStandalone(ctx, f.Note, in, now)
	return w, in, err
}

// desk is who writes f, for which practice and couple.
func (st *Store) desk(ctx context.Context, f Standalone) (in sessions.NoteContext, err error) {
	in.Couple = f.Couple
	in.Practice, in.Counselor, err = st.accounts.Desk(ctx, f.Couple.PracticeID, f.Counselor)
	return in, err
}

// SignStandalone freezes the note f as the counselor saw it, as Sign does a session's.
func (st *Store) SignStandalone(ctx context.Context, f Standalone, sign sessions.Signing, now time.Time) error {
	in, err := st.desk(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.SignStandalone(ctx, f.Note, in, sign, st.keepsPrivate(f.Couple, f.Note.Side), now)
}

// AppendStandalone signs an addendum to the signed note f, as Append does to a session's.
func (st *Store) AppendStandalone(ctx context.Context, f Standalone, reason, text, formKey string,
	now time.Time,
) error {
	in, err := st.desk(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.AppendStandalone(ctx, f.Note, in.Counselor, reason, text, formKey,
		st.keepsPrivate(f.Couple, f.Note.Side), now)
}
