package worksheets

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

// deliver assigns a worksheet with a delivery rule and returns its pages, A's first.
func (w *world) deliver(worksheet string, to Audience, d Delivery, at int) []Page {
	w.Helper()
	known := map[string]bool{}
	for _, p := range w.pages() {
		known[p.Answer.ID] = true
	}
	w.must(w.st.Give(w.Context(), w.couple,
		AssignRequest{Worksheet: worksheet, To: to, Breach: w.breach(0), Anyway: true, FormKey: rand.Text(), Delivery: d},
		after(at)))
	var given []Page
	for _, p := range w.pages() {
		if !known[p.Answer.ID] {
			given = append(given, p)
		}
	}
	return given
}

// seen returns the ids of the worksheets that a partner can open at a time.
func (w *world) seen(side couples.Side, at time.Time) (ids []string) {
	w.Helper()
	pages, err := w.st.MyPages(w.Context(), w.asPartner(side), w.couple.Partner(side), at)
	w.must(err)
	for _, p := range pages {
		_, err := w.st.PartnerPage(w.Context(), w.asPartner(side), w.couple.Partner(side), p.Assignment.ID, at)
		if err != nil && !p.Worksheet.Locked {
			w.Errorf("%s is listed and does not open: %v", p.Worksheet.ID, err)
		}
		if !p.Sent() {
			ids = append(ids, p.Worksheet.ID)
		}
	}
	return ids
}

func TestAPageOpensByItsRule(t *testing.T) {
	eachWorld(t, func(w *world) { // noon in New York on March 12
		w.deliver("feelings-log", ToA, Delivery{}, 0)
		w.deliver("sharing-preferences", ToA, Delivery{Rule: OnDate, Date: "2031-03-14"}, 0)
		w.deliver("boundary-map", ToA, Delivery{Rule: AfterDays, Days: 4}, 0)
		w.deliver("our-shared-account", ToJoint, Delivery{Rule: OnWord}, 0)
		w.deliver("trust-pulse", ToB, Delivery{Rule: OnWord}, 0)
		newYork := time.FixedZone("New York", -4*3600)
		for _, step := range []struct {
			at   time.Time
			want []string
		}{
			{after(1), []string{"feelings-log"}},
			{time.Date(2031, 3, 13, 23, 59, 0, 0, newYork), []string{"feelings-log"}},
			{time.Date(2031, 3, 14, 0, 0, 0, 0, newYork), []string{"sharing-preferences", "feelings-log"}},
			{time.Date(2031, 3, 16, 0, 0, 0, 0, newYork), []string{"boundary-map", "sharing-preferences", "feelings-log"}},
			{someday, []string{"boundary-map", "sharing-preferences", "feelings-log"}},
		} {
			if diff := cmp.Diff(step.want, w.seen(couples.A, step.at)); diff != "" {
				w.Errorf("%v: %s", step.at, diff)
			}
		}
		if got := w.seen(couples.B, someday); got != nil {
			w.Errorf("B sees %v without a word of the counselor's", got)
		}
		for _, p := range w.pages() {
			if p.Worksheet.ID == "trust-pulse" || p.Worksheet.ID == "our-shared-account" {
				w.must(w.st.OpenNow(w.Context(), w.couple, p.Assignment.ID, after(9)))
				w.must(w.st.OpenNow(w.Context(), w.couple, p.Assignment.ID, after(10)))
			}
		}
		if diff := cmp.Diff([]string{"our-shared-account", "trust-pulse"}, w.seen(couples.B, after(11))); diff != "" &&
			len(w.seen(couples.B, after(11))) != 2 {
			w.Error(diff)
		}
		w.want("another couple's",
			w.st.OpenNow(w.Context(),
				w.meet("Robin Elm", "Sasha Oak", couples.Breach{Name: "x", Broke: couples.A, KindList: "lying"}),
				w.pages()[0].Assignment.ID, after(9)), fault.NotFound)
	})
}

// TestAPageThatWaitsForAnotherWaitsForOnesOwn: nothing opens for one partner because the other has
// sent something.
func TestAPageThatWaitsForAnotherWaitsForOnesOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.deliver("reminder-care-plan", ToEach, Delivery{}, 0)
		w.deliver("boundary-map", ToEach, Delivery{Rule: AfterLast}, 1)
		w.deliver("date-night-plan", ToJoint, Delivery{Rule: AfterLast}, 2)
		w.send(first[0], nil, 10)
		if diff := cmp.Diff([]string{"boundary-map"}, w.seen(couples.A, after(11))); diff != "" {
			w.Error("A:", diff)
		}
		if diff := cmp.Diff([]string{"reminder-care-plan"}, w.seen(couples.B, after(11))); diff != "" {
			w.Error("B:", diff)
		}
		w.send(first[1], nil, 20)
		if diff := cmp.Diff([]string{"boundary-map"}, w.seen(couples.B, after(21))); diff != "" {
			w.Error("B:", diff)
		}
		w.deliver("saying-it-straight", ToA, Delivery{Rule: AfterLast, After: first[0].Assignment.ID}, 30) // sent
		if diff := cmp.Diff([]string{"saying-it-straight", "boundary-map"}, w.seen(couples.A, after(31))); diff != "" {
			w.Error(diff)
		}
	})
}

func TestARepeatingWorksheetOpensAnewAndADayIsNeverMissed(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.send(w.deliver("trust-pulse", ToA, Delivery{}, 0)[0], nil, 60)
		w.send(w.deliver("daily-reliability-log", ToB, Delivery{}, 0)[0], nil, 60)
		w.send(w.deliver("appreciation-log", ToB, Delivery{}, 0)[0], nil, 61)
		if got := w.seen(couples.A, noon.AddDate(0, 0, 6)); got != nil {
			w.Errorf("a week is shorter: %v", got)
		}
		if diff := cmp.Diff([]string{"trust-pulse"}, w.seen(couples.A, noon.AddDate(0, 0, 7))); diff != "" {
			w.Error(diff)
		}
		if diff := cmp.Diff([]string{"trust-pulse"}, w.seen(couples.A, noon.AddDate(0, 0, 70))); diff != "" {
			w.Error("weeks that were let go leave something:", diff)
		}
		if diff := cmp.Diff([]string{"appreciation-log"}, w.seen(couples.B, after(62))); diff != "" {
			w.Error(diff)
		}
		if diff := cmp.Diff([]string{"daily-reliability-log", "appreciation-log"},
			w.seen(couples.B, noon.AddDate(0, 0, 1))); diff != "" {
			w.Error(diff)
		}
		for _, p := range w.pages() { // a withdrawn page does not repeat
			if !p.Sent() {
				w.must(w.st.Withdraw(w.Context(), w.couple, p.Assignment.ID, after(70)))
			}
		}
		if got := append(w.seen(couples.A, someday), w.seen(couples.B, someday)...); got != nil {
			w.Errorf("still there: %v", got)
		}
	})
}

// TestAPageThatAWorksheetAssignedByItselfArrivesLikeTheFirst with the couple's counselor.
func TestAPageThatAWorksheetAssignedByItselfArrivesLikeTheFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.send(w.deliver("trust-pulse", ToA, Delivery{}, 0)[0], nil, 60)
		for week := 1; week < 3; week++ {
			for _, p := range w.pages() {
				if !p.Sent() {
					w.send(p, nil, week*8*24*60)
				}
			}
			received, err := w.st.Received(t.Context(), w.practice.ID, w.dana.ID)
			w.must(err)
			unread, err := w.st.Unread(t.Context(), w.practice.ID, w.dana.ID, []string{w.couple.ID})
			w.must(err)
			if len(received) != week+1 || unread[w.couple.ID] != week+1 {
				w.Errorf("in week %d there are %d received and %v unread", week, len(received), unread)
			}
		}
	})
}

// TestAJointPageThatWaitsIsThereOnceItIsOpenToBoth: activating it also counts as the counselor's
// opening it.
func TestAJointPageThatWaitsIsThereOnceItIsOpenToBoth(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.deliver("date-night-plan", ToJoint, Delivery{Rule: OnWord}, 0)[0]
		if got := w.seen(couples.A, someday); got != nil {
			w.Errorf("A sees %v", got)
		}
		w.must(w.st.Activate(w.Context(), w.couple, page.Assignment.ID, after(5)))
		if diff := cmp.Diff([]string{"date-night-plan"}, w.seen(couples.B, after(6))); diff != "" {
			w.Error(diff)
		}
	})
}

func TestADeliveryThatCannotBeIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for field, d := range map[string]Delivery{
			"date": {Rule: OnDate, Date: "2031-03-01"}, "days": {Rule: AfterDays},
			"rule": {Rule: "sometime"},
		} {
			var bad fault.Fields
			err := w.st.Give(w.Context(), w.couple,
				AssignRequest{Worksheet: "feelings-log", To: ToA, FormKey: rand.Text(), Delivery: d},
				after(0))
			if !errors.As(err, &bad) || bad[field] == "" {
				w.Errorf("%+v: %v", d, err)
			}
		}
		if pages := w.pages(); len(pages) > 0 {
			w.Error("something was given")
		}
	})
}
