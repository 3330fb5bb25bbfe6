package worksheets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
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
	held, err := st.conversations(ctx, c)
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

// conversations returns the finished records of private conversations, newest first: after a
// setback only those since, since what was said before it no longer speaks for joint work.
func (st *Store) conversations(ctx context.Context, c couples.Couple) ([]SentPage, error) {
	since, err := couples.LastSetback(ctx, st.db, c.PracticeID, c.ID)
	if err != nil {
		return nil, err
	}
	held, err := st.sameWorksheet(audit.Comparing(ctx), c, conversationRecord, false, time.Time{})
	return slices.DeleteFunc(held, func(r SentPage) bool { return !r.Sent() || !r.SentAt.After(since) }), err
}

// TalkedAlone tells with whom of a couple a private conversation was recorded since the newest
// setback, and nothing of what was said.
func (st *Store) TalkedAlone(ctx context.Context, c couples.Couple) (map[couples.Side]bool, error) {
	held, err := st.conversations(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("private conversations of couple %s: %w", c.ID, err)
	}
	talked := map[couples.Side]bool{}
	for _, r := range held {
		talked[r.Side] = true
	}
	return talked, nil
}

// AskConversations returns what puts the record of a private conversation in each partner's
// file anew, for the transaction that marks a setback.
func (st *Store) AskConversations(c couples.Couple, formKey string, now time.Time) func(context.Context,
	*database.DB) error {
	return func(ctx context.Context, tx *database.DB) error {
		d, ok := st.catalogue.Find(conversationRecord)
		if !ok {
			return fmt.Errorf("%s: %w", conversationRecord, fault.NotFound)
		}
		if err := st.keepWordings(ctx, tx, now); err != nil {
			return err
		}
		for _, p := range c.Partners {
			if p.Erased {
				continue
			}
			if _, err := st.give(ctx, tx, c, d, Audience(p.Side), AssignRequest{FormKey: formKey}, now); err != nil {
				return err
			}
		}
		return nil
	}
}
