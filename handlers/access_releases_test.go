package handlers

import (
	"net/url"
	"strings"
)

// visitsOfReleases holds the visits of record requests.
var visitsOfReleases = map[string]visit{
	"GET /partners/:partner/requests": {"/partners/{partner}/requests", nil, 200},
	"POST /partners/:partner/requests": {
		"/partners/{partner}/requests", requestForm("insurer", "Harbor Mutual", "again"), 303,
	},
	"GET /partners/:partner/requests/:request": {"/partners/{partner}/requests/{request}", nil, 200},
	"POST /partners/:partner/requests/:request": {
		"/partners/{partner}/requests/{request}", url.Values{"do": {"choose"}, "piece": {"goals"}, "base": {"1"}}, 303,
	},
	"GET /partners/:partner/requests/:request/release":     {"/partners/{partner}/requests/{request}/release", nil, 200},
	"POST /partners/:partner/requests/:request/release":    {"/partners/{partner}/requests/{request}/release", nil, 409},
	"GET /partners/:partner/requests/:request/preview.pdf": {"/partners/{partner}/requests/{request}/preview.pdf", nil, 200},
	"GET /partners/:partner/requests/:request/records.pdf": {"/partners/{partner}/requests/{requestdone}/records.pdf", nil, 200},
	"GET /partners/:partner/requests/:request/records.zip": {"/partners/{partner}/requests/{requestdone}/records.zip", nil, 200},
	"GET /partners/:partner/released.pdf":                  {"/partners/{partner}/released.pdf", nil, 200},
	"GET /my/authorizations/:authorization":                {"/my/authorizations/{authorization}", nil, 200},
	"POST /my/authorizations/:authorization":               {"/my/authorizations/{authorization}", replyForm("declined", "{authorizationhash}", "no"), 303},
	"GET /my/authorizations/:authorization/form.pdf":       {"/my/authorizations/{authorization}/form.pdf", nil, 200},
	"GET /my/released.pdf":                                 {"/my/released.pdf", nil, 200},
}

// requestForm returns the form of a record request.
func requestForm(capacity, requester, key string) url.Values {
	return url.Values{
		"capacity": {capacity}, "requester": {requester}, "purpose": {"A copy, to go on with care."},
		"received": {"2031-03-10"}, "due": {"2031-04-09"}, "key": {key},
	}
}

// replyForm returns the form of a partner's reply.
func replyForm(answer, hash, key string) url.Values {
	return url.Values{"answer": {answer}, "hash": {hash}, "key": {key}, "read": {"yes"}, "name": {"Typed Name"}}
}

// addReleases adds requests about Kit to things: one that awaits Kit's authorization and one that
// was released.
func (w *world) addReleases(things map[string]string) {
	w.t.Helper()
	dana, page := w.as(w.dana), "/partners/"+things["partner"]+"/requests"
	waits := w.enter(dana, page, requestForm("clinician", "Dr. Ines Placeholder", "things"))
	things["request"] = waits[len(page)+1:]
	dana.post(waits, url.Values{"do": {"ask"}, "of": {"A"}, "part": {"own"}}).want(w.t, 303)
	done := w.enter(dana, page, requestForm("partner", "Kit Larkspur", "things-done"))
	things["requestdone"] = done[len(page)+1:]
	w.choose(dana, done, "form:"+things["consentsigned"])
	seen := dana.get(done+"/release").want(w.t, 200).find(w.t, `name="seen" value="([0-9a-f]+)"`)
	dana.post(done+"/release", url.Values{"seen": {seen}, "data": {"yes"}}).want(w.t, 303)
	things["authorization"] = w.one(`SELECT id FROM authorizations WHERE request_id = ?`, things["request"])
	things["authorizationhash"] = w.as(w.partner(1, "A")).get("/my/authorizations/"+things["authorization"]).
		find(w.t, `name="hash" value="([0-9a-f]+)"`)
}

// enter stores a request and returns the path of its page.
func (w *world) enter(dana *browser, page string, form url.Values) string {
	w.t.Helper()
	path, _, _ := strings.Cut(dana.post(page, form).want(w.t, 303).location(), "?")
	return path
}

// choose selects pieces of the record for a request.
func (w *world) choose(dana *browser, request string, pieces ...string) {
	w.t.Helper()
	base := dana.get(request).find(w.t, `name="base" value="([0-9]+)"`)
	dana.post(request, url.Values{"do": {"choose"}, "piece": pieces, "base": {base}}).want(w.t, 303)
}
