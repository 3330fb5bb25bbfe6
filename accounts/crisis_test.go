package accounts

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// TestTheCrisisRegionsSayWhatTheClinicalRulesSay checks every number: a wrong digit would be found by
// somebody in distress.
func TestTheCrisisRegionsSayWhatTheClinicalRulesSay(t *testing.T) {
	want := map[string][]string{
		"us": {
			"Emergency, Police, fire and ambulance, 24/7|911||", "Suicide and crisis|988|988|988lifeline.org", "Crisis text||HOME to 741741|",
			"Domestic violence|1-800-799-7233|START to 88788|thehotline.org",
		},
		"uk": {
			"Emergency, Police, fire and ambulance, 24/7|999||", "Suicide and crisis|116 123||", "Violence and abuse, England|0808 2000 247||",
			"Violence and abuse, Scotland|0800 027 1234||",
			"Violence and abuse, Wales|0808 80 10 800||", "Violence and abuse, Northern Ireland|0808 802 1414||",
			"Violence and abuse, Men|0808 801 0327||",
			"Violence and abuse, LGBT+ people|0800 999 5428||",
		},
		"ca": {
			"Emergency, Police, fire and ambulance, 24/7|911||", "Suicide and crisis|988|988|", "Violence and abuse, Ontario|1-866-863-0511||",
			"Violence and abuse, Quebec|1-800-363-9010||",
			"Shelters near you|||sheltersafe.ca",
		},
		"au": {
			"Emergency, Police, fire and ambulance, 24/7|000||", "Suicide and crisis|13 11 14||", "Violence and abuse|1800 737 732||",
			"Counseling, Men|1300 789 978||",
		},
		"ie": {
			"Emergency, Police, fire and ambulance, 24/7|112 or 999||", "Suicide and crisis|116 123||", "Crisis text||HELLO to 50808|",
			"Violence and abuse, Women|1800 341 900||",
			"Violence and abuse, Men|01 554 3811||",
		},
		"nz": {
			"Emergency, Police, fire and ambulance, 24/7|111||", "Suicide and crisis|1737|1737|", "Violence and abuse, Women|0800 733 843||",
			"Family violence|0800 456 450||",
		},
	}
	got := map[string][]string{}
	for _, p := range CrisisRegions() {
		for _, l := range p.Lines {
			got[p.Region] = append(got[p.Region], strings.Join([]string{describe(l), l.Call, l.Text, l.Web}, "|"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if first := CrisisRegions()[0].Region; first != DefaultRegion {
		t.Errorf("the first region is %s", first)
	}
}

// describe returns what a line is for, whom it answers and when, as far as that is known.
func describe(l CrisisLine) string {
	return strings.Join(slices.DeleteFunc([]string{l.For, l.Answers, l.Hours}, func(s string) bool { return s == "" }), ", ")
}

// TestALineIsCheckedOnlyWhereAPersonSaysWhenAndWhere: a line that was changed since is not checked.
func TestALineIsCheckedOnlyWhereAPersonSaysWhenAndWhere(t *testing.T) {
	whole, err := regionFiles.ReadFile("crisis/nz.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known := func(check string) []byte {
		return []byte(strings.Replace(string(whole), `call: "111"`, `call: "111", checked: `+check, 1))
	}
	p, err := readRegion(known(`{day: 2026-01-31, where: "its own site"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.CheckOf(p.Lines[0]); got != (Check{"2026-01-31", "its own site"}) || p.CheckOf(p.Lines[1]) != (Check{}) {
		t.Errorf("%v, then %v", got, p.CheckOf(p.Lines[1]))
	}
	if changed := (CrisisLine{For: "Emergency", Call: "112"}); p.CheckOf(changed) != (Check{}) {
		t.Error("another number is called checked")
	}
	if !p.Unverified() {
		t.Error("a region is verified by one line")
	}
	for _, wrong := range []string{
		`{day: 2026-01-31}`, `{where: x}`, `{day: today, where: x}`,
	} {
		if _, err := readRegion(known(wrong)); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

// TestNoLineIsCalledCheckedThatNobodyChecked lists the checked lines: add one here when a person
// has checked it.
func TestNoLineIsCalledCheckedThatNobodyChecked(t *testing.T) {
	for _, p := range CrisisRegions() {
		for _, l := range p.Listed {
			if l.Checked != (Check{}) {
				t.Errorf("%s: who checked %s?", p.Region, describe(l.CrisisLine))
			}
		}
	}
}

// TestALineIsReachedInSpanishOnlyWhereItAnswersSo: pressing 2 at 988 is Spanish
// in the United States and French in Canada.
func TestALineIsReachedInSpanishOnlyWhereItAnswersSo(t *testing.T) {
	for region, want := range map[string][]string{
		"us": {"911|", "988 y oprime 2 para español|AYUDA al 988", "|AYUDA al 741741", "1-800-799-7233|START al 88788"},
		"ca": {"911|", "988|988", "1-866-863-0511|", "1-800-363-9010|", "|"},
		"ie": {"112 o 999|", "116 123|", "|HELLO al 50808", "1800 341 900|", "01 554 3811|"},
	} {
		p, err := FindCrisisRegion(region)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range p.Lines {
			said := l.In(i18n.Spanish)
			if got := said.Call + "|" + said.Text; got != want[i] || l.In(i18n.English) != l {
				t.Errorf("%s: got %q, want %q", region, got, want[i])
			}
		}
	}
	own := CrisisLine{For: "Suicide and crisis", Call: "988 or our own desk", Text: "988", Web: "988lifeline.org"}
	if own.In(i18n.Spanish) != own {
		t.Error("what a practice wrote is said in other words")
	}
	for text, wrong := range map[string]string{
		"text: AYUDA al 741742":               "another number",
		"text: AYUDA al 741741, hours: nunca": "more than a way to reach it",
	} {
		whole, err := regionFiles.ReadFile("crisis/us.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readRegion([]byte(strings.Replace(string(whole), "text: AYUDA al 741741",
			text, 1))); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

func TestALineLinksToItsNumbers(t *testing.T) {
	for _, test := range []struct{ call, text, dial, message string }{
		{"911", "", "911", ""},
		{"988", "988", "988", "988"},
		{"1-800-799-7233", "START to 88788", "18007997233", "88788"},
		{"112 or 999", "", "112", ""},
		{"+44 (0)20 7946 0000", "", "+4402079460000", ""},
		{"0808 2000 247", "HOME to 741-741", "08082000247", "741741"},
		{"the operator", "HOME", "", ""},
	} {
		l := CrisisLine{For: "Help", Call: test.call, Text: test.text}
		if got := l.Dial(); got != test.dial {
			t.Errorf("call %q: got %q, want %q", test.call, got, test.dial)
		}
		if got := l.Message(); got != test.message {
			t.Errorf("text %q: got %q, want %q", test.text, got, test.message)
		}
	}
}

// TestHoursStoredInAnEarlierWordingAreSaidInTodays: a practice that confirmed its lines keeps them.
func TestHoursStoredInAnEarlierWordingAreSaidInTodays(t *testing.T) {
	line := CrisisLine{For: "Emergency", Hours: "At any hour", Call: "911"}
	if got := line.Serves(i18n.English) + ", " + line.Serves(i18n.Spanish); got != "24/7, Las 24 horas" {
		t.Errorf("got %q", got)
	}
}

func TestALineThatCannotHelpIsRefused(t *testing.T) {
	for what, test := range map[string]struct {
		line CrisisLine
		says string
	}{
		"a good line":            {CrisisLine{For: "Crisis", Call: "988", Text: "988", Web: "988lifeline.org/chat"}, ""},
		"hours of ten pages":     {CrisisLine{For: "Crisis", Call: "988", Hours: strings.Repeat("x", 81)}, "Use 80 characters or fewer"},
		"web alone":              {CrisisLine{For: "Chat", Web: "thehotline.org"}, ""},
		"no name":                {CrisisLine{Call: "988"}, "fill this in"},
		"no way to reach it":     {CrisisLine{For: "Crisis"}, "a number to call"},
		"a call without number":  {CrisisLine{For: "Crisis", Call: "ask anybody"}, "begins with the number"},
		"a text without number":  {CrisisLine{For: "Crisis", Text: "HOME"}, "ends with the number"},
		"a web address of home":  {CrisisLine{For: "Crisis", Web: "localhost"}, "web address"},
		"a script":               {CrisisLine{For: "Crisis", Web: "javascript:alert(1)"}, "web address"},
		"too long":               {CrisisLine{For: strings.Repeat("x", 81), Call: "988"}, "Use 80 characters or fewer"},
		"what cannot be stored":  {CrisisLine{For: "Crisis\x00", Call: "988"}, "cannot be stored"},
		"a number of ten pages":  {CrisisLine{For: "Crisis", Call: strings.Repeat("9", 41)}, "Use 40 characters or fewer"},
		"an address of a person": {CrisisLine{For: "Crisis", Web: "someone@thehotline.org"}, "web address"},
	} {
		got := test.line.problem()
		if test.says == "" && got != "" || !strings.Contains(got.String(), test.says) {
			t.Errorf("%s: got %q, want %q", what, got, test.says)
		}
	}
}

func TestTheBoxIsShortAndHasANumberToCall(t *testing.T) {
	line := CrisisLine{For: "Crisis", Call: "988"}
	for what, test := range map[string]struct {
		lines CrisisLines
		bad   bool
	}{
		"one": {CrisisLines{line}, false}, "eight": {CrisisLines{line, line, line, line, line, line, line, line}, false},
		"nine": {CrisisLines{line, line, line, line, line, line, line, line, line}, true}, "none": {nil, true},
		"nothing to call": {CrisisLines{{For: "Chat", Web: "thehotline.org"}}, true},
	} {
		bad := fault.Fields{}
		if test.lines.validate(bad); (len(bad) > 0) != test.bad {
			t.Errorf("%s: %v", what, map[string]i18n.Message(bad))
		}
	}
}

func TestAnExitLeadsToAPublicSite(t *testing.T) {
	for address, good := range map[string]bool{
		"https://www.weather.gov/":      true,
		"https://weather.com":           true,
		"https://someone.github.io/x":   true,
		"https://www.bbc.co.uk/weather": true,
		"http://www.weather.gov/":       false,
		"//www.weather.gov/":            false,
		"/my":                           false,
		"":                              false,
		"javascript:alert(1)":           false,
		"data:text/html,hello":          false,
		"https://localhost/":            false,
		"https://mend/":                 false,
		"https://printer.local/":        false,
		"https://desk.internal/":        false,
		"https://192.168.1.1/":          false,
		"https://[::1]/":                false,
		"https://8.8.8.8/":              false,
		"https://co.uk/":                false,
		"https://weather.gov:8443/":     false,
		"https://dana:pw@weather.gov/":  false,
		"https://weather.gov\x00/":      false,
	} {
		if got := publicSite(address); got != good {
			t.Errorf("%q: got %v", address, got)
		}
	}
}

func TestACrisisRegionWithAMistakeStopsTheProgramFromStarting(t *testing.T) {
	good := "region: us\nname: United States\nexit_url: https://www.weather.gov/\nlines: [{for: Emergency, call: '911'}]\n"
	for what, test := range map[string]struct{ file, text, says string }{
		"nothing wrong":        {"us", good, ""},
		"a misspelt key":       {"us", good + "verfy: true\n", "verfy not found"},
		"in another's file":    {"uk", good, "belongs in us.yaml"},
		"no default":           {"uk", strings.Replace(good, "region: us", "region: uk", 1), "default region"},
		"a line without way":   {"us", strings.Replace(good, ", call: '911'", "", 1), "line-0"},
		"an exit to a machine": {"us", strings.Replace(good, "www.weather.gov", "localhost", 1), "exit_url"},
	} {
		_, err := loadRegions(fstest.MapFS{"crisis/" + test.file + ".yaml": {Data: []byte(test.text)}})
		if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: got %v, want %q", what, err, test.says)
		}
	}
}
