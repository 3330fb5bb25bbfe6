package worksheets

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

// hasFlag reports whether a flag of a page contains words.
func hasFlag(r SentPage, words string) bool {
	return slices.ContainsFunc(r.Flags, func(f Flag) bool { return strings.Contains(f.Text, words) })
}

func TestADraftIsNotRead(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("commitment-check", ToA, -1, 1)[0]
		w.keep(p, map[string]Value{"commitment": textValue("1"), "my_choice": textValue("no")}, 2)
		got := w.read(p)
		if len(got) != 1 || len(got[0].Values) != 0 || got[0].Flags != nil || got[0].Partner.Name != "Rowan Mossfield" {
			w.Error(got)
		}
		if in, err := w.st.Received(t.Context(), w.practice.ID, w.dana.ID); len(in) != 0 || err != nil {
			w.Error(in, err)
		}
		w.send(p, map[string]Value{"commitment": textValue("1"), "my_choice": textValue("no")}, 3)
		if got := w.read(p)[0]; got.Values["commitment"].Text != "1" || !hasFlag(got, "3 or lower") || !hasFlag(got, "own choice") {
			w.Error(got.Values, got.Flags)
		}
	})
}

func TestAFlagComparesWithWhatTheOtherSentAndOnlyWithThat(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("commitment-check", ToEach, -1, 1)
		w.send(pages[0], map[string]Value{"commitment": textValue("9")}, 2)
		w.keep(pages[1], map[string]Value{"commitment": textValue("4")}, 3)
		if hasFlag(w.read(pages[0])[0], "Uneven") {
			w.Error("a draft is compared with")
		}
		w.send(pages[1], map[string]Value{"commitment": textValue("4")}, 4)
		for _, p := range pages {
			if !hasFlag(w.read(p)[0], "Uneven commitment") {
				w.Errorf("of %s: %v", p.Side, w.read(p)[0].Flags)
			}
		}
	})
}

func TestAPulseIsComparedWithTheSamePersonsEarlierOnes(t *testing.T) {
	eachWorld(t, func(w *world) {
		var sent []Page
		for week, sum := range []int{30, 20, 10} {
			pages := w.give("trust-pulse", ToEach, -1, 100*week)
			w.send(pages[0], pulseSheet(sum), 100*week+10)
			sent = append(sent, pages[0])
		}
		for i, want := range []string{
			"no comparison", "down a lot since the last one",
			"down a lot since the last one, down a lot since the first",
		} {
			if got := w.read(sent[i])[0]; !hasFlag(got, want) || hasFlag(got, "falling") {
				w.Errorf("%d: %v", i, got.Flags)
			}
		}
		theirs, _ := find(w.pages(), func(p Page) bool { return p.Side == couples.B })
		if theirs.Side != couples.B || len(w.read(theirs)[0].Values) != 0 {
			w.Fatal(theirs.Side)
		}
		w.send(theirs, pulseSheet(30), 300)
		if got := w.read(theirs)[0]; !hasFlag(got, "no comparison") || !hasFlag(got, "thirty points") {
			w.Error("the other's first one:", got.Flags)
		}
	})
}

func TestAnAnswerKeepsTheWordingThatItAnswered(t *testing.T) {
	eachWorld(t, func(w *world) {
		now := wordingOf(t, "boundary-map")
		label := now.Fields[0].Label
		old, err := DecodeDefinition([]byte(strings.ReplaceAll(string(now.Source), label, "As we asked it once")))
		w.must(err)
		p := w.give("boundary-map", ToA, -1, 1)[0]
		_, err = w.db.Exec(t.Context(), `INSERT INTO definitions (hash, worksheet, source, created_at) VALUES (?, ?, ?, ?)`,
			old.Hash, old.ID, string(old.Source), noon)
		w.must(err)
		_, err = w.db.Exec(t.Context(), `UPDATE assignments SET definition = ? WHERE id = ?`, old.Hash, p.Assignment.ID)
		w.must(err)
		w.st = NewStore(w.db, w.st.vault, shipped(t)) // as after an update of the program
		w.send(p, nil, 2)
		for range 2 { // from the database, then from the cache
			got := w.read(p)[0]
			if got.Worksheet.Fields[0].Label != "As we asked it once" || got.Definition != old.Hash ||
				!strings.Contains(textOf(got.Blocks(true)), "As we asked it once") {
				w.Error(got.Worksheet.Fields[0].Label)
			}
		}
		if mine, err := w.st.MyPages(t.Context(), w.asPartner(p.Side), w.couple.Partner(p.Side), someday); err != nil ||
			mine[0].Worksheet.Fields[0].Label != "As we asked it once" {
			w.Error(mine, err)
		}
		if again := w.give("boundary-map", ToA, -1, 3)[0]; again.Worksheet.Fields[0].Label != label {
			w.Error("a new page is given in the old wording")
		}
	})
}

func TestAnAnswerToAQuestionThatWasHiddenAgainIsNotRead(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("how-trust-was-broken", ToB, 0, 1)[0]
		w.keep(p, map[string]Value{"kinds": pickValue("other"), "kinds_other": textValue("CANARY the account is closed")}, 2)
		w.send(p, map[string]Value{"kinds": pickValue("lying")}, 3)
		got := w.read(p)[0]
		if _, there := got.Values["kinds_other"]; there || strings.Contains(textOf(got.Blocks(true)), "CANARY") ||
			got.Role != sessions.RoleBroke {
			w.Error(got.Values, got.Role)
		}
	})
}

func TestWhatCameInIsListedOldestFirstUntilItIsRead(t *testing.T) {
	eachWorld(t, func(w *world) {
		first, second := w.give("boundary-map", ToEach, -1, 1), w.give("trust-pulse", ToA, -1, 2)
		form := w.give("private-conversation-record", ToA, -1, 3)
		w.send(second[0], pulseSheet(20), 10)
		w.send(first[1], nil, 11)
		w.send(first[0], nil, 12)
		w.send(form[0], nil, 13)
		incoming := func(counselor string) (list []string) {
			in, err := w.st.Received(t.Context(), w.practice.ID, counselor)
			w.must(err)
			for _, i := range in {
				list = append(list, i.Names+" "+i.Assignment.Worksheet)
			}
			return list
		}
		if diff := cmp.Diff([]string{"Rowan trust-pulse", "Jules boundary-map", "Rowan boundary-map"},
			incoming(w.dana.ID)); diff != "" {
			w.Error(diff)
		}
		if got := incoming("another"); got != nil {
			w.Error("another counselor sees", got)
		}
		unread := func(counselor string) int {
			n, err := w.st.Unread(t.Context(), w.practice.ID, counselor, []string{w.couple.ID, "nobody"})
			w.must(err)
			return n[w.couple.ID]
		}
		if mine, another := unread(w.dana.ID), unread("another"); mine != 3 || another != 0 {
			w.Error("unread:", mine, another)
		}
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		w.must(w.st.MarkRead(t.Context(), strangers, first[1].Assignment.ID, after(20))) // not their page
		for range 2 {
			w.must(w.st.MarkRead(t.Context(), w.couple, second[0].Assignment.ID, after(20)))
		}
		if diff := cmp.Diff([]string{"Jules boundary-map", "Rowan boundary-map"}, incoming(w.dana.ID)); diff != "" {
			w.Error(diff)
		}
	})
}

func TestAPageIsReadThroughItsOwnCoupleAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.give("boundary-map", ToA, -1, 1)[0]
		w.send(p, nil, 2)
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick",
			couples.Breach{Name: "the letter", Broke: couples.A, KindList: "lying"})
		_, err := w.st.Read(t.Context(), strangers, p.Assignment.ID)
		w.want("another couple", err, fault.NotFound)
		_, err = w.st.Read(t.Context(), w.couple, rand.Text())
		w.want("no page", err, fault.NotFound)
		if id, err := w.st.CoupleOf(t.Context(), w.practice.ID, p.Assignment.ID); id != w.couple.ID || err != nil {
			w.Error(id, err)
		}
		if _, err := w.st.CoupleOf(t.Context(), "elsewhere", p.Assignment.ID); !errors.Is(err, fault.NotFound) {
			w.Error(err)
		}
	})
}

func TestANoteMayNameAJointPageOnceAndNoFormOfTheCounselors(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.give("private-conversation-record", ToEach, -1, 1)
		joint, each := w.give("date-night-plan", ToJoint, -1, 2), w.give("boundary-map", ToEach, -1, 3)
		want := []sessions.HomeworkItem{
			{ID: each[0].Assignment.ID, Title: each[0].Worksheet.Title, Side: couples.A},
			{ID: each[1].Assignment.ID, Title: each[1].Worksheet.Title, Side: couples.B},
			{ID: joint[0].Assignment.ID, Title: joint[0].Worksheet.Title, Joint: true},
		}
		if diff := cmp.Diff(want, Homework(w.pages())); diff != "" {
			w.Error(diff)
		}
	})
}
