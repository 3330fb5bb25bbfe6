package handlers

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/handlers/live"
	"mend/sessions"
)

// BenchmarkTwoHundredScreens lets two hundred devices follow one session. It reports the median and
// 99th percentile of the time until a change arrives, and the memory per stream.
func BenchmarkTwoHundredScreens(b *testing.B) {
	const devices = 200
	eachDesk(b, func(b *testing.B, d *desk) {
		ctx := context.Background()
		now := d.server.Now()
		session, err := d.server.Sessions.Find(ctx, d.login.PracticeID, d.login.CounselorID, d.plan(b))
		if err == nil {
			err = d.server.Sessions.Start(ctx, session, now)
		}
		if err == nil {
			session, err = d.server.Sessions.Find(ctx, d.login.PracticeID, d.login.CounselorID, session.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
		code, err := d.server.Sessions.OpenCoupleScreen(ctx, session, d.login.ID,
			sessions.Screen{Mode: sessions.ScreenPrompt, Text: "begin"}, now)
		if err != nil {
			b.Fatal(err)
		}
		id, token, err := d.server.Sessions.JoinCoupleScreen(ctx, code, now)
		if err != nil {
			b.Fatal(err)
		}
		server := httptest.NewServer(d.handler)
		defer server.Close()
		before := memory()
		arrived := make(chan string, 10*devices)
		for range devices {
			request, _ := http.NewRequest("GET", server.URL+"/sessions/"+id+"/room/stream", nil)
			request.AddCookie(&http.Cookie{Name: live.ScreenCookie(id), Value: token})
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil || response.StatusCode != http.StatusOK {
				b.Fatal(response, err)
			}
			defer response.Body.Close()
			go func() {
				for lines := bufio.NewScanner(response.Body); lines.Scan(); {
					if _, text, ok := strings.Cut(lines.Text(), `"text":"`); ok {
						arrived <- text[:strings.IndexByte(text, '"')]
					}
				}
			}()
		}
		for range devices {
			<-arrived
		}
		each := (memory() - before) / devices
		var waits []time.Duration
		turn := 0
		for b.Loop() {
			turn++
			text := strings.Repeat("x", turn)
			began := time.Now()
			if err := d.server.Sessions.Show(ctx, session,
				sessions.Screen{Mode: sessions.ScreenPrompt, Text: text}); err != nil {
				b.Fatal(err)
			}
			for reached := 0; reached < devices; {
				if <-arrived == text {
					waits = append(waits, time.Since(began))
					reached++
				}
			}
		}
		slices.Sort(waits)
		b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms-median")
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "ms-p99")
		b.ReportMetric(float64(each)/1024, "KB/stream")
	})
}

// plan plans a session for the couple and returns its id.
func (d *desk) plan(b *testing.B) string {
	ctx, now := context.Background(), d.server.Now()
	s := sessions.Session{
		PracticeID: d.login.PracticeID, CoupleID: d.couple, CounselorID: d.login.CounselorID,
		StartsAt: now, Minutes: 50, Place: "office", Step: "acknowledge", FormKey: "bench",
	}
	couple, err := d.server.Couples.Find(ctx, d.login.PracticeID, d.login.CounselorID, d.couple)
	if err == nil {
		s.Reader = couple.Reader
		err = d.server.Sessions.Plan(ctx, &s, nil, now)
	}
	if err != nil {
		b.Fatal(err)
	}
	return s.ID
}

// memory returns the bytes of heap and stacks in use after a garbage collection.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
