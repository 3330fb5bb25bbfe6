package sessions

import (
	"testing"
	"time"
)

func TestAllThatKeepsANoteFromBeingSignedIsSaidAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.held()
		note := w.write(s)
		bad := faultsOf(w.st.Sign(t.Context(), s, w.noteContext(), Signing{}, noPrivateWording, after(90)))
		if bad["reviewed"] == "" || len(note.Missing) == 0 {
			w.Fatal(bad, note.Missing)
		}
		for _, block := range note.Missing {
			if bad["text."+block] == "" {
				w.Error(block, "is missing, and nothing says so:", bad)
			}
		}
	})
}

func TestMinutesAreInWordsThatAreRightForOne(t *testing.T) {
	f := example(t)
	start := *f.Session.StartedAt
	stop := start.Add(time.Minute)
	f.Session.EndedAt = &stop
	f.Times = Times{Joint: time.Minute, A: 10 * time.Second, B: 5 * time.Second}
	if got, want := timeLine(f), "4:03–4:04 p.m. EDT (1 minute, all together)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
