package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestAFormIsWrittenPublishedGivenAndSignedAlone: in the partner's language, and printed by both
// with the signature.
func TestAFormIsWrittenPublishedGivenAndSignedAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, robin, sasha := w.as(w.dana), w.as(w.partner(0, "A")), w.as(w.partner(0, "B"))
		partner := w.partnerID("Robin Ashgrove")
		page := "/partners/" + partner + "/consents"
		before, policyOnly := sasha.get("/my"), sasha.get("/my/consents")
		form := dana.post("/settings/consents", url.Values{"kind": {"telehealth"}, "key": {"k"}}).want(t, 303).location()
		dana.get(form).want(t, 200, "To be reviewed by your lawyer", "Debe revisarlo", "This is a draft")
		text := url.Values{
			"title": {"Video"}, "text": {"Nobody [name] records."}, "title_es": {"Video"}, "text_es": {"Nadie graba."},
			"base": {"1"}, "do": {"publish"},
		}
		dana.post(form, text).want(t, 422, "Replace or delete everything in brackets, such as [name].", "Nobody [name] records.")
		text.Set("text", "Nobody records.")
		text.Set("base", "2")
		dana.post(form, text).want(t, 303)
		version := dana.get(page).want(t, 200, "Video").find(t, `value="([A-Z2-7]+)">\s*Video\s*<`)
		dana.post(page, url.Values{"key": {"g"}}).want(t, 422, "Choose at least one form.")
		for range 2 { // pressed twice
			dana.post(page, url.Values{"version": {version}, "key": {"g"}}).want(t, 303)
		}

		robin.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		link := robin.get("/my").want(t, 200, "Formularios para leer y firmar").find(t, `href="(/my/consents/[A-Z2-7]+)"`)
		read := robin.get(link).want(t, 200, "Nadie graba.")
		read.never(t, "Nobody records.")
		sign := url.Values{
			"answer": {"signed"}, "name": {"Robin Ashgrove"}, "hash": {read.find(t, `name="hash" value="([0-9a-f]+)"`)},
			"key": {"s"},
		}
		robin.post(link, sign).want(t, 422, "Robin Ashgrove")
		sign.Set("read", "yes")
		for range 2 {
			robin.post(link, sign).want(t, 303)
		}
		robin.get(link).want(t, 200, "Lo firmaste el 12 de marzo de 2031 como Robin Ashgrove.")
		file := pdfText(t, robin.get(link+"/form.pdf").want(t, 200))
		for _, said := range []string{"Nadie graba.", "Firmado por Robin Ashgrove", "12 de marzo de 2031", "America/New_York"} {
			if !strings.Contains(file, said) {
				t.Errorf("the PDF lacks %q: %s", said, file)
			}
		}
		dana.get(page).want(t, 200, "Signed March 12, 2031", "read in Spanish")
		if after := sasha.get("/my"); after.body != before.body {
			t.Error("the other's page changed")
		}
		if after := sasha.get("/my/consents"); after.body != policyOnly.body {
			t.Error("the other's forms changed")
		}
		sasha.get(link).want(t, 404)
		sasha.get(link+"/form.pdf").want(t, 404)
		w.as(w.ellis).get(page).want(t, 404)
	})
}

// TestADeclinedOrWithdrawnFormIsSeenByTheCounselorAlone: and a page opened before the withdrawal
// signs nothing.
func TestADeclinedOrWithdrawnFormIsSeenByTheCounselorAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		page := "/partners/" + things["partner"] + "/consents"
		others := noor.get("/my/consents").want(t, 200)
		signed, open := "/my/consents/"+things["consentsigned"], "/my/consents/"+things["consentopen"]
		hash := kit.get(signed).find(t, `name="hash" value="([0-9a-f]+)"`)
		kit.post(signed, url.Values{"answer": {"withdrawn"}, "hash": {hash}, "key": {"w"}}).want(t, 303)
		kit.get(signed).want(t, 200, "You withdrew this on March 12, 2031.")
		kit.post(signed, url.Values{
			"answer": {"signed"}, "hash": {hash}, "key": {"late"}, "read": {"yes"}, "name": {"Kit Larkspur"},
		}).want(t, 409, "Nothing was saved")
		kit.post(open, url.Values{"answer": {"declined"}, "hash": {things["consenthash"]}, "key": {"d"}}).want(t, 303)
		kit.get(open).want(t, 200, "you can still sign it")
		kit.post(open, url.Values{"answer": {"forgotten"}, "hash": {hash}, "key": {"x"}}).want(t, 400)
		dana.get(page).want(t, 200, "Withdrawn March 12, 2031", "Declined March 12, 2031")
		if now := noor.get("/my/consents"); now.body != others.body {
			t.Error("the other learns of it")
		}

		take := "/my/consents/" + things["consenttotake"]
		kit.get(take).want(t, 200, "Nobody records a session.")
		dana.post(page+"/"+things["consenttotake"], url.Values{}).want(t, 303)
		dana.post(page+"/"+things["consenttotake"], url.Values{}).want(t, 409, "was not canceled")
		kit.get(take).want(t, 404)
		kit.get(take+"/form.pdf").want(t, 404)
		dana.get(page).want(t, 200, "Canceled").never(t, things["consenttotake"]+"/form.pdf")
	})
}

// TestConsentsAreAwayWhileASessionRuns: both partners may see the screen, so the password is
// required.
func TestConsentsAreAwayWhileASessionRuns(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		page := "/partners/" + things["partner"] + "/consents"
		dana.get(page).want(t, 200)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		for _, path := range []string{page, "/partners/" + things["partner"] + "/policy.pdf"} {
			if a := dana.get(path).want(t, 303); !strings.HasPrefix(a.location(), "/reauthenticate") {
				t.Error(a.location())
			}
		}
	})
}

// TestTheSignedPolicyIsReadAgainAsItWasSigned: by the partner and the counselor.
func TestTheSignedPolicyIsReadAgainAsItWasSigned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		kit.get("/my/consents").want(t, 200, "How your answers are kept private", "You signed this on")
		dana.get("/partners/"+things["partner"]+"/consents").want(t, 200, "signed by Kit Larkspur", "read in English")
		mine := pdfText(t, kit.get("/my/policy.pdf").want(t, 200))
		theirs := pdfText(t, dana.get("/partners/"+things["partner"]+"/policy.pdf").want(t, 200))
		if mine != theirs || !strings.Contains(mine, "Signed by Kit Larkspur") {
			t.Errorf("%s\n%s", mine, theirs)
		}
	})
}
