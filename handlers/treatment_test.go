package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestAPlanIsWrittenSharedAndSigned: goals with objectives, each with a step and interventions,
// read by both partners in their language, and signed by each alone.
func TestAPlanIsWrittenSharedAndSigned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, robin, sasha := w.as(w.dana), w.as(w.partner(0, "A")), w.as(w.partner(0, "B"))
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Robin Ashgrove"))
		plan := "/couples/" + couple + "/treatment-plan"
		robin.get("/my").want(t, 200).never(t, "Treatment plan")
		robin.get("/my/treatment-plan").want(t, 404)
		robin.post("/my/treatment-plan", url.Values{"answer": {"signed"}, "read": {"yes"}, "name": {"R"}}).want(t, 404)
		goal := dana.get(plan).want(t, 200, "Partners can’t read the plan yet.").find(t, `new\?goal=([A-Z2-7]+)"`)
		form := url.Values{"goal": {goal}, "text": {"  "}, "step": {"intake"}, "intervention": {"grounding"}, "key": {"k"}}
		dana.post(plan+"/objectives/new", form).want(t, 422, "Please fill this in.", `value="grounding" checked`,
			`value="intake" selected`)
		form.Set("text", "Each says one thing they want to keep.")
		for range 2 { // pressed twice
			dana.post(plan+"/objectives/new", form).want(t, 303)
		}
		page := dana.get(plan).want(t, 200, "Each says one thing", "Grounding exercise", "Step: Getting started")
		page.never(t, "Version 1")
		seen := page.find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(plan, url.Values{"do": {"share"}, "seen": {"another"}}).want(t, 409, "it was not shared")
		for range 2 {
			dana.post(plan, url.Values{"do": {"share"}, "seen": {seen}}).want(t, 303)
		}
		dana.get(plan).want(t, 200, "Version 1, shared on March 12, 2031").never(t, "Share plan with partners", "Version 2")

		robin.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		robin.get("/my").want(t, 200, "Tu terapeuta compartió el plan.")
		read := robin.get("/my/treatment-plan").want(t, 200, "Each says one thing they want to keep.",
			"Lo que haremos: Ejercicio de anclaje", "Paso: ")
		sasha.get("/my/treatment-plan").want(t, 200, "What we’ll do: Grounding exercise", "Step: Getting started")
		version := read.find(t, `name="version" value="([A-Z2-7]+)"`)
		sign := url.Values{"answer": {"signed"}, "version": {version}, "name": {"Robin Ashgrove"}, "key": {"s"}}
		robin.post("/my/treatment-plan", sign).want(t, 422, "Confirma que lo leíste.", "Robin Ashgrove")
		sign.Set("read", "yes")
		for range 2 {
			robin.post("/my/treatment-plan", sign).want(t, 303)
		}
		robin.get("/my/treatment-plan").want(t, 200, "Lo firmaste el 12 de marzo de 2031 como Robin Ashgrove.").never(t, `value="signed"`)
		robin.get("/my").want(t, 200, "Plan de tratamiento").never(t, "compartió el plan")
		dana.get(plan).want(t, 200, "Signed on March 12, 2031 as Robin Ashgrove", "Not signed")
		w.as(w.ellis).get(plan).want(t, 404)

		form.Set("text", "Each asks first.")
		form.Set("key", "k2")
		dana.post(plan+"/objectives/new", form).want(t, 303)
		sasha.get("/my/treatment-plan").want(t, 200).never(t, "Each asks first.")
		seen = dana.get(plan).want(t, 200, "The plan has changed since").find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(plan, url.Values{"do": {"share"}, "seen": {seen}}).want(t, 303)
		dana.get(plan).want(t, 200, "Signed an earlier version (1) on March 12, 2031")
		sign.Set("key", "late")
		robin.post("/my/treatment-plan", sign).want(t, 409, "No se guardó nada", "Robin Ashgrove")
		robin.get("/my/treatment-plan").want(t, 200, "Firmaste una versión anterior el 12 de marzo de 2031.")
	})
}

// TestAPlanIsSignedAndSeenDifferentlyAlone: whether and what one partner answered changes no byte
// that the other receives, on screen or on paper. The counselor reads it, and prints the plan
// without it.
func TestAPlanIsSignedAndSeenDifferentlyAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		plan := "/couples/" + things["couple"] + "/treatment-plan"
		paths := []string{"/my", "/my/treatment-plan", "/my/treatment-plan.pdf"}
		before := map[string]string{}
		for _, path := range paths {
			before[path] = formKey.ReplaceAllString(noor.get(path).want(t, 200).body, "")
		}
		printed := dana.get(plan+".pdf").want(t, 200).body
		answer := url.Values{"version": {things["planversion"]}, "answer": {"disagreed"}, "key": {"d"}}
		kit.post("/my/treatment-plan", answer).want(t, 422, "Please fill this in.")
		answer.Set("line", "It was more than the loan.")
		kit.post("/my/treatment-plan", answer).want(t, 303)
		kit.post("/my/treatment-plan", url.Values{
			"version": {things["planversion"]}, "answer": {"signed"}, "read": {"yes"}, "name": {"Kit Larkspur"}, "key": {"s"},
		}).want(t, 303)
		kit.get("/my/treatment-plan").want(t, 200, "You wrote on March 12, 2031:", "It was more than the loan.",
			"You signed this on March 12, 2031 as Kit Larkspur.")
		mine := pdfText(t, kit.get("/my/treatment-plan.pdf").want(t, 200))
		if !strings.Contains(mine, "Signed by Kit Larkspur") || strings.Contains(mine, "more than the loan") ||
			strings.Contains(mine, "Signed by Noor") {
			t.Error(mine)
		}
		for _, path := range paths {
			if now := formKey.ReplaceAllString(noor.get(path).want(t, 200).body, ""); now != before[path] {
				t.Errorf("%s changed for the other", path)
			}
		}
		dana.get(plan).want(t, 200, "Sees it differently (March 12, 2031, version 1): It was more than the loan.",
			"as Kit Larkspur", "as Noor Meadowsweet")
		if now := dana.get(plan+".pdf").want(t, 200).body; now != printed {
			t.Error("the printed plan holds an answer")
		}
	})
}

// TestThePlanHoldsNoDiagnosisAndNoDate: the identified client is in one partner's individual file,
// and only the counselor sees the review date.
func TestThePlanHoldsNoDiagnosisAndNoDate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		plan := "/couples/" + things["couple"] + "/treatment-plan"
		dana.post("/partners/"+things["partner"]+"/statement",
			url.Values{"diagnosis": {"F00.0-canary"}, "base": {"0"}}).want(t, 303)
		dana.post(plan, url.Values{"review_on": {"2031-03-01"}, "base": {"1"}}).want(t, 303)
		dana.get(plan).want(t, 200, `value="2031-03-01"`).never(t, "F00.0")
		read := map[string]string{"printed": pdfText(t, dana.get(plan+".pdf").want(t, 200))}
		for _, side := range []string{"A", "B"} {
			b := w.as(w.partner(1, side))
			read[side], read[side+" on paper"] = b.get("/my/treatment-plan").want(t, 200).body,
				pdfText(t, b.get("/my/treatment-plan.pdf").want(t, 200))
			b.get("/my").want(t, 200).never(t, "F00.0", "2031-03-01", "March 1,")
		}
		for where, text := range read {
			for _, never := range []string{"F00.0", "2031-03-01", "March 1,", "Review", "review", "identified"} {
				if strings.Contains(stripTags(text), never) {
					t.Errorf("%s says %q", where, never)
				}
			}
		}
	})
}

// TestAReviewThatIsDueIsOnToday: for the couple's counselor only; names can be hidden.
func TestAReviewThatIsDueIsOnToday(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		plan := "/couples/" + things["couple"] + "/treatment-plan"
		dana.get("/").want(t, 200).never(t, "Review treatment plan")
		dana.post(plan, url.Values{"review_on": {"soon"}, "base": {"1"}}).want(t, 422, `value="soon"`, "Enter a date, or leave it empty")
		dana.post(plan, url.Values{"review_on": {"2031-03-12"}, "base": {"1"}}).want(t, 303)
		dana.post(plan, url.Values{"review_on": {"2031-09-09"}, "base": {"1"}}).want(t, 409, `value="2031-09-09"`,
			"changed in another window")
		dana.get("/").want(t, 200, "Review treatment plan: Kit and Noor")
		w.as(w.ellis).get("/").want(t, 200).never(t, "Review treatment plan")
		dana.get("/jump?find=treatment+plan&couple="+things["couple"]).want(t, 200, plan)
	})
}

// TestAnObjectiveThatChangedMeanwhileComesBackAsItWasTyped: also if it was removed; then it can be
// added again.
func TestAnObjectiveThatChangedMeanwhileComesBackAsItWasTyped(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		plan := "/couples/" + things["couple"] + "/treatment-plan"
		objective := plan + "/objectives/" + things["objective"]
		form := url.Values{"goal": {things["goal"]}, "text": {"Typed first."}, "base": {"1"}}
		dana.get(objective).want(t, 200, "Each hears the other to the end", `value="enactment" checked`)
		dana.post(objective, form).want(t, 303)
		form.Set("text", "Typed second.")
		dana.post(objective, form).want(t, 409, "changed in another window", "Typed second.", `name="base" value="2"`)
		dana.post(objective, url.Values{"do": {"retire"}, "base": {"2"}}).want(t, 303)
		dana.get(objective).want(t, 404)
		dana.post(objective, form).want(t, 409, "Typed second.", `action="`+plan+`/objectives/new"`)
		form.Set("goal", "gone")
		form.Set("key", "k")
		dana.post(plan+"/objectives/new", form).want(t, 422, "Choose a goal of the plan.", "Typed second.")
	})
}

// TestThePlanIsAwayWhileASessionRuns: both partners may see the screen, and the page has one
// partner's answers.
func TestThePlanIsAwayWhileASessionRuns(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		plan := "/couples/" + things["couple"] + "/treatment-plan"
		dana.get(plan).want(t, 200)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		if a := dana.get(plan).want(t, 303); !strings.HasPrefix(a.location(), "/reauthenticate") {
			t.Error(a.location())
		}
	})
}
