package vault

import "slices"

// A Material is a kind of encrypted data.
type Material string

// The materials. Each is encrypted with the keys of one compartment.
const (
	Name           Material = "name"            // people's names
	Contact        Material = "contact"         // private contact data
	SafeContact    Material = "safe contact"    // where messages to a person go, and the sender's name
	Breach         Material = "breach"          // breaches of trust, in the couple's words
	LockedPage     Material = "locked page"     // cannot be reopened after it was sent
	PrivatePage    Material = "private page"    // for the counselor alone
	ReleasePage    Material = "release page"    // can be shared with the partner by two decisions
	JointPage      Material = "joint page"      // both write in it
	CounselorField Material = "counselor field" // for the counselor alone, on any page
	IndividualFile Material = "individual file" // private conversation, risk, referrals, individual notes
	// Plan, session record, steps and goals: the counselor's text about the couple.
	JointRecord Material = "chart"
	Note        Material = "note"         // progress notes and addenda
	Staff       Material = "staff"        // counselors' names and email addresses
	SignInName  Material = "sign-in name" // a partner's
	Factor      Material = "factor"       // secrets of second factors
	SigningKey  Material = "signing key"  // the key with which a practice signs files
	Screen      Material = "screen"       // the couple's screen: the prompt, or pages of both side by side
	Tombstone   Material = "tombstone"    // why something was erased
	Reason      Material = "reason"       // the reason of an emergency access
	Appointment Material = "appointment"  // where an appointment takes place
	Absence     Material = "absence"      // who canceled or missed an appointment
	Consent     Material = "consent"      // the name with which a partner signed a form
	Location    Material = "location"     // where a partner is during a video session
	// The treatment plan as shared with both partners, and one partner's answer to it.
	SharedPlan Material = "shared plan"
	PlanAnswer Material = "plan answer"
	Upload     Material = "upload" // a caseload to be imported
)

// A State is the state of encrypted data.
type State string

// The states. Most materials have only some of them.
const (
	Draft    State = "draft"    // being written
	Sent     State = "sent"     // sent to the counselor
	Released State = "released" // released to the partner by both decisions
	Active   State = "active"   // a joint page that both may write in
	Kept     State = "kept"     // in the record
	Signed   State = "signed"   // a note that no longer changes
)

// A Relation is a reader's relation to something.
type Relation string

// The relations.
const (
	Author          Relation = "author"
	Other           Relation = "other partner"
	Counselor       Relation = "counselor"
	Supervisor      Relation = "supervisor"
	FrontDesk       Relation = "front desk"
	EmergencyAccess Relation = "emergency" // an owner with emergency access
	Program         Relation = "program"   // Mend itself, as when it signs somebody in or sends a reminder
)

// A rule lists who may open a material in a state.
type rule struct {
	material Material
	state    State
	readers  []Relation
}

// policy is the table of who may read what (docs/clinical.md, 5.2), and the only place that decides
// it. What is not in it is refused.
var policy = []rule{
	{Name, Kept, []Relation{Author, Other, Counselor, Supervisor, FrontDesk, EmergencyAccess}},
	{Contact, Kept, []Relation{Author, Counselor, FrontDesk}},
	{SafeContact, Kept, []Relation{Counselor, Program}},
	{Breach, Kept, []Relation{Author, Other, Counselor, Supervisor, EmergencyAccess}},

	{LockedPage, Draft, []Relation{Author}},
	{LockedPage, Sent, []Relation{Counselor}},
	{PrivatePage, Draft, []Relation{Author}},
	{PrivatePage, Sent, []Relation{Author, Counselor}},
	{ReleasePage, Draft, []Relation{Author}},
	{ReleasePage, Sent, []Relation{Author, Counselor}},
	{ReleasePage, Released, []Relation{Author, Other, Counselor}},
	{JointPage, Draft, []Relation{Counselor}},
	{JointPage, Active, []Relation{Author, Other, Counselor}},
	{JointPage, Sent, []Relation{Author, Other, Counselor, EmergencyAccess}},
	{CounselorField, Draft, []Relation{Author}},
	{CounselorField, Sent, []Relation{Author, Counselor}},

	{IndividualFile, Draft, []Relation{Counselor}},
	{IndividualFile, Kept, []Relation{Counselor}},
	{IndividualFile, Signed, []Relation{Counselor}},
	{JointRecord, Kept, []Relation{Counselor, EmergencyAccess}},
	{Note, Draft, []Relation{Counselor}},
	{Note, Signed, []Relation{Counselor, Supervisor, EmergencyAccess}},
	{Staff, Kept, []Relation{Program}},
	{SignInName, Kept, []Relation{Author, Counselor, Program}},
	{Factor, Kept, []Relation{Program}},
	{SigningKey, Kept, []Relation{Program}},
	{Screen, Kept, []Relation{Program}},
	{Tombstone, Kept, []Relation{Program}},
	{Reason, Kept, []Relation{Counselor, EmergencyAccess}},
	{Appointment, Kept, []Relation{Author, Other, Counselor, FrontDesk, Program}},
	{Absence, Kept, []Relation{Counselor, FrontDesk}},
	{Consent, Kept, []Relation{Author, Counselor}},
	{Location, Kept, []Relation{Author, Counselor}},
	{SharedPlan, Kept, []Relation{Author, Other, Counselor}},
	{PlanAnswer, Kept, []Relation{Author, Counselor}},
	{Upload, Kept, []Relation{Program}},
}

// allows reports whether the policy lets a reader with relation open the material.
func allows(relation Relation, material Material, state State) bool {
	return slices.ContainsFunc(policy, func(r rule) bool {
		return r.material == material && r.state == state && slices.Contains(r.readers, relation)
	})
}

// A Side identifies one of the two partners: "A" or "B".
type Side string

// A compartment is what one keyset encrypts.
type compartment string

// The compartments of a couple, and those of a practice.
const (
	joint       compartment = "joint"
	privateA    compartment = "private A"
	privateB    compartment = "private B"
	individualA compartment = "individual A"
	individualB compartment = "individual B"
	clinical    compartment = "clinical"

	factors  compartment = "factors"
	names    compartment = "names"
	contacts compartment = "contacts"
	index    compartment = "index"
	signing  compartment = "signing"
	auditing compartment = "audit"
)

var (
	ofCouple   = []compartment{joint, privateA, privateB, individualA, individualB, clinical}
	ofPractice = []compartment{factors, names, contacts, index, signing, auditing}
	// For what must be found or recorded before a practice is known.
	ofInstallation = []compartment{index, signing, auditing}
)

// compartmentOf returns the compartment of a material. A material that belongs to one partner needs a side;
// without one, ok is false.
func compartmentOf(material Material, of Side) (compartment, bool) {
	switch material {
	case Name, Staff, SignInName, Tombstone:
		return names, true
	case Factor, SigningKey:
		return factors, true
	case Contact, SafeContact, Upload:
		return contacts, true
	case Breach, JointPage, Appointment, SharedPlan, Screen:
		return joint, true
	case JointRecord, Note, Reason, Absence:
		return clinical, true
	}
	private, individual := map[Side]compartment{"A": privateA, "B": privateB},
		map[Side]compartment{"A": individualA, "B": individualB}
	c, ok := private[of]
	if material == IndividualFile {
		c, ok = individual[of]
	}
	return c, ok
}
