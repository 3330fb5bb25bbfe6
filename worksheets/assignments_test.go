package worksheets

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

func TestAWorksheetGoesOnlyToWhomItIsFor(t *testing.T) {
	const hurt, broke, both, choose = "This worksheet is for the partner who was hurt. Select that partner.",
		"This worksheet is for the partner who broke trust. Select that partner.",
		"Both partners fill out this worksheet together.", "Choose who fills out this worksheet."
	eachWorld(t, func(w *world) {
		for _, tt := range []struct {
			worksheet string
			to        Audience
			breach    int
			got       string // the sides with a page, each with its audience
			problem   string
		}{
			{"boundary-map", ToA, -1, "A:A", ""},
			{"boundary-map", ToB, 0, "B:B", ""},
			{"boundary-map", ToEach, -1, "A:A B:B", ""},
			{"boundary-map", ToJoint, -1, "", choose},
			{"boundary-map", "", -1, "", choose},
			{"date-night-plan", ToJoint, -1, ":joint A:joint B:joint", ""},
			{"date-night-plan", ToEach, -1, "", both},
			{"date-night-plan", ToA, -1, "", both},
			{"impact-statement", ToA, 0, "A:A", ""}, // Jules broke trust in the first breach, so Rowan was hurt
			{"impact-statement", ToB, 0, "", hurt},
			{"impact-statement", ToB, 1, "B:B", ""}, // and the reverse in the second
			{"impact-statement", ToA, 1, "", hurt},
			{"impact-statement", ToEach, 0, "", hurt},
			{"impact-statement", ToJoint, 0, "", hurt},
			{"acknowledgment-statement", ToB, 0, "B:B", ""},
			{"acknowledgment-statement", ToA, 0, "", broke},
			{"acknowledgment-statement", ToA, 1, "A:A", ""},
			{"private-conversation-record", ToA, -1, "A:A", ""},
			{"private-conversation-record", ToEach, -1, "A:A B:B", ""},
			{"private-conversation-record", ToJoint, -1, "", choose},
		} {
			before := len(w.pages())
			err := w.st.Give(t.Context(), w.couple,
				AssignRequest{Worksheet: tt.worksheet, To: tt.to, Breach: w.breach(tt.breach), FormKey: rand.Text()}, after(before))
			var got []string
			for _, p := range w.pages()[:len(w.pages())-before] {
				got = append(got, string(p.Side)+":"+string(p.Audience))
			}
			if strings.Join(got, " ") != tt.got || faultsOf(err)["to"].String() != tt.problem || tt.problem == "" && err != nil {
				w.Errorf("%s to %s: got %v, %v", tt.worksheet, tt.to, got, err)
			}
		}
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		err := w.st.Give(t.Context(), w.couple,
			AssignRequest{Worksheet: "impact-statement", To: ToA, Breach: strangers.Breaches[0].ID, FormKey: "k"}, noon)
		w.want("another couple's breach", err, fault.NotFound)
		if got := faultsOf(w.st.Give(t.Context(), w.couple, AssignRequest{Worksheet: "horoscope", To: ToA, FormKey: "k"},
			noon)); got["worksheet"] == "" {
			w.Error("a worksheet that there is not")
		}
	})
}

func TestPressingGiveOftenGivesOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, to := range []AssignRequest{
			{Worksheet: "trust-pulse", To: ToEach, FormKey: "one"},
			{Worksheet: "date-night-plan", To: ToJoint, FormKey: "two"},
		} {
			for _, err := range atOnce(20, func(int) error { return w.st.Give(t.Context(), w.couple, to, noon) }) {
				w.must(err)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM answers`); n != 5 || len(w.pages()) != 5 ||
			w.count(`SELECT COUNT(*) FROM assignments`) != 3 {
			w.Errorf("got %d answers", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM definitions`); n != len(w.st.Catalogue().All()) { // all, to hide which were assigned
			w.Errorf("got %d wordings", n)
		}
	})
}

func TestAPageThatNobodyBeganCanBeTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		idle, begun := w.give("date-night-plan", ToJoint, -1, 1), w.give("date-night-plan", ToJoint, -1, 2)
		if _, err := w.st.SaveField(t.Context(), w.open(begun[1]), edit("counselor_only", "Friday?", 0)); err != nil {
			w.Fatal(err)
		}
		w.want("begun", w.st.Withdraw(t.Context(), w.couple, begun[0].Assignment.ID, after(3)), fault.Locked)
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		if w.st.Withdraw(t.Context(), strangers, idle[0].Assignment.ID, after(3)) == nil {
			w.Error("taken back through another couple")
		}
		w.must(w.st.Withdraw(t.Context(), w.couple, idle[0].Assignment.ID, after(3)))
		if got := w.pages(); len(got) != 3 || got[0].Assignment.ID != begun[0].Assignment.ID {
			w.Error(len(got))
		}
		for _, p := range w.couple.Partners {
			if mine, err := w.st.MyPages(t.Context(), w.asPartner(p.Side), p, someday); len(mine) != 1 || err != nil {
				w.Error(p.Side, mine, err)
			}
			_, err := w.st.PartnerPage(t.Context(), w.asPartner(p.Side), p, idle[0].Assignment.ID, someday)
			w.want("a page taken back", err, fault.NotFound)
		}
		_, err := w.st.Read(t.Context(), w.couple, idle[0].Assignment.ID)
		w.want("read", err, fault.NotFound)
	})
}

func TestARoleBelongsToTheBreachOfThePage(t *testing.T) {
	one := couples.Couple{Breaches: []couples.Breach{{ID: "loan", Broke: couples.B}}}
	two := couples.Couple{Breaches: []couples.Breach{{ID: "loan", Broke: couples.B}, {ID: "trip", Broke: couples.A}}}
	for name, tt := range map[string]struct {
		couple couples.Couple
		breach string
		a, b   sessions.Role
	}{
		"one breach":           {one, "loan", sessions.RoleHurt, sessions.RoleBroke},
		"one, not named":       {one, "", sessions.RoleHurt, sessions.RoleBroke},
		"mutual, the first":    {two, "loan", sessions.RoleHurt, sessions.RoleBroke},
		"mutual, the second":   {two, "trip", sessions.RoleBroke, sessions.RoleHurt},
		"mutual, of no breach": {two, "", sessions.RoleBoth, sessions.RoleBoth},
	} {
		got := [2]sessions.Role{}
		for i, side := range []couples.Side{couples.A, couples.B} {
			got[i] = Assignment{BreachID: orNull(tt.breach)}.Role(tt.couple, side)
		}
		if diff := cmp.Diff([2]sessions.Role{tt.a, tt.b}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
