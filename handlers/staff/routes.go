package staff

import (
	"slices"

	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/vault"
)

// Routes returns the routes of the practice's staff.
func (s *Server) Routes() []web.Route {
	return slices.Concat(s.dayRoutes(), s.coupleRoutes(), s.workRoutes(), s.planRoutes(), s.roleRoutes(),
		s.sessionRoutes(), s.closingRoutes(), s.standaloneNoteRoutes("/notes/:note", web.NoteMaterials),
		s.standaloneNoteRoutes("/partners/:partner/notes/:note", web.FileMaterials), s.assignmentRoutes(),
		s.consentRoutes(), s.releaseRoutes(), s.treatmentRoutes(), s.importRoutes(), s.exportRoutes(), s.libraryRoutes(),
		s.settingsRoutes())
}

// dayRoutes returns the routes of the counselor's day.
func (s *Server) dayRoutes() []web.Route {
	return []web.Route{
		web.Post("/practice-run/end", surface.Public, web.Anyone.MayRead(), s.endSandbox),
		web.Get("/", surface.Staff, web.Counselor.MayRead(web.NameMaterials), s.showToday),
		web.Post("/practice-run", surface.Staff, web.Counselor.MayRead().BeforeSecondFactor(), s.beginSandbox),
		web.Get("/styleguide", surface.Live, web.Staff.MayRead(), s.ShowStyleguide),
		web.Get("/help", surface.Live, web.Staff.MayRead(), s.showHelp),
		web.Get("/help/:topic", surface.Live, web.Staff.MayRead(), s.showHelpTopic),
		web.Get("/jump", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.jump),
		web.Get("/follow-ups", surface.Staff,
			web.Counselor.MayRead(web.NameMaterials, web.PageMaterials, web.ReasonMaterials), s.showFollowUps),
		web.Post("/follow-ups/topics/:topic", surface.Staff, web.Counselor.MayRead(), s.dismissTopic),
		web.Post("/follow-ups/:followup/seen", surface.Staff, web.Counselor.MayRead(), s.acknowledge),
		web.Post("/reminders/:reminder/seen", surface.Staff, web.Counselor.MayRead(), s.markReminderSeen),
		web.Get("/audit", surface.Live, web.Owner.MayRead(), s.showAudit),
	}
}

// coupleRoutes returns the routes of couples and their records.
func (s *Server) coupleRoutes() []web.Route {
	return []web.Route{
		web.Get("/couples", surface.Staff, web.Counselor.MayRead(web.NameMaterials), s.listCouples),
		web.Get("/couples/new", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.newCouple),
		web.Post("/couples/new", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.createCouple),
		web.Get("/couples/:couple", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SignInMaterials), s.showCouple),
		web.Get("/couples/:couple/prepare", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.PageMaterials, web.FileMaterials), s.showPrepare),
		web.Post("/couples/:couple/breaches", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SignInMaterials), s.addBreach),
		web.Post("/couples/:couple/goals", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SignInMaterials), s.addGoal),
		web.Post("/couples/:couple/goals/:goal/retire", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.retireGoal),
		web.Post("/couples/:couple/policy", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SignInMaterials), s.choosePolicy),
		web.Post("/couples/:couple/invitations", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SignInMaterials), s.invite),
		web.Get("/couples/:couple/steps/:step", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.showStep),
		web.Post("/couples/:couple/steps/:step", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.moveStep),
		web.Post("/couples/:couple/steps/:step/criteria", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.tickCriterion),
	}
}

// workRoutes returns the routes of homework, pulses, promises and sessions.
func (s *Server) workRoutes() []web.Route {
	return []web.Route{
		web.Get("/couples/:couple/worksheets", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials), s.showHomework),
		web.Post("/couples/:couple/worksheets", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.giveHomework),
		web.Get("/couples/:couple/record", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.showRecord),
		web.Get("/couples/:couple/record.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.printRecord),
		web.Post("/couples/:couple/pathways", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.givePathway),
		web.Get("/couples/:couple/side-by-side/:worksheet", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.showSideBySide),
		web.Get("/couples/:couple/boundaries", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.showBoundaries),
		web.Get("/couples/:couple/pulse", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.showPulse),
		web.Get("/couples/:couple/pulse/joint", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.showJointPulse),
		web.Post("/couples/:couple/events", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.markEvent),
		web.Get("/couples/:couple/promises", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.showPromises),
		web.Post("/couples/:couple/promises", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.propose),
		web.Post("/couples/:couple/promises/:promise", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.turnPromise),
		web.Get("/couples/:couple/retention", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.showRetention),
		web.Post("/couples/:couple/hold", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).NeedsReauthentication(), s.setLegalHold),
		web.Post("/couples/:couple/erase", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).NeedsReauthentication(), s.erase),
		web.Get("/couples/:couple/sessions/new", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.newSession),
		web.Post("/couples/:couple/sessions/new", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.planSession),
		web.Get("/couples/:couple/notes/new", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.newNote),
		web.Post("/couples/:couple/notes/new", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.FileMaterials), s.beginNote),
		web.Get("/partners/:partner/file", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials, web.LocationMaterials).NeedsReauthentication(),
			s.showFile),
		web.Post("/partners/:partner/file", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.beginForm),
		web.Post("/partners/:partner/notes", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.beginNoteOfForm),
		web.Post("/partners/:partner/decision", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials, web.LocationMaterials).NeedsReauthentication(),
			s.decide),
		web.Get("/partners/:partner/contact", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SafeContactMaterials).NeedsReauthentication(),
			s.showSafeContact),
		web.Post("/partners/:partner/contact", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.SafeContactMaterials).NeedsReauthentication(),
			s.saveSafeContact),
		web.Post("/partners/:partner", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials, web.LocationMaterials), s.savePartner),
	}
}

// treatmentRoutes returns the routes of a couple's treatment plan.
func (s *Server) treatmentRoutes() []web.Route {
	const plan = "/couples/:couple/treatment-plan"
	return []web.Route{
		web.Get(plan, surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PlanMaterials, web.PlanAnswerMaterials), s.showTreatmentPlan),
		web.Post(plan, surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PlanMaterials, web.PlanAnswerMaterials, web.PageMaterials,
				web.FileMaterials),
			s.changeTreatmentPlan),
		web.Get(plan+".pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PlanMaterials).IsDownload(), s.printTreatmentPlan),
		web.Get(plan+"/objectives/new", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.showObjective),
		web.Post(plan+"/objectives/new", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.saveObjective),
		web.Get(plan+"/objectives/:objective", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.showObjective),
		web.Post(plan+"/objectives/:objective", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.saveObjective),
	}
}

// consentRoutes returns the routes of one partner's consent forms and billing statement.
func (s *Server) consentRoutes() []web.Route {
	return []web.Route{
		web.Get("/partners/:partner/consents", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.ConsentMaterials), s.showConsents),
		web.Post("/partners/:partner/consents", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.ConsentMaterials), s.giveConsents),
		web.Post("/partners/:partner/consents/:consent", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.ConsentMaterials), s.cancelConsent),
		web.Get("/partners/:partner/consents/:consent/form.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.ConsentMaterials).IsDownload(), s.printConsent),
		web.Get("/partners/:partner/statement", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials).NeedsReauthentication(), s.showStatement),
		web.Post("/partners/:partner/statement", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials).NeedsReauthentication(), s.saveBilling),
		web.Get("/partners/:partner/statement.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials).NeedsReauthentication().IsDownload(),
			s.printStatement),
		web.Get("/partners/:partner/statement.csv", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials).NeedsReauthentication().IsDownload(),
			s.downloadStatement),
		web.Get("/partners/:partner/policy.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).IsDownload(), s.printPolicy),
	}
}

// importRoutes returns the routes of the caseload import.
func (s *Server) importRoutes() []web.Route {
	reads := web.Counselor.MayRead(web.CoupleMaterials)
	return []web.Route{
		web.Get("/couples/import", surface.Staff, web.Counselor.MayRead(), s.showUpload),
		web.Post("/couples/import", surface.Staff, web.Counselor.MayRead().TakesFile(), s.uploadCaseload),
		web.Get("/couples/import/sample.csv", surface.Staff, web.Counselor.MayRead().IsDownload(), s.downloadSample),
		web.Get("/couples/import/:import", surface.Staff, reads, s.showCaseloadImport),
		web.Post("/couples/import/:import", surface.Staff, reads, s.importCaseload),
		web.Post("/couples/import/:import/undo", surface.Staff, reads, s.undoCaseloadImport),
	}
}

// exportRoutes returns the routes of the caseload export.
func (s *Server) exportRoutes() []web.Route {
	return []web.Route{
		web.Get("/settings/data", surface.Staff, web.Counselor.MayRead(), s.showData),
		web.Get("/settings/data/caseload.zip", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.NoteMaterials, web.FileMaterials,
				web.ConsentMaterials, web.PlanMaterials, web.PlanAnswerMaterials).NeedsReauthentication().IsDownload(),
			s.exportCaseload),
	}
}

// planRoutes returns the routes of what is planned for an appointment, and of the note of a missed
// one.
func (s *Server) planRoutes() []web.Route {
	return []web.Route{
		web.Post("/appointments/:appointment/session", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.openSession),
		web.Post("/appointments/:appointment/note", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.FileMaterials), s.draftMissed),
		web.Post("/appointments/:appointment/reuse", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.reusePlan),
	}
}

// roleRoutes returns the routes of supervisors, of the front desk, and of owners who open a record
// outside their own caseload.
func (s *Server) roleRoutes() []web.Route {
	return []web.Route{
		web.Get("/supervision", surface.Staff, web.Supervisor.MayRead(web.SupervisedMaterials), s.listSupervised),
		web.Get("/supervision/:couple", surface.Staff,
			web.Supervisor.MayRead(web.SupervisedMaterials), s.showSupervised),
		web.Get("/supervision/:couple/notes/:session", surface.Staff,
			web.Supervisor.MayRead(web.SupervisedMaterials), s.showSupervisedNote),
		web.Post("/supervision/:couple/notes/:session", surface.Staff,
			web.Supervisor.MayRead(web.SupervisedMaterials), s.coSign),
		web.Get("/front-desk/couples", surface.Staff, web.FrontDesk.MayRead(web.NameMaterials), s.listContacts),
		web.Get("/front-desk/couples/:couple", surface.Staff, web.FrontDesk.MayRead(web.ContactMaterials), s.showContacts),
		web.Post("/front-desk/couples/:couple", surface.Staff, web.FrontDesk.MayRead(web.ContactMaterials), s.saveContact),
		web.Get("/emergency-access", surface.Live, web.Owner.MayRead(), s.showEmergencyAccess),
		web.Post("/emergency-access", surface.Staff, web.Owner.MayRead(web.ReasonMaterials), s.openEmergencyAccess),
		web.Get("/emergency-access/:couple", surface.Staff, web.Owner.MayRead(web.EmergencyMaterials), s.showEmergencyRecord),
		web.Get("/emergency-access/:couple/sessions/:session", surface.Staff,
			web.Owner.MayRead(web.EmergencyMaterials), s.showEmergencySession),
		web.Get("/emergency-access/:couple/sessions/:session/note", surface.Staff,
			web.Owner.MayRead(web.EmergencyMaterials), s.showEmergencyNote),
		web.Get("/emergency-access/:couple/pages/:assignment", surface.Staff,
			web.Owner.MayRead(web.EmergencyMaterials), s.showEmergencyPage),
		web.Post("/emergency-access/:couple/end", surface.Live, web.Owner.MayRead(), s.endEmergencyAccess),
		web.Post("/emergency-accesses/:access/seen", surface.Staff, web.Counselor.MayRead(), s.acknowledgeAccess),
	}
}

// sessionRoutes returns the routes of the counselor's sessions and their notes.
func (s *Server) sessionRoutes() []web.Route {
	return []web.Route{
		web.Get("/sessions/:session", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.showSession),
		web.Get("/sessions/:session/plan", surface.Live, web.Counselor.MayRead(web.CoupleMaterials), s.editPlan),
		web.Post("/sessions/:session/plan", surface.Live, web.Counselor.MayRead(web.CoupleMaterials), s.savePlan),
		web.Post("/sessions/:session/times", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.correctTimes),
		web.Get("/sessions/:session/note", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.showNote),
		web.Post("/sessions/:session/note", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.saveNote),
		web.Put("/sessions/:session/note/fields/:field", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.saveNoteField),
		web.Post("/sessions/:session/note/format", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.setFormat),
		web.Post("/sessions/:session/note/sign", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.PageMaterials, web.FileMaterials),
			s.signNote),
		web.Post("/sessions/:session/note/addenda", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.PageMaterials, web.FileMaterials),
			s.addAddendum),
		web.Get("/sessions/:session/note.pdf", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials).NeedsReauthentication().IsDownload(),
			s.printNote),
	}
}

// standaloneNoteRoutes returns the routes of standalone notes under a path: those of the joint
// record or of an individual file. They cannot read the other of the two, except for signing, which
// compares the note with private wording.
func (s *Server) standaloneNoteRoutes(path string, materials []vault.Material) []web.Route {
	reads := web.Counselor.MayRead(web.CoupleMaterials, materials)
	signs := web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials, web.PageMaterials, web.FileMaterials)
	return []web.Route{
		web.Get(path, surface.Staff, reads, s.showStandalone),
		web.Post(path, surface.Staff, reads, s.saveStandalone),
		web.Put(path+"/fields/:field", surface.Staff, reads, s.saveStandaloneField),
		web.Post(path+"/sign", surface.Staff, signs, s.signStandalone),
		web.Post(path+"/addenda", surface.Staff, signs, s.appendStandalone),
		web.Get(path+"/note.pdf", surface.Staff, reads.NeedsReauthentication().IsDownload(), s.printStandalone),
	}
}

// closingRoutes returns the routes of setbacks and of closing a couple.
func (s *Server) closingRoutes() []web.Route {
	return []web.Route{
		web.Get("/couples/:couple/close", surface.Staff, web.Counselor.MayRead(web.CoupleMaterials), s.showClose),
		web.Post("/couples/:couple/close", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).NeedsReauthentication(), s.closeCouple),
		web.Post("/couples/:couple/close/summary", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.NoteMaterials), s.draftSummary),
		web.Get("/partners/:partner/closing-letter.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).IsDownload(), s.printClosingLetter),
		web.Get("/couples/:couple/setback", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.showSetback),
		web.Post("/couples/:couple/setback", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.markSetback),
		web.Post("/couples/:couple/setback/resume", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.FileMaterials), s.resumeSharing),
		web.Post("/couples/:couple/reopen", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials).NeedsReauthentication(), s.reopenCouple),
	}
}
