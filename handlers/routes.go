package handlers

import (
	"slices"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/vault"
)

// who may use a route, and which materials it opens. A route that does not
// declare what it opens stops the program from starting; one that opens more
// than it declared gets the answer of what does not exist.
type who struct {
	role     string
	declared bool
	opens    []vault.Material
	stepUp   bool // asks for the password again after five minutes
	early    bool // open to a counselor who has yet to set up a second factor
	quiet    bool // asked by a page by itself: it keeps nobody signed in
	file     bool // is downloaded: the browser stays on the page it was asked from
	handed   bool // in the hands of a partner, on the device of the counselor
}

var (
	anyone    = who{role: "anyone"}
	counselor = who{role: "counselor"} // with a caseload; an owner has one, too
	owner     = who{role: "owner"}
	overseer  = who{role: "supervisor"}
	frontDesk = who{role: "front desk"}
	staff     = who{role: "staff"} // who works in the practice, whatever they do there
	partner   = who{role: "partner"}
	somebody  = who{role: "somebody"} // who is signed in: of the staff, or a partner
)

// opening declares the materials that a route opens, possibly none.
func (w who) opening(materials ...[]vault.Material) who {
	w.declared, w.opens = true, slices.Concat(materials...)
	return w
}

// fresh has a route ask for the password again, if it was not given of late.
func (w who) fresh() who {
	w.stepUp = true
	return w
}

// unasked has a route be one that a page asks for without a person doing
// anything: a login goes on from it no longer than it would.
func (w who) unasked() who {
	w.quiet = true
	return w
}

// download has a route answer with a file.
func (w who) download() who {
	w.file = true
	return w
}

// handover has a route be used by a partner on the counselor's device: nothing
// that it answers has the counselor's frame around it, not an error either.
func (w who) handover() who {
	w.handed = true
	return w
}

// first has a route come before the second factor that counselors must have.
func (w who) first() who {
	w.early = true
	return w
}

// admits tells whether somebody who is signed in may use the route.
func (w who) admits(l accounts.Login) bool {
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
	name   = []vault.Material{vault.Name}
	couple = []vault.Material{vault.Name, vault.Contact, vault.Breach, vault.Chart}
	pages  = []vault.Material{
		vault.LockedPage, vault.PrivatePage, vault.ReleasePage,
		vault.JointPage, vault.CounselorField,
	}
	notes    = []vault.Material{vault.Note}
	released = []vault.Material{vault.ReleasePage}
	jointly  = []vault.Material{vault.JointPage}
	file     = []vault.Material{vault.IndividualFile}
	own      = []vault.Material{vault.Name, vault.Contact, vault.Breach}
	given    = []vault.Material{vault.Name, vault.Breach, vault.Note} // to a supervisor
	reach    = []vault.Material{vault.Name, vault.Contact}
	signsIn  = []vault.Material{vault.SignInName}
	why      = []vault.Material{vault.Reason}
	glass    = []vault.Material{vault.Name, vault.Breach, vault.Chart, vault.Note, vault.JointPage, vault.Reason}
)

// A route is one line of the table of everything that Mend answers.
type route struct {
	method, path string
	who          who
	handle       func(*gin.Context) error
}

// declared returns list if each route declares what it opens, and panics
// otherwise: the program does not start with an open question.
func declared(list []route) []route {
	for _, r := range list {
		if !r.who.declared {
			panic("the route " + r.method + " " + r.path + " does not declare what it opens")
		}
	}
	return list
}

// routes is the table. A route that is not here does not exist.
func (s *server) routes() []route {
	return slices.Concat(s.openRoutes(), s.coupleRoutes(), s.otherRoles(), s.sessionRoutes(), s.assignmentRoutes(),
		s.libraryRoutes(), s.settingsRoutes(), s.partnerRoutes())
}

// openRoutes need no login.
func (s *server) openRoutes() []route {
	return []route{
		{"GET", "/healthz", anyone.opening(), s.healthy},
		{"GET", "/readyz", anyone.opening(), s.ready},
		{"GET", "/assets/:version/*file", anyone.opening(), s.asset},
		{"GET", "/favicon.ico", anyone.opening(), s.icon},
		{"GET", "/about", anyone.opening(), s.showAbout},
		{"GET", "/setup", anyone.opening(), s.showSetup},
		{"POST", "/setup", anyone.opening(), s.setUp},
		{"GET", "/login", anyone.opening(), s.showLogin},
		{"POST", "/login", anyone.opening(), s.signIn},
		{"GET", "/login/code", anyone.opening(), s.showCode},
		{"POST", "/login/code", anyone.opening(), s.giveCode},
		{"POST", "/login/passkey/ask", anyone.opening(), s.askPasskeyAtTheDoor},
		{"POST", "/login/passkey", anyone.opening(), s.givePasskey},
		{"POST", "/again/passkey/ask", somebody.opening().first(), s.askPasskeyAgain},
		{"POST", "/again/passkey", somebody.opening().first(), s.stepUpWithPasskey},
		{"GET", "/again", somebody.opening().first(), s.showAgain},
		{"POST", "/again", somebody.opening().first(), s.stepUp},
		{"POST", "/logout", anyone.opening(), s.signOut},
		{"POST", "/practice-run/end", anyone.opening(), s.endRehearsal},
		{"GET", "/room", anyone.opening(), s.showRoomDoor},
		{"POST", "/room", anyone.opening(), s.enterRoom},
		{"GET", "/sessions/:session/room", anyone.opening(), s.showRoom},
		{"GET", "/sessions/:session/room/stream", anyone.opening(), s.followRoom},
		{"GET", "/join", anyone.opening(), s.showJoin},
		{"POST", "/join", anyone.opening(), s.join},
		{"GET", "/colleague", anyone.opening(), s.showColleague},
		{"POST", "/colleague", anyone.opening(), s.joinColleague},
		{"POST", "/exit", anyone.opening(own, pages), s.exit},
		{"GET", "/here", anyone.opening(), s.here},
		{"POST", "/here", anyone.opening(), s.here},
	}
}

// coupleRoutes are the counselor's day and couples.
func (s *server) coupleRoutes() []route {
	return []route{
		{"GET", "/", counselor.opening(name), s.showToday},
		{"POST", "/practice-run", counselor.opening(), s.rehearse},
		{"GET", "/styleguide", staff.opening(), s.showStyleguide},
		{"GET", "/help", staff.opening(), s.showHelp},
		{"GET", "/help/:topic", staff.opening(), s.showHelpTopic},
		{"GET", "/jump", counselor.opening(couple), s.jump},
		{"GET", "/follow-ups", counselor.opening(name, pages, why), s.showFollowUps},
		{"POST", "/follow-ups/topics/:topic", counselor.opening(), s.talked},
		{"POST", "/follow-ups/:followup/seen", counselor.opening(), s.acknowledge},
		{"GET", "/audit", owner.opening(), s.showAudit},
		{"GET", "/couples", counselor.opening(name), s.listCouples},
		{"GET", "/couples/new", counselor.opening(couple), s.newCouple},
		{"POST", "/couples/new", counselor.opening(couple), s.createCouple},
		{"GET", "/couples/:couple", counselor.opening(couple, signsIn), s.showCouple},
		{"GET", "/couples/:couple/prepare", counselor.opening(couple, notes, pages), s.showPrepare},
		{"POST", "/couples/:couple/breaches", counselor.opening(couple, signsIn), s.addBreach},
		{"POST", "/couples/:couple/policy", counselor.opening(couple), s.choosePolicy},
		{"POST", "/couples/:couple/goals", counselor.opening(couple, signsIn), s.addGoal},
		{"POST", "/couples/:couple/goals/:goal/retire", counselor.opening(couple), s.retireGoal},
		{"POST", "/couples/:couple/invitations", counselor.opening(couple, signsIn), s.invite},
		{"GET", "/couples/:couple/steps/:step", counselor.opening(couple), s.showStep},
		{"POST", "/couples/:couple/steps/:step", counselor.opening(couple), s.moveStep},
		{"POST", "/couples/:couple/steps/:step/criteria", counselor.opening(couple), s.tickCriterion},
		{"GET", "/couples/:couple/worksheets", counselor.opening(couple), s.showHomework},
		{"POST", "/couples/:couple/worksheets", counselor.opening(couple, file), s.giveHomework},
		{"GET", "/couples/:couple/record", counselor.opening(couple), s.showRecord},
		{"POST", "/couples/:couple/pathways", counselor.opening(couple, file), s.givePathway},
		{"GET", "/couples/:couple/side-by-side/:worksheet", counselor.opening(couple, released), s.showSideBySide},
		{"GET", "/couples/:couple/boundaries", counselor.opening(couple, pages), s.showBoundaries},
		{"GET", "/couples/:couple/pulse", counselor.opening(couple, pages), s.showPulse},
		{"GET", "/couples/:couple/pulse/joint", counselor.opening(couple, pages), s.showJointPulse},
		{"POST", "/couples/:couple/events", counselor.opening(couple, pages), s.markEvent},
		{"GET", "/couples/:couple/promises", counselor.opening(couple, pages), s.showPromises},
		{"POST", "/couples/:couple/promises", counselor.opening(couple, pages), s.propose},
		{"POST", "/couples/:couple/promises/:promise", counselor.opening(couple, pages), s.turnPromise},
		{"GET", "/couples/:couple/keeping", counselor.opening(couple), s.showKeeping},
		{"POST", "/couples/:couple/hold", counselor.opening(couple).fresh(), s.setLegalHold},
		{"POST", "/couples/:couple/erase", counselor.opening(couple).fresh(), s.erase},
		{"GET", "/couples/:couple/sessions/new", counselor.opening(couple), s.newSession},
		{"POST", "/couples/:couple/sessions/new", counselor.opening(couple), s.planSession},
		{"GET", "/partners/:partner/file", counselor.opening(couple, file).fresh(), s.showFile},
		{"POST", "/partners/:partner/file", counselor.opening(couple, file), s.beginForm},
		{"POST", "/partners/:partner/decision", counselor.opening(couple, file).fresh(), s.decide},
		{"POST", "/partners/:partner", counselor.opening(couple, file), s.savePartner},
	}
}

// otherRoles are the pages of supervisors, of the front desk, and of an owner
// who opens a record that is not of their own caseload.
func (s *server) otherRoles() []route {
	return []route{
		{"GET", "/supervision", overseer.opening(given), s.listSupervised},
		{"GET", "/supervision/:couple", overseer.opening(given), s.showSupervised},
		{"GET", "/supervision/:couple/notes/:session", overseer.opening(given), s.showSupervisedNote},
		{"GET", "/desk", frontDesk.opening(name), s.showCalendar},
		{"GET", "/desk/couples", frontDesk.opening(name), s.listContacts},
		{"GET", "/desk/couples/:couple", frontDesk.opening(reach), s.showContacts},
		{"POST", "/desk/couples/:couple", frontDesk.opening(reach), s.saveContact},

		{"GET", "/break-glass", owner.opening(), s.showBreakGlass},
		{"POST", "/break-glass", owner.opening(why), s.breakGlass},
		{"GET", "/break-glass/:couple", owner.opening(glass), s.showThroughGlass},
		{"GET", "/break-glass/:couple/sessions/:session", owner.opening(glass), s.showSessionThroughGlass},
		{"GET", "/break-glass/:couple/sessions/:session/note", owner.opening(glass), s.showNoteThroughGlass},
		{"GET", "/break-glass/:couple/pages/:assignment", owner.opening(glass), s.showPageThroughGlass},
		{"POST", "/break-glass/:couple/end", owner.opening(), s.endGlass},
		{"POST", "/broken/:glass/seen", counselor.opening(), s.seeBroken},
	}
}

// sessionRoutes are the counselor's sessions and their notes.
func (s *server) sessionRoutes() []route {
	return []route{
		{"GET", "/sessions/:session", counselor.opening(couple, notes), s.showSession},
		{"GET", "/sessions/:session/plan", counselor.opening(couple), s.editPlan},
		{"POST", "/sessions/:session/plan", counselor.opening(couple), s.savePlan},
		{"POST", "/sessions/:session/start", counselor.opening(couple), s.startSession},
		{"GET", "/sessions/:session/run", counselor.opening(couple, released), s.showRun},
		{"POST", "/sessions/:session/run", counselor.opening(couple, released), s.saveRun},
		{"GET", "/sessions/:session/changes", counselor.opening(couple).unasked(), s.followSession},
		{"GET", "/sessions/:session/stopped", counselor.opening(couple), s.showStopped},
		{"GET", "/sessions/:session/screen", counselor.opening(couple), s.showScreen},
		{"POST", "/sessions/:session/screen", counselor.opening(couple, released), s.turnScreen},
		{"PUT", "/sessions/:session/fields/:field", counselor.opening(couple, released), s.saveSessionField},
		{"POST", "/sessions/:session/clock", counselor.opening(couple, released), s.turnClock},
		{"POST", "/sessions/:session/end", counselor.opening(couple, notes), s.endSession},
		{"POST", "/sessions/:session/times", counselor.opening(couple, notes), s.correctTimes},
		{"GET", "/sessions/:session/pages/:assignment", counselor.opening(couple, jointly), s.showInRoom},
		{"POST", "/sessions/:session/pages/:assignment", counselor.opening(couple, jointly), s.saveInRoom},
		{"PUT", "/sessions/:session/pages/:assignment/fields/:field", counselor.opening(couple, jointly), s.saveInRoomField},
		{"GET", "/sessions/:session/note", counselor.opening(couple, notes), s.showNote},
		{"POST", "/sessions/:session/note", counselor.opening(couple, notes), s.saveNote},
		{"PUT", "/sessions/:session/note/fields/:field", counselor.opening(couple, notes), s.saveNoteField},
		{"POST", "/sessions/:session/note/format", counselor.opening(couple, notes), s.setFormat},
		{"POST", "/sessions/:session/note/sign", counselor.opening(couple, notes, pages, file), s.signNote},
		{"POST", "/sessions/:session/note/addenda", counselor.opening(couple, notes, pages, file), s.addAddendum},
		{"GET", "/sessions/:session/note.pdf", counselor.opening(couple, notes).fresh().download(), s.printNote},
	}
}

// settingsRoutes are the settings of everybody on the staff, and the practice's.
func (s *server) settingsRoutes() []route {
	return []route{
		{"GET", "/settings/me", staff.opening(), s.showMe},
		{"POST", "/settings/me", staff.opening(), s.saveMe},
		{"GET", "/settings/security", staff.opening().first(), s.showSecurity},
		{"GET", "/settings/key", owner.opening().first(), s.showKey},
		{"POST", "/settings/key", owner.opening().fresh().first(), s.keepKey},
		{"POST", "/settings/factor", staff.opening().fresh().first(), s.changeFactor},
		{"POST", "/settings/passkeys/ask", staff.opening().fresh().first(), s.beginPasskey},
		{"POST", "/settings/passkeys", staff.opening().fresh().first(), s.addPasskey},
		{"POST", "/settings/passkeys/remove", staff.opening().fresh().first(), s.removePasskey},
		{"POST", "/settings/password", staff.opening().first(), s.changePassword},
		{"POST", "/settings/spelling", staff.opening().first(), s.chooseSpelling},
		{"POST", "/settings/logins", staff.opening().first(), s.revokeLogin},
		{"POST", "/settings/code", staff.opening().first(), s.refuseCode},
		{"POST", "/settings/waiting", owner.opening().fresh(), s.setWaitHours},
		{"GET", "/settings/colleagues", owner.opening().fresh(), s.showColleagues},
		{"POST", "/settings/colleagues", owner.opening().fresh(), s.inviteColleague},
		{"POST", "/settings/colleagues/:colleague", owner.opening().fresh(), s.changeColleague},
		{"GET", "/settings/practice", owner.opening(), s.showPractice},
		{"POST", "/settings/practice", owner.opening(), s.savePractice},
		{"GET", "/settings/keeping", owner.opening(), s.showErasures},
		{"POST", "/settings/keeping", owner.opening().fresh(), s.setKeepYears},
		{"GET", "/settings/safety", owner.opening(), s.showSafety},
		{"POST", "/settings/safety", owner.opening(), s.reviewSafety},
	}
}

// partnerRoutes are a partner's own pages.
func (s *server) partnerRoutes() []route {
	return []route{
		{"GET", "/my", partner.opening(own), s.showMy},
		{"GET", "/my/access", partner.opening(own), s.showAccess},
		{"GET", "/my/settings", partner.opening(own, signsIn), s.showSecurity},
		{"POST", "/my/settings/factor", partner.opening(own, signsIn).fresh(), s.changeFactor},
		{"POST", "/my/settings/passkeys/ask", partner.opening().fresh(), s.beginPasskey},
		{"POST", "/my/settings/passkeys", partner.opening(own, signsIn).fresh(), s.addPasskey},
		{"POST", "/my/settings/passkeys/remove", partner.opening().fresh(), s.removePasskey},
		{"POST", "/my/settings/password", partner.opening(own, signsIn), s.changePassword},
		{"POST", "/my/settings/logins", partner.opening(), s.revokeLogin},
		{"POST", "/my/settings/spelling", partner.opening(), s.chooseSpelling},
		{"POST", "/my/settings/code", partner.opening(), s.refuseCode},
		{"POST", "/my/settings/language", partner.opening(), s.chooseLanguage},
		{"GET", "/my/policy", partner.opening(own), s.showPolicy},
		{"POST", "/my/policy", partner.opening(own), s.signPolicy},
		{"GET", "/my/pulse", partner.opening(own, pages), s.showMyPulse},
		{"GET", "/my/promises", partner.opening(own, pages), s.showMyPromises},
		{"POST", "/my/promises", partner.opening(own, pages), s.myPromise},
		{"POST", "/my/promises/:promise/marks", partner.opening(own, pages), s.markMyPromise},
		{"POST", "/my/promises/:promise/answer", partner.opening(own, pages), s.answerMyPromise},
		{"GET", "/my/answers", partner.opening(own), s.showMyAnswers},
		{"GET", "/my/worksheets/:assignment", partner.opening(own, pages), s.showMyPage},
		{"POST", "/my/worksheets/:assignment", partner.opening(own, pages), s.saveMyPage},
		{"POST", "/my/worksheets/:assignment/pause", partner.opening(own, pages), s.pauseAgreement},
		{"POST", "/my/worksheets/:assignment/sharing", partner.opening(own, pages), s.consent},
		{"PUT", "/my/worksheets/:assignment/fields/:field", partner.opening(own, pages), s.saveMyField},
	}
}
