package consents_test

import (
	"errors"
	"testing"

	"mend/couples/consents"
	"mend/internal/fault"
)

// TestADraftIsNotPublishedWhileSomethingInItStandsInBrackets: no draft that comes with Mend has
// been reviewed.
func TestADraftIsNotPublishedWhileSomethingInItStandsInBrackets(t *testing.T) {
	each(t, func(p *place) {
		for _, d := range consents.Drafts() {
			id, err := p.st.MakeForm(p.Context(), p.dana.PracticeID, p.dana.ID, d.Kind, string(d.Kind)+" again")
			p.must(err)
			err = p.st.Publish(p.Context(), p.dana.PracticeID, p.dana.ID, id, 1, at)
			problems, _ := errors.AsType[fault.Fields](err)
			if problems["text"] == "" || d.Kind != "other" && problems["text_es"] == "" {
				p.Errorf("%s: %v", d.Kind, err)
			}
			if d.Name == "" || d.Kind != "other" && d.Spanish.IsBlank() {
				p.Errorf("%s is not whole", d.Kind)
			}
		}
		_, err := p.st.MakeForm(p.Context(), p.dana.PracticeID, p.dana.ID, "unknown", "k")
		if _, ok := errors.AsType[fault.Fields](err); !ok {
			p.Error(err)
		}
	})
}

func TestAFormThatWasChangedMeanwhileIsNotOverwritten(t *testing.T) {
	each(t, func(p *place) {
		practice := p.dana.PracticeID
		f, err := p.st.FindForm(p.Context(), practice, p.version.FormID)
		p.must(err)
		f.Text = "Fifteen pebbles."
		p.must(p.st.SaveForm(p.Context(), practice, f))
		f.Text = "Sixteen pebbles."
		p.want("saved over another's", p.st.SaveForm(p.Context(), practice, f), fault.Conflict)
		p.want("published unseen", p.st.Publish(p.Context(), practice, p.dana.ID, f.ID, f.Revision, at), fault.Conflict)
		p.must(p.st.Publish(p.Context(), practice, p.dana.ID, f.ID, f.Revision+1, at))
		p.must(p.st.Publish(p.Context(), practice, p.dana.ID, f.ID, f.Revision+1, at)) // submitted twice
		if v := p.newest(f.ID); v.Number != 2 || v.Text != "Fifteen pebbles." {
			p.Errorf("%+v", v)
		}
		p.want("of another practice", p.st.SaveForm(p.Context(), "elsewhere", f), fault.Conflict)
		p.must(p.st.Retire(p.Context(), practice, f.ID, at))
		if list, err := p.st.Published(p.Context(), practice); err != nil || len(list) != 0 {
			p.Error(list, err)
		}
	})
}
