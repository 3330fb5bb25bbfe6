package handlers

import (
	"slices"

	"mend/accounts"
	"mend/internal/vault"
)

// access is who may use a route, and which materials it opens. A route that does not
// declare what it opens stops the program from starting; one that opens more
// than it declared gets the answer of what does not exist.
type access struct {
	role            string
	declared        bool
	opens           []vault.Material
	reauthenticates bool // asks for the password again after five minutes
	early           bool // open to a counselor who has yet to set up a second factor
	quiet           bool // asked by a page by itself: it keeps nobody signed in
	file            bool // is downloaded: the browser stays on the page it was asked from
	handed          bool // in the hands of a partner, on the device of the counselor
}

var (
	anyone    = access{role: "anyone"}
	counselor = access{role: "counselor"} // with a caseload; an owner has one, too
	owner     = access{role: "owner"}
	overseer  = access{role: "supervisor"}
	frontDesk = access{role: "front desk"}
	staff     = access{role: "staff"} // who works in the practice, whatever they do there
	partner   = access{role: "partner"}
	somebody  = access{role: "somebody"} // who is signed in: of the staff, or a partner
)

// mayRead declares the materials that a route opens, possibly none.
func (w access) mayRead(materials ...[]vault.Material) access {
	w.declared, w.opens = true, slices.Concat(materials...)
	return w
}

// needsReauthentication has a route ask for the password again, if it was not given of late.
func (w access) needsReauthentication() access {
	w.reauthenticates = true
	return w
}

// isBackground has a route be one that a page asks for without a person doing
// anything: a login goes on from it no longer than it would.
func (w access) isBackground() access {
	w.quiet = true
	return w
}

// isDownload has a route answer with a file.
func (w access) isDownload() access {
	w.file = true
	return w
}

// isHandover has a route be used by a partner on the counselor's device: nothing
// that it answers has the counselor's frame around it, not an error either.
func (w access) isHandover() access {
	w.handed = true
	return w
}

// beforeSecondFactor has a route come before the second factor that counselors must have.
func (w access) beforeSecondFactor() access {
	w.early = true
	return w
}

// admits tells whether somebody who is signed in may use the route.
func (w access) admits(l accounts.Login) bool {
	switch w.role {
	case counselor.role:
		return l.LeadsCouples()
	case owner.role:
		return l.IsOwner()
	case overseer.role:
		return l.Role == accounts.Supervisor
	case frontDesk.role:
		return l.Role == accounts.FrontDesk
	case staff.role:
		return l.IsCounselor()
	case partner.role:
		return !l.IsCounselor()
	}
	return true
}

// The materials that routes open together.
var (
	nameMaterials   = []vault.Material{vault.Name}
	coupleMaterials = []vault.Material{vault.Name, vault.Contact, vault.Breach, vault.Chart}
	pageMaterials   = []vault.Material{
		vault.LockedPage, vault.PrivatePage, vault.ReleasePage,
		vault.JointPage, vault.CounselorField,
	}
	noteMaterials       = []vault.Material{vault.Note}
	releasedMaterials   = []vault.Material{vault.ReleasePage}
	jointMaterials      = []vault.Material{vault.JointPage}
	fileMaterials       = []vault.Material{vault.IndividualFile}
	ownMaterials        = []vault.Material{vault.Name, vault.Contact, vault.Breach}
	supervisedMaterials = []vault.Material{vault.Name, vault.Breach, vault.Note} // to a supervisor
	contactMaterials    = []vault.Material{vault.Name, vault.Contact}
	signInMaterials     = []vault.Material{vault.SignInName}
	reasonMaterials     = []vault.Material{vault.Reason}
	glass               = []vault.Material{
		vault.Name, vault.Breach, vault.Chart, vault.Note,
		vault.JointPage, vault.Reason,
	}
)
