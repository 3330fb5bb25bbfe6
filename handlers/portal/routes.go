package portal

import (
	"mend/handlers/surface"
	"mend/handlers/web"
)

// Routes returns the routes of a partner's own pages and the quick exit.
func (s *Server) Routes() []web.Route { return append(s.pageRoutes(), s.formRoutes()...) }

// formRoutes returns the routes of consents, authorizations and disclosures.
func (s *Server) formRoutes() []web.Route {
	return []web.Route{
		web.Get("/my/policy", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.showPolicy),
		web.Post("/my/policy", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.signPolicy),
		web.Get("/my/policy.pdf", surface.Portal, web.Partner.MayRead(web.OwnMaterials).IsDownload(), s.printMyPolicy),
		web.Get("/my/consents", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.showMyConsents),
		web.Get("/my/consents/:consent", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.showMyConsent),
		web.Post("/my/consents/:consent", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.replyToConsent),
		web.Get("/my/consents/:consent/form.pdf", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials).IsDownload(), s.printMyConsent),
		web.Get("/my/authorizations/:authorization", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.showMyAuthorization),
		web.Post("/my/authorizations/:authorization", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.replyToAuthorization),
		web.Get("/my/authorizations/:authorization/form.pdf", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials).IsDownload(), s.printMyAuthorization),
		web.Get("/my/released.pdf", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials).IsDownload(), s.printMyDisclosures),
		web.Get("/my/treatment-plan", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PlanMaterials, web.PlanAnswerMaterials), s.showMyPlan),
		web.Post("/my/treatment-plan", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PlanMaterials, web.PlanAnswerMaterials), s.answerMyPlan),
		web.Get("/my/treatment-plan.pdf", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PlanMaterials, web.PlanAnswerMaterials).IsDownload(), s.printMyPlan),
	}
}

// pageRoutes returns the other routes.
func (s *Server) pageRoutes() []web.Route {
	return []web.Route{
		web.Post("/exit", surface.Public,
			web.Anyone.MayRead(web.OwnMaterials, web.PageMaterials).LeavesAlways(), s.exit),
		web.Get("/here", surface.Public, web.Anyone.MayRead().LeavesAlways(), s.loginStatus),
		web.Post("/here", surface.Public, web.Anyone.MayRead().LeavesAlways(), s.loginStatus),
		web.Get("/my", surface.Portal, web.Partner.MayRead(web.OwnMaterials, web.ConsentMaterials), s.showMy),
		web.Get("/my/access", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.showAccess),
		web.Get("/my/promises", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.showMyPromises),
		web.Post("/my/promises", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.myPromise),
		web.Post("/my/promises/:promise/marks", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.markMyPromise),
		web.Post("/my/promises/:promise/answer", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.answerMyPromise),
		web.Get("/my/pulse", surface.Portal, web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.showMyPulse),
		web.Get("/my/appointment", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.showAppointment),
		web.Post("/my/appointment/cancel", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.askToCancel),
		web.Post("/my/appointment/location", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.LocationMaterials), s.tellLocation),
		web.Post("/my/appointment.ics", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials).IsDownload(), s.downloadAppointment),
		web.Get("/my/answers", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.showMyAnswers),
		web.Get("/my/answers.pdf", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials).IsDownload().NeedsReauthentication(), s.printMyAnswers),
		web.Get("/my/worksheets/:assignment", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.showMyPage),
		web.Post("/my/worksheets/:assignment", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.saveMyPage),
		web.Post("/my/worksheets/:assignment/pause", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.pauseAgreement),
		web.Post("/my/worksheets/:assignment/sharing", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.saveSharingConsent),
		web.Put("/my/worksheets/:assignment/fields/:field", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.PageMaterials), s.saveMyField),
		web.Get("/my/after-care", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.showAfterCare),
		web.Post("/my/after-care", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.answerAfterCare),
		web.Post("/my/settings/reminders", surface.Portal, web.Partner.MayRead(web.OwnMaterials), s.chooseReminders),
		web.Post("/my/settings/language", surface.Portal, web.Partner.MayRead(), s.chooseLanguage),
	}
}
