package worksheets

import "mend/internal/i18n"

// RoundHalfUp returns num/den rounded half up, for num >= 0 and den > 0. Mend rounds all figures
// this way (docs/clinical.md, 2.4).
func RoundHalfUp(num, den int) int { return (2*num + den) / (2 * den) }

// TrustPulse returns the figure of a trust pulse from its eight items, which are nil for "didn't
// come up". With fewer than six answers there is no figure.
func TrustPulse(items [8]*int) (figure int, ok bool) {
	sum, counted := 0, 0
	for _, item := range items {
		if item != nil {
			sum += *item
			counted++
		}
	}
	if counted < 6 {
		return 0, false
	}
	return RoundHalfUp(100*sum, 4*counted), true
}

// PulseDirection compares a figure with the same person's previous one. Nine points is a display
// convention, not a reliable change.
func PulseDirection(previous *int, current int) i18n.Message {
	if previous == nil {
		return "pulse.no_comparison"
	}
	change := current - *previous
	switch {
	case change >= 19:
		return "pulse.marked_up"
	case change >= 9:
		return "pulse.up"
	case change <= -19:
		return "pulse.marked_down"
	case change <= -9:
		return "pulse.down"
	}
	return "pulse.steady"
}

// FollowThrough returns the percentage to which promises were kept. Promises changed together
// beforehand do not count; if none are left, there is no figure.
func FollowThrough(kept, partly, notKept, _ int) (figure int, ok bool) {
	counted := kept + partly + notKept
	if counted == 0 {
		return 0, false
	}
	return RoundHalfUp(100*(2*kept+partly), 2*counted), true
}

// CommitmentGap reports whether the partners' commitment differs by four or more.
func CommitmentGap(a, b int) bool { return a-b >= 4 || b-a >= 4 }

// PrivateConversationRoute returns the route after a private conversation: "today", "talk_first" or
// "routine" (docs/clinical.md, 4.3). It is a to-do for the counselor, not an assessment; "routine"
// never means "safe".
func PrivateConversationRoute(answers map[string]Value) string {
	is := func(field, value string) bool { return answers[field].Text == value }
	if is("safe_home", "no") || is("harm_self", "yes") || is("harm_other", "yes") {
		return "today"
	}
	if is("setting", "could-not-be-asked") || !is("safe_home", "yes") || !is("open_room", "yes") ||
		!is("own_actions", "no") || !is("harm_self", "no") || !is("harm_other", "no") {
		return "talk_first"
	}
	for _, row := range []string{"c1", "c2", "c3", "c4", "c5", "c6", "c7"} {
		answer := answers["comfort"].Cells[row]
		if answer != "never" && (row != "c1" || answer != "once") {
			return "talk_first"
		}
	}
	return "routine"
}
