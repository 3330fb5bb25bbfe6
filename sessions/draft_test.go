package sessions

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
)

func newYork(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// example returns the session of the protocol's example note (docs/clinical.md, 6.5). Everybody in
// it is invented.
func example(t *testing.T) Facts {
	t.Helper()
	start, stop, next := four, after(53), time.Date(2031, 3, 26, 20, 0, 0, 0, time.UTC)
	breach := "LOAN"
	return Facts{
		Session: Session{
			ID: "today", Step: "own-and-apologize", Place: "office", BreachID: &breach, StartsAt: start,
			StartedAt: &start, EndedAt: &stop,
		},
		Couple: couples.Couple{
			RecordNo: "C-0147",
			Partners: [2]couples.Partner{
				{Side: couples.A, Name: "Rowan Mossfield", AddressAs: "R.M."},
				{Side: couples.B, Name: "Jules Thistledown", AddressAs: "J.T."},
			},
			Breaches: []couples.Breach{
				{ID: "TRIP", Name: "the trip", Broke: couples.A},
				{ID: "LOAN", Name: "the hidden loan", Broke: couples.B},
			},
			Goals: []couples.Goal{
				{ID: "ONE", Text: "Speak about the hidden loan without escalation."},
				{ID: "TWO", Text: "Establish clear ownership and repair."},
				{ID: "OLD", Text: "CANARY a retired goal", Retired: true},
			},
		},
		Record: Record{
			"attendance.A": "present", "attendance.B": "present", "mode.A": "in-person", "mode.B": "in-person",
			"focus": "offering and responding to an apology", "checkin.A": "up and down", "checkin.B": "quieter",
			"homework.APOLOGY": "done", "homework.PACE": "partly", "homework.SECRET": "done",
			"activity.s2-a2": "yes", "activity.s2-a3": "yes", "activity.s2-a4": "yes",
			"activity.s2-a5": "", "planned.s2-a6": "yes",
			"intervention.psychoed-apology-parts": "yes", "intervention.apology-coaching": "yes",
			"intervention.enactment":            "yes",
			"intervention.reflective-listening": "yes", "intervention.validation-both": "yes",
			"response.A": "guarded-then-open,hurt-direct", "quote.A": "That was the first time it had no ‘but’ in it.",
			"response.B": "owned-prompted,defended-softened", "pause.returned": "returned", "support": "yes",
			"telehealth":  "yes",
			"interaction": "the usual pattern of questioning and explaining appeared once and was interrupted with the pause word",
			"observation": "Both looked at each other", "plan": "CANARY a plan", "private": "CANARY private",
		},
		Slots: Record{
			"risk.routine": "yes", "risk_text": "No risk concern was raised in the joint session.",
			"progress.ONE": "progressing", "progress_text.ONE": "The pause was used by both without blame.",
			"progress.TWO": "progressing", "progress_text.TWO": "Ownership is clearer, and repair has begun.",
			"progress.OLD":  "regressed",
			"status_choice": "stay with this step",
			"impression":    "the couple can now tolerate an apology and an unfinished answer",
			"plan_text":     "hear R.M.'s further response when R.M. chooses; review repair actions", "service": "CANARY 90847",
		},
		Times: Times{Joint: 53 * time.Minute, Pauses: 1},
		Met:   map[string]bool{"/s2-c2": true, "LOAN/s2-h1": true, "LOAN/s2-b1": true, "/s1-c1": true},
		Homework: []HomeworkItem{
			{ID: "APOLOGY", Title: "Building an apology", Joint: true, Session: "before"},
			{ID: "PACE", Title: "Our pace and space agreement", Joint: true, Session: "before"},
			{ID: "SECRET", Title: "CANARY a private page", Side: couples.A, Session: "before"},
			{ID: "RIGHT", Title: "Making it right", Joint: true, Session: "today"},
			{ID: "ALONE", Title: "CANARY another private page", Side: couples.A, Session: "today"},
			{ID: "ALSO", Title: "CANARY a third", Side: couples.B, Session: "today"},
		},
		Next: &next, Zone: newYork(t),
	}
}

func TestTheExampleOfTheProtocolIsDrafted(t *testing.T) {
	want := map[string]string{
		"attendance":        `On March 12, 2031, R.M. and J.T. attended a 53-minute in-person couples session (4:03–4:56 p.m.).`,
		"focus":             `Session focus: offering and responding to an apology (the hidden loan). Phase of care: step 2 of 7.`,
		"checkin":           `R.M. described the time since the last session as “up and down”; J.T., as “quieter.”`,
		"homework_reviewed": `Homework reviewed: Building an apology (done), Our pace and space agreement (partly done).`,
		"activities":        `In-session activities: apology read or spoken; silence; breath, response in the hurt partner’s own form and reworking one sentence together (from reason to ownership).`,
		"interventions":     `Interventions provided: reflective listening, validation of both partners' experience, enactment (guided partner-to-partner talk), apology coaching and psychoeducation on parts of an apology.`,
		"response_a":        `R.M. was guarded at first and then more open; expressed hurt directly. R.M. said: “That was the first time it had no ‘but’ in it.”`,
		"response_b":        `J.T. took responsibility with prompting; gave explanations at first and softened on redirection.`,
		"observation":       `Observations in session: Both looked at each other.`,
		"interaction":       `Observed interaction: the usual pattern of questioning and explaining appeared once and was interrupted with the pause word.`,
		"pause":             `The agreed time-out was used once; the partners returned to the conversation.`,
		"risk":              `Safety and well-being are reviewed with each partner individually as a routine part of this service; any individual documentation is kept separately. No risk concern was raised in the joint session.`,
		"progress":          `Goal “Speak about the hidden loan without escalation”: progressing. Evidence: The pause was used by both without blame. Goal “Establish clear ownership and repair”: progressing. Evidence: Ownership is clearer, and repair has begun.`,
		"readiness":         `The couple met 1 of 2 joint objectives for this phase, in the clinician’s judgment; the plan is to stay with this step.`,
		"impression":        `Clinical impression: the couple can now tolerate an apology and an unfinished answer.`,
		"assigned":          `Between-session assignment: Making it right; individual reflection for each partner.`,
		"telehealth":        `At the start of the telehealth session, each partner’s identity, location and privacy were confirmed.`,
		"support":           `Individual support options were discussed with both partners.`,
		"next":              `Plan: hear R.M.'s further response when R.M. chooses; review repair actions. Next appointment: March 26, 2031, 4:00 p.m.`,
	}
	if diff := cmp.Diff(want, methodContent(t).Draft(example(t))); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsPrivateOrOnlyTheCounselorsNeverEntersADraft(t *testing.T) {
	f := example(t)
	f.Record["homework.ALONE"], f.Record["homework.ALSO"] = "partly", "not-done"
	for block, text := range methodContent(t).Draft(f) {
		if strings.Contains(text, "CANARY") {
			t.Errorf("%s: %s", block, text)
		}
	}
}

func TestASentenceWithAnEmptySlotIsLeftOutWhole(t *testing.T) {
	full := methodContent(t).Draft(example(t))
	for name, tt := range map[string]struct {
		empty func(*Facts)
		gone  []string
	}{
		"who was there": {func(f *Facts) { delete(f.Record, "attendance.B") }, []string{"attendance"}},
		"nobody was there": {
			func(f *Facts) { f.Record["attendance.A"], f.Record["attendance.B"] = "absent", "absent" },
			[]string{"attendance"},
		},
		"not ended":          {func(f *Facts) { f.Session.EndedAt = nil }, []string{"attendance"}},
		"focus":              {func(f *Facts) { f.Record["focus"] = " \n" }, []string{"focus"}},
		"one check-in":       {func(f *Facts) { f.Record["checkin.A"] = "" }, []string{"checkin"}},
		"the other check-in": {func(f *Facts) { delete(f.Record, "checkin.B") }, []string{"checkin"}},
		"homework not marked": {
			func(f *Facts) { f.Record["homework.APOLOGY"], f.Record["homework.PACE"] = "", "" },
			[]string{"homework_reviewed"},
		},
		"activities": {func(f *Facts) {
			maps.DeleteFunc(f.Record, func(k, _ string) bool { return strings.HasPrefix(k, "activity.") })
		}, []string{"activities"}},
		"interventions": {func(f *Facts) {
			maps.DeleteFunc(f.Record, func(k, _ string) bool { return strings.HasPrefix(k, "intervention.") })
		}, []string{"interventions"}},
		"a response":       {func(f *Facts) { f.Record["response.A"] = "" }, []string{"response_a"}},
		"between them":     {func(f *Facts) { f.Record["interaction"] = "" }, []string{"interaction"}},
		"no pause":         {func(f *Facts) { f.Times.Pauses = 0 }, []string{"pause"}},
		"after the pause":  {func(f *Facts) { delete(f.Record, "pause.returned") }, []string{"pause"}},
		"routine sentence": {func(f *Facts) { delete(f.Slots, "risk.routine") }, []string{"risk"}},
		"risk in words":    {func(f *Facts) { f.Slots["risk_text"] = "" }, []string{"risk"}},
		"no progress chosen": {
			func(f *Facts) { f.Slots["progress.ONE"], f.Slots["progress.TWO"] = "", "" },
			[]string{"progress"},
		},
		"where the step goes": {func(f *Facts) { f.Slots["status_choice"] = "" }, []string{"readiness"}},
		"judgment":            {func(f *Facts) { delete(f.Slots, "impression") }, []string{"impression"}},
		"not by telehealth":   {func(f *Facts) { f.Record["telehealth"] = "" }, []string{"telehealth"}},
		"support":             {func(f *Facts) { f.Record["support"] = "" }, []string{"support"}},
		"plan":                {func(f *Facts) { f.Slots["plan_text"] = "" }, []string{"next"}},
		"nothing given":       {func(f *Facts) { f.Homework = f.Homework[:3] }, []string{"assigned"}},
	} {
		f := example(t)
		tt.empty(&f)
		want := maps.Clone(full)
		for _, block := range tt.gone {
			delete(want, block)
		}
		if diff := cmp.Diff(want, methodContent(t).Draft(f)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestOfAnEmptySessionOnlyThatNoHomeworkWasSetIsSaid(t *testing.T) {
	got := methodContent(t).Draft(Facts{Zone: time.UTC, Session: Session{Step: "own-and-apologize", Place: "office"}})
	if diff := cmp.Diff(map[string]string{"homework_reviewed": "No homework was due for review."}, got); diff != "" {
		t.Error(diff)
	}
}
