package homework

import (
	"time"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/pdf"
	"mend/worksheets"
)

// A SharingChoice is where the sharing of a page stands, with what the other
// partner would see: exactly that, and nothing else.
type SharingChoice struct {
	Path     string // where the keys are turned
	Author   string // how the author is addressed
	Reader   string // and who would read it
	Consent  worksheets.SharingDecision
	Decision worksheets.SharingDecision
	Released bool
	Opened   string // when the reader opened it, or ""
	Preview  []pdf.Block
}

// CanDecide tells whether the counselor can release the page, keep it or stop sharing it.
func (v SharingChoice) CanDecide() bool { return v.Released || v.Consent == "yes" }

// SharingOf is what its author can decide about a page, nil where there is nothing
// to decide.
func SharingOf(r worksheets.SentPage, couple couples.Couple, zone *time.Location) *SharingChoice {
	choice := &SharingChoice{
		Path: "/assignments/" + r.Assignment.ID + "/sharing", Author: couple.Partner(r.Side).AddressAs,
		Reader: couple.Partner(r.Side.Other()).AddressAs, Consent: r.Consent, Decision: r.Decision, Released: r.Released(),
		Preview: r.Preview(r).Blocks(false),
	}
	if r.OpenedAt != nil {
		choice.Opened = web.Moment(*r.OpenedAt, zone)
	}
	return choice
}

// A SharingForm is a decision about a page, as sent.
type SharingForm struct {
	Key    string `form:"do"`
	Looked string `form:"looked"` // the counselor has looked at what the page may touch
}
