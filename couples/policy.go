package couples

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed" // the texts
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Variant is a policy on what one partner says alone.
type Variant struct {
	ID        string `yaml:"id"` // A, B or C
	Name      string `yaml:"name"`
	Sentence  string `yaml:"sentence"` // shown above every private page
	Text      string `yaml:"text"`     // the text to sign
	Strengths string `yaml:"strengths"`
	Risks     string `yaml:"risks"`
}

// PolicyTexts are the texts of the privacy policy.
type PolicyTexts struct {
	Variants   []Variant `yaml:"variants"`
	CarveOut   string    `yaml:"carve_out"`
	Limits     string    `yaml:"limits"`
	Permission string    `yaml:"permission"`
}

//go:embed policies/en.yaml
var policyFile []byte

// policies are the English texts.
var policies = func() PolicyTexts {
	var t PolicyTexts
	if err := yaml.Unmarshal(policyFile, &t); err != nil || len(t.Variants) != 3 {
		panic(fmt.Sprint("couples/policies/en.yaml: ", err))
	}
	return t
}()

// policyWording is a hash that identifies the texts in all languages.
var policyWording = func() string {
	sum := sha256.Sum256(slices.Concat(policyFile, policyInSpanish, policyWithUsted))
	return hex.EncodeToString(sum[:8])
}()

// Policies returns the texts of the privacy policy.
func Policies() PolicyTexts { return policies }

//go:embed policies/es.yaml
var policyInSpanish []byte

//go:embed policies/es-usted.yaml
var policyWithUsted []byte

// translated are the Spanish texts, with the variants in the order of policies; formal are the
// texts to sign with usted.
var (
	translated = inSpanish("es.yaml", policyInSpanish)
	formal     = inSpanish("es-usted.yaml", policyWithUsted)
)

func inSpanish(file string, text []byte) PolicyTexts {
	var t PolicyTexts
	err := yaml.Unmarshal(text, &t)
	same := slices.EqualFunc(t.Variants, policies.Variants,
		func(a, b Variant) bool { return a.ID == b.ID && a.Text != "" })
	if err != nil || !same {
		panic(fmt.Sprint("couples/policies/", file, ": ", err))
	}
	return t
}

// A Wording is the language and form of address in which a policy is read and signed.
type Wording string

// The wordings. Spanish uses tú, like the rest of Mend, unless a practice chose usted.
const (
	InEnglish Wording = "en"
	InSpanish Wording = "es"
	WithUsted Wording = "es-usted"
)

// WordingIn returns the wording for a language, with usted if usted is true.
func WordingIn(l *i18n.Language, usted bool) Wording {
	switch {
	case l != i18n.Spanish: // the policy has no other translation
		return InEnglish
	case usted:
		return WithUsted
	}
	return InSpanish
}

// ToSign returns the texts to sign in a language and wording: the variant's name and text, and the
// common texts.
func (v Variant) ToSign(l *i18n.Language, w Wording) (Variant, PolicyTexts) {
	i := slices.IndexFunc(policies.Variants, func(p Variant) bool { return p.ID == v.ID })
	if w != WithUsted || i < 0 {
		return v.In(l), PoliciesIn(l)
	}
	said := formal.Variants[i]
	v.Name, v.Text = l.Content(v.Name, said.Name), l.Content(v.Text, said.Text)
	return v, PolicyTexts{
		CarveOut: l.Content(policies.CarveOut, formal.CarveOut), Limits: l.Content(policies.Limits, formal.Limits),
		Permission: l.Content(policies.Permission, formal.Permission),
	}
}

// PoliciesIn returns the texts in a language.
func PoliciesIn(l *i18n.Language) PolicyTexts {
	t := PolicyTexts{
		CarveOut: l.Content(policies.CarveOut, translated.CarveOut), Limits: l.Content(policies.Limits, translated.Limits),
		Permission: l.Content(policies.Permission, translated.Permission),
	}
	for _, v := range policies.Variants {
		t.Variants = append(t.Variants, v.In(l))
	}
	return t
}

// In returns the variant in a language. A variant whose text is not the translated one is returned
// unchanged.
func (v Variant) In(l *i18n.Language) Variant {
	i := slices.Index(policies.Variants, v)
	if i < 0 || l.English() {
		return v
	}
	said := translated.Variants[i]
	return Variant{
		v.ID, l.Content(v.Name, said.Name), l.Content(v.Sentence, said.Sentence), l.Content(v.Text, said.Text),
		l.Content(v.Strengths, said.Strengths), l.Content(v.Risks, said.Risks),
	}
}

// DefaultVariant is the proposed variant, the counselor's judgment.
const DefaultVariant = "B"

// A Policy is one version of a couple's privacy policy.
type Policy struct {
	ID      string
	Version int
	Variant Variant
	InA     Wording // the wording that A signed, or ""; a partner sees only their own
	InB     Wording
}

// SignedIn returns the wording in which the partner on side signed the policy, or "".
func (p Policy) SignedIn(side Side) Wording {
	if side == A {
		return p.InA
	}
	return p.InB
}

// Signed reports whether the partner on side signed the policy, as far as the reader may know.
func (p Policy) Signed(side Side) bool { return p.SignedIn(side) != "" }

// Policy returns the couple's current policy.
func (c Couple) Policy() Policy {
	if len(c.Policies) == 0 {
		return Policy{}
	}
	return c.Policies[len(c.Policies)-1]
}

// LastSigned returns the latest policy that the partner on side signed. A page that was open when
// the policy changed is saved under it, so that a change of policy loses no text.
func (c Couple) LastSigned(side Side) (Policy, bool) {
	for _, p := range slices.Backward(c.Policies) {
		if p.Signed(side) {
			return p, true
		}
	}
	return Policy{}, false
}

// PolicyOf returns the policy with id, or the current one.
func (c Couple) PolicyOf(id string) Policy {
	for _, p := range c.Policies {
		if p.ID == id {
			return p
		}
	}
	return c.Policy()
}

// ErrUnsigned means that the partner has not signed the current policy, which private pages
// require.
var ErrUnsigned = fmt.Errorf("privacy policy is not signed: %w", fault.Forbidden)

func variantOf(id string) (Variant, bool) {
	i := slices.IndexFunc(policies.Variants, func(v Variant) bool { return v.ID == id })
	if i < 0 {
		return Variant{}, false
	}
	return policies.Variants[i], true
}

// ChoosePolicy adds a new version of the couple's policy. Choosing the current variant changes
// nothing.
func (st *Store) ChoosePolicy(ctx context.Context, c Couple, variant string, now time.Time) error {
	if _, ok := variantOf(variant); !ok {
		return fault.Fields{"variant": "Choose a policy."}
	}
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	if c.Policy().Variant.ID == variant {
		return nil
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Policies, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			return insertPolicy(ctx, tx, c, variant, c.Policy().Version+1, now)
		})
	if errors.Is(err, fault.Conflict) {
		return nil // submitted twice
	}
	if err != nil {
		return fmt.Errorf("policy of couple %s: %w", c.ID, err)
	}
	return nil
}

func insertPolicy(ctx context.Context, db *database.DB, c Couple, variant string, version int, now time.Time) error {
	_, err := audit.Exec(ctx, db, c.event(audit.SettingChanged, "privacy policy", variant), `
		INSERT INTO privacy_policies (id, practice_id, couple_id, version, variant, wording, chosen_by, chosen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, rand.Text(), c.PracticeID, c.ID, version, variant,
		policyWording, c.CounselorID, now)
	return err
}

// A Signature is a partner's signature: the policy, the wording they read, and their typed name.
type Signature struct {
	Policy  string
	Wording Wording
	Name    string
}

// SignPolicy stores a partner's signature under the couple's current policy. Signing twice changes
// nothing; for an older version it returns fault.Conflict.
func (st *Store) SignPolicy(ctx context.Context, c Couple, me Partner, s Signature, now time.Time) error {
	policy, name := s.Policy, strings.TrimSpace(s.Name)
	if !slices.Contains([]Wording{InEnglish, InSpanish, WithUsted}, s.Wording) {
		return fault.Malformed
	}
	bad := fault.Fields{}
	bad.Length("name", name, 1, 120)
	if err := bad.Err(); err != nil {
		return err
	}
	if c.Reader.Side() != vault.Side(me.Side) {
		return fault.NotFound
	}
	if c.Policy().ID != policy {
		return fault.Conflict
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, nameOf(me))
	if err != nil {
		return err
	}
	row := box.Row("policy_signatures", policy+"/"+me.ID)
	sealed := row.Seal("name", name)
	if err := row.Err(); err != nil {
		return err
	}
	signed := c.event(audit.Signed, "privacy policy", policy)
	signed.Side = string(me.Side)
	title, text := c.Policy().Variant.signedText(s.Wording)
	_, err = rowmac.Exec(ctx, st.db, st.vault, rowmac.Policies, c.ID, signed, `
		INSERT INTO policy_signatures (policy_id, partner_id, practice_id, name, wording, title, text, signed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, policy, me.ID, c.PracticeID, sealed, string(s.Wording), title, text, now)
	if err != nil {
		return fmt.Errorf("sign policy %s: %w", policy, err)
	}
	return nil
}

// PolicyPairs returns the texts of the privacy policy in English and Spanish.
func PolicyPairs() []i18n.Pair {
	var pairs []i18n.Pair
	for i, v := range policies.Variants {
		said := translated.Variants[i]
		pairs = append(pairs,
			i18n.Pair{Place: v.ID + ".name", English: v.Name, Spanish: said.Name},
			i18n.Pair{Place: v.ID + ".sentence", English: v.Sentence, Spanish: said.Sentence},
			i18n.Pair{Place: v.ID + ".text", English: v.Text, Spanish: said.Text},
			i18n.Pair{Place: v.ID + ".strengths", English: v.Strengths, Spanish: said.Strengths},
			i18n.Pair{Place: v.ID + ".risks", English: v.Risks, Spanish: said.Risks})
	}
	pairs = append(pairs,
		i18n.Pair{Place: "carve_out", English: policies.CarveOut, Spanish: translated.CarveOut},
		i18n.Pair{Place: "limits", English: policies.Limits, Spanish: translated.Limits},
		i18n.Pair{Place: "permission", English: policies.Permission, Spanish: translated.Permission})
	return append(pairs, ustedPairs()...)
}

// ustedPairs returns the texts to sign with usted.
func ustedPairs() []i18n.Pair {
	var pairs []i18n.Pair
	for i, v := range policies.Variants {
		said := formal.Variants[i]
		pairs = append(pairs,
			i18n.Pair{Place: v.ID + ".name.usted", English: v.Name, Spanish: said.Name},
			i18n.Pair{Place: v.ID + ".text.usted", English: v.Text, Spanish: said.Text})
	}
	return append(pairs,
		i18n.Pair{Place: "carve_out.usted", English: policies.CarveOut, Spanish: formal.CarveOut},
		i18n.Pair{Place: "limits.usted", English: policies.Limits, Spanish: formal.Limits},
		i18n.Pair{Place: "permission.usted", English: policies.Permission, Spanish: formal.Permission})
}
