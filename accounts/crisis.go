package accounts

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// A CrisisLine is an entry of the crisis box: its purpose, whom or what it serves and when, if
// known, and one to three ways to reach it.
type CrisisLine struct {
	For     string `yaml:"for" json:"for"`
	Answers string `yaml:"answers" json:"answers,omitempty"`
	Hours   string `yaml:"hours" json:"hours,omitempty"`
	Call    string `yaml:"call" json:"call,omitempty"` // begins with the number
	Text    string `yaml:"text" json:"text,omitempty"` // ends with the number
	Web     string `yaml:"web" json:"web,omitempty"`   // without https://
}

// lineMessage returns the message for a text of a crisis line: translatable if it is one of Mend's own.
func lineMessage(typed string) i18n.Message {
	if typed == "At any hour" { // as practices stored it that confirmed their lines earlier
		return "crisis.for.at_any_hour"
	}
	return i18n.Word("crisis.for", typed)
}

// Title returns the line's purpose.
func (l CrisisLine) Title() i18n.Message { return lineMessage(l.For) }

// Serves returns whom or what a line serves, and when, or "" if neither is known.
func (l CrisisLine) Serves(spoken *i18n.Language) string {
	var known []string
	for _, text := range []string{l.Answers, l.Hours} {
		if text != "" {
			known = append(known, spoken.Say(lineMessage(text)))
		}
	}
	return strings.Join(known, " · ")
}

var (
	firstNumber = regexp.MustCompile(`^\+?[0-9][0-9 ().-]*[0-9]`)
	lastNumber  = regexp.MustCompile(`[0-9][0-9 -]*[0-9]$`)
	dialed      = strings.NewReplacer(" ", "", "(", "", ")", "", ".", "", "-", "")
)

// Dial returns the number to call, as dialed, or "".
func (l CrisisLine) Dial() string { return dialed.Replace(firstNumber.FindString(l.Call)) }

// Message returns the number to text, as dialed, or "".
func (l CrisisLine) Message() string { return dialed.Replace(lastNumber.FindString(l.Text)) }

// problem returns what is wrong with a line, or "".
func (l CrisisLine) problem() i18n.Message {
	bad := fault.Fields{}
	bad.Length("for", l.For, 1, 80)
	bad.Length("answers", l.Answers, 0, 80)
	bad.Length("hours", l.Hours, 0, 80)
	bad.Length("call", l.Call, 0, 40)
	bad.Length("text", l.Text, 0, 60)
	bad.Length("web", l.Web, 0, 100)
	switch {
	case len(bad) > 0:
		return cmp.Or(bad["for"], bad["answers"], bad["hours"], bad["call"], bad["text"], bad["web"])
	case l.Call == "" && l.Text == "" && l.Web == "":
		return "Enter a number to call, a number to text, or a web address."
	case l.Call != "" && l.Dial() == "":
		return "What to call begins with the number, such as 988."
	case l.Text != "" && l.Message() == "":
		return "What to text ends with the number, such as HOME to 741741."
	case l.Web != "" && !publicSite("https://"+l.Web):
		return "Enter a web address such as 988lifeline.org."
	}
	return ""
}

// publicSite reports whether text is the https address of a public site, not of this machine or a
// local network.
func publicSite(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || net.ParseIP(u.Hostname()) != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	suffix, listed := publicsuffix.PublicSuffix(host)
	return (listed || strings.Contains(suffix, ".")) && strings.HasSuffix(host, "."+suffix)
}

// CrisisLines is the content of the crisis box. The database stores it as JSON.
type CrisisLines []CrisisLine

// mostLines limits the lines in the box, which is read in distress.
const mostLines = 8

// Scan decodes lines from the database; NULL means none.
func (l *CrisisLines) Scan(stored any) error {
	switch text := stored.(type) {
	case nil:
		*l = nil
		return nil
	case string:
		return json.Unmarshal([]byte(text), l)
	case []byte:
		return json.Unmarshal(text, l)
	}
	return fmt.Errorf("crisis lines are a %T", stored)
}

func (l CrisisLines) encode() string {
	text, err := json.Marshal(l)
	if err != nil { // strings always marshal
		panic(err)
	}
	return string(text)
}

// validate checks the lines and adds errors under "line-N", with N counting from 0.
func (l CrisisLines) validate(bad fault.Fields) {
	for i, line := range l {
		if problem := line.problem(); problem != "" {
			bad[fmt.Sprintf("line-%d", i)] = problem
		}
	}
	switch {
	case len(l) > mostLines:
		bad["line-0"] = i18n.Plain("Please keep at most %d lines: the box is read in distress.", mostLines)
	case !slices.ContainsFunc(l, func(line CrisisLine) bool { return line.Call != "" }):
		bad["line-0"] = "Enter at least one number to call."
	}
}
