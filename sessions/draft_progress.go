package sessions

import (
	"fmt"
	"strings"

	"mend/couples"
)

// ProgressChoices are the counselor's ratings of a goal. They are never derived from a score.
var ProgressChoices = []string{"progressing", "no change", "regressed", "met", "new"}

func (d drafter) progress(template string) string {
	var sentences []string
	for _, g := range d.Couple.OpenGoals() {
		choice := d.Slots["progress."+g.ID]
		if choice == "" {
			continue
		}
		text := strings.TrimSpace(d.Slots["progress_text."+g.ID])
		t := template
		if text == "" {
			t = strings.TrimSuffix(t, " Evidence: {progress_text}")
		}
		sentence := fill(t, map[string]string{
			"goal": strings.TrimSuffix(g.Text, "."), "progress_choice": choice, "progress_text": text,
		})
		sentences = append(sentences, sentence)
		if thread := d.thread(g); thread != "" {
			sentences = append(sentences, thread)
		}
	}
	return strings.Join(sentences, " ")
}

// StatusChoices are what a note can say about continuing with the step.
var StatusChoices = []string{"stay with this step", "move to the next step", "return to an earlier step"}

// readiness counts the couple's criteria that are not private. It returns "" if there are fewer
// than two.
func (d drafter) readiness(template string) string {
	all, met := 0, 0
	for _, c := range d.step.Readiness.Couple {
		if c.Private {
			continue
		}
		all++
		if d.Met["/"+c.ID] {
			met++
		}
	}
	if all < 2 {
		return ""
	}
	return fill(template, map[string]string{
		"n_met": fmt.Sprint(met), "n_all": fmt.Sprint(all), "status_choice": d.Slots["status_choice"],
	})
}

// assigned lists the joint pages assigned in this session. Private pages are mentioned only if each
// partner has some, and without titles.
func (d drafter) assigned() string {
	var titles []string
	private := map[couples.Side]bool{}
	for _, h := range d.Homework {
		switch {
		case h.Session != d.Session.ID:
		case h.Joint:
			titles = append(titles, h.Title)
		default:
			private[h.Side] = true
		}
	}
	text := strings.Join(titles, ", ")
	if private[couples.A] && private[couples.B] {
		if text != "" {
			text += "; "
		}
		text += "individual reflection for each partner"
	}
	return text
}
