package worksheets

import (
	"errors"
	"strings"
	"testing"

	"mend/internal/fault"
	"mend/internal/fields"
)

// publishableDraft returns a draft that can be published.
func publishableDraft(title string) Definition {
	d := EmptyDraft()
	d.Title, d.Purpose = title, "To look at the evening."
	d.Fields[0].Label = "How was the evening?"
	return d
}

func (w *world) own(d, origin Definition, key string) Own {
	w.Helper()
	id, err := w.st.MakeOwn(w.Context(), w.practice.ID, w.dana.ID, d, origin, key, after(0))
	w.must(err)
	o, err := w.st.Own(w.Context(), w.practice.ID, id)
	w.must(err)
	return o
}

func (w *world) publish(o Own) error {
	return w.st.Publish(w.Context(), w.practice.ID, w.dana.ID, o.ID, o.Revision, after(1))
}

func (w *world) rewrite(o Own, d Definition, key string) Own {
	w.Helper()
	_, err := w.st.SaveDraft(w.Context(), w.practice.ID, o.ID, d,
		fields.Edit{Field: "draft", Base: o.Revision, Key: key, At: after(2)})
	w.must(err)
	o, err = w.st.Own(w.Context(), w.practice.ID, o.ID)
	w.must(err)
	return o
}

func TestAnOwnWorksheetIsGivenLikeAnyAndItsPagesKeepTheirWording(t *testing.T) {
	eachWorld(t, func(w *world) {
		o := w.own(publishableDraft("Evening"), Definition{}, "k1")
		if w.st.Give(w.Context(), w.couple, AssignRequest{Worksheet: o.ID, To: ToA, FormKey: "g0", Breach: w.breach(0)},
			after(0)) == nil {
			w.Error("a draft was given")
		}
		w.must(w.publish(o))
		w.give(o.ID, ToA, 0, 2)
		changed := o.Draft
		changed.Fields[0].Label = "How was the whole evening?"
		o = w.rewrite(o, changed, "k2")
		w.must(w.publish(o))
		w.give(o.ID, ToA, 0, 3)
		var labels []string
		for _, p := range w.pages() {
			labels = append(labels, p.Worksheet.Fields[0].Label)
		}
		if got := strings.Join(labels, " | "); !strings.Contains(got, "How was the evening?") || !strings.Contains(got,
			"How was the whole evening?") {
			w.Error(got)
		}
		list, err := w.st.OwnPublished(w.Context(), w.practice.ID)
		if w.must(err); len(list) != 1 || list[0].Fields[0].Label != "How was the whole evening?" {
			w.Errorf("%+v", list)
		}
		w.must(w.st.Retire(w.Context(), w.practice.ID, o.ID, after(4)))
		_, err = w.st.Find(w.Context(), w.practice.ID, o.ID)
		w.want("off the list", err, fault.NotFound)
		if len(w.pages()) != 2 {
			w.Error("what was given of it is gone")
		}
		for _, change := range []string{
			`UPDATE own_versions SET version = 7`, `DELETE FROM own_versions`,
			`UPDATE definitions SET source = 'x'`, `DELETE FROM definitions`,
		} {
			if _, err := w.db.Exec(w.Context(), change); err == nil {
				w.Error("the database lets pass:", change)
			}
		}
	})
}

func TestADraftIsSavedAtEveryStrokeAndNeverOverwritten(t *testing.T) {
	eachWorld(t, func(w *world) {
		o := w.own(EmptyDraft(), Definition{}, "k1")
		if again := w.own(EmptyDraft(), Definition{}, "k1"); again.ID != o.ID {
			w.Error("pressed twice, made twice")
		}
		save := func(title, key string, base int) (fields.Field, error) {
			d := o.Draft
			d.Title = title
			return w.st.SaveDraft(w.Context(), w.practice.ID, o.ID, d,
				fields.Edit{Field: "draft", Base: base, Key: key, At: after(2)})
		}
		for i, title := range []string{"E", "Ev", "Evening"} {
			f, err := save(title, "s"+title, 1+i)
			if w.must(err); f.Revision != 2+i {
				w.Error(f.Revision)
			}
		}
		if f, err := save("Evening", "sEvening", 3); err != nil || f.Revision != 4 {
			w.Error("the same save again:", f.Revision, err)
		}
		_, err := save("Morning", "other", 2)
		clash, ok := errors.AsType[fields.Clash](err)
		if !ok || clash.Theirs.Revision != 4 || !strings.Contains(clash.Theirs.Value, "Evening") {
			w.Error(err)
		}
		w.want("a version of another revision", w.st.Publish(w.Context(), w.practice.ID, w.dana.ID, o.ID, 2, after(3)),
			fault.Conflict)
		err = w.st.Publish(w.Context(), w.practice.ID, w.dana.ID, o.ID, 4, after(3))
		if bad, _ := errors.AsType[fault.Fields](err); bad["f.0.label"] == "" || bad["purpose"] == "" {
			w.Error("an unfinished draft:", err)
		}
	})
}

func TestAnOwnWorksheetIsItsPracticesAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		o := w.own(publishableDraft("Evening"), Definition{}, "k1")
		w.must(w.publish(o))
		_, err := w.st.Own(w.Context(), "other", o.ID)
		w.want("the draft", err, fault.NotFound)
		_, err = w.st.Find(w.Context(), "other", o.ID)
		w.want("the worksheet", err, fault.NotFound)
		_, err = w.st.SaveDraft(w.Context(), "other", o.ID, o.Draft, fields.Edit{Base: o.Revision, Key: "x", At: after(2)})
		w.want("saving", err, fault.NotFound)
		w.want("publishing", w.st.Publish(w.Context(), "other", w.dana.ID, o.ID, o.Revision, after(2)), fault.NotFound)
		w.must(w.st.Retire(w.Context(), "other", o.ID, after(3)))
		if list, err := w.st.Owns(w.Context(), w.practice.ID); err != nil || len(list) != 1 || list[0].Version != 1 {
			w.Error(list, err)
		}
		if list, err := w.st.Owns(w.Context(), "other"); err != nil || len(list) != 0 {
			w.Error(list, err)
		}
	})
}

func TestACopyKeepsAtLeastAsMuchToItself(t *testing.T) {
	for _, tt := range []struct {
		name, worksheet, place string
		loosen                 func(*Definition)
	}{
		{"shared more", "impact-statement", "privacy", func(d *Definition) { d.Privacy = OnSubmit }},
		{"no longer locked", "commitment-check", "privacy", func(d *Definition) { d.Locked = false }},
		{"read by both", "acknowledgment-statement", "filled_by", func(d *Definition) { d.FilledBy = Joint }},
		{
			"no longer for the counselor alone", "acknowledgment-statement", "f.3.counselor_only",
			func(d *Definition) { d.Fields[3].CounselorOnly = false },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				origin, ok := w.st.catalogue.Find(tt.worksheet)
				if !ok {
					w.Fatal("no such worksheet")
				}
				w.must(w.publish(w.own(CopyOf(origin), origin, "as it is")))
				d := CopyOf(origin)
				if d.Fields[3].ID == "stopped" && !d.Fields[3].CounselorOnly {
					w.Fatal("the example is no longer one")
				}
				tt.loosen(&d)
				err := w.publish(w.own(d, origin, "loosened"))
				if bad, _ := errors.AsType[fault.Fields](err); bad[tt.place] == "" {
					w.Error(err)
				}
			})
		})
	}
}

// A worksheet with an urgent flag is assigned only with the day on which it will be read
// (docs/clinical.md, D5).
func TestWhatCannotWaitIsGivenOnlyWithADayOnWhichItIsRead(t *testing.T) {
	eachWorld(t, func(w *world) {
		d := publishableDraft("How low it gets")
		d.Fields[0].Type = YesNo
		d.Flags = []FlagRule{{Field: "q1", Op: "in", Values: []string{"yes"}, Say: sameDay + "q1", Level: LevelUrgent}}
		o := w.own(d, Definition{}, "k1")
		w.must(w.publish(o))
		give := func(day string) error {
			return w.st.Give(w.Context(), w.couple,
				AssignRequest{Worksheet: o.ID, To: ToA, Breach: w.breach(0), FormKey: "g" + day, ReadBy: day}, after(0))
		}
		for _, day := range []string{
			"", "soon", after(-9 * 24 * 60).Format("2006-01-02"),
			after(90 * 24 * 60).Format("2006-01-02"),
		} {
			if bad, _ := errors.AsType[fault.Fields](give(day)); bad["read_by"] == "" {
				w.Error("given, to be read on", day)
			}
		}
		day := after(24 * 60).Format("2006-01-02")
		w.must(give(day))
		if p := w.pages(); len(p) != 1 || p[0].ReadBy == nil || *p[0].ReadBy != day {
			w.Error(p)
		}
		err := w.st.SavePathway(w.Context(), w.practice.ID, w.dana.ID,
			Pathway{Name: "All", Lines: []PathwayLine{{Worksheet: o.ID}}}, "p")
		if bad, _ := errors.AsType[fault.Fields](err); bad["line.0.worksheet"] == "" {
			w.Error("in a pathway:", err)
		}
	})
}
