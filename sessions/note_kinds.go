package sessions

import "slices"

// A NoteKind is the kind of a note. It never changes.
type NoteKind string

// The kinds of notes. All but the first have no session.
const (
	ProgressNote        NoteKind = "progress"
	Contact             NoteKind = "contact"
	Missed              NoteKind = "missed"
	Collateral          NoteKind = "collateral"
	Consultation        NoteKind = "consultation"
	Administrative      NoteKind = "administrative"
	Closing             NoteKind = "closing"
	IndividualMeeting   NoteKind = "individual"
	PrivateConversation NoteKind = "private-conversation"
	RiskReview          NoteKind = "risk-review"
)

// A NoteKindInfo describes a kind of note.
type NoteKindInfo struct {
	ID    NoteKind
	Name  string // the name in lists
	Title string // the title on the note
	Hint  string // what belongs in it
	// IsIndividual means that such a note is about one partner alone and is never filed in the
	// joint record.
	IsIndividual bool
	NeedsWith    bool // the other party is required
}

// NoteKinds are the kinds of notes without a session, in the order in which they are offered.
var NoteKinds = []NoteKindInfo{
	{
		ID: Contact, Name: "Contact", Title: "Contact note", NeedsWith: true,
		Hint: "A call, message, or letter between sessions.",
	},
	{
		ID: Missed, Name: "Missed appointment", Title: "Missed appointment note",
		Hint: "An appointment that was missed or canceled late.",
	},
	{
		ID: Collateral, Name: "Collateral contact", Title: "Collateral contact note", NeedsWith: true,
		Hint: "A contact with another clinician, a physician, or a family member, as authorized.",
	},
	{
		ID: Consultation, Name: "Consultation", Title: "Consultation note", NeedsWith: true,
		Hint: "A consultation with a colleague or supervisor.",
	},
	{
		ID: Administrative, Name: "Administrative", Title: "Administrative note",
		Hint: "Scheduling, fees, records, and other matters of the practice.",
	},
	{
		ID: Closing, Name: "Closing summary", Title: "Closing summary",
		Hint: "How counseling ended, and what was recommended.",
	},
	{
		ID: IndividualMeeting, Name: "Individual meeting", Title: "Individual note", IsIndividual: true,
		Hint: "A meeting with one partner alone.",
	},
	{
		ID: PrivateConversation, Name: "Private conversation", Title: "Private conversation record", IsIndividual: true,
		Hint: "A private conversation about safety.",
	},
	{
		ID: RiskReview, Name: "Risk review", Title: "Risk review", IsIndividual: true,
		Hint: "A review of risk with one partner alone.",
	},
}

// Info returns the description of k. ok is false for a progress note, which is not in NoteKinds.
func (k NoteKind) Info() (NoteKindInfo, bool) {
	i := slices.IndexFunc(NoteKinds, func(info NoteKindInfo) bool { return info.ID == k })
	if i < 0 {
		return NoteKindInfo{ID: k, Name: "Session", Title: "Progress note"}, false
	}
	return NoteKinds[i], true
}
