package accounts

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// A CrisisRegion holds the default crisis lines of a region.
type CrisisRegion struct {
	Region  string      `yaml:"region"`
	Name    string      `yaml:"name"`
	ExitURL string      `yaml:"exit_url"`
	Lines   CrisisLines `yaml:"-"`
	Listed  []Listed    `yaml:"lines"` // the lines, with what is known about each
}

// A Listed is a region's line with who checked it and how it answers in Spanish.
type Listed struct {
	CrisisLine `yaml:",inline"`

	Checked Check      `yaml:"checked"` // empty if nobody checked it
	Spanish CrisisLine `yaml:"spanish"` // what to call and text in Spanish, if different
}

// A Check records when and where a person last verified a line.
type Check struct {
	Day   string `yaml:"day"` // as 2006-01-02
	Where string `yaml:"where"`
}

// Unverified reports whether any line of p was never verified.
func (p CrisisRegion) Unverified() bool {
	return slices.ContainsFunc(p.Lines, func(l CrisisLine) bool { return p.CheckOf(l) == Check{} })
}

// CheckOf returns when a line was verified; it is empty if the line differs from the one in p.
func (p CrisisRegion) CheckOf(l CrisisLine) Check {
	i := slices.Index(p.Lines, l)
	if i < 0 {
		return Check{}
	}
	return p.Listed[i].Checked
}

// problem returns what is wrong with a listed line's verification or Spanish, or "".
func (l Listed) problem() string {
	_, err := time.Parse(time.DateOnly, l.Checked.Day)
	switch {
	case l.Checked != Check{} && (err != nil || strings.TrimSpace(l.Checked.Where) == ""):
		return "the day or where it was checked is missing"
	case l.Spanish.Call != "" && l.Spanish.Dial() != l.Dial(), l.Spanish.Text != "" && l.Spanish.Message() != l.Message():
		return "has another number in Spanish"
	case l.Spanish != CrisisLine{Call: l.Spanish.Call, Text: l.Spanish.Text}:
		return "says more in Spanish than what to call and text"
	}
	return ""
}

// DefaultRegion is the region whose lines are used until a practice has reviewed its own.
const DefaultRegion = "us"

//go:embed crisis/*.yaml
var regionFiles embed.FS

var crisisRegions = func() []CrisisRegion {
	list, err := loadRegions(regionFiles)
	if err != nil {
		panic(err)
	}
	return list
}()

// CrisisRegions returns the regions sorted by name, the default first.
func CrisisRegions() []CrisisRegion { return crisisRegions }

// FindCrisisRegion returns a region's crisis lines.
func FindCrisisRegion(region string) (CrisisRegion, error) {
	for _, p := range crisisRegions {
		if p.Region == region {
			return p, nil
		}
	}
	return CrisisRegion{}, fault.NotFound
}

func loadRegions(files fs.FS) ([]CrisisRegion, error) {
	names, err := fs.Glob(files, "crisis/*.yaml")
	if err != nil {
		return nil, err
	}
	var list []CrisisRegion
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		p, err := readRegion(text)
		if err == nil && path.Base(name) != p.Region+".yaml" {
			err = fmt.Errorf("region %q belongs in %s.yaml", p.Region, p.Region)
		}
		if err != nil {
			return nil, fmt.Errorf("accounts/%s: %w", name, err)
		}
		list = append(list, p)
	}
	isDefault := func(p CrisisRegion) bool { return p.Region == DefaultRegion }
	if !slices.ContainsFunc(list, isDefault) {
		return nil, fmt.Errorf("accounts/crisis: no file of the default region %s", DefaultRegion)
	}
	slices.SortFunc(list, func(a, b CrisisRegion) int {
		if isDefault(a) != isDefault(b) {
			return map[bool]int{true: -1, false: 1}[isDefault(a)]
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list, nil
}

func readRegion(text []byte) (CrisisRegion, error) {
	var p CrisisRegion
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&p); err != nil {
		return p, errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	bad := fault.Fields{}
	for _, line := range p.Listed {
		p.Lines = append(p.Lines, line.CrisisLine)
		if problem := line.problem(); problem != "" {
			bad["lines"] = i18n.Message(line.For + ": " + problem)
		}
	}
	p.Lines.validate(bad)
	bad.Length("name", p.Name, 1, 80)
	if !publicSite(p.ExitURL) {
		bad["exit_url"] = "is not a public site"
	}
	return p, bad.Err()
}

// In returns the line as it answers in a language. The same number may answer differently in
// another country (988 has Spanish in the United States but not in Canada), so only lines identical
// to those of a region are translated.
func (l CrisisLine) In(spoken *i18n.Language) CrisisLine {
	for _, p := range crisisRegions {
		if i := slices.Index(p.Lines, l); i >= 0 {
			said := p.Listed[i].Spanish
			l.Call = spoken.Content(l.Call, cmp.Or(said.Call, l.Call))
			l.Text = spoken.Content(l.Text, cmp.Or(said.Text, l.Text))
			return l
		}
	}
	return l
}
