package handlers

import (
	"net/url"

	"mend/demo"
)

// A visit is how a test calls a route: the path and form sent by the person the route is for, and
// the expected status.
type visit struct {
	path string
	form url.Values
	want int
}

// visits has a row for every route. {couple}, {planned}, {held}, {signed} and so on stand for ids
// of the couple Kit and Noor, whose counselor is Dana. The partner who calls is Kit.
var visits = joined(joined(joined(joined(visitsOfEverybody, visitsOfRecords), visitsOfAppointments), visitsOfConsents),
	joined(joined(visitsOfReleases, visitsOfTreatment), joined(visitsOfCaseloads, visitsOfSetbacks)))

var visitsOfEverybody = map[string]visit{
	"GET /healthz":               {"/healthz", nil, 200},
	"GET /readyz":                {"/readyz", nil, 200},
	"GET /assets/:version/*file": {"/assets/{version}/mend.css", nil, 200},
	"GET /favicon.ico":           {"/favicon.ico", nil, 200},
	"GET /about":                 {"/about", nil, 200},
	"GET /styleguide":            {"/styleguide", nil, 200},
	"GET /setup":                 {"/setup?token={setup}", nil, 200},
	"POST /setup":                {"/setup", url.Values{"token": {"{setup}"}}, 422},
	"GET /login":                 {"/login", nil, 200},
	"POST /login": {
		"/login",
		url.Values{"sign_in": {"nobody"}, "password": {"nothing at all"}},
		422,
	},
	"GET /room":                          {"/room", nil, 200},
	"POST /room":                         {"/room", url.Values{"code": {"AAAA-AAAA"}}, 422},
	"GET /sessions/:session/room":        {"/sessions/{held}/room", nil, 303},
	"GET /sessions/:session/room/stream": {"/sessions/{held}/room/stream", nil, 404},
	"GET /sessions/:session/stopped":     {"/sessions/{held}/stopped", nil, 200},
	"GET /sessions/:session/screen":      {"/sessions/{held}/screen", nil, 200},
	"POST /sessions/:session/screen":     {"/sessions/{held}/screen", url.Values{"do": {"open"}}, 409},
	"POST /logout":                       {"/logout", url.Values{}, 303},
	"GET /join":                          {"/join", nil, 200},
	"POST /join": {
		"/join",
		url.Values{"code": {"AAAA-AAAA"}, "name": {"calm-otter-11"}, "passphrase": {"long enough to be one"}},
		422,
	},
	"POST /exit":                       {"/exit", url.Values{}, 200},
	"GET /":                            {"/", nil, 200},
	"GET /couples":                     {"/couples", nil, 200},
	"GET /couples/new":                 {"/couples/new", nil, 200},
	"POST /couples/new":                {"/couples/new", url.Values{"a_name": {"Only One"}}, 422},
	"GET /couples/:couple":             {"/couples/{couple}", nil, 200},
	"POST /couples/:couple/policy":     {"/couples/{couple}/policy", url.Values{"variant": {"B"}}, 303},
	"GET /login/code":                  {"/login/code", nil, 200},
	"POST /login/code":                 {"/login/code", url.Values{"code": {"123456"}}, 303},
	"GET /reauthenticate":              {"/reauthenticate", nil, 200},
	"POST /login/passkey/ask":          {"/login/passkey/ask", nil, 303},
	"POST /login/passkey":              {"/login/passkey", url.Values{"answer": {"{}"}}, 303},
	"POST /reauthenticate/passkey/ask": {"/reauthenticate/passkey/ask", nil, 422},
	"POST /signature/passkey/ask":      {"/signature/passkey/ask?for=/notes/x/sign", nil, 422},
	"POST /reauthenticate/passkey":     {"/reauthenticate/passkey", url.Values{"answer": {"{}"}, "then": {"/"}}, 422},
	"POST /reauthenticate":             {"/reauthenticate", url.Values{"password": {"wrong"}, "then": {"/"}}, 422},
	"GET /here":                        {"/here", nil, 200},
	"POST /here":                       {"/here", url.Values{}, 200},
	"GET /colleague":                   {"/colleague", nil, 200},
	"POST /colleague": {
		"/colleague",
		url.Values{"code": {"AAAA-AAAA"}, "password": {"long enough to be one"}},
		422,
	},
	"GET /supervision":                        {"/supervision", nil, 200},
	"GET /supervision/:couple":                {"/supervision/{couple}", nil, 200},
	"GET /supervision/:couple/notes/:session": {"/supervision/{couple}/notes/{signed}", nil, 200},
	"POST /supervision/:couple/notes/:session": {
		"/supervision/{couple}/notes/{signed}",
		url.Values{"password": {demo.Password}},
		303,
	},
	"POST /hide-names":                {"/hide-names", url.Values{}, 303},
	"GET /front-desk":                 {"/front-desk", nil, 200},
	"GET /front-desk/couples":         {"/front-desk/couples", nil, 200},
	"GET /front-desk/couples/:couple": {"/front-desk/couples/{couple}", nil, 200},
	"POST /front-desk/couples/:couple": {
		"/front-desk/couples/{couple}",
		url.Values{"partner": {"{partner}"}, "reach": {"555 0123, mornings"}},
		303,
	},
	"GET /emergency-access": {"/emergency-access", nil, 200},
	"POST /emergency-access": {
		"/emergency-access",
		url.Values{
			"record_no": {"{ellis_no}"}, "reason": {"Their counselor is ill, and a court asks."},
			"password": {demo.Password},
		},
		303,
	},
	"GET /emergency-access/:couple":                   {"/emergency-access/{ellis_couple}", nil, 200},
	"GET /emergency-access/:couple/sessions/:session": {"/emergency-access/{ellis_couple}/sessions/{ellis_signed}", nil, 200},
	"GET /emergency-access/:couple/sessions/:session/note": {
		"/emergency-access/{ellis_couple}/sessions/{ellis_signed}/note",
		nil, 200,
	},
	"GET /emergency-access/:couple/pages/:assignment": {"/emergency-access/{ellis_couple}/pages/{ellis_joint}", nil, 200},
	"POST /emergency-access/:couple/end":              {"/emergency-access/{ellis_couple}/end", url.Values{}, 303},
	"POST /emergency-accesses/:access/seen":           {"/emergency-accesses/nothing/seen", url.Values{}, 303},
	"GET /settings/colleagues":                        {"/settings/colleagues", nil, 200},
	"POST /settings/colleagues": {
		"/settings/colleagues",
		url.Values{"name": {"Remy Newcome"}, "email": {"remy@riverbend.example"}, "role": {"counselor"}},
		200,
	},
	"POST /settings/colleagues/:colleague": {
		"/settings/colleagues/{colleague}",
		url.Values{"do": {"supervise"}, "record_no": {"c-0001"}},
		303,
	},
	"GET /settings/me":       {"/settings/me", nil, 200},
	"POST /settings/me":      {"/settings/me", url.Values{"name": {"Dana Okafor-Lind"}}, 303},
	"GET /settings/practice": {"/settings/practice", nil, 200},
	"POST /settings/practice": {
		"/settings/practice",
		url.Values{"practice": {"Riverbend"}, "time_zone": {"UTC"}, "paper": {"A4"}, "base": {"1"}},
		303,
	},
	"GET /settings/safety":           {"/settings/safety", nil, 200},
	"GET /settings/retention":        {"/settings/retention", nil, 200},
	"POST /settings/retention":       {"/settings/retention", url.Values{"years": {"8"}}, 303},
	"POST /settings/safety":          {"/settings/safety", url.Values{"region": {"uk"}, "do": {"pack"}}, 200},
	"GET /settings/security":         {"/settings/security", nil, 200},
	"GET /settings/key":              {"/settings/key", nil, 200},
	"POST /settings/key":             {"/settings/key", url.Values{"do": {"make"}, "passphrase": {"short"}}, 422},
	"POST /settings/factor":          {"/settings/factor", url.Values{"do": {"remove"}}, 303},
	"POST /settings/passkeys/ask":    {"/settings/passkeys/ask", nil, 422},
	"POST /settings/passkeys":        {"/settings/passkeys", url.Values{"name": {"my phone"}, "answer": {"{}"}}, 422},
	"POST /settings/passkeys/remove": {"/settings/passkeys/remove", url.Values{"id": {"no such passkey"}}, 303},
	"POST /settings/password":        {"/settings/password", url.Values{"old": {"wrong"}, "new": {"short"}}, 422},
	"POST /settings/logins":          {"/settings/logins", url.Values{"id": {"no such login"}}, 303},
	"GET /my/settings":               {"/my/settings", nil, 200},
	"POST /my/settings/factor":       {"/my/settings/factor", url.Values{"do": {"remove"}}, 303},
	"POST /my/settings/passkeys/ask": {"/my/settings/passkeys/ask", nil, 422},
	"POST /my/settings/passkeys": {
		"/my/settings/passkeys",
		url.Values{"name": {"my phone"}, "answer": {"{}"}},
		422,
	},
	"POST /my/settings/passkeys/remove": {"/my/settings/passkeys/remove", url.Values{"id": {"no such passkey"}}, 303},
	"POST /my/settings/password":        {"/my/settings/password", url.Values{"old": {"wrong"}, "new": {"short"}}, 422},
	"POST /my/settings/logins":          {"/my/settings/logins", url.Values{"id": {"no such login"}}, 303},
	"POST /settings/spelling":           {"/settings/spelling", url.Values{"spelling": {"on"}}, 303},
	"POST /my/settings/spelling":        {"/my/settings/spelling", url.Values{"spelling": {"on"}}, 303},
	"POST /my/settings/language":        {"/my/settings/language", url.Values{"language": {"en"}}, 303},
	"POST /settings/code":               {"/settings/code", url.Values{}, 303},
	"POST /settings/waiting":            {"/settings/waiting", url.Values{"hours": {"48"}}, 303},
	"POST /my/settings/code":            {"/my/settings/code", url.Values{}, 303},
	"POST /practice-run/end":            {"/practice-run/end", url.Values{}, 303},
	"POST /practice-run":                {"/practice-run", url.Values{}, 404}, // tests have no sandboxes
	"GET /help":                         {"/help?find=alone", nil, 200},
	"GET /help/:topic":                  {"/help/session", nil, 200},
	"GET /jump":                         {"/jump", nil, 200},
	"GET /follow-ups":                   {"/follow-ups", nil, 200},
	"POST /follow-ups/:followup/seen":   {"/follow-ups/nothing/seen", url.Values{}, 303},
	"POST /partners/:partner/decision": {
		"/partners/{partner}/decision",
		url.Values{"decision": {"Proceed with changes"}, "reasons": {"short"}},
		422,
	},
	"GET /partners/:partner/contact":  {"/partners/{partner}/contact", nil, 200},
	"POST /partners/:partner/contact": {"/partners/{partner}/contact", basedContact(), 303},
	"GET /audit":                      {"/audit", nil, 200},
	"POST /reminders/:reminder/seen":  {"/reminders/nothing/seen", url.Values{}, 303},
	"POST /settings/reminders":        {"/settings/reminders", url.Values{"hours": {"48"}}, 303},
	"POST /my/settings/reminders":     {"/my/settings/reminders", url.Values{"do": {"stop"}}, 303},
	"GET /my/access":                  {"/my/access", nil, 200},
	"GET /my/policy":                  {"/my/policy", nil, 200},
	"POST /my/policy": {
		"/my/policy",
		url.Values{"policy": {"other"}, "wording": {"en"}, "name": {"Kit Larkspur"}, "read": {"yes"}},
		409,
	},
	"POST /couples/:couple/goals": {"/couples/{couple}/goals", url.Values{"goal": {"Listen."}, "key": {"k1"}}, 303},
	"POST /couples/:couple/breaches": {"/couples/{couple}/breaches", url.Values{
		"breach.0.name": {"the second letter"}, "breach.0.broke": {"A"},
		"breach.0.kinds": {"lying"},
	}, 303},
	"POST /couples/:couple/goals/:goal/retire": {"/couples/{couple}/goals/{goal}/retire", url.Values{}, 303},
	"POST /couples/:couple/invitations": {
		"/couples/{couple}/invitations",
		url.Values{"partner": {"{partner}"}},
		200,
	},
	"GET /couples/:couple/steps/:step": {"/couples/{couple}/steps/acknowledge", nil, 200},
	"POST /couples/:couple/steps/:step": {
		"/couples/{couple}/steps/open-up",
		url.Values{"state": {"working"}},
		303,
	},
}
