package worksheets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// FilledBy is whose page a worksheet is.
type FilledBy string

// The ways to fill a worksheet.
const (
	Each          FilledBy = "each"      // each partner, an own copy
	Joint         FilledBy = "joint"     // both together
	ByHurt        FilledBy = "hurt"      // the partner who was hurt
	ByBroke       FilledBy = "broke"     // the partner who broke trust
	WithCounselor FilledBy = "counselor" // the counselor, with each partner alone
)

// Privacy is who may ever read a worksheet beside its author and the counselor.
type Privacy string

// The privacy defaults, from least to most shared.
const (
	Private   Privacy = "private"
	OnRelease Privacy = "release"
	OnSubmit  Privacy = "submit"
)

// A Definition is one wording of a worksheet.
type Definition struct {
	ID        string   `yaml:"id"`
	Title     string   `yaml:"title"`
	Step      int      `yaml:"step,omitempty"`
	Order     int      `yaml:"order,omitempty"` // place in the catalogue
	FilledBy  FilledBy `yaml:"filled_by,omitempty"`
	Portal    bool     `yaml:"portal,omitempty"` // false: partners never see that it exists
	Privacy   Privacy  `yaml:"privacy,omitempty"`
	Locked    bool     `yaml:"locked,omitempty"` // can never be released, nor read again by its author
	Purpose   string   `yaml:"purpose,omitempty"`
	Opening   string   `yaml:"opening,omitempty"` // what stands before the first question
	Repeat    string   `yaml:"repeat,omitempty"`
	OpensWhen string   `yaml:"opens_when,omitempty"`
	// A joint page that, once closed, holds until a day and can be paused.
	Agreement bool       `yaml:"agreement,omitempty"`
	OnRequest bool       `yaml:"on_request,omitempty"` // never suggested in a session: given apart from it
	Gate      string     `yaml:"gate,omitempty"`       // "private-conversations": closed until both were held and allow it
	Scoring   string     `yaml:"scoring,omitempty"`
	Notes     string     `yaml:"notes,omitempty"`
	Notice    string     `yaml:"notice,omitempty"`    // whose the wording is; on screen and in print
	Score     *Score     `yaml:"score,omitempty"`     // a plain sum, of a practice's own worksheet
	RoleFrom  *RoleFrom  `yaml:"role_from,omitempty"` // an answer that says which role's fields are shown
	StopIf    *StopIf    `yaml:"stop_if,omitempty"`   // an answer after which nothing is kept
	Withheld  []Withheld `yaml:"withheld,omitempty"`  // what of a table never reaches the other partner
	Flags     []FlagRule `yaml:"flags,omitempty"`
	Fields    []Field    `yaml:"fields,omitempty"`

	Language *i18n.Language `yaml:"-"` // of the words, nil for English
	Names    [2]string      `yaml:"-"` // of the partners, "" where no couple is meant

	Hash   string `yaml:"-"` // SHA-256 of Source, in hex
	Source []byte `yaml:"-"` // the YAML text
}

// RoleFrom says that the answer of a field is the role of whoever fills.
type RoleFrom struct {
	Field string                   `yaml:"field"`
	Roles map[string]sessions.Role `yaml:"roles,omitempty"`
}

// StopIf is an answer with which somebody says that this is not the place: it
// is not stored, and neither is a form that holds it.
type StopIf struct {
	Field string `yaml:"field"`
	Value string `yaml:"value"`
	Say   string `yaml:"say,omitempty"`
}

// Stop returns fault.Fields if answers hold the answer after which nothing is
// kept, and nil otherwise.
func (d Definition) Stop(answers map[string]Value) error {
	if s := d.StopIf; s != nil && answers[s.Field].Text == s.Value {
		return fault.Fields{"a." + s.Field: i18n.Message(s.Say)}
	}
	return nil
}

// only returns d with those of its questions alone.
func (d Definition) only(ids []string) Definition {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return !slices.Contains(ids, f.ID) })
	return d
}

// Handover returns the part of a counselor's form that somebody can answer
// themselves, on the counselor's device; ok is false where there is none.
func (d Definition) Handover() (part Definition, ok bool) {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return !f.Handover })
	return d, !d.Portal && len(d.Fields) > 0
}

// A FieldType is a way to answer.
type FieldType string

// The ten field types (docs/clinical.md, 2.1).
const (
	ShortText    FieldType = "short_text"
	LongText     FieldType = "long_text"
	SingleChoice FieldType = "single_choice"
	MultiChoice  FieldType = "multi_choice"
	Scale        FieldType = "scale_0_10"
	Likert       FieldType = "likert_table"
	YesNo        FieldType = "yes_no"
	Date         FieldType = "date"
	Table        FieldType = "table"
	Checklist    FieldType = "checklist"
)

// A Field is a question of a worksheet, or a column of a table.
type Field struct {
	ID            string        `yaml:"id"`
	Label         string        `yaml:"label"`
	Help          string        `yaml:"help,omitempty"`
	Type          FieldType     `yaml:"type,omitempty"`
	Required      bool          `yaml:"required,omitempty"`       // needed before sending
	CounselorOnly bool          `yaml:"counselor_only,omitempty"` // never the other partner's to read
	Role          sessions.Role `yaml:"role,omitempty"`           // shown only to this role
	ShowIf        *ShowIf       `yaml:"show_if,omitempty"`
	MaxChoices    int           `yaml:"max_choices,omitempty"` // 0 for any number
	WordingHints  bool          `yaml:"wording_hints,omitempty"`
	// Sensitive: can be skipped or discussed in session instead, with a word of its own.
	Sensitive   bool `yaml:"sensitive,omitempty"`
	CrisisLines bool `yaml:"crisis_lines,omitempty"` // the help numbers stand beside it
	// Of a counselor's form: can be answered on the counselor's device, handed over.
	Handover bool     `yaml:"handover,omitempty"`
	Options  []Option `yaml:"options,omitempty"`
	Rows     []Row    `yaml:"rows,omitempty"`
	Columns  []Field  `yaml:"columns,omitempty"`

	Auto     bool           `yaml:"-"` // added to every page, not part of the catalogue
	Language *i18n.Language `yaml:"-"` // of the words, nil for English
}

// An Option is an answer to choose. Score is nil where it is not counted.
type Option struct {
	Value string `yaml:"value"`
	Label string `yaml:"label"`
	Score *int   `yaml:"score,omitempty"`
}

// A Row is a line of a table of choices.
type Row struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// ShowIf is the condition under which a field is shown: the answer of an
// earlier field is, is not, or includes a value.
type ShowIf struct {
	Field string `yaml:"field"`
	Op    string `yaml:"op"` // eq, ne or includes
	Value string `yaml:"value"`
}

// Field returns the field with id, automatic ones too.
func (d Definition) Field(id string) (Field, bool) {
	return find(d.Fields, func(f Field) bool { return f.ID == id })
}

func (f Field) option(value string) (Option, bool) {
	return find(f.Options, func(o Option) bool { return o.Value == value })
}

func (f Field) row(id string) (Row, bool) {
	return find(f.Rows, func(r Row) bool { return r.ID == id })
}

func (f Field) column(id string) (Field, bool) {
	return find(f.Columns, func(c Field) bool { return c.ID == id })
}

// HasPart tells whether id is a line or a column of f.
func (f Field) HasPart(id string) bool {
	_, row := f.row(id)
	_, column := f.column(id)
	return row || column
}

// accepts tells whether value is one of the answers that f offers to choose.
func (f Field) accepts(value string) bool {
	if f.Type == YesNo {
		return value == "yes" || value == "no"
	}
	_, ok := f.option(value)
	return ok
}

// ticks tells whether f takes several choices at once.
func (f Field) ticks() bool { return f.Type == MultiChoice || f.Type == Checklist }

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// DecodeDefinition reads a definition from its YAML text, checks it, and adds
// the automatic fields. The text may be one of today's files or one that was
// stored when a worksheet was given.
func DecodeDefinition(text []byte) (Definition, error) {
	d, err := decodeStored(text)
	if err == nil {
		err = d.checkTelling()
	}
	return d, err
}

// decodeStored reads a definition that may be stored already: an earlier wording is
// shown whatever is asked of a new one.
func decodeStored(text []byte) (Definition, error) {
	var d Definition
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true) // a misspelt key is an error, not a silent omission
	if err := decoder.Decode(&d); err != nil {
		return d, errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if err := d.check(); err != nil {
		return d, err
	}
	sum := sha256.Sum256(text)
	d.Hash, d.Source = hex.EncodeToString(sum[:]), text
	d.Fields = append(d.Fields, d.automatic()...)
	return d, nil
}

// YAML returns d as text that DecodeDefinition reads, without what it adds.
func (d Definition) YAML() []byte {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return f.Auto })
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(d); err != nil { // strings, numbers and lists always encode
		panic(err)
	}
	return text.Bytes()
}

// automatic returns the fields that every page of this kind ends with
// (docs/clinical.md, 0.8 and 0.9). They are on everybody's page, so that using them
// is unremarkable.
func (d Definition) automatic() []Field {
	switch {
	case !d.Portal:
		return nil
	case d.FilledBy == Joint:
		return []Field{freeConfirm, counselorOnly}
	}
	return []Field{counselorOnly}
}

// What Mend adds to a worksheet is kept with what was given, in English.
var freeConfirm = Field{
	ID: "free_confirm", Label: i18n.English.Say("worksheet.agreement.question"),
	Type: SingleChoice, Required: true, CounselorOnly: true, Auto: true, Options: []Option{
		{Value: "i-agree-freely", Label: i18n.English.Say("worksheet.agreement.freely")},
		{Value: "talk-first", Label: i18n.English.Say("worksheet.agreement.talk_first")},
	},
}

var counselorOnly = Field{
	ID: "counselor_only", Label: i18n.English.Say("worksheet.agreement.alone"),
	Type: LongText, CounselorOnly: true, Auto: true,
}
