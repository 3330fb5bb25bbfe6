package records

// A Capacity is the capacity in which somebody requests a record.
type Capacity string

// The capacities.
const (
	PartnerSelf Capacity = "partner"
	Lawyer      Capacity = "lawyer"
	Subpoena    Capacity = "subpoena"
	CourtOrder  Capacity = "court-order"
	Insurer     Capacity = "insurer"
	Regulator   Capacity = "regulator"
	Clinician   Capacity = "clinician"
)

// A Part is a part of the record with its own rule for release.
type Part string

// The parts. Anything else, such as the other partner's own part, is never released.
const (
	Own   Part = "own"   // the worksheets, signatures and individual notes of the partner concerned
	Joint Part = "joint" // what both partners share
)

// A Basis is what is required before a part is released.
type Basis string

// The bases.
const (
	ByRight   Basis = "right"   // the partner's own right of access
	ByPartner Basis = "partner" // the written authorization of the partner concerned
	ByBoth    Basis = "both"    // the written authorizations of both partners
	ByLaw     Basis = "law"     // a legal basis, which the counselor enters
)

// A CapacityInfo describes what may be released to somebody in a capacity, and why
// (docs/clinical.md, 5.3 and 5.5).
type CapacityInfo struct {
	ID     Capacity
	Name   string
	Advice string
	Own    Basis
	Joint  Basis
}

// Capacities lists all capacities.
var Capacities = []CapacityInfo{
	{
		PartnerSelf, "The partner",
		"A partner may see their own part of the record. Leave out a piece only where a licensed " +
			"professional judges that it is likely to endanger someone. The joint record needs both authorizations.",
		ByRight, ByBoth,
	},
	{
		Lawyer, "The partner’s lawyer", "A lawyer’s letter isn’t an authorization. Ask the client themselves.",
		ByPartner, ByBoth,
	},
	{
		Subpoena, "A subpoena", "A subpoena is not a court order. Call your own lawyer before you answer, and don’t send " +
			"anything without authorizations or an order. You may need to claim privilege for your clients.",
		ByPartner, ByBoth,
	},
	{
		CourtOrder, "A court order", "Send only what the order names. Have your own lawyer read it first, and enter the " +
			"court, the case number and the date as the legal basis.",
		ByLaw, ByLaw,
	},
	{
		Insurer, "An insurer", "Offer the billing statement first: an insurer may have no more than it needs. Statements " +
			"can reach the partner who holds the policy.",
		ByPartner, ByBoth,
	},
	{
		Regulator, "A licensing board or regulator",
		"Enter the law or the letter that obliges you as the legal basis. Have " +
			"your own lawyer read it first.",
		ByLaw, ByLaw,
	},
	{
		Clinician, "Another clinician", "Choose only what the other clinician needs for treatment.", ByPartner, ByBoth,
	},
}

// Info returns the description of a capacity.
func (c Capacity) Info() (CapacityInfo, bool) {
	for _, known := range Capacities {
		if known.ID == c {
			return known, true
		}
	}
	return CapacityInfo{}, false
}

// Basis returns what is required to release a part.
func (i CapacityInfo) Basis(p Part) Basis {
	if p == Own {
		return i.Own
	}
	return i.Joint
}

// Permissions are the authorizations in force: signed, not withdrawn and not expired.
type Permissions struct {
	Own   bool // of the partner concerned, for their own part
	First bool // of the partner concerned, for the joint record
	Other bool // of the other partner, for the joint record
}

// meet reports whether a basis is met without a reason from the counselor.
func (p Permissions) meet(b Basis) bool {
	switch b {
	case ByRight:
		return true
	case ByPartner:
		return p.Own
	case ByBoth:
		return p.First && p.Other
	}
	return false
}
