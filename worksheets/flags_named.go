package worksheets

import (
	"fmt"
	"strconv"
	"strings"
)

// named are the rules that a comparison cannot say. Each returns what to say.
var named map[string]func(r FlagRule, f Field, c Context) []string

func init() {
	named = map[string]func(FlagRule, Field, Context) []string{
		"commitment_gap": commitmentGap, "disagree": disagree, "private_conversation_route": conversationRoute,
		"apology_coverage": coverage, "promise_follow_through": promises, "calm_low_three": calmLow, "trust_pulse": pulse,
	}
}

func commitmentGap(r FlagRule, f Field, c Context) []string {
	mine, err := strconv.Atoi(c.Answers[f.ID].Text)
	theirs, otherErr := strconv.Atoi(c.Other[f.ID].Text)
	if err == nil && otherErr == nil && CommitmentGap(mine, theirs) {
		return []string{r.Say}
	}
	return nil
}

// disagree compares who broke trust: "my partner" of one is "I did" of the
// other.
func disagree(r FlagRule, f Field, c Context) []string {
	mirror := map[string]string{"my-partner": "i-did", "i-did": "my-partner", "both-of-us-in-different-ways": "both-of-us-in-different-ways"}
	mine, theirs := c.Answers[f.ID].Text, c.Other[f.ID].Text
	if mine != "" && theirs != "" && mirror[mine] != theirs {
		return []string{r.Say}
	}
	return nil
}

func conversationRoute(r FlagRule, _ Field, c Context) []string {
	words := map[string]string{"today": "today", "talk_first": "talk first", "routine": "routine"}
	return []string{strings.ReplaceAll(r.Say, "{route}", words[PrivateConversationRoute(c.Answers)])}
}

func coverage(r FlagRule, f Field, c Context) []string {
	return []string{strings.ReplaceAll(r.Say, "{n}", strconv.Itoa(len(c.Answers[f.ID].Picks)))}
}

// promises counts the log twice: as those saw it who promised, and as the
// others did.
func promises(r FlagRule, f Field, c Context) []string {
	var said []string
	for _, logger := range []struct{ value, who string }{{"the-one-who-promised", "By those who promised"}, {"the-other", "By the other"}} {
		n := map[string]int{}
		for _, row := range c.Answers[f.ID].Rows {
			if row["logger"] == logger.value {
				n[row["result"]]++
			}
		}
		if len(n) == 0 {
			continue
		}
		kept, partly, not, changed := n["kept"], n["partly-kept"], n["not-kept"], n["changed-together-beforehand"]
		figure := ""
		if percent, ok := FollowThrough(kept, partly, not, changed); ok {
			figure = fmt.Sprintf(" (%d %%)", percent)
		}
		said = append(said, strings.NewReplacer("{who}", logger.who, "{kept}", strconv.Itoa(kept), "{partly}", strconv.Itoa(partly),
			"{not_kept}", strconv.Itoa(not), "{changed}", strconv.Itoa(changed), "{figure}", figure).Replace(r.Say))
	}
	return said
}

// calmLow looks at the last seven entries, this one among them.
func calmLow(r FlagRule, f Field, c Context) []string {
	low := 0
	for i, entry := range append([]map[string]Value{c.Answers}, c.Earlier...) {
		if n, err := strconv.Atoi(entry[f.ID].Text); i < 7 && err == nil && n <= 2 {
			low++
		}
	}
	if low >= 3 {
		return []string{r.Say}
	}
	return nil
}

// pulse says the figure, its direction, and what is to be looked at: marked
// down, down twice running, or far from the other's newest.
func pulse(r FlagRule, f Field, c Context) []string {
	figure, ok := pulseOf(f, c.Answers)
	if !ok {
		return []string{strings.ReplaceAll(r.Say, "{pulse}", "Trust pulse: not enough to show.")}
	}
	var before *int
	direction, earlier := "", ""
	if len(c.Earlier) > 0 {
		before = pulsePointer(f, c.Earlier[0])
	}
	if len(c.Earlier) > 1 && before != nil {
		earlier = PulseDirection(pulsePointer(f, c.Earlier[1]), *before)
	}
	direction = PulseDirection(before, figure)
	said := []string{strings.ReplaceAll(r.Say, "{pulse}", fmt.Sprintf("Trust pulse %d, %s.", figure, direction))}
	if direction == "marked down" || strings.HasSuffix(direction, "down") && strings.HasSuffix(earlier, "down") {
		said = append(said, "Look at this together: the pulse is going down.")
	}
	if theirs := pulsePointer(f, c.Other); theirs != nil && (figure-*theirs >= 30 || *theirs-figure >= 30) {
		said = append(said, "The partners' newest figures are thirty or more points apart.")
	}
	return said
}

func pulsePointer(f Field, answers map[string]Value) *int {
	if figure, ok := pulseOf(f, answers); ok {
		return &figure
	}
	return nil
}

func pulseOf(f Field, answers map[string]Value) (int, bool) {
	var items [8]*int
	for i, row := range f.Rows {
		if o, ok := f.option(answers[f.ID].Cells[row.ID]); ok && i < len(items) {
			items[i] = o.Score
		}
	}
	return TrustPulse(items)
}
