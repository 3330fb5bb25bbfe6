package consents

import (
	_ "embed" // the drafts
	"fmt"

	"go.yaml.in/yaml/v3"
)

// A Kind is the subject of a form.
type Kind string

// A Draft is Mend's proposed text for a kind of form. A practice’s lawyer reviews it.
type Draft struct {
	Kind    Kind    `yaml:"kind"`
	Name    string  `yaml:"name"`
	English Wording `yaml:"en"`
	Spanish Wording `yaml:"es"`
}

//go:embed drafts.yaml
var draftFile []byte

// drafts are those that come with Mend. An error in the file stops the program at startup.
var drafts = func() (list []Draft) {
	if err := yaml.Unmarshal(draftFile, &list); err != nil || len(list) == 0 {
		panic(fmt.Sprint("couples/consents/drafts.yaml: ", err))
	}
	return list
}()

// Drafts returns the drafts from which a practice can start a form, one of each kind.
func Drafts() []Draft { return drafts }

func draftOf(kind Kind) (Draft, bool) {
	for _, d := range drafts {
		if d.Kind == kind {
			return d, true
		}
	}
	return Draft{}, false
}

// Name returns the kind's name for staff.
func (k Kind) Name() string {
	d, _ := draftOf(k)
	return d.Name
}
