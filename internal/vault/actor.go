package vault

// An Actor is who asks to read. Only what proved it from the database makes
// one: the zero Actor, and any for another couple, may read nothing.
type Actor struct {
	practice, person, couple string
	role                     Relation // of a professional; "" for a partner
	side                     Side     // of a partner
}

// ForCounselor is the counselor of a couple.
func ForCounselor(practice, person, couple string) Actor {
	return Actor{practice, person, couple, Counselor, ""}
}

// ForPartner is one of the two partners of a couple.
func ForPartner(practice, person, couple string, side Side) Actor {
	return Actor{practice, person, couple, "", side}
}

// ForSupervisor is a supervisor of the couple's counselor.
func ForSupervisor(practice, person, couple string) Actor {
	return Actor{practice, person, couple, Supervisor, ""}
}

// ForDesk is the front desk of a practice.
func ForDesk(practice, person string) Actor { return Actor{practice, person, "", FrontDesk, ""} }

// ForProgram is Mend itself within a practice, when it signs somebody in, sends a
// reminder or imports a caseload. It reads sign-ins, where a message goes, where both meet and
// uploads, and nothing else of couples.
func ForProgram(practice string) Actor { return Actor{practice, "mend", "", Program, ""} }

// ForEmergencyAccess is an owner who opened a couple's record for a stated reason.
func ForEmergencyAccess(practice, person, couple string) Actor {
	return Actor{practice, person, couple, EmergencyAccess, ""}
}

// Practice returns the practice that a acts in.
func (a Actor) Practice() string { return a.practice }

// Person returns the id of the counselor or partner.
func (a Actor) Person() string { return a.person }

// Side returns which partner a is, and "" for a professional.
func (a Actor) Side() Side { return a.side }

// relation returns how a stands to what is of a side, "" for both.
func (a Actor) relation(of Side) Relation {
	switch {
	case a.role != "":
		return a.role
	case of == "" || of == a.side:
		return Author
	}
	return Other
}

// Equal tells whether a and b are the same reader.
func (a Actor) Equal(b Actor) bool { return a == b }
