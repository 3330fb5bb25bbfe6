package account

import (
	"mend/handlers/surface"
	"mend/handlers/web"
)

// Routes returns the routes of a person's own account and of the second sign-in step.
func (s *Server) Routes() []web.Route {
	return []web.Route{
		web.Get("/login/code", surface.Public, web.Anyone.MayRead(), s.showCode),
		web.Post("/login/code", surface.Public, web.Anyone.MayRead(), s.completeWithCode),
		web.Post("/login/passkey/ask", surface.Public, web.Anyone.MayRead(), s.challengeSecondFactor),
		web.Post("/login/passkey", surface.Public, web.Anyone.MayRead(), s.completeWithPasskey),
		web.Post("/reauthenticate/passkey/ask", surface.Public, web.Somebody.MayRead().BeforeSecondFactor(),
			s.challengeReauthentication),
		web.Post("/signature/passkey/ask", surface.Live, web.Staff.MayRead(), s.challengeSignature),
		web.Post("/logout", surface.Public, web.Anyone.MayRead().LeavesAlways(), s.signOut),
		web.Get("/settings/security", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.showSecurity),
		web.Post("/settings/factor", surface.Live,
			web.Staff.MayRead().NeedsReauthentication().BeforeSecondFactor(), s.changeFactor),
		web.Post("/settings/passkeys/ask", surface.Live,
			web.Staff.MayRead().NeedsReauthentication().BeforeSecondFactor(), s.beginPasskey),
		web.Post("/settings/passkeys", surface.Live,
			web.Staff.MayRead().NeedsReauthentication().BeforeSecondFactor(), s.addPasskey),
		web.Post("/settings/passkeys/remove", surface.Live,
			web.Staff.MayRead().NeedsReauthentication().BeforeSecondFactor(), s.removePasskey),
		web.Post("/settings/password", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.changePassword),
		web.Post("/settings/spelling", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.chooseSpelling),
		web.Post("/hide-names", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.HideNames),
		web.Post("/settings/logins", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.revokeLogin),
		web.Post("/settings/code", surface.Live, web.Staff.MayRead().BeforeSecondFactor(), s.refuseCode),
		web.Get("/my/settings", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.SignInMaterials), s.showSecurity),
		web.Post("/my/settings/factor", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.SignInMaterials).NeedsReauthentication(), s.changeFactor),
		web.Post("/my/settings/passkeys/ask", surface.Portal,
			web.Partner.MayRead().NeedsReauthentication(), s.beginPasskey),
		web.Post("/my/settings/passkeys", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.SignInMaterials).NeedsReauthentication(), s.addPasskey),
		web.Post("/my/settings/passkeys/remove", surface.Portal,
			web.Partner.MayRead().NeedsReauthentication(), s.removePasskey),
		web.Post("/my/settings/password", surface.Portal,
			web.Partner.MayRead(web.OwnMaterials, web.SignInMaterials), s.changePassword),
		web.Post("/my/settings/logins", surface.Portal, web.Partner.MayRead(), s.revokeLogin),
		web.Post("/my/settings/spelling", surface.Portal, web.Partner.MayRead(), s.chooseSpelling),
		web.Post("/my/settings/code", surface.Portal, web.Partner.MayRead(), s.refuseCode),
		web.Post("/reauthenticate/passkey", surface.Public, web.Somebody.MayRead().BeforeSecondFactor(),
			s.ReauthenticateWithPasskey),
		web.Get("/reauthenticate", surface.Public, web.Somebody.MayRead().BeforeSecondFactor(), s.ShowReauthentication),
		web.Post("/reauthenticate", surface.Public, web.Somebody.MayRead().BeforeSecondFactor(), s.Reauthenticate),
	}
}
