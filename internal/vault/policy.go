package vault

import "slices"

// A Material is a kind of thing that is sealed.
type Material string

// The materials. Each is sealed with the keys of one compartment.
const (
	Name           Material = "name"            // what people are called
	Contact        Material = "contact"         // how a person is reached, alone
	SafeContact    Material = "safe contact"    // where messages to a person go, and in whose name
	Breach         Material = "breach"          // what a break of trust is called, in words of the couple
	LockedPage     Material = "locked page"     // cannot be reopened after it was sent
	PrivatePage    Material = "private page"    // for the counselor alone
	ReleasePage    Material = "release page"    // may be shown to the partner with two keys
	JointPage      Material = "joint page"      // both write in it
	CounselorField Material = "counselor field" // for the counselor alone, on any page
	IndividualFile Material = "individual file" // private conversation, risk, referrals, individual notes
	// Plan, session record, steps and goals: the counselor's words about the couple.
	Chart       Material = "chart"
	Note        Material = "note"         // progress notes and addenda
	Staff       Material = "staff"        // what counselors are called, and their e-mail addresses
	SignInName  Material = "sign-in name" // what a partner signs in with
	Factor      Material = "factor"       // secrets of second factors
	SigningKey  Material = "signing key"  // with what a practice signs files
	Screen      Material = "screen"       // what the screen in a session shows: the step, the prompt, whose turn
	Tombstone   Material = "tombstone"    // why something was erased
	Reason      Material = "reason"       // why an owner opened a record
	Appointment Material = "appointment"  // where both meet their counselor
	Absence     Material = "absence"      // who canceled an appointment, or did not come
	Consent     Material = "consent"      // the name that a partner signed a form with
	Location    Material = "location"     // where a partner is during a session by video
	// The treatment plan as it was shared with both partners, and what one of them answered.
	SharedPlan Material = "shared plan"
	PlanAnswer Material = "plan answer"
	Upload     Material = "upload" // a caseload that waits to be imported
)

// A State is where a sealed thing stands.
type State string

// The states. Most materials know only some of them.
const (
	Draft    State = "draft"    // being written
	Sent     State = "sent"     // handed to the counselor
	Released State = "released" // opened to the partner with both keys
	Active   State = "active"   // a joint page that both may write in
	Kept     State = "kept"     // in the record
	Signed   State = "signed"   // a note that no longer changes
)

// A Relation is how a reader stands to a thing.
type Relation string

// The relations.
const (
	Author          Relation = "author"
	Other           Relation = "other partner"
	Counselor       Relation = "counselor"
	Supervisor      Relation = "supervisor"
	FrontDesk       Relation = "front desk"
	EmergencyAccess Relation = "emergency" // an owner who gave a reason, for an hour
	Program         Relation = "program"   // Mend itself, when it signs somebody in or sends a reminder
)

// A rule says who may open a material in a state.
type rule struct {
	material Material
	state    State
	readers  []Relation
}

// policy is the table of who sees what (docs/clinical.md, 5.2), and the only answer
// to "may this person read this". What is not in it is refused.
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
	{Chart, Kept, []Relation{Counselor, EmergencyAccess}},
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

// allows tells whether the table lets a reader of relation open the material.
func allows(relation Relation, material Material, state State) bool {
	return slices.ContainsFunc(policy, func(r rule) bool {
		return r.material == material && r.state == state && slices.Contains(r.readers, relation)
	})
}

// A Side is one of the two partners: "A" or "B".
type Side string

// A compartment is what one keyset seals.
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
	// Of the installation: what must be found or recorded before a practice is known.
	ofInstallation = []compartment{index, signing, auditing}
)

// place returns the compartment that a thing is sealed in. A material that
// belongs to one partner needs a side; without one there is no compartment.
func place(material Material, of Side) (compartment, bool) {
	switch material {
	case Name, Staff, SignInName, Tombstone, Screen:
		return names, true
	case Factor, SigningKey:
		return factors, true
	case Contact, SafeContact, Upload:
		return contacts, true
	case Breach, JointPage, Appointment, SharedPlan:
		return joint, true
	case Chart, Note, Reason, Absence:
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
