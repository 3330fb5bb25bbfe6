package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/internal/audit"
	"mend/internal/dbtest"
)

// addEllis adds the couple of Ellis, not of Dana, with a signed note and a closed joint page.
func (w *world) addEllis(things map[string]string) {
	w.t.Helper()
	ellis, couple := w.as(w.ellis), w.people[10].Couple
	ellis.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"date-night-plan"}, "to": {"joint"}, "anyway": {"yes"}, "key": {"ellis-joint"}}).want(w.t,
		303)
	joint := w.one(`SELECT id FROM assignments WHERE form_key LIKE 'ellis-joint~%'`)
	for _, do := range []string{"active", "close"} {
		ellis.post("/assignments/"+joint+"/"+do, url.Values{}).want(w.t, 303)
	}
	things["ellis_couple"], things["ellis_joint"] = couple, joint
	things["ellis_no"] = w.one(`SELECT record_no FROM couples WHERE id = ?`, couple)
	things["ellis_signed"] = w.one(`SELECT id FROM sessions WHERE couple_id = ? AND signed ORDER BY starts_at LIMIT 1`,
		couple)
}

const whyOpened = "Their counselor is ill, and a court asks."

func opening(recordNo, reason, password string) url.Values {
	return url.Values{"record_no": {recordNo}, "reason": {reason}, "password": {password}}
}

// emergencyPages returns the pages of Ellis's couple that an owner can open.
func emergencyPages(things map[string]string) []string {
	record := "/emergency-access/" + things["ellis_couple"]
	session := record + "/sessions/" + things["ellis_signed"]
	return []string{record, session, session + "/note", record + "/pages/" + things["ellis_joint"]}
}

// TestAnOwnerOpensARecordForAnHourLoudly covers the whole procedure without scripts.
func TestAnOwnerOpensARecordForAnHourLoudly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, paths := w.as(w.dana), emergencyPages(things)
		record, banner := paths[0], "is open until"
		closed := func() {
			t.Helper()
			for _, path := range paths {
				dana.get(path).want(t, 404)
			}
			dana.get("/").want(t, 200).never(t, banner)
		}
		closed()
		dana.post("/emergency-access", opening(things["ellis_no"], "too short", demo.Password)).want(t, 422,
			"at least 20 characters", "too short", things["ellis_no"])
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, "not hers")).want(t, 422, "not your password",
			whyOpened).never(t, "not hers")
		dana.post("/emergency-access", opening("C-9999", whyOpened, demo.Password)).want(t, 422, "No couple in your practice")
		own := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
		dana.post("/emergency-access", opening(own, whyOpened, demo.Password)).want(t, 422, "This is your own couple")
		closed()

		if a := dana.post("/emergency-access",
			opening(" "+strings.ToLower(things["ellis_no"]), whyOpened, demo.Password)); a.status != 303 ||
			a.location() != record {
			t.Fatalf("%d %s", a.status, a.location())
		}
		for i, says := range []string{
			"Closed joint worksheets", "The signed note",
			"Signed and locked", "Time for us",
		} {
			dana.get(paths[i]).want(t, 200, banner, says)
		}
		dana.get(record).want(t, 200, whyOpened, "Breaches of trust").never(t, "/partners/", "contact info")
		for _, path := range []string{"/", "/couples", "/settings/me", "/audit", "/sessions/" + things["held"] + "/note"} {
			dana.get(path).want(t, 200, banner)
		}
		for _, path := range []string{
			"/couples/" + things["ellis_couple"], "/sessions/" + things["ellis_signed"] + "/note",
			"/partners/" + w.partnerID(w.people[10].Name) + "/file",
		} {
			dana.get(path).want(t, 404) // the counselor's own pages stay closed
		}
		for range 2 { // pressed twice
			dana.post(record+"/end", url.Values{}).want(t, 303)
		}
		closed()
	})
}

func TestTheHourEndsByItself(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, record := w.as(w.dana), "/emergency-access/"+things["ellis_couple"]
		broke := func() (reasons []string) {
			for _, e := range w.last(20) {
				if e.Action == audit.EmergencyAccess {
					reasons = append(reasons, e.Reason)
				}
			}
			return reasons
		}
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		w.now = w.now.Add(59 * time.Minute)
		dana.get(record).want(t, 200, "until 12:00 PM")
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened+" Once more.", demo.Password)).want(t, 303) // no longer
		w.now = w.now.Add(time.Minute)
		dana.get(record).want(t, 404)
		dana.get("/").want(t, 200).never(t, "is open until")
		if got := broke(); !slices.Equal(got, []string{"over", "read", "begun"}) {
			t.Errorf("the log says %q", got)
		}
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		dana.get(record).want(t, 200, "until 1:00 PM")
	})
}

// TestEmergencyAccessIsLoggedPageByPageWithoutItsReason opens four pages.
func TestEmergencyAccessIsLoggedPageByPageWithoutItsReason(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, paths := w.as(w.dana), emergencyPages(things)
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		for _, path := range paths {
			dana.get(path).want(t, 200)
		}
		dana.post(paths[0]+"/end", url.Values{}).want(t, 303)
		practice, id := w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"]),
			w.one(`SELECT id FROM emergency_access`)
		list, err := w.site.Audit.Entries(t.Context(), practice, audit.Filter{Action: audit.EmergencyAccess, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range list { // newest first
			if e.ID != id || e.Couple != things["ellis_couple"] || e.Role != "owner" {
				t.Errorf("%+v", e)
			}
			got = append(got, e.Reason)
		}
		if strings.Join(got, " ") != "ended read read read read begun" {
			t.Errorf("the log says %q", got)
		}
		dana.get("/audit").want(t, 200, "emergency access: begun", "emergency access: read",
			"emergency access: ended").never(t, "court asks")
	})
}

func TestTheCouplesCounselorLearnsThatTheRecordWasOpened(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, ellis, partner := w.as(w.dana), w.as(w.ellis), w.as(w.partner(4, "A"))
		before := partner.crawl("/my")
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		dana.get("/emergency-access/"+things["ellis_couple"]).want(t, 200)
		page := ellis.get("/follow-ups").want(t, 200, "Opened by a practice owner", "Dana Okafor-Lind",
			things["ellis_no"], whyOpened)
		dana.get("/follow-ups").want(t, 200).never(t, whyOpened)
		seen := page.find(t, `action="(/emergency-accesses/[A-Z2-7]+/seen)"`)
		dana.post(seen, url.Values{}).want(t, 303) // another counselor cannot dismiss it
		ellis.get("/follow-ups").want(t, 200, whyOpened)
		ellis.post(seen, url.Values{}).want(t, 303)
		ellis.get("/follow-ups").want(t, 200).never(t, whyOpened)
		for path, page := range partner.crawl("/my") {
			if before[path] != page {
				t.Errorf("%s changed for a partner", path)
			}
		}
	})
}

// TestEmergencyAccessReadsNothingThatConcernsOnePartnerAlone follows every link in the record of
// Kit and Noor as an owner who is not their counselor.
func TestEmergencyAccessReadsNothingThatConcernsOnePartnerAlone(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		w.wordsOfACouple(t, things)
		practice := w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"])
		dana, ellis := w.one(`SELECT id FROM counselors WHERE practice_id = ? AND role = 'owner'`, practice),
			w.one(`SELECT id FROM counselors WHERE role = 'counselor'`)
		if err := w.site.Accounts.SetRole(t.Context(), practice, dana, ellis, accounts.Owner, w.now); err != nil {
			t.Fatal(err)
		}
		owner, record := w.as(w.ellis), "/emergency-access/"+things["couple"]
		if got := owner.words("/emergency-access"); got != "" {
			t.Errorf("before: %q", got)
		}
		owner.post("/emergency-access",
			opening(w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"]), whyOpened, demo.Password)).want(t,
			303)
		if got := owner.words(record); got != "breach goal joint name session signed" {
			t.Errorf("in the emergency record: %q", got)
		}
		for _, path := range []string{
			"/sessions/" + things["held"] + "/note", "/pages/" + things["sent"], "/pages/" + things["shareable"],
			"/pages/" + things["form"],
			"/pages/" + things["record"], "/pages/" + things["ellis_joint"], "/sessions/" + things["ellis_signed"],
			"/pages/" + things["waits"],
		} {
			owner.get(record+path).want(t, 404)
		}
		w.as(w.dana).get(record).want(t, 404) // another owner's access does not count
		if err := w.site.Accounts.SetRole(t.Context(), practice, dana, ellis, accounts.Member, w.now); err != nil {
			t.Fatal(err)
		}
		w.as(w.ellis).get(record).want(t, 404) // nor that of somebody who is no longer an owner
	})
}

// TestWhileASessionRunsTheRecordOfAnotherCoupleStaysOffTheScreen: both partners of the couple in
// session can see it.
func TestWhileASessionRunsTheRecordOfAnotherCoupleStaysOffTheScreen(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		w.now = w.now.Add(time.Minute)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		record := "/emergency-access/" + things["ellis_couple"]
		if a := dana.get(record); a.status != 303 || a.location() != "/reauthenticate?then="+record {
			t.Errorf("%d %s", a.status, a.location())
		}
	})
}

// TestNobodyInCareSeesThatAnotherRecordIsOpen: the notice names another couple's record, so it is
// not shown on a handed-over device or during a session.
func TestNobodyInCareSeesThatAnotherRecordIsOpen(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/emergency-access", opening(things["ellis_no"], whyOpened, demo.Password)).want(t, 303)
		dana.get("/library").want(t, 200, "is open until", things["ellis_no"])
		for _, path := range []string{
			"/assignments/" + things["tohand"] + "/handed", "/assignments/" + things["record"] + "/handover",
		} {
			dana.get(path).want(t, 200, `data-surface="handover"`).never(t, "is open until", things["ellis_no"])
		}
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		for _, path := range []string{"/sessions/" + things["planned"] + "/run", "/library"} {
			dana.get(path).want(t, 200).never(t, "is open until", things["ellis_no"])
		}
	})
}
