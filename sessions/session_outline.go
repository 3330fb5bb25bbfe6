package sessions

import (
	"strconv"
	"strings"

	"mend/internal/i18n"
)

// An ArcPart is a part of a session, with suggested minutes (docs/clinical.md, 1.1).
type ArcPart struct {
	ID, Name, Purpose string
	Minutes           int // of a fifty-minute session
}

// Arc is the outline of a session.
var Arc = []ArcPart{
	{"arrive", "Arrive", "Check-in from each partner; confirm the pause word", 5},
	{"homework", "Homework", "What was done, and what was learned", 8},
	{"work", "Step work", "One or two activities, and the prompts", 28},
	{"gather", "Gather", "Each shares a takeaway", 5},
	{"leave", "Leave", "Homework, what might come up this week, support contacts", 4},
}

// mostMinutes is the maximum length of a session, and so of one of its parts.
const mostMinutes = 480

// ArcOf returns the outline of a session as planned in r. Parts that were not planned get their
// usual share of minutes.
func (r Record) ArcOf(minutes int) []ArcPart {
	arc, left := make([]ArcPart, len(Arc)), minutes
	for i, p := range Arc {
		arc[i] = p
		arc[i].Minutes = p.Minutes * minutes / 50
		left -= arc[i].Minutes
	}
	arc[2].Minutes += left // rounding leftovers go to the step work
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

// InOrder returns the activities of step in the order stored in r, followed by the others in the
// method's order.
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

// mostOwn limits the counselor's own prompts in a session.
const mostOwn = 20

// OwnPrompts returns the counselor's own prompts for the session, which are stored one per line.
func (r Record) OwnPrompts() []Prompt {
	var list []Prompt
	for _, line := range strings.Split(r["prompts"], "\n") {
		if text := strings.TrimSpace(line); text != "" && len(list) < mostOwn {
			list = append(list, Prompt{ID: "own-" + strconv.Itoa(len(list)+1), Role: RoleBoth, Text: text})
		}
	}
	return list
}

// isOwnPrompt reports whether id has the form of an own prompt's id.
func isOwnPrompt(id string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "own-"))
	return strings.HasPrefix(id, "own-") && err == nil && n > 0 && n <= mostOwn
}
