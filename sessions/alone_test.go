package sessions

import (
	"crypto/rand"
	"strings"
	"testing"

	"mend/couples"
)

func TestASessionToWhichOnePartnerCameIsTimeAloneAndItsNoteSaysWhoWasAbsent(t *testing.T) {
	for present, c := range map[couples.Side]struct{ says, splits string }{
		couples.A: {"Rowan attended a 53-minute", "53 minutes with Rowan"},
		couples.B: {"Jules attended a 53-minute", "53 minutes with Jules"},
	} {
		t.Run(string(present), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				s := w.session()
				w.must(w.st.Plan(t.Context(), &s, AloneWith(present), after(-5)))
				w.must(w.st.Start(t.Context(), s, four))
				if got := w.times(w.reload(s)); string(got.Now) != string(present) {
					t.Errorf("the clock counts %q", got.Now)
				}
				w.must(w.st.End(t.Context(), w.reload(s), after(53)))
				drafts := w.write(w.reload(s)).Drafts
				absent := w.couple.Partner(present.Other()).AddressAs + " was absent."
				if d := drafts["attendance"]; !strings.Contains(d, c.says) || !strings.HasSuffix(d, absent) {
					t.Errorf("the note says %q", d)
				}
				if d := drafts["split"]; !strings.HasPrefix(d, "0 minutes were joint") || !strings.Contains(d, c.splits) {
					t.Errorf("the note says %q", d)
				}
			})
		})
	}
}

func TestASessionToWhichBothOrNobodyCameBeginsWithJointTime(t *testing.T) {
	for name, record := range map[string]map[string]string{
		"nothing is recorded": nil,
		"both came":           {"attendance.A": "present", "attendance.B": "late"},
		"nobody came":         {"attendance.A": "absent", "attendance.B": "absent"},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				s := w.session()
				w.must(w.st.Plan(t.Context(), &s, nil, after(-5)))
				w.must(w.st.SaveRecord(t.Context(), s, record, rand.Text(), after(-1)))
				w.must(w.st.Start(t.Context(), s, four))
				if got := w.times(w.reload(s)); got.Now != Joint {
					t.Errorf("the clock counts %q", got.Now)
				}
			})
		})
	}
}

// times returns the times of s, a minute after it began.
func (w *world) times(s Session) Times {
	w.Helper()
	times, err := w.st.Times(w.Context(), s, after(1))
	w.must(err)
	return times
}
