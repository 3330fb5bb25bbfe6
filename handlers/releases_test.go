package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestALetterIsAnsweredFromTheRequestToTheSignedFile: a lawyer asks; the partner signs the
// authorization on the phone in Spanish and prints it; the counselor previews the release and
// releases it; the partner sees the disclosure.
func TestALetterIsAnsweredFromTheRequestToTheSignedFile(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, robin, sasha := w.as(w.dana), w.as(w.partner(0, "A")), w.as(w.partner(0, "B"))
		page := "/partners/" + w.partnerID("Robin Ashgrove") + "/requests"
		beside := sasha.crawl("/my")
		robin.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)

		wrong := requestForm("", "Placeholder & Sons", "k")
		wrong.Set("due", "2031-01-01")
		dana.post(page, wrong).want(t, 422, "Choose who is asking.", "Enter a day on or after", "Placeholder &amp; Sons")
		request := w.enter(dana, page, requestForm("lawyer", "Placeholder & Sons", "k"))
		if again := w.enter(dana, page, requestForm("lawyer", "Placeholder & Sons", "k")); again != request {
			t.Error("pressed twice, it is entered twice")
		}
		shown := dana.get(request).want(t, 200, "A lawyer’s letter isn’t an authorization.", "Ask Robin", "Ask Sasha")
		w.choose(dana, request, shown.find(t, `value="(policy:[A-Z2-7]+)"`))
		release := request + "/release"
		looked := dana.get(release).want(t, 200, "An authorization is missing.")
		seen := looked.find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(release, url.Values{"seen": {seen}, "data": {"yes"}}).want(t, 422, "An authorization is missing. Remove")

		dana.post(request, url.Values{"do": {"ask"}, "of": {"A"}, "part": {"own"}}).want(t, 303)
		link := robin.get("/my").want(t, 200).find(t, `href="(/my/authorizations/[A-Z2-7]+)"`)
		text := robin.get(link).want(t, 200, "Placeholder &amp; Sons", "Tu propia parte del expediente", "Tú decides.")
		sign := replyForm("signed", text.find(t, `name="hash" value="([0-9a-f]+)"`), "s")
		sign.Del("read")
		robin.post(link, sign).want(t, 422, "Typed Name")
		sign.Set("read", "yes")
		for range 2 {
			robin.post(link, sign).want(t, 303)
		}
		if file := pdfText(t, robin.get(link+"/form.pdf").want(t, 200)); !strings.Contains(file, "Firmado por Typed Name") {
			t.Errorf("the PDF of the permission: %s", file)
		}
		sasha.get(link).want(t, 404)

		dana.get(release).want(t, 200).never(t, "An authorization is missing.")
		preview := pdfText(t, dana.get(request+"/preview.pdf").want(t, 200))
		dana.post(release, url.Values{"seen": {seen}, "data": {"yes"}}).want(t, 303)
		dana.get(request).want(t, 200, "Released March 12, 2031", "Download data")
		file := dana.get(request+"/records.pdf").want(t, 200)
		for _, said := range []string{"Release of records", "Placeholder & Sons", "Robin Ashgrove"} {
			if !strings.Contains(pdfText(t, file), said) || !strings.Contains(preview, said) {
				t.Errorf("the file or its preview lacks %q", said)
			}
		}
		if strings.Contains(pdfText(t, file), "Sasha Birchwood") {
			t.Error("Robin's own part names Sasha by the full name")
		}
		robin.get("/my/consents").want(t, 200, "Placeholder &amp; Sons", "12 de marzo de 2031")
		robin.get(link).want(t, 200).never(t, "Retirar mi consentimiento")
		dana.get(page).want(t, 200, "Own part")
		for path, before := range sasha.crawl("/my") {
			if beside[path] != before {
				t.Errorf("%s changed for Sasha", path)
			}
		}
	})
}

// TestAnOverrideNeedsAReasonAndShowsIt: with the release.
func TestAnOverrideNeedsAReasonAndShowsIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		page := "/partners/" + w.partnerID("Robin Ashgrove") + "/requests"
		request := w.enter(dana, page, requestForm("court-order", "An invented court", "k"))
		w.choose(dana, request, "goals")
		seen := dana.get(request+"/release").want(t, 200, "Legal basis").find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(request+"/release", url.Values{"seen": {seen}}).want(t, 422, "enter the legal basis")
		dana.post(request+"/release", url.Values{"seen": {seen}, "reason": {"Order 12, March 3"}}).want(t, 303)
		dana.get(request).want(t, 200, "Order 12, March 3").never(t, "Download data")
		w.as(w.partner(0, "B")).get("/my/consents").want(t, 200, "An invented court", "The joint record").
			never(t, "Order 12")
	})
}

// TestARequestOfAnotherCounselorsCoupleDoesNotExist: nor one requested through the other partner.
// While a session runs, every page of a request requires the password.
func TestARequestOfAnotherCounselorsCoupleDoesNotExist(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		for _, signIn := range []string{w.ellis, w.stranger} {
			other := w.as(signIn)
			for _, path := range []string{"", "/" + things["request"], "/" + things["requestdone"] + "/records.pdf"} {
				other.get("/partners/"+things["partner"]+"/requests"+path).want(t, 404)
			}
		}
		kits := "/partners/" + things["partner"] + "/requests/" + things["request"]
		noors := "/partners/" + w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, things["couple"]) + "/requests/" + things["request"]
		dana := w.as(w.dana)
		dana.get(kits).want(t, 200)
		dana.get(noors).want(t, 404)
		w.browser().get(kits).want(t, 303)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		for _, path := range []string{kits, kits + "/release", kits + "/preview.pdf"} {
			if a := dana.get(path).want(t, 303); !strings.HasPrefix(a.location(), "/reauthenticate") {
				t.Errorf("while a session runs, %s leads to %s", path, a.location())
			}
		}
	})
}
