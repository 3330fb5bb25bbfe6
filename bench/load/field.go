package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// A field is saved like a page's outbox saves: each save has its base revision and is retried with
// the same key until it is acknowledged.
type field struct {
	name     string // of the input element
	path     string // the path to which it is saved
	value    string // the last acknowledged value
	revision int
	saves    int
}

// save saves value and returns how long the acknowledged attempt took, or the server's error. It
// completes even when the time is over: otherwise the value could be stored without being
// acknowledged.
func (f *field) save(ctx context.Context, b *browser, value string) (time.Duration, error) {
	ctx = context.WithoutCancel(ctx)
	f.saves++
	form := url.Values{f.name: {value}, "base": {strconv.Itoa(f.revision)}, "key": {rand.Text()}}
	var err error
	for range 3 {
		began := time.Now()
		var a answer
		if a, err = b.ask(ctx, "PUT", f.path, form, true); err != nil {
			continue
		}
		if a.status != http.StatusOK {
			err = fmt.Errorf("a save was answered with %d", a.status)
			continue
		}
		var said struct {
			Revision int `json:"revision"`
		}
		if err := json.Unmarshal([]byte(a.body), &said); err != nil || said.Revision != f.revision+1 {
			return 0, fmt.Errorf("revision %d came after %d", said.Revision, f.revision)
		}
		f.revision, f.value = said.Revision, value
		return time.Since(began), nil
	}
	return 0, err
}

// read takes over the field's revision from a page.
func (f *field) read(page, name string) error {
	text, err := found(page, `data-field="`+regexp.QuoteMeta(name)+`" data-revision="(\d+)"`)
	if err == nil {
		f.revision, err = strconv.Atoi(text)
	}
	return err
}

// lost reports whether a page lacks the last acknowledged revision and text.
func (f *field) lost(page, name string) bool {
	was := field{}
	if err := was.read(page, name); err != nil || was.revision != f.revision {
		return true
	}
	pattern := regexp.MustCompile(`data-field="` + regexp.QuoteMeta(name) + `"[\s\S]*?` +
		regexp.QuoteMeta(html.EscapeString(f.value)))
	return !pattern.MatchString(page)
}
