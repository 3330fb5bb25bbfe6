package sessions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"mend/couples"
)

var slot = regexp.MustCompile(`\{(\w+)\}`)

// fill puts values into the slots of a template. It returns "" if one of them is empty.
func fill(template string, values map[string]string) string {
	missing := false
	text := slot.ReplaceAllStringFunc(template, func(s string) string {
		value := strings.TrimSpace(values[s[1:len(s)-1]])
		missing = missing || value == ""
		return value
	})
	if missing {
		return ""
	}
	return endOnce(text)
}

// ended returns text with a period unless it already ends a sentence.
func ended(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?:;") || strings.HasSuffix(text, "…") ||
		strings.HasSuffix(text, "”") {
		return text
	}
	return text + "."
}

// endOnce removes the second period where a slot's text ends with punctuation.
func endOnce(text string) string {
	for _, end := range []string{".", "!", "?", "…"} {
		text = strings.ReplaceAll(text, end+". ", end+" ")
		if strings.HasSuffix(text, end+".") {
			text = strings.TrimSuffix(text, ".")
		}
	}
	return text
}

func (d drafter) label(side couples.Side) string {
	p, other := d.Couple.Partner(side), d.Couple.Partner(side.Other())
	if p.AddressAs == other.AddressAs {
		return p.Name
	}
	return p.AddressAs
}

// modality returns the place of the session or, if entered, how those present took part.
func (d drafter) modality() string {
	var modes []string
	for _, side := range []string{"A", "B"} {
		mode := d.Record["mode."+side]
		if mode != "" && d.Record["attendance."+side] != "absent" && !slices.Contains(modes, mode) {
			modes = append(modes, mode)
		}
	}
	if len(modes) == 0 {
		return d.Session.Modality()
	}
	return and(modes)
}

// clock returns start without a.m. or p.m. if it is the same for stop.
func (d drafter) clock(start, stop time.Time) string {
	start, stop = start.In(d.Zone), stop.In(d.Zone)
	if start.Format("2006-01-02 PM") == stop.Format("2006-01-02 PM") {
		return start.Format("3:04")
	}
	return clock(start)
}

// clock formats a time of day the American way: "4:03 p.m.".
func clock(t time.Time) string {
	if t.Hour() < 12 {
		return t.Format("3:04") + " a.m."
	}
	return t.Format("3:04") + " p.m."
}

func (d drafter) next() string {
	if d.Next == nil {
		return "to be arranged"
	}
	at := d.Next.In(d.Zone)
	return at.Format("January 2, 2006") + ", " + clock(at)
}

func minutes(t time.Duration) int { return int(t.Round(time.Minute) / time.Minute) }

// counted returns a number with its noun, as in "2 minutes".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// and joins a list for use in a sentence: "a, b and c".
func and(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func appendIf(list []string, own string) []string {
	if own = strings.TrimSpace(own); own != "" {
		list = append(list, strings.TrimSuffix(own, "."))
	}
	return list
}

// lowerFirst lowercases the first letter of a title unless a capital follows.
func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if size == 0 || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}
