package appointments

import (
	"testing"

	"mend/calendar"
	"mend/couples"
)

// TestWhoWasAbsentIsSaidInASentence: of one partner, of both and of the practice.
func TestWhoWasAbsentIsSaidInASentence(t *testing.T) {
	couple := couples.Couple{Partners: [2]couples.Partner{{AddressAs: "Kit"}, {AddressAs: "Noor"}}}
	for _, tt := range []struct {
		state     calendar.State
		who, want string
	}{
		{calendar.Missed, calendar.ByB, "Noor did not come."},
		{calendar.Missed, calendar.ByBoth, "Neither partner came."},
		{calendar.Canceled, calendar.ByBoth, "Both canceled."},
		{calendar.LateCanceled, calendar.ByPractice, "The practice canceled."},
		{calendar.Planned, "", ""},
	} {
		if got := absentWords(calendar.Appointment{State: tt.state, Absent: tt.who}, couple); got != tt.want {
			t.Errorf("%s by %s: got %q, want %q", tt.state, tt.who, got, tt.want)
		}
	}
}
