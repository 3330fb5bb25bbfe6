package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/demo"
)

// TestTicksAndTimesOfASessionChangeOnItsNotePage: with and without scripts, and not once the note
// is signed.
func TestTicksAndTimesOfASessionChangeOnItsNotePage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		page := dana.get(note).want(t, 200, `id="times.start"`, `id="activities"`, `id="interventions"`, `id="response.A"`)
		activity := page.find(t, `name="v\.activity\.(s[0-9]+-a[0-9]+)" value="yes">`)
		revision := page.find(t, `data-field="times" data-revision="([0-9]+)"`)
		save := func(field string, more url.Values, base string) answer {
			form := url.Values{"base": {base}, "key": {"tab." + base + field}}
			for name, value := range more {
				form[name] = value
			}
			return dana.put(note+"/fields/"+field, form)
		}
		save("activity."+activity, url.Values{"v.activity." + activity: {"yes"}}, "0").want(t, 200)
		save("activity.nowhere", url.Values{"v.activity.nowhere": {"yes"}}, "0").want(t, 400)
		run := strings.TrimSuffix(note, "/note") + "/run"
		dana.get(run).want(t, 200, `name="v.activity.`+activity+`" value="yes" checked`)

		times := url.Values{
			"v.times": {""}, "v.times.base": {revision}, "v.times.date": {"2031-03-10"}, "v.times.twice": {""},
			"v.times.start": {"15:00"}, "v.times.stop": {"15:41"}, "v.times.a_minutes": {"0"}, "v.times.b_minutes": {"0"},
			"v.times.paused_minutes": {"0"},
		}
		save("times", times, revision).want(t, 200)
		save("times", times, revision).want(t, 200) // a retry after a lost response
		dana.get(note).want(t, 200, "41-minute", "3:00–3:41 p.m.")
		times["v.times.stop"] = []string{"14:00"}
		save("times", times, revision).want(t, 422, "The end time is before the start time.")
		times["v.times.stop"] = []string{"15:50"}
		save("times", times, revision).want(t, 422, "The times were changed in another window.")

		form := url.Values{"key": {"whole"}, "v.support": {"", "yes"}, "v.response.A": {"", "tearful"}}
		for name, value := range times {
			form[name] = value
		}
		form.Del("v.times")
		dana.post(note, form).want(t, 422, "The times were changed in another window.", `value="15:50"`)
		base := dana.get(note).find(t, `data-field="times" data-revision="([0-9]+)"`)
		form["v.times.base"] = []string{base}
		dana.post(note, form).want(t, 303)
		dana.get(note).want(t, 200, "50-minute", "was tearful.", "Individual support options were discussed with both")

		w.completeNote(dana, note)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(note+"/sign", url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}).want(t, 303)
		save("support", url.Values{"v.support": {""}}, "1").want(t, 423)
		form["v.times.stop"] = []string{"15:20"}
		dana.post(note, form).want(t, 423)
		times["v.times.stop"] = []string{"15:20"}
		save("times", times, "9").want(t, 423)
	})
}
