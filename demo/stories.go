package demo

import (
	"mend/calendar"
	"mend/couples"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// Stories is the number of stories.
var Stories = len(stories)

// stories are assigned to couples in turn.
var stories = []func(t *Seeder, i int){intake, firstStep, mutual, fifthStep, closing}

// intake is the story of a new couple.
func intake(t *Seeder, i int) {
	t.AddCouple(i, t.Ago(9, 10, 0), []Breach{{"the messages", couples.B, "infidelity-emotional lying"}},
		"Find out whether to try.")
	t.Step("intake", sessions.Working, "", t.Ago(9, 11, 0))
	s := t.Hold(Meeting{Step: "intake", At: t.Ago(7, 16, 0), Minutes: 55, Individual: 10, Record: map[string]string{
		"focus": "what brought them and what each hopes for", "checkin.A": "tired", "checkin.B": "nervous",
		"activity.s0-a1": "yes", "intervention.structured-intake-interview": "yes", "intervention.alliance-building": "yes",
		"response.A": "guarded-then-open", "response.B": "engaged-support",
		"observation": t.Couple.Partners[0].AddressAs + " spoke in short sentences at first. " +
			t.Couple.Partners[1].AddressAs + " waited.",
	}})
	t.Give("commitment-check", worksheets.ToEach, 0, s.ID, t.Ago(7, 17, 0))
	t.Give("how-trust-was-broken", worksheets.ToEach, 0, s.ID, t.Ago(7, 17, 0))
	t.Give("goals-and-ground-rules", worksheets.ToJoint, 0, s.ID, t.Ago(7, 17, 0))
	t.Write(couples.A, "commitment-check", map[string]worksheets.Value{
		"stance": text("unsure"), "commitment": text("3"),
		"hope_from": text("Sasha came along without being asked twice."), "ongoing": text("mostly"), "my_choice": text("yes"),
	}, true, t.Ago(5, 22, 14))
	t.Write(couples.B, "commitment-check", map[string]worksheets.Value{
		"stance": text("wanting-to-rebuild"), "commitment": text("8"),
		"ongoing": text("yes"), "my_choice": text("yes"), "worth_it": text("The evenings on the porch."),
	}, true, t.Ago(4, 20, 5))
	t.Write(couples.A, "how-trust-was-broken",
		map[string]worksheets.Value{"kinds": picks("infidelity-emotional", "lying"), "who": text("my-partner")},
		false, t.Ago(3, 23, 2))
	t.Plan(Meeting{Step: "intake", At: t.Ago(0, 16, 0)})
}

// firstStep is the story of a couple in step 1.
func firstStep(t *Seeder, i int) {
	t.AddCouple(i, t.Ago(40, 9, 0), []Breach{{"the hidden loan", couples.A, "hidden-money lying"}},
		"Talk about the hidden loan without escalating.", "Establish clear ownership and repair.")
	t.Step("intake", sessions.Settled, "Met with each alone; both want to continue.", t.Ago(20, 12, 0))
	t.Step("acknowledge", sessions.Working, "", t.Ago(20, 12, 5))
	t.MeetCriteria(t.Ago(15, 12, 0), "s1-c1")
	t.plan(couples.B, t.Ago(18, 12, 0),
		objective{
			"Each hears the other to the end before answering, in every session.", "acknowledge",
			[]string{"reflective-listening", "enactment"},
		},
		objective{"When the pause word is said, both pause and come back the same day.", "", []string{"time-out-practice"}})
	first := t.Hold(Meeting{Step: "acknowledge", At: t.Ago(15, 15, 0), Minutes: 50, Pauses: 1, Record: map[string]string{
		"focus": "saying in plain words what was hidden", "checkin.A": "up and down", "checkin.B": "quieter",
		"activity.s1-a2": "yes", "activity.s1-a3": "yes",
		"intervention.impact-sharing": "yes", "intervention.reflective-listening": "yes", "response.A": "owned-prompted",
		"response.B":     "hurt-direct,tearful",
		"interaction":    "the partners began to question and explain, and stopped with the pause word",
		"pause.returned": "returned",
	}})
	t.Give("acknowledgment-statement", worksheets.ToA, 0, first.ID, t.Ago(15, 16, 0))
	t.Give("impact-statement", worksheets.ToB, 0, first.ID, t.Ago(15, 16, 0))
	t.Write(couples.A, "acknowledgment-statement", map[string]worksheets.Value{
		"did":         text("I took out a loan in both our names and hid the letters for two years."),
		"stopped":     text("yes-completely"),
		"stopped_how": text("The account is closed. The statement is in the kitchen drawer."),
		"carried":     text("Every month you wondered why there was less, and I let you think it was you."),
		"us":          text("We stopped talking about plans."),
		"read_aloud":  text("I hid a loan from you for two years. I chose that, month after month."),
	}, true, t.Ago(12, 21, 40))
	t.Write(couples.B, "impact-statement", map[string]worksheets.Value{
		"first": text("The mailbox was full, and I knew before I opened it. My hands were cold."),
	}, false, t.Ago(11, 23, 30))
	t.note(first, "DAP", "the couple can tolerate plain talk for short stretches and still needs the pause",
		"hear the statement when it is ready", t.Ago(15, 18, 20))
	t.File(Message{Kind: sessions.Contact, At: t.Ago(9, 10, 30), Values: map[string]string{
		"with": "Both partners", "how": "phone", "minutes": "10",
		"what": "Both called from the car and asked whether the letters should be read before the next session.",
		"plan": "Hold off on the letters; start the next session with them.",
	}}, true)
	t.File(Message{Kind: sessions.IndividualMeeting, With: couples.A, At: t.Ago(8, 16, 0), Values: map[string]string{
		"how": "in-person", "minutes": "30", "what": "Spoke about telling an older brother, and about what would help.",
		"plan": "Decide before summer; no rush.",
	}}, true)
	second := t.Hold(Meeting{Step: "acknowledge", At: t.Ago(1, 15, 0), Minutes: 52, Record: map[string]string{
		"focus": "what the statement was like to hear", "activity.s1-a3": "yes", "intervention.enactment": "yes",
		"response.A": "reflected-partly",
		"response.B": "engaged-open",
	}})
	t.Edit(second, "impression", "the account has become more consistent", t.Ago(1, 17, 0))
	t.Plan(Meeting{Step: "acknowledge", At: t.Ago(-6, 15, 0)})
	t.repeat(t.Ago(-13, 15, 0), calendar.Repeat{Every: "week", Count: 6})
}

// mutual is the story of a couple in step 2 in which both broke trust.
func mutual(t *Seeder, i int) {
	t.AddCouple(i, t.Ago(70, 9, 0),
		[]Breach{{"the trip", couples.A, "infidelity-physical"}, {"the savings", couples.B, "hidden-money"}},
		"Each owns their own part.", "Argue without keeping score.")
	t.Step("intake", sessions.Settled, "Met with each alone; both want this.", t.Ago(50, 12, 0))
	t.Step("acknowledge", sessions.Settled, "Both accounts have been shared.", t.Ago(30, 12, 0))
	t.Step("own-and-apologize", sessions.Working, "", t.Ago(29, 12, 0))
	s := t.Hold(Meeting{Step: "own-and-apologize", Breach: 0, At: t.Ago(14, 11, 0), Minutes: 50, Record: map[string]string{
		"focus": "the trip, and nothing else today", "activity.s2-a2": "yes", "intervention.apology-coaching": "yes",
		"response.A": "owned-unprompted", "response.B": "asked-need", "checkin.A": "calmer", "checkin.B": "wary",
	}})
	t.Give("apology-builder", worksheets.ToA, 0, s.ID, t.Ago(14, 12, 0))
	t.Give("apology-builder", worksheets.ToB, 1, s.ID, t.Ago(14, 12, 0))
	t.Give("response-to-apology", worksheets.ToB, 0, s.ID, t.Ago(14, 12, 0))
	t.Write(couples.A, "apology-builder", map[string]worksheets.Value{
		"act":        text("I went on the trip with someone else and told you it was work."),
		"own":        text("I could have said no at the station. I chose to go."),
		"harm":       text("That evening you told your sister good things about me."),
		"full":       text("I lied to you about the trip. I chose to. It took away your peace in your own home. I am sorry."),
		"self_check": picks("it-names-what-i-did", "it-says-i-chose-it", "it-says-what-it-did-to-my-partner"),
	}, true, t.Ago(10, 21, 0))
	t.note(s, "SOAP", "taking turns helps; neither used the other's part today",
		"take up the savings next time, separately", t.Ago(14, 19, 0))
	t.Plan(Meeting{Step: "own-and-apologize", Breach: 1, At: t.Ago(-2, 11, 0)})
	t.requests(couples.A, t.Ago(3, 10, 0))
}

// fifthStep is the story of a couple in step 5, with promises, pulses and several signed notes.
func fifthStep(t *Seeder, i int) {
	t.AddCouple(i, t.Ago(160, 9, 0), []Breach{{"the second phone", couples.B, "infidelity-online lying"}},
		"Words and actions match again.", "Ask instead of checking.")
	for n, step := range []string{"intake", "acknowledge", "own-and-apologize", "room-to-heal", "open-up"} {
		t.Step(step, sessions.Settled, "Both are ready to move on.", t.Ago(140-20*n, 12, 0))
	}
	t.Step("keep-your-word", sessions.Working, "", t.Ago(35, 12, 0))
	t.Step("bring-in-support", sessions.Working, "", t.Ago(90, 12, 0))
	t.plan(couples.A, t.Ago(36, 12, 0), objective{
		"Each keeps one small promise a week, and says so before it cannot be kept.", "keep-your-word",
		[]string{"behavioral-agreement", "homework-review"},
	})
	for n, format := range []string{"DAP", "BIRP", "GIRP"} {
		at := t.Ago(35-7*n, 14, 0)
		s := t.Hold(Meeting{Step: "keep-your-word", At: at, Minutes: 50 + n, Individual: n * 5, Record: map[string]string{
			"focus": "small promises and what they build", "activity.s5-a1": "yes", "activity.s5-a2": "yes",
			"intervention.behavioral-agreement": "yes",
			"intervention.homework-review":      "yes", "response.A": "hopeful", "response.B": "engaged-open", "support": "yes",
			"checkin.A": "lighter", "checkin.B": "proud of one thing",
		}})
		t.note(s, format, "trust is growing in small ways, and both see it", "keep the list short", at.AddDate(0, 0, 1))
		if n == 0 {
			t.append(s, "Corrects a title", "The worksheet is called “Promises we keep”. Nothing else changes.",
				at.AddDate(0, 0, 2))
		}
	}
	t.File(Message{Kind: sessions.Missed, At: t.Ago(6, 14, 0), Values: map[string]string{
		"how": "none", "what": "Neither came to the appointment, and neither had called.", "plan": "Call tomorrow.",
	}}, false)
	keepPromises(t)
	t.Give("trust-pulse", worksheets.ToEach, 0, "", t.Ago(28, 9, 0))
	for week := range 3 {
		t.Write(couples.A, "trust-pulse", Pulse(week+1), true, t.Ago(27-7*week, 22, 0))
		t.Write(couples.B, "trust-pulse", Pulse(2), true, t.Ago(26-7*week, 7, 30))
	}
	t.Give("setback-plan", worksheets.ToEach, 0, "", t.Ago(5, 9, 0))
	t.Give("daily-reliability-log", worksheets.ToA, 0, "", t.Ago(5, 9, 0))
	t.Hold(Meeting{
		Step: "keep-your-word", At: t.Ago(3, 14, 0), Minutes: 50,
		Record: map[string]string{"focus": "a promise that was too big", "response.A": "engaged-open"},
	})
	t.Plan(Meeting{Step: "keep-your-word", At: t.Ago(0, 14, 0)})
}

// keepPromises makes two promises, on a joint worksheet, with marks for three weeks.
func keepPromises(t *Seeder) {
	t.Give("promise-tracker", worksheets.ToJoint, 0, "", t.Ago(34, 12, 0))
	t.Write(couples.B, "promise-tracker", map[string]worksheets.Value{
		"promises": {Rows: []map[string]string{
			{"by": "second-of-us", "what": "My phone stays in the hallway at night", "often": "daily", "size": "small"},
			{"by": "first-of-us", "what": "I ask out loud when I worry", "often": "when-it-comes-up", "size": "medium"},
		}},
		"log": {Rows: []map[string]string{
			{"promise": "Phone in the hallway", "logger": "the-one-who-promised", "result": "kept"},
			{"promise": "Phone in the hallway", "logger": "the-one-who-promised", "result": "kept"},
			{"promise": "Asking out loud", "logger": "the-other", "result": "partly-kept"},
		}},
	}, true, t.Ago(30, 20, 0))
	t.activate("promise-tracker", t.Ago(30, 12, 0))
	t.Promise(couples.B, "My phone stays in the hallway at night", "daily", t.Ago(34, 12, 0))
	t.Promise(couples.A, "I ask out loud when I worry", "when-it-comes-up", t.Ago(34, 12, 5))
	for day := range 20 {
		t.Mark(couples.B, "My phone stays in the hallway at night",
			[]string{"kept", "kept", "kept", "partly-kept", "kept"}[day%5], t.Ago(28-day, 22, 0))
	}
	t.Mark(couples.A, "My phone stays in the hallway at night", "not-kept", t.Ago(25, 23, 0))
	t.Mark(couples.A, "My phone stays in the hallway at night", promises.SameView, t.Ago(24, 23, 0))
	t.Mark(couples.A, "I ask out loud when I worry", "kept", t.Ago(12, 9, 0))
	t.Mark(couples.A, "I ask out loud when I worry", "changed-together-beforehand", t.Ago(9, 9, 0))
}

// Pulse answers every item of a trust pulse with the same score.
func Pulse(score int) map[string]worksheets.Value {
	options := []string{"not-at-all", "a-little", "somewhat", "mostly", "completely"}
	cells := map[string]string{}
	for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
		cells[row] = options[score]
	}
	return map[string]worksheets.Value{"items": {Cells: cells}, "share": text("no")}
}

// closing is the story of a couple that reviews its work.
func closing(t *Seeder, i int) {
	t.AddCouple(i, t.Ago(300, 9, 0), []Breach{{"what was told to the family", couples.A, "betrayal-of-confidence"}},
		"Keep what we built.")
	for n, step := range []string{
		"intake", "acknowledge", "own-and-apologize", "room-to-heal", "open-up",
		"keep-your-word", "bring-in-support", "find-each-other",
	} {
		t.Step(step, sessions.Settled, "Both say this feels settled.", t.Ago(280-30*n, 12, 0))
	}
	t.Step("closing", sessions.Working, "", t.Ago(20, 12, 0))
	t.Give("fears-hopes-dreams", worksheets.ToEach, 0, "", t.Ago(60, 11, 0))
	for n, fear := range []string{"That I will be judged by it forever.", "That it could happen again."} {
		side := []couples.Side{couples.A, couples.B}[n]
		t.Write(side, "fears-hopes-dreams",
			map[string]worksheets.Value{"fear": text(fear), "choose": {Picks: []string{"the-fear"}}}, true, t.Ago(55, 20, n))
		t.release(side, "fears-hopes-dreams", t.Ago(54, 10, n))
	}
	s := t.Hold(Meeting{Step: "closing", At: t.Ago(13, 10, 0), Minutes: 48, Record: map[string]string{
		"focus":                             "what has changed and what is unresolved",
		"intervention.termination-planning": "yes", "intervention.meaning-making": "yes",
		"activity.own": "reading the first page again", "response.A": "hopeful", "response.B": "hopeful",
	}})
	t.note(s, "DAP", "the couple can continue on its own and knows how to return",
		"one follow-up session in three months, if they wish", t.Ago(13, 12, 0))
	t.Give("closing-review", worksheets.ToEach, 0, s.ID, t.Ago(13, 11, 0))
	t.Give("maintenance-plan", worksheets.ToJoint, 0, s.ID, t.Ago(13, 11, 0))
	t.Write(couples.A, "closing-review", map[string]worksheets.Value{
		"trust": text("8"), "choice": text("continuing-together"),
		"thank": text("That you asked and then waited."),
	}, true, t.Ago(6, 19, 0))
	t.release(couples.A, "closing-review", t.Ago(5, 10, 0))
	t.Write(couples.B, "closing-review", map[string]worksheets.Value{"trust": text("7")}, false, t.Ago(2, 22, 45))
	t.Plan(Meeting{Step: "closing", At: t.Ago(-1, 10, 0)})
}
