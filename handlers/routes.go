package handlers

import (
	"slices"

	"github.com/gin-gonic/gin"
)

// who may use a route.
type who string

const (
	anyone    who = "anyone"
	counselor who = "counselor"
	partner   who = "partner"
)

// A route is one line of the table of everything that Mend answers.
type route struct {
	method, path string
	who          who
	handle       func(*gin.Context) error
}

// routes is the table. A route that is not here does not exist.
func (s *server) routes() []route {
	return slices.Concat(s.openRoutes(), s.coupleRoutes(), s.sessionRoutes(), s.partnerRoutes())
}

// openRoutes need no login.
func (s *server) openRoutes() []route {
	return []route{
		{"GET", "/healthz", anyone, s.healthy},
		{"GET", "/readyz", anyone, s.ready},
		{"GET", "/assets/:version/*file", anyone, s.asset},
		{"GET", "/favicon.ico", anyone, s.icon},
		{"GET", "/about", anyone, s.showAbout},
		{"GET", "/setup", anyone, s.showSetup},
		{"POST", "/setup", anyone, s.setUp},
		{"GET", "/login", anyone, s.showLogin},
		{"POST", "/login", anyone, s.signIn},
		{"POST", "/logout", anyone, s.signOut},
		{"GET", "/join", anyone, s.showJoin},
		{"POST", "/join", anyone, s.join},
		{"POST", "/exit", anyone, s.exit},
	}
}

// coupleRoutes are the counselor's day and couples.
func (s *server) coupleRoutes() []route {
	return []route{
		{"GET", "/", counselor, s.showToday},
		{"GET", "/couples", counselor, s.listCouples},
		{"GET", "/couples/new", counselor, s.newCouple},
		{"POST", "/couples/new", counselor, s.createCouple},
		{"GET", "/couples/:couple", counselor, s.showCouple},
		{"POST", "/couples/:couple/breaches", counselor, s.addBreach},
		{"POST", "/couples/:couple/goals", counselor, s.addGoal},
		{"POST", "/couples/:couple/goals/:goal/retire", counselor, s.retireGoal},
		{"POST", "/couples/:couple/invitations", counselor, s.invite},
		{"GET", "/couples/:couple/steps/:step", counselor, s.showStep},
		{"POST", "/couples/:couple/steps/:step", counselor, s.moveStep},
		{"POST", "/couples/:couple/steps/:step/criteria", counselor, s.tickCriterion},
		{"GET", "/couples/:couple/worksheets", counselor, s.showHomework},
		{"POST", "/couples/:couple/worksheets", counselor, s.giveHomework},
		{"GET", "/couples/:couple/record", counselor, s.showRecord},
		{"GET", "/couples/:couple/sessions/new", counselor, s.newSession},
		{"POST", "/couples/:couple/sessions/new", counselor, s.planSession},
		{"GET", "/partners/:partner/file", counselor, s.showFile},
		{"POST", "/partners/:partner/file", counselor, s.beginForm},
		{"POST", "/partners/:partner", counselor, s.savePartner},
	}
}

// sessionRoutes are the counselor's sessions, notes, reading and library.
func (s *server) sessionRoutes() []route {
	return []route{
		{"GET", "/sessions/:session", counselor, s.showSession},
		{"GET", "/sessions/:session/plan", counselor, s.editPlan},
		{"POST", "/sessions/:session/plan", counselor, s.savePlan},
		{"POST", "/sessions/:session/start", counselor, s.startSession},
		{"GET", "/sessions/:session/run", counselor, s.showRun},
		{"POST", "/sessions/:session/run", counselor, s.saveRun},
		{"PUT", "/sessions/:session/fields/:field", counselor, s.saveSessionField},
		{"POST", "/sessions/:session/clock", counselor, s.turnClock},
		{"POST", "/sessions/:session/end", counselor, s.endSession},
		{"POST", "/sessions/:session/times", counselor, s.correctTimes},
		{"GET", "/sessions/:session/note", counselor, s.showNote},
		{"POST", "/sessions/:session/note", counselor, s.saveNote},
		{"PUT", "/sessions/:session/note/fields/:field", counselor, s.saveNoteField},
		{"POST", "/sessions/:session/note/format", counselor, s.setFormat},
		{"POST", "/sessions/:session/note/sign", counselor, s.signNote},
		{"POST", "/sessions/:session/note/addenda", counselor, s.addAddendum},
		{"GET", "/sessions/:session/note.pdf", counselor, s.printNote},

		{"GET", "/assignments/:assignment", counselor, s.readAssignment},
		{"POST", "/assignments/:assignment/read", counselor, s.markRead},
		{"POST", "/assignments/:assignment/withdraw", counselor, s.withdraw},
		{"GET", "/assignments/:assignment/form", counselor, s.showForm},
		{"POST", "/assignments/:assignment/form", counselor, s.saveForm},
		{"PUT", "/assignments/:assignment/form/fields/:field", counselor, s.saveFormField},
		{"GET", "/library", counselor, s.showLibrary},
		{"GET", "/library/:worksheet", counselor, s.showWorksheet},
	}
}

// partnerRoutes are a partner's own pages.
func (s *server) partnerRoutes() []route {
	return []route{
		{"GET", "/my", partner, s.showMy},
		{"GET", "/my/answers", partner, s.showMyAnswers},
		{"GET", "/my/worksheets/:assignment", partner, s.showMyPage},
		{"POST", "/my/worksheets/:assignment", partner, s.saveMyPage},
		{"PUT", "/my/worksheets/:assignment/fields/:field", partner, s.saveMyField},
	}
}
