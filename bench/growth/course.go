package growth

import (
	"time"

	"mend/couples"
	"mend/demo"
	"mend/internal/audit"
	"mend/sessions"
	"mend/worksheets"
)

// The size of a course: twenty sessions and about a hundred answers.
const (
	courseSessions = 20
	coursePulses   = 32
	courseLogs     = 20
)

// A course is a couple's whole counseling, with its audit entries.
type course struct {
	*demo.Seeder
	log   *audit.Log
	brief bool // only the beginning
}

// tell creates a whole course of sessions and homework: one still in progress at the seeder's now,
// or one that ended then. clock is the time used by the audit log.
func (t *course) tell(goesOn bool, clock *time.Time) {
	*clock = t.Ago(290, 9, 0)
	t.AddCouple(0, *clock, []demo.Breach{
		{Name: "the messages", Broke: couples.B, Kinds: "infidelity-emotional lying"},
	}, "Words and actions match again.", "Ask instead of checking.")
	for n, step := range []string{"intake", "acknowledge", "own-and-apologize", "room-to-heal"} {
		*clock = t.Ago(270-50*n, 12, 0)
		t.Step(step, sessions.Settled, "Both are ready to move on.", *clock)
	}
	t.Step("keep-your-word", sessions.Working, "", *clock)
	t.MeetCriteria(*clock, "s1-c1")
	t.homework(clock)
	t.weeks(goesOn, clock)
	t.meetings(goesOn, clock)
	if goesOn {
		return
	}
	*clock = t.Ago(0, 18, 0)
	t.Step("keep-your-word", sessions.Settled, "Both say this feels settled.", *clock)
}

// homework assigns and fills in the one-time worksheets and the joint pages.
func (t *course) homework(clock *time.Time) {
	list := []string{
		"commitment-check", "how-trust-was-broken", "feelings-log", "sharing-preferences",
		"fears-hopes-dreams", "setback-plan",
	}
	if t.brief {
		list = list[:1]
	}
	for _, worksheet := range list {
		*clock = clock.AddDate(0, 0, 1)
		t.Give(worksheet, worksheets.ToEach, 0, "", *clock)
		for _, side := range []couples.Side{couples.A, couples.B} {
			*clock = clock.Add(9 * time.Hour)
			t.send(side, worksheet, nil, *clock, true)
		}
	}
	t.Give("apology-builder", worksheets.ToB, 0, "", *clock)
	t.send(couples.B, "apology-builder", nil, clock.Add(30*time.Hour), true)
	t.Give("impact-statement", worksheets.ToA, 0, "", *clock)
	t.send(couples.A, "impact-statement", nil, clock.Add(31*time.Hour), true)
	t.Give("goals-and-ground-rules", worksheets.ToJoint, 0, "", *clock)
	t.Promise(couples.B, "My phone stays in the hallway at night", "daily", *clock)
	for day := range 12 {
		t.Mark(couples.B, "My phone stays in the hallway at night", "kept", clock.AddDate(0, 0, day+1))
	}
}

// weeks sends a weekly pulse of both partners and a log of one. In a course in progress, the latest
// are unread.
func (t *course) weeks(goesOn bool, clock *time.Time) {
	*clock = t.Ago(7*coursePulses+2, 9, 0)
	t.Give("trust-pulse", worksheets.ToEach, 0, "", *clock)
	t.Give("daily-reliability-log", worksheets.ToA, 0, "", *clock)
	for week := range coursePulses {
		if t.brief && week < coursePulses-2 {
			continue
		}
		*clock = t.Ago(7*(coursePulses-week), 20, 0)
		last := goesOn && week == coursePulses-1
		t.send(couples.A, "trust-pulse", demo.Pulse(week%4), *clock, !last)
		t.send(couples.B, "trust-pulse", demo.Pulse((week+1)%4), clock.Add(time.Hour), !last)
		if week < courseLogs {
			t.send(couples.A, "daily-reliability-log", nil, clock.Add(2*time.Hour), true)
		}
	}
}

// meetings holds the sessions and signs their notes. In a course in progress, the latest note is a
// draft and four sessions are still planned.
func (t *course) meetings(goesOn bool, clock *time.Time) {
	held := courseSessions
	if goesOn {
		held -= 4
	}
	for n := range held {
		if t.brief && n < held-2 {
			continue
		}
		*clock = t.Ago(3+13*(held-1-n), 15, 0)
		s := t.Hold(demo.Meeting{Step: "keep-your-word", At: *clock, Minutes: 50, Record: map[string]string{
			"focus": "small promises and what they build", "activity.s5-a1": "yes", "intervention.homework-review": "yes",
			"response.A": "hopeful", "response.B": "engaged-open",
		}})
		*clock = clock.Add(3 * time.Hour)
		if goesOn && n == held-1 {
			t.Edit(s, "impression", "the account has become more consistent", *clock)
			continue
		}
		t.Sign(s, []string{"DAP", "SOAP"}[n%2], *clock, map[string]string{
			"risk.routine": "yes", "risk_text": "No risk concern was raised in the joint session.",
			"impression": "trust is growing in small ways, and both see it", "plan_text": "keep the list short",
			"text.assigned":                    "What was given stays with each.",
			"text.homework_reviewed":           "Homework was reviewed with both partners.",
			"progress." + t.Couple.Goals[0].ID: sessions.ProgressChoices[n%2],
		})
	}
	for n := range courseSessions - held {
		t.Plan(demo.Meeting{Step: "keep-your-word", At: t.Ago(-7*n, 16, 0)})
	}
}

// send fills in and sends a page as the partner, and marks it as read as the counselor.
func (t *course) send(side couples.Side, worksheet string, values map[string]worksheets.Value,
	at time.Time, read bool,
) {
	counselor := t.Ctx
	if t.Err == nil && t.log != nil {
		t.Ctx = t.log.Begin(t.Ctx, audit.Who{Practice: t.Practice.ID, Person: t.Couple.Partner(side).ID, Role: "partner"})
	}
	t.Write(side, worksheet, values, true, at)
	t.Ctx = counselor
	if read {
		t.Do(func() error { return t.Stores.Worksheets.MarkRead(t.Ctx, t.Couple, t.Written, at.Add(12*time.Hour)) })
	}
}
