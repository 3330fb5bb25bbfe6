package handlers

import (
	"strconv"
	"strings"
	"testing"
)

// TestTheRecordPrintsAsAWhole: every signed note in order with a table of contents, no unsigned
// ones, and only with a recent password.
func TestTheRecordPrintsAsAWhole(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		id := w.one(`SELECT s.couple_id FROM sessions s JOIN couples c ON c.id = s.couple_id
			JOIN counselors o ON o.id = c.counselor_id
			WHERE o.id = (SELECT counselor_id FROM couples WHERE id = ?)
			GROUP BY s.couple_id ORDER BY COUNT(*) DESC, s.couple_id LIMIT 1`, w.people[4].Couple)
		couple := "/couples/" + id
		dana.get(couple+"/record").want(t, 200, "Print all signed notes")
		printed := pdfText(t, dana.get(couple+"/record.pdf").want(t, 200))
		signed := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM notes n JOIN sessions s ON s.id = n.session_id
			WHERE n.signed_at IS NOT NULL AND s.couple_id = ?`, id)
		if n := strconv.Itoa(strings.Count(printed, "Content ")); n != signed || signed == "0" {
			t.Errorf("%s of %s signed notes are printed", n, signed)
		}
		for _, want := range []string{"Contents", "unsigned note", "Progress note · "} {
			if !strings.Contains(printed, want) {
				t.Errorf("the record does not say %q:\n%.600s", want, printed)
			}
		}
		w.later()
		dana.get(couple+"/record.pdf").want(t, 303)
		w.as(w.ellis).get(couple+"/record.pdf").want(t, 404)
	})
}
