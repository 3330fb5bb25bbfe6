package live

import (
	"mend/handlers/surface"
	"mend/handlers/web"
)

// Routes returns the routes of the running session and the couple's screen.
func (s *Server) Routes() []web.Route {
	return []web.Route{
		web.Get("/room", surface.Public, web.Anyone.MayRead(), s.showScreenCode),
		web.Post("/room", surface.Public, web.Anyone.MayRead(), s.joinCoupleScreen),
		web.Get("/sessions/:session/room", surface.Screen, web.Anyone.MayRead(), s.showCoupleScreen),
		web.Get("/sessions/:session/room/stream", surface.Screen, web.Anyone.MayRead(), s.followCoupleScreen),
		web.Post("/sessions/:session/start", surface.Live, web.Counselor.MayRead(web.CoupleMaterials), s.startSession),
		web.Get("/sessions/:session/run", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.showRun),
		web.Post("/sessions/:session/run", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.saveRun),
		web.Get("/sessions/:session/changes", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials).IsBackground(), s.followSession),
		web.Get("/sessions/:session/locations", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.LocationMaterials), s.showLocations),
		web.Get("/sessions/:session/stopped", surface.Live, web.Counselor.MayRead(web.CoupleMaterials), s.showStopped),
		web.Get("/sessions/:session/screen", surface.Live, web.Counselor.MayRead(web.CoupleMaterials), s.showScreen),
		web.Post("/sessions/:session/screen", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.turnScreen),
		web.Put("/sessions/:session/fields/:field", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.saveSessionField),
		web.Post("/sessions/:session/clock", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.ReleasedMaterials), s.turnClock),
		web.Post("/sessions/:session/end", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.NoteMaterials), s.endSession),
		web.Get("/sessions/:session/pages/:assignment", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.JointMaterials), s.showJointPage),
		web.Post("/sessions/:session/pages/:assignment", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.JointMaterials), s.saveJointPage),
		web.Put("/sessions/:session/pages/:assignment/fields/:field", surface.Live,
			web.Counselor.MayRead(web.CoupleMaterials, web.JointMaterials), s.saveJointField),
	}
}
