package records

import (
	"strings"
	"time"

	"mend/couples/consents"
	"mend/internal/i18n"
)

// titleIn is what an authorization is called in a language.
func titleIn(in *i18n.Language) string { return in.Say("Permission to release records") }

// words are what a partner reads before they decide: what goes to whom and why, until when,
// and their rights (45 CFR 164.508(c)). They name nobody but the recipient.
func (a Asking) words(r Request, until time.Time, in *i18n.Language) consents.Wording {
	what := in.Say("Your own part of the record: what you wrote and sent, forms you signed, and your counselor’s notes " +
		"about you alone.")
	if a.Part == Joint {
		what = in.Say("The joint record: notes of joint sessions, shared goals, and worksheets filled out together. It " +
			"holds nothing that either of you wrote in private.")
	}
	day := in.Date(until.In(a.Zone), "January 2, 2006")
	paragraphs := []string{
		in.Say("%s is asking for your permission to release a part of your counseling record.", a.Practice),
		"## " + in.Say("Who would receive it") + "\n" + r.Requester,
		"## " + in.Say("What they ask for, and why") + "\n" + r.Purpose,
		"## " + in.Say("What would be released") + "\n" + what,
		"## " + in.Say("Your rights") + "\n" +
			in.Say("You decide freely. You can say no, and your counseling doesn’t depend on your answer."),
		in.Say("You can withdraw this permission in Mend at any time until the records are sent. It ends by itself on %s.",
			day),
		in.Say("Once records are sent, the recipient may pass them on, and privacy law may no longer protect them."),
	}
	return consents.Wording{Title: titleIn(in), Text: strings.Join(paragraphs, "\n\n")}
}
