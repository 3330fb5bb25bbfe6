package staff

import (
	"mend/handlers/surface"
	"mend/handlers/web"
)

// assignmentRoutes returns the routes on which a counselor reads, releases, fills in and prints
// assigned worksheets.
func (s *Server) assignmentRoutes() []web.Route {
	return []web.Route{
		web.Get("/assignments/:assignment", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.readAssignment),
		web.Post("/assignments/:assignment/read", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.markRead),
		web.Post("/assignments/:assignment/sharing", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials).NeedsReauthentication(), s.decideSharing),
		web.Post("/assignments/:assignment/active", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.activate),
		web.Post("/assignments/:assignment/agreement", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.turnAgreement),
		web.Post("/assignments/:assignment/close", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.closeJoint),
		web.Get("/assignments/:assignment/earlier", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.showEarlier),
		web.Post("/assignments/:assignment/comments", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.comment),
		web.Get("/assignments/:assignment/answers", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials).NeedsReauthentication().
				IsDownload(),
			s.exportAnswers),
		web.Get("/assignments/:assignment/blank", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.printBlank),
		web.Get("/assignments/:assignment/handed", surface.Handover,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials).NeedsReauthentication(), s.showHanded),
		web.Post("/assignments/:assignment/handed", surface.Handover,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.saveHanded),
		web.Get("/assignments/:assignment/paper", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.showPaper),
		web.Post("/assignments/:assignment/paper", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials), s.savePaper),
		web.Post("/assignments/:assignment/open", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials), s.openNow),
		web.Post("/assignments/:assignment/withdraw", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.withdraw),
		web.Get("/assignments/:assignment/form", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials).NeedsReauthentication(),
			s.showForm),
		web.Get("/assignments/:assignment/handover", surface.Handover,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials).NeedsReauthentication(),
			s.showHandover),
		web.Post("/assignments/:assignment/handover", surface.Handover,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.saveHandover),
		web.Put("/assignments/:assignment/handover/fields/:field", surface.Handover,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.saveHandoverField),
		web.Post("/assignments/:assignment/wrong-person", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials).NeedsReauthentication(), s.setAside),
		web.Post("/assignments/:assignment/form", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.saveForm),
		web.Put("/assignments/:assignment/form/fields/:field", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.PageMaterials, web.FileMaterials), s.saveFormField),
	}
}

// libraryRoutes returns the routes of the worksheets that can be assigned.
func (s *Server) libraryRoutes() []web.Route {
	return []web.Route{
		web.Get("/library", surface.Live, web.Counselor.MayRead(), s.showLibrary),
		web.Get("/library/pathways", surface.Live, web.Counselor.MayRead(), s.showPathways),
		web.Post("/library/pathways", surface.Live, web.Counselor.MayRead(), s.savePathway),
		web.Get("/library/pathways/:pathway", surface.Live, web.Counselor.MayRead(), s.showPathway),
		web.Post("/library/pathways/:pathway", surface.Live, web.Counselor.MayRead(), s.savePathway),
		web.Get("/library/pathways/:pathway/booklet", surface.Live, web.Counselor.MayRead(), s.printPathway),
		web.Post("/library/pathways/:pathway/retire", surface.Live, web.Counselor.MayRead(), s.retirePathway),
		web.Post("/library/own", surface.Live, web.Counselor.MayRead(), s.makeOwn),
		web.Get("/library/own/:own", surface.Live, web.Counselor.MayRead(), s.showOwn),
		web.Post("/library/own/:own", surface.Live, web.Counselor.MayRead(), s.saveOwn),
		web.Put("/library/own/:own/fields/:field", surface.Live, web.Counselor.MayRead(), s.saveOwnDraft),
		web.Post("/library/own/:own/retire", surface.Live, web.Counselor.MayRead(), s.retireOwn),
		web.Get("/library/import", surface.Live, web.Counselor.MayRead(), s.showImport),
		web.Post("/library/import", surface.Live, web.Counselor.MayRead(), s.importWorksheet),
		web.Get("/library/:worksheet", surface.Live, web.Counselor.MayRead(), s.showWorksheet),
	}
}

// settingsRoutes returns the routes of personal settings and the practice's settings.
func (s *Server) settingsRoutes() []web.Route {
	return []web.Route{
		web.Get("/settings/me", surface.Live, web.Staff.MayRead(), s.showMe),
		web.Post("/settings/me", surface.Live, web.Staff.MayRead(), s.saveMe),
		web.Get("/settings/key", surface.Live, web.Owner.MayRead().BeforeSecondFactor(), s.showKey),
		web.Post("/settings/key", surface.Live,
			web.Owner.MayRead().NeedsReauthentication().BeforeSecondFactor(), s.keepKey),
		web.Post("/settings/waiting", surface.Live, web.Owner.MayRead().NeedsReauthentication(), s.setWaitHours),
		web.Get("/settings/colleagues", surface.Live, web.Owner.MayRead().NeedsReauthentication(), s.showColleagues),
		web.Post("/settings/colleagues", surface.Live, web.Owner.MayRead().NeedsReauthentication(), s.inviteColleague),
		web.Post("/settings/colleagues/:colleague", surface.Live,
			web.Owner.MayRead().NeedsReauthentication(), s.changeColleague),
		web.Get("/settings/practice", surface.Live, web.Owner.MayRead(), s.showPractice),
		web.Post("/settings/practice", surface.Live, web.Owner.MayRead(), s.savePractice),
		web.Get("/settings/consents", surface.Live, web.Owner.MayRead(), s.showConsentForms),
		web.Post("/settings/consents", surface.Live, web.Owner.MayRead(), s.makeConsentForm),
		web.Get("/settings/consents/:form", surface.Live, web.Owner.MayRead(), s.showConsentForm),
		web.Post("/settings/consents/:form", surface.Live, web.Owner.MayRead(), s.saveConsentForm),
		web.Post("/settings/record-requests", surface.Live, web.Owner.MayRead(), s.saveAnswerDays),
		web.Post("/settings/reminders", surface.Live, web.Owner.MayRead(), s.saveReminders),
		web.Get("/settings/retention", surface.Live, web.Owner.MayRead(), s.showErasures),
		web.Post("/settings/retention", surface.Live, web.Owner.MayRead().NeedsReauthentication(), s.setKeepYears),
		web.Get("/settings/safety", surface.Live, web.Owner.MayRead(), s.showSafety),
		web.Post("/settings/safety", surface.Live, web.Owner.MayRead(), s.reviewSafety),
	}
}
