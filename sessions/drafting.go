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

// fill puts values into the slots of a template, or returns "" when one of
// them is empty.
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

// ended returns a typed text that ends as a sentence does.
func ended(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?:;") || strings.HasSuffix(text, "…") ||
		strings.HasSuffix(text, "”") {
		return text
	}
	return text + "."
}

// endOnce removes the doubled full stop that a slot's own leaves.
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

// modality is the place, or how each who was there took part where that
// differs.
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

// clock returns start without its half of the day where stop says it.
func (d drafter) clock(start, stop time.Time) string {
	start, stop = start.In(d.Zone), stop.In(d.Zone)
	if start.Format("2006-01-02 PM") == stop.Format("2006-01-02 PM") {
		return start.Format("3:04")
	}
	return clock(start)
}

// clock returns the time of day as an American note has it: "4:03 p.m.".
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

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// and joins a list as a sentence does: "a, b and c".
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

// lowerFirst puts a title's first letter in lower case, unless a capital
// follows.
func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if size == 0 || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}
