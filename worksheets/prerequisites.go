package worksheets

import (
	"context"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// conversationsGate closes a worksheet until the private conversation was held
// with each partner and speaks for it (docs/clinical.md, 4.5 and the openness
// agreement). It cannot be overridden: openness can be made a tool of control.
const (
	conversationsGate  = "private-conversations"
	conversationRecord = "private-conversation-record"
	riskReview         = "risk-review"
	contactCautions    = "contact-cautions"
	individualCheckIn  = "individual-check-in"
)

// gateWords say on the library's page and beside a refusal what opens a gate.
const gateWords = "This page stays closed until the private conversation was held with each partner, no sign of " +
	"control was seen, and your decision for both is to proceed."

// Gated says what has to come before d can be given, or "".
func (d Definition) Gated() string {
	if d.Gate == "" {
		return ""
	}
	return gateWords
}

// mayOpen returns nil if d may be given to the couple now. Where something
// should come first, the counselor is told and may decide otherwise; a gate
// stays closed.
func (st *Store) mayOpen(ctx context.Context, c couples.Couple, d Definition, anyway bool) error {
	if d.Gate != "" {
		if err := st.gateOpen(ctx, c); err != nil {
			return err
		}
	}
	if d.OpensWhen != "" && !anyway {
		return fault.Fields{"anyway": i18n.Message(d.OpensWhen)}
	}
	return nil
}

// gateOpen returns fault.Fields unless the private conversation was held with
// each partner and speaks for joint work.
func (st *Store) gateOpen(ctx context.Context, c couples.Couple) error {
	held, err := st.sameWorksheet(audit.Comparing(ctx), c, conversationRecord, false, time.Time{})
	if err != nil {
		return err
	}
	for _, side := range []couples.Side{couples.A, couples.B} {
		if !allows(held, side) {
			return fault.Fields{"worksheet": gateWords}
		}
	}
	return nil
}

// allows tells whether the newest finished record of a partner speaks for
// joint openness.
func allows(held []SentPage, side couples.Side) bool {
	for _, r := range held { // newest first
		if r.Side == side && r.Sent() {
			return r.Values["control"].Text == "none-seen" && r.Values["decision"].Text == "proceed-with-joint-work"
		}
	}
	return false
}
