package sessions

import (
	"strconv"
	"strings"

	"mend/internal/i18n"
)

// An ArcPart is a part of the arc of a session, with minutes that only guide
// (docs/clinical.md, 1.1).
type ArcPart struct {
	ID, Name, Purpose string
	Minutes           int // of fifty
}

// Arc is how a session is shaped.
var Arc = []ArcPart{
	{"arrive", "Arrive", "Check-in from each partner; confirm the pause word", 5},
	{"homework", "Homework", "What was done, and what was learned", 8},
	{"work", "Step work", "One or two activities, and the prompts", 28},
	{"gather", "Gather", "Each shares a takeaway", 5},
	{"leave", "Leave", "Homework, what might come up this week, support contacts", 4},
}

// mostMinutes is the longest session, and so the longest part of one.
const mostMinutes = 480

// ArcOf returns the arc of a session as planned in r: where nothing was
// planned, its usual share of minutes.
func (r Record) ArcOf(minutes int) []ArcPart {
	arc, left := make([]ArcPart, len(Arc)), minutes
	for i, p := range Arc {
		arc[i] = p
		arc[i].Minutes = p.Minutes * minutes / 50
		left -= arc[i].Minutes
	}
	arc[2].Minutes += left // what rounding leaves is for the work
	for i, p := range arc {
		if n, err := strconv.Atoi(r["part."+p.ID]); err == nil {
			arc[i].Minutes = n
		}
	}
	return arc
}

func isPart(id string) bool {
	_, ok := find(Arc, func(p ArcPart) bool { return p.ID == id })
	return ok
}

func (st *Store) checkMinutes(value string) i18n.Message {
	n, err := strconv.Atoi(value)
	if value != "" && (err != nil || n < 0 || n > mostMinutes) {
		return "Enter whole minutes, or 0 for none."
	}
	return ""
}

// InOrder returns the activities of step as r has put them in order: those that
// it does not name come last, in the method's own order.
func (r Record) InOrder(step Step) []Activity {
	var list []Activity
	named := map[string]bool{}
	for _, id := range strings.Split(r["order"], ",") {
		if a, ok := step.Activity(id); ok && !named[id] {
			named[id] = true
			list = append(list, a)
		}
	}
	for _, a := range step.Activities {
		if !named[a.ID] {
			list = append(list, a)
		}
	}
	return list
}

// mostOwn is how many prompts of their own a counselor may bring to a session.
const mostOwn = 20

// OwnPrompts are the counselor's own prompts for the session, one on a line.
func (r Record) OwnPrompts() []Prompt {
	var list []Prompt
	for _, line := range strings.Split(r["prompts"], "\n") {
		if text := strings.TrimSpace(line); text != "" && len(list) < mostOwn {
			list = append(list, Prompt{ID: "own-" + strconv.Itoa(len(list)+1), Role: RoleBoth, Text: text})
		}
	}
	return list
}

// isOwnPrompt tells whether id may be that of a counselor's own prompt.
func isOwnPrompt(id string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "own-"))
	return strings.HasPrefix(id, "own-") && err == nil && n > 0 && n <= mostOwn
}
