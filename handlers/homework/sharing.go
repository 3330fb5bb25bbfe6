package homework

import (
	"time"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/pdf"
	"mend/worksheets"
)

// A SharingChoice is the sharing state of a page, with a preview of exactly what the other partner
// would see.
type SharingChoice struct {
	Path     string // where sharing is decided
	Author   string // what the author is called
	Reader   string // what the other partner is called
	Consent  worksheets.SharingDecision
	Decision worksheets.SharingDecision
	Released bool
	Opened   string // when the other partner opened it, or ""
	Stopped  bool   // the author shared it and stopped
	Preview  []pdf.Block
}

// CanDecide reports whether the counselor can release the page, keep it or stop sharing it.
func (v SharingChoice) CanDecide() bool { return v.Released || v.Consent == "yes" }

// SharingOf returns the sharing state of a page that can be shared.
func SharingOf(r worksheets.SentPage, couple couples.Couple, zone *time.Location) *SharingChoice {
	choice := &SharingChoice{
		Path: "/assignments/" + r.Assignment.ID + "/sharing", Author: couple.Partner(r.Side).AddressAs,
		Reader: couple.Partner(r.Side.Other()).AddressAs, Consent: r.Consent, Decision: r.Decision, Released: r.Released(),
		Preview: r.Preview(r).Blocks(false), Stopped: r.TakenBackAt != nil && r.Consent == worksheets.NotNow,
	}
	if r.OpenedAt != nil {
		choice.Opened = web.Moment(*r.OpenedAt, zone)
	}
	return choice
}

// A SharingForm is a submitted sharing decision.
type SharingForm struct {
	Key    string `form:"do"`
	Looked string `form:"looked"` // the counselor confirmed having checked what the page may touch on
}
