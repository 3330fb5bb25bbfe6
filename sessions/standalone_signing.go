package sessions

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/rowmac"
)

// A StandaloneWriting is an unsigned note without a session: the document as it would be signed
// now, and what is left to do.
type StandaloneWriting struct {
	Note     StandaloneNote
	Document Document
	Saved    map[string]fields.Field
	Missing  fault.Fields // by field
	Hash     string       // of the unsigned document
	at       time.Time
}

// Problems returns what is left to do before the note can be signed, by field.
func (w StandaloneWriting) Problems(reviewed bool) fault.Fields {
	bad := fault.Fields{}
	bad.Add(w.Missing)
	if !reviewed {
		bad["reviewed"] = "Confirm that you’ve reviewed the entire note."
	}
	return bad
}

// WriteStandalone returns the current draft of the unsigned note n.
func (st *Store) WriteStandalone(ctx context.Context, n StandaloneNote, in NoteContext, now time.Time) (
	StandaloneWriting, error,
) {
	return st.writeStandalone(ctx, st.db, n, in, now)
}

func (st *Store) writeStandalone(ctx context.Context, db *database.DB, n StandaloneNote, in NoteContext,
	now time.Time,
) (
	StandaloneWriting, error,
) {
	fieldSet, err := st.noteFieldSet(ctx, db, n.Filing, n.Note)
	if err != nil {
		return StandaloneWriting{}, err
	}
	saved, err := fields.All(ctx, db, fieldSet)
	if err != nil {
		return StandaloneWriting{}, err
	}
	values, zone := fields.Values(saved), in.Practice.Zone()
	w := StandaloneWriting{Note: n, Saved: saved, Missing: standaloneProblems(n.Kind, values, zone, now), at: n.HappenedAt}
	if at, err := happened(values, zone); err == nil {
		w.at = at
	}
	w.Document = standaloneDocument(n, values, w.at.In(zone), in)
	w.Hash = w.Document.hash()
	return w, nil
}

// standaloneDocument returns the document of note n with values, dated at. A note in an individual
// file does not name the other partner.
func standaloneDocument(n StandaloneNote, values map[string]string, at time.Time, in NoteContext) Document {
	kind, _ := n.Kind.Info()
	d := Document{
		Version: 1, Title: kind.Title, Filed: "Joint record", Practice: in.Practice.Lines(), RecordNo: in.Couple.RecordNo,
		Partners:  []string{in.Couple.Partners[0].Name, in.Couple.Partners[1].Name},
		Counselor: in.Counselor.Name, Letter: in.Practice.Paper == "Letter", FileDate: at.Format(time.DateOnly),
		Date: at.Format("January 2, 2006"), Time: standaloneTime(values, at), With: strings.TrimSpace(values["with"]),
		How: modeName(values["how"]),
	}
	if n.Side != "" {
		d.Filed, d.Partners = "Individual file", []string{in.Couple.Partner(n.Side).Name}
	}
	for _, part := range [][3]string{{"Note", "what"}, {"Plan", "plan"}} {
		if text := strings.TrimSpace(values[part[1]]); text != "" {
			d.Parts = append(d.Parts, Part{Name: part[0], Blocks: []Text{{Block: part[1], Text: text}}})
		}
	}
	return d
}

// standaloneTime returns the time and length, as far as they are known: "3:30 p.m. EDT (15
// minutes)".
func standaloneTime(values map[string]string, at time.Time) string {
	var words string
	if values["time"] != "" {
		words = clock(at) + " " + at.Format("MST")
	}
	minutes, err := strconv.Atoi(values["minutes"])
	switch {
	case err != nil:
		return words
	case words == "":
		return InMinutes(minutes)
	}
	return words + " (" + InMinutes(minutes) + ")"
}

// SignStandalone freezes note n as the counselor saw it. It returns fault.Fields if something
// required is empty or not reviewed, the error of check for its texts, and fault.Conflict if the
// note differs from the one that was seen. If the note is signed already, it returns nil.
func (st *Store) SignStandalone(ctx context.Context, n StandaloneNote, in NoteContext, sign Signing, check Check,
	now time.Time,
) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guardDraft(ctx, tx, n.PracticeID, n.Note); errors.Is(err, fault.Locked) {
			return nil
		} else if err != nil {
			return err
		}
		w, err := st.writeStandalone(ctx, tx, n, in, now)
		if err != nil {
			return err
		}
		checked := check(ctx, tx, w.texts())
		if err := readyToSign(n.Note, w.Problems(sign.Reviewed), w.Hash != sign.Seen, checked); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE notes SET happened_at = ? WHERE practice_id = ? AND id = ?`,
			w.at, n.PracticeID, n.ID)
		if err != nil {
			return fmt.Errorf("sign note %s: %w", n.ID, err)
		}
		d := w.Document
		d.Late = late(w.at, now, "the date of service")
		if err := st.signDocument(ctx, tx, n.Filing, n.Note, d, in, now); err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, n.PracticeID, rowmac.Note, n.ID)
	})
}

// texts returns the free-text fields.
func (w StandaloneWriting) texts() map[string]string {
	return map[string]string{
		"with": w.Saved["with"].Value, "what": w.Saved["what"].Value, "plan": w.Saved["plan"].Value,
	}
}
