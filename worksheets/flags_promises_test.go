package worksheets

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func logEntry(promise, day, logger, result string) map[string]string {
	return map[string]string{"promise": promise, "day": day, "logger": logger, "result": result}
}

func TestPromisesAreCountedPerPersonAndPerView(t *testing.T) {
	const own, other = "the-one-who-promised", "the-other"
	c := Context{Answers: map[string]Value{
		"promises": rowsOf(map[string]string{"by": "first-of-us", "what": "Home by 6:30"},
			map[string]string{"by": "second-of-us", "what": "Call at noon"}),
		"log": rowsOf(logEntry("home by  6:30 ", "2031-03-10", own, "kept"),
			logEntry("Home by 6:30", "2031-03-11", own, "partly-kept"),
			logEntry("Home by 6:30", "2031-03-12", own, "changed-together-beforehand"),
			logEntry("Home by 6:30", "2031-03-11", other, "not-kept"),
			logEntry("Call at noon", "2031-03-11", own, "changed-together-beforehand"), logEntry("Dishes", "", other, "kept"),
			logEntry("Dishes", "", own, "")),
	}}
	want := []Flag{
		{"log", "Partner A, by the one who promised: 1 kept, 1 partly kept, 1 changed together (75%)", LevelLook},
		{"log", "Partner A, by the other: 1 not kept (0%)", LevelLook},
		{"log", "Partner B, by the one who promised: 1 changed together", LevelLook},
		{"log", "Not on the list, by the other: 1 kept (100%)", LevelLook},
		{
			"log", "Two views of “Home by 6:30”, March 11, 2031: Partly kept by the one who promised, Not kept by the other.",
			LevelLook,
		},
	}
	if diff := cmp.Diff(want, wordingOf(t, "promise-tracker").Raise(c)); diff != "" {
		t.Error(diff)
	}
}

func TestTwoViewsAreComparedAcrossThePartnersPagesAndOnlyOfTheSameDay(t *testing.T) {
	const own, other = "the-one-who-promised", "the-other"
	d := wordingOf(t, "promise-tracker")
	mine := map[string]Value{"log": rowsOf(logEntry("Call", "2031-03-10", own, "kept"),
		logEntry("Call", "2031-03-11", own, "kept"), logEntry("Walk", "", own, "kept"))}
	theirs := map[string]Value{"log": rowsOf(logEntry("call", "2031-03-10", other, "not-kept"),
		logEntry("call", "2031-03-11", other, "kept"), logEntry("walk", "", other, "not-kept"))}
	var got []string
	for _, f := range d.Raise(Context{Answers: mine, Other: theirs}) {
		if f.Text[:3] == "Two" {
			got = append(got, f.Text)
		}
	}
	want := []string{"Two views of “Call”, March 10, 2031: Kept by the one who promised, Not kept by the other."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
