package handlers

import (
	"net/url"
	"testing"
)

func TestNoPrivatePageOpensBeforeItsReaderSigned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		open := "/my/worksheets/" + things["open"]
		kit.get(open).want(t, 200, "unless keeping it would make your joint work dishonest")
		begun := "/my/worksheets/" + things["shareable"]
		kit.put(begun+"/fields/not_yet", url.Values{"a.not_yet": {"Under the first."}, "base": {"0"}, "key": {"p1"}}).want(t,
			200)

		dana.post("/couples/"+things["couple"]+"/policy", url.Values{"variant": {"D"}}).want(t, 422, "Choose a policy.")
		dana.post("/couples/"+things["couple"]+"/policy", url.Values{"variant": {"C"}}).want(t, 303)
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200, "Not yet signed by Kit")
		if a := kit.get(open); a.status != 303 || a.location() != "/my/policy" {
			t.Errorf("a page that was not begun: %d %s", a.status, a.location())
		}
		kit.put(open+"/fields/moved", url.Values{"a.moved": {"Typed meanwhile."}, "base": {"0"}, "key": {"p2"}}).want(t, 200) // still saved
		kit.get(begun).want(t, 200, "Under the first.", "unless keeping it would make your joint work dishonest")
		kit.get("/my").want(t, 200, "Start here: how your answers are kept private")

		page := kit.get("/my/policy").want(t, 200, "Full individual confidence", "except as the law requires",
			"The law sets limits", "Your counselor has updated")
		policy := page.find(t, `name="policy" value="([A-Z0-9]+)"`)
		kit.post("/my/policy", url.Values{"policy": {policy}, "name": {"Kit Larkspur"}}).want(t, 422,
			"Confirm that you’ve read it", "Kit Larkspur")
		kit.post("/my/policy", url.Values{"policy": {policy}, "name": {""}, "read": {"yes"}, "wording": {"en"}}).want(t,
			422, "Please fill this in.")
		kit.post("/my/policy",
			url.Values{"policy": {policy}, "name": {"Kit Larkspur"}, "read": {"yes"}, "wording": {"en"}}).want(t, 303)
		kit.get("/my/policy").want(t, 200, "You’ve signed this.")
		kit.get(begun).want(t, 200, "unless keeping it would make your joint work dishonest")
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200, "signed by Kit")
		noor.get("/my/policy").want(t, 200, "can’t see whether you’ve signed").never(t, "You’ve signed this.")
	})
}

// TestAPracticeHasWhatIsSignedInSpanishSayUsted: other texts keep tú, and what was signed keeps its
// wording.
func TestAPracticeHasWhatIsSignedInSpanishSayUsted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		choose := func(usted string) {
			base := dana.get("/settings/practice").find(t, `name="base" value="([0-9]+)"`)
			dana.post("/settings/practice", url.Values{
				"practice": {"Riverbend"}, "time_zone": {"UTC"}, "paper": {"A4"}, "base": {base}, "formal_spanish": {usted},
			}).want(t, 303)
		}
		choose("yes")
		dana.get("/settings/practice").want(t, 200, `value="yes" checked`)
		kit.get("/my/policy").want(t, 200, "Ya firmaste", "lo que me dices a solas").never(t, "usted")

		dana.post("/couples/"+things["couple"]+"/policy", url.Values{"variant": {"C"}}).want(t, 303)
		page := kit.get("/my/policy").want(t, 200, "Lo que usted me diga a solas se queda conmigo", "Con cualquier política",
			"lo que me dice a solas", "Haz esto a solas, por favor.")
		page.never(t, "Lo que me digas", "lo que me dices")
		kit.post("/my/policy", url.Values{
			"policy": {page.find(t, `name="policy" value="([A-Z0-9]+)"`)}, "name": {"Kit Larkspur"}, "read": {"yes"},
			"wording": {page.find(t, `name="wording" value="([a-z-]+)"`)},
		}).want(t, 303)
		choose("")
		kit.get("/my/policy").want(t, 200, "Lo que usted me diga a solas se queda conmigo", "lo que me dice a solas")
		w.as(w.partner(1, "B")).get("/my/policy").want(t, 200, "What you tell me alone stays with me.")
	})
}
