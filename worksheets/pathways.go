package worksheets

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// A Pathway is a named list of worksheets with the rule by which each opens.
type Pathway struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Revision int    `db:"revision"`
	Lines    []PathwayLine
}

// A PathwayLine is one worksheet of a pathway. The worksheet determines who fills it in.
type PathwayLine struct {
	Pathway   string `db:"pathway_id"`
	Worksheet string `db:"worksheet"`
	Rule      Rule   `db:"rule"`
	Days      int    `db:"days"`
}

// longestPathway limits the number of worksheets in a pathway.
const longestPathway = 20

// pathwayRules are the rules that a pathway can use. Dates are left out because they would soon be
// in the past.
var pathwayRules = []Rule{AtOnce, AfterLast, AfterDays, OnWord}

func (st *Store) checkPathway(ctx context.Context, practice string, p *Pathway) error {
	bad := fault.Fields{}
	p.Name = strings.TrimSpace(p.Name)
	bad.Stored("name", p.Name, 1, 120)
	if len(p.Lines) == 0 {
		bad["line.0.worksheet"] = "Choose at least one worksheet."
	}
	if len(p.Lines) > longestPathway {
		bad["name"] = i18n.Plain("A pathway has at most %d worksheets.", longestPathway)
	}
	for i, line := range p.Lines {
		d, err := st.Find(ctx, practice, line.Worksheet)
		switch {
		case ignoreNotFound(err) != nil:
			return err
		case d.SameDay():
			bad[fmt.Sprintf("line.%d.worksheet",
				i)] = "Assign this one on its own: you must say when you will read the answers."
		case !d.Portal:
			bad[fmt.Sprintf("line.%d.worksheet", i)] = "Choose a worksheet from the library."
		}
		bad.Add(d.checkPartnerPage(fmt.Sprintf("line.%d.worksheet", i)))
		if !slices.Contains(pathwayRules, line.Rule) {
			bad[fmt.Sprintf("line.%d.rule", i)] = "Choose when it opens."
		}
		if line.Rule == AfterDays && (line.Days < 1 || line.Days > 365) {
			bad[fmt.Sprintf("line.%d.days", i)] = "Please type a number of days from 1 to 365."
		}
	}
	return bad.Err()
}

// SavePathway stores a pathway, as a new one if it has no id. It returns fault.Conflict if the
// pathway was changed since p.Revision. Assignments made from it earlier do not change.
func (st *Store) SavePathway(ctx context.Context, practice, counselor string, p Pathway, formKey string) error {
	if err := st.checkPathway(ctx, practice, &p); err != nil {
		return err
	}
	made := p.ID == ""
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := storePathway(ctx, tx, practice, counselor, &p, formKey); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			DELETE FROM pathway_lines
			WHERE pathway_id = (SELECT id FROM pathways WHERE practice_id = ? AND id = ?)`, practice, p.ID); err != nil {
			return err
		}
		for i, line := range p.Lines {
			_, err := tx.Exec(ctx,
				`INSERT INTO pathway_lines (pathway_id, position, worksheet, rule, days) VALUES (?, ?, ?, ?, ?)`, p.ID, i,
				line.Worksheet, string(line.Rule), line.Days)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, fault.Conflict) && made {
		return nil // submitted twice
	}
	if err != nil {
		return fmt.Errorf("pathway %s: %w", p.ID, err)
	}
	return nil
}

func storePathway(ctx context.Context, tx *database.DB, practice, counselor string, p *Pathway, formKey string) error {
	if p.ID == "" {
		p.ID = rand.Text()
		_, err := audit.Exec(ctx, tx, audit.Event{Practice: practice, Action: audit.Created, Object: "pathway", ID: p.ID}, `
			INSERT INTO pathways (id, practice_id, name, revision, made_by, form_key) VALUES (?, ?, ?, 1, ?, ?)`, p.ID, practice,
			p.Name, counselor, formKey)
		return err
	}
	n, err := audit.Exec(ctx, tx, audit.Event{Practice: practice, Action: audit.Changed, Object: "pathway", ID: p.ID}, `
		UPDATE pathways SET name = ?, revision = revision + 1
		WHERE practice_id = ? AND id = ? AND revision = ? AND retired_at IS NULL`, p.Name, practice, p.ID, p.Revision)
	if err == nil && n == 0 {
		err = tx.Get(ctx, new(string), `SELECT id FROM pathways WHERE practice_id = ? AND id = ? AND retired_at IS NULL`,
			practice, p.ID)
		if err == nil {
			err = fault.Conflict
		}
	}
	return err
}

// RetirePathway removes a pathway from the list.
func (st *Store) RetirePathway(ctx context.Context, practice, id string, now time.Time) error {
	_, err := audit.Exec(ctx, st.db,
		audit.Event{Practice: practice, Action: audit.Changed, Object: "pathway", ID: id, Reason: "retired"}, `
		UPDATE pathways SET retired_at = ? WHERE practice_id = ? AND id = ? AND retired_at IS NULL`, now, practice, id)
	return err
}

// Pathways returns the pathways of a practice by name, with their lines.
func (st *Store) Pathways(ctx context.Context, practice string) ([]Pathway, error) {
	var list []Pathway
	err := st.db.Select(ctx, &list,
		`SELECT id, name, revision FROM pathways WHERE practice_id = ? AND retired_at IS NULL ORDER BY name, id`, practice)
	if err != nil {
		return nil, fmt.Errorf("pathways: %w", err)
	}
	var lines []PathwayLine
	err = st.db.Select(ctx, &lines, `
		SELECT l.pathway_id, l.worksheet, l.rule, l.days
		FROM pathway_lines l
		JOIN pathways p ON p.id = l.pathway_id
		WHERE p.practice_id = ? AND p.retired_at IS NULL
		ORDER BY l.pathway_id, l.position`, practice)
	if err != nil {
		return nil, fmt.Errorf("pathways: %w", err)
	}
	for i := range list {
		list[i].Lines = slices.DeleteFunc(slices.Clone(lines), func(l PathwayLine) bool { return l.Pathway != list[i].ID })
	}
	return list, nil
}

// FindPathway returns one pathway of a practice.
func (st *Store) FindPathway(ctx context.Context, practice, id string) (Pathway, error) {
	list, err := st.Pathways(ctx, practice)
	if err != nil {
		return Pathway{}, err
	}
	p, ok := find(list, func(p Pathway) bool { return p.ID == id })
	if !ok {
		return p, fmt.Errorf("pathway %s: %w", id, fault.NotFound)
	}
	return p, nil
}

// GivePathway assigns every worksheet of a pathway to a couple, about one breach. If one of them
// may not be opened yet, none is assigned. The assignments can be changed freely afterwards.
func (st *Store) GivePathway(ctx context.Context, c couples.Couple, id, breach, formKey string, now time.Time) error {
	p, err := st.AnyPathway(ctx, c.PracticeID, id)
	if err != nil {
		return err
	}
	var gifts []AssignRequest
	for i, line := range p.Lines {
		d, err := st.Find(ctx, c.PracticeID, line.Worksheet)
		if errors.Is(err, fault.NotFound) {
			return fault.Fields{"pathway": "A worksheet of this pathway is no longer in the library. Please look through the " +
				"pathway."}
		}
		if err != nil {
			return err
		}
		if err := st.mayOpen(ctx, c, d, true); err != nil {
			return fault.Fields{"pathway": i18n.Message("“" + d.Title +
				"” can’t be assigned yet: this page stays closed until the private conversation was held with each partner and " +
				"speaks for it.")}
		}
		gifts = append(gifts,
			AssignRequest{
				Worksheet: d.ID, To: d.defaultAudience(c, breach), Breach: breach, FormKey: fmt.Sprintf("%s/%d", formKey, i),
				Delivery: Delivery{Rule: line.Rule, Days: line.Days},
			})
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.GuardOpen(ctx, tx, c.PracticeID, c.ID); err != nil {
			return err
		}
		if err := st.keepWordings(ctx, tx, now); err != nil {
			return err
		}
		return st.giveInTurn(ctx, tx, c, gifts, now)
	})
	if errors.Is(err, fault.Conflict) {
		return nil // submitted twice
	}
	if err != nil {
		return fmt.Errorf("give pathway %s to couple %s: %w", id, c.ID, err)
	}
	st.stored.Store(true)
	return nil
}

// giveInTurn assigns worksheets in order. One that opens after the previous one waits for the same
// partner's copy of it; if that partner was not assigned the previous one, it waits for the
// counselor.
func (st *Store) giveInTurn(ctx context.Context, tx *database.DB, c couples.Couple,
	gifts []AssignRequest, now time.Time,
) error {
	before := map[Audience]string{}
	for i, g := range gifts {
		d, err := st.find(ctx, tx, c.PracticeID, g.Worksheet)
		if err != nil {
			return err
		}
		to, err := audiences(d, c, g)
		if err != nil {
			return err
		}
		given := map[Audience]string{}
		for _, audience := range to {
			one := g
			if g.Rule == AfterLast && i > 0 {
				if one.After = before[audience]; one.After == "" {
					one.Rule = OnWord
				}
			}
			if g.Rule == AfterLast && i == 0 {
				one.Rule = AtOnce
			}
			if given[audience], err = st.give(ctx, tx, c, d, audience, one, now); err != nil {
				return err
			}
		}
		before = given
	}
	return nil
}

// defaultAudience returns the default audience of a worksheet.
func (d Definition) defaultAudience(c couples.Couple, breach string) Audience {
	switch d.FilledBy {
	case Joint:
		return ToJoint
	case ByHurt:
		return Audience(c.Breach(breach).Hurt())
	case ByBroke:
		return Audience(c.Breach(breach).Broke)
	}
	return ToEach
}
