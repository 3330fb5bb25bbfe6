package sessions

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
	"mend/internal/fields"
)

func TestNothingOfASignedSessionChangesThroughTheStore(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signed()
		n := w.note(s)
		before, err := w.st.Record(t.Context(), s)
		w.must(err)
		_, err = w.st.SaveField(t.Context(), s, edit("focus", "afterwards", 1))
		w.want("a field", err, fault.Locked)
		_, err = w.st.SaveField(t.Context(), s, edit("observation", "afterwards", 0))
		w.want("a new field", err, fault.Locked)
		w.want("a form", w.st.SaveRecord(t.Context(), s, map[string]string{"focus": "afterwards"}, "k", after(80)),
			fault.Locked)
		w.want("a turn", w.st.Turn(t.Context(), s, Pause, after(80)), fault.Locked)
		w.want("times",
			w.st.Correct(t.Context(), s, Correction{StartedAt: four, EndedAt: after(50), Base: s.Revision}, after(80)),
			fault.Locked)
		_, err = w.st.SaveNoteField(t.Context(), s, n, edit("impression", "afterwards", 1))
		w.want("a note's field", err, fault.Locked)
		w.want("a note", w.st.SaveNote(t.Context(), s, n, map[string]string{"impression": "afterwards"}, "k", after(80)),
			fault.Locked)
		w.want("a format", w.st.SetFormat(t.Context(), s, n, "SOAP"), fault.Locked)
		w.want("a plan", w.st.Replan(t.Context(), &s, nil, "k", after(80)), fault.Locked)
		now, err := w.st.Record(t.Context(), s)
		if diff := cmp.Diff(fields.Values(before), fields.Values(now)); diff != "" || err != nil {
			w.Error(diff, err)
		}
		if diff := cmp.Diff(n, w.note(s)); diff != "" {
			w.Error(diff)
		}
	})
}

func TestNothingOfASignedSessionChangesByHand(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signed()
		n := w.note(s)
		w.must(w.st.Append(t.Context(), s, w.dana, "Corrects", "A title.", "k", noPrivateWording, after(80)))
		for _, tt := range []struct {
			query string
			id    string
		}{
			{`UPDATE notes SET content = 'other' WHERE id = ?`, n.ID},
			{`UPDATE notes SET signed_at = NULL WHERE id = ?`, n.ID},
			{`DELETE FROM notes WHERE id = ?`, n.ID},
			{`UPDATE fields SET sealed = 'other' WHERE owner_id = ?`, n.ID},
			{`DELETE FROM fields WHERE owner_id = ?`, n.ID},
			{`UPDATE fields SET sealed = 'other' WHERE owner_id = ?`, s.ID},
			{`DELETE FROM fields WHERE owner_id = ?`, s.ID},
			{`UPDATE session_intervals SET kind = 'A' WHERE session_id = ?`, s.ID},
			{`DELETE FROM session_intervals WHERE session_id = ?`, s.ID},
			{`UPDATE sessions SET signed = FALSE WHERE id = ?`, s.ID},
			{`UPDATE sessions SET minutes = 10 WHERE id = ?`, s.ID},
			{`DELETE FROM sessions WHERE id = ?`, s.ID},
			{`UPDATE addenda SET text = 'other' WHERE note_id = ?`, n.ID},
			{`DELETE FROM addenda WHERE note_id = ?`, n.ID},
		} {
			_, err := w.db.Exec(t.Context(), tt.query, tt.id)
			w.want(tt.query, err, fault.Locked)
		}
		if diff := cmp.Diff(n, w.note(s)); diff != "" {
			w.Error(diff)
		}
	})
}
