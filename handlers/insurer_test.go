package handlers

import (
	"net/url"
	"testing"
)

// TestAnOwnerHasNotesCarryABlockForTheInsurer: off by default, typed field by field, printed in the
// signed note, and still there after the practice turns it off.
func TestAnOwnerHasNotesCarryABlockForTheInsurer(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		ask := func(insurer string) {
			base := dana.get("/settings/practice").find(t, `name="base" value="([0-9]+)"`)
			dana.post("/settings/practice", url.Values{
				"practice": {"Riverbend"}, "time_zone": {"UTC"}, "paper": {"A4"}, "base": {base}, "insurer_block": {insurer},
			}).want(t, 303)
		}
		note := "/sessions/" + things["held"] + "/note"
		dana.get(note).want(t, 200).never(t, "For the insurer", "Medical necessity", "insurer_")
		ask("yes")
		dana.get("/settings/practice").want(t, 200, `name="insurer_block" value="yes" checked`)
		dana.get(note).want(t, 200, "For the insurer", "Symptoms", "Functional impairment", "Medical necessity",
			"Intervention and the goal it addresses")
		dana.put(note+"/fields/text.insurer_symptoms",
			url.Values{"v.text.insurer_symptoms": {"Low mood since May."}, "base": {"0"}, "key": {"i"}}).want(t, 200)
		for _, format := range []string{"SOAP", "BIRP", "GIRP", "DAP"} {
			dana.post(note+"/format", url.Values{"format": {format}}).want(t, 303)
			dana.get(note).want(t, 200, "For the insurer", "Low mood since May.")
		}
		fields := url.Values{
			"key": {"n"}, "v.progress." + dana.get(note).find(t, `name="v.progress.`+id+`"`): {"no change"},
		}
		for _, block := range w.site.Sessions.Method().Note.Required {
			fields.Set("v.text."+block, "In my own words.")
		}
		dana.post(note, fields).want(t, 303)
		dana.post(note+"/sign", url.Values{
			"seen": {dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)}, "reviewed": {"yes"},
			"password": {"quiet-harbor-demo"},
		}).want(t, 303)
		ask("")
		dana.get(note).want(t, 200, "Signed and locked", "For the insurer", "Low mood since May.").never(t,
			"Medical necessity")
		dana.get("/sessions/"+things["signed"]+"/note").never(t, "For the insurer")
	})
}
