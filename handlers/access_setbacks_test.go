package handlers

import "net/url"

// visitsOfSetbacks are the visits of a setback, of what follows the end of counseling, and of what
// the practice sets for requests.
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

	"GET /my/after-care":  {"/my/after-care", nil, 404}, // counseling goes on
	"POST /my/after-care": {"/my/after-care", url.Values{"answer": {"yes"}}, 404},
}
