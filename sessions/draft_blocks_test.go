package sessions

import (
	"strings"
	"testing"
	"time"

	"mend/couples"
)

// at sets when the session was held on March 12 in New York.
func (f *Facts) at(hour, minute, length int) {
	start := time.Date(2031, 3, 12, hour, minute, 0, 0, f.Zone)
	stop := start.Add(time.Duration(length) * time.Minute)
	f.Session.StartedAt, f.Session.EndedAt, f.Times.Joint = &start, &stop, stop.Sub(start)
}

// set sets pairs of field and value in r.
func (r Record) set(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		r[pairs[i]] = pairs[i+1]
	}
}

func TestEachBlockSaysWhatWasSo(t *testing.T) {
	minute := time.Minute
	const phase = " Phase of care: step 2 of 7."
	for name, tt := range map[string]struct {
		block  string
		change func(*Facts)
		want   string
	}{
		"late": {
			"attendance", func(f *Facts) { f.Record.set("attendance.B", "late") },
			"On March 12, 2031, R.M. and J.T. (arrived late) attended a 53-minute in-person couples session (4:03–4:56 p.m.).",
		},
		"left early": {
			"attendance", func(f *Facts) { f.Record.set("attendance.A", "left-early") },
			"On March 12, 2031, R.M. (left early) and J.T. attended a 53-minute in-person couples session (4:03–4:56 p.m.).",
		},
		"one absent": {
			"attendance", func(f *Facts) { f.Record.set("attendance.B", "absent") },
			"On March 12, 2031, R.M. attended a 53-minute in-person couples session (4:03–4:56 p.m.). J.T. was absent.",
		},
		"one by video": {
			"attendance", func(f *Facts) { f.Record.set("mode.B", "video") },
			"On March 12, 2031, R.M. and J.T. attended a 53-minute in-person and video couples session (4:03–4:56 p.m.).",
		},
		"modes not ticked": {
			"attendance", func(f *Facts) { f.Session.Place = "phone"; f.Record.set("mode.A", "", "mode.B", "") },
			"On March 12, 2031, R.M. and J.T. attended a 53-minute phone couples session (4:03–4:56 p.m.).",
		},
		"only one mode ticked": {
			"attendance", func(f *Facts) { f.Record.set("mode.A", "", "mode.B", "video") },
			"On March 12, 2031, R.M. and J.T. attended a 53-minute video couples session (4:03–4:56 p.m.).",
		},
		"the absent one has no mode": {
			"attendance", func(f *Facts) { f.Record.set("attendance.A", "absent", "mode.B", "video") },
			"On March 12, 2031, J.T. attended a 53-minute video couples session (4:03–4:56 p.m.). R.M. was absent.",
		},
		"across noon": {
			"attendance", func(f *Facts) { f.at(11, 30, 50) },
			"On March 12, 2031, R.M. and J.T. attended a 50-minute in-person couples session (11:30 a.m.–12:20 p.m.).",
		},
		"in the morning": {
			"attendance", func(f *Facts) { f.at(9, 0, 50) },
			"On March 12, 2031, R.M. and J.T. attended a 50-minute in-person couples session (9:00–9:50 a.m.).",
		},
		"past midnight": {
			"attendance", func(f *Facts) { f.at(23, 30, 45) },
			"On March 12, 2031, R.M. and J.T. attended a 45-minute in-person couples session (11:30 p.m.–12:15 a.m.).",
		},
		"pause not in it": {
			"attendance", func(f *Facts) { f.Times.Joint, f.Times.Paused = 49*minute, 4*minute },
			"On March 12, 2031, R.M. and J.T. attended a 49-minute in-person couples session (4:03–4:56 p.m.).",
		},
		"same first name": {
			"attendance", func(f *Facts) { f.Couple.Partners[0].AddressAs, f.Couple.Partners[1].AddressAs = "Alex", "Alex" },
			"On March 12, 2031, Rowan Mossfield and Jules Thistledown attended a 53-minute in-person couples session " +
				"(4:03–4:56 p.m.).",
		},

		"equal time": {
			"split",
			func(f *Facts) { f.Times = Times{Joint: 33 * minute, A: 10 * minute, B: 10 * minute} },
			"33 minutes were joint; individual time was 10 minutes with R.M. and 10 minutes with J.T.",
		},
		"equal to the minute": {
			"split",
			func(f *Facts) { f.Times = Times{Joint: 33 * minute, A: 601 * time.Second, B: 10 * minute} },
			"33 minutes were joint; individual time was 10 minutes with R.M. and 10 minutes with J.T.",
		},
		"unequal time": {
			"split",
			func(f *Facts) { f.Times = Times{Joint: 33 * minute, A: 12 * minute, B: 1 * minute} },
			"33 minutes were joint; individual time was 12 minutes with R.M. and 1 minute with J.T.",
		},
		"one alone": {
			"split", func(f *Facts) { f.Times = Times{Joint: 33 * minute, B: 10 * minute} },
			"33 minutes were joint; individual time was 10 minutes with J.T.",
		},
		"a slip of the finger": {"split", func(f *Facts) { f.Times = Times{Joint: 50 * minute, A: 5 * time.Second} }, ""},
		"nobody alone":         {"split", func(*Facts) {}, ""},

		"no breach chosen": {
			"focus", func(f *Facts) { f.Session.BreachID = nil },
			"Session focus: offering and responding to an apology." + phase,
		},
		"no breach at all": {
			"focus", func(f *Facts) { f.Couple.Breaches = nil },
			"Session focus: offering and responding to an apology." + phase,
		},
		"turned to": {
			"focus", func(f *Facts) { f.Record.set("breach", "TRIP") },
			"Session focus: offering and responding to an apology (the trip)." + phase,
		},
		"full stop typed": {
			"focus", func(f *Facts) { f.Record.set("focus", "the loan. ") },
			"Session focus: the loan (the hidden loan)." + phase,
		},

		"not done": {
			"homework_reviewed",
			func(f *Facts) { f.Record.set("homework.APOLOGY", "", "homework.PACE", "not-done") },
			"Homework reviewed: Our pace and space agreement (not done).",
		},
		"none was set": {"homework_reviewed", func(f *Facts) { f.Homework = nil }, "No homework was due for review."},
		"only given today": {
			"homework_reviewed", func(f *Facts) { f.Homework = f.Homework[3:] },
			"No homework was due for review.",
		},
		"only private was set": {"homework_reviewed", func(f *Facts) { f.Homework = f.Homework[2:3] }, ""},

		"one activity": {
			"activities", func(f *Facts) { f.Record.set("activity.s2-a2", "", "activity.s2-a3", "") },
			"In-session activities: reworking one sentence together (from reason to ownership).",
		},
		"own activity": {"activities", func(f *Facts) {
			f.Record.set("activity.s2-a2", "", "activity.s2-a4", "", "activity.own", "Reading a letter.")
		}, "In-session activities: response in the hurt partner’s own form and Reading a letter."},
		"intervention": {
			"interventions", func(f *Facts) { f.Record = Record{"intervention.own": "a drawing "} },
			"Interventions provided: a drawing.",
		},
		"no quote": {
			"response_a", func(f *Facts) { f.Record.set("quote.A", " ") },
			"R.M. was guarded at first and then more open; expressed hurt directly.",
		},
		"a quote alone": {"response_a", func(f *Facts) { f.Record.set("response.A", "") }, ""},
		"a report": {
			"a_reported", func(f *Facts) { f.Slots.set("a_reported", "a steadier week.") },
			"R.M. reported a steadier week.",
		},
		"another report": {
			"b_reported", func(f *Facts) { f.Slots.set("b_reported", "wanting to go on") },
			"J.T. reported wanting to go on.",
		},
		"no report": {"b_reported", func(f *Facts) { f.Slots.set("b_reported", " ") }, ""},
		"two pauses": {
			"pause", func(f *Facts) { f.Times.Pauses = 2; f.Record.set("pause.returned", "did not return") },
			"The agreed time-out was used twice; the partners did not return to the conversation.",
		},
		"measures": {
			"measures", func(f *Facts) { f.Record.set("measures", "yes") },
			"Routine measures were reviewed with both partners.",
		},
		"without words": {
			"progress",
			func(f *Facts) { f.Slots.set("progress.ONE", "no change", "progress_text.ONE", "", "progress.TWO", "") },
			`Goal “Speak about the hidden loan without escalation”: no change.`,
		},
		"words unchosen": {
			"progress",
			func(f *Facts) { f.Slots.set("progress.ONE", "", "progress.TWO", "new", "progress_text.TWO", "") },
			`Goal “Establish clear ownership and repair”: new.`,
		},
		"none met": {
			"readiness", func(f *Facts) { f.Met = nil },
			"The couple met 0 of 2 joint objectives for this phase, in the clinician’s judgment; the plan is to stay with " +
				"this step.",
		},
		"one has private": {
			"assigned", func(f *Facts) { f.Homework = f.Homework[3:5] },
			"Between-session assignment: Making it right.",
		},
		"both, no joint": {
			"assigned", func(f *Facts) { f.Homework = f.Homework[4:] },
			"Between-session assignment: individual reflection for each partner.",
		},
		"one, no joint": {"assigned", func(f *Facts) { f.Homework = f.Homework[4:5] }, ""},
		"no next session": {
			"next", func(f *Facts) { f.Next = nil; f.Slots.set("plan_text", "rest.") },
			"Plan: rest. Next appointment: to be arranged.",
		},
		"a question": {
			"impression", func(f *Facts) { f.Slots.set("impression", "is it enough?") },
			"Clinical impression: is it enough?",
		},
		"a full stop": {
			"interaction", func(f *Facts) { f.Record.set("interaction", "calm.") },
			"Observed interaction: calm.",
		},
		"braces are text": {
			"impression", func(f *Facts) { f.Slots.set("impression", "{plan_text} stays") },
			"Clinical impression: {plan_text} stays.",
		},
	} {
		f := example(t)
		tt.change(&f)
		if got := methodContent(t).Draft(f)[tt.block]; got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

func TestReadinessCountsTheCouplesOwnCriteriaThatAreNotPrivate(t *testing.T) {
	m := methodContent(t)
	for _, step := range m.Steps {
		f := example(t)
		f.Session.Step, f.Met = step.ID, map[string]bool{}
		shared := 0
		for _, c := range step.Criteria() {
			f.Met["/"+c.ID], f.Met["LOAN/"+c.ID] = true, true // every criterion is met, including the private ones
		}
		for _, c := range step.Readiness.Couple {
			if !c.Private {
				shared++
			}
		}
		got := m.Draft(f)["readiness"]
		want := ""
		if n := string(rune('0' + shared)); shared >= 2 {
			want = "met " + n + " of " + n + " "
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", step.ID, got, want)
		}
	}
}

func TestNoDraftedSentenceEndsTwice(t *testing.T) {
	f := example(t)
	for _, r := range []Record{f.Record, f.Slots} {
		for _, field := range []string{
			"focus", "interaction", "activity.own", "intervention.own", "impression", "risk_text",
			"plan_text", "a_reported", "b_reported", "progress_text.ONE",
		} {
			r[field] = "said plainly."
		}
	}
	f.Couple.Partners[0].AddressAs, f.Couple.Partners[1].AddressAs = "Rowan", "Jules"
	f.Couple.Partners[0].Side, f.Couple.Partners[1].Side = couples.A, couples.B
	for block, text := range methodContent(t).Draft(f) {
		if strings.Contains(text, "..") || strings.Contains(text, ".,") || strings.Contains(text, " .") {
			t.Errorf("%s: %s", block, text)
		}
	}
}
