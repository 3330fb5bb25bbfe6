package sessions

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/internal/i18n"
)

//go:embed method/en/*.yaml
var methodFiles embed.FS

// A Method is the content of sessions. It is data in YAML files and can change without code. Its
// wording is that of the clinical protocol.
type Method struct {
	Steps         []Step        `yaml:"-"` // in order: intake, the seven steps, closing
	Interventions []Term        `yaml:"interventions"`
	Responses     []Term        `yaml:"responses"` // predicates that follow a partner's name
	Note          NoteTemplates `yaml:"-"`

	inSpanish     map[string]i18n.Translation // texts for the couple's screen, by step
	interventions i18n.Translation            // Spanish names of interventions, for treatment plans
}

// A Term is an entry of a vocabulary.
type Term struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// A Role is a partner's part in a breach of trust.
type Role string

// The roles.
const (
	RoleHurt  Role = "hurt"
	RoleBroke Role = "broke"
	RoleBoth  Role = "both"
)

// A Step is one of the seven steps, intake, or closing.
type Step struct {
	Number         int        `yaml:"number"`
	ID             string     `yaml:"id"`
	Title          string     `yaml:"title"`    // as partners see it
	Subtitle       string     `yaml:"subtitle"` // an explanation shown under the title; intake and closing have none
	Goal           string     `yaml:"goal"`
	Parallel       bool       `yaml:"parallel"` // open from the start, alongside all others
	Readiness      Readiness  `yaml:"readiness"`
	Prompts        []Prompt   `yaml:"prompts"`
	Activities     []Activity `yaml:"activities"`
	Cautions       []string   `yaml:"cautions"`
	StuckPoints    []string   `yaml:"stuck_points"`
	Interventions  []string   `yaml:"interventions"`
	Worksheets     []string   `yaml:"worksheets"`
	Core           []string   `yaml:"core"` // the worksheets recommended for every couple, in order
	CounselorForms []string   `yaml:"counselor_forms"`
}

// Readiness lists what a counselor looks for before moving on, by role. It never unlocks anything
// by itself.
type Readiness struct {
	Hurt   []Criterion `yaml:"hurt"`
	Broke  []Criterion `yaml:"broke"`
	Couple []Criterion `yaml:"couple"`
}

// A Criterion is one sign of readiness. A private one is based on individual information and is
// never counted or quoted in a joint note.
type Criterion struct {
	ID      string `yaml:"id"`
	Text    string `yaml:"text"`
	Private bool   `yaml:"private"`
}

// A Prompt is a question for the session.
type Prompt struct {
	ID    string `yaml:"id"`
	Role  Role   `yaml:"role"`
	Alone bool   `yaml:"alone"` // for one partner alone
	Text  string `yaml:"text"`
}

// An Activity is a part of a session, with suggested minutes.
type Activity struct {
	ID      string `yaml:"id"`
	Title   string `yaml:"title"`
	Minutes int    `yaml:"minutes"`
	Alone   bool   `yaml:"alone"`
}

// NoteTemplates holds the templates from which progress notes are drafted.
type NoteTemplates struct {
	Blocks       []BlockTemplate `yaml:"blocks"`
	Formats      []Format        `yaml:"formats"`
	Insurer      FormatSection   `yaml:"insurer"` // added to any format if the practice wants it
	Required     []string        `yaml:"required"`
	RoutineRisk  string          `yaml:"routine_risk"`
	NoHomework   string          `yaml:"no_homework"`
	NoneReviewed string          `yaml:"none_reviewed"`
	Located      string          `yaml:"located"`
	Thread       Thread          `yaml:"thread"`
}

// A BlockTemplate is the sentence of one block of a note, with slots in braces, and the rule for
// including it.
type BlockTemplate struct {
	Block string `yaml:"block"`
	Name  string `yaml:"name"` // the name that counselors see
	Text  string `yaml:"text"`
	Rule  string `yaml:"rule"`
}

// A Format is a way to lay out a note: DAP, SOAP, BIRP or GIRP.
type Format struct {
	Name     string          `yaml:"name"`
	Sections []FormatSection `yaml:"sections"`
}

// A FormatSection is a section of a format and its blocks, in order.
type FormatSection struct {
	Name   string   `yaml:"name"`
	Blocks []string `yaml:"blocks"`
	// Typed means that none of its blocks are drafted: each is printed under its name, and none is
	// reported as missing.
	Typed bool `yaml:"typed"`
}

// Step returns the step with id.
func (m *Method) Step(id string) (Step, bool) {
	return find(m.Steps, func(s Step) bool { return s.ID == id })
}

// Intervention returns an intervention by id.
func (m *Method) Intervention(id string) (Term, bool) {
	return find(m.Interventions, func(t Term) bool { return t.ID == id })
}

// Response returns a response predicate by id.
func (m *Method) Response(id string) (Term, bool) {
	return find(m.Responses, func(t Term) bool { return t.ID == id })
}

// Format returns the note format of that name.
func (m *Method) Format(name string) (Format, bool) {
	return find(m.Note.Formats, func(f Format) bool { return f.Name == name })
}

// Sections returns the sections of a note in a format, followed by the insurer's section if insurer
// is set.
func (n NoteTemplates) Sections(format string, insurer bool) []FormatSection {
	f, _ := find(n.Formats, func(f Format) bool { return f.Name == format })
	if insurer {
		return append(slices.Clone(f.Sections), n.Insurer)
	}
	return f.Sections
}

// Block returns the template of a block.
func (n NoteTemplates) Block(id string) (BlockTemplate, bool) {
	return find(n.Blocks, func(b BlockTemplate) bool { return b.Block == id })
}

// Prompt returns a prompt of the step.
func (s Step) Prompt(id string) (Prompt, bool) {
	return find(s.Prompts, func(p Prompt) bool { return p.ID == id })
}

// Activity returns an activity of the step.
func (s Step) Activity(id string) (Activity, bool) {
	return find(s.Activities, func(a Activity) bool { return a.ID == id })
}

// Criteria returns the criteria of all three columns, including private ones.
func (s Step) Criteria() []Criterion {
	return slices.Concat(s.Readiness.Hurt, s.Readiness.Broke, s.Readiness.Couple)
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// LoadMethod returns the method that comes with the program, fully checked.
func LoadMethod() (*Method, error) {
	m, err := loadMethod(methodFiles)
	if err == nil {
		err = m.translate(methodFilesInSpanish)
	}
	return m, err
}

const methodFolder = "method/en"

// loadMethod reads a method. Errors name the file and the position in it.
func loadMethod(files fs.FS) (*Method, error) {
	names, err := fs.Glob(files, methodFolder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	m := &Method{}
	for _, name := range names {
		if err := m.read(files, name); err != nil {
			return nil, fmt.Errorf("sessions/%s: %w", name, err)
		}
	}
	slices.SortStableFunc(m.Steps, func(a, b Step) int { return a.Number - b.Number })
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

// read adds the content of one file to m.
func (m *Method) read(files fs.FS, name string) error {
	switch path.Base(name) {
	case "vocabulary.yaml":
		return decodeFile(files, name, m)
	case "note.yaml":
		return decodeFile(files, name, &m.Note)
	}
	var s Step
	if err := decodeFile(files, name, &s); err != nil {
		return err
	}
	if path.Base(name) != s.file() {
		return fmt.Errorf("number %d and id %q belong in %s", s.Number, s.ID, s.file())
	}
	m.Steps = append(m.Steps, s)
	return nil
}

// file returns the name of the step's file.
func (s Step) file() string { return fmt.Sprintf("%d-%s.yaml", s.Number, s.ID) }

func decodeFile(files fs.FS, name string, into any) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true) // a misspelled key is an error, not a silent omission
	if err := d.Decode(into); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return nil
}
