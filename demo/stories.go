package demo

import (
	"mend/couples"
	"mend/sessions"
	"mend/worksheets"
)

// Stories is how many there are.
var Stories = len(stories)

// stories are told in turn, one for each couple.
var stories = []func(t *seeder, i int){intake, firstStep, mutual, promises, closing}

// intake: a couple that has just come.
func intake(t *seeder, i int) {
	t.meet(i, t.ago(9, 10, 0), []wrong{{"the messages", couples.B, "infidelity-emotional lying"}},
		"Find out whether to try.")
	t.step("intake", sessions.Working, "", t.ago(9, 11, 0))
	s := t.hold(meeting{step: "intake", at: t.ago(7, 16, 0), minutes: 55, apart: 10, fields: map[string]string{
		"focus": "what brought them and what each hopes for", "checkin.A": "tired", "checkin.B": "nervous",
		"activity.s0-a1": "yes", "intervention.structured-intake-interview": "yes", "intervention.alliance-building": "yes",
		"response.A": "guarded-then-open", "response.B": "engaged-support",
		"observation": t.couple.Partners[0].AddressAs + " spoke in short sentences at first. " +
			t.couple.Partners[1].AddressAs + " waited.",
	}})
	t.give("commitment-check", worksheets.ToEach, 0, s.ID, t.ago(7, 17, 0))
	t.give("how-trust-was-broken", worksheets.ToEach, 0, s.ID, t.ago(7, 17, 0))
	t.give("goals-and-ground-rules", worksheets.ToJoint, 0, s.ID, t.ago(7, 17, 0))
	t.write(couples.A, "commitment-check", map[string]worksheets.Value{
		"stance": text("unsure"), "commitment": text("3"),
		"hope_from": text("Sasha came along without being asked twice."), "ongoing": text("mostly"), "my_choice": text("yes"),
	}, true, t.ago(5, 22, 14))
	t.write(couples.B, "commitment-check", map[string]worksheets.Value{
		"stance": text("wanting-to-rebuild"), "commitment": text("8"),
		"ongoing": text("yes"), "my_choice": text("yes"), "worth_it": text("The evenings on the porch."),
	}, true, t.ago(4, 20, 5))
	t.write(couples.A, "how-trust-was-broken",
		map[string]worksheets.Value{"kinds": picks("infidelity-emotional", "lying"), "who": text("my-partner")},
		false, t.ago(3, 23, 2))
	t.plan(meeting{step: "intake", at: t.ago(0, 16, 0)})
}

// firstStep: step 1 is under way.
func firstStep(t *seeder, i int) {
	t.meet(i, t.ago(40, 9, 0), []wrong{{"the hidden loan", couples.A, "hidden-money lying"}},
		"Speak about the hidden loan without escalation.", "Establish clear ownership and repair.")
	t.step("intake", sessions.Settled, "Both have been met alone and want to go on.", t.ago(20, 12, 0))
	t.step("acknowledge", sessions.Working, "", t.ago(20, 12, 5))
	t.met(t.ago(15, 12, 0), "s1-c1")
	first := t.hold(meeting{step: "acknowledge", at: t.ago(15, 15, 0), minutes: 50, pauses: 1, fields: map[string]string{
		"focus": "saying in plain words what was hidden", "checkin.A": "up and down", "checkin.B": "quieter",
		"activity.s1-a2": "yes", "activity.s1-a3": "yes",
		"intervention.impact-sharing": "yes", "intervention.reflective-listening": "yes", "response.A": "owned-prompted",
		"response.B":     "hurt-direct,tearful",
		"interaction":    "questions and explaining took turns once and were stopped with the pause word",
		"pause.returned": "returned",
	}})
	t.give("acknowledgment-statement", worksheets.ToA, 0, first.ID, t.ago(15, 16, 0))
	t.give("impact-statement", worksheets.ToB, 0, first.ID, t.ago(15, 16, 0))
	t.write(couples.A, "acknowledgment-statement", map[string]worksheets.Value{
		"did":         text("I took out a loan in both our names and hid the letters for two years."),
		"stopped":     text("yes-completely"),
		"stopped_how": text("The account is closed; the statement lies in the kitchen drawer."),
		"carried":     text("Every month you wondered why there was less, and I let you think it was you."),
		"us":          text("We stopped talking about plans."),
		"read_aloud":  text("I hid a loan from you for two years. I chose that, month after month."),
	}, true, t.ago(12, 21, 40))
	t.write(couples.B, "impact-statement", map[string]worksheets.Value{
		"now":      text("I check the mailbox before I take my coat off."),
		"feelings": picks("hurt", "anger", "loneliness"),
	}, false, t.ago(11, 23, 30))
	t.note(first, "DAP", "the couple can bear plain words for a short while, and need the pause",
		"hear the statement when it is ready", t.ago(15, 18, 20))
	second := t.hold(meeting{step: "acknowledge", at: t.ago(1, 15, 0), minutes: 52, fields: map[string]string{
		"focus": "how it landed", "activity.s1-a3": "yes", "intervention.enactment": "yes", "response.A": "reflected-partly",
		"response.B": "engaged-open",
	}})
	t.edit(second, "impression", "the telling has become steadier", t.ago(1, 17, 0))
	t.plan(meeting{step: "acknowledge", at: t.ago(-6, 15, 0)})
}

// mutual: both broke trust, in step 2.
func mutual(t *seeder, i int) {
	t.meet(i, t.ago(70, 9, 0),
		[]wrong{{"the trip", couples.A, "infidelity-physical"}, {"the savings", couples.B, "hidden-money"}},
		"Each owns their own part.", "Argue without counting.")
	t.step("intake", sessions.Settled, "Both met alone; both want this.", t.ago(50, 12, 0))
	t.step("acknowledge", sessions.Settled, "Both accounts stand side by side.", t.ago(30, 12, 0))
	t.step("own-and-apologize", sessions.Working, "", t.ago(29, 12, 0))
	s := t.hold(meeting{step: "own-and-apologize", breach: 0, at: t.ago(14, 11, 0), minutes: 50, fields: map[string]string{
		"focus": "the trip, and nothing else today", "activity.s2-a2": "yes", "intervention.apology-coaching": "yes",
		"response.A": "owned-unprompted", "response.B": "asked-need", "checkin.A": "calmer", "checkin.B": "wary",
	}})
	t.give("apology-builder", worksheets.ToA, 0, s.ID, t.ago(14, 12, 0))
	t.give("apology-builder", worksheets.ToB, 1, s.ID, t.ago(14, 12, 0))
	t.give("response-to-apology", worksheets.ToB, 0, s.ID, t.ago(14, 12, 0))
	t.write(couples.A, "apology-builder", map[string]worksheets.Value{
		"act":        text("I went on the trip with somebody else and told you it was work."),
		"own":        text("I could have said no at the station. I chose to go."),
		"harm":       text("You sat with your sister that evening and spoke well of me."),
		"full":       text("I lied to you about the trip. I chose to. It cost you your ease in your own home. I am sorry."),
		"self_check": picks("it-names-what-i-did", "it-says-i-chose-it", "it-says-what-it-did-to-my-partner"),
	}, true, t.ago(10, 21, 0))
	t.note(s, "SOAP", "separate turns help; neither used the other's part today",
		"the savings next time, in a turn of its own", t.ago(14, 19, 0))
	t.plan(meeting{step: "own-and-apologize", breach: 1, at: t.ago(-2, 11, 0)})
}

// promises: step 5, with promises, pulses and several signed notes.
func promises(t *seeder, i int) {
	t.meet(i, t.ago(160, 9, 0), []wrong{{"the second phone", couples.B, "infidelity-online lying"}},
		"Words and deeds match again.", "Ask instead of checking.")
	for n, step := range []string{"intake", "acknowledge", "own-and-apologize", "room-to-heal", "open-up"} {
		t.step(step, sessions.Settled, "Both are ready to go on.", t.ago(140-20*n, 12, 0))
	}
	t.step("keep-your-word", sessions.Working, "", t.ago(35, 12, 0))
	t.step("bring-in-support", sessions.Working, "", t.ago(90, 12, 0))
	for n, format := range []string{"DAP", "BIRP", "GIRP"} {
		at := t.ago(35-7*n, 14, 0)
		s := t.hold(meeting{step: "keep-your-word", at: at, minutes: 50 + n, apart: n * 5, fields: map[string]string{
			"focus": "small promises and what they do", "activity.s5-a1": "yes", "activity.s5-a2": "yes",
			"intervention.behavioral-agreement": "yes",
			"intervention.homework-review":      "yes", "response.A": "hopeful", "response.B": "engaged-open", "support": "yes",
			"checkin.A": "lighter", "checkin.B": "proud of one thing",
		}})
		t.note(s, format, "trust grows in small things, and both see it", "keep the list short", at.AddDate(0, 0, 1))
		if n == 0 {
			t.append(s, "Corrects a title", "The worksheet is called “Promises we keep”. Nothing else changes.",
				at.AddDate(0, 0, 2))
		}
	}
	t.give("promise-tracker", worksheets.ToJoint, 0, "", t.ago(34, 12, 0))
	t.write(couples.B, "promise-tracker", map[string]worksheets.Value{
		"promises": {Rows: []map[string]string{
			{"by": "second-of-us", "what": "My phone lies in the hall at night", "often": "daily", "size": "small"},
			{"by": "first-of-us", "what": "I ask out loud when I worry", "often": "when-it-comes-up", "size": "medium"},
		}},
		"log": {Rows: []map[string]string{
			{"promise": "Phone in the hall", "logger": "the-one-who-promised", "result": "kept"},
			{"promise": "Phone in the hall", "logger": "the-one-who-promised", "result": "kept"},
			{"promise": "Asking out loud", "logger": "the-other", "result": "partly-kept"},
		}},
	}, true, t.ago(30, 20, 0))
	t.activate("promise-tracker", t.ago(30, 12, 0))
	t.promise(couples.B, "My phone lies in the hall at night", "daily", t.ago(34, 12, 0))
	t.promise(couples.A, "I ask out loud when I worry", "when-it-comes-up", t.ago(34, 12, 5))
	for day := range 20 {
		t.mark(couples.B, "My phone lies in the hall at night",
			[]string{"kept", "kept", "kept", "partly-kept", "kept"}[day%5], t.ago(28-day, 22, 0))
	}
	t.mark(couples.A, "My phone lies in the hall at night", "not-kept", t.ago(25, 23, 0))
	t.mark(couples.A, "My phone lies in the hall at night", worksheets.SameView, t.ago(24, 23, 0))
	t.mark(couples.A, "I ask out loud when I worry", "kept", t.ago(12, 9, 0))
	t.mark(couples.A, "I ask out loud when I worry", "changed-together-beforehand", t.ago(9, 9, 0))
	t.give("trust-pulse", worksheets.ToEach, 0, "", t.ago(28, 9, 0))
	for week := range 3 {
		t.write(couples.A, "trust-pulse", pulse(week+1), true, t.ago(27-7*week, 22, 0))
		t.write(couples.B, "trust-pulse", pulse(2), true, t.ago(26-7*week, 7, 30))
	}
	t.give("setback-plan", worksheets.ToEach, 0, "", t.ago(5, 9, 0))
	t.give("daily-reliability-log", worksheets.ToA, 0, "", t.ago(5, 9, 0))
	t.hold(meeting{
		step: "keep-your-word", at: t.ago(3, 14, 0), minutes: 50,
		fields: map[string]string{"focus": "a promise that was too big", "response.A": "engaged-open"},
	})
	t.plan(meeting{step: "keep-your-word", at: t.ago(0, 14, 0)})
}

// pulse answers every item of a trust pulse alike.
func pulse(score int) map[string]worksheets.Value {
	options := []string{"not-at-all", "a-little", "somewhat", "mostly", "completely"}
	cells := map[string]string{}
	for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
		cells[row] = options[score]
	}
	return map[string]worksheets.Value{"items": {Cells: cells}, "share": text("no")}
}

// closing: a couple that looks back.
func closing(t *seeder, i int) {
	t.meet(i, t.ago(300, 9, 0), []wrong{{"what was told to the family", couples.A, "betrayal-of-confidence"}},
		"Keep what was found.")
	for n, step := range []string{
		"intake", "acknowledge", "own-and-apologize", "room-to-heal", "open-up",
		"keep-your-word", "bring-in-support", "find-each-other",
	} {
		t.step(step, sessions.Settled, "Both say it has settled.", t.ago(280-30*n, 12, 0))
	}
	t.step("closing", sessions.Working, "", t.ago(20, 12, 0))
	t.give("fears-hopes-dreams", worksheets.ToEach, 0, "", t.ago(60, 11, 0))
	for n, fear := range []string{"That I will be measured by it for ever.", "That it could happen again."} {
		side := []couples.Side{couples.A, couples.B}[n]
		t.write(side, "fears-hopes-dreams",
			map[string]worksheets.Value{"fear": text(fear), "choose": {Picks: []string{"the-fear"}}}, true, t.ago(55, 20, n))
		t.release(side, "fears-hopes-dreams", t.ago(54, 10, n))
	}
	s := t.hold(meeting{step: "closing", at: t.ago(13, 10, 0), minutes: 48, fields: map[string]string{
		"focus":                             "what changed and what stays open",
		"intervention.termination-planning": "yes", "intervention.meaning-making": "yes",
		"activity.own": "reading the first page again", "response.A": "hopeful", "response.B": "hopeful",
	}})
	t.note(s, "DAP", "the couple can go on by themselves and know how to return",
		"one meeting in three months, if they wish", t.ago(13, 12, 0))
	t.give("closing-review", worksheets.ToEach, 0, s.ID, t.ago(13, 11, 0))
	t.give("maintenance-plan", worksheets.ToJoint, 0, s.ID, t.ago(13, 11, 0))
	t.write(couples.A, "closing-review", map[string]worksheets.Value{
		"trust": text("8"), "choice": text("continuing-together"),
		"thank": text("That you asked and then waited."),
	}, true, t.ago(6, 19, 0))
	t.release(couples.A, "closing-review", t.ago(5, 10, 0))
	t.write(couples.B, "closing-review", map[string]worksheets.Value{"trust": text("7")}, false, t.ago(2, 22, 45))
	t.plan(meeting{step: "closing", at: t.ago(-1, 10, 0)})
}
