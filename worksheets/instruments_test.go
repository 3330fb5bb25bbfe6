package worksheets

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// ownWorksheet returns a practice's own worksheet with one question.
func ownWorksheet(question string) Definition {
	d := publishableDraft("Some questions")
	d.Fields[0].Label = question
	return d
}

func TestAQuestionAboutViolenceOrSuicideIsKnown(t *testing.T) {
	for _, question := range []string{
		"Thoughts that you would be better off dead or of hurting yourself in some way",
		"Have you wished you were dead or wished you could go to sleep and not wake up?",
		"Have you had any thoughts about killing yourself?",
		"In the past few weeks, have you felt that you or your family would be better off if you were dead?",
		"The thought of harming myself has occurred to me",
		"How often does your partner physically hurt you?", "How often does your partner threaten you with harm?",
		"How often does your partner scream or curse at you?",
		"Do arguments ever result in hitting, kicking or pushing?",
		"Do you ever feel frightened by what your partner says or does?",
		"Has your partner ever abused you sexually?", "I pushed or shoved my partner", "I slapped my partner",
		"I used a knife or gun on my partner",
		"I used threats to make my partner have sex", "Are you afraid of your partner?", "Do you feel safe at home?",
		"Have you been forced? My partner forced me to have sex",
		"Pensamientos de que estaría mejor muerto/a o de lastimarse de alguna manera", "¿Ha deseado estar muerto(a)?",
		"¿Ha pensado en suicidarse?",
		"¿Con qué frecuencia su pareja le hace daño físico?", "¿Su pareja la amenaza?", "¿Tiene miedo de su pareja?",
		"¿Tu pareja te ha pegado?", "Le di una bofetada a mi pareja",
		"¿Ha pensado en quitarse la vida?", "PHYSICALLY  HURT you", "be\u00adtter off de\u200bad",
		"Thoughts of hurting yourself", "Have you thought of self–harm?",
	} {
		if !ownWorksheet(question).AsksAboutDanger() {
			t.Errorf("not known: %q", question)
		}
	}
	for _, title := range []string{
		"PHQ-9", "Columbia–Suicide Severity Rating Scale", "HITS", "WAST-Short",
		"CTS2", "The ASQ tool",
	} {
		if !publishableDraft(title).AsksAboutDanger() {
			t.Errorf("not known: %q", title)
		}
	}
	for _, question := range []string{
		"What hurt me most", "What I am afraid of losing", "When do I feel safe with you?", "I push you away when I am hurt",
		"How did the news reach you?", "My heart beats fast",
		"A threat to our trust", "What we killed time with as a couple: skills we have", "A dead end we know",
		"¿Qué te dolió más?", "¿Cuándo te sientes segura conmigo?",
	} {
		known := ownWorksheet(question).AsksAboutDanger()
		if known != strings.Contains(question, "killed") {
			t.Errorf("taken for one about danger: %q", question)
		}
	}
}

// TestTheCatalogueAsksAboutDangerWithTheHelpNumbersAlone: AsksAboutDanger finds nothing in the
// catalogue's pages, so they can be copied, except the question with the help numbers.
func TestTheCatalogueAsksAboutDangerWithTheHelpNumbersAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, d := range w.st.catalogue.All() {
			for _, l := range i18n.Offered {
				said := w.st.catalogue.In(l, d)
				said.Fields = slices.DeleteFunc(slices.Clone(said.Fields), func(f Field) bool { return f.CrisisLines })
				if d.Portal && said.AsksAboutDanger() {
					for _, text := range said.asked() {
						if ownWorksheet(text).AsksAboutDanger() {
							w.Errorf("%s in %s: %q", d.ID, l.Tag, text)
						}
					}
				}
			}
		}
	})
}

func TestAWorksheetThatAsksAboutDangerIsNoPartnersPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		d := ownWorksheet("How often does your partner physically hurt you?")
		err := w.publish(w.own(d, Definition{}, "k1"))
		bad, _ := errors.AsType[fault.Fields](err)
		if !strings.Contains(bad["filled_by"].String(), "could be seen answering") {
			w.Error("published:", err)
		}

		form := w.own(d.AsCounselorForm(), Definition{}, "k2")
		w.must(w.publish(form))
		w.must(w.st.Give(w.Context(), w.couple, AssignRequest{Worksheet: form.ID, To: ToA, FormKey: "g1"}, after(1)))
		mine, err := w.st.MyPages(w.Context(), w.couple, w.couple.Partners[0], after(2))
		if err != nil || len(mine) > 0 {
			w.Error("the counselor's form is on a partner's list:", mine, err)
		}
	})
}

// publishedBefore stores d as the newest version of o, as if it had been published before the check
// existed.
func (w *world) publishedBefore(o Own, d Definition) {
	w.Helper()
	d.ID = o.ID
	d, err := DecodeDefinition(d.YAML())
	w.must(err)
	_, err = w.db.Exec(w.Context(), `INSERT INTO definitions (hash, worksheet, source, created_at) VALUES (?, ?, ?, ?)`,
		d.Hash, d.ID, string(d.Source), after(1))
	w.must(err)
	_, err = w.db.Exec(w.Context(),
		`INSERT INTO own_versions (worksheet, version, wording, published_by, published_at) VALUES (?, 2, ?, ?, ?)`, d.ID,
		d.Hash, w.dana.ID, after(1))
	w.must(err)
}

func TestWhatWasPublishedBeforeIsNotAssigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		d := ownWorksheet("How was the week?")
		d.Repeat = "Weekly"
		o := w.own(d, Definition{}, "k1")
		w.must(w.publish(o))
		page := w.give(o.ID, ToA, 0, 1)[0]
		d.Fields[0].Label = "How often does your partner physically hurt you?"
		w.publishedBefore(o, d)

		err := w.st.Give(w.Context(), w.couple, AssignRequest{Worksheet: o.ID, To: ToA, FormKey: "after"}, after(2))
		bad, _ := errors.AsType[fault.Fields](err)
		if !strings.Contains(bad["worksheet"].String(), "could be seen answering") {
			w.Error("assigned:", err)
		}
		err = w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID,
			Pathway{Name: "All", Lines: []PathwayLine{{Worksheet: o.ID}}}, "p")
		if bad, _ := errors.AsType[fault.Fields](err); bad["line.0.worksheet"] == "" {
			w.Error("in a pathway:", err)
		}
		w.send(page, map[string]Value{"q1": {Text: "It was quiet."}}, 3)
		if pages := w.pages(); len(pages) != 1 || !pages[0].Sent() {
			w.Error("it came again by itself:", pages)
		}
	})
}

func TestACopyOfTheCounselorsFormStaysTheCounselors(t *testing.T) {
	eachWorld(t, func(w *world) {
		origin, ok := w.st.catalogue.Find("individual-note")
		if !ok || origin.Portal || origin.AsksAboutDanger() {
			w.Fatal("the example is no longer one")
		}
		d := CopyOf(origin)
		w.must(w.publish(w.own(d, origin, "k1")))
		d.Portal, d.FilledBy = true, Each
		err := w.publish(w.own(d, origin, "k2"))
		if bad, _ := errors.AsType[fault.Fields](err); bad["filled_by"] == "" {
			w.Error(err)
		}
	})
}
