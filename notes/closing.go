package notes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mend/couples"
	"mend/sessions"
)

// ClosingSummary begins the closing summary of c in the joint record, drafted from what both
// partners know: the sessions, steps, goals and promises. If it was begun already, it returns that
// note.
func (st *Store) ClosingSummary(ctx context.Context, c couples.Couple, end couples.Closing, promised []string,
	now time.Time,
) (sessions.StandaloneNote, error) {
	held, err := st.sessions.ForCouple(ctx, c)
	if err != nil {
		return sessions.StandaloneNote{}, err
	}
	standings, err := st.sessions.Standings(ctx, c)
	if err != nil {
		return sessions.StandaloneNote{}, err
	}
	practice, _, err := st.accounts.PracticeAndCounselor(ctx, c.PracticeID, c.CounselorID)
	if err != nil {
		return sessions.StandaloneNote{}, err
	}
	var goals []string
	for _, g := range c.OpenGoals() {
		goals = append(goals, g.Text)
	}
	parts := []string{
		"Ending: " + end.Ending.Name() + ".\n" + servicesLine(held, practice.Zone()),
		listed("Steps", st.stepsReached(standings)), listed("Goals of the treatment plan", goals),
		listed("Promises both partners agreed to", promised),
	}
	text := strings.TrimSpace(strings.Join(parts, "\n\n"))
	return st.Draft(ctx, c, Draft{Kind: sessions.Closing, At: end.ClosedAt, Values: map[string]string{"what": text}},
		"closing "+end.ID, now)
}

// servicesLine returns how many sessions were held, and their first and last dates.
func servicesLine(listed []sessions.Listed, zone *time.Location) string {
	var held []sessions.Listed
	for _, l := range listed { // newest first
		if l.State == sessions.Ended {
			held = append(held, l)
		}
	}
	day := func(l sessions.Listed) string { return l.When().In(zone).Format("January 2, 2006") }
	switch n := len(held); n {
	case 0:
		return "No session was held."
	case 1:
		return "1 session was held, on " + day(held[0]) + "."
	default:
		return fmt.Sprintf("%d sessions were held, from %s to %s.", n, day(held[n-1]), day(held[0]))
	}
}

// stepsReached returns the steps that were begun, with their states, in order.
func (st *Store) stepsReached(standings map[string]sessions.Standing) (lines []string) {
	for _, step := range st.sessions.Method().Steps {
		if s, ok := standings[step.ID]; ok && s.State != sessions.NotBegun {
			lines = append(lines, step.Title+": "+strings.ToLower(s.State.Label()))
		}
	}
	return lines
}

// listed returns lines under a heading, or "" if there are none.
func listed(heading string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return heading + "\n" + strings.Join(lines, "\n")
}
