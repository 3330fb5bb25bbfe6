package worksheets

import "mend/internal/i18n"

// RoundHalfUp returns num/den rounded half up, for num >= 0 and den > 0. All
// of Mend's figures are rounded so (docs/clinical.md, 2.4).
func RoundHalfUp(num, den int) int { return (2*num + den) / (2 * den) }

// TrustPulse returns the figure of a trust pulse from its eight items, nil for
// "no occasion". There is none with fewer than six counted.
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

// PulseDirection compares a figure with the same person's previous one. Nine
// points is a convention of display, not a reliable change.
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

// FollowThrough returns how far promises were kept, in percent. Those changed
// together beforehand are left out; with nothing left there is no figure.
func FollowThrough(kept, partly, notKept, _ int) (figure int, ok bool) {
	counted := kept + partly + notKept
	if counted == 0 {
		return 0, false
	}
	return RoundHalfUp(100*(2*kept+partly), 2*counted), true
}

// CommitmentGap tells whether the partners' commitment is four or more apart.
func CommitmentGap(a, b int) bool { return a-b >= 4 || b-a >= 4 }

// PrivateConversationRoute returns where a private conversation leads: "today",
// "talk_first" or "routine" (docs/clinical.md, 4.3). It is a work-list for the
// counselor, never a verdict; "routine" never means "safe".
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
