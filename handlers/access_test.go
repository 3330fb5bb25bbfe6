package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/internal/demo"
)

// A visit is how a test calls a route: the path as the rightful person calls
// it, the form, and the answer that person gets.
type visit struct {
	path string
	form url.Values
	want int
}

// visits has a row for every route. {couple}, {planned}, {held}, {signed} and
// so on are things of the couple of Kit and Noor, who see Dana; Kit is the
// partner who calls.
var visits = map[string]visit{
	"GET /healthz":                               {"/healthz", nil, 200},
	"GET /readyz":                                {"/readyz", nil, 200},
	"GET /assets/:version/*file":                 {"/assets/{version}/mend.css", nil, 200},
	"GET /favicon.ico":                           {"/favicon.ico", nil, 200},
	"GET /about":                                 {"/about", nil, 200},
	"GET /styleguide":                            {"/styleguide", nil, 200},
	"GET /setup":                                 {"/setup?token={setup}", nil, 200},
	"POST /setup":                                {"/setup", url.Values{"token": {"{setup}"}}, 422},
	"GET /login":                                 {"/login", nil, 200},
	"POST /login":                                {"/login", url.Values{"sign_in": {"nobody"}, "password": {"nothing at all"}}, 422},
	"GET /room":                                  {"/room", nil, 200},
	"POST /room":                                 {"/room", url.Values{"code": {"AAAA-AAAA"}}, 422},
	"GET /sessions/:session/room":                {"/sessions/{held}/room", nil, 303},
	"GET /sessions/:session/room/stream":         {"/sessions/{held}/room/stream", nil, 404},
	"GET /sessions/:session/stopped":             {"/sessions/{held}/stopped", nil, 200},
	"GET /sessions/:session/screen":              {"/sessions/{held}/screen", nil, 200},
	"POST /sessions/:session/screen":             {"/sessions/{held}/screen", url.Values{"do": {"open"}}, 409},
	"POST /logout":                               {"/logout", url.Values{}, 303},
	"GET /join":                                  {"/join", nil, 200},
	"POST /join":                                 {"/join", url.Values{"code": {"AAAA-AAAA"}, "name": {"calm-otter-11"}, "passphrase": {"long enough to be one"}}, 422},
	"POST /exit":                                 {"/exit", url.Values{}, 200},
	"GET /":                                      {"/", nil, 200},
	"GET /couples":                               {"/couples", nil, 200},
	"GET /couples/new":                           {"/couples/new", nil, 200},
	"POST /couples/new":                          {"/couples/new", url.Values{"a_name": {"Only One"}}, 422},
	"GET /couples/:couple":                       {"/couples/{couple}", nil, 200},
	"POST /couples/:couple/policy":               {"/couples/{couple}/policy", url.Values{"variant": {"B"}}, 303},
	"GET /login/code":                            {"/login/code", nil, 200},
	"POST /login/code":                           {"/login/code", url.Values{"code": {"123456"}}, 303},
	"GET /again":                                 {"/again", nil, 200},
	"POST /login/passkey/ask":                    {"/login/passkey/ask", nil, 303},
	"POST /login/passkey":                        {"/login/passkey", url.Values{"answer": {"{}"}}, 303},
	"POST /again/passkey/ask":                    {"/again/passkey/ask", nil, 422},
	"POST /again/passkey":                        {"/again/passkey", url.Values{"answer": {"{}"}, "then": {"/"}}, 422},
	"POST /again":                                {"/again", url.Values{"password": {"wrong"}, "then": {"/"}}, 422},
	"GET /here":                                  {"/here", nil, 200},
	"POST /here":                                 {"/here", url.Values{}, 200},
	"GET /colleague":                             {"/colleague", nil, 200},
	"POST /colleague":                            {"/colleague", url.Values{"code": {"AAAA-AAAA"}, "password": {"long enough to be one"}}, 422},
	"GET /supervision":                           {"/supervision", nil, 200},
	"GET /supervision/:couple":                   {"/supervision/{couple}", nil, 200},
	"GET /supervision/:couple/notes/:session":    {"/supervision/{couple}/notes/{signed}", nil, 200},
	"GET /desk":                                  {"/desk", nil, 200},
	"GET /desk/couples":                          {"/desk/couples", nil, 200},
	"GET /desk/couples/:couple":                  {"/desk/couples/{couple}", nil, 200},
	"POST /desk/couples/:couple":                 {"/desk/couples/{couple}", url.Values{"partner": {"{partner}"}, "reach": {"555 0123, mornings"}}, 303},
	"GET /break-glass":                           {"/break-glass", nil, 200},
	"POST /break-glass":                          {"/break-glass", url.Values{"record_no": {"{ellis_no}"}, "reason": {"Their counselor is ill, and a court asks."}, "password": {demo.Password}}, 303},
	"GET /break-glass/:couple":                   {"/break-glass/{ellis_couple}", nil, 200},
	"GET /break-glass/:couple/sessions/:session": {"/break-glass/{ellis_couple}/sessions/{ellis_signed}", nil, 200},
	"GET /break-glass/:couple/sessions/:session/note": {"/break-glass/{ellis_couple}/sessions/{ellis_signed}/note", nil, 200},
	"GET /break-glass/:couple/pages/:assignment":      {"/break-glass/{ellis_couple}/pages/{ellis_joint}", nil, 200},
	"POST /break-glass/:couple/end":                   {"/break-glass/{ellis_couple}/end", url.Values{}, 303},
	"POST /broken/:glass/seen":                        {"/broken/nothing/seen", url.Values{}, 303},
	"GET /settings/colleagues":                        {"/settings/colleagues", nil, 200},
	"POST /settings/colleagues":                       {"/settings/colleagues", url.Values{"name": {"Remy Newcome"}, "email": {"remy@riverbend.example"}, "role": {"counselor"}}, 200},
	"POST /settings/colleagues/:colleague":            {"/settings/colleagues/{colleague}", url.Values{"do": {"supervise"}, "record_no": {"c-0001"}}, 303},
	"GET /settings/me":                                {"/settings/me", nil, 200},
	"POST /settings/me":                               {"/settings/me", url.Values{"name": {"Dana Okafor-Lind"}}, 303},
	"GET /settings/practice":                          {"/settings/practice", nil, 200},
	"POST /settings/practice":                         {"/settings/practice", url.Values{"practice": {"Riverbend"}, "time_zone": {"UTC"}, "paper": {"A4"}, "base": {"1"}}, 303},
	"GET /settings/safety":                            {"/settings/safety", nil, 200},
	"GET /settings/keeping":                           {"/settings/keeping", nil, 200},
	"POST /settings/keeping":                          {"/settings/keeping", url.Values{"years": {"8"}}, 303},
	"POST /settings/safety":                           {"/settings/safety", url.Values{"region": {"uk"}, "do": {"pack"}}, 200},
	"GET /settings/security":                          {"/settings/security", nil, 200},
	"GET /settings/key":                               {"/settings/key", nil, 200},
	"POST /settings/key":                              {"/settings/key", url.Values{"do": {"make"}, "passphrase": {"short"}}, 422},
	"POST /settings/factor":                           {"/settings/factor", url.Values{"do": {"remove"}}, 303},
	"POST /settings/passkeys/ask":                     {"/settings/passkeys/ask", nil, 422},
	"POST /settings/passkeys":                         {"/settings/passkeys", url.Values{"name": {"my phone"}, "answer": {"{}"}}, 422},
	"POST /settings/passkeys/remove":                  {"/settings/passkeys/remove", url.Values{"id": {"no such passkey"}}, 303},
	"POST /settings/password":                         {"/settings/password", url.Values{"old": {"wrong"}, "new": {"short"}}, 422},
	"POST /settings/logins":                           {"/settings/logins", url.Values{"id": {"no such login"}}, 303},
	"GET /my/settings":                                {"/my/settings", nil, 200},
	"POST /my/settings/factor":                        {"/my/settings/factor", url.Values{"do": {"remove"}}, 303},
	"POST /my/settings/passkeys/ask":                  {"/my/settings/passkeys/ask", nil, 422},
	"POST /my/settings/passkeys":                      {"/my/settings/passkeys", url.Values{"name": {"my phone"}, "answer": {"{}"}}, 422},
	"POST /my/settings/passkeys/remove":               {"/my/settings/passkeys/remove", url.Values{"id": {"no such passkey"}}, 303},
	"POST /my/settings/password":                      {"/my/settings/password", url.Values{"old": {"wrong"}, "new": {"short"}}, 422},
	"POST /my/settings/logins":                        {"/my/settings/logins", url.Values{"id": {"no such login"}}, 303},
	"POST /settings/spelling":                         {"/settings/spelling", url.Values{"spelling": {"on"}}, 303},
	"POST /my/settings/spelling":                      {"/my/settings/spelling", url.Values{"spelling": {"on"}}, 303},
	"POST /my/settings/language":                      {"/my/settings/language", url.Values{"language": {"en"}}, 303},
	"POST /settings/code":                             {"/settings/code", url.Values{}, 303},
	"POST /settings/waiting":                          {"/settings/waiting", url.Values{"hours": {"48"}}, 303},
	"POST /my/settings/code":                          {"/my/settings/code", url.Values{}, 303},
	"POST /practice-run/end":                          {"/practice-run/end", url.Values{}, 303},
	"POST /practice-run":                              {"/practice-run", url.Values{}, 404}, // a test has no stage
	"GET /help":                                       {"/help?find=alone", nil, 200},
	"GET /help/:topic":                                {"/help/session", nil, 200},
	"GET /jump":                                       {"/jump", nil, 200},
	"GET /follow-ups":                                 {"/follow-ups", nil, 200},
	"POST /follow-ups/:followup/seen":                 {"/follow-ups/nothing/seen", url.Values{}, 303},
	"POST /partners/:partner/decision":                {"/partners/{partner}/decision", url.Values{"decision": {"Proceed with changes"}, "reasons": {"short"}}, 422},
	"GET /audit":                                      {"/audit", nil, 200},
	"GET /my/access":                                  {"/my/access", nil, 200},
	"GET /my/policy":                                  {"/my/policy", nil, 200},
	"POST /my/policy":                                 {"/my/policy", url.Values{"policy": {"other"}, "name": {"Kit Larkspur"}, "read": {"yes"}}, 409},
	"POST /couples/:couple/goals":                     {"/couples/{couple}/goals", url.Values{"goal": {"Listen."}, "key": {"k1"}}, 303},
	"POST /couples/:couple/breaches": {"/couples/{couple}/breaches", url.Values{"breach.0.name": {"the second letter"}, "breach.0.broke": {"A"},
		"breach.0.kinds": {"lying"}}, 303},
	"POST /couples/:couple/goals/:goal/retire":               {"/couples/{couple}/goals/{goal}/retire", url.Values{}, 303},
	"POST /couples/:couple/invitations":                      {"/couples/{couple}/invitations", url.Values{"partner": {"{partner}"}}, 200},
	"GET /couples/:couple/steps/:step":                       {"/couples/{couple}/steps/acknowledge", nil, 200},
	"POST /couples/:couple/steps/:step":                      {"/couples/{couple}/steps/open-up", url.Values{"state": {"working"}}, 303},
	"POST /couples/:couple/steps/:step/criteria":             {"/couples/{couple}/steps/acknowledge/criteria", url.Values{"criterion": {"s1-c2"}, "met": {"yes"}}, 303},
	"GET /couples/:couple/worksheets":                        {"/couples/{couple}/worksheets", nil, 200},
	"POST /couples/:couple/worksheets":                       {"/couples/{couple}/worksheets", url.Values{"worksheet": {"trust-pulse"}, "again": {"yes"}, "to": {"each"}, "key": {"k2"}}, 303},
	"GET /couples/:couple/record":                            {"/couples/{couple}/record", nil, 200},
	"GET /couples/:couple/boundaries":                        {"/couples/{couple}/boundaries", nil, 200},
	"GET /couples/:couple/pulse":                             {"/couples/{couple}/pulse", nil, 200},
	"GET /couples/:couple/pulse/joint":                       {"/couples/{couple}/pulse/joint", nil, 200},
	"POST /couples/:couple/events":                           {"/couples/{couple}/events", url.Values{"kind": {"setback"}, "day": {"2031-03-10"}, "words": {"A late evening."}, "key": {"ev1"}}, 303},
	"GET /my/pulse":                                          {"/my/pulse", nil, 200},
	"GET /couples/:couple/promises":                          {"/couples/{couple}/promises", nil, 200},
	"POST /couples/:couple/promises":                         {"/couples/{couple}/promises", url.Values{"maker": {"A"}, "what": {"Home by seven"}, "often": {"weekdays"}, "key": {"pr1"}}, 303},
	"POST /couples/:couple/promises/:promise":                {"/couples/{couple}/promises/{ended}", url.Values{"do": {"end"}}, 303},
	"GET /my/promises":                                       {"/my/promises", nil, 200},
	"POST /my/promises":                                      {"/my/promises", url.Values{"what": {"Phone in the hall"}, "often": {"daily"}, "key": {"pr2"}}, 303},
	"POST /my/promises/:promise/marks":                       {"/my/promises/{promise}/marks", url.Values{"day": {"2031-03-12"}, "result": {"same"}}, 303},
	"POST /my/promises/:promise/answer":                      {"/my/promises/{offered}/answer", url.Values{"do": {"talk"}}, 303},
	"GET /couples/:couple/keeping":                           {"/couples/{couple}/keeping", nil, 200},
	"POST /couples/:couple/hold":                             {"/couples/{couple}/hold", url.Values{"hold": {"A letter."}}, 303},
	"POST /couples/:couple/erase":                            {"/couples/{couple}/erase", url.Values{"of": {"all"}}, 422},
	"GET /couples/:couple/sessions/new":                      {"/couples/{couple}/sessions/new", nil, 200},
	"POST /couples/:couple/sessions/new":                     {"/couples/{couple}/sessions/new", url.Values{"minutes": {"fifty"}}, 422},
	"GET /partners/:partner/file":                            {"/partners/{partner}/file", nil, 200},
	"POST /partners/:partner/file":                           {"/partners/{partner}/file", url.Values{"worksheet": {"referral-plan"}, "key": {"k3"}}, 303},
	"POST /partners/:partner":                                {"/partners/{partner}", url.Values{"name": {"Kit Larkspur"}}, 303},
	"GET /sessions/:session":                                 {"/sessions/{held}", nil, 200},
	"GET /sessions/:session/plan":                            {"/sessions/{planned}/plan", nil, 200},
	"GET /couples/:couple/prepare":                           {"/couples/{couple}/prepare", nil, 200},
	"GET /sessions/:session/changes":                         {"/sessions/{nothing}/changes", nil, 404},
	"POST /sessions/:session/plan":                           {"/sessions/{planned}/plan", url.Values{"minutes": {"50"}}, 422},
	"POST /sessions/:session/start":                          {"/sessions/{planned}/start", url.Values{}, 303},
	"GET /sessions/:session/run":                             {"/sessions/{held}/run", nil, 200},
	"POST /sessions/:session/run":                            {"/sessions/{held}/run", url.Values{"v.focus": {"new"}, "key": {"k4"}}, 303},
	"PUT /sessions/:session/fields/:field":                   {"/sessions/{held}/fields/observation", url.Values{"v.observation": {"seen"}, "base": {"0"}, "key": {"k5"}}, 200},
	"POST /sessions/:session/clock":                          {"/sessions/{planned}/clock", url.Values{"kind": {"pause"}}, 303},
	"POST /sessions/:session/end":                            {"/sessions/{planned}/end", url.Values{}, 303},
	"POST /sessions/:session/times":                          {"/sessions/{held}/times", url.Values{"date": {"x"}}, 422},
	"GET /sessions/:session/note":                            {"/sessions/{held}/note", nil, 200},
	"POST /sessions/:session/note":                           {"/sessions/{held}/note", url.Values{"v.plan_text": {"go on"}, "key": {"k6"}}, 303},
	"PUT /sessions/:session/note/fields/:field":              {"/sessions/{held}/note/fields/risk_text", url.Values{"v.risk_text": {"None raised."}, "base": {"0"}, "key": {"k7"}}, 200},
	"POST /sessions/:session/note/format":                    {"/sessions/{held}/note/format", url.Values{"format": {"SOAP"}}, 303},
	"POST /sessions/:session/note/sign":                      {"/sessions/{held}/note/sign", url.Values{"password": {"wrong"}}, 422},
	"POST /sessions/:session/note/addenda":                   {"/sessions/{signed}/note/addenda", url.Values{"reason": {"x"}, "text": {"y"}, "password": {"wrong"}}, 422},
	"GET /sessions/:session/note.pdf":                        {"/sessions/{held}/note.pdf", nil, 200},
	"GET /assignments/:assignment":                           {"/assignments/{sent}", nil, 200},
	"POST /assignments/:assignment/read":                     {"/assignments/{sent}/read", url.Values{}, 303},
	"POST /assignments/:assignment/sharing":                  {"/assignments/{shareable}/sharing", url.Values{"do": {"release"}}, 404},
	"GET /assignments/:assignment/handover":                  {"/assignments/{record}/handover", nil, 200},
	"PUT /assignments/:assignment/handover/fields/:field":    {"/assignments/{record}/handover/fields/safe_home", url.Values{"a.safe_home": {"maybe"}, "base": {"0"}, "key": {"hf"}}, 422},
	"POST /assignments/:assignment/handover":                 {"/assignments/{record}/handover", url.Values{"seen": {"x"}, "key": {"h"}}, 400},
	"POST /assignments/:assignment/wrong-person":             {"/assignments/{aside}/wrong-person", url.Values{}, 303},
	"POST /assignments/:assignment/active":                   {"/assignments/{joint}/active", url.Values{}, 303},
	"POST /assignments/:assignment/close":                    {"/assignments/{joint}/close", url.Values{}, 303},
	"POST /my/worksheets/:assignment/sharing":                {"/my/worksheets/{shareable}/sharing", url.Values{"do": {"yes"}}, 404},
	"POST /assignments/:assignment/withdraw":                 {"/assignments/{sent}/withdraw", url.Values{}, 423},
	"GET /assignments/:assignment/form":                      {"/assignments/{form}/form", nil, 200},
	"POST /assignments/:assignment/form":                     {"/assignments/{form}/form", url.Values{"seen": {"0"}, "key": {"k8"}, "do": {"save"}}, 303},
	"POST /assignments/:assignment/open":                     {"/assignments/{waits}/open", url.Values{}, 303},
	"GET /library/pathways":                                  {"/library/pathways", nil, 200},
	"POST /library/pathways":                                 {"/library/pathways", url.Values{"name": {"The first weeks"}, "line.0.worksheet": {"feelings-log"}, "key": {"path1"}}, 303},
	"GET /library/pathways/:pathway":                         {"/library/pathways/{pathway}", nil, 200},
	"POST /library/pathways/:pathway":                        {"/library/pathways/{pathway}", url.Values{"name": {"Weeks"}, "base": {"1"}, "line.0.worksheet": {"feelings-log"}, "key": {"path2"}}, 303},
	"POST /library/pathways/:pathway/retire":                 {"/library/pathways/{pathway}/retire", url.Values{}, 303},
	"POST /couples/:couple/pathways":                         {"/couples/{couple}/pathways", url.Values{"pathway": {"{pathway}"}, "key": {"path3"}}, 303},
	"POST /follow-ups/topics/:topic":                         {"/follow-ups/topics/{topic}", url.Values{}, 303},
	"POST /assignments/:assignment/agreement":                {"/assignments/{joint}/agreement", url.Values{"do": {"pause"}}, 404}, // not an agreement; gates_test.go has one
	"POST /my/worksheets/:assignment/pause":                  {"/my/worksheets/{joint}/pause", url.Values{}, 404},
	"GET /assignments/:assignment/blank":                     {"/assignments/{open}/blank", nil, 200},
	"GET /assignments/:assignment/paper":                     {"/assignments/{unbegun}/paper", nil, 200},
	"POST /assignments/:assignment/paper":                    {"/assignments/{unbegun}/paper", url.Values{"a.entry.0.day": {"2031-03-11"}, "seen": {"0"}, "key": {"paper"}, "do": {"send"}}, 303},
	"GET /library/pathways/:pathway/booklet":                 {"/library/pathways/{pathway}/booklet", nil, 200},
	"GET /assignments/:assignment/earlier":                   {"/assignments/{sent}/earlier", nil, 404}, // there is none before
	"GET /couples/:couple/side-by-side/:worksheet":           {"/couples/{couple}/side-by-side/setback-plan", nil, 404},
	"GET /sessions/:session/pages/:assignment":               {"/sessions/{held}/pages/{joint}", nil, 404}, // not open to both yet
	"POST /sessions/:session/pages/:assignment":              {"/sessions/{held}/pages/{joint}", url.Values{"seen": {"0"}, "key": {"room"}}, 404},
	"PUT /sessions/:session/pages/:assignment/fields/:field": {"/sessions/{held}/pages/{joint}/fields/exit", url.Values{"a.exit": {"x"}, "base": {"0"}, "key": {"room"}}, 404},
	"GET /assignments/:assignment/handed":                    {"/assignments/{tohand}/handed", nil, 200},
	"POST /assignments/:assignment/handed":                   {"/assignments/{tohand}/handed", url.Values{"seen": {"x"}, "key": {"h"}}, 400},
	"POST /assignments/:assignment/comments":                 {"/assignments/{sent}/comments", url.Values{"field": {"did"}, "words": {"Thank you."}, "key": {"cm"}}, 303},
	"POST /library/own":                                      {"/library/own", url.Values{"from": {"trust-pulse"}, "key": {"own1"}}, 303},
	"GET /library/own/:own":                                  {"/library/own/{own}", nil, 200},
	"POST /library/own/:own":                                 {"/library/own/{own}", ownForm("2", "own2", "add.0"), 303},
	"PUT /library/own/:own/fields/:field":                    {"/library/own/{own}/fields/draft", ownForm("3", "own3", ""), 200},
	"POST /library/own/:own/retire":                          {"/library/own/{own}/retire", url.Values{}, 303},
	"GET /library/import":                                    {"/library/import", nil, 200},
	"POST /library/import":                                   {"/library/import", url.Values{"text": {"{}"}, "do": {"look"}, "key": {"own4"}}, 422},
	"GET /assignments/:assignment/answers":                   {"/assignments/{sent}/answers", nil, 200},
	"GET /library":                                           {"/library", nil, 200},
	"GET /library/:worksheet":                                {"/library/trust-pulse", nil, 200},
	"GET /my":                                                {"/my", nil, 200},
	"GET /my/answers":                                        {"/my/answers", nil, 200},
	"GET /my/worksheets/:assignment":                         {"/my/worksheets/{sent}", nil, 200},
	"POST /my/worksheets/:assignment":                        {"/my/worksheets/{open}", url.Values{"seen": {"0"}, "key": {"k9"}, "do": {"save"}}, 303},
	"PUT /my/worksheets/:assignment/fields/:field":           {"/my/worksheets/{open}/fields/moved", url.Values{"a.moved": {"A walk."}, "base": {"0"}, "key": {"k10"}}, 200},
	"PUT /assignments/:assignment/form/fields/:field": {"/assignments/{form}/form/fields/choice",
		url.Values{"a.choice": {"the second"}, "base": {"0"}, "key": {"k11"}}, 200},
}

// things are the ids that stand in the visits.
func (w *world) things() map[string]string {
	w.t.Helper()
	w.one(`SELECT id FROM practices WHERE name = 'Elsewhere Practice'`)
	token, err := w.site.Accounts.BeginSetup(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	kit := w.partnerID("Kit Larkspur")
	couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, kit)
	dana := w.as(w.dana)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"trust-pulse"}, "to": {"A"}, "key": {"things"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"how-trust-was-broken"}, "to": {"A"}, "key": {"things-share"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"date-night-plan"}, "to": {"joint"}, "anyway": {"yes"}, "key": {"things-joint"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"maintenance-plan"}, "to": {"joint"}, "rule": {"release"}, "anyway": {"yes"}, "key": {"things-waits"}}).want(w.t, 303)
	kitAs := w.as(w.partner(1, "A"))
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"setback-plan"}, "to": {"A"}, "anyway": {"yes"}, "key": {"things-topic"}}).want(w.t, 303)
	kitAs.post("/my/worksheets/"+w.one(`SELECT id FROM assignments WHERE form_key LIKE 'things-topic~%'`), url.Values{"a.signs": {"Going quiet."}, "a.line.instead": {"in-person"}, "a.tell_rule": {"decide-together-in-session"}, "seen": {"0"}, "key": {"topic"}, "do": {"send"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"feelings-log"}, "to": {"A"}, "key": {"things-paper"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {"feelings-log"}, "to": {"B"}, "key": {"things-handed"}}).want(w.t, 303)
	dana.post("/library/pathways", url.Values{"name": {"Calm first"}, "line.0.worksheet": {"reminder-care-plan"}, "key": {"things-path"}}).want(w.t, 303)
	own := dana.post("/library/own", url.Values{"from": {""}, "key": {"things-own"}}).want(w.t, 303).location()
	dana.post(own, ownForm("1", "things-own", "publish")).want(w.t, 303)
	for key, room := range map[string]string{"promise": "yes", "offered": "", "ended": ""} {
		dana.post("/couples/"+couple+"/promises", url.Values{"maker": {"B"}, "what": {"Ask out loud"}, "often": {"daily"}, "room": {room}, "key": {"things-" + key}}).want(w.t, 303)
	}
	dana.post("/partners/"+kit+"/file", url.Values{"worksheet": {"referral-plan"}, "key": {"things-form"}}).want(w.t, 303)
	dana.post("/partners/"+kit+"/file", url.Values{"worksheet": {"private-conversation-record"}, "key": {"things-record"}}).want(w.t, 303)
	things := map[string]string{
		"version": dana.get("/").find(w.t, `/assets/([0-9a-f]+)/mend.css`), "setup": token, "couple": couple, "partner": kit,
		"colleague": w.one(`SELECT id FROM counselors WHERE role = 'supervisor'`),
		"goal":      w.one(`SELECT id FROM goals WHERE couple_id = ? ORDER BY created_at LIMIT 1`, couple),
		"planned":   w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`, couple),
		"held":      w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'ended' AND NOT signed`, couple),
		"signed":    w.one(`SELECT id FROM sessions WHERE couple_id = ? AND signed`, couple),
		"sent":      w.one(`SELECT s.id FROM assignments s JOIN answers a ON a.assignment_id = s.id WHERE s.couple_id = ? AND a.partner_id = ? AND a.state = 'sent' AND s.worksheet = 'acknowledgment-statement'`, couple, kit),
		"open":      w.one(`SELECT id FROM assignments WHERE couple_id = ? AND worksheet = 'trust-pulse'`, couple),
		"shareable": w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-share~%'`, couple),
		"record":    w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-record~%'`, couple),
		"aside":     w.one(`SELECT id FROM assignments WHERE couple_id = ? AND portal AND audience <> 'joint' ORDER BY id LIMIT 1`, w.people[6].Couple),
		"joint":     w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-joint~%'`, couple),
		"waits":     w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-waits~%'`, couple),
		"own":       strings.TrimPrefix(own, "/library/own/"),
		"pathway":   w.one(`SELECT id FROM pathways WHERE form_key LIKE 'things-path~%'`),
		"topic":     w.one(`SELECT id FROM to_talk WHERE couple_id = ?`, couple),
		"unbegun":   w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-paper~%'`, couple),
		"tohand":    w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-handed~%'`, couple),
		"promise":   w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-promise~%' AND couple_id = ?`, couple),
		"offered":   w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-offered~%' AND couple_id = ?`, couple),
		"ended":     w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-ended~%' AND couple_id = ?`, couple),
		"form":      w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-form~%'`, couple),
	}
	w.addEllis(things)
	return things
}

// TestEveryRouteAnswersOnlyWhomItIsFor calls every route signed out, as the
// other partner, as a partner of another couple, as another counselor, as a
// supervisor, as the front desk and as another practice, before the rightful person calls it. Whoever it is not for
// gets the very bytes of a page that does not exist.
func TestEveryRouteAnswersOnlyWhomItIsFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		nobody, ellis, stranger := w.browser(), w.as(w.ellis), w.as(w.stranger)
		noor, robin := w.as(w.partner(1, "B")), w.as(w.partner(0, "A"))
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		sam, drew := w.as(w.sam), w.as(w.drew)
		for _, route := range (&server{Site: w.site}).routes() {
			name := route.method + " " + route.path
			v, ok := visits[name]
			if !ok {
				t.Errorf("%s has no row in the table", name)
				continue
			}
			v = v.with(things)
			shared := !strings.Contains(v.path, things["couple"]) && !strings.Contains(route.path, ":session") &&
				!strings.Contains(route.path, ":assignment") && !strings.Contains(route.path, ":partner") && !strings.Contains(route.path, ":couple")
			switch route.who.role {
			case owner.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, ellis, sam, drew, kit, noor)
				v.answers(t, name, dana)
			case overseer.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, drew, kit, noor)
				v.answers(t, name, sam)
			case frontDesk.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, sam, kit, noor)
				v.answers(t, name, drew)
			case staff.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, kit, noor)
				v.answers(t, name, sam)
				v.answers(t, name, drew)
				v.answers(t, name, dana)
			case counselor.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, kit, noor, robin, sam, drew)
				if !shared {
					v.hidden(t, name, ellis, stranger)
				}
				v.answers(t, name, dana)
			case partner.role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, sam, drew)
				if !shared {
					v.hidden(t, name, noor, robin)
				}
				v.answers(t, name, kit)
			case somebody.role:
				v.signedOut(t, name, nobody)
				v.answers(t, name, dana)
				v.answers(t, name, kit)
			default:
				v.answers(t, name, nobody)
			}
		}
	})
}
