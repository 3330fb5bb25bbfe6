package worksheets

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mend/internal/i18n"
)

//go:embed catalogue/es/*.yaml
var translatedFiles embed.FS

// reworded returns d with each text that a partner can see replaced by say(place, text).
func (d Definition) reworded(say func(place, text string) string) Definition {
	d.Title, d.Purpose = say("title", d.Title), say("purpose", d.Purpose)
	d.Opening, d.Notice = say("opening", d.Opening), say("notice", d.Notice)
	if d.StopIf != nil {
		stop := *d.StopIf
		stop.Say = say("stop_if", stop.Say)
		d.StopIf = &stop
	}
	d.Fields = rewordedFields(d.Fields, "", say)
	return d
}

func rewordedFields(fields []Field, under string, say func(place, text string) string) []Field {
	fields = slices.Clone(fields)
	for i := range fields {
		f, at := &fields[i], under+fields[i].ID
		f.Label, f.Help = say(at, f.Label), say(at+".help", f.Help)
		f.Options, f.Rows = slices.Clone(f.Options), slices.Clone(f.Rows)
		for k, o := range f.Options {
			f.Options[k].Label = say(at+".options."+o.Value, o.Label)
		}
		for k, r := range f.Rows {
			f.Rows[k].Label = say(at+".rows."+r.ID, r.Label)
		}
		f.Columns = rewordedFields(f.Columns, at+".columns.", say)
	}
	return fields
}

// wordsOf returns the texts of d, without those of automatic fields.
func wordsOf(d Definition) []i18n.Text {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return f.Auto })
	var texts []i18n.Text
	d.reworded(func(place, text string) string {
		if text != "" {
			texts = append(texts, i18n.Text{Place: place, Says: text})
		}
		return text
	})
	return texts
}

// partnersPart returns the part of d that a partner can read: all of a partner's worksheet; of a
// counselor's form the handed-over questions, which are shown under a neutral title.
func (d Definition) partnersPart() Definition {
	if part, ok := d.Handover(); ok {
		part.Title, part.Purpose = "", ""
		return part
	}
	return d
}

// loadTranslations reads the translated worksheets. It returns an error unless each has exactly the
// texts of the English one.
func (c *Catalogue) loadTranslations(files fs.FS, folder string) error {
	names, err := fs.Glob(files, folder+"/*.yaml")
	if err != nil {
		return err
	}
	found := map[string]i18n.Translation{}
	for _, name := range names {
		id := strings.TrimSuffix(path.Base(name), ".yaml")
		d, ok := c.Find(id)
		if !ok {
			return fmt.Errorf("worksheets/%s: there is no such worksheet", name)
		}
		if found[id], err = i18n.ReadTranslation(files, name, wordsOf(d.partnersPart())); err != nil {
			return fmt.Errorf("worksheets/%s: %w", name, err)
		}
	}
	c.translated = found
	return nil
}

// In returns a worksheet in language l. A worksheet in an earlier wording or without a translation
// stays English, since a translation of another wording would be wrong; only the automatic fields
// are translated.
func (c *Catalogue) In(l *i18n.Language, d Definition) Definition {
	if l.English() {
		return d
	}
	t, ok := c.translated[d.ID], c.isTranslated(d)
	auto := map[string]bool{}
	for _, f := range d.Fields {
		auto[f.ID] = f.Auto
	}
	d = d.reworded(func(place, text string) string {
		id, _, _ := strings.Cut(place, ".")
		switch {
		case auto[id]:
			return l.Say(i18n.Word("worksheet.agreement", text))
		case ok:
			return t.Said(l, place, text)
		}
		return text
	})
	return d.inLanguage(l).Naming(d.Names[0], d.Names[1])
}

// isTranslated reports whether d's wording is the one that was translated.
func (c *Catalogue) isTranslated(d Definition) bool {
	shipped, _ := c.Find(d.ID)
	_, ok := c.translated[d.ID]
	return ok && shipped.Hash == d.Hash
}

// inLanguage sets the language of d and its fields to l.
func (d Definition) inLanguage(l *i18n.Language) Definition {
	d.Language = l
	for i := range d.Fields { // reworded has cloned them
		d.Fields[i].Language = l
		for k := range d.Fields[i].Columns {
			d.Fields[i].Columns[k].Language = l
		}
	}
	return d
}

// Pairs returns each text of a catalogue worksheet that a partner can read, in English and Spanish.
// A counselor's form that is not handed over has none.
func (c *Catalogue) Pairs(d Definition) []i18n.Pair {
	t, ok := c.translated[d.ID]
	if !ok {
		return nil
	}
	return t.Pairs(wordsOf(d.partnersPart()))
}

// EnglishTexts returns all texts of d, including those for the counselor alone.
func (d Definition) EnglishTexts() []i18n.Text { return wordsOf(d) }
