package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mend/demo"
)

// byVideo books a video appointment of Kit and Noor that begins in some minutes, with a planned
// session, and returns both ids.
func (w *world) byVideo(t *testing.T, couple string, minutes time.Duration) (appointment, session string) {
	t.Helper()
	dana := w.as(w.dana)
	w.cancelAll(t, couple)
	at := w.now.Truncate(time.Minute).Add(minutes * time.Minute)
	plan := merged(w.slotValues(at, "byvideo"), map[string]string{
		"place": "video", "step": "acknowledge",
	})
	delete(plan, "zone")
	to := dana.post("/couples/"+couple+"/sessions/new", plan).want(t, 303).location()
	session = strings.TrimPrefix(strings.TrimSuffix(to, "?did=planned"), "/sessions/")
	return w.one(`SELECT id FROM appointments WHERE session_id = ?`, session), session
}

// whereKitIs returns the location form that Kit sends.
func whereKitIs(appointment string, change map[string]string) url.Values {
	return merged(url.Values{
		"appointment": {appointment}, "key": {"where"}, "state": {"NJ"}, "place": {"7 Quince Court"},
		"company": {"others"}, "telephone": {"555-0188"},
	}, change)
}

var formKeys = regexp.MustCompile(`name="key" value="[^"]*"`)

// stable returns a page without the keys of its forms, which are always new.
func stable(html string) string { return formKeys.ReplaceAllString(html, "") }

// private lists texts of Kit's that only the counselor may read.
var private = []string{"Quince Court", "555-0188", "New Jersey</strong>", "Someone else is there"}

func TestWhereAPartnerIsReachesTheirCounselorAloneAndChangesNothingForTheOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		appointment, session := w.byVideo(t, things["couple"], 5)
		dana.post("/settings/video", url.Values{
			"link": {"https://video.example/dana"}, "licenses": {"NY"}, "base": {"0"},
		}).want(t, 303)
		dana.post("/sessions/"+session+"/start", nil).want(t, 303)
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		paths := []string{"/my", "/my/appointment", "/my/access", "/my/settings", "/my/answers", "/my/promises"}
		before := map[string]string{}
		for _, path := range paths {
			before[path] = stable(noor.get(path).want(t, 200).body)
		}
		run := "/sessions/" + session + "/run"
		seen := stable(dana.get(run).want(t, 200, "/locations").body)
		dana.get("/sessions/"+session+"/locations").want(t, 200, "Not answered yet").never(t, private...)

		kit.get("/my/appointment").want(t, 200, "Where are you now?", "https://video.example/dana")
		kit.post("/my/appointment/location", whereKitIs(appointment, nil)).want(t, 303)
		kit.get("/my/appointment").want(t, 200, "Sent to your counselor.").never(t, private...)

		for _, path := range paths {
			if stable(noor.get(path).body) != before[path] {
				t.Errorf("%s is another page for Noor once Kit answered", path)
			}
		}
		if stable(dana.get(run).body) != seen {
			t.Error("the page that both can see changes with an answer")
		}
		told := dana.get("/sessions/"+session+"/locations").want(t, 200, private...).
			want(t, 200, "Outside the states on your license list", "Not answered yet")
		if n := strings.Count(told.body, "Outside the states"); n != 1 {
			t.Errorf("%d partners are outside", n)
		}
		dana.post("/sessions/"+session+"/end", nil).want(t, 303)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200, private...).
			want(t, 200, "Outside the states")
		dana.get("/partners/"+w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, things["couple"])+"/file").want(t, 200).never(t, private...)
		for name, b := range map[string]*browser{
			"the other partner": noor, "a colleague": w.as(w.ellis), "the front desk": w.as(w.drew),
		} {
			if b.get("/sessions/"+session+"/locations").status != 404 {
				t.Errorf("%s is let in", name)
			}
		}
		w.as(w.drew).get("/front-desk/appointments/"+appointment).want(t, 200).never(t, private...)
	})
}

func TestTheNoteSaysThatBothWereLocatedOnlyOnceBothAnswered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		appointment, session := w.byVideo(t, things["couple"], 5)
		dana.post("/sessions/"+session+"/start", nil).want(t, 303)
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.post("/my/appointment/location", whereKitIs(appointment, nil)).want(t, 303)
		dana.post("/sessions/"+session+"/end", nil).want(t, 303)
		note := "/sessions/" + session + "/note"
		dana.get(note).want(t, 200).never(t, "Location of each was confirmed.")
		noor.post("/my/appointment/location", whereKitIs(appointment, map[string]string{"key": "noor"})).want(t, 303)
		dana.get(note).want(t, 200, "Location of each was confirmed.").never(t, private...)
	})
}

func TestAWrongAnswerKeepsWhatWasTypedAndOneOutsideTheTimeIsNotTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		appointment, _ := w.byVideo(t, things["couple"], 20)
		kit := w.as(w.partner(1, "A"))
		kit.get("/my/appointment").want(t, 200, "15 minutes before").never(t, "Where are you now?")
		kit.post("/my/appointment/location", whereKitIs(appointment, nil)).want(t, 404)
		w.now = w.now.Add(6 * time.Minute)
		kit = w.as(w.partner(1, "A"))
		kit.post("/my/appointment/location", whereKitIs(things["appointment"], nil)).want(t, 404)
		kit.post("/my/appointment/location", whereKitIs(appointment, map[string]string{"telephone": "", "state": "outside"})).
			want(t, 422, "Enter a number to call in an emergency.", "7 Quince Court", `value="outside" selected`,
				`value="others" checked`)
		if n := w.one(`SELECT COUNT(*) FROM locations`); n != "0" {
			t.Errorf("%s answers were kept", n)
		}
	})
}

func TestASessionThatIsNotByVideoAsksNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		appointment, session := w.byVideo(t, things["couple"], 5)
		if _, err := w.db.Exec(t.Context(), `UPDATE appointments SET place = 'office'`); err != nil {
			t.Fatal(err)
		}
		if _, err := w.db.Exec(t.Context(), `UPDATE sessions SET place = 'office' WHERE id = ?`, session); err != nil {
			t.Fatal(err)
		}
		kit, dana := w.as(w.partner(1, "A")), w.as(w.dana)
		kit.get("/my/appointment").want(t, 200).never(t, "Where are you now?")
		kit.post("/my/appointment/location", whereKitIs(appointment, nil)).want(t, 404)
		dana.post("/sessions/"+session+"/start", nil).want(t, 303)
		dana.get("/sessions/"+session+"/run").want(t, 200).never(t, "/locations")
	})
}

func TestVideoSettingsKeepWhatWasTypedAndAreTheCounselorsOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		set := func(b *browser, link, licenses, base string) answer {
			return b.post("/settings/video", url.Values{"link": {link}, "licenses": {licenses}, "base": {base}})
		}
		set(dana, "http://video.example/dana", "NY", "0").want(t, 422, "https://", "http://video.example/dana")
		set(dana, "https://video.example/dana", "NY, Ontario", "0").want(t, 422, "separated by commas", "Ontario")
		set(dana, "https://video.example/dana", "NY, nj", "0").want(t, 303)
		set(dana, "https://video.example/two", "PA", "0").want(t, 409, "another window", "https://video.example/two", "PA")
		dana.get("/settings/calendar").want(t, 200, "https://video.example/dana", "NY, NJ")
		w.as(w.ellis).get("/settings/calendar").want(t, 200).never(t, "video.example")
		w.as(w.drew).post("/settings/video", url.Values{}).want(t, 404)
		appointment, _ := w.byVideo(t, things["couple"], 5)
		dana.get("/appointments/"+appointment).want(t, 200).never(t, "There is no video link yet")
		set(dana, "", "", "1").want(t, 303)
		dana.get("/appointments/"+appointment).want(t, 200, "There is no video link yet")
		w.as(w.partner(1, "A")).get("/my/appointment").want(t, 200, "There is no link here yet")
	})
}
