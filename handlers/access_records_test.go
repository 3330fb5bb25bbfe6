package handlers

import (
	"maps"
	"net/url"
)

// visitsOfRecords holds the visits of a couple's record and of the library.
var visitsOfRecords = map[string]visit{
	"POST /couples/:couple/steps/:step/criteria": {
		"/couples/{couple}/steps/acknowledge/criteria",
		url.Values{"criterion": {"s1-c2"}, "met": {"yes"}},
		303,
	},
	"GET /couples/:couple/worksheets": {"/couples/{couple}/worksheets", nil, 200},
	"POST /couples/:couple/worksheets": {
		"/couples/{couple}/worksheets",
		url.Values{"worksheet": {"trust-pulse"}, "again": {"yes"}, "to": {"each"}, "key": {"k2"}},
		303,
	},
	"GET /couples/:couple/record":      {"/couples/{couple}/record", nil, 200},
	"GET /couples/:couple/record.pdf":  {"/couples/{couple}/record.pdf", nil, 200},
	"GET /couples/:couple/boundaries":  {"/couples/{couple}/boundaries", nil, 200},
	"GET /couples/:couple/pulse":       {"/couples/{couple}/pulse", nil, 200},
	"GET /couples/:couple/pulse/joint": {"/couples/{couple}/pulse/joint", nil, 200},
	"POST /couples/:couple/events": {
		"/couples/{couple}/events",
		url.Values{"kind": {"setback"}, "day": {"2031-03-10"}, "words": {"A late evening."}, "key": {"ev1"}},
		303,
	},
	"GET /my/pulse":                 {"/my/pulse", nil, 200},
	"GET /couples/:couple/promises": {"/couples/{couple}/promises", nil, 200},
	"POST /couples/:couple/promises": {
		"/couples/{couple}/promises",
		url.Values{"maker": {"A"}, "what": {"Home by seven"}, "often": {"weekdays"}, "key": {"pr1"}},
		303,
	},
	"POST /couples/:couple/promises/:promise": {
		"/couples/{couple}/promises/{ended}",
		url.Values{"do": {"end"}},
		303,
	},
	"GET /my/promises": {"/my/promises", nil, 200},
	"POST /my/promises": {
		"/my/promises",
		url.Values{"what": {"Phone in the hall"}, "often": {"daily"}, "key": {"pr2"}},
		303,
	},
	"POST /my/promises/:promise/marks": {
		"/my/promises/{promise}/marks",
		url.Values{"day": {"2031-03-12"}, "result": {"same"}},
		303,
	},
	"POST /my/promises/:promise/answer": {
		"/my/promises/{offered}/answer",
		url.Values{"do": {"talk"}},
		303,
	},
	"GET /couples/:couple/retention": {"/couples/{couple}/retention", nil, 200},
	"POST /couples/:couple/hold": {
		"/couples/{couple}/hold",
		url.Values{"hold": {"A letter."}},
		303,
	},
	"POST /couples/:couple/erase":       {"/couples/{couple}/erase", url.Values{"of": {"all"}}, 422},
	"GET /couples/:couple/sessions/new": {"/couples/{couple}/sessions/new", nil, 200},
	"POST /couples/:couple/sessions/new": {
		"/couples/{couple}/sessions/new",
		url.Values{"minutes": {"fifty"}},
		422,
	},
	"GET /partners/:partner/file": {"/partners/{partner}/file", nil, 200},
	"POST /partners/:partner/file": {
		"/partners/{partner}/file",
		url.Values{"worksheet": {"referral-plan"}, "key": {"k3"}},
		303,
	},
	"POST /partners/:partner": {
		"/partners/{partner}",
		url.Values{"name": {"Kit Larkspur"}},
		303,
	},
	"GET /couples/:couple/close":                {"/couples/{couple}/close", nil, 200},
	"POST /couples/:couple/close":               {"/couples/{couple}/close", url.Values{"ending": {"unknown"}}, 422},
	"POST /couples/:couple/close/summary":       {"/couples/{couple}/close/summary", url.Values{}, 404},
	"GET /partners/:partner/closing-letter.pdf": {"/partners/{partner}/closing-letter.pdf", nil, 404},
	"POST /couples/:couple/reopen":              {"/couples/{couple}/reopen", url.Values{"reason": {""}}, 422},
	"GET /couples/:couple/notes/new":            {"/couples/{couple}/notes/new", nil, 200},
	"POST /couples/:couple/notes/new": {
		"/couples/{couple}/notes/new",
		url.Values{"kind": {"missed"}, "filed": {"joint"}, "key": {"note1"}},
		303,
	},
	"POST /partners/:partner/notes": {"/partners/{partner}/notes", url.Values{"form": {"{finished}"}}, 303},
	"GET /notes/:note":              {"/notes/{note}", nil, 200},
	"POST /notes/:note":             {"/notes/{note}", url.Values{"v.plan": {"Call back."}, "key": {"note2"}}, 303},
	"PUT /notes/:note/fields/:field": {
		"/notes/{note}/fields/what",
		url.Values{"v.what": {"A call."}, "base": {"0"}, "key": {"note3"}},
		200,
	},
	"POST /notes/:note/sign": {"/notes/{note}/sign", url.Values{"password": {"wrong"}}, 422},
	"POST /notes/:note/addenda": {
		"/notes/{signednote}/addenda",
		url.Values{"reason": {"x"}, "text": {"y"}, "password": {"wrong"}},
		422,
	},
	"GET /notes/:note/note.pdf":           {"/notes/{note}/note.pdf", nil, 200},
	"GET /partners/:partner/notes/:note":  {"/partners/{partner}/notes/{partnernote}", nil, 200},
	"POST /partners/:partner/notes/:note": {"/partners/{partner}/notes/{partnernote}", url.Values{"v.plan": {"Call back."}, "key": {"note2"}}, 303},
	"PUT /partners/:partner/notes/:note/fields/:field": {
		"/partners/{partner}/notes/{partnernote}/fields/what",
		url.Values{"v.what": {"A call."}, "base": {"0"}, "key": {"note3"}},
		200,
	},
	"POST /partners/:partner/notes/:note/sign": {"/partners/{partner}/notes/{partnernote}/sign", url.Values{"password": {"wrong"}}, 422},
	"POST /partners/:partner/notes/:note/addenda": {
		"/partners/{partner}/notes/{signedofpartner}/addenda",
		url.Values{"reason": {"x"}, "text": {"y"}, "password": {"wrong"}},
		422,
	},
	"GET /partners/:partner/notes/:note/note.pdf": {"/partners/{partner}/notes/{partnernote}/note.pdf", nil, 200},
	"GET /sessions/:session":                      {"/sessions/{held}", nil, 200},
	"GET /sessions/:session/plan":                 {"/sessions/{planned}/plan", nil, 200},
	"GET /couples/:couple/prepare":                {"/couples/{couple}/prepare", nil, 200},
	"GET /sessions/:session/changes":              {"/sessions/{nothing}/changes", nil, 404},
	"POST /sessions/:session/plan": {
		"/sessions/{planned}/plan",
		url.Values{"minutes": {"50"}},
		422,
	},
	"POST /sessions/:session/start": {"/sessions/{planned}/start", url.Values{}, 303},
	"GET /sessions/:session/run":    {"/sessions/{held}/run", nil, 200},
	"POST /sessions/:session/run": {
		"/sessions/{held}/run",
		url.Values{"v.focus": {"new"}, "key": {"k4"}},
		303,
	},
	"PUT /sessions/:session/fields/:field": {
		"/sessions/{held}/fields/observation",
		url.Values{"v.observation": {"seen"}, "base": {"0"}, "key": {"k5"}},
		200,
	},
	"POST /sessions/:session/clock": {
		"/sessions/{planned}/clock",
		url.Values{"kind": {"pause"}},
		303,
	},
	"POST /sessions/:session/end":   {"/sessions/{planned}/end", url.Values{}, 303},
	"POST /sessions/:session/times": {"/sessions/{held}/times", url.Values{"date": {"x"}}, 422},
	"GET /sessions/:session/note":   {"/sessions/{held}/note", nil, 200},
	"POST /sessions/:session/note": {
		"/sessions/{held}/note",
		url.Values{"v.plan_text": {"go on"}, "key": {"k6"}},
		303,
	},
	"PUT /sessions/:session/note/fields/:field": {
		"/sessions/{held}/note/fields/risk_text",
		url.Values{"v.risk_text": {"None raised."}, "base": {"0"}, "key": {"k7"}},
		200,
	},
	"POST /sessions/:session/note/format": {
		"/sessions/{held}/note/format",
		url.Values{"format": {"SOAP"}},
		303,
	},
	"POST /sessions/:session/note/sign": {
		"/sessions/{held}/note/sign",
		url.Values{"password": {"wrong"}},
		422,
	},
	"POST /sessions/:session/note/addenda": {
		"/sessions/{signed}/note/addenda",
		url.Values{"reason": {"x"}, "text": {"y"}, "password": {"wrong"}},
		422,
	},
	"GET /sessions/:session/note.pdf":    {"/sessions/{held}/note.pdf", nil, 200},
	"GET /assignments/:assignment":       {"/assignments/{sent}", nil, 200},
	"POST /assignments/:assignment/read": {"/assignments/{sent}/read", url.Values{}, 303},
	"POST /assignments/:assignment/sharing": {
		"/assignments/{shareable}/sharing",
		url.Values{"do": {"release"}},
		404,
	},
	"GET /assignments/:assignment/handover": {"/assignments/{record}/handover", nil, 200},
	"PUT /assignments/:assignment/handover/fields/:field": {
		"/assignments/{record}/handover/fields/safe_home",
		url.Values{"a.safe_home": {"maybe"}, "base": {"0"}, "key": {"hf"}},
		422,
	},
	"POST /assignments/:assignment/handover": {
		"/assignments/{record}/handover",
		url.Values{"seen": {"x"}, "key": {"h"}},
		400,
	},
	"POST /assignments/:assignment/wrong-person": {"/assignments/{aside}/wrong-person", url.Values{}, 303},
	"POST /assignments/:assignment/active":       {"/assignments/{joint}/active", url.Values{}, 303},
	"POST /assignments/:assignment/close":        {"/assignments/{joint}/close", url.Values{}, 303},
	"POST /my/worksheets/:assignment/sharing": {
		"/my/worksheets/{shareable}/sharing",
		url.Values{"do": {"yes"}},
		404,
	},
	"POST /assignments/:assignment/withdraw": {"/assignments/{sent}/withdraw", url.Values{}, 423},
	"GET /assignments/:assignment/form":      {"/assignments/{form}/form", nil, 200},
	"POST /assignments/:assignment/form": {
		"/assignments/{form}/form",
		url.Values{"seen": {"0"}, "key": {"k8"}, "do": {"save"}},
		303,
	},
	"POST /assignments/:assignment/open": {"/assignments/{waits}/open", url.Values{}, 303},
	"GET /library/pathways":              {"/library/pathways", nil, 200},
	"POST /library/pathways": {
		"/library/pathways",
		url.Values{"name": {"The first weeks"}, "line.0.worksheet": {"feelings-log"}, "key": {"path1"}},
		303,
	},
	"GET /library/pathways/:pathway": {"/library/pathways/{pathway}", nil, 200},
	"POST /library/pathways/:pathway": {
		"/library/pathways/{pathway}",
		url.Values{"name": {"Weeks"}, "base": {"1"}, "line.0.worksheet": {"feelings-log"}, "key": {"path2"}},
		303,
	},
	"POST /library/pathways/:pathway/retire": {"/library/pathways/{pathway}/retire", url.Values{}, 303},
	"POST /couples/:couple/pathways": {
		"/couples/{couple}/pathways",
		url.Values{"pathway": {"{pathway}"}, "key": {"path3"}},
		303,
	},
	"POST /follow-ups/topics/:topic": {"/follow-ups/topics/{topic}", url.Values{}, 303},
	"POST /assignments/:assignment/agreement": {
		"/assignments/{joint}/agreement",
		url.Values{"do": {"pause"}},
		404,
	}, // not an agreement; prerequisites_test.go has one
	"POST /my/worksheets/:assignment/pause": {"/my/worksheets/{joint}/pause", url.Values{}, 404},
	"GET /assignments/:assignment/blank":    {"/assignments/{open}/blank", nil, 200},
	"GET /assignments/:assignment/paper":    {"/assignments/{unbegun}/paper", nil, 200},
	"POST /assignments/:assignment/paper": {
		"/assignments/{unbegun}/paper",
		url.Values{"a.entry.0.day": {"2031-03-11"}, "seen": {"0"}, "key": {"paper"}, "do": {"send"}},
		303,
	},
	"GET /library/pathways/:pathway/booklet":       {"/library/pathways/{pathway}/booklet", nil, 200},
	"GET /assignments/:assignment/earlier":         {"/assignments/{sent}/earlier", nil, 404}, // there is no earlier one
	"GET /couples/:couple/side-by-side/:worksheet": {"/couples/{couple}/side-by-side/setback-plan", nil, 404},
	"GET /sessions/:session/pages/:assignment":     {"/sessions/{held}/pages/{joint}", nil, 404}, // not open to both yet
	"POST /sessions/:session/pages/:assignment": {
		"/sessions/{held}/pages/{joint}",
		url.Values{"seen": {"0"}, "key": {"room"}},
		404,
	},
	"PUT /sessions/:session/pages/:assignment/fields/:field": {
		"/sessions/{held}/pages/{joint}/fields/exit",
		url.Values{"a.exit": {"x"}, "base": {"0"}, "key": {"room"}},
		404,
	},
	"GET /assignments/:assignment/handed": {"/assignments/{tohand}/handed", nil, 200},
	"POST /assignments/:assignment/handed": {
		"/assignments/{tohand}/handed",
		url.Values{"seen": {"x"}, "key": {"h"}},
		400,
	},
	"POST /assignments/:assignment/comments": {
		"/assignments/{sent}/comments",
		url.Values{"field": {"did"}, "words": {"Thank you."}, "key": {"cm"}},
		303,
	},
	"POST /library/own": {
		"/library/own",
		url.Values{"from": {"trust-pulse"}, "key": {"own1"}},
		303,
	},
	"GET /library/own/:own":               {"/library/own/{own}", nil, 200},
	"POST /library/own/:own":              {"/library/own/{own}", ownForm("2", "own2", "add.0"), 303},
	"PUT /library/own/:own/fields/:field": {"/library/own/{own}/fields/draft", ownForm("3", "own3", ""), 200},
	"POST /library/own/:own/retire":       {"/library/own/{own}/retire", url.Values{}, 303},
	"GET /library/import":                 {"/library/import", nil, 200},
	"POST /library/import": {
		"/library/import",
		url.Values{"text": {"{}"}, "do": {"look"}, "key": {"own4"}},
		422,
	},
	"GET /assignments/:assignment/answers": {"/assignments/{sent}/answers", nil, 200},
	"GET /library":                         {"/library", nil, 200},
	"GET /library/:worksheet":              {"/library/trust-pulse", nil, 200},
	"GET /my":                              {"/my", nil, 200},
	"GET /my/answers":                      {"/my/answers", nil, 200},
	"GET /my/worksheets/:assignment":       {"/my/worksheets/{sent}", nil, 200},
	"POST /my/worksheets/:assignment": {
		"/my/worksheets/{open}",
		url.Values{"seen": {"0"}, "key": {"k9"}, "do": {"save"}},
		303,
	},
	"PUT /my/worksheets/:assignment/fields/:field": {
		"/my/worksheets/{open}/fields/moved",
		url.Values{"a.moved": {"A walk."}, "base": {"0"}, "key": {"k10"}},
		200,
	},
	"PUT /assignments/:assignment/form/fields/:field": {
		"/assignments/{form}/form/fields/choice",
		url.Values{"a.choice": {"the second"}, "base": {"0"}, "key": {"k11"}},
		200,
	},
}

// joined merges two tables.
func joined(a, b map[string]visit) map[string]visit {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
