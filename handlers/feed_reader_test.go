package handlers

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/calendar"
	"mend/internal/dbtest"
)

// feedZones lists zones whose clocks change by an hour, by half an hour, to and from midnight, and
// never.
var feedZones = []string{
	"America/New_York", "America/Phoenix", "America/St_Johns", "America/Santiago", "America/Havana", "Australia/Lord_Howe",
}

// readFeed returns how ical.js reads a feed: the output lines of testdata/feed.mjs by UID.
func readFeed(t *testing.T, feed string) map[string][]string {
	t.Helper()
	library, err := filepath.Abs("../.ci/node_modules/ical.js")
	if err == nil {
		_, err = os.Stat(library)
	}
	node, missing := exec.LookPath("node")
	if err != nil || missing != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err, missing)
		}
		t.Skip("ical.js is not installed: sh .ci/prepare does it")
	}
	file := filepath.Join(t.TempDir(), "feed.ics")
	if err := os.WriteFile(file, []byte(feed), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"testdata/feed.mjs", library, file}, feedZones...)
	out, err := exec.Command(node, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	events := map[string][]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Split(line, "\t")
		events[strings.TrimSuffix(fields[0], "@appointments.invalid")] = fields[1:]
	}
	return events
}

// everyHour returns times over two years: each hour of the day on each day of the week, and every
// half hour of the days on which clocks of feedZones change.
func everyHour(t *testing.T, from time.Time) (times []time.Time) {
	t.Helper()
	until := from.AddDate(2, 0, 0)
	for at := from; at.Before(until); at = at.Add(49 * time.Hour) {
		times = append(times, at)
	}
	for _, name := range feedZones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := from; at.Before(until); at = at.Add(time.Hour) {
			_, before := at.In(zone).Zone()
			if _, after := at.Add(time.Hour).In(zone).Zone(); before == after {
				continue
			}
			for i := range 10 {
				times = append(times, at.Add(time.Duration(i-4)*30*time.Minute))
			}
		}
	}
	return times
}

// bookAll books an appointment at each time and returns their ids.
func (w *world) bookAll(t *testing.T, couple string, times []time.Time) map[string]bool {
	t.Helper()
	dana := w.one(`SELECT counselor_id FROM couples WHERE id = ?`, couple)
	practice := w.one(`SELECT practice_id FROM couples WHERE id = ?`, couple)
	found, err := w.site.Couples.Find(t.Context(), practice, dana, couple)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, at := range times {
		a := calendar.Appointment{
			PracticeID: practice, CoupleID: couple, CounselorID: dana, FormKey: fmt.Sprintf("hour %d", i), Reader: found.Reader,
			Slot: calendar.Slot{StartsAt: at, Zone: feedZones[i%len(feedZones)], Minutes: 45, Place: "office"},
		}
		if err := w.site.Calendar.Book(t.Context(), &a, w.now); err != nil {
			t.Fatal(err)
		}
		ids[a.ID] = true
	}
	return ids
}

var (
	dayOf  = regexp.MustCompile(`data-day="([0-9-]+)"`)
	itemOf = regexp.MustCompile(`<a href="/appointments/([A-Z2-7]+)">\s*<b>([^<]+)</b>`)
)

// hoursOf returns the start times that two years of calendar pages show, by appointment id.
func (b *browser) hoursOf(t *testing.T, from time.Time) map[string]string {
	t.Helper()
	hours := map[string]string{}
	for month := range 26 {
		first := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, month-1, 0)
		page := b.get("/calendar?view=month&on="+first.Format(time.DateOnly)).want(t, 200).body
		for _, day := range strings.Split(squeezed(page), "<section")[1:] {
			date := dayOf.FindStringSubmatch(day)
			for _, item := range itemOf.FindAllStringSubmatch(day, -1) {
				hours[item[1]] = date[1] + " " + item[2]
			}
		}
	}
	return hours
}

func TestAnotherProgramReadsTheSameHoursInTheFeedAsTheCalendarShowsInSixZones(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		couple := w.things()["couple"]
		w.cancelAll(t, couple)
		from := w.now.Truncate(24*time.Hour).AddDate(0, 0, 2)
		ids := w.bookAll(t, couple, everyHour(t, from))
		address := "/calendar-feed/" + w.as(w.dana).post("/settings/calendar-feed", url.Values{"title": {"none"}}).
			want(t, 200).find(t, `/calendar-feed/([A-Z2-7]+)`)
		events, began := map[string][]string{}, w.now
		for range 2 { // a feed covers a little more than a year
			for id, event := range readFeed(t, w.browser().get(address).want(t, 200).body) {
				if ids[id] {
					events[id] = event
				}
			}
			w.now = w.now.AddDate(1, 0, 5)
		}
		w.now = began
		if len(events) != len(ids) {
			t.Fatalf("the feed has %d of %d appointments", len(events), len(ids))
		}
		for i, zone := range feedZones {
			if _, err := w.db.Exec(t.Context(), `UPDATE practices SET time_zone = ?`, zone); err != nil {
				t.Fatal(err)
			}
			shown, read := w.as(w.dana).hoursOf(t, from), map[string]string{}
			for id, event := range events {
				read[id] = event[2+i]
				if event[0] != "CONFIRMED" || event[1] != "45" {
					t.Errorf("%s: %q", id, event)
				}
			}
			for id := range shown {
				if !ids[id] {
					delete(shown, id)
				}
			}
			if diff := cmp.Diff(read, shown); diff != "" {
				t.Errorf("%s (-the feed +the calendar): %.2000s", zone, diff)
			}
		}
	})
}
