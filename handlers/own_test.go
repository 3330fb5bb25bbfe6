package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/demo"
)

// ownForm returns a short draft as its page sends it.
func ownForm(base, key, do string) url.Values {
	form := url.Values{
		"base": {base}, "key": {key}, "title": {"Evening"}, "purpose": {"To look at the evening."},
		"filled_by": {"each"}, "privacy": {"private"},
		"f.0.id": {"q1"}, "f.0.label": {"How was it?"}, "f.0.type": {"long_text"},
	}
	if do != "" {
		form.Set("do", do)
	}
	return form
}

// TestAnOwnWorksheetIsWrittenAndGivenWithScriptsOff: created with plain forms, assigned, filled in,
// and its answers exported.
func TestAnOwnWorksheetIsWrittenAndGivenWithScriptsOff(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		own := dana.post("/library/own", url.Values{"from": {""}, "key": {"o"}}).want(t, 303).location()
		dana.get(own).want(t, 200, "No one sees it until you publish it", "Question 1")
		form := ownForm("1", "k1", "add.0")
		if a := dana.post(own, form).want(t, 303); !strings.HasSuffix(a.location(), "#f.1") {
			t.Error(a.location())
		}
		form = ownForm("2", "k2", "publish")
		form.Set("notice", "© Nobody in particular.")
		for name, value := range map[string]string{
			"id": "q2", "label": "How often did it help?", "type": "single_choice",
			"options": "Never = 0\nOften = 2", "counted": "yes",
		} {
			form.Set("f.1."+name, value)
		}
		form.Set("score_label", "Help")
		form.Set("f.0.label", "")
		dana.post(own, form).want(t, 422, "f.0.label", "Often = 2", "© Nobody in particular.") // keeps what was typed
		form.Set("f.0.label", "How was it?")
		form.Set("base", "3")
		form.Set("key", "k3")
		if a := dana.post(own, form).want(t, 303); !strings.HasPrefix(a.location(), strings.Replace(own, "/own/", "/", 1)) {
			t.Error(a.location())
		}
		id := strings.TrimPrefix(own, "/library/own/")
		dana.get("/library").want(t, 200, "Evening", "Version 1")
		dana.get("/library/"+id).want(t, 200, "How was it?", "© Nobody in particular.")
		dana.get("/library/"+id+".yaml").want(t, 200, "score:")
		dana.get("/library/"+id+".fhir.json").want(t, 200, `"resourceType": "Questionnaire"`, "© Nobody in particular.")
		dana.get("/library/"+id+".pdf").want(t, 200, "%PDF-")
		dana.get("/couples/"+couple+"/worksheets").want(t, 200, "Your own", "Evening")
		dana.post("/couples/"+couple+"/worksheets", url.Values{"worksheet": {id}, "to": {"A"}, "key": {"give"}}).want(t, 303)
		page := "/my/worksheets/" + w.one(`SELECT id FROM assignments WHERE form_key LIKE 'give~%'`)
		kit.get(page).want(t, 200, "How often did it help?", "© Nobody in particular.")
		kit.post(page, url.Values{"a.q1": {"Quiet."}, "a.q2": {"often"}, "seen": {"0"}, "key": {"f"}, "do": {"send"}}).want(t,
			303)
		assignment := strings.Replace(page, "/my/worksheets/", "/assignments/", 1)
		dana.get(assignment).want(t, 200, "Quiet.", "Help: 2", "© Nobody in particular.")
		dana.get(assignment+"/answers").want(t, 200, `"valueString": "Quiet."`, `"code": "often"`)
		w.as(w.ellis).get(assignment+"/answers").want(t, 404)

		stale := ownForm("1", "k9", "save")
		stale.Set("title", "From another window")
		dana.post(own, stale).want(t, 409, "changed in another window", "From another window")
		dana.put(own+"/fields/draft", stale).want(t, 400)
		stale.Del("do")
		dana.put(own+"/fields/draft", stale).want(t, 409, "Evening", "How often did it help?")
		stale.Set("f.0.auto", "yes")
		dana.put(own+"/fields/draft", stale).want(t, 400)
		w.as(w.stranger).get(own).want(t, 404)
		w.as(w.stranger).get("/library/"+id).want(t, 404)
	})
}

func TestAWorksheetComesInFromAFileOnceItIsSaidWhatIsLost(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		bring := func(text, do string) answer {
			return dana.post("/library/import", url.Values{"text": {text}, "do": {do}, "key": {"in"}})
		}
		file := `{"resourceType": "Questionnaire", "status": "active", "title": "Invented", "copyright": "© Nobody", "item": [{"linkId": "a", "type": "decimal", "text": "How much?"}]}`
		bring(file, "look").want(t, 200, "Mend may not carry everything. Compare it with the original.",
			"“How much?”: The answer is a line of text", "item[0]", "© Nobody", "Create draft").never(t,
			"Everything will be imported")
		own := bring(file, "take").want(t, 303).location()
		dana.get(own).want(t, 200, "Invented", "How much?", "© Nobody")
		bring(`{"resourceType": "Questionnaire", "item": [{"type": "text"}]}`, "look").want(t, 422, "item[0].linkId")
		bring("id: x\ntitel: y", "look").want(t, 422, "This file can’t be imported: line 2: “titel” is not part of a").
			never(t, "worksheets.Definition")
		bring("Dear team", "look").want(t, 422, "line 1 is not what a worksheet has there").never(t, "yaml:")
		yaml := dana.get("/library/trust-pulse.yaml").want(t, 200).body
		bring(yaml, "look").want(t, 200, "Everything will be imported.")
		dana.get("/library/no-such.yaml").want(t, 404)
		dana.get("/library/trust-pulse.exe").want(t, 404)
	})
}

// TestAWorksheetAboutDangerIsAFormOfTheIndividualFile: whether it was created here or imported.
func TestAWorksheetAboutDangerIsAFormOfTheIndividualFile(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		homework, file := "/couples/"+couple+"/worksheets", "/partners/"+w.partnerID("Kit Larkspur")+"/file"
		own := dana.post("/library/own", url.Values{"from": {""}, "key": {"o"}}).want(t, 303).location()
		id := strings.TrimPrefix(own, "/library/own/")
		form := ownForm("1", "k1", "publish")
		form.Set("title", "How it is at home")
		form.Set("f.0.label", "How often does your partner physically hurt you?")
		dana.post(own, form).want(t, 422, "a partner at risk could be seen answering", "physically hurt you?")
		form.Set("filled_by", "counselor")
		form.Set("base", "2")
		form.Set("key", "k2")
		dana.post(own, form).want(t, 303)
		dana.get(homework).want(t, 200).never(t, "How it is at home")
		dana.post(homework, url.Values{"worksheet": {id}, "to": {"A"}, "key": {"give"}}).want(t, 303)
		kit.get("/my").want(t, 200).never(t, "How it is at home")
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}}).want(t, 303)
		dana.get(file).want(t, 200, "How it is at home", "Hand over device")
		dana.post(file, url.Values{"worksheet": {id}, "key": {"begin"}}).want(t, 303)

		text := `{"resourceType": "Questionnaire", "status": "active", "title": "Invented", "item": [{"linkId": "a", "type": "text", "text": "Are you afraid of your partner?"}]}`
		bring := func(do string) answer {
			return dana.post("/library/import", url.Values{"text": {text}, "do": {do}, "key": {"in"}})
		}
		bring("look").want(t, 200, "a partner at risk could be seen answering")
		draft := bring("take").want(t, 303).location()
		dana.get(draft).want(t, 200, `<option value="counselor" selected>`)
	})
}

func TestAPageThatCannotWaitSaysWhenItIsRead(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		own := dana.post("/library/own", url.Values{"from": {""}, "key": {"o"}}).want(t, 303).location()
		form := ownForm("1", "k1", "publish")
		form.Set("f.0.type", "single_choice")
		form.Set("f.0.options", "No\nYes !")
		dana.post(own, form).want(t, 303)
		give := url.Values{"worksheet": {strings.TrimPrefix(own, "/library/own/")}, "to": {"A"}, "key": {"give"}}
		dana.post("/couples/"+couple+"/worksheets", give).want(t, 422, "may need you the same day",
			"I will read the answers by")
		give.Set("read_by", w.now.AddDate(0, 0, 2).Format("2006-01-02"))
		dana.post("/couples/"+couple+"/worksheets", give).want(t, 303)
		page := "/my/worksheets/" + w.one(`SELECT id FROM assignments WHERE form_key LIKE 'give~%'`)
		kit.get(page).want(t, 200, "reads your answers by "+w.now.AddDate(0, 0, 2).Format("Monday"))
		dana.get("/follow-ups").want(t, 200).never(t, "Contact them today.")
		kit.post(page, url.Values{"a.q1": {"yes"}, "seen": {"0"}, "key": {"f"}, "do": {"send"}}).want(t, 303)
		dana.get("/follow-ups").want(t, 200, "Kit", "Contact them today.")
		dana.get(strings.Replace(page, "/my/worksheets/", "/assignments/", 1)).want(t, 200,
			"An answer to look at today: How was it?")
	})
}
