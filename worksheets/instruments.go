package worksheets

import (
	"regexp"
	"slices"
	"strings"

	"mend/internal/fault"
	"mend/internal/fold"
)

// A person in danger can be watched or made to show their answers. So a worksheet that asks about
// violence or suicide is never a partner's page: the counselor fills it in with each partner alone.

// knownInstruments matches the names of such measures in folded text.
var knownInstruments = regexp.MustCompile(`\b(` + strings.Join([]string{
	`phq[- ]?9`, `c[- ]?ssrs`, `columbia[- ]suicide`, `asq`, `sbq[- ]?r`, `epds`, `edinburgh postnatal`,
	`bdi([- ]?ii)?`, `beck depression`,
	`(e[- ])?hits`, `wast`, `woman abuse screening`, `cts[- ]?2s?`, `conflict tactics`, `danger assessment`,
	`abuse assessment screen`,
	`partner violence screen`, `hark`, `composite abuse scale`, `escala de tacticas (para|de) conflictos?`,
	`escala de columbia`,
}, "|") + `)\b`)

// dangers matches words that indicate a question about violence or suicide, in English and Spanish,
// in folded text. A false positive only keeps a worksheet with the counselor; a miss lets somebody
// answer it where they can be watched.
var dangers = regexp.MustCompile(`\b(` + strings.Join([]string{
	// suicide and self-harm
	`suicid\w*`, `self[- ]?(harm|injur)\w*`, `better off (dead|if (you|i) were)`, `(be|been|was|were|am|are) dead`,
	`(want|wanted|wanting|wish|wished|rather) to die`,
	`kill(s|ed|ing)?`, `(end|ends|ended|ending|take|taking|took) (your|my|his|her|their|one's) (own )?life`,
	`(not|never) wak(e|ing) up`,
	`(hurt|harm|injur|cut)\w* (your|my|him|her|them|one)sel(f|ves)`, `not worth living`, `nothing to live for`,
	`reasons? (for|to) liv(e|ing)`,
	`(quit|sac)\w+ la vida`, `(te|me|se) (mat\w+)`, `matar(te|me|se|lo|la)?`,
	`(deseos?|ganas|querido|quiere|quieres|quisiera|desead\w+) (de )?(morir(se|te|me)?|estar muert\w+)`,
	`(estar|estuviera|estuvieras|estaria|estarias) muert[oa]s?`, `no (volver a )?despert\w+`, `autol?esi\w*`,
	`hac\w+ dano`, `danarte|danarse|danarme`,
	// violence
	`violen\w*`, `abus\w*`, `assault\w*`, `rap(e|ed|es|ing)`,
	`(hit|hits|slap|slaps|slapped|punch|punches|punched|kick|kicks|kicked|chok(e|es|ed)|beats?|bit|burn(s|ed|t)?)` +
		` (up |or \w+ )?(you|me|him|her|them|(my|your|his|her|their|a|the) partner)`,
	`hitting|slapping|punching|kicking|choking|shov(e|es|ed|ing)|strangl\w*|beaten|grabb(ed|ing)`,
	`physical(ly)? (hurt|harm|forc|fight|fought|attack|injur)\w*`,
	`weapons|guns?|knife|knives`, `(own|owns|has|have|had|used?|using) (a |any )?weapon`,
	`threaten(s|ed|ing)? (you|me|him|her|them|to|my|your|with)`, `(used?|using|made?|making) threats?`, `threats? of`,
	`scream\w* (or \w+ )?at`, `(forc|coerc|pressur)\w* (you|me|him|her|them|my partner|your partner) (to|into)`,
	`used? force`, `insist\w* (on|that)? ?.{0,40}\bsex`,
	`stalk\w*`,
	`(afraid|scared|frightened|fearful|terrified) (of|by) (him|her|them|what (he|she|they|(your|my) partner) |` +
		`(your|my|the|a|his|her|their) (current |former |ex-?)?(partner|spouse|husband|wife|boyfriend|girlfriend))`,
	`(un)?safe (at|in (your|my|the)( own)?) (home|house)`,
	`(lastim|abofete|estrangul|maltrat|empuj|patea)\w*`, `golpe(a|o|an|ado|ada|aron|ar\w*|aba\w*|s)`,
	`acos(a|an|o|ado|ada|aron|ador\w*)`, `(te|me|le|lo|la) (ha |han )?amenaz\w+`,
	`patadas?|bofetadas?|punetazos?|palizas?`, `violad[oa]s?|violacion\w*`,
	`(te|me|le|lo|la) (ha |han )?(peg(a|an|o|aron|ado|ue)|grita|insulta)`, `armas|arma de fuego|cuchillos?|pistolas?`,
	`(forz|oblig)\w+ a (tener|hacer)`,
	`miedo (de|a) (tu|su|mi|la|el) (pareja|espos\w|marido|novi\w|companer\w)`, `segur[oa]s? en (tu|su|mi|la) casa`,
}, "|") + `)\b`)

// AsksAboutDanger reports whether a worksheet asks about violence or suicide.
func (d Definition) AsksAboutDanger() bool {
	if knownInstruments.MatchString(fold.Text(d.Title + "\n" + d.Purpose + "\n" + d.Notice)) {
		return true
	}
	return slices.ContainsFunc(d.asked(), func(text string) bool { return dangers.MatchString(fold.Text(text)) })
}

// asked returns the texts of d's questions.
func (d Definition) asked() []string {
	var texts []string
	for _, f := range d.Fields {
		if f.Auto {
			continue
		}
		texts = append(texts, f.Label, f.Help)
		for _, o := range f.Options {
			texts = append(texts, o.Label)
		}
		for _, r := range f.Rows {
			texts = append(texts, r.Label)
		}
		texts = append(texts, Definition{Fields: f.Columns}.asked()...)
	}
	return texts
}

// checkPartnerPage returns fault.Fields, with name as the field, if d is a practice's own worksheet
// that must not be a partner's page.
func (d Definition) checkPartnerPage(name string) error {
	if !IsOwn(d.ID) || !d.Portal || !d.AsksAboutDanger() {
		return nil
	}
	return fault.Fields{name: "This worksheet asks about violence or suicide, so partners can't fill it in on their " +
		"own: a partner at risk could be seen answering. " +
		"Have “The counselor, with each partner alone” fill it."}
}

// AsCounselorForm returns d as a form that the counselor fills in with each partner alone, on the
// counselor's device.
func (d Definition) AsCounselorForm() Definition {
	d.Portal, d.FilledBy, d.Privacy = false, WithCounselor, Private
	d.Locked, d.Agreement = false, false
	d.Fields = slices.Clone(d.Fields)
	for n := range d.Fields {
		d.Fields[n].Handover = !d.Fields[n].Auto
	}
	return d
}

// Imported returns d as it is imported: as a counselor's form if it asks about violence or
// suicide.
func (d Definition) Imported() Definition {
	if !d.Portal || !d.AsksAboutDanger() {
		return d
	}
	return d.AsCounselorForm()
}
