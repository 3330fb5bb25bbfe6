package pdf

import (
	"fmt"
	"strings"

	"github.com/go-text/typesetting/language"
)

// spoken returns the properties of e to repeat where it is drawn, because not every PDF reader uses
// the structure. Those readers do not reverse right-to-left letters, but would reverse text given
// in reading order.
func (e *element) spoken() string {
	if e.visual {
		return e.spokenLanguage()
	}
	return e.spokenText() + e.spokenLanguage()
}

func (e *element) spokenText() string {
	if e.actual == "" {
		return ""
	}
	return " /ActualText " + textString(e.actual)
}

func (e *element) spokenLanguage() string {
	if e.language == "" {
		return ""
	}
	return fmt.Sprintf(" /Lang (%s)", e.language)
}

// structure writes the tree of elements and returns the number of its root.
func (d *drawing) structure(o *objects) int {
	root := o.add("")
	numbers := map[*element]int{}
	document := d.write(o, d.root, root, numbers)
	var pages strings.Builder
	for page, elements := range d.marked {
		var owners strings.Builder
		for _, e := range elements {
			fmt.Fprintf(&owners, "%d 0 R ", numbers[e])
		}
		fmt.Fprintf(&pages, "%d %d 0 R ", page, o.add("[%s]", owners.String()))
	}
	for i, e := range d.annotated {
		fmt.Fprintf(&pages, "%d %d 0 R ", len(d.marked)+i, numbers[e])
	}
	o.set(root, "<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>",
		document, o.add("<</Nums [%s]>>", pages.String()), len(d.marked)+len(d.annotated))
	return root
}

// write writes e, a child of the object parent, and everything below it. It adds the object numbers
// to numbers.
func (d *drawing) write(o *objects, e *element, parent int, numbers map[*element]int) int {
	number := o.add("")
	numbers[e] = number
	var kids strings.Builder
	page := -1
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&kids, "%d 0 R ", d.write(o, k.element, number, numbers))
			continue
		}
		if page < 0 {
			page = k.mark.page
		}
		if k.mark.page == page {
			fmt.Fprintf(&kids, "%d ", k.mark.id)
		} else {
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pageObject(k.mark.page), k.mark.id)
		}
	}
	if e.annotation > 0 {
		fmt.Fprintf(&kids, "<</Type /OBJR /Pg %d 0 R /Obj %d 0 R>> ", pageObject(e.onPage), e.annotation)
	}
	var entries strings.Builder
	entries.WriteString(e.spokenText() + e.spokenLanguage())
	if page >= 0 {
		fmt.Fprintf(&entries, " /Pg %d 0 R", pageObject(page))
	}
	if e.alternate != "" {
		entries.WriteString(" /Alt " + textString(e.alternate))
	}
	if e.attributes != "" {
		entries.WriteString(" /A <<" + e.attributes + ">>")
	}
	o.set(number, "<</Type /StructElem /S /%s /P %d 0 R%s /K [%s]>>", e.role, parent, entries.String(),
		strings.TrimSpace(kids.String()))
	return number
}

// outlines writes the bookmarks: each section heading with its subheadings. It returns the entry
// for the catalog, or "" if there are none.
func (d *drawing) outlines(o *objects) string {
	root := &outline{}
	for _, b := range d.bookmarks {
		switch b.heading.role {
		case "H2":
			root.kids = append(root.kids, &outline{bookmark: b})
		case "H3":
			section := root.kids[len(root.kids)-1]
			section.kids = append(section.kids, &outline{bookmark: b})
		}
	}
	if len(root.kids) == 0 {
		return ""
	}
	number := o.add("")
	first, last := d.writeOutlines(o, root.kids, number)
	o.set(number, "<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", first, last, len(root.kids))
	return fmt.Sprintf(" /Outlines %d 0 R", number)
}

// An outline is a bookmark with those below it.
type outline struct {
	bookmark
	kids []*outline
}

// writeOutlines writes entries below parent, all collapsed, and returns the numbers of the first
// and the last.
func (d *drawing) writeOutlines(o *objects, entries []*outline, parent int) (first, last int) {
	_, height := d.GetPageSize()
	first = len(o.list) + 1
	for range entries {
		last = o.add("")
	}
	for i, e := range entries {
		var links string
		if i > 0 {
			links += fmt.Sprintf(" /Prev %d 0 R", first+i-1)
		}
		if i < len(entries)-1 {
			links += fmt.Sprintf(" /Next %d 0 R", first+i+1)
		}
		if len(e.kids) > 0 {
			from, to := d.writeOutlines(o, e.kids, first+i)
			links += fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", from, to, -len(e.kids))
		}
		o.set(first+i, "<</Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ null %.2f null]%s>>",
			textString(e.heading.title), parent, pageObject(e.page), height-e.y, links)
	}
	return first, last
}

// languages are the most common languages of scripts that suggest one.
var languages = map[language.Script]string{
	language.Hebrew: "he", language.Arabic: "ar", language.Greek: "el", language.Cyrillic: "ru", language.Thai: "th",
	language.Devanagari: "hi", language.Han: "zh", language.Hiragana: "ja", language.Katakana: "ja",
	language.Hangul: "ko", language.Armenian: "hy", language.Georgian: "ka", language.Tamil: "ta",
	language.Bengali: "bn", language.Ethiopic: "am", language.Khmer: "km",
}

// languageOf returns the language that script suggests, or "".
func languageOf(script language.Script) string { return languages[script] }
