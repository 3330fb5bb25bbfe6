package pdf

import (
	"context"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// BenchmarkTwoPageNoteByChromium prints the same note from HTML, tagged, in a browser that
// runs already and has the page open: what is measured is printing alone.
func BenchmarkTwoPageNoteByChromium(b *testing.B) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	document := "data:text/html;charset=utf-8," + url.PathEscape(asHTML(note()))
	if err := chromedp.Do(ctx, chromedp.Navigate(document)); err != nil {
		b.Skip(err)
	}
	yes := true
	b.ReportAllocs()
	for b.Loop() {
		result, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{
			GenerateTaggedPDF: &yes, GenerateDocumentOutline: &yes,
		})
		if err != nil || len(result.Data) < 10_000 {
			b.Fatal(len(result.Data), err)
		}
	}
}

// asHTML is a sheet as a page.
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
