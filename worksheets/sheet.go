package worksheets

import (
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/sessions"
)

// PrintSetup holds what is needed to print a worksheet.
type PrintSetup struct {
	Practice []string // the letterhead; "" lines are left out
	Letter   bool
	Zone     *time.Location
	Language *i18n.Language       // of the texts that Mend adds to a blank sheet; nil for English
	Help     accounts.CrisisLines // printed under a question about danger
	Digital  string               // URL where a blank sheet can be filled in on a screen, or ""
}

// BlankSheet returns the worksheet to be filled in by hand. It prints all fields, including those
// that a screen shows only after another answer.
func (d Definition) BlankSheet(p PrintSetup) pdf.Sheet {
	s := p.sheet(d.Title)
	s.Footer = p.Language.Say("sheet.wording", d.Hash[:8])
	s.Blocks = d.blankBlocks(p)
	return s
}

// sheet returns an empty sheet.
func (p PrintSetup) sheet(title string) pdf.Sheet {
	return pdf.Sheet{
		Title: title, Letterhead: p.Practice, Running: title, Letter: p.Letter, Made: blankMade, Language: p.tag(),
		Numbered: func(n, of int) string { return p.Language.Say("sheet.page_of", n, of) },
	}
}

// tag returns the language tag of p.
func (p PrintSetup) tag() string {
	if p.Language == nil {
		return ""
	}
	return p.Language.Tag
}

// blankBlocks returns the body of a blank sheet.
func (d Definition) blankBlocks(p PrintSetup) []pdf.Block {
	tell := p.Language.Say
	blocks := []pdf.Block{pdf.Paragraph{Text: d.Purpose, Muted: true}, pdf.Paragraph{Text: tell(d.WhoReads())}}
	if d.Opening != "" {
		blocks = append(blocks, pdf.Paragraph{Text: d.Opening})
	}
	if p.Digital != "" && d.Portal {
		blocks = append(blocks,
			pdf.QR{
				Text: p.Digital, Caption: tell("sheet.on_phone"),
			})
	}
	blocks = append(blocks, pdf.Paragraph{Text: tell("sheet.name_and_date"), Muted: true}, pdf.Lines(1))
	for _, f := range d.Fields {
		blocks = append(blocks, pdf.Subheading(f.Label))
		if f.Help != "" {
			blocks = append(blocks, pdf.Paragraph{Text: f.Help, Muted: true})
		}
		if f.CounselorOnly {
			blocks = append(blocks, pdf.Paragraph{Text: tell("sheet.counselor_only"), Muted: true})
		}
		blocks = append(blocks, f.blank(tell)...)
		if f.CrisisLines && len(p.Help) > 0 {
			blocks = append(blocks, HelpLines(p.Help, p.Language))
		}
		if f.Sensitive {
			blocks = append(blocks, choices(worded(tell, labels(DeclineOptions)), 2))
		}
	}
	blocks = append(blocks, d.notice()...)
	return blocks
}

// HelpLines returns the help numbers as they are printed.
func HelpLines(lines accounts.CrisisLines, in *i18n.Language) pdf.List {
	var list pdf.List
	for _, line := range lines {
		list = append(list, in.Say(line.Title())+": "+strings.Join(waysTo(line.In(in), in), "; "))
	}
	return list
}

func waysTo(line accounts.CrisisLine, in *i18n.Language) (ways []string) {
	if line.Call != "" {
		ways = append(ways, in.Say("crisis.call", line.Call))
	}
	if line.Text != "" {
		ways = append(ways, in.Say("crisis.text", line.Text))
	}
	if line.Web != "" {
		ways = append(ways, line.Web)
	}
	if serves := line.Serves(in); serves != "" {
		ways = append(ways, serves)
	}
	return ways
}

// notice returns the copyright notice of a wording that is somebody else's.
func (d Definition) notice() []pdf.Block {
	if d.Notice == "" {
		return nil
	}
	return []pdf.Block{pdf.Paragraph{Text: d.Notice, Muted: true}}
}

// WhoReads returns who will read a page, for its top, on screen and on paper.
func (d Definition) WhoReads() i18n.Message {
	switch {
	case !d.Portal:
		return "For the individual file alone."
	case d.FilledBy == Joint:
		return "worksheet.readers.joint"
	case d.Shareable():
		return "worksheet.readers.may_share"
	case d.Locked:
		return "worksheet.readers.locked"
	}
	return "worksheet.readers.private"
}

// Booklet returns the worksheets of a pathway as one printable sheet: a cover, then each blank
// worksheet on pages of its own.
func Booklet(name string, list []Definition, p PrintSetup) pdf.Sheet {
	s, tell := p.sheet(name), p.Language.Say
	s.Blocks = append(s.Blocks,
		pdf.Paragraph{Text: tell("sheet.take_your_time")},
		pdf.Paragraph{Text: tell("sheet.name"), Muted: true}, pdf.Lines(1),
		pdf.Subheading(tell("sheet.in_booklet")), pdf.Contents{})
	for _, d := range list {
		s.Blocks = append(s.Blocks, pdf.Break{}, pdf.Heading(d.Title))
		s.Blocks = append(s.Blocks, d.blankBlocks(p)...)
	}
	return s
}

// blankMade is a fixed date for blank worksheets, so that a wording always gives the same bytes.
var blankMade = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// blank returns the space to answer f by hand. tell translates the labels of yes and no.
func (f Field) blank(tell func(i18n.Message, ...any) string) []pdf.Block {
	switch f.Type {
	case ShortText, Date:
		return []pdf.Block{pdf.Lines(1)}
	case LongText:
		return []pdf.Block{pdf.Lines(5)}
	case Scale:
		return []pdf.Block{choices(strings.Split("0 1 2 3 4 5 6 7 8 9 10", " "), 11)}
	case YesNo:
		return []pdf.Block{choices([]string{tell("answer.yes"), tell("answer.no")}, 2)}
	case Likert:
		var blocks []pdf.Block
		for _, row := range f.Rows {
			blocks = append(blocks, pdf.Paragraph{Text: row.Label}, choices(labels(f.Options), 3))
		}
		return blocks
	case Table:
		columns := make([]string, len(f.Columns))
		for i, c := range f.Columns {
			columns[i] = c.Label
		}
		empty := make([][]string, 4)
		for i := range empty {
			empty[i] = make([]string, len(columns))
			empty[i][0] = "\n\n"
		}
		return []pdf.Block{pdf.Table{Columns: columns, Rows: empty}}
	}
	return []pdf.Block{choices(labels(f.Options), 1)}
}

func labels(options []Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Label
	}
	return list
}

// worded translates labels, which are message keys.
func worded(tell func(i18n.Message, ...any) string, labels []string) []string {
	for i, label := range labels {
		labels[i] = tell(i18n.Message(label))
	}
	return labels
}

func choices(labels []string, columns int) pdf.Choices {
	c := pdf.Choices{Columns: columns}
	for _, l := range labels {
		c.Options = append(c.Options, pdf.Choice{Label: l})
	}
	return c
}

// Blocks returns the questions and their answers, in the wording that was answered. With private,
// it includes the fields for the counselor alone.
func (r SentPage) Blocks(private bool) []pdf.Block {
	var blocks []pdf.Block
	for _, f := range r.Worksheet.Visible(r.Role, r.Values) {
		if r.Worksheet.isCounselorOnly(f) && (!private || r.forPartner) {
			continue
		}
		label := f.Label
		if r.Worksheet.isCounselorOnly(f) {
			label += " (" + f.Language.Say("worksheet.counselor_only") + ")"
		}
		blocks = append(blocks, pdf.Subheading(label), r.answer(f))
	}
	if line := r.Worksheet.ScoreLine(r.Values); line != "" && private && !r.forPartner {
		blocks = append(blocks, pdf.Field{Label: "Total", Value: line})
	}
	return append(blocks, r.Worksheet.notice()...)
}

// Text returns the questions and their answers as plain text.
func (r SentPage) Text() string {
	var parts []string
	for _, f := range r.Worksheet.Visible(r.Role, r.Values) {
		if lines := f.Show(r.Values[f.ID]); len(lines) > 0 {
			parts = append(parts, f.Label+"\n"+strings.Join(lines, "\n"))
		}
	}
	return strings.Join(parts, "\n\n")
}

// FilledSheet returns answers as a printed sheet: one partner's, or both in turn for a joint page.
// It is in the worksheet's language.
func FilledSheet(p PrintSetup, readings []SentPage) pdf.Sheet {
	first := readings[0]
	in := first.Worksheet.Language
	p.Language = in
	s := p.sheet(first.Worksheet.Title)
	s.Footer, s.Made = in.Say("sheet.wording", first.Definition[:8]), first.Assignment.CreatedAt
	for _, r := range readings {
		if !r.Readable() {
			continue
		}
		s.Blocks = append(s.Blocks, pdf.Heading(r.Partner.Name))
		if r.Sent() {
			s.Made = *r.SentAt
			day := in.Date(r.SentAt.In(p.Zone), "date.day")
			sent := in.Say("worksheet.sent_on", day)
			if r.OnPaper {
				sent = in.Say("worksheet.sent_on_paper", day)
			}
			s.Blocks = append(s.Blocks, pdf.Paragraph{Text: sent, Muted: true})
		}
		s.Blocks = append(s.Blocks, r.Blocks(true)...)
	}
	return s
}

// Homework returns pages as the homework items of a session's note.
func Homework(pages []Page) []sessions.HomeworkItem {
	var items []sessions.HomeworkItem
	for i, p := range pages {
		if !p.Portal || i > 0 && pages[i-1].Assignment.ID == p.Assignment.ID {
			continue
		}
		items = append(items, homeworkItem(p))
	}
	return items
}

func homeworkItem(p Page) sessions.HomeworkItem {
	item := sessions.HomeworkItem{
		ID: p.Assignment.ID, Title: p.Worksheet.Title,
		Joint: p.Audience == ToJoint, Side: p.Side,
	}
	if p.SessionID != nil {
		item.Session = *p.SessionID
	}
	return item
}
