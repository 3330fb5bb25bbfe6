package handlers

import (
	"slices"

	"github.com/gin-gonic/gin"
)

// A route is one line of the table of everything that Mend answers.
type route struct {
	method, path string
	who          access
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
		{"GET", "/healthz", anyone.mayRead(), s.healthy},
		{"GET", "/readyz", anyone.mayRead(), s.ready},
		{"GET", "/assets/:version/*file", anyone.mayRead(), s.asset},
		{"GET", "/favicon.ico", anyone.mayRead(), s.icon},
		{"GET", "/about", anyone.mayRead(), s.showAbout},
		{"GET", "/setup", anyone.mayRead(), s.showSetup},
		{"POST", "/setup", anyone.mayRead(), s.setUp},
		{"GET", "/login", anyone.mayRead(), s.showLogin},
		{"POST", "/login", anyone.mayRead(), s.signIn},
		{"GET", "/login/code", anyone.mayRead(), s.showCode},
		{"POST", "/login/code", anyone.mayRead(), s.giveCode},
		{"POST", "/login/passkey/ask", anyone.mayRead(), s.askPasskeyAtTheDoor},
		{"POST", "/login/passkey", anyone.mayRead(), s.givePasskey},
		{"POST", "/again/passkey/ask", somebody.mayRead().beforeSecondFactor(), s.askPasskeyAgain},
		{"POST", "/again/passkey", somebody.mayRead().beforeSecondFactor(), s.stepUpWithPasskey},
		{"GET", "/again", somebody.mayRead().beforeSecondFactor(), s.showAgain},
		{"POST", "/again", somebody.mayRead().beforeSecondFactor(), s.stepUp},
		{"POST", "/logout", anyone.mayRead(), s.signOut},
		{"POST", "/practice-run/end", anyone.mayRead(), s.endRehearsal},
		{"GET", "/room", anyone.mayRead(), s.showRoomDoor},
		{"POST", "/room", anyone.mayRead(), s.enterRoom},
		{"GET", "/sessions/:session/room", anyone.mayRead(), s.showRoom},
		{"GET", "/sessions/:session/room/stream", anyone.mayRead(), s.followRoom},
		{"GET", "/join", anyone.mayRead(), s.showJoin},
		{"POST", "/join", anyone.mayRead(), s.join},
		{"GET", "/colleague", anyone.mayRead(), s.showColleague},
		{"POST", "/colleague", anyone.mayRead(), s.joinColleague},
		{"POST", "/exit", anyone.mayRead(ownMaterials, pageMaterials), s.exit},
		{"GET", "/here", anyone.mayRead(), s.here},
		{"POST", "/here", anyone.mayRead(), s.here},
	}
}

// coupleRoutes are the counselor's day and couples.
func (s *server) coupleRoutes() []route {
	return []route{
		{"GET", "/", counselor.mayRead(nameMaterials), s.showToday},
		{"POST", "/practice-run", counselor.mayRead(), s.rehearse},
		{"GET", "/styleguide", staff.mayRead(), s.showStyleguide},
		{"GET", "/help", staff.mayRead(), s.showHelp},
		{"GET", "/help/:topic", staff.mayRead(), s.showHelpTopic},
		{"GET", "/jump", counselor.mayRead(coupleMaterials), s.jump},
		{"GET", "/follow-ups", counselor.mayRead(nameMaterials, pageMaterials, reasonMaterials), s.showFollowUps},
		{"POST", "/follow-ups/topics/:topic", counselor.mayRead(), s.talked},
		{"POST", "/follow-ups/:followup/seen", counselor.mayRead(), s.acknowledge},
		{"GET", "/audit", owner.mayRead(), s.showAudit},
		{"GET", "/couples", counselor.mayRead(nameMaterials), s.listCouples},
		{"GET", "/couples/new", counselor.mayRead(coupleMaterials), s.newCouple},
		{"POST", "/couples/new", counselor.mayRead(coupleMaterials), s.createCouple},
		{"GET", "/couples/:couple", counselor.mayRead(coupleMaterials, signInMaterials), s.showCouple},
		{"GET", "/couples/:couple/prepare", counselor.mayRead(coupleMaterials, noteMaterials, pageMaterials), s.showPrepare},
		{"POST", "/couples/:couple/breaches", counselor.mayRead(coupleMaterials, signInMaterials), s.addBreach},
		{"POST", "/couples/:couple/policy", counselor.mayRead(coupleMaterials), s.choosePolicy},
		{"POST", "/couples/:couple/goals", counselor.mayRead(coupleMaterials, signInMaterials), s.addGoal},
		{"POST", "/couples/:couple/goals/:goal/retire", counselor.mayRead(coupleMaterials), s.retireGoal},
		{"POST", "/couples/:couple/invitations", counselor.mayRead(coupleMaterials, signInMaterials), s.invite},
		{"GET", "/couples/:couple/steps/:step", counselor.mayRead(coupleMaterials), s.showStep},
		{"POST", "/couples/:couple/steps/:step", counselor.mayRead(coupleMaterials), s.moveStep},
		{"POST", "/couples/:couple/steps/:step/criteria", counselor.mayRead(coupleMaterials), s.tickCriterion},
		{"GET", "/couples/:couple/worksheets", counselor.mayRead(coupleMaterials), s.showHomework},
		{"POST", "/couples/:couple/worksheets", counselor.mayRead(coupleMaterials, fileMaterials), s.giveHomework},
		{"GET", "/couples/:couple/record", counselor.mayRead(coupleMaterials), s.showRecord},
		{"POST", "/couples/:couple/pathways", counselor.mayRead(coupleMaterials, fileMaterials), s.givePathway},
		{
			"GET", "/couples/:couple/side-by-side/:worksheet", counselor.mayRead(coupleMaterials, releasedMaterials),
			s.showSideBySide,
		},
		{"GET", "/couples/:couple/boundaries", counselor.mayRead(coupleMaterials, pageMaterials), s.showBoundaries},
		{"GET", "/couples/:couple/pulse", counselor.mayRead(coupleMaterials, pageMaterials), s.showPulse},
		{"GET", "/couples/:couple/pulse/joint", counselor.mayRead(coupleMaterials, pageMaterials), s.showJointPulse},
		{"POST", "/couples/:couple/events", counselor.mayRead(coupleMaterials, pageMaterials), s.markEvent},
		{"GET", "/couples/:couple/promises", counselor.mayRead(coupleMaterials, pageMaterials), s.showPromises},
		{"POST", "/couples/:couple/promises", counselor.mayRead(coupleMaterials, pageMaterials), s.propose},
		{"POST", "/couples/:couple/promises/:promise", counselor.mayRead(coupleMaterials, pageMaterials), s.turnPromise},
		{"GET", "/couples/:couple/keeping", counselor.mayRead(coupleMaterials), s.showKeeping},
		{"POST", "/couples/:couple/hold", counselor.mayRead(coupleMaterials).needsReauthentication(), s.setLegalHold},
		{"POST", "/couples/:couple/erase", counselor.mayRead(coupleMaterials).needsReauthentication(), s.erase},
		{"GET", "/couples/:couple/sessions/new", counselor.mayRead(coupleMaterials), s.newSession},
		{"POST", "/couples/:couple/sessions/new", counselor.mayRead(coupleMaterials), s.planSession},
		{
			"GET", "/partners/:partner/file", counselor.mayRead(coupleMaterials, fileMaterials).needsReauthentication(),
			s.showFile,
		},
		{"POST", "/partners/:partner/file", counselor.mayRead(coupleMaterials, fileMaterials), s.beginForm},
		{
			"POST", "/partners/:partner/decision", counselor.mayRead(coupleMaterials, fileMaterials).needsReauthentication(),
			s.decide,
		},
		{"POST", "/partners/:partner", counselor.mayRead(coupleMaterials, fileMaterials), s.savePartner},
	}
}

// otherRoles are the pages of supervisors, of the front desk, and of an owner
// who opens a record that is not of their own caseload.
func (s *server) otherRoles() []route {
	return []route{
		{"GET", "/supervision", overseer.mayRead(supervisedMaterials), s.listSupervised},
		{"GET", "/supervision/:couple", overseer.mayRead(supervisedMaterials), s.showSupervised},
		{"GET", "/supervision/:couple/notes/:session", overseer.mayRead(supervisedMaterials), s.showSupervisedNote},
		{"POST", "/supervision/:couple/notes/:session", overseer.mayRead(supervisedMaterials), s.coSign},
		{"GET", "/desk", frontDesk.mayRead(nameMaterials), s.showCalendar},
		{"GET", "/desk/couples", frontDesk.mayRead(nameMaterials), s.listContacts},
		{"GET", "/desk/couples/:couple", frontDesk.mayRead(contactMaterials), s.showContacts},
		{"POST", "/desk/couples/:couple", frontDesk.mayRead(contactMaterials), s.saveContact},

		{"GET", "/break-glass", owner.mayRead(), s.showBreakGlass},
		{"POST", "/break-glass", owner.mayRead(reasonMaterials), s.breakGlass},
		{"GET", "/break-glass/:couple", owner.mayRead(glass), s.showThroughGlass},
		{"GET", "/break-glass/:couple/sessions/:session", owner.mayRead(glass), s.showSessionThroughGlass},
		{"GET", "/break-glass/:couple/sessions/:session/note", owner.mayRead(glass), s.showNoteThroughGlass},
		{"GET", "/break-glass/:couple/pages/:assignment", owner.mayRead(glass), s.showPageThroughGlass},
		{"POST", "/break-glass/:couple/end", owner.mayRead(), s.endGlass},
		{"POST", "/broken/:glass/seen", counselor.mayRead(), s.seeBroken},
	}
}

// sessionRoutes are the counselor's sessions and their notes.
func (s *server) sessionRoutes() []route {
	return []route{
		{"GET", "/sessions/:session", counselor.mayRead(coupleMaterials, noteMaterials), s.showSession},
		{"GET", "/sessions/:session/plan", counselor.mayRead(coupleMaterials), s.editPlan},
		{"POST", "/sessions/:session/plan", counselor.mayRead(coupleMaterials), s.savePlan},
		{"POST", "/sessions/:session/start", counselor.mayRead(coupleMaterials), s.startSession},
		{"GET", "/sessions/:session/run", counselor.mayRead(coupleMaterials, releasedMaterials), s.showRun},
		{"POST", "/sessions/:session/run", counselor.mayRead(coupleMaterials, releasedMaterials), s.saveRun},
		{"GET", "/sessions/:session/changes", counselor.mayRead(coupleMaterials).isBackground(), s.followSession},
		{"GET", "/sessions/:session/stopped", counselor.mayRead(coupleMaterials), s.showStopped},
		{"GET", "/sessions/:session/screen", counselor.mayRead(coupleMaterials), s.showScreen},
		{"POST", "/sessions/:session/screen", counselor.mayRead(coupleMaterials, releasedMaterials), s.turnScreen},
		{
			"PUT", "/sessions/:session/fields/:field", counselor.mayRead(coupleMaterials, releasedMaterials),
			s.saveSessionField,
		},
		{"POST", "/sessions/:session/clock", counselor.mayRead(coupleMaterials, releasedMaterials), s.turnClock},
		{"POST", "/sessions/:session/end", counselor.mayRead(coupleMaterials, noteMaterials), s.endSession},
		{"POST", "/sessions/:session/times", counselor.mayRead(coupleMaterials, noteMaterials), s.correctTimes},
		{"GET", "/sessions/:session/pages/:assignment", counselor.mayRead(coupleMaterials, jointMaterials), s.showInRoom},
		{"POST", "/sessions/:session/pages/:assignment", counselor.mayRead(coupleMaterials, jointMaterials), s.saveInRoom},
		{
			"PUT", "/sessions/:session/pages/:assignment/fields/:field",
			counselor.mayRead(coupleMaterials, jointMaterials), s.saveInRoomField,
		},
		{"GET", "/sessions/:session/note", counselor.mayRead(coupleMaterials, noteMaterials), s.showNote},
		{"POST", "/sessions/:session/note", counselor.mayRead(coupleMaterials, noteMaterials), s.saveNote},
		{"PUT", "/sessions/:session/note/fields/:field", counselor.mayRead(coupleMaterials, noteMaterials), s.saveNoteField},
		{"POST", "/sessions/:session/note/format", counselor.mayRead(coupleMaterials, noteMaterials), s.setFormat},
		{
			"POST", "/sessions/:session/note/sign",
			counselor.mayRead(coupleMaterials, noteMaterials, pageMaterials, fileMaterials), s.signNote,
		},
		{
			"POST", "/sessions/:session/note/addenda",
			counselor.mayRead(coupleMaterials, noteMaterials, pageMaterials, fileMaterials), s.addAddendum,
		},
		{
			"GET", "/sessions/:session/note.pdf",
			counselor.mayRead(coupleMaterials, noteMaterials).needsReauthentication().isDownload(), s.printNote,
		},
	}
}

// settingsRoutes are the settings of everybody on the staff, and the practice's.
func (s *server) settingsRoutes() []route {
	return []route{
		{"GET", "/settings/me", staff.mayRead(), s.showMe},
		{"POST", "/settings/me", staff.mayRead(), s.saveMe},
		{"GET", "/settings/security", staff.mayRead().beforeSecondFactor(), s.showSecurity},
		{"GET", "/settings/key", owner.mayRead().beforeSecondFactor(), s.showKey},
		{"POST", "/settings/key", owner.mayRead().needsReauthentication().beforeSecondFactor(), s.keepKey},
		{"POST", "/settings/factor", staff.mayRead().needsReauthentication().beforeSecondFactor(), s.changeFactor},
		{"POST", "/settings/passkeys/ask", staff.mayRead().needsReauthentication().beforeSecondFactor(), s.beginPasskey},
		{"POST", "/settings/passkeys", staff.mayRead().needsReauthentication().beforeSecondFactor(), s.addPasskey},
		{"POST", "/settings/passkeys/remove", staff.mayRead().needsReauthentication().beforeSecondFactor(), s.removePasskey},
		{"POST", "/settings/password", staff.mayRead().beforeSecondFactor(), s.changePassword},
		{"POST", "/settings/spelling", staff.mayRead().beforeSecondFactor(), s.chooseSpelling},
		{"POST", "/settings/logins", staff.mayRead().beforeSecondFactor(), s.revokeLogin},
		{"POST", "/settings/code", staff.mayRead().beforeSecondFactor(), s.refuseCode},
		{"POST", "/settings/waiting", owner.mayRead().needsReauthentication(), s.setWaitHours},
		{"GET", "/settings/colleagues", owner.mayRead().needsReauthentication(), s.showColleagues},
		{"POST", "/settings/colleagues", owner.mayRead().needsReauthentication(), s.inviteColleague},
		{"POST", "/settings/colleagues/:colleague", owner.mayRead().needsReauthentication(), s.changeColleague},
		{"GET", "/settings/practice", owner.mayRead(), s.showPractice},
		{"POST", "/settings/practice", owner.mayRead(), s.savePractice},
		{"GET", "/settings/keeping", owner.mayRead(), s.showErasures},
		{"POST", "/settings/keeping", owner.mayRead().needsReauthentication(), s.setKeepYears},
		{"GET", "/settings/safety", owner.mayRead(), s.showSafety},
		{"POST", "/settings/safety", owner.mayRead(), s.reviewSafety},
	}
}

// partnerRoutes are a partner's own pages.
func (s *server) partnerRoutes() []route {
	return []route{
		{"GET", "/my", partner.mayRead(ownMaterials), s.showMy},
		{"GET", "/my/access", partner.mayRead(ownMaterials), s.showAccess},
		{"GET", "/my/settings", partner.mayRead(ownMaterials, signInMaterials), s.showSecurity},
		{
			"POST", "/my/settings/factor", partner.mayRead(ownMaterials, signInMaterials).needsReauthentication(),
			s.changeFactor,
		},
		{"POST", "/my/settings/passkeys/ask", partner.mayRead().needsReauthentication(), s.beginPasskey},
		{
			"POST", "/my/settings/passkeys", partner.mayRead(ownMaterials, signInMaterials).needsReauthentication(),
			s.addPasskey,
		},
		{"POST", "/my/settings/passkeys/remove", partner.mayRead().needsReauthentication(), s.removePasskey},
		{"POST", "/my/settings/password", partner.mayRead(ownMaterials, signInMaterials), s.changePassword},
		{"POST", "/my/settings/logins", partner.mayRead(), s.revokeLogin},
		{"POST", "/my/settings/spelling", partner.mayRead(), s.chooseSpelling},
		{"POST", "/my/settings/code", partner.mayRead(), s.refuseCode},
		{"POST", "/my/settings/language", partner.mayRead(), s.chooseLanguage},
		{"GET", "/my/policy", partner.mayRead(ownMaterials), s.showPolicy},
		{"POST", "/my/policy", partner.mayRead(ownMaterials), s.signPolicy},
		{"GET", "/my/pulse", partner.mayRead(ownMaterials, pageMaterials), s.showMyPulse},
		{"GET", "/my/promises", partner.mayRead(ownMaterials, pageMaterials), s.showMyPromises},
		{"POST", "/my/promises", partner.mayRead(ownMaterials, pageMaterials), s.myPromise},
		{"POST", "/my/promises/:promise/marks", partner.mayRead(ownMaterials, pageMaterials), s.markMyPromise},
		{"POST", "/my/promises/:promise/answer", partner.mayRead(ownMaterials, pageMaterials), s.answerMyPromise},
		{"GET", "/my/answers", partner.mayRead(ownMaterials), s.showMyAnswers},
		{"GET", "/my/worksheets/:assignment", partner.mayRead(ownMaterials, pageMaterials), s.showMyPage},
		{"POST", "/my/worksheets/:assignment", partner.mayRead(ownMaterials, pageMaterials), s.saveMyPage},
		{"POST", "/my/worksheets/:assignment/pause", partner.mayRead(ownMaterials, pageMaterials), s.pauseAgreement},
		{"POST", "/my/worksheets/:assignment/sharing", partner.mayRead(ownMaterials, pageMaterials), s.consent},
		{"PUT", "/my/worksheets/:assignment/fields/:field", partner.mayRead(ownMaterials, pageMaterials), s.saveMyField},
	}
}
