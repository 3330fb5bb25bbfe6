package handlers

import "net/url"

// visitsOfSetbacks holds the visits of setbacks, after-care, and the practice's deadline for
// requests.
var visitsOfSetbacks = map[string]visit{
	"GET /couples/:couple/setback": {"/couples/{couple}/setback", nil, 200},
	"POST /couples/:couple/setback": {
		"/couples/{couple}/setback",
		url.Values{"kind": {"setback"}, "day": {"2031-03-12"}, "steps": {"acknowledge"}, "key": {"setback"}},
		303,
	},
	"POST /couples/:couple/setback/resume": {
		"/couples/{couple}/setback/resume", url.Values{"reason": {"Both asked for it."}}, 303,
	},
	"POST /settings/record-requests": {"/settings/record-requests", url.Values{"days": {"15"}}, 303},

	"GET /my/after-care":  {"/my/after-care", nil, 404}, // counseling has not ended
	"POST /my/after-care": {"/my/after-care", url.Values{"answer": {"yes"}}, 404},
}
