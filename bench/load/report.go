package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"mend/internal/benchdoc"
)

// A report holds measurements and failures.
type report struct {
	engine   string
	people   int
	sessions int
	last     time.Duration
	memory   []float64 // the server's memory over time, in MB

	mu     sync.Mutex
	took   map[string][]time.Duration
	errors map[string]int
	saves  int // acknowledged saves
	fields int // fields read back
	lost   int
}

// note records how long something took, or that it failed.
func (r *report) note(what string, took time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.errors[what+": "+err.Error()]++
		return
	}
	r.took[what] = append(r.took[what], took)
}

// asked sends a request and records its duration.
func (r *report) asked(ctx context.Context, what string, b *browser, method, path string, form url.Values) {
	began := time.Now()
	a, err := b.ask(ctx, method, path, form, method != http.MethodGet)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("answered with %d", a.status)
	}
	r.note(what, time.Since(began), err)
}

// failed records an error unless the time is over.
func (r *report) failed(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		r.note(what, 0, err)
	}
}

// check records whether a field was read back as acknowledged. Its revision is the number of its
// saves.
func (r *report) check(f field, err error, lost bool) {
	r.fields++
	r.saves += f.saves
	if lost || err != nil {
		r.lost++
	}
}

// wrong returns an error if something was lost or failed, or memory grew.
func (r *report) wrong() error {
	var list []error
	if r.lost > 0 {
		list = append(list, fmt.Errorf("%d of %d fields are not as they were acknowledged", r.lost, r.fields))
	}
	for _, what := range slices.Sorted(maps.Keys(r.errors)) {
		list = append(list, fmt.Errorf("%d times %s", r.errors[what], what))
	}
	return errors.Join(list...)
}

// text returns the report for the document.
func (r *report) text() string {
	rows := [][]string{{"what", "how often", "p50", "p99", "longest"}}
	for _, what := range slices.Sorted(maps.Keys(r.took)) {
		list := r.took[what]
		rows = append(rows, []string{
			what, fmt.Sprint(len(list)), benchdoc.Milliseconds(benchdoc.Percentile(list, 50)),
			benchdoc.Milliseconds(benchdoc.Percentile(list, 99)), benchdoc.Milliseconds(slices.Max(list)),
		})
	}
	failures := 0
	for _, n := range r.errors {
		failures += n
	}
	var out strings.Builder
	fmt.Fprintf(&out,
		"## Load: %d people at once for %s, on %s\n\n`make load`. %d counselors run sessions and save every two seconds, "+
			"as many screens follow, the other people write as often.\n\n%s\n", r.people, r.last, r.engine,
		r.sessions, benchdoc.Table(rows...))
	fmt.Fprintf(&out,
		"%d errors. %d saves were acknowledged; of %d fields read back at the end, %d were not as acknowledged.\n", failures,
		r.saves, r.fields, r.lost)
	if n := len(r.memory) / 4; n > 0 {
		fmt.Fprintf(&out, "The server held %.0f MB in the second quarter of the time and %.0f MB in the last.\n",
			mean(r.memory[n:2*n]), mean(r.memory[3*n:]))
	}
	return out.String()
}

func mean(list []float64) (sum float64) {
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// asJSON returns text of a page as it appears in a stream.
func asJSON(text string) string {
	quoted, _ := json.Marshal(html.UnescapeString(text)) // a string always marshals
	return string(quoted)
}
