package worksheets

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/words"
)

//go:embed catalogue/es/*.yaml
var translatedFiles embed.FS

// A translation is the words of one worksheet in another language, by place:
// "kinds" is the label of that field, "kinds.options.lying" of that answer.
// Ids, types and rules stay those of the English worksheet, for it holds none.
type translation struct {
	Of    string            `yaml:"of"` // the English words that it translates, as wordsOf names them
	Words map[string]string `yaml:"words"`
}

// reworded returns d with each text that a partner can see replaced by what say
// returns for it and its place.
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

// wordsOf returns the texts of d by their places, without those of automatic
// fields, and a name that changes with any of them.
func wordsOf(d Definition) (texts map[string]string, name string) {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return f.Auto })
	texts = map[string]string{}
	sum := sha256.New()
	d.reworded(func(place, text string) string {
		if text != "" {
			texts[place] = text
			fmt.Fprintf(sum, "%s\n%s\n", place, text)
		}
		return text
	})
	return texts, hex.EncodeToString(sum.Sum(nil))[:12]
}

// loadTranslations reads the worksheets in another language than English, and
// returns an error unless each has every word of its English one and no other.
func (c *Catalogue) loadTranslations(files fs.FS, folder string) error {
	names, err := fs.Glob(files, folder+"/*.yaml")
	if err != nil {
		return err
	}
	found := map[string]translation{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		var t translation
		if err == nil {
			err = yaml.Unmarshal(text, &t)
		}
		id := strings.TrimSuffix(path.Base(name), ".yaml")
		if d, ok := c.Find(id); err == nil && ok {
			err = t.fits(d)
		} else if !ok {
			err = cmp.Or(err, errors.New("there is no such worksheet"))
		}
		if err != nil {
			return fmt.Errorf("worksheets/%s: %w", name, err)
		}
		found[id] = t
	}
	c.translated = found
	return nil
}

// fits returns what t lacks, or has too much, beside the English d.
func (t translation) fits(d Definition) error {
	english, name := wordsOf(d)
	for place := range english {
		if blank(t.Words[place]) {
			return fmt.Errorf("%s is not translated", place)
		}
	}
	for place := range t.Words {
		if _, ok := english[place]; !ok {
			return fmt.Errorf("%s is not in the English worksheet", place)
		}
	}
	if t.Of != name {
		return fmt.Errorf("the English words have changed: look through it, and write of: %s", name)
	}
	return nil
}

// In returns a worksheet in another language. One that was given in an earlier
// wording, or that has no translation, keeps its words: rather English than a
// translation of something else. What Mend adds is in l either way.
func (c *Catalogue) In(l *words.Language, d Definition) Definition {
	if l.English() {
		return d
	}
	shipped, _ := c.Find(d.ID)
	t, ok := c.translated[d.ID]
	if shipped.Hash != d.Hash {
		ok = false
	}
	auto := map[string]bool{}
	for _, f := range d.Fields {
		auto[f.ID] = f.Auto
	}
	d = d.reworded(func(place, text string) string {
		id, _, _ := strings.Cut(place, ".")
		switch {
		case auto[id]:
			return l.Say(text)
		case ok && text != "":
			return l.Content(text, t.Words[place])
		}
		return text
	})
	return d.speaking(l)
}

// speaking has d and its fields say what they say by themselves in l.
func (d Definition) speaking(l *words.Language) Definition {
	d.Language = l
	for i := range d.Fields { // reworded made them anew
		d.Fields[i].Language = l
		for k := range d.Fields[i].Columns {
			d.Fields[i].Columns[k].Language = l
		}
	}
	return d
}
