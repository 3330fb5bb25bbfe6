package records

import (
	"strings"
	"time"

	"mend/couples/consents"
	"mend/internal/i18n"
)

// titleIn returns the title of an authorization in a language.
func titleIn(in *i18n.Language) string { return in.Say("release.sheet_title") }

// words returns the text of an authorization: what is released to whom and why, until when, and the
// partner's rights (45 CFR 164.508(c)). It names nobody but the recipient.
func (a AuthorizationRequest) words(r Request, until time.Time, in *i18n.Language) consents.Wording {
	what := in.Say("release.ask.own")
	if a.Part == Joint {
		what = in.Say("release.ask.joint")
	}
	day := in.Date(until.In(a.Zone), "date.day")
	paragraphs := []string{
		in.Say("release.ask.permission", a.Practice),
		"## " + in.Say("release.ask.who") + "\n" + r.Requester,
		"## " + in.Say("release.ask.why") + "\n" + r.Purpose,
		"## " + in.Say("release.ask.what") + "\n" + what,
		"## " + in.Say("release.ask.rights") + "\n" +
			in.Say("release.ask.freely"),
		in.Say("release.ask.withdraw", day),
		in.Say("release.ask.passed_on"),
	}
	return consents.Wording{Title: titleIn(in), Text: strings.Join(paragraphs, "\n\n")}
}
