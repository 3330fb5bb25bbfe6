package worksheets

import (
	"slices"
	"strings"
	"testing"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/vault"
)

// sentPage returns a sent page of A's with an answer in each field, one of them for the counselor
// only.
func (w *world) sentPage() Page {
	w.Helper()
	p := w.give("how-trust-was-broken", ToA, -1, 1)[0]
	w.send(p, map[string]Value{
		"who": textValue("my-partner"), "counselor_only": textValue("CANARY alone"),
		"events": {Rows: []map[string]string{
			{"what": "The second account", "known": "found-out", "when": "spring"},
			{"what": "CANARY not out", "known": "not-out-yet"},
		}},
	}, 2)
	return w.pages()[0]
}

func (w *world) consent(p Page, key SharingDecision, at int) error {
	w.Helper()
	return w.st.Consent(w.Context(), w.open(p), key, after(at))
}

func (w *world) decide(p Page, key SharingDecision, at int) error {
	return w.st.Decide(w.Context(), w.couple, p.Assignment.ID, key, true, after(at))
}

// shared returns what B reads of A's page.
func (w *world) shared(p Page, at int) (SentPage, error) {
	w.Helper()
	return w.st.Shared(w.Context(), w.asPartner(couples.B), w.couple.Partner(couples.B), p.Assignment.ID, after(at))
}

func TestAPageIsSharedByTwoKeysAndByNoOther(t *testing.T) {
	for _, tt := range []struct {
		name  string
		turns []SharingDecision
		reads bool
	}{
		{"sent alone", nil, false},
		{"the author's alone", []SharingDecision{Yes}, false},
		{"both", []SharingDecision{Yes, Release}, true},
		{"both, twice", []SharingDecision{Yes, Yes, Release, Release}, true},
		{"the author says not now", []SharingDecision{NotNow}, false},
		{"the author wants to talk", []SharingDecision{Talk}, false},
		{"the author changes their mind", []SharingDecision{Yes, NotNow}, false},
		{"and changes it again", []SharingDecision{NotNow, Yes, Release}, true},
		{"the counselor keeps it", []SharingDecision{Yes, Keep}, false},
		{"the counselor brings it to a session", []SharingDecision{Yes, ToSession}, false},
		{"taken back", []SharingDecision{Yes, Release, TakeBack}, false},
		{"the author's not now after the release", []SharingDecision{Yes, Release, NotNow}, false},
		{"the counselor keeps it after all", []SharingDecision{Yes, Release, Keep}, false},
		{"a yes after taking back needs the counselor again", []SharingDecision{Yes, Release, TakeBack, Yes}, false},
		{"and is shared with both keys again", []SharingDecision{Yes, Release, TakeBack, Yes, Release}, true},
		{"taking back what is not shared", []SharingDecision{TakeBack}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				p := w.sentPage()
				for i, key := range tt.turns {
					turn := w.consent
					if slices.Contains([]SharingDecision{Release, Keep, ToSession}, key) {
						turn = w.decide
					}
					w.must(turn(p, key, 10+i))
				}
				_, err := w.shared(p, 50)
				if (err == nil) != tt.reads {
					w.Errorf("reads: %v", err)
				}
				list, listErr := w.st.SharedWith(t.Context(), w.asPartner(couples.B), w.couple.Partner(couples.B))
				if listErr != nil || (len(list) == 1) != tt.reads {
					w.Errorf("listed: %d, %v", len(list), listErr)
				}
			})
		})
	}
}

func TestWithoutTheAuthorsYesTheCounselorCannotRelease(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		w.want("nothing said", w.decide(p, Release, 3), fault.Forbidden)
		for i, key := range []SharingDecision{NotNow, Talk} {
			w.must(w.consent(p, key, 4+i))
			w.want(string(key), w.decide(p, Release, 6), fault.Forbidden)
		}
		_, err := w.shared(p, 9)
		w.want("reading", err, fault.NotFound)
	})
}

func TestThePartnerReadsExactlyThePreview(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		f := w.open(p)
		preview := textOf(f.Preview(SentPage{Page: f.Page, Role: f.Role, Values: f.Values}).Blocks(true))
		w.must(w.consent(p, Yes, 3))
		w.must(w.decide(p, Release, 4))
		r, err := w.shared(p, 5)
		w.must(err)
		if got := textOf(r.Blocks(true)); got != preview || !strings.Contains(got, "The second account") {
			w.Errorf("preview:\n%s\nread:\n%s", preview, got)
		}
		for _, never := range []string{"CANARY", "Found out", "How it came to light", "Still going on", "talk over alone"} {
			if strings.Contains(preview, never) {
				w.Errorf("%q is shared", never)
			}
		}
		if counselors := textOf(w.read(p)[0].Blocks(true)); !strings.Contains(counselors, "CANARY not out") ||
			!strings.Contains(counselors, "CANARY alone") {
			w.Error("the counselor reads less:", counselors)
		}
		if mine := textOf(SentPage{Page: f.Page, Role: f.Role, Values: f.Values}.Blocks(true)); !strings.Contains(mine,
			"CANARY alone") {
			w.Error("the author reads less:", mine)
		}
	})
}

func TestTakingBackAfterItWasOpenedStopsReadingAndIsRecorded(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		w.must(w.consent(p, Yes, 3))
		w.must(w.decide(p, Release, 4))
		for range 3 {
			_, err := w.shared(p, 5)
			w.must(err)
		}
		w.must(w.consent(p, TakeBack, 6))
		_, err := w.shared(p, 7)
		w.want("after taking back", err, fault.NotFound)
		if now := w.open(p); now.OpenedAt == nil || now.TakenBackAt == nil || !now.OpenedAt.Equal(after(5)) {
			w.Errorf("%+v", now.Sharing)
		}
		if n := w.count(`SELECT COUNT(*) FROM sharing_turns`); n != 4 { // yes, release, opened, take-back
			w.Errorf("%d turns", n)
		}
	})
}

func TestWhatWasNeverSharedIsNotTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		w.must(w.consent(p, Yes, 3))
		w.must(w.decide(p, Keep, 4))
		w.must(w.decide(p, TakeBack, 5))
		w.must(w.consent(p, TakeBack, 6))
		if now := w.open(p); now.TakenBackAt != nil {
			w.Errorf("taken back: %+v", now.Sharing)
		}
		if n := w.count(`SELECT COUNT(*) FROM sharing_turns`); n != 2 { // yes, keep
			w.Errorf("%d turns", n)
		}
	})
}

func TestOnlyItsAuthorAndItsCounselorTurnTheKeysAndOnlyWhereAPageCanBeShared(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		asOther := w.asPartner(couples.B)
		w.want("B as counselor", w.st.Decide(t.Context(), asOther, p.Assignment.ID, Release, true, after(3)), fault.NotFound)
		w.want("A as counselor", w.st.Decide(t.Context(), w.asPartner(couples.A), p.Assignment.ID, Release, true, after(3)),
			fault.NotFound)
		asAuthor, err := w.st.PartnerPage(t.Context(), w.couple, w.couple.Partner(couples.A), p.Assignment.ID, someday)
		w.must(err)
		w.want("the counselor as author", w.st.Consent(t.Context(), asAuthor, Yes, after(3)), fault.NotFound)
		w.want("another word", w.consent(p, "maybe", 3), fault.Malformed)
		w.want("the counselor's key in the author's hand", w.consent(p, Release, 3), fault.Malformed)
		w.want("the author's key in the counselor's hand", w.decide(p, Yes, 3), fault.Malformed)

		draft := w.give("impact-statement", ToA, 0, 4)[0]
		w.keep(draft, map[string]Value{"now": textValue("I wait.")}, 5)
		w.want("a draft", w.consent(draft, Yes, 6), fault.NotFound)
		private := w.give("boundary-map", ToA, -1, 7)[0]
		w.send(private, nil, 8)
		if d := private.Worksheet; d.Privacy == Private {
			w.want("a private page", w.consent(private, Yes, 9), fault.NotFound)
			w.want("a private page", w.decide(private, Release, 9), fault.NotFound)
		}
	})
}

func TestNoPrivateOrLockedPageCanEverBeShared(t *testing.T) {
	for _, d := range shipped(t).All() {
		if d.Shareable() && (d.Locked || d.Privacy == Private || !d.Portal || d.FilledBy == Joint) {
			t.Errorf("%s can be shared", d.ID)
		}
	}
}

func TestWhatIsForTheCounselorAloneIsSealedApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		w.must(w.consent(p, Yes, 3))
		w.must(w.decide(p, Release, 4))
		box, err := w.st.vault.Open(t.Context(), w.db, w.asPartner(couples.B).Reader,
			vault.Item{Couple: w.couple.ID, Material: vault.ReleasePage, State: vault.Released, Of: "A"})
		w.must(err)
		place := fields.FieldSet{Vault: w.st.vault, Practice: p.PracticeID, Owner: p.Answer.ID, Box: box}
		if fields, err := fields.Some(t.Context(), w.db, place, []string{"kinds"}); err != nil || len(fields) != 1 {
			w.Error("what was released does not open:", err)
		}
		if fields, err := fields.Some(t.Context(), w.db, place, []string{"counselor_only"}); err == nil {
			w.Error("what is for the counselor alone opens:", fields)
		}
	})
}

// TestWhoStopsSharingIsAskedAgain before the page is released anew: the author by a new yes, the
// counselor by another decision of their own.
func TestWhoStopsSharingIsAskedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := w.sentPage()
		w.must(w.consent(p, Yes, 3))
		w.must(w.decide(p, Release, 4))
		w.must(w.consent(p, TakeBack, 5))
		w.want("released over the author's head", w.decide(p, Release, 6), fault.Forbidden)
		w.must(w.consent(p, Yes, 7))
		w.must(w.decide(p, Release, 8))
		w.must(w.decide(p, TakeBack, 9))
		if got := w.read(p)[0].Sharing; got.Consent != Yes || got.Decision != Keep {
			t.Errorf("after the counselor stopped it: %+v", got)
		}
		w.must(w.decide(p, Release, 10))
	})
}
