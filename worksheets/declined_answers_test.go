package worksheets

import (
	"testing"

	"mend/couples"
	"mend/internal/fields"
)

// sensitive returns a sensitive question of a worksheet that partners fill.
func sensitive(w *world, worksheet string) Field {
	d, _ := w.st.catalogue.Find(worksheet)
	for _, f := range d.Fields {
		if f.Sensitive && f.Type == LongText {
			return f
		}
	}
	w.Fatal("no sensitive question")
	return Field{}
}

func TestWhatWasWrittenComesBackToItsAuthorAfterTheyWouldRatherNotAnswer(t *testing.T) {
	eachWorld(t, func(w *world) {
		pages := w.give("boundary-map", ToA, -1, 1)
		page := pages[0]
		field := sensitive(w, "boundary-map").ID
		mine := func() OpenPage { return w.open(page) }
		save := func(v Value, key string) {
			f := mine()
			e := fields.Edit{Field: field, Value: v.Encode(), Base: f.Saved[field].Revision, Key: key, At: after(1)}
			_, err := w.st.SaveAnswer(t.Context(), f, e, v)
			w.must(err)
		}
		save(Value{Text: "I slept in the car."}, "k1")
		save(Value{Text: "I slept in the car. For a week.", Declined: RatherNot}, "k2")
		if v := mine().Values[field]; v.Declined != RatherNot || v.Text != "I slept in the car. For a week." {
			w.Error("the author finds", v)
		}
		save(Value{Declined: RatherNot}, "k3") // the form was sent without the text
		if v := mine().Values[field]; v.Text != "I slept in the car. For a week." {
			w.Error("the author finds", v)
		}
		save(Value{Text: "I slept in the car."}, "k4")
		if v := mine().Values[field]; v.Declined != "" || v.Text != "I slept in the car." {
			w.Error("after all:", v)
		}
		save(Value{Declined: InPerson}, "k5")
		if v := mine().Values[field]; v.Text != "I slept in the car." {
			w.Error("what was declined before the last change came back:", v)
		}
	})
}

func TestAnAnswerThatWasDeclinedNeverReachesTheCounselor(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("boundary-map", ToA, -1, 1)[0]
		field := sensitive(w, "boundary-map").ID
		f := w.open(page)
		_, err := w.st.SaveAnswer(t.Context(), f, edit(field, "", 0), Value{Text: "I slept in the car.", Declined: RatherNot})
		w.must(err)
		values := map[string]Value{}
		for _, q := range f.Worksheet.Fields {
			values[q.ID] = Value{Text: "I slept in the car.", Declined: RatherNot}
			if !q.Sensitive {
				delete(values, q.ID)
			}
		}
		w.must(w.st.SaveForm(t.Context(), w.open(page), Form{Values: values, Seen: w.open(page).Seen(), Key: "form"},
			after(1)))
		kept, err := w.st.declinedFieldSet(t.Context(), w.db, OpenPage{Page: f.Page, reader: w.couple.Reader})
		if err == nil {
			w.Error("the counselor may open", kept.Owner)
		}
		if _, err := w.st.declinedFieldSet(t.Context(), w.db,
			OpenPage{Page: f.Page, reader: w.asPartner(couples.B).Reader}); err == nil && f.Side == couples.A {
			w.Error("the other partner may open what was declined")
		}
		sheet := w.open(page)
		for id, v := range sheet.Values {
			if got := fields.Values(sheet.Saved)[id]; got != "" && v.Declined != "" &&
				got != (Value{Declined: v.Declined}).Encode() {
				w.Error("the page holds", got)
			}
		}
	})
}
