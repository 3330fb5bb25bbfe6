package notes

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

// individual is what a counselor wrote about the first partner alone.
const individual = "She asked that the money be talked about before the summer, and with great care."

// draft begins a note without a session, with text in it.
func (d *noteWorld) draft(side couples.Side, text string) Standalone {
	d.Helper()
	n, err := d.notes.Draft(d.Context(), d.file.Couple, Draft{
		Kind: sessions.Contact, Side: side, At: now, Values: map[string]string{"with": "A partner", "what": text},
	}, rand.Text(), now)
	must(d.T, err)
	return Standalone{Note: n, Couple: d.file.Couple, Counselor: d.file.Counselor}
}

// signStandalone signs f in its current state.
func (d *noteWorld) signStandalone(f Standalone) error {
	d.Helper()
	w, _, err := d.notes.WriteStandalone(d.Context(), f, now)
	must(d.T, err)
	return d.notes.SignStandalone(d.Context(), f, sessions.Signing{Reviewed: true, Seen: w.Hash}, now)
}

// newWorld has A send a private page; individual is in A's file.
func TestANoteRepeatsNothingThatItsReadersMayNotRead(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		if err := d.signStandalone(d.draft(couples.A, individual)); err != nil {
			d.Fatal("in the file of whom it is about:", err)
		}
		for _, tt := range []struct {
			side    couples.Side
			text    string
			refused string
		}{
			{couples.A, private, ""},
			{couples.A, individual, ""},
			{"", private, "both may read"},
			{"", individual, "both may read"},
			{couples.B, private, "the other partner"},
			{couples.B, individual, "the other partner"},
			{"", "A call about an appointment.", ""},
			{couples.B, "A call about an appointment.", ""},
		} {
			err := d.signStandalone(d.draft(tt.side, "They said: "+tt.text))
			refused, _ := errors.AsType[fault.Fields](err)
			if (tt.refused != "") != (err != nil) || !strings.Contains(refused["what"].String(), tt.refused) {
				d.Errorf("filed with %q, %q: %v %v", tt.side, tt.text, err, refused)
			}
		}
	})
}

func TestASessionsNoteRepeatsNothingOfAnIndividualFile(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		d.draft(couples.B, individual) // not signed, but private as well
		d.fill(individual)
		if _, refused := errors.AsType[fault.Fields](d.sign()); !refused || d.note().Signed() {
			d.Error("it was signed")
		}
		d.fill("Both named one thing they would do before the next session.")
		must(d.T, d.sign())
	})
}

func TestAnAddendumToANoteWithoutASessionIsHeldToTheSameRule(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		f := d.draft(couples.B, "A call about an appointment.")
		must(d.T, d.signStandalone(f))
		var err error
		f.Note, err = d.sessions.FindStandalone(d.Context(), f.Couple, couples.B, f.Note.ID)
		must(d.T, err)
		for _, text := range [][2]string{{"Corrects", private}, {private, "Nothing else changes."}} {
			err := d.notes.AppendStandalone(d.Context(), f, text[0], text[1], rand.Text(), now)
			if _, refused := errors.AsType[fault.Fields](err); !refused {
				d.Errorf("%q was signed: %v", text, err)
			}
		}
		must(d.T, d.notes.AppendStandalone(d.Context(), f, "Corrects", "It was the morning.", rand.Text(), now))
	})
}

func TestADraftIsDatedInThePracticesZone(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		w, in, err := d.notes.WriteStandalone(d.Context(), d.draft("", "A call."), now)
		must(d.T, err)
		if at := now.In(in.Practice.Zone()); w.Saved["day"].Value != at.Format("2006-01-02") ||
			w.Saved["time"].Value != at.Format("15:04") || len(w.Missing) > 0 {
			d.Error(w.Saved["day"].Value, w.Saved["time"].Value, w.Missing)
		}
	})
}
