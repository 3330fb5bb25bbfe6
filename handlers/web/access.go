// Package web holds what all pages share: access to routes, forms, saving of fields, rendering,
// errors and languages.
package web

import (
	"slices"

	"mend/accounts"
	"mend/internal/vault"
)

// Access declares who may use a route and which materials it may read. The program does not start
// if a route does not declare its materials. Reading one that was not declared fails as not found.
type Access struct {
	Role            string
	declared        bool
	Opens           []vault.Material
	Reauthenticates bool // requires the password if it was last given over five minutes ago
	Early           bool // allowed before a counselor has set up a second factor
	Quiet           bool // a background request, which does not extend the login
	file            bool // a download: the browser stays on the page that requested it
	leaves          bool // allowed when the disk is full, so that people can sign out or leave
	anyHost         bool // accepts any Host header
	uploads         bool // accepts an uploaded file
}

// The roles that a route can be for.
var (
	Anyone     = Access{Role: "anyone"}
	Counselor  = Access{Role: "counselor"} // has a caseload; owners do, too
	Owner      = Access{Role: "owner"}
	Supervisor = Access{Role: "supervisor"}
	FrontDesk  = Access{Role: "front desk"}
	Staff      = Access{Role: "staff"} // anyone who works in the practice
	Partner    = Access{Role: "partner"}
	Somebody   = Access{Role: "somebody"} // anyone signed in: staff or partners
)

// MayRead declares the materials that a route reads, possibly none.
func (w Access) MayRead(materials ...[]vault.Material) Access {
	w.declared, w.Opens = true, slices.Concat(materials...)
	return w
}

// NeedsReauthentication requires a recent password on a route.
func (w Access) NeedsReauthentication() Access {
	w.Reauthenticates = true
	return w
}

// IsBackground marks a route that pages request on their own. Such a request does not extend the
// login.
func (w Access) IsBackground() Access {
	w.Quiet = true
	return w
}

// IsDownload marks a route that responds with a file.
func (w Access) IsDownload() Access {
	w.file = true
	return w
}

// TakesFile marks a route that accepts an uploaded file. A file that is too large is still read to
// its end, so that the browser can show why it was refused.
func (w Access) TakesFile() Access {
	w.uploads = true
	return w
}

// LeavesAlways allows a route while the disk is full, for signing out and leaving.
func (w Access) LeavesAlways() Access {
	w.leaves = true
	return w
}

// FromAnyHost lets a route accept any Host header, for health checks.
func (w Access) FromAnyHost() Access {
	w.anyHost = true
	return w
}

// BeforeSecondFactor allows a route before a counselor has set up the required second factor.
func (w Access) BeforeSecondFactor() Access {
	w.Early = true
	return w
}

// admits reports whether a signed-in person may use the route.
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

// Materials that are commonly read together.
var (
	NameMaterials   = []vault.Material{vault.Name}
	CoupleMaterials = []vault.Material{
		vault.Name, vault.Contact, vault.Breach, vault.JointRecord,
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
	SupervisedMaterials = []vault.Material{vault.Name, vault.Breach, vault.Note} // for supervisors
	ContactMaterials    = []vault.Material{vault.Name, vault.Contact}
	SignInMaterials     = []vault.Material{vault.SignInName}
	ConsentMaterials    = []vault.Material{vault.Consent}
	PlanMaterials       = []vault.Material{vault.SharedPlan}
	PlanAnswerMaterials = []vault.Material{vault.PlanAnswer}
	ReasonMaterials     = []vault.Material{vault.Reason}
	EmergencyMaterials  = []vault.Material{
		vault.Name, vault.Breach, vault.JointRecord, vault.Note,
		vault.JointPage, vault.Reason,
	}
)
