package notes

import (
	"context"
	"time"

	"mend/couples"
	"mend/sessions"
)

// A Draft is a request to begin a note without a session.
type Draft struct {
	Kind   sessions.NoteKind
	Side   couples.Side      // whose individual file; "" for the joint record
	At     time.Time         // when the event of the note happened
	Values map[string]string // fields that are known already: with, how, minutes, what, plan
}

// Draft begins a note without a session of c. A repeated form key returns the note begun the first
// time.
func (st *Store) Draft(ctx context.Context, c couples.Couple, d Draft, formKey string, now time.Time) (
	sessions.StandaloneNote, error,
) {
	practice, _, err := st.accounts.PracticeAndCounselor(ctx, c.PracticeID, c.CounselorID)
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

// WriteStandalone returns the current draft of the unsigned note f, and its context.
func (st *Store) WriteStandalone(ctx context.Context, f Standalone, now time.Time) (
	sessions.StandaloneWriting, sessions.NoteContext, error,
) {
	in, err := st.standaloneContext(ctx, f)
	if err != nil {
		return sessions.StandaloneWriting{}, in, err
	}
	w, err := st.sessions.WriteStandalone(ctx, f.Note, in, now)
	return w, in, err
}

// standaloneContext returns the context of f: counselor, practice and couple.
func (st *Store) standaloneContext(ctx context.Context, f Standalone) (in sessions.NoteContext, err error) {
	in.Couple = f.Couple
	in.Practice, in.Counselor, err = st.accounts.PracticeAndCounselor(ctx, f.Couple.PracticeID, f.Counselor)
	return in, err
}

// SignStandalone freezes note f as the counselor saw it; see Sign.
func (st *Store) SignStandalone(ctx context.Context, f Standalone, sign sessions.Signing, now time.Time) error {
	in, err := st.standaloneContext(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.SignStandalone(ctx, f.Note, in, sign, st.keepsPrivate(f.Couple, f.Note.Side), now)
}

// AppendStandalone signs an addendum to the signed note f; see Append.
func (st *Store) AppendStandalone(ctx context.Context, f Standalone, reason, text, formKey string,
	now time.Time,
) error {
	in, err := st.standaloneContext(ctx, f)
	if err != nil {
		return err
	}
	return st.sessions.AppendStandalone(ctx, f.Note, in.Counselor, reason, text, formKey,
		st.keepsPrivate(f.Couple, f.Note.Side), now)
}
