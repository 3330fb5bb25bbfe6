package notes

import (
	"crypto/rand"
	"errors"
	"testing"

	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/fault"
	"mend/worksheets/promises"
)

// TestANoteRepeatsNothingThatWasSaidToTheCounselorAlone, wherever it was said: in an addendum to an
// individual note, about the plan, or about the other's promise.
func TestANoteRepeatsNothingThatWasSaidToTheCounselorAlone(t *testing.T) {
	for name, says := range map[string]func(d *noteWorld, text string){
		"an addendum":     (*noteWorld).addsToAFile,
		"the plan":        (*noteWorld).disagrees,
		"other's promise": (*noteWorld).sawAPromise,
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(d *noteWorld) {
				says(d, individual)
				d.fill(individual)
				if _, refused := errors.AsType[fault.Fields](d.sign()); !refused || d.note().Signed() {
					d.Error("it was signed")
				}
				if err := d.signStandalone(d.draft(couples.A, individual)); err != nil {
					d.Error("in the file of whom it is about:", err)
				}
			})
		})
	}
}

// mine returns the couple as A reads it.
func (d *noteWorld) mine() (couples.Couple, couples.Partner) {
	d.Helper()
	c, me, err := d.stores.Couples.FindForPartner(d.Context(), d.file.Couple.PracticeID, d.file.Couple.Partner(couples.A).ID)
	must(d.T, err)
	return c, me
}

func (d *noteWorld) addsToAFile(text string) {
	f := d.draft(couples.A, "A call about an appointment.")
	must(d.T, d.signStandalone(f))
	var err error
	f.Note, err = d.sessions.FindStandalone(d.Context(), f.Couple, couples.A, f.Note.ID)
	must(d.T, err)
	must(d.T, d.notes.AppendStandalone(d.Context(), f, "Adds", text, rand.Text(), now))
}

func (d *noteWorld) disagrees(text string) {
	c := d.file.Couple
	objectives, err := d.treatment.Objectives(d.Context(), c)
	must(d.T, err)
	must(d.T, d.notes.SharePlan(d.Context(), c, d.treatment.Draft(c, objectives).Hash(), now))
	mine, me := d.mine()
	newest, err := d.treatment.Newest(d.Context(), mine)
	must(d.T, err)
	must(d.T, d.treatment.Reply(d.Context(), mine, me, treatment.Reply{
		Version: newest.ID, Kind: treatment.Disagreed, Words: text, Zone: "UTC", FormKey: "k",
	}, now))
}

func (d *noteWorld) sawAPromise(text string) {
	must(d.T, d.promises.Propose(d.Context(), d.file.Couple, promises.Proposal{
		Maker: couples.B, Words: promises.Words{What: "Home by seven", Often: "daily"}, InRoom: true, FormKey: "p",
	}, now))
	mine, _ := d.mine()
	list, err := d.promises.List(d.Context(), mine, now.AddDate(0, 0, -7))
	must(d.T, err)
	id := list[len(list)-1].ID
	must(d.T, d.promises.Mark(d.Context(), mine, id, promises.Mark{
		Day: now.Format("2006-01-02"), Result: "not-kept", Note: text,
	}, now, now))
}
