package sessions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/couples/treatment"
)

// Facts is the data from which a note is drafted. It contains no partner's private writing: the
// record of the session was made with both present, and homework is named only by its title and
// only if both may read it.
type Facts struct {
	Session  Session
	Couple   couples.Couple
	Record   Record
	Slots    Record // what was typed into the note's own prompts
	Times    Times
	Met      map[string]bool
	Homework []HomeworkItem
	Located  bool // by video, and each partner privately confirmed where they are
	Next     *time.Time
	Zone     *time.Location

	Objectives []treatment.Objective // of the treatment plan
}

// A HomeworkItem is a page assigned to the couple.
type HomeworkItem struct {
	ID      string // the assignment
	Title   string
	Joint   bool
	Side    couples.Side // the partner, unless the page is joint
	Session string       // the session in which it was assigned
}

// drafter fills in the method's templates from facts.
type drafter struct {
	Facts
	method *Method
	step   Step
}

// Draft returns the drafted sentence of each block of the note. A sentence with an empty slot is
// left out; values are never guessed (docs/clinical.md, 6.4).
func (m *Method) Draft(f Facts) map[string]string {
	step, _ := m.Step(f.Session.Step)
	d := drafter{f, m, step}
	drafts := map[string]string{}
	for _, b := range m.Note.Blocks {
		if text := d.sentence(b); text != "" {
			drafts[b.Block] = text
		}
	}
	return drafts
}

// sentence returns the text of one block, or "" if nothing was recorded for it.
func (d drafter) sentence(b BlockTemplate) string {
	switch b.Block {
	case "attendance":
		return d.attended(b.Text)
	case "split":
		return d.split(b.Text)
	case "focus":
		return d.focus(b.Text)
	case "homework_reviewed":
		return d.reviewed(b.Text)
	case "response_a":
		return d.response(b.Text, couples.A)
	case "response_b":
		return d.response(b.Text, couples.B)
	case "a_reported":
		return d.reported(b.Text, couples.A)
	case "b_reported":
		return d.reported(b.Text, couples.B)
	case "pause":
		return d.pause(b.Text)
	case "telehealth":
		return d.telehealth(b.Text)
	case "measures", "support":
		if d.Record[b.Block] == "yes" {
			return b.Text
		}
		return ""
	case "progress":
		return d.progress(b.Text)
	case "readiness":
		return d.readiness(b.Text)
	case "signature", "addendum":
		return ""
	}
	return fill(b.Text, d.slots())
}

// slots returns the values of the slots that are filled in without a special rule.
func (d drafter) slots() map[string]string {
	return map[string]string{
		"label_a":          d.label(couples.A),
		"label_b":          d.label(couples.B),
		"checkin_a":        d.Record["checkin.A"],
		"checkin_b":        ended(d.Record["checkin.B"]),
		"activities":       and(d.activities()),
		"interventions":    and(d.interventions()),
		"observation":      ended(d.Record["observation"]),
		"rationale":        strings.TrimSuffix(strings.TrimSpace(d.Slots["rationale"]), "."),
		"interaction_text": d.Record["interaction"],
		"risk_routine":     d.routineRisk(),
		"risk_text":        d.Slots["risk_text"],
		"impression":       d.Slots["impression"],
		"joint_titles":     d.assigned(),
		"plan_text":        d.Slots["plan_text"],
		"next":             d.next(),
	}
}

// attended returns who attended, on which day and from when to when.
func (d drafter) attended(template string) string {
	var here, absent []string
	for _, side := range []couples.Side{couples.A, couples.B} {
		switch d.Record["attendance."+string(side)] {
		case "":
			return ""
		case "absent":
			absent = append(absent, d.label(side))
		case "late":
			here = append(here, d.label(side)+" (arrived late)")
		case "left-early":
			here = append(here, d.label(side)+" (left early)")
		default:
			here = append(here, d.label(side))
		}
	}
	if d.Session.StartedAt == nil || d.Session.EndedAt == nil {
		return ""
	}
	text := fill(template, map[string]string{
		"date":         d.Session.StartedAt.In(d.Zone).Format("January 2, 2006"),
		"participants": and(here),
		"minutes":      fmt.Sprint(max(minutes(d.Times.Total()), 1)), // at least one
		"modality":     d.modality(),
		"start":        d.clock(*d.Session.StartedAt, *d.Session.EndedAt),
		"stop":         clock(d.Session.EndedAt.In(d.Zone)),
	})
	if text != "" && len(absent) > 0 {
		text += " " + and(absent) + " was absent."
	}
	return text
}

// split returns the minutes spent with each partner alone, even if they differ, so that the record
// accounts for all time.
func (d drafter) split(template string) string {
	var alone []string
	for _, side := range []couples.Side{couples.A, couples.B} {
		spent := d.Times.A
		if side == couples.B {
			spent = d.Times.B
		}
		if n := minutes(spent); n > 0 {
			alone = append(alone, counted(n, "minute")+" with "+d.label(side))
		}
	}
	if len(alone) == 0 {
		return ""
	}
	return fill(template, map[string]string{"joint_minutes": fmt.Sprint(minutes(d.Times.Joint)), "individual": and(alone)})
}

// telehealth returns what was confirmed at the start of a video session, without where anybody was
// or what else they said.
func (d drafter) telehealth(text string) string {
	var confirmed []string
	if d.Record["telehealth"] == "yes" {
		confirmed = append(confirmed, text)
	}
	if d.Located {
		confirmed = append(confirmed, d.method.Note.Located)
	}
	return strings.Join(confirmed, " ")
}

func (d drafter) focus(template string) string {
	if d.breach() == "" {
		template = strings.ReplaceAll(template, " ({breach_name})", "")
	}
	return fill(template, map[string]string{
		"focus": strings.TrimSuffix(strings.TrimSpace(d.Record["focus"]), "."), "phase": d.phase(),
		"breach_name": d.breach(),
	})
}

// phase returns the phase of the work without the step's title, which would disclose more than a
// record should.
func (d drafter) phase() string {
	switch {
	case d.step.ID == "":
		return ""
	case d.step.Number == 0:
		return "intake"
	case d.step.Subtitle == "":
		return "closing"
	}
	return fmt.Sprintf("step %d of 7", d.step.Number)
}

// breach returns the name of the breach that was worked on, or "" if none was chosen; it is never
// guessed.
func (d drafter) breach() string {
	id := d.Record["breach"]
	if id == "" {
		id = d.Session.Breach()
	}
	if b := d.Couple.Breach(id); b.ID == id {
		return b.Name
	}
	return ""
}

func (d drafter) reviewed(template string) string {
	var items []string
	states := map[string]string{"done": "done", "partly": "partly done", "not-done": "not done"}
	for _, h := range d.Homework {
		if state := states[d.Record["homework."+h.ID]]; state != "" && h.Joint {
			items = append(items, h.Title+" ("+state+")")
		}
	}
	if len(items) > 0 {
		return fill(template, map[string]string{"items": strings.Join(items, ", ")})
	}
	if d.Record.Has("homework.none") {
		return d.method.Note.NoneReviewed
	}
	if len(d.Homework) == 0 || !slices.ContainsFunc(d.Homework,
		func(h HomeworkItem) bool { return h.Session != d.Session.ID }) {
		return d.method.Note.NoHomework
	}
	return ""
}

func (d drafter) activities() []string {
	var list []string
	for _, a := range d.step.Activities {
		if d.Record.Has("activity." + a.ID) {
			list = append(list, lowerFirst(a.Title))
		}
	}
	return appendIf(list, d.Record["activity.own"])
}

func (d drafter) interventions() []string {
	var list []string
	for _, i := range d.method.Interventions {
		if d.Record.Has("intervention." + i.ID) {
			list = append(list, strings.ToLower(i.Label))
		}
	}
	return appendIf(list, d.Record["intervention.own"])
}

func (d drafter) response(template string, side couples.Side) string {
	lower := strings.ToLower(string(side))
	text := fill(template, map[string]string{
		"label_" + lower: d.label(side), "responses_" + lower: strings.Join(d.predicates(side), "; "),
	})
	if quote := strings.TrimSpace(d.Record["quote."+string(side)]); quote != "" && text != "" {
		text += " " + d.label(side) + " said: “" + quote + "”"
	}
	return text
}

// predicates returns the responses ticked for a partner.
func (d drafter) predicates(side couples.Side) []string {
	var list []string
	for _, id := range d.Record.Responses(string(side)) {
		if r, ok := d.method.Response(id); ok {
			list = append(list, r.Label)
		}
	}
	return list
}

func (d drafter) reported(template string, side couples.Side) string {
	name := strings.ToLower(string(side)) + "_reported"
	return fill(template, map[string]string{
		"label_" + strings.ToLower(string(side)): d.label(side),
		name:                                     strings.TrimSuffix(strings.TrimSpace(d.Slots[name]), "."),
	})
}

func (d drafter) pause(template string) string {
	if d.Times.Pauses == 0 {
		return ""
	}
	often := fmt.Sprint(d.Times.Pauses, " times")
	switch d.Times.Pauses {
	case 1:
		often = "once"
	case 2:
		often = "twice"
	}
	return fill(template, map[string]string{"often": often, "returned": d.Record["pause.returned"]})
}

func (d drafter) routineRisk() string {
	if d.Slots["risk.routine"] == "yes" {
		return d.method.Note.RoutineRisk
	}
	return ""
}
