// Package templates holds Mend's pages and their styles and scripts. A page is bound by type to the
// view that it renders.
package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"

	"mend/internal/i18n"
)

//go:embed *.html */*.html */*/*.html
var pages embed.FS

//go:embed assets
var embedded embed.FS

//go:embed styles
var styles embed.FS

// styleSheets lists the parts of mend.css in cascade order.
var styleSheets = []string{"base", "controls", "couple", "session", "note", "portal", "print", "screen"}

// styleSheet returns mend.css before minification.
func styleSheet() []byte {
	var all bytes.Buffer
	for _, name := range styleSheets {
		text, err := styles.ReadFile("styles/" + name + ".css")
		if err != nil { // the folder is embedded
			panic(err)
		}
		all.Write(text)
	}
	return all.Bytes()
}

// assets holds the files under /assets/ as they are served. Scripts and styles are minified, so
// comments are not served.
var assets = func() map[string][]byte {
	small := minify.New()
	small.AddFunc(".js", js.Minify)
	small.AddFunc(".css", css.Minify)
	sheet, err := small.Bytes(".css", styleSheet())
	all := map[string][]byte{"mend.css": sheet}
	err = errors.Join(err, fs.WalkDir(embedded, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := embedded.ReadFile(name)
		if kind := path.Ext(name); err == nil && (kind == ".js" || kind == ".css") {
			text, err = small.Bytes(kind, inEnglish(text))
		}
		all[path.Base(name)] = text
		return err
	}))
	if err != nil { // the folders are embedded
		panic(err)
	}
	for _, l := range i18n.Offered {
		all["page."+l.Tag+".webmanifest"] = manifest(l)
	}
	return all
}()

// Asset returns the file of this name, or nil.
func Asset(name string) []byte {
	tag, ok := strings.CutSuffix(strings.TrimPrefix(name, "page."), ".webmanifest")
	if l := i18n.Of(tag); ok && l.Tag == tag {
		return manifest(l) // including languages that only tests offer
	}
	return assets[name]
}

// compressed holds the gzipped assets, for slow mobile connections.
var compressed = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for name, text := range assets {
		if path.Ext(name) == ".png" { // pictures are compressed already
			continue
		}
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err == nil {
			_, err = w.Write(text)
		}
		if err = errors.Join(err, w.Close()); err != nil { // writing to memory does not fail
			panic(err)
		}
		all[name] = b.Bytes()
	}
	return all
})

// CompressedAsset returns an asset compressed with gzip, or nil if it is not worth compressing.
func CompressedAsset(name string) []byte { return compressed()[name] }

// AssetNames returns the names of all assets.
func AssetNames() []string { return slices.Sorted(maps.Keys(assets)) }

// version is a hash of all assets. It is part of their path, so browsers can cache them until they
// change.
var version = func() string {
	sum := sha256.New()
	for _, name := range AssetNames() {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(assets[name]), assets[name])
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}()

var funcs = template.FuncMap{
	"asset":   func(name string) string { return "/assets/" + version + "/" + name },
	"dict":    dict,
	"problem": func(problems map[string]i18n.Message, field string) i18n.Message { return problems[field] },
	"lines":   func(s string) []string { return strings.Split(s, "\n") },
}

// dict returns a map of name, value pairs, for parts that need several values.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// Version returns the part of an asset's path that changes with the assets.
func Version() string { return version }

var shared = template.Must(template.New("layout.html").Funcs(funcs).Funcs(speaking(i18n.English)).ParseFS(pages,
	"layout.html", "parts/*.html"))

// A Page renders views of type V.
type Page[V any] struct{ localized *localizedPage }

// New returns the page in the named file. The file is parsed when the page is first rendered, to
// start the program quickly; a test parses them all.
func New[V any](name string) Page[V] {
	read := sync.OnceValue(func() *template.Template {
		return template.Must(template.Must(shared.Clone()).ParseFS(pages, name))
	})
	All = append(All, Entry{name, read, reflect.TypeFor[V]()})
	return Page[V]{&localizedPage{pristine: read}}
}

// Execute writes view to w as HTML, in a language.
func (p Page[V]) Execute(w io.Writer, l *i18n.Language, view V) error {
	return p.localized.in(l).Execute(w, view)
}

// An Entry is a page and the type of its view.
type Entry struct {
	Name     string
	Template func() *template.Template
	View     reflect.Type
}

// All lists the pages made by New, for the test that checks each against its
// view.
var All []Entry
