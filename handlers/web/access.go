// Package web holds what every page uses: who may use a route, forms, saving of fields,
// rendering, errors and languages.
package web

import (
	"slices"

	"mend/accounts"
	"mend/internal/vault"
)

// Access is who may use a route, and which materials it opens. A route that does not
// declare what it opens stops the program from starting; one that opens more
// than it declared gets the answer of what does not exist.
type Access struct {
	Role            string
	declared        bool
	Opens           []vault.Material
	Reauthenticates bool // asks for the password again after five minutes
	Early           bool // open to a counselor who has yet to set up a second factor
	Quiet           bool // asked by a page by itself: it keeps nobody signed in
	file            bool // is downloaded: the browser stays on the page it was asked from
	leaves          bool // a way out, which goes on where the disk is full
	anyHost         bool // answers under any name of the host
	uploads         bool // takes a file
}

// Who a route can be for.
var (
	Anyone     = Access{Role: "anyone"}
	Counselor  = Access{Role: "counselor"} // with a caseload; an owner has one, too
	Owner      = Access{Role: "owner"}
	Supervisor = Access{Role: "supervisor"}
	FrontDesk  = Access{Role: "front desk"}
	Staff      = Access{Role: "staff"} // who works in the practice, whatever they do there
	Partner    = Access{Role: "partner"}
	Somebody   = Access{Role: "somebody"} // who is signed in: of the staff, or a partner
)

// MayRead declares the materials that a route opens, possibly none.
func (w Access) MayRead(materials ...[]vault.Material) Access {
	w.declared, w.Opens = true, slices.Concat(materials...)
	return w
}

// NeedsReauthentication has a route ask for the password again, if it was not given of late.
func (w Access) NeedsReauthentication() Access {
	w.Reauthenticates = true
	return w
}

// IsBackground has a route be one that a page asks for without a person doing
// anything: a login goes on from it no longer than it would.
func (w Access) IsBackground() Access {
	w.Quiet = true
	return w
}

// IsDownload has a route answer with a file.
func (w Access) IsDownload() Access {
	w.file = true
	return w
}

// TakesFile has a route take the form of an uploaded file, and let one that is too large be
// read to its end, so that the browser shows why it was refused.
func (w Access) TakesFile() Access {
	w.uploads = true
	return w
}

// LeavesAlways has a route be a way out: it goes on where the disk is full.
func (w Access) LeavesAlways() Access {
	w.leaves = true
	return w
}

// FromAnyHost has a route answer under any name of the host, for programs that
// look whether the site is there.
func (w Access) FromAnyHost() Access {
	w.anyHost = true
	return w
}

// BeforeSecondFactor has a route come before the second factor that counselors must have.
func (w Access) BeforeSecondFactor() Access {
	w.Early = true
	return w
}

// admits reports whether somebody who is signed in may use the route.
func (w Access) admits(l accounts.Login) bool {
	switch w.Role {
	case Counselor.Role:
		return l.LeadsCouples()
	case Owner.Role:
		return l.IsOwner()
	case Supervisor.Role:
		return l.Role == accounts.Supervisor
	case FrontDesk.Role:
		return l.Role == accounts.FrontDesk
	case Staff.Role:
		return l.IsCounselor()
	case Partner.Role:
		return !l.IsCounselor()
	}
	return true
}

// The materials that routes open together.
var (
	NameMaterials   = []vault.Material{vault.Name}
	CoupleMaterials = []vault.Material{
		vault.Name, vault.Contact, vault.Breach, vault.Chart,
		vault.Appointment, vault.Absence,
	}
	AppointmentMaterials = []vault.Material{vault.Appointment, vault.Absence}
	LocationMaterials    = []vault.Material{vault.Location}
	SafeContactMaterials = []vault.Material{vault.SafeContact}
	PageMaterials        = []vault.Material{
		vault.LockedPage, vault.PrivatePage, vault.ReleasePage,
		vault.JointPage, vault.CounselorField,
	}
	NoteMaterials       = []vault.Material{vault.Note}
	ReleasedMaterials   = []vault.Material{vault.ReleasePage}
	JointMaterials      = []vault.Material{vault.JointPage}
	FileMaterials       = []vault.Material{vault.IndividualFile}
	OwnMaterials        = []vault.Material{vault.Name, vault.Contact, vault.Breach, vault.Appointment}
	SupervisedMaterials = []vault.Material{vault.Name, vault.Breach, vault.Note} // to a supervisor
	ContactMaterials    = []vault.Material{vault.Name, vault.Contact}
	SignInMaterials     = []vault.Material{vault.SignInName}
	ConsentMaterials    = []vault.Material{vault.Consent}
	PlanMaterials       = []vault.Material{vault.SharedPlan}
	PlanAnswerMaterials = []vault.Material{vault.PlanAnswer}
	ReasonMaterials     = []vault.Material{vault.Reason}
	EmergencyMaterials  = []vault.Material{
		vault.Name, vault.Breach, vault.Chart, vault.Note,
		vault.JointPage, vault.Reason,
	}
)
