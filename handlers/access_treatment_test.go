package handlers

import "net/url"

// visitsOfTreatment holds the visits of the treatment plan, by the counselor and a partner.
var visitsOfTreatment = map[string]visit{
	"GET /couples/:couple/treatment-plan": {"/couples/{couple}/treatment-plan", nil, 200},
	"POST /couples/:couple/treatment-plan": {
		"/couples/{couple}/treatment-plan", url.Values{"review_on": {"2031-06-01"}, "base": {"1"}}, 303,
	},
	"GET /couples/:couple/treatment-plan.pdf":            {"/couples/{couple}/treatment-plan.pdf", nil, 200},
	"GET /couples/:couple/treatment-plan/objectives/new": {"/couples/{couple}/treatment-plan/objectives/new", nil, 200},
	"POST /couples/:couple/treatment-plan/objectives/new": {
		"/couples/{couple}/treatment-plan/objectives/new",
		url.Values{"goal": {"{othergoal}"}, "text": {"Each asks out loud."}, "key": {"visit"}},
		303,
	},
	"GET /couples/:couple/treatment-plan/objectives/:objective": {
		"/couples/{couple}/treatment-plan/objectives/{objective}", nil, 200,
	},
	"POST /couples/:couple/treatment-plan/objectives/:objective": {
		"/couples/{couple}/treatment-plan/objectives/{objective}",
		url.Values{"goal": {"{othergoal}"}, "text": {"Each asks out loud."}, "base": {"1"}},
		303,
	},

	"GET /my/treatment-plan": {"/my/treatment-plan", nil, 200},
	"POST /my/treatment-plan": {
		"/my/treatment-plan",
		url.Values{"answer": {"disagreed"}, "version": {"{planversion}"}, "line": {"Not so."}, "key": {"line"}},
		303,
	},
	"GET /my/treatment-plan.pdf": {"/my/treatment-plan.pdf", nil, 200},
}

// addTreatment adds an objective and a shared plan of the couple to things.
func (w *world) addTreatment(things map[string]string) {
	w.t.Helper()
	couple := things["couple"]
	things["objective"] = w.one(`SELECT id FROM treatment_objectives WHERE couple_id = ? AND position = 0`, couple)
	things["othergoal"] = w.one(`SELECT id FROM goals WHERE couple_id = ? ORDER BY position DESC LIMIT 1`, couple)
	things["planversion"] = w.one(`SELECT id FROM treatment_plan_versions WHERE couple_id = ?`, couple)
}
