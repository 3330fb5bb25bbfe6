package treatment_test

import (
	"slices"
	"strings"
	"testing"

	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// TestEachPartnerAnswersAloneAndMayAnswerAnew: a partner may both sign and disagree, and no answer
// replaces an earlier one.
func TestEachPartnerAnswersAloneAndMayAnswerAnew(t *testing.T) {
	each(t, func(p *place) {
		p.add("Each names one expense.", "")
		first := p.share()
		for range 2 { // submitted twice
			p.must(p.sign(couples.A, first.ID, "sign"))
		}
		p.must(p.disagree(couples.A, first.ID, " It was more than the summer. ", "line"))
		p.add("Each asks first.", "")
		second := p.share()
		p.want("to the one before", p.sign(couples.A, first.ID, "late"), fault.Conflict)
		p.must(p.sign(couples.A, second.ID, "again"))
		var got []string
		for _, a := range p.answers(couples.A) {
			got = append(got, string(a.Kind)+" "+a.Words)
		}
		want := []string{"signed Robin Invented", "disagreed It was more than the summer.", "signed Robin Invented"}
		if !slices.Equal(got, want) {
			p.Errorf("got %q", got)
		}
		s := treatment.Signature(p.answers(couples.A))
		if s.VersionID != second.ID || s.Version != 2 || s.When().Format("15:04 MST") != "10:00 MDT" {
			p.Errorf("%+v", s)
		}
		if list := p.answers(couples.B); len(list) != 0 {
			p.Errorf("the other has %+v", list)
		}
	})
}

func TestASignatureNeedsANameAndThatThePlanWasRead(t *testing.T) {
	each(t, func(p *place) {
		v := p.share()
		mine, me := p.mine(couples.B)
		try := func(r treatment.Reply) error {
			r.Version, r.Zone, r.FormKey = v.ID, "UTC", "k"
			return p.st.Reply(p.Context(), mine, me, r, at)
		}
		p.faults("no name", try(treatment.Reply{Kind: treatment.Signed, Read: true, Words: " "}), "name")
		p.faults("not read", try(treatment.Reply{Kind: treatment.Signed, Words: "Sasha"}), "read")
		p.faults("no line", try(treatment.Reply{Kind: treatment.Disagreed}), "line")
		p.faults("too long", try(treatment.Reply{Kind: treatment.Disagreed, Words: strings.Repeat("x", 2001)}), "line")
		p.want("something else", try(treatment.Reply{Kind: "forgotten", Words: "x"}), fault.Malformed)
		if len(p.answers(couples.B)) != 0 {
			p.Error("something was stored")
		}
	})
}

// TestWhatOneAnsweredTheOtherCannotAskFor, nor can the other or the counselor answer in their
// place.
func TestWhatOneAnsweredTheOtherCannotAskFor(t *testing.T) {
	each(t, func(p *place) {
		v := p.share()
		bs, _ := p.mine(couples.B)
		a := p.couple.Partner(couples.A)
		_, err := p.st.Answers(p.Context(), bs, v, a)
		p.want("before there is one", err, fault.NotFound)
		p.must(p.disagree(couples.A, v.ID, "Not so.", "k"))
		_, err = p.st.Answers(p.Context(), bs, v, a)
		p.want("the other's", err, fault.NotFound)
		reply := treatment.Reply{
			Version: v.ID, Kind: treatment.Signed, Read: true, Words: "Robin", Zone: "UTC", FormKey: "other",
		}
		_, _, err = p.st.Unanswered(p.Context(), bs, a)
		p.want("whether there is one", err, fault.NotFound)
		p.want("for the other", p.st.Reply(p.Context(), bs, a, reply, at), fault.NotFound)
		p.want("by the counselor", p.st.Reply(p.Context(), p.couple, a, reply, at), fault.NotFound)
		if list := p.answers(couples.A); len(list) != 1 {
			p.Errorf("%+v", list)
		}
	})
}

// TestWhatWasChangedPastTheProgramCountsAsNotThere: once an objective was moved to another goal
// directly in the database, neither the plan nor its answers are read.
func TestWhatWasChangedPastTheProgramCountsAsNotThere(t *testing.T) {
	each(t, func(p *place) {
		p.add("Each names one expense.", "")
		v := p.share()
		p.must(p.sign(couples.A, v.ID, "k"))
		good, err := rowmac.IsValid(p.Context(), p.db, dbtest.Vault(p, p.db), p.couple.PracticeID, rowmac.TreatmentPlan,
			p.couple.ID)
		if err != nil || !good {
			p.Fatal(good, err)
		}
		_, err = p.db.Exec(p.Context(), `UPDATE treatment_objectives SET goal_id = ?`, p.couple.Goals[1].ID)
		p.must(err)
		if p.newest(p.couple).IsShared() || len(p.answers(couples.A)) != 0 {
			p.Error("it is still read")
		}
		p.want("nor is it answered", p.sign(couples.B, v.ID, "k"), fault.NotFound)
	})
}

// TestAnErasureOfOnePartnerLeavesNothingOfTheirAnswers but leaves the plan to the other.
func TestAnErasureOfOnePartnerLeavesNothingOfTheirAnswers(t *testing.T) {
	each(t, func(p *place) {
		v := p.share()
		p.must(p.disagree(couples.A, v.ID, "Not so.", "k"))
		p.must(p.sign(couples.B, v.ID, "k"))
		p.must(p.couples.Erase(p.Context(), p.people, p.couple, couples.Erasure{
			Of: couples.A, Reason: "Asked for in writing, long after the work.", RecordNo: p.couple.RecordNo,
		}, at.AddDate(8, 0, 0)))
		before := p.couple
		p.reread()
		if len(p.answers(couples.A)) != 0 || len(p.answers(couples.B)) != 1 || !p.newest(p.couple).IsShared() {
			p.Errorf("%+v %+v", p.answers(couples.A), p.answers(couples.B))
		}
		// A couple that was read before the erasure does not help: the keys are destroyed.
		if list, err := p.st.Answers(p.Context(), before, v, before.Partner(couples.A)); err == nil {
			p.Errorf("the words are read: %+v", list)
		}
	})
}
