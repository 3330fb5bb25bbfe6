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

// conversationsGate closes a worksheet until a private conversation was held with each partner and
// allows it (docs/clinical.md, 4.5 and the openness agreement). It cannot be overridden, because
// openness can be used as a tool of control.
const (
	conversationsGate  = "private-conversations"
	conversationRecord = "private-conversation-record"
	riskReview         = "risk-review"
	contactCautions    = "contact-cautions"
	individualCheckIn  = "individual-check-in"
)

// gateWords explain, in the library and in a refusal, what opens the gate.
const gateWords = "This page stays closed until the private conversation was held with each partner, no sign of " +
	"control was seen, and your decision for both is to proceed."

// Gated returns what has to be done before d can be assigned, or "".
func (d Definition) Gated() string {
	if d.Gate == "" {
		return ""
	}
	return gateWords
}

// mayOpen returns nil if d may be assigned to the couple now. A missing prerequisite is returned as
// fault.Fields, which the counselor may override with anyway; a closed gate cannot be overridden.
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

// gateOpen returns fault.Fields unless a private conversation was held with each partner and allows
// joint work.
func (st *Store) gateOpen(ctx context.Context, c couples.Couple) error {
	ctx = audit.Comparing(ctx)
	pages, err := st.conversationsSinceSetback(ctx, c)
	if err != nil {
		return err
	}
	held, err := st.Answered(ctx, c, pages)
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

// allows reports whether a partner's newest finished record allows joint openness.
func allows(held []SentPage, side couples.Side) bool {
	for _, r := range held { // newest first
		if r.Side == side && r.Sent() {
			return r.Values["control"].Text == "none-seen" && r.Values["decision"].Text == "proceed-with-joint-work"
		}
	}
	return false
}

// conversationsSinceSetback is conversations without those before the latest setback: what was said
// before it no longer supports joint work.
func (st *Store) conversationsSinceSetback(ctx context.Context, c couples.Couple) ([]Page, error) {
	since, err := couples.LastSetback(ctx, st.db, c.PracticeID, c.ID)
	if err != nil {
		return nil, err
	}
	held, err := st.conversations(ctx, c)
	return slices.DeleteFunc(held, func(p Page) bool { return !p.SentAt.After(since) }), err
}

// conversations returns the finished records of private conversations without their contents,
// newest first.
func (st *Store) conversations(ctx context.Context, c couples.Couple) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM assignments s
		JOIN answers a ON a.assignment_id = s.id
		JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.worksheet = '' AND a.state = 'sent' AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL
		ORDER BY a.sent_at DESC, s.id`, c.PracticeID, c.ID) // the kind of form is sealed
	if err != nil {
		return nil, fmt.Errorf("forms of couple %s: %w", c.ID, err)
	}
	pages, err := st.pages(ctx, c, rows)
	return slices.DeleteFunc(pages, func(p Page) bool { return p.Assignment.Worksheet != conversationRecord }), err
}

// TalkedAlone reports with which partners a private conversation was recorded since the latest
// setback. It reveals nothing of the content.
func (st *Store) TalkedAlone(ctx context.Context, c couples.Couple) (map[couples.Side]bool, error) {
	held, err := st.conversationsSinceSetback(audit.Comparing(ctx), c)
	if err != nil {
		return nil, fmt.Errorf("private conversations of couple %s: %w", c.ID, err)
	}
	talked := map[couples.Side]bool{}
	for _, r := range held {
		talked[r.Side] = true
	}
	return talked, nil
}

// LastTalked returns when the counselor last finished a private conversation with each partner.
func (st *Store) LastTalked(ctx context.Context, c couples.Couple) (map[couples.Side]time.Time, error) {
	held, err := st.conversations(audit.Comparing(ctx), c)
	if err != nil {
		return nil, fmt.Errorf("private conversations of couple %s: %w", c.ID, err)
	}
	talked := map[couples.Side]time.Time{}
	for _, p := range slices.Backward(held) {
		talked[p.Side] = *p.SentAt
	}
	return talked, nil
}

// AskConversations returns a function that adds a new record of a private conversation to each
// partner's file, for use in the transaction that marks a setback.
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
