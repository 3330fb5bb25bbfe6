package worksheets

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mend/internal/fault"
)

// form returns the draft as its page submits it.
func (d Definition) form() url.Values {
	form := url.Values{
		"title": {d.Title}, "purpose": {d.Purpose}, "opening": {d.Opening}, "filled_by": {string(d.FilledBy)},
		"privacy": {string(d.Privacy)},
		"repeat":  {d.Repeat}, "notice": {d.Notice}, "score_bands": {d.BandLines()},
	}
	if d.Score != nil {
		form.Set("score_label", d.Score.Label)
	}
	for i, f := range d.Fields {
		set := func(name, value string) { form.Set(fmt.Sprintf("f.%d.%s", i, name), value) }
		set("id", f.ID)
		set("label", f.Label)
		set("help", f.Help)
		set("type", string(f.Type))
		set("role", string(f.Role))
		set("options", d.OptionLines(f))
		set("rows", d.RowLines(f))
		set("columns", f.ColumnLines())
		set("most", fmt.Sprint(f.MaxChoices))
		if f.ShowIf != nil {
			set("when", f.ShowIf.String())
		}
		for name, ticked := range map[string]bool{
			"required": f.Required, "counselor_only": f.CounselorOnly,
			"sensitive": f.Sensitive, "counted": d.Counted(f),
		} {
			if ticked {
				set(name, "yes")
			}
		}
	}
	return form
}

var sameDraft = cmp.Options{cmpopts.IgnoreFields(Definition{}, "Hash", "Source"), cmpopts.EquateEmpty()}

// Submitting an unchanged form changes nothing, whatever the worksheet contains.
func TestAPageThatIsSavedAsItWasShownChangesNothing(t *testing.T) {
	for _, d := range shipped(t).All() {
		draft := CopyOf(d)
		read, err := draft.ReadDraft(draft.form())
		if err != nil {
			t.Errorf("%s: %v", d.ID, err)
			continue
		}
		if diff := cmp.Diff(draft, read, sameDraft); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
		back, err := ReadYAML(string(read.YAML()))
		if diff := cmp.Diff(draft, back, sameDraft); err != nil || diff != "" {
			t.Errorf("%s, stored: %v %s", d.ID, err, diff)
		}
	}
}

func TestAnAnswerInOtherWordsIsTheSameAnswer(t *testing.T) {
	d := EmptyDraft()
	form := d.form()
	form.Set("f.0.type", "single_choice")
	form.Set("f.0.options", "Never = 0\r\nOften = 2 !\n\nNever")
	d, err := d.ReadDraft(form)
	if err != nil {
		t.Fatal(err)
	}
	values := func() (list []string) {
		for _, o := range d.Fields[0].Options {
			list = append(list, o.Value+"/"+o.Label)
		}
		return list
	}
	if diff := cmp.Diff([]string{"never/Never", "often/Often", "never-2/Never"}, values()); diff != "" ||
		*d.Fields[0].Options[1].Score != 2 {
		t.Fatal(diff)
	}
	if len(d.Flags) != 1 || d.Flags[0].Level != LevelUrgent || d.Flags[0].Values[0] != "often" {
		t.Errorf("%+v", d.Flags)
	}
	form = d.form()
	form.Set("f.0.options", "Quite often = 2\nNot once\nNever\nNever")
	if d, err = d.ReadDraft(form); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"quite-often/Quite often", "often/Not once", "never/Never", "never-2/Never"},
		values()); diff != "" {
		t.Error(diff)
	}
	if len(d.Flags) != 0 {
		t.Errorf("the mark is gone and its rule stays: %+v", d.Flags)
	}
}

func TestLinesAndColumnsAreTypedInPlainWords(t *testing.T) {
	d := EmptyDraft().AddField(0)
	form := d.form()
	form.Set("f.0.type", "likert_table")
	form.Set("f.0.rows", "I slept badly\nI thought of hurting myself ! 1")
	form.Set("f.0.options", "No = 0\nYes = 1")
	form.Set("f.1.type", "table")
	form.Set("f.1.columns", "What\nWhen (date)\nDone? (yes or no)\nHow much (0 to 10)\nWho (me / you / both)")
	d, err := d.ReadDraft(form)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range d.Fields[1].Columns {
		got = append(got, fmt.Sprintf("%s %s %d", c.ID, c.Type, len(c.Options)))
	}
	if diff := cmp.Diff([]string{
		"c1 short_text 0", "c1_2 date 0", "c1_3 yes_no 0", "c1_4 scale_0_10 0",
		"c1_5 single_choice 3",
	}, got); diff != "" {
		t.Error(diff)
	}
	flags := d.Raise(Context{Answers: map[string]Value{"q1": {Cells: map[string]string{"r1_2": "yes"}}}})
	if len(flags) != 1 || flags[0].Text != "An answer to look at today: I thought of hurting myself" {
		t.Errorf("%+v", flags)
	}
	if flags := d.Raise(
		Context{Answers: map[string]Value{"q1": {Cells: map[string]string{"r1": "yes", "r1_2": "no"}}}}); len(flags) != 0 {
		t.Errorf("%+v", flags)
	}
}

func TestAQuestionThatIsTakenAwayTakesItsRulesAlong(t *testing.T) {
	d, _ := shipped(t).Find("acknowledgment-statement")
	draft := CopyOf(d)
	at := func(id string) int {
		for i, f := range draft.Fields {
			if f.ID == id {
				return i
			}
		}
		return -1
	}
	draft = draft.DropField(at("stopped")).DropField(at("stopped_how") - 1)
	draft = draft.DropField(at("not_said"))
	if len(draft.Flags) != 0 || at("stopped") >= 0 || at("stopped_how") >= 0 {
		t.Errorf("%+v", draft.Flags)
	}
	first := draft.Fields[0].ID
	if moved := draft.MoveField(0, 1); moved.Fields[1].ID != first || draft.Fields[0].ID != first {
		t.Error("moved in the wrong draft")
	}
	if unmoved := draft.MoveField(0, -1); unmoved.Fields[0].ID != first {
		t.Error("moved above the first")
	}
	if added := draft.AddField(-1); added.Fields[0].ID != "q1" || len(added.Fields) != len(draft.Fields)+1 {
		t.Error("not added in front")
	}
}

func TestAFormThatNoPageSentIsRefused(t *testing.T) {
	for name, value := range map[string]string{
		"filled_by": "anybody", "privacy": "public", "f.0.id": "Not A Name",
		"f.0.type": "essay", "f.0.role": "other",
	} {
		form := EmptyDraft().form()
		form.Set(name, value)
		if _, err := EmptyDraft().ReadDraft(form); err != fault.Malformed {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	twice := EmptyDraft().form()
	for _, name := range []string{"id", "label", "type"} {
		twice.Set("f.1."+name, twice.Get("f.0."+name))
	}
	if _, err := EmptyDraft().ReadDraft(twice); err != fault.Malformed {
		t.Error("one id twice:", err)
	}
	for _, name := range []string{"f.300.label", "f.01.label", "f.0.auto", "f.0", "x", "f.-1.label"} {
		if OwnsDraft(name) {
			t.Errorf("%s is no name of the form", name)
		}
	}
}

func TestWhatIsMissingBeforePublishingIsSaidByItsPlace(t *testing.T) {
	d := EmptyDraft().AddField(0).AddField(1)
	d.Fields[0].Type, d.Fields[1].Type, d.Fields[2].Type = SingleChoice, Likert, Table
	d.Fields[0].ShowIf = &ShowIf{Field: "q2", Op: "eq", Value: "x"}
	bad := d.problems()
	for _, name := range []string{
		"title", "purpose", "f.0.label", "f.0.options", "f.0.when", "f.1.options",
		"f.1.rows", "f.2.columns",
	} {
		if bad[name] == "" {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if d.Fields = nil; !strings.Contains(d.problems()["publish"].String(), "1 to 300 questions") {
		t.Error(d.problems())
	}
}
