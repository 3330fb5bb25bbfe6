package sessions

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/vault"
)

// A Note is the progress note of a session or a note without a session. Its text is drafted and
// edited until it is signed; then it never changes.
type Note struct {
	ID        string     `db:"id"`
	Kind      NoteKind   `db:"kind"`
	Format    string     `db:"format"`
	Content   string     `db:"-"`       // the signed Document as JSON
	Sealed    []byte     `db:"content"` // Content, encrypted
	Hash      string     `db:"hash"`    // of Content
	SignedAt  *time.Time `db:"signed_at"`
	Revision  int        `db:"revision"`
	CreatedAt time.Time  `db:"created_at"`
}

// Signed reports whether the note is signed.
func (n Note) Signed() bool { return n.SignedAt != nil }

// An Addendum is an addition to a signed note.
type Addendum struct {
	ID       string
	CoSigned bool // a supervisor's co-signature, without text
	Reason   string
	Text     string
	Signer   string
	Stamp    string // when it was signed, formatted at that moment
	SignedAt time.Time
}

// noteColumns are the columns of a Note.
const noteColumns = `n.id, n.kind, n.format, n.content, n.hash, n.signed_at, n.revision, n.created_at`

// insertNote stores an empty note of s in the format of the counselor's latest note.
func insertNote(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO notes (id, practice_id, couple_id, side, kind, session_id, format, created_at, revision)
		SELECT ?, ?, ?, '', 'progress', ?, COALESCE((
			SELECT n.format
			FROM sessions o
			JOIN notes n ON n.session_id = o.id
			WHERE o.practice_id = ? AND o.counselor_id = ?
			ORDER BY o.starts_at DESC, o.id
			LIMIT 1), 'DAP'), ?, 1
		WHERE NOT EXISTS (SELECT 1 FROM notes WHERE session_id = ?)`, rand.Text(), s.PracticeID, s.CoupleID, s.ID,
		s.PracticeID, s.CounselorID, now, s.ID)
	return err
}

// FindNote returns the note of s. There is none before the session has ended.
func (st *Store) FindNote(ctx context.Context, s Session) (Note, error) {
	var n Note
	err := st.db.Get(ctx, &n, `
		SELECT `+noteColumns+`
		FROM notes n
		WHERE n.practice_id = ? AND n.session_id = ?`, s.PracticeID, s.ID)
	if err == nil {
		err = st.openNote(ctx, st.db, s.Filing(), &n)
	}
	if err != nil {
		return n, fmt.Errorf("note of session %s: %w", s.ID, err)
	}
	return n, nil
}

// Addenda returns the addenda of a note filed at f, in order.
func (st *Store) Addenda(ctx context.Context, f Filing, n Note) ([]Addendum, error) {
	return st.addenda(ctx, st.db, f, n)
}

func (st *Store) addenda(ctx context.Context, db *database.DB, f Filing, n Note) ([]Addendum, error) {
	var rows []struct {
		ID       string    `db:"id"`
		CoSigned bool      `db:"co_signed"`
		Reason   []byte    `db:"reason"`
		Text     []byte    `db:"text"`
		Signer   []byte    `db:"signer"`
		SignedAt time.Time `db:"signed_at"`
	}
	err := db.Select(ctx, &rows, `
		SELECT id, co_signed, reason, text, signer, signed_at
		FROM addenda
		WHERE practice_id = ? AND note_id = ?
		ORDER BY signed_at, id`, f.PracticeID, n.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.noteBox(ctx, db, f, vault.Signed)
	if err != nil {
		return nil, err
	}
	list := make([]Addendum, len(rows))
	for i, r := range rows {
		row := box.Row("addenda", r.ID)
		signer, stamp, _ := strings.Cut(row.Read("signer", r.Signer), "\n")
		list[i] = Addendum{
			r.ID, r.CoSigned, row.Read("reason", r.Reason), row.Read("text", r.Text), signer, stamp,
			r.SignedAt,
		}
		if err := row.Err(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// A NoteContext holds the data around a note: the people, the practice, and the homework that it
// may mention.
type NoteContext struct {
	Practice  accounts.Practice
	Counselor accounts.Counselor
	Couple    couples.Couple
	Homework  []HomeworkItem
	Next      *time.Time

	Objectives []treatment.Objective // of the treatment plan
}

// A NoteDraft is an unsigned note: the document as it would be signed now, and what is left to do.
type NoteDraft struct {
	Note      Note
	Document  Document
	Facts     Facts
	Saved     map[string]fields.Field // the note's own fields
	Record    map[string]fields.Field // the fields of its session
	Drafts    map[string]string       // the drafted text of each block
	Missing   []string                // required blocks that are empty
	Untouched []string                // drafted blocks that were not accepted yet
	NoRoutine bool                    // the routine safety sentence is missing
	Hash      string                  // of the unsigned document
	names     map[string]string       // the names of blocks, with the partners' names
}

// Write returns the current draft of the unsigned note n of s.
func (st *Store) Write(ctx context.Context, s Session, n Note, in NoteContext) (NoteDraft, error) {
	return st.write(ctx, st.db, s, n, in)
}

func (st *Store) write(ctx context.Context, db *database.DB, s Session, n Note, in NoteContext) (NoteDraft, error) {
	recordSet, err := st.recordFieldSet(ctx, db, s)
	if err != nil {
		return NoteDraft{}, err
	}
	noteSet, err := st.noteFieldSet(ctx, db, s.Filing(), n)
	if err != nil {
		return NoteDraft{}, err
	}
	both, err := fields.Many(ctx, db, []fields.FieldSet{recordSet, noteSet})
	if err != nil {
		return NoteDraft{}, err
	}
	record, saved := both[s.ID], both[n.ID]
	spent, err := times(ctx, db, s, s.When())
	if err != nil {
		return NoteDraft{}, err
	}
	met, err := met(ctx, db, in.Couple)
	if err != nil {
		return NoteDraft{}, err
	}
	located, err := calendar.BothLocated(ctx, db, s.PracticeID, s.ID)
	if err != nil {
		return NoteDraft{}, err
	}
	w := NoteDraft{Note: n, Saved: saved, Record: record, Facts: Facts{
		Session: s, Couple: in.Couple, Record: fields.Values(record), Slots: fields.Values(saved),
		Times: spent, Met: met, Homework: in.Homework, Located: located, Next: in.Next, Zone: in.Practice.Zone(),
		Objectives: in.Objectives,
	}}
	w.Drafts = st.method.Draft(w.Facts)
	w.names = st.method.Note.names(in.Couple)
	st.compose(&w, in)
	return w, nil
}

// names returns the names of blocks as counselors see them, with the partners' names.
func (n NoteTemplates) names(c couples.Couple) map[string]string {
	names := map[string]string{}
	for _, b := range n.Blocks {
		name := strings.Replace(b.Name, "First partner’s", c.Partners[0].AddressAs+"’s", 1)
		names[b.Block] = strings.Replace(name, "Second partner’s", c.Partners[1].AddressAs+"’s", 1)
	}
	return names
}

// Label returns the name of a block.
func (w NoteDraft) Label(block string) string { return w.names[block] }

// Own returns the fields of a form without the blocks that equal their draft: leaving a sentence
// unchanged is not writing it.
func (w NoteDraft) Own(fields map[string]string) map[string]string {
	own := map[string]string{}
	for field, value := range fields {
		block, isText := strings.CutPrefix(field, "text.")
		if isText && w.Facts.Slots[field] == "" && strings.TrimSpace(value) == w.Drafts[block] {
			continue
		}
		own[field] = value
	}
	return own
}

var noteFields = regexp.MustCompile(
	`^((text|accepted)\.[a-z_]{1,40}|progress(_text)?\.[A-Z2-7]{26}|a_reported|b_reported|impression|rationale|` +
		`risk_text|plan_text|risk\.routine|status_choice|service)$`)

func (st *Store) checkNoteField(field, value string) error {
	if !noteFields.MatchString(field) {
		return fmt.Errorf("note field: %w", fault.Malformed)
	}
	kind, id, _ := strings.Cut(field, ".")
	if _, ok := st.method.Note.Block(id); (kind == "text" || kind == "accepted") && !ok {
		return fmt.Errorf("note block: %w", fault.Malformed)
	}
	problem := tooLong(value, LimitOf(field))
	switch {
	case kind == "accepted":
		problem = tooLong(value, 40000) // a drafted sentence of any length
	case kind == "progress":
		problem = notIn(value, ProgressChoices)
	case field == "status_choice":
		problem = notIn(value, StatusChoices)
	case field == "risk.routine":
		problem = notIn(value, []string{"yes"})
	}
	if problem != "" {
		return fault.Fields{field: problem}
	}
	return nil
}

// AddNoteCopies adds to the unsigned note w of s the conflicting copies that author may restore or
// dismiss.
func (st *Store) AddNoteCopies(ctx context.Context, s Session, w NoteDraft, author string) error {
	p, err := st.noteFieldSet(ctx, st.db, s.Filing(), w.Note)
	if err != nil {
		return err
	}
	if err := fields.AddCopies(ctx, st.db, p, author, w.Saved); err != nil {
		return err
	}
	return st.AddCopies(ctx, s, author, w.Record)
}

// guardDraft locks the note's row and returns fault.Locked if the note is signed.
func guardDraft(ctx context.Context, tx *database.DB, practice string, n Note) error {
	rows, err := tx.Exec(ctx, `
		UPDATE notes SET revision = revision + 1
		WHERE practice_id = ? AND id = ? AND signed_at IS NULL`, practice, n.ID)
	if err == nil && rows == 0 {
		err = fault.Locked
	}
	return err
}

// SetFormat changes the format of an unsigned note. Edited blocks keep their text.
func (st *Store) SetFormat(ctx context.Context, s Session, n Note, format string) error {
	if _, ok := st.method.Format(format); !ok {
		return fault.Fields{"format": "Choose a format from the list."}
	}
	rows, err := st.db.Exec(ctx, `
		UPDATE notes SET format = ?
		WHERE practice_id = ? AND id = ? AND signed_at IS NULL`, format, s.PracticeID, n.ID)
	if err == nil && rows == 0 {
		err = fault.Locked
	}
	return err
}
