package handlers

import "net/url"

// visitsOfConsents holds the visits of the practice's forms and of those given to partners.
var visitsOfConsents = map[string]visit{
	"GET /settings/consents":        {"/settings/consents", nil, 200},
	"POST /settings/consents":       {"/settings/consents", url.Values{"kind": {"fees"}, "key": {"new"}}, 303},
	"GET /settings/consents/:form":  {"/settings/consents/{consentform}", nil, 200},
	"POST /settings/consents/:form": {"/settings/consents/{consentform}", url.Values{"base": {"1"}}, 422},

	"GET /partners/:partner/consents": {"/partners/{partner}/consents", nil, 200},
	"POST /partners/:partner/consents": {
		"/partners/{partner}/consents", url.Values{"version": {"{consentversion}"}, "both": {"yes"}, "key": {"again"}}, 303,
	},
	"POST /partners/:partner/consents/:consent": {"/partners/{partner}/consents/{consenttotake}", url.Values{}, 303},
	"GET /partners/:partner/consents/:consent/form.pdf": {
		"/partners/{partner}/consents/{consentsigned}/form.pdf", nil, 200,
	},
	"GET /partners/:partner/policy.pdf": {"/partners/{partner}/policy.pdf", nil, 200},

	"GET /partners/:partner/statement": {"/partners/{partner}/statement", nil, 200},
	"POST /partners/:partner/statement": {
		"/partners/{partner}/statement", url.Values{"code": {"90847"}, "base": {"0"}}, 303,
	},
	"GET /partners/:partner/statement.pdf": {"/partners/{partner}/statement.pdf", nil, 200},
	"GET /partners/:partner/statement.csv": {"/partners/{partner}/statement.csv", nil, 200},

	"GET /my/policy.pdf":        {"/my/policy.pdf", nil, 200},
	"GET /my/answers.pdf":       {"/my/answers.pdf", nil, 200},
	"GET /my/consents":          {"/my/consents", nil, 200},
	"GET /my/consents/:consent": {"/my/consents/{consentopen}", nil, 200},
	"POST /my/consents/:consent": {
		"/my/consents/{consentopen}",
		url.Values{"answer": {"declined"}, "hash": {"{consenthash}"}, "key": {"declines"}},
		303,
	},
	"GET /my/consents/:consent/form.pdf": {"/my/consents/{consentsigned}/form.pdf", nil, 200},
}

// addConsents adds the practice's forms to things, and one given to Kit.
func (w *world) addConsents(things map[string]string) {
	w.t.Helper()
	dana, page := w.as(w.dana), "/partners/"+things["partner"]+"/consents"
	made := dana.post("/settings/consents", url.Values{"kind": {"recording"}, "key": {"things"}}).want(w.t, 303).location()
	dana.post(made, url.Values{
		"title": {"Recording"}, "text": {"Nobody records a session."}, "base": {"1"}, "do": {"publish"},
	}).want(w.t, 303)
	things["consentform"] = w.one(`SELECT id FROM consent_forms WHERE title = 'Recording'`)
	things["consentversion"] = w.one(`SELECT id FROM consent_versions WHERE title = 'Recording'`)
	dana.post(page, url.Values{"version": {things["consentversion"]}, "key": {"things"}}).want(w.t, 303)
	given := `SELECT c.id FROM consents c JOIN consent_versions v ON v.id = c.version_id WHERE c.partner_id = ? AND v.title = ?`
	things["consenttotake"] = w.one(given, things["partner"], "Recording")
	things["consentsigned"] = w.one(given, things["partner"], "Fees and cancellations")
	things["consentopen"] = w.one(given, things["partner"], "Sessions by video or phone")
	kit := w.as(w.partner(1, "A"))
	things["consenthash"] = kit.get("/my/consents/"+things["consentopen"]).find(w.t, `name="hash" value="([0-9a-f]+)"`)
}
