package worksheets

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/pdf"
)

func (w *world) onPaper(p Page) OpenPage {
	w.Helper()
	f, err := w.st.PageForPaper(w.Context(), w.couple, p.Assignment.ID)
	w.must(err)
	return f
}

// TestAPageGivenOnPaperIsTypedInAndMarked: it is among its author's answers, and a dangerous answer
// creates a follow-up.
func TestAPageGivenOnPaperIsTypedInAndMarked(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("carrying-my-part", ToB, 0, 0)[0]
		f := w.onPaper(page)
		var bad fault.Fields
		if err := w.st.SavePaper(w.Context(), f, form(f, true, map[string]Value{"patience": textValue("x")}),
			after(1)); !errors.As(err, &bad) || bad["a.instead"] == "" {
			w.Error("stored although something is missing:", err)
		}
		if w.count(`SELECT COUNT(*) FROM answers WHERE begun_at IS NOT NULL`) != 0 {
			w.Error("a form that was refused begins the page")
		}
		w.must(w.st.SavePaper(w.Context(), f,
			form(f, true, whole(f.Worksheet, map[string]Value{"dark": textValue("yes"), "counselor_only": textValue("Please call.")})),
			after(2)))
		r := w.read(page)[0]
		if !r.Sent() || !r.OnPaper || r.Values["counselor_only"].Text != "Please call." || r.PolicyID == nil {
			w.Errorf("got %+v", r)
		}
		if ups, err := w.couples.FollowUps(w.Context(), w.practice.ID, w.dana.ID); err != nil ||
			len(ups) != 1 || !ups[0].Urgent {
			w.Errorf("nothing follows: %+v %v", ups, err)
		}
		_, err := w.st.PageForPaper(w.Context(), w.couple, page.Assignment.ID)
		w.want("typed in twice", err, fault.NotFound)
		w.want("a second press", w.st.SavePaper(w.Context(), f, form(f, true, whole(f.Worksheet, nil)), after(3)),
			fault.Conflict)
	})
}

// TestWhatItsAuthorHasBegunIsNotTypedOver: only its author may read a draft.
func TestWhatItsAuthorHasBegunIsNotTypedOver(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("feelings-log", ToA, -1, 0)[0]
		f := w.onPaper(page)
		w.keep(page, map[string]Value{"pattern": textValue("draft-of-a")}, 1)
		_, err := w.st.PageForPaper(w.Context(), w.couple, page.Assignment.ID)
		w.want("begun", err, fault.NotFound)
		w.want("begun meanwhile", w.st.SavePaper(w.Context(), f, form(f, true, whole(f.Worksheet, nil)), after(2)),
			fault.Conflict)
		if mine := w.open(page); mine.Values["pattern"].Text != "draft-of-a" || mine.Sent() {
			w.Errorf("the draft is gone: %+v", mine.Values)
		}
		_, err = w.st.PageForPaper(w.Context(), w.asPartner(couples.A), page.Assignment.ID)
		w.want("by a partner", err, fault.NotFound)
		joint := w.give("date-night-plan", ToJoint, -1, 3)[0]
		_, err = w.st.PageForPaper(w.Context(), w.couple, joint.Assignment.ID)
		w.want("a joint page", err, fault.NotFound)
	})
}

// TestABlankSheetSaysWhoReadsItAndLeadsToTheSamePageOnAScreen checks every worksheet, on both paper
// sizes.
func TestABlankSheetSaysWhoReadsItAndLeadsToTheSamePageOnAScreen(t *testing.T) {
	t.Parallel()
	for _, d := range shipped(t).All() {
		for _, letter := range []bool{true, false} {
			p := PrintSetup{Practice: []string{"Riverbend"}, Letter: letter, Digital: "https://mend.example/my"}
			sheet := d.BlankSheet(p)
			if said := textOf(sheet.Blocks); !strings.Contains(said, d.WhoReads().String()) {
				t.Errorf("%s does not say who reads it", d.ID)
			}
			codes := 0
			for _, b := range sheet.Blocks {
				if b.Kind() == "qr" {
					codes++
				}
			}
			if (codes == 1) != d.Portal {
				t.Errorf("%s has %d codes", d.ID, codes)
			}
			var out bytes.Buffer
			if err := pdf.Draw(&out, sheet); err != nil || out.Len() < 1000 {
				t.Errorf("%s: %v", d.ID, err)
			}
		}
	}
}

func TestABookletHasACoverAndEachWorksheetOnPagesOfItsOwn(t *testing.T) {
	t.Parallel()
	list := []Definition{wordingOf(t, "reminder-care-plan"), wordingOf(t, "boundary-map"), wordingOf(t, "trust-pulse")}
	sheet := Booklet("Calm first", list, PrintSetup{Practice: []string{"Riverbend"}})
	breaks := 0
	for _, b := range sheet.Blocks {
		if b.Kind() == "break" {
			breaks++
		}
	}
	said := textOf(sheet.Blocks)
	for _, d := range list {
		if !strings.Contains(said, d.Title) {
			t.Errorf("%s is not in the booklet", d.Title)
		}
	}
	if !slices.Contains(sheet.Blocks, pdf.Block(pdf.Contents{})) {
		t.Error("the cover does not say on which page each worksheet is")
	}
	if breaks != 3 {
		t.Errorf("%d breaks", breaks)
	}
}
