package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/demo"
	"mend/worksheets"
)

// years makes both partners send a weekly pulse and a daily log for three years.
func (d *desk) years(b *testing.B) {
	b.Helper()
	ctx := context.Background()
	counselor, err := d.server.Couples.Find(ctx, d.login.PracticeID, d.login.CounselorID, d.couple)
	if err != nil {
		b.Fatal(err)
	}
	began := d.server.Now().AddDate(-3, 0, 0)
	for _, worksheet := range []string{"trust-pulse", "daily-reliability-log"} {
		err := d.server.Worksheets.Give(ctx, counselor,
			worksheets.AssignRequest{Worksheet: worksheet, To: worksheets.ToEach, FormKey: rand.Text()}, began)
		if err != nil {
			b.Fatal(err)
		}
	}
	for day := range 3 * 365 {
		for _, p := range counselor.Partners {
			d.sendAll(b, p, began.AddDate(0, 0, day).Add(12*time.Hour))
		}
	}
}

// sendAll sends the pages of the two worksheets that are open for a partner at a time.
func (d *desk) sendAll(b *testing.B, p couples.Partner, at time.Time) {
	ctx := context.Background()
	mine, me, err := d.server.Couples.FindForPartner(ctx, p.PracticeID, p.ID)
	if err != nil {
		b.Fatal(err)
	}
	pages, err := d.server.Worksheets.MyPages(ctx, mine, me, at)
	if err != nil {
		b.Fatal(err)
	}
	for _, page := range pages {
		values := map[string]worksheets.Value{
			"day": {Text: at.Format(time.DateOnly)}, "did": {Text: "yes"},
			"truth": {Text: "yes"}, "calm": {Text: "6"},
		}
		if page.Worksheet.ID == "trust-pulse" {
			values = map[string]worksheets.Value{"items": {Cells: map[string]string{}}, "moved": {Text: "A quiet week."}}
			for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
				values["items"].Cells[row] = "mostly"
			}
		}
		if page.Sent() || page.Worksheet.ID != "trust-pulse" && page.Worksheet.ID != "daily-reliability-log" ||
			page.Assignment.CreatedAt.After(at) {
			continue
		}
		f, err := d.server.Worksheets.PartnerPage(ctx, mine, me, page.Assignment.ID, at)
		if err == nil {
			err = d.server.Worksheets.SaveForm(ctx, f,
				worksheets.Form{Values: values, Seen: f.Seen(), Key: rand.Text(), Send: true}, at)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// took returns the shortest duration of many requests for a page.
func (d *desk) took(b *testing.B, path string) time.Duration {
	b.Helper()
	fastest := time.Hour
	for range 60 {
		request := httptest.NewRequest("GET", path, nil)
		request.AddCookie(d.cookie)
		recorder := httptest.NewRecorder()
		began := time.Now()
		d.handler.ServeHTTP(recorder, request)
		fastest = min(fastest, time.Since(began))
		if recorder.Code != http.StatusOK {
			b.Fatal(recorder.Code, path)
		}
	}
	return fastest
}

// BenchmarkThreeYears compares pages of a couple before and after three years of weekly pulses and
// daily logs. Only the ratio matters.
func BenchmarkThreeYears(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		paths := []string{"/couples/" + d.couple, "/couples/" + d.couple + "/worksheets", "/couples/" + d.couple + "/pulse"}
		var before []time.Duration
		for _, path := range paths {
			before = append(before, d.took(b, path))
		}
		d.years(b)
		for i, path := range paths {
			name := []string{"couple", "homework", "pulse"}[i]
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					now := d.took(b, path)
					b.ReportMetric(float64(now)/float64(before[i]), "times-new")
					b.ReportMetric(float64(now.Microseconds())/1000, "ms/page")
				}
			})
		}
	})
}

// BenchmarkSixtyQuestions opens a page of sixty questions as its partner and saves one of them;
// "one" is the same with a single question.
func BenchmarkSixtyQuestions(b *testing.B) {
	eachDesk(b, func(b *testing.B, d *desk) {
		fields := map[int]string{1: d.given(b, 1), 60: d.given(b, 60)}
		b.Run("one", func(b *testing.B) { d.page(b, fields[1]) })
		b.Run("sixty", func(b *testing.B) { d.page(b, fields[60]) })
		b.Run("save", func(b *testing.B) {
			d.queries.Store(0)
			revision := 0
			for b.Loop() {
				form := url.Values{"a.q7": {fmt.Sprint("Words ", revision)}, "base": {fmt.Sprint(revision)}, "key": {rand.Text()}}
				request := httptest.NewRequest("PUT", fields[60]+"/fields/q7",
					strings.NewReader(form.Encode())).WithContext(d.counting)
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				request.Header.Set("Sec-Fetch-Site", "same-origin")
				request.AddCookie(d.cookie)
				recorder := httptest.NewRecorder()
				if d.handler.ServeHTTP(recorder, request); recorder.Code != http.StatusOK {
					b.Fatal(recorder.Code, recorder.Body)
				}
				revision++
			}
			b.ReportMetric(float64(d.queries.Load())/float64(b.N), "queries/op")
		})
	})
}

// given assigns the couple's first partner a worksheet of n questions, all answered, and signs the
// desk in as that partner. It returns the page's path.
func (d *desk) given(b *testing.B, n int) string {
	ctx, now := context.Background(), d.server.Now()
	draft := worksheets.EmptyDraft()
	draft.Title, draft.Purpose, draft.Fields = "Questions", "To be measured.", nil
	for i := range n {
		draft = draft.AddField(i)
		draft.Fields[i].Label = fmt.Sprint("Question ", i+1)
	}
	id, err := d.server.Worksheets.MakeOwn(ctx, d.login.PracticeID, d.login.CounselorID, draft,
		worksheets.Definition{}, rand.Text(), now)
	if err == nil {
		err = d.server.Worksheets.Publish(ctx, d.login.PracticeID, d.login.CounselorID, id, 1, now)
	}
	if err != nil {
		b.Fatal(err)
	}
	couple, err := d.server.Couples.Find(ctx, d.login.PracticeID, d.login.CounselorID, d.couple)
	if err != nil {
		b.Fatal(err)
	}
	if err := d.server.Worksheets.Give(ctx, couple,
		worksheets.AssignRequest{Worksheet: id, To: worksheets.ToA, FormKey: rand.Text(), Breach: couple.Breaches[0].ID},
		now); err != nil {
		b.Fatal(err)
	}
	mine, me, err := d.server.Couples.FindForPartner(ctx, d.login.PracticeID, couple.Partners[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	pages, err := d.server.Worksheets.MyPages(ctx, mine, me, now)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range pages {
		if p.Worksheet.ID != id {
			continue
		}
		f, err := d.server.Worksheets.PartnerPage(ctx, mine, me, p.Assignment.ID, now)
		values := map[string]worksheets.Value{}
		for i := range n {
			if i != 6 {
				values[fmt.Sprint("q", i+1)] = worksheets.Value{Text: strings.Repeat("What was said. ", 20)}
			}
		}
		if err == nil {
			err = d.server.Worksheets.SaveForm(ctx, f, worksheets.Form{Values: values, Seen: f.Seen(), Key: rand.Text()}, now)
		}
		if err != nil {
			b.Fatal(err)
		}
		token, err := d.server.Accounts.SignIn(ctx, d.partner, demo.Password, "", now)
		if err != nil {
			b.Fatal(err)
		}
		d.cookie = &http.Cookie{Name: "mend", Value: token}
		return "/my/worksheets/" + p.Assignment.ID
	}
	b.Fatal("it was not given")
	return ""
}
