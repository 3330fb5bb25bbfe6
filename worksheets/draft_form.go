package worksheets

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mend/internal/fault"
	"mend/sessions"
)

// The form fields of a draft, without its questions.
var draftNames = []string{
	"title", "purpose", "opening", "filled_by", "privacy", "repeat", "notice",
	"score_label", "score_bands",
}

// The form fields of a question, after f. and its number.
var draftFieldNames = []string{
	"id", "label", "help", "type", "required", "counselor_only", "sensitive", "role", "when",
	"options", "rows", "columns", "most", "counted",
}

// OwnsDraft reports whether name is a field of the draft form.
func OwnsDraft(name string) bool {
	parts := strings.Split(name, ".")
	if len(parts) != 3 || parts[0] != "f" {
		return slices.Contains(draftNames, name)
	}
	n, err := strconv.Atoi(parts[1])
	return err == nil && n >= 0 && n < MostFields && strconv.Itoa(n) == parts[1] &&
		slices.Contains(draftFieldNames, parts[2])
}

// ReadDraft returns d as changed by a form. What the form does not show stays as it was. A form
// that no page could have sent is fault.Malformed.
func (d Definition) ReadDraft(form url.Values) (Definition, error) {
	old := d
	text := func(name string) string { t, _ := clean(form.Get(name)); return t }
	d.Title, d.Purpose, d.Opening, d.Notice, d.Repeat = text("title"), text("purpose"), text("opening"),
		text("notice"), text("repeat")
	d.FilledBy, d.Privacy = FilledBy(text("filled_by")), Privacy(text("privacy"))
	if !slices.Contains([]FilledBy{Each, Joint, ByHurt, ByBroke, WithCounselor}, d.FilledBy) ||
		!slices.Contains(shares, d.Privacy) {
		return old, fault.Malformed
	}
	d.Fields, d.Flags = nil, slices.DeleteFunc(slices.Clone(old.Flags), FlagRule.typedIn)
	counted := []string{}
	for i := 0; form.Has(fmt.Sprintf("f.%d.id", i)); i++ {
		r := draftReader{form, fmt.Sprintf("f.%d.", i)}
		f, flags, err := r.field(old)
		if _, twice := d.Field(f.ID); err != nil || twice {
			return old, fault.Malformed
		}
		if r.ticked("counted") {
			counted = append(counted, f.ID)
		}
		d.Fields, d.Flags = append(d.Fields, f), append(d.Flags, flags...)
	}
	d.Score = readScore(text("score_label"), text("score_bands"), counted)
	return d.matchFilledBy(old).tidy(old), nil
}

// matchFilledBy makes d a counselor's form or a partner's page to match its FilledBy.
func (d Definition) matchFilledBy(old Definition) Definition {
	switch {
	case d.FilledBy == WithCounselor && old.Portal:
		return d.AsCounselorForm()
	case d.FilledBy != WithCounselor && !old.Portal:
		d.Portal = true
		for n := range d.Fields {
			d.Fields[n].Handover = false
		}
	}
	return d
}

// tidy drops the rules that refer to removed questions.
func (d Definition) tidy(old Definition) Definition {
	for _, f := range old.Fields {
		if _, there := d.Field(f.ID); !there {
			d = d.forget(f.ID)
		}
	}
	return d
}

// A draftReader reads one question of the form.
type draftReader struct {
	form   url.Values
	prefix string
}

func (r draftReader) text(name string) string {
	t, _ := clean(r.form.Get(r.prefix + name))
	return t
}

func (r draftReader) ticked(name string) bool { return r.form.Get(r.prefix+name) != "" }

func (r draftReader) field(old Definition) (Field, []FlagRule, error) {
	id := r.text("id")
	f, _ := old.Field(id)
	f.ID, f.Label, f.Help, f.Type, f.Role = id, r.text("label"), r.text("help"), FieldType(r.text("type")),
		sessions.Role(r.text("role"))
	if !formName.MatchString(id) || !slices.Contains(fieldTypes, f.Type) || f.Role != "" &&
		!slices.Contains(knownRoles, f.Role) {
		return f, nil, fault.Malformed
	}
	f.Required, f.CounselorOnly, f.Sensitive = r.ticked("required"), r.ticked("counselor_only"), r.ticked("sensitive")
	f.ShowIf = readWhen(r.text("when"))
	f.MaxChoices, _ = strconv.Atoi(r.text("most"))
	options, urgent := readOptions(f, r.text("options"))
	f.Options = options
	rows, flags := readRows(f, r.text("rows"))
	f.Rows, flags = rows, append(flags, sameDayFlag(f, urgent)...)
	f.Columns = readColumns(f, r.text("columns"))
	return f.onlyItsParts(), flags, nil
}

// onlyItsParts drops the parts that f's type does not have.
func (f Field) onlyItsParts() Field {
	if !slices.Contains(chosenTypes, f.Type) {
		f.Options = nil
	}
	if f.Type != Likert {
		f.Rows = nil
	}
	if f.Type != Table {
		f.Columns = nil
	}
	if !f.ticks() {
		f.MaxChoices = 0
	}
	return f
}

// readWhen parses "FIELD OP VALUE".
func readWhen(text string) *ShowIf {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) != 3 {
		return nil
	}
	return &ShowIf{Field: parts[0], Op: parts[1], Value: parts[2]}
}

// sameDay starts the text of flags that the form makes, for a choice or row marked with a "!".
const sameDay = "An answer to look at today: "

func (r FlagRule) typedIn() bool { return r.Level == LevelUrgent && strings.HasPrefix(r.Say, sameDay) }

func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

var (
	scoredLine = regexp.MustCompile(`^(.*\S)\s*=\s*(-?\d{1,4})$`)
	markedRow  = regexp.MustCompile(`^(.*\S)\s*!\s*(\d{1,4})$`)
	notSlug    = regexp.MustCompile(`[^a-z0-9]+`)
)

// matchLines returns, for each line of now, the index of its predecessor in before, or -1 if it is new:
// the line with the same words, or else the one in the same position, reworded.
func matchLines(before, now []string) []int {
	which := make([]int, len(now))
	used := map[int]bool{}
	for i, words := range now {
		which[i] = -1
		for n, was := range before {
			if was == words && !used[n] {
				which[i], used[n] = n, true
				break
			}
		}
	}
	for i := range now {
		if which[i] < 0 && i < len(before) && !used[i] {
			which[i], used[i] = i, true
		}
	}
	return which
}

// unused returns name, with a number appended if it is taken.
func unused(name, joint string, taken func(string) bool) string {
	name = name[:min(len(name), 60)]
	free := name
	for n := 2; taken(free); n++ {
		free = fmt.Sprint(name, joint, n)
	}
	return free
}

// readOptions parses choices, one per line: WORDS, WORDS = NUMBER, and a trailing ! for one that
// needs attention the same day. A choice that stays, even reworded, keeps its value.
func readOptions(f Field, text string) (list []Option, urgent []string) {
	var words []string
	var marked []bool
	for _, line := range lines(text) {
		label, mark := strings.CutSuffix(line, "!")
		o := Option{Label: strings.TrimSpace(label)}
		if m := scoredLine.FindStringSubmatch(o.Label); m != nil {
			n, _ := strconv.Atoi(m[2])
			o.Label, o.Score = m[1], &n
		}
		list, words, marked = append(list, o), append(words, o.Label), append(marked, mark)
	}
	kept := matchLines(labels(f.Options), words)
	for i, n := range kept {
		list[i].Value = f.valueOf(n, list, words[i])
		if marked[i] {
			urgent = append(urgent, list[i].Value)
		}
	}
	return list, urgent
}

// valueOf returns the stored value of a choice: that of its predecessor n, or one made from its
// label.
func (f Field) valueOf(n int, beside []Option, label string) string {
	if n >= 0 {
		return f.Options[n].Value
	}
	slug := cmp.Or(strings.Trim(notSlug.ReplaceAllString(strings.ToLower(label), "-"), "-"), "answer")
	return unused(slug, "-", func(v string) bool {
		_, was := f.option(v)
		_, is := Field{Options: beside}.option(v)
		return was || is
	})
}

// sameDayFlag returns the flag rule for choices marked with a "!".
func sameDayFlag(f Field, urgent []string) []FlagRule {
	if len(urgent) == 0 || f.Type == Likert || !slices.Contains(chosenTypes, f.Type) {
		return nil
	}
	return []FlagRule{{Field: f.ID, Op: "in", Values: urgent, Say: sameDay + f.Label, Level: LevelUrgent}}
}

// readRows parses the rows of a Likert table, one per line: WORDS, with "! NUMBER" appended if an
// answer that scores NUMBER or more needs attention the same day.
func readRows(f Field, text string) (list []Row, flags []FlagRule) {
	var words, limits, before []string
	for _, line := range lines(text) {
		limit := ""
		if m := markedRow.FindStringSubmatch(line); m != nil {
			line, limit = m[1], m[2]
		}
		words, limits = append(words, line), append(limits, limit)
	}
	for _, r := range f.Rows {
		before = append(before, r.Label)
	}
	for i, n := range matchLines(before, words) {
		r := Row{Label: words[i]}
		if r.ID = f.partID("r1", n); n >= 0 {
			r.ID = f.Rows[n].ID
		}
		f.Rows, list = append(f.Rows, r), append(list, r)
		if limits[i] != "" && f.Type == Likert {
			flags = append(flags,
				FlagRule{Field: f.ID + "." + r.ID, Op: "row_ge", Value: limits[i], Say: sameDay + "{row}", Level: LevelUrgent})
		}
	}
	return list, flags
}

// partID returns an unused id for a new row or column of f.
func (f Field) partID(like string, n int) string {
	if n >= 0 {
		return ""
	}
	return unused(like, "_", f.HasPart)
}

// readScore parses the sum: its name, and lines of NUMBER = WORDS.
func readScore(label, bands string, counted []string) *Score {
	if label == "" && bands == "" && len(counted) == 0 {
		return nil
	}
	s := &Score{Label: label, Fields: counted}
	for _, line := range lines(bands) {
		from, words, _ := strings.Cut(line, "=")
		n, err := strconv.Atoi(strings.TrimSpace(from))
		if err != nil {
			words = "" // reported on publishing
		}
		s.Bands = append(s.Bands, Band{From: n, Label: strings.TrimSpace(words)})
	}
	return s
}
