package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/vault"
)

// A StandaloneNote is a note without a session, such as about a call, a missed appointment or a
// meeting with one partner. It is filed in the joint record or in one partner's individual file.
type StandaloneNote struct {
	Note
	Filing
	HappenedAt time.Time `db:"happened_at"` // when the event of the note happened
}

// A StandaloneDraft is a request to begin a note without a session.
type StandaloneDraft struct {
	Kind    NoteKind
	Side    couples.Side      // whose individual file; "" for the joint record
	At      time.Time         // when the event happened, in the practice's zone
	Values  map[string]string // fields that are known already
	FormKey string
}

func (d StandaloneDraft) validate() error {
	bad := fault.Fields{}
	kind, ok := d.Kind.Info()
	if !ok {
		bad["kind"] = "Choose the type of note."
	}
	switch {
	case d.Side != "" && d.Side != couples.A && d.Side != couples.B:
		bad["filed"] = "Choose where to file the note."
	case ok && kind.IsIndividual && d.Side == "":
		bad["filed"] = "This type of note is about one partner. Choose whose individual file it belongs in."
	}
	for field, value := range d.Values {
		if err := bad.And(checkStandaloneField(field, value)); errors.Is(err, fault.Malformed) {
			return err
		}
	}
	return bad.Err()
}

// DraftNote begins a note without a session; d.At is in the practice's zone. A repeated form key
// returns the note begun the first time in its current state.
func (st *Store) DraftNote(ctx context.Context, c couples.Couple, d StandaloneDraft, now time.Time) (
	StandaloneNote, error,
) {
	if err := d.validate(); err != nil {
		return StandaloneNote{}, err
	}
	n := StandaloneNote{
		Note:       Note{ID: rand.Text(), Kind: d.Kind, Revision: 1, CreatedAt: now},
		Filing:     Filing{c.PracticeID, c.ID, d.Side, c.Reader},
		HappenedAt: d.At,
	}
	values := map[string]string{"day": d.At.Format(time.DateOnly), "time": d.At.Format("15:04")}
	maps.Copy(values, d.Values)
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, err := audit.Exec(ctx, tx, n.event(audit.Created, "note", n.ID, ""), `
			INSERT INTO notes (id, practice_id, couple_id, side, kind, happened_at, form_key, format, created_at, revision)
			VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, 1)`, n.ID, c.PracticeID, c.ID, d.Side, d.Kind, d.At, d.FormKey, now)
		if err != nil {
			return err
		}
		p, err := st.noteFieldSet(ctx, tx, n.Filing, n.Note)
		if err != nil {
			return err
		}
		return fields.Replace(ctx, tx, p, rand.Text(), now, values)
	})
	if errors.Is(err, fault.Conflict) || errors.Is(err, fault.Locked) { // already begun, or signed
		return st.findStandalone(ctx, n.Filing, `n.form_key = ? AND n.kind = ?`, d.FormKey, d.Kind)
	}
	if err != nil {
		return StandaloneNote{}, fmt.Errorf("note of couple %s: %w", c.ID, err)
	}
	return n, nil
}

// CoupleOfNote returns the couple in whose joint record a note without a session is filed, if it is
// in the counselor's caseload. For a note in an individual file it returns fault.NotFound.
func (st *Store) CoupleOfNote(ctx context.Context, practice, counselor, note string) (couple string, err error) {
	err = st.db.Get(ctx, &couple, `
		SELECT n.couple_id
		FROM notes n
		JOIN couples c ON c.id = n.couple_id
		WHERE n.practice_id = ? AND c.counselor_id = ? AND n.id = ? AND n.side = '' AND n.session_id IS NULL
		  AND c.erased_at IS NULL`, practice, counselor, note)
	if err != nil {
		return "", fmt.Errorf("note %s: %w", note, err)
	}
	return couple, nil
}

// FindStandalone returns a note without a session from the individual file of side or, if side is
// "", from the joint record of c. For a note filed elsewhere it returns fault.NotFound.
func (st *Store) FindStandalone(ctx context.Context, c couples.Couple, side couples.Side, note string) (
	StandaloneNote, error,
) {
	return st.findStandalone(ctx, Filing{c.PracticeID, c.ID, side, c.Reader}, `n.id = ?`, note)
}

func (st *Store) findStandalone(ctx context.Context, f Filing, where string, args ...any) (StandaloneNote, error) {
	var n StandaloneNote
	err := st.db.Get(ctx, &n, `
		SELECT `+noteColumns+`, n.practice_id, n.couple_id, n.side, n.happened_at
		FROM notes n
		WHERE n.practice_id = ? AND n.couple_id = ? AND n.side = ? AND n.session_id IS NULL AND `+where,
		append([]any{f.PracticeID, f.CoupleID, f.Side}, args...)...)
	if err == nil {
		n.Reader = f.Reader
		err = st.openNote(ctx, st.db, f, &n.Note)
	}
	if err != nil {
		return n, fmt.Errorf("note of couple %s: %w", f.CoupleID, err)
	}
	return n, nil
}

// A StandaloneLine is a note without a session in a list. Its text is not read.
type StandaloneLine struct {
	ID         string     `db:"id"`
	Kind       NoteKind   `db:"kind"`
	HappenedAt time.Time  `db:"happened_at"`
	SignedAt   *time.Time `db:"signed_at"`
	Addenda    int        `db:"addenda"`
}

// StandaloneNotes returns the notes without a session in the individual file of side or, if side is
// "", in the joint record of c, newest first.
func (st *Store) StandaloneNotes(ctx context.Context, c couples.Couple, side couples.Side) ([]StandaloneLine, error) {
	var list []StandaloneLine
	err := st.db.Select(ctx, &list, `
		SELECT n.id, n.kind, n.happened_at, n.signed_at, (SELECT COUNT(*) FROM addenda a WHERE a.note_id = n.id) AS addenda
		FROM notes n
		WHERE n.practice_id = ? AND n.couple_id = ? AND n.side = ? AND n.session_id IS NULL
		ORDER BY n.happened_at DESC, n.id`, c.PracticeID, c.ID, side)
	if err != nil {
		return nil, fmt.Errorf("notes of couple %s: %w", c.ID, err)
	}
	return list, nil
}

// IndividualTexts returns the texts of the notes in the individual files of c and of their addenda,
// except in that of the partner except. Erased files have none.
func (st *Store) IndividualTexts(ctx context.Context, db *database.DB, c couples.Couple, except couples.Side) (
	[]string, error,
) {
	ctx = audit.Comparing(ctx)
	var notes []StandaloneNote
	err := db.Select(ctx, &notes, `
		SELECT n.id, n.practice_id, n.couple_id, n.side
		FROM notes n
		JOIN partners p ON p.couple_id = n.couple_id AND p.side = n.side
		WHERE n.practice_id = ? AND n.couple_id = ? AND n.side <> ? AND p.erased_at IS NULL`, c.PracticeID, c.ID, except)
	if err != nil {
		return nil, fmt.Errorf("individual notes of couple %s: %w", c.ID, err)
	}
	var texts []string
	for _, side := range []couples.Side{couples.A, couples.B} {
		var places []fields.FieldSet
		for _, n := range notes {
			if n.Side == side {
				n.Reader = c.Reader
				place, err := st.noteFieldSet(ctx, db, n.Filing, n.Note)
				if err != nil {
					return nil, err
				}
				places = append(places, place)
			}
		}
		written, err := fields.Many(ctx, db, places)
		if err != nil {
			return nil, err
		}
		for _, of := range written {
			texts = append(texts, of["with"].Value, of["what"].Value, of["plan"].Value)
		}
	}
	added, err := st.individualAddenda(ctx, db, c, except)
	return append(texts, added...), err
}

// individualAddenda returns the texts of the addenda in the individual files of c, except in that of
// the partner except.
func (st *Store) individualAddenda(ctx context.Context, db *database.DB, c couples.Couple, except couples.Side) (
	texts []string, err error,
) {
	var rows []struct {
		ID     string       `db:"id"`
		Side   couples.Side `db:"side"`
		Reason []byte       `db:"reason"`
		Text   []byte       `db:"text"`
	}
	err = db.Select(ctx, &rows, `
		SELECT a.id, n.side, a.reason, a.text
		FROM addenda a
		JOIN notes n ON n.id = a.note_id
		JOIN partners p ON p.couple_id = n.couple_id AND p.side = n.side
		WHERE n.practice_id = ? AND n.couple_id = ? AND n.side <> ? AND p.erased_at IS NULL`, c.PracticeID, c.ID, except)
	if err != nil {
		return nil, fmt.Errorf("individual addenda of couple %s: %w", c.ID, err)
	}
	for _, r := range rows {
		box, err := st.noteBox(ctx, db, Filing{c.PracticeID, c.ID, r.Side, c.Reader}, vault.Signed)
		if err != nil {
			return nil, err
		}
		row := box.Row("addenda", r.ID)
		texts = append(texts, row.Read("reason", r.Reason), row.Read("text", r.Text))
		if err := row.Err(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
