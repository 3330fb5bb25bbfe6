package worksheets

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cells(pairs ...string) Value {
	v := Value{Cells: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		v.Cells[pairs[i]] = pairs[i+1]
	}
	return v
}

func rowsOf(rows ...map[string]string) Value { return Value{Rows: rows} }

// ticksOf returns the first n options of a question, ticked.
func ticksOf(t *testing.T, worksheet, id string, n int) Value {
	t.Helper()
	return pickValue(optionValues(questionOf(t, worksheet, id).Options)[:n]...)
}

// flagsOf returns the flags of one answered field.
func flagsOf(t *testing.T, worksheet, id string, v Value) []Flag {
	t.Helper()
	flags := wordingOf(t, worksheet).Raise(Context{Answers: map[string]Value{id: v}})
	return slices.DeleteFunc(flags, func(f Flag) bool { return f.Field != id })
}

func TestALevelIsSaidInWords(t *testing.T) {
	for level, want := range map[Level]string{LevelLook: "Review", LevelFollowUp: "Follow up", LevelUrgent: "Urgent"} {
		if got := level.Label(); got != want {
			t.Errorf("%s: got %q, want %q", level, got, want)
		}
	}
}

func TestAFlagIsRaisedByTheAnswerThatAsksForItAndByNoOther(t *testing.T) {
	for name, tt := range map[string]struct {
		worksheet, field string
		loud, quiet      Value
		level            Level
		text             string
	}{
		"commitment of three": {
			"commitment-check", "commitment", textValue("3"), textValue("4"), LevelLook,
			"Commitment is 3 or lower.",
		},
		"leaning out": {
			"commitment-check", "stance", textValue("leaning-toward-ending"), textValue("in-person"), LevelLook,
			"Unsure, or leaning toward ending.",
		},
		"goes on": {
			"commitment-check", "ongoing", textValue("mostly"), textValue("i-dont-know"), LevelFollowUp,
			"Something may still be going on.",
		},
		"still going on": {
			"commitment-check", "ongoing", textValue("in-person"), textValue("yes"), LevelLook,
			"Has not said that what broke trust has fully ended.",
		},
		"not by own choice": {
			"commitment-check", "my_choice", textValue("partly"), textValue("yes"), LevelFollowUp,
			"Has not said that being here is their own choice.",
		},

		"several at once": {
			"how-trust-was-broken", "kinds", pickValue("deception", "other"), pickValue("other"), LevelLook,
			"Several kinds at once.",
		},
		"sexual health": {
			"how-trust-was-broken", "kinds", pickValue("infidelity-physical"), pickValue("infidelity-emotional"),
			LevelLook, "Consider speaking about sexual-health testing.",
		},
		"paid contact": {
			"how-trust-was-broken", "kinds", pickValue("infidelity-online"), pickValue("infidelity-emotional"),
			LevelLook, "Consider speaking about sexual-health testing.",
		},
		"money": {
			"how-trust-was-broken", "kinds", pickValue("hidden-money"), pickValue("other"), LevelLook,
			"Consider a referral to financial counseling.",
		},
		"not out": {
			"how-trust-was-broken", "events", rowsOf(map[string]string{"known": "not-out-yet"}),
			rowsOf(map[string]string{"known": "not-sure"}), LevelFollowUp,
			"Something is not out yet. Disclosure is never made by releasing a worksheet.",
		},
		"not clear": {
			"how-trust-was-broken", "clarity", textValue("4"), textValue("5"), LevelLook,
			"Not clear about what happened (4 or lower).",
		},
		"not free to say no": {
			"commitment-check", "ready", cells("r10", "somewhat"), cells("r10", "mostly"), LevelFollowUp,
			"Does not feel free to say no. Follow up individually.",
		},
		"choices are run": {
			"commitment-check", "ready", cells("r7", "slightly"), cells("r7", "somewhat"), LevelFollowUp,
			"Open Step 6: alcohol, drugs, gambling or sex may be running choices.",
		},
		"to talk about first": {
			"commitment-check", "ready", cells("r2", "slightly"), cells("r2", "somewhat"), LevelLook,
			"Talk about first: “I have at least one person, other than my partner, I can lean on”",
		},

		"time alone soon": {
			"individual-check-in", "alone", textValue("yes-soon"), textValue("no"), LevelUrgent,
			"Would like to talk alone soon. Please call.",
		},
		"time alone": {
			"individual-check-in", "alone", textValue("yes"), textValue("no"), LevelFollowUp,
			"Would like to talk alone.",
		},
		"alcohol": {
			"individual-check-in", "alcohol", textValue("yes"), textValue("a-little"), LevelFollowUp,
			"Alcohol: yes, or would rather talk about it.",
		},
		"alcohol in person": {
			"individual-check-in", "alcohol", textValue("in-person"), textValue("no"), LevelFollowUp,
			"Alcohol: yes, or would rather talk about it.",
		},
		"not private now": {
			"individual-check-in", "private_now", textValue("not-sure"), textValue("yes"), LevelFollowUp,
			"May not have been private while writing this.",
		},
		"not a private account": {
			"individual-check-in", "account_private", textValue("yes"), textValue("no"), LevelFollowUp,
			"The account may not be private. Send no notices until a safe channel is confirmed.",
		},

		"not said yet": {
			"acknowledgment-statement", "not_said", textValue("one thing"), textValue(""), LevelFollowUp,
			"Something is not said yet. Plan a facilitated disclosure before the statement is read.",
		},
		"sleep": {
			"impact-statement", "areas", cells("r1", "a-great-deal"),
			cells("r1", "quite-a-lot", "r2", "a-great-deal"), LevelFollowUp, "Sleep is affected a great deal.",
		},
		"appetite": {
			"impact-statement", "areas", cells("r3", "a-great-deal"), cells("r3", "quite-a-lot"),
			LevelFollowUp, "Appetite or body is affected a great deal.",
		},
		"check on me": {
			"impact-statement", "check_on_me", textValue("yes"), textValue("no"), LevelFollowUp,
			"Asks to be checked on.",
		},
		"pressure to forgive": {
			"response-to-apology", "pressure", textValue("yes"), textValue("a-little"), LevelFollowUp,
			"Feels pressed to accept, forgive or hurry. Step 3 prompts on pacing come first.",
		},
		"pressure of others": {
			"forgiveness-readiness", "outside", textValue("a-lot"), textValue("some"), LevelFollowUp,
			"A lot of pressure to forgive from outside.",
		},
		"dark thoughts": {
			"carrying-my-part", "dark", textValue("yes"), textValue("no"), LevelUrgent,
			"Thoughts of suicide: yes. Today.",
		},
		"dark thoughts aloud": {
			"carrying-my-part", "dark", textValue("in-person"), textValue("no"), LevelFollowUp,
			"Would rather talk about thoughts of suicide in person.",
		},
		"suicide, either partner": {
			"individual-check-in", "dark", textValue("yes"), textValue("no"), LevelUrgent,
			"Thoughts of suicide: yes. Today.",
		},
		"suicide, aloud": {
			"individual-check-in", "dark", textValue("in-person"), textValue("no"), LevelFollowUp,
			"Would rather talk about thoughts of suicide in person.",
		},
		"not wanting to live": {
			"individual-support-decision", "signs", pickValue("thoughts-of-not-wanting-to-live"),
			pickValue("none-of-these"), LevelUrgent, "Thoughts of not wanting to live. Today.",
		},
		"something at home": {
			"individual-support-decision", "signs", pickValue("something-at-home-i-want-to-talk-about-alone"),
			pickValue("none-of-these"), LevelFollowUp, "Something at home to talk about alone.",
		},
		"hard to control": {
			"individual-support-decision", "signs", pickValue("alcohol-drugs-gambling-spending-or-sex-hard-to-c"),
			pickValue("none-of-these"), LevelLook,
			"Consider a referral: substance, gambling, spending or sex hard to control.",
		},
		"alone before closeness": {
			"closeness-comfort-map", "alone", textValue("yes"), textValue("no"), LevelFollowUp,
			"Would like to talk alone first, before anything is released.",
		},
		"limits not respected": {
			"trust-pulse", "items", cells("t4", "a-little"), cells("t4", "somewhat"), LevelLook,
			"Limits respected: a little or not at all.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := Flag{tt.field, tt.text, tt.level}
			if got := flagsOf(t, tt.worksheet, tt.field, tt.loud); !slices.Contains(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if got := flagsOf(t, tt.worksheet, tt.field, tt.quiet); slices.Contains(got, want) {
				t.Errorf("a quiet answer got %v", got)
			}
		})
	}
}

func TestBothPartnersLowRaiseNoGapAndAGapIsRaisedForEither(t *testing.T) {
	d := wordingOf(t, "commitment-check")
	gap := Flag{"commitment", "Uneven commitment: consider discernment counseling before Step 1.", LevelLook}
	low := Flag{"commitment", "Commitment is 3 or lower.", LevelLook}
	for _, v := range workedExamples(t).Gap {
		a, b := map[string]Value{"commitment": {Text: strconv.Itoa(v.A)}},
			map[string]Value{"commitment": {Text: strconv.Itoa(v.B)}}
		for side, c := range map[string]Context{"a": {Answers: a, Other: b}, "b": {Answers: b, Other: a}} {
			got := d.Raise(c)
			if slices.Contains(got, gap) != v.GapFlag || slices.Contains(got, low) != slices.Contains(v.Low, side) {
				t.Errorf("%d and %d, %s: got %v", v.A, v.B, side, got)
			}
		}
	}
	alone := Context{Answers: map[string]Value{"commitment": textValue("9")}}
	if got := d.Raise(alone); slices.Contains(got, gap) {
		t.Errorf("a gap with nobody: got %v", got)
	}
}

func TestPartnersDisagreeOnWhoBrokeTrustUnlessTheirAnswersMirror(t *testing.T) {
	const mine, yours, both = "i-did", "my-partner", "both-of-us-in-different-ways"
	flag := Flag{"who", "The partners disagree on who broke trust.", LevelLook}
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{mine, yours, false},
		{yours, mine, false},
		{both, both, false},
		{mine, mine, true},
		{yours, yours, true},
		{both, mine, true},
		{yours, both, true},
		{mine, "", false},
		{"", yours, false},
		{"", "", false},
	} {
		c := Context{Answers: map[string]Value{"who": textValue(tt.a)}, Other: map[string]Value{"who": textValue(tt.b)}}
		if got := slices.Contains(wordingOf(t, "how-trust-was-broken").Raise(c), flag); got != tt.want {
			t.Errorf("%q and %q: got %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestTheRouteOfAConversationIsAsUrgentAsItIs(t *testing.T) {
	d := wordingOf(t, "private-conversation-record")
	want := map[string]Flag{
		"today": {
			"setting",
			"Route: today. Be in touch with this person today. Joint work is on hold until you record a decision with reasons.",
			LevelUrgent,
		},
		"talk_first": {
			"setting", "Route: talk first. Joint work is on hold until you record a decision with reasons.",
			LevelFollowUp,
		},
		"routine": {
			"setting", "Route: routine. A to-do list for you, never a verdict: “routine” never means “safe”.",
			LevelLook,
		},
	}
	for _, v := range workedExamples(t).Route {
		got := d.Raise(Context{Answers: conversation(v.Input)})
		if diff := cmp.Diff([]Flag{want[v.Route]}, got); diff != "" {
			t.Errorf("%s: %s", v.Case, diff)
		}
	}
}

func TestThePartsOfAnApologyAreCountedAndNeverScored(t *testing.T) {
	for n, want := range map[int]string{
		0: "0 of 8 parts present.", 5: "5 of 8 parts present.",
		8: "8 of 8 parts present.",
	} {
		got := flagsOf(t, "apology-builder", "self_check", ticksOf(t, "apology-builder", "self_check", n))
		if diff := cmp.Diff([]Flag{{"self_check", want, LevelLook}}, got); diff != "" {
			t.Error(diff)
		}
	}
}

// calmDays returns entries of the daily log, newest first.
func calmDays(calm ...string) Context {
	var pages []map[string]Value
	for _, c := range calm {
		pages = append(pages, map[string]Value{"calm": textValue(c)})
	}
	return Context{Answers: pages[0], Earlier: pages[1:]}
}

func TestThreeLowDaysWithinSevenEntriesAreFollowedUp(t *testing.T) {
	for name, tt := range map[string]struct {
		days []string
		want int
	}{
		"three in a row":            {[]string{"2", "1", "0"}, 1},
		"three, spread":             {[]string{"2", "8", "8", "2", "8", "8", "2"}, 1},
		"the third is too long ago": {[]string{"2", "8", "8", "2", "8", "8", "8", "2"}, 0},
		"two":                       {[]string{"2", "2", "3"}, 0},
		"days without a number":     {[]string{"", "2", "2", ""}, 0},
		"today is fine":             {[]string{"9", "2", "2", "2"}, 1},
	} {
		got := wordingOf(t, "daily-reliability-log").Raise(calmDays(tt.days...))
		if len(got) != tt.want || tt.want == 1 && got[0].Level != LevelFollowUp {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAWorksheetThatIsOnlyDescriptiveRaisesNothing(t *testing.T) {
	for _, id := range []string{
		"feelings-log", "sharing-preferences", "closing-review", "date-night-plan",
		"boundary-map", "referral-plan",
	} {
		d := wordingOf(t, id)
		if got := d.Raise(Context{Answers: map[string]Value{d.Fields[0].ID: textValue("x")}}); len(got) != 0 {
			t.Errorf("%s: got %v", id, got)
		}
	}
}

func TestEmptyPagesRaiseOnlyWhatAnAnswerWouldHaveQuieted(t *testing.T) {
	got := map[string]int{}
	for _, d := range shipped(t).All() {
		if n := len(d.Raise(Context{})); n > 0 {
			got[d.ID] = n
		}
	}
	want := map[string]int{
		"commitment-check": 2, "individual-check-in": 2, "private-conversation-record": 1,
		"apology-builder": 1, "trust-pulse": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
