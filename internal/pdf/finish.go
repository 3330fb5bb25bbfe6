package pdf

import (
	"bytes"
	"fmt"
	"strings"
)

// The objects of the drawing library with a known number: the pages and their contents alternate
// from the third on.
const (
	pagesRoot = 1
	resources = 2
	firstPage = 3
)

// pageObject returns the object number of a page, counted from 0.
func pageObject(page int) int { return firstPage + 2*page }

// finish rewrites the file with what makes it accessible and archivable: the structure, fonts,
// bookmarks, metadata and color profile. It leaves out what the drawing library writes in their
// place.
func (d *drawing) finish(raw []byte, s Sheet, signature *signatureField) ([]byte, error) {
	o, err := readObjects(raw)
	if err != nil {
		return nil, err
	}
	o.list = o.list[:pageObject(len(d.marked))-1] // without the library's fonts, info and catalog
	d.annotate(o, d.root)
	var extra string
	if signature != nil {
		extra = signature.write(o, d)
	}
	for page := range d.marked {
		d.finishPage(o, page)
	}
	var used strings.Builder
	for _, font := range d.fonts {
		number, err := font.objects(o)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&used, "/F%d %d 0 R ", font.number, number)
	}
	o.set(resources, "<</ProcSet [/PDF /Text] /Font <<%s>>>>", used.String())
	info, metadata := s.metadata(o)
	extra += d.outlines(o)
	catalog := o.add("<</Type /Catalog /Pages %d 0 R /Lang (%s) /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R "+
		"/ViewerPreferences <</DisplayDocTitle true>> /Metadata %d 0 R /OutputIntents [%d 0 R]%s>>",
		pagesRoot, s.language(), d.structure(o), metadata, outputIntent(o), extra)
	return o.file(catalog, info), nil
}

// finishPage compresses a page's content and links the page to the structure.
func (d *drawing) finishPage(o *objects, page int) {
	object := &o.list[pageObject(page)-1]
	*object = bytes.Replace(*object, []byte("<</Type /Page\n"),
		fmt.Appendf(nil, "<</Type /Page /StructParents %d /Tabs /S%s\n", page, d.annotations(page)), 1)
	content := o.list[pageObject(page)]
	_, content, _ = bytes.Cut(content, []byte("stream\n"))
	packed := compressed(bytes.TrimSuffix(content, []byte("\nendstream")))
	o.set(pageObject(page)+1, "<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", len(packed), packed)
}

// language returns the language of the sheet.
func (s Sheet) language() string {
	if s.Language == "" {
		return "en-US"
	}
	return s.Language
}
