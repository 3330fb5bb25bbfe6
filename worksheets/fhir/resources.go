// Package fhir exports and imports worksheets and answers as FHIR R4 Questionnaire and
// QuestionnaireResponse in JSON (https://hl7.org/fhir/R4/questionnaire.html). Mend's own extensions
// carry what FHIR has no element for.
package fhir

// URLs of the extensions that are read and written.
const (
	ordinalValue = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
	itemControl  = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
	minValue     = "http://hl7.org/fhir/StructureDefinition/minValue"
	maxValue     = "http://hl7.org/fhir/StructureDefinition/maxValue"
	calculated   = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
	controls     = "http://hl7.org/fhir/questionnaire-item-control"

	mendWorksheet = "urn:mend:worksheet" // the rest of a worksheet, as Mend's YAML
	mendField     = "urn:mend:field"     // the rest of a question, as Mend's YAML
	mendInstead   = "urn:mend:instead"   // the choice not to answer
)

// A Questionnaire has the fields of the FHIR resource that Mend uses.
type Questionnaire struct {
	ResourceType string      `json:"resourceType"`
	ID           string      `json:"id,omitempty"`
	Extension    []Extension `json:"extension,omitempty"`
	URL          string      `json:"url,omitempty"`
	Title        string      `json:"title,omitempty"`
	Name         string      `json:"name,omitempty"`
	Status       string      `json:"status"`
	SubjectType  []string    `json:"subjectType,omitempty"`
	Description  string      `json:"description,omitempty"`
	Purpose      string      `json:"purpose,omitempty"`
	Copyright    string      `json:"copyright,omitempty"`
	Contained    []ValueSet  `json:"contained,omitempty"`
	Item         []Item      `json:"item,omitempty"`
}

// A ValueSet is a list of options within a questionnaire.
type ValueSet struct {
	ResourceType string `json:"resourceType"`
	ID           string `json:"id,omitempty"`
	Compose      *struct {
		Include []struct {
			Concept []Coding `json:"concept,omitempty"`
		} `json:"include,omitempty"`
	} `json:"compose,omitempty"`
	Expansion *struct {
		Contains []Coding `json:"contains,omitempty"`
	} `json:"expansion,omitempty"`
}

// An Item is a question, a group of items, or a text.
type Item struct {
	Extension      []Extension  `json:"extension,omitempty"`
	LinkID         string       `json:"linkId"`
	Prefix         string       `json:"prefix,omitempty"`
	Text           string       `json:"text,omitempty"`
	Type           string       `json:"type"`
	EnableWhen     []EnableWhen `json:"enableWhen,omitempty"`
	EnableBehavior string       `json:"enableBehavior,omitempty"`
	Required       bool         `json:"required,omitempty"`
	Repeats        bool         `json:"repeats,omitempty"`
	ReadOnly       bool         `json:"readOnly,omitempty"`
	MaxLength      int          `json:"maxLength,omitempty"`
	AnswerValueSet string       `json:"answerValueSet,omitempty"`
	AnswerOption   []Option     `json:"answerOption,omitempty"`
	Item           []Item       `json:"item,omitempty"`
}

// EnableWhen is a condition under which an item is shown.
type EnableWhen struct {
	Question      string   `json:"question"`
	Operator      string   `json:"operator"`
	AnswerCoding  *Coding  `json:"answerCoding,omitempty"`
	AnswerBoolean *bool    `json:"answerBoolean,omitempty"`
	AnswerString  *string  `json:"answerString,omitempty"`
	AnswerInteger *int     `json:"answerInteger,omitempty"`
	AnswerDecimal *float64 `json:"answerDecimal,omitempty"`
	AnswerDate    *string  `json:"answerDate,omitempty"`
}

// An Option is a choice.
type Option struct {
	Extension    []Extension `json:"extension,omitempty"`
	ValueCoding  *Coding     `json:"valueCoding,omitempty"`
	ValueString  *string     `json:"valueString,omitempty"`
	ValueInteger *int        `json:"valueInteger,omitempty"`
	ValueDate    *string     `json:"valueDate,omitempty"`
}

// A Coding is a code with its label.
type Coding struct {
	Extension []Extension `json:"extension,omitempty"`
	System    string      `json:"system,omitempty"`
	Code      string      `json:"code,omitempty"`
	Display   string      `json:"display,omitempty"`
}

// An Extension carries what the resource has no element for.
type Extension struct {
	URL                  string           `json:"url"`
	ValueString          *string          `json:"valueString,omitempty"`
	ValueCode            string           `json:"valueCode,omitempty"`
	ValueInteger         *int             `json:"valueInteger,omitempty"`
	ValueDecimal         *float64         `json:"valueDecimal,omitempty"`
	ValueCodeableConcept *CodeableConcept `json:"valueCodeableConcept,omitempty"`
	ValueExpression      *Expression      `json:"valueExpression,omitempty"`
}

// A CodeableConcept is a list of codings for one thing.
type CodeableConcept struct {
	Coding []Coding `json:"coding,omitempty"`
}

// An Expression is a calculation.
type Expression struct {
	Language   string `json:"language"`
	Expression string `json:"expression,omitempty"`
}

// A Response has the fields of FHIR's QuestionnaireResponse that Mend uses.
type Response struct {
	ResourceType  string         `json:"resourceType"`
	Questionnaire string         `json:"questionnaire,omitempty"`
	Status        string         `json:"status"`
	Authored      string         `json:"authored,omitempty"`
	Item          []ResponseItem `json:"item,omitempty"`
}

// A ResponseItem holds the answers to one item.
type ResponseItem struct {
	Extension []Extension    `json:"extension,omitempty"`
	LinkID    string         `json:"linkId"`
	Text      string         `json:"text,omitempty"`
	Answer    []Answer       `json:"answer,omitempty"`
	Item      []ResponseItem `json:"item,omitempty"`
}

// An Answer is one answer; exactly one of its fields is set.
type Answer struct {
	ValueBoolean *bool   `json:"valueBoolean,omitempty"`
	ValueInteger *int    `json:"valueInteger,omitempty"`
	ValueDate    *string `json:"valueDate,omitempty"`
	ValueString  *string `json:"valueString,omitempty"`
	ValueCoding  *Coding `json:"valueCoding,omitempty"`
}

// find returns the extension with that URL.
func find(list []Extension, url string) (Extension, bool) {
	for _, e := range list {
		if e.URL == url {
			return e, true
		}
	}
	return Extension{}, false
}
