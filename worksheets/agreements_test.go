package worksheets

import (
	"errors"
	"testing"

	"mend/couples"
	"mend/internal/fault"
)

// finishConversation completes a private conversation with one partner.
func (w *world) finishConversation(to Audience, control string, at int) {
	w.Helper()
	w.send(w.give("private-conversation-record", to, -1, at)[0], map[string]Value{
		"control": textValue(control), "decision": textValue("proceed-with-joint-work"),
		"safe_home": textValue("yes"), "open_room": textValue("yes"), "own_actions": textValue("no"), "harm_self": textValue("no"),
		"harm_other": textValue("no"),
	}, at+1)
}

// openAgreement assigns the openness agreement and opens it to both.
func (w *world) openAgreement() string {
	w.Helper()
	w.finishConversation(ToA, "none-seen", 0)
	w.finishConversation(ToB, "none-seen", 10)
	id := w.give("transparency-agreement", ToJoint, -1, 20)[0].Assignment.ID
	w.must(w.st.Activate(w.Context(), w.couple, id, after(21)))
	return id
}

func (w *world) agreement(id string) Agreement {
	w.Helper()
	a, err := w.st.AgreementOf(w.Context(), w.couple, id)
	w.must(err)
	return a
}

var halfYear = Agreement{ReviewOn: "2031-04-12", ExpiresOn: "2031-09-12"}

// TestAnOpennessAgreementHoldsUntilADayAndEitherPausesIt follows one from opening to expiry.
func TestAnOpennessAgreementHoldsUntilADayAndEitherPausesIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.openAgreement()
		w.want("before it is closed", w.st.PauseAgreement(w.Context(), w.asPartner(couples.A), id, after(22)), fault.NotFound)
		var bad fault.Fields
		if err := w.st.Close(w.Context(), w.couple, id, after(23)); !errors.As(err, &bad) {
			w.Error("closed without its days:", err)
		}
		for field, a := range map[string]Agreement{
			"review_on":  {ExpiresOn: "2031-09-12"},
			"expires_on": {ReviewOn: "2031-04-12", ExpiresOn: "2033-04-12"},
		} {
			if err := w.st.CloseAgreement(w.Context(), w.couple, id, a, after(23)); !errors.As(err, &bad) || bad[field] == "" {
				w.Errorf("%+v: %v", a, err)
			}
		}
		for range 2 {
			w.must(w.st.CloseAgreement(w.Context(), w.couple, id, halfYear, after(24)))
		}
		if a := w.agreement(id); !a.Holds(after(25)) || !a.Holds(noon.AddDate(0, 6, 0)) || a.Holds(noon.AddDate(0, 6, 1)) {
			w.Errorf("got %+v", a)
		}
		w.must(w.st.PauseAgreement(w.Context(), w.asPartner(couples.B), id, after(30)))
		w.must(w.st.PauseAgreement(w.Context(), w.asPartner(couples.A), id, after(31)))
		if a := w.agreement(id); a.Holds(after(32)) {
			w.Error("it holds although one paused it")
		}
		w.want("taken up again by a partner", w.st.ResumeAgreement(w.Context(), w.asPartner(couples.A), id), fault.NotFound)
		w.must(w.st.ResumeAgreement(w.Context(), w.couple, id))
		if a := w.agreement(id); !a.Holds(after(33)) {
			w.Error("it does not hold again")
		}
		other := w.meet("Robin Elm", "Sasha Oak", couples.Breach{Name: "x", Broke: couples.A, KindList: "lying"})
		w.want("another couple's", w.st.PauseAgreement(w.Context(), other, id, after(34)), fault.NotFound)
	})
}

// TestAConcernKeepsAnAgreementClosed: the last private conversation decides, both when opening and
// when resuming.
func TestAConcernKeepsAnAgreementClosed(t *testing.T) {
	eachWorld(t, func(w *world) {
		var bad fault.Fields
		if err := w.st.Give(w.Context(), w.couple,
			AssignRequest{Worksheet: "transparency-agreement", To: ToJoint, FormKey: "early"},
			after(0)); !errors.As(err, &bad) {
			w.Error("given before anybody was spoken to:", err)
		}
		id := w.openAgreement()
		w.must(w.st.CloseAgreement(w.Context(), w.couple, id, halfYear, after(24)))
		w.must(w.st.PauseAgreement(w.Context(), w.couple, id, after(25)))
		w.finishConversation(ToB, "unclear", 30)
		if err := w.st.ResumeAgreement(w.Context(), w.couple, id); !errors.As(err, &bad) {
			w.Error("taken up again against a concern:", err)
		}
		if w.agreement(id).Holds(after(40)) {
			w.Error("it holds")
		}
	})
}

func TestAConcernAfterItWasGivenKeepsItFromOpening(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.finishConversation(ToA, "none-seen", 0)
		w.finishConversation(ToB, "none-seen", 10)
		id := w.give("transparency-agreement", ToJoint, -1, 20)[0].Assignment.ID
		w.finishConversation(ToA, "yes", 25)
		var bad fault.Fields
		if err := w.st.Activate(w.Context(), w.couple, id, after(30)); !errors.As(err, &bad) {
			w.Error("opened to both:", err)
		}
	})
}

// TestOnePartnersConversationDoesNotStandForTheOthers: what one said, last or first, opens nothing
// while the other voiced a concern.
func TestOnePartnersConversationDoesNotStandForTheOthers(t *testing.T) {
	for name, test := range map[string]struct{ a, b string }{
		"a concern of the one who spoke first": {"yes", "none-seen"},
		"a concern of the one who spoke last":  {"none-seen", "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.finishConversation(ToA, test.a, 0)
				w.finishConversation(ToB, test.b, 10)
				var bad fault.Fields
				if err := w.st.Give(w.Context(), w.couple,
					AssignRequest{Worksheet: "transparency-agreement", To: ToJoint, FormKey: "early"},
					after(20)); !errors.As(err, &bad) {
					w.Error("given against a concern:", err)
				}
			})
		})
	}
}

func TestAnOrdinaryJointPageIsNoAgreement(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.deliver("date-night-plan", ToJoint, Delivery{}, 0)[0].Assignment.ID
		w.must(w.st.Activate(w.Context(), w.couple, id, after(1)))
		w.want("closed with days", w.st.CloseAgreement(w.Context(), w.couple, id, halfYear, after(2)), fault.Malformed)
		w.must(w.st.Close(w.Context(), w.couple, id, after(3)))
		w.want("paused", w.st.PauseAgreement(w.Context(), w.couple, id, after(4)), fault.NotFound)
	})
}
