// Package treatment manages a couple's treatment plan: the objectives of its goals, the date of its
// review, the versions shared with both partners, and each partner's own answers. It is a separate
// package because notes read the plan and partners sign it, while neither goals nor couples need
// it.
package treatment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Term is a step or an intervention of the method, with its name.
type Term struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Terms are the terms to which an objective can refer.
type Terms struct {
	Steps, Interventions []Term
}

// find returns the term with id, or the zero Term.
func find(terms []Term, id string) Term {
	for _, t := range terms {
		if t.ID == id {
			return t
		}
	}
	return Term{}
}

// A Store stores treatment plans in a database.
type Store struct {
	db    *database.DB
	vault *vault.Vault
	terms Terms
}

// NewStore returns a store in db, encrypted by v. terms are those of the method.
func NewStore(db *database.DB, v *vault.Vault, terms Terms) *Store { return &Store{db, v, terms} }

// A Plan is a treatment plan as both partners may read it. It contains no dates and nothing from an
// individual file.
type Plan struct {
	Goals []Goal `json:"goals"`
}

// A Goal is a goal of the plan with its objectives.
type Goal struct {
	Text       string    `json:"text"`
	Objectives []Planned `json:"objectives"`
}

// A Planned is an objective in a plan, with the names of the method's terms at that time.
type Planned struct {
	Text          string `json:"text"`
	Step          Term   `json:"step"`
	Interventions []Term `json:"interventions"`
}

// encode returns the plan as JSON, which is then encrypted.
func (p Plan) encode() string {
	text, err := json.Marshal(p)
	if err != nil { // strings and slices of strings always marshal
		panic(err)
	}
	return string(text)
}

// Hash identifies the plan: SHA-256 of its JSON, in hexadecimal.
func (p Plan) Hash() string {
	sum := sha256.Sum256([]byte(p.encode()))
	return hex.EncodeToString(sum[:])
}

// words returns all typed text of the plan.
func (p Plan) words() string {
	var lines []string
	for _, g := range p.Goals {
		lines = append(lines, g.Text)
		for _, o := range g.Objectives {
			lines = append(lines, o.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// Draft returns the plan as it would be shared now.
func (st *Store) Draft(c couples.Couple, objectives []Objective) Plan {
	var p Plan
	for _, g := range c.OpenGoals() {
		goal := Goal{Text: g.Text}
		for _, o := range objectives {
			if o.Goal == g.ID {
				goal.Objectives = append(goal.Objectives, st.planned(o))
			}
		}
		p.Goals = append(p.Goals, goal)
	}
	return p
}

func (st *Store) planned(o Objective) Planned {
	p := Planned{Text: o.Text, Step: find(st.terms.Steps, o.Step)}
	for _, id := range o.Interventions {
		p.Interventions = append(p.Interventions, find(st.terms.Interventions, id))
	}
	return p
}

// isValid reports whether the MAC of c's plan is valid.
func (st *Store) isValid(ctx context.Context, db *database.DB, c couples.Couple) (bool, error) {
	return rowmac.IsValid(ctx, db, st.vault, c.PracticeID, rowmac.TreatmentPlan, c.ID)
}

// change runs do in a transaction and stamps the MAC of c's plan. Only its counselor may change it.
func (st *Store) change(ctx context.Context, c couples.Couple,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	return rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.TreatmentPlan, c.ID, do)
}

// eventOf returns the audit event for an action on the plan of c.
func eventOf(c couples.Couple, action audit.Action, object, id, reason string) audit.Event {
	return audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: action, Object: object, ID: id, Reason: reason,
	}
}
