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

// A field is saved as the outbox of a page does: each save says on which
// revision it is based, and is tried again with the same key until it is
// acknowledged.
type field struct {
	name     string // of the input
	path     string // where it is saved
	value    string // the last that was acknowledged
	revision int
	saves    int
}

// save saves value and says how long the acknowledged try took, or what the
// server said instead. A save that was begun is seen through, even if the time is
// over: else it could be stored without being acknowledged.
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

// read takes over what a page says of the field: its revision.
func (f *field) read(page, name string) error {
	text, err := found(page, `data-field="`+regexp.QuoteMeta(name)+`" data-revision="(\d+)"`)
	if err == nil {
		f.revision, err = strconv.Atoi(text)
	}
	return err
}

// lost says whether a page does not have the last revision and text that were
// acknowledged.
func (f *field) lost(page, name string) bool {
	was := field{}
	if err := was.read(page, name); err != nil || was.revision != f.revision {
		return true
	}
	pattern := regexp.MustCompile(`data-field="` + regexp.QuoteMeta(name) + `"[\s\S]*?` +
		regexp.QuoteMeta(html.EscapeString(f.value)))
	return !pattern.MatchString(page)
}
