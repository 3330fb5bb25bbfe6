package worksheets

import (
	"regexp"
	"strings"
)

// Words by which a question about violence or suicide is known, in English and
// Spanish. One too many keeps a worksheet with the counselor; one too few has a
// partner answer it where the other may stand behind them.
var dangers = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{
	`suicid\w*`, `self[- ]?harm\w*`, `better off dead`, `dead|die|dying`, `kill\w*`, `end(ing|ed)? (your|my|his|her|their) (own )?life`,
	`(hurt|harm|injur|cut)\w* (your|my|him|her|them)sel(f|ves)`, `(hurt|harm|injur)\w* (you|me)`, `physical(ly)? (hurt|harm|abus|fight)\w*`,
	`violen\w*`, `abus\w*`, `assault\w*`, `rap(e|ed|es|ing)`, `hit|hits|hitting`, `slap\w*`, `punch\w*`, `kick(s|ed|ing)?`, `shov(e|ed|es|ing)`,
	`chok(e|ed|es|ing)`, `strangl\w*`, `beat(s|en|ing)?`, `weapons?|guns?|knife|knives`, `threat\w*`, `stalk\w*`,
	`forc(e|ed|es|ing) (you|me|him|her|them)`, `(afraid|scared|frightened) of (your|my|his|her|the|a) (partner|spouse|husband|wife)`, `scream\w*`,
	`matar\w*|morir\w*|muert[oa]s?`, `quitar(te|me|se) la vida`, `autoles\w*`, `golpe\w*`, `amenaz\w*`, `lastim\w*`, `viol(ar|ada|ado|aron)`, `arma|armas`,
}, "|") + `)\b`)

// AsksAboutDanger tells whether a worksheet asks about violence or suicide.
func (d Definition) AsksAboutDanger() bool {
	texts := []string{d.Title, d.Purpose, d.Opening, d.Notice}
	for _, f := range d.Fields {
		texts = append(texts, f.Label, f.Help)
		for _, o := range f.Options {
			texts = append(texts, o.Label)
		}
		for _, r := range f.Rows {
			texts = append(texts, r.Label)
		}
		for _, c := range f.Columns {
			texts = append(texts, c.Label)
		}
	}
	return dangers.MatchString(strings.Join(texts, "\n"))
}

// BroughtIn returns d as it comes in from a file. One that asks about violence
// or suicide is the counselor's form and not in the portal: an answer there may
// be read or forced by somebody else, and nobody is with the person.
func (d Definition) BroughtIn() Definition {
	if !d.Portal || !d.AsksAboutDanger() {
		return d
	}
	d.Portal, d.FilledBy, d.Privacy = false, WithCounselor, Private
	d.Locked, d.Agreement, d.Opening = false, false, ""
	return d
}
