package vault

// An Actor is a reader. Actors are created only after checking the database: the zero Actor, and
// one for another couple, can read nothing.
type Actor struct {
	practice, person, couple string
	role                     Relation // of staff; "" for a partner
	side                     Side     // of a partner
}

// ForCounselor returns the actor for a couple's counselor.
func ForCounselor(practice, person, couple string) Actor {
	return Actor{practice, person, couple, Counselor, ""}
}

// ForPartner returns the actor for one partner of a couple.
func ForPartner(practice, person, couple string, side Side) Actor {
	return Actor{practice, person, couple, "", side}
}

// ForSupervisor returns the actor for a supervisor of the couple's counselor.
func ForSupervisor(practice, person, couple string) Actor {
	return Actor{practice, person, couple, Supervisor, ""}
}

// ForDesk returns the actor for a practice's front desk.
func ForDesk(practice, person string) Actor { return Actor{practice, person, "", FrontDesk, ""} }

// ForProgram returns the actor for Mend itself within a practice, as when it signs somebody in,
// sends a reminder or imports a caseload. Of couples it reads only sign-ins, message addresses,
// meeting places and uploads.
func ForProgram(practice string) Actor { return Actor{practice, "mend", "", Program, ""} }

// ForEmergencyAccess returns the actor for an owner with emergency access to a couple's record.
func ForEmergencyAccess(practice, person, couple string) Actor {
	return Actor{practice, person, couple, EmergencyAccess, ""}
}

// Practice returns the practice of a.
func (a Actor) Practice() string { return a.practice }

// Person returns the id of the counselor or partner.
func (a Actor) Person() string { return a.person }

// Side returns which partner a is, or "" for staff.
func (a Actor) Side() Side { return a.side }

// relation returns the relation of a to something of a side, "" for both.
func (a Actor) relation(of Side) Relation {
	switch {
	case a.role != "":
		return a.role
	case of == "" || of == a.side:
		return Author
	}
	return Other
}

// Equal reports whether a and b are the same reader.
func (a Actor) Equal(b Actor) bool { return a == b }
