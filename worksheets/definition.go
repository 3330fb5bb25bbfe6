package worksheets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
)

// FilledBy identifies who fills in a worksheet.
type FilledBy string

// The ways to fill in a worksheet.
const (
	Each          FilledBy = "each"      // each partner, on a separate copy
	Joint         FilledBy = "joint"     // both together
	ByHurt        FilledBy = "hurt"      // the partner who was hurt
	ByBroke       FilledBy = "broke"     // the partner who broke trust
	WithCounselor FilledBy = "counselor" // the counselor, together with one partner alone
)

// Privacy determines whether the other partner may ever read a worksheet, and when.
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
	Order     int      `yaml:"order,omitempty"` // position in the catalogue
	FilledBy  FilledBy `yaml:"filled_by,omitempty"`
	Portal    bool     `yaml:"portal,omitempty"` // false: partners never see that it exists
	Privacy   Privacy  `yaml:"privacy,omitempty"`
	Locked    bool     `yaml:"locked,omitempty"` // can never be released, nor read again by its author
	Purpose   string   `yaml:"purpose,omitempty"`
	Opening   string   `yaml:"opening,omitempty"` // text before the first question
	Repeat    string   `yaml:"repeat,omitempty"`
	OpensWhen string   `yaml:"opens_when,omitempty"`
	// A joint page that is in force until a date once closed, and can be paused.
	Agreement bool       `yaml:"agreement,omitempty"`
	OnRequest bool       `yaml:"on_request,omitempty"` // never suggested in a session
	Gate      string     `yaml:"gate,omitempty"`       // "private-conversations": closed until both allow it
	Scoring   string     `yaml:"scoring,omitempty"`
	Notes     string     `yaml:"notes,omitempty"`
	Notice    string     `yaml:"notice,omitempty"`    // the copyright notice, on screen and in print
	Score     *Score     `yaml:"score,omitempty"`     // a plain sum, in a practice's own worksheets
	RoleFrom  *RoleFrom  `yaml:"role_from,omitempty"` // an answer that decides which role's fields are shown
	StopIf    *StopIf    `yaml:"stop_if,omitempty"`   // an answer after which nothing is stored
	Withheld  []Withheld `yaml:"withheld,omitempty"`  // parts of a table that the other partner never sees
	Flags     []FlagRule `yaml:"flags,omitempty"`
	Fields    []Field    `yaml:"fields,omitempty"`

	Language *i18n.Language `yaml:"-"` // the language of the words, nil for English
	Names    [2]string      `yaml:"-"` // of the partners, "" without a couple

	Hash   string `yaml:"-"` // SHA-256 of Source, in hex
	Source []byte `yaml:"-"` // the YAML text
}

// RoleFrom takes the role of the person who fills in the worksheet from one of the answers.
type RoleFrom struct {
	Field string                   `yaml:"field"`
	Roles map[string]sessions.Role `yaml:"roles,omitempty"`
}

// StopIf defines the answer by which somebody says that they cannot answer here. Neither it nor a
// form that contains it is stored.
type StopIf struct {
	Field string `yaml:"field"`
	Value string `yaml:"value"`
	Say   string `yaml:"say,omitempty"`
}

// Stop returns fault.Fields if answers contain the StopIf answer, and nil otherwise.
func (d Definition) Stop(answers map[string]Value) error {
	if s := d.StopIf; s != nil && answers[s.Field].Text == s.Value {
		return fault.Fields{"a." + s.Field: i18n.Message(s.Say)}
	}
	return nil
}

// withFields returns d with only the questions in ids.
func (d Definition) withFields(ids []string) Definition {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return !slices.Contains(ids, f.ID) })
	return d
}

// Handover returns the part of a counselor's form that partners can answer themselves on the
// counselor's device. ok is false if there is none.
func (d Definition) Handover() (part Definition, ok bool) {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return !f.Handover })
	return d, !d.Portal && len(d.Fields) > 0
}

// A FieldType is a type of question.
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
	Required      bool          `yaml:"required,omitempty"`       // required before sending
	CounselorOnly bool          `yaml:"counselor_only,omitempty"` // the other partner may never read it
	Role          sessions.Role `yaml:"role,omitempty"`           // shown only to this role
	ShowIf        *ShowIf       `yaml:"show_if,omitempty"`
	MaxChoices    int           `yaml:"max_choices,omitempty"` // 0 for no limit
	WordingHints  bool          `yaml:"wording_hints,omitempty"`
	// Sensitive: can be skipped or discussed in session instead, by an explicit choice.
	Sensitive   bool `yaml:"sensitive,omitempty"`
	CrisisLines bool `yaml:"crisis_lines,omitempty"` // show the help numbers beside it
	// On a counselor's form: can be answered on the counselor's device when it is handed over.
	Handover bool     `yaml:"handover,omitempty"`
	Options  []Option `yaml:"options,omitempty"`
	Rows     []Row    `yaml:"rows,omitempty"`
	Columns  []Field  `yaml:"columns,omitempty"`

	Auto     bool           `yaml:"-"` // added to every page, not in the catalogue
	Language *i18n.Language `yaml:"-"` // the language of the words, nil for English
}

// An Option is a choice. Score is nil if it does not count.
type Option struct {
	Value string `yaml:"value"`
	Label string `yaml:"label"`
	Score *int   `yaml:"score,omitempty"`
}

// A Row is a line of a Likert table.
type Row struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// ShowIf is the condition under which a field is shown: an earlier answer equals, does not equal,
// or includes a value.
type ShowIf struct {
	Field string `yaml:"field"`
	Op    string `yaml:"op"` // eq, ne or includes
	Value string `yaml:"value"`
}

// Field returns the field with id, including automatic fields.
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

// HasPart reports whether id is a row or a column of f.
func (f Field) HasPart(id string) bool {
	_, row := f.row(id)
	_, column := f.column(id)
	return row || column
}

// accepts reports whether value is one of f's choices.
func (f Field) accepts(value string) bool {
	if f.Type == YesNo {
		return value == "yes" || value == "no"
	}
	_, ok := f.option(value)
	return ok
}

// ticks reports whether f takes several choices at once.
func (f Field) ticks() bool { return f.Type == MultiChoice || f.Type == Checklist }

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// DecodeDefinition decodes a definition from YAML, checks it by today's rules and adds the
// automatic fields.
func DecodeDefinition(text []byte) (Definition, error) {
	d, err := decodeStored(text)
	if err == nil {
		err = d.checkDisclosure()
	}
	return d, err
}

// decodeStored is DecodeDefinition without the rules that came later (checkDisclosure): earlier
// wordings must still be shown.
func decodeStored(text []byte) (Definition, error) {
	var d Definition
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true) // a misspelled key is an error, not a silent omission
	if err := decoder.Decode(&d); err != nil {
		return d, UnreadableError{strings.ReplaceAll(err.Error(), "\n", " ")}
	}
	if err := d.check(); err != nil {
		return d, err
	}
	sum := sha256.Sum256(text)
	d.Hash, d.Source = hex.EncodeToString(sum[:]), text
	d.Fields = append(d.Fields, d.automatic()...)
	return d, nil
}

// YAML encodes d for DecodeDefinition, without the automatic fields.
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

// automatic returns the fields that end every page of this kind (docs/clinical.md, 0.8 and 0.9).
// Everybody's page has them, so that using them is unremarkable.
func (d Definition) automatic() []Field {
	switch {
	case !d.Portal:
		return nil
	case d.FilledBy == Joint:
		return []Field{freeConfirm, counselorOnly}
	}
	return []Field{counselorOnly}
}

// The automatic fields are stored with the answers, in English.
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
