package pdf

import (
	"context"
	"flag"
	"fmt"
	"html"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"mend/internal/benchdoc"
)

var writes = flag.String("figures", "", "document that the figures of BenchmarkNoteDocument are written into")

// chromium returns a function that prints the note from HTML, tagged, in a browser that is already
// running with the page open, so only printing is measured. It returns nil without a browser.
func chromium(b *testing.B) func() {
	b.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	b.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	b.Cleanup(cancel)
	document := "data:text/html;charset=utf-8," + url.PathEscape(asHTML(note()))
	if err := chromedp.Do(ctx, chromedp.Navigate(document)); err != nil {
		return nil
	}
	yes := true
	return func() {
		result, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{
			GenerateTaggedPDF: &yes, GenerateDocumentOutline: &yes,
		})
		if err != nil || len(result.Data) < 10_000 {
			b.Fatal(len(result.Data), err)
		}
	}
}

// BenchmarkNoteDocument compares drawing, tagging and signing the note of two pages with printing
// the same note in Chromium, alternately in one run.
func BenchmarkNoteDocument(b *testing.B) {
	s, id := note(), identity(b)
	made := []struct {
		what string
		make func()
	}{
		{"drawn and tagged", func() { draw(b, s) }},
		{"drawn, tagged and signed", func() { signed(b, s, id) }},
		{"printed by Chromium, tagged", chromium(b)},
	}
	const times = 100
	took, memory := make([][]time.Duration, len(made)), make([]uint64, len(made))
	var before, after runtime.MemStats
	for range times {
		for i, m := range made {
			if m.make == nil {
				continue
			}
			runtime.ReadMemStats(&before)
			began := time.Now()
			m.make()
			took[i] = append(took[i], time.Since(began))
			runtime.ReadMemStats(&after)
			memory[i] += after.TotalAlloc - before.TotalAlloc
		}
	}
	rows := [][]string{{"a note of two pages", "fastest", "p50", "p90", "memory taken"}}
	for i, m := range made {
		if m.make == nil {
			continue
		}
		taken := fmt.Sprintf("%.1f MB", float64(memory[i])/times/1e6)
		if i == 2 {
			taken = "in another process"
		}
		rows = append(rows, []string{
			m.what, benchdoc.Milliseconds(slices.Min(took[i])), benchdoc.Milliseconds(benchdoc.Percentile(took[i], 50)),
			benchdoc.Milliseconds(benchdoc.Percentile(took[i], 90)), taken,
		})
	}
	text := "## The PDF of a note\n\n`make bench`. A hundred of each, by turns in one run; the browser runs already and has " +
		"the page open. The fastest says what it takes, the rest what else the machine did.\n\n" + benchdoc.Table(rows...)
	b.Log(text)
	if *writes != "" {
		if err := benchdoc.Write(*writes, "note as PDF", text); err != nil {
			b.Fatal(err)
		}
	}
}

// asHTML returns a sheet as an HTML page.
func asHTML(s Sheet) string {
	var out strings.Builder
	tag := func(name, text string) {
		out.WriteString("<" + name + ">" + html.EscapeString(text) + "</" + name + ">")
	}
	out.WriteString(`<!doctype html><html lang="en"><meta charset="utf-8"><style>body { font: 10.5pt sans-serif }</style>`)
	tag("title", s.Title)
	tag("h1", s.Title)
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case Heading:
			tag("h2", string(b))
		case Subheading:
			tag("h3", string(b))
		case Paragraph:
			tag("p", b.Text)
		case Field:
			tag("p", b.Label+": "+b.Value)
		case List:
			out.WriteString("<ul>")
			for _, item := range b {
				tag("li", item)
			}
			out.WriteString("</ul>")
		case Signature:
			for _, line := range b.Lines {
				tag("p", line)
			}
		}
	}
	return out.String()
}
