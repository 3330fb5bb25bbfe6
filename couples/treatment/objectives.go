package treatment

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// An Objective is an observable result of a goal, with how it is worked on.
type Objective struct {
	ID            string
	Goal          string // the id of a goal of the couple
	Text          string
	Step          string   // a step of the method, "" for any
	Interventions []string // ids of the method's interventions
	Revision      int
}

// objectiveRow is an Objective as stored.
type objectiveRow struct {
	ID            string `db:"id"`
	Goal          string `db:"goal_id"`
	Text          []byte `db:"text"`
	Step          []byte `db:"step"`
	Interventions []byte `db:"interventions"`
	Revision      int    `db:"revision"`
}

const maxObjective = 500

// validate trims an objective of c and returns what is wrong with it, by form field.
func (st *Store) validate(c couples.Couple, o *Objective) error {
	bad := fault.Fields{}
	o.Text = strings.TrimSpace(o.Text)
	bad.Length("text", o.Text, 1, maxObjective)
	if !slices.ContainsFunc(c.OpenGoals(), func(g couples.Goal) bool { return g.ID == o.Goal }) {
		bad["goal"] = "Choose a goal of the plan."
	}
	if o.Step != "" && find(st.terms.Steps, o.Step).ID == "" {
		bad["step"] = "error.choose_from_list"
	}
	for _, id := range o.Interventions {
		if find(st.terms.Interventions, id).ID == "" {
			bad["interventions"] = "error.choose_from_list"
		}
	}
	return bad.Err()
}

func jointRecordItem(c couples.Couple) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.JointRecord, State: vault.Kept}
}

// Objectives returns the objectives of c that are in the plan, in order, for its counselor. Like
// goals they are the counselor's own text; the MAC covers the version that partners read (Newest).
func (st *Store) Objectives(ctx context.Context, c couples.Couple) ([]Objective, error) {
	list, err := st.objectives(ctx, st.db, c)
	if err != nil {
		return nil, fmt.Errorf("objectives of couple %s: %w", c.ID, err)
	}
	return list, nil
}

func (st *Store) objectives(ctx context.Context, db *database.DB, c couples.Couple) ([]Objective, error) {
	box, err := st.vault.Open(ctx, db, c.Reader, jointRecordItem(c))
	if err != nil {
		return nil, err
	}
	var rows []objectiveRow
	err = db.Select(ctx, &rows, `
		SELECT id, goal_id, text, step, interventions, revision
		FROM treatment_objectives
		WHERE practice_id = ? AND couple_id = ? AND retired_at IS NULL
		ORDER BY position, id`, c.PracticeID, c.ID)
	if err != nil {
		return nil, err
	}
	list := make([]Objective, len(rows))
	for i, r := range rows {
		row := box.Row("treatment_objectives", r.ID)
		list[i] = Objective{
			ID: r.ID, Goal: r.Goal, Text: row.Read("text", r.Text), Step: row.Read("step", r.Step),
			Interventions: strings.Fields(row.Read("interventions", r.Interventions)), Revision: r.Revision,
		}
		if err := row.Err(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Objective returns an objective of c that is in the plan.
func (st *Store) Objective(ctx context.Context, c couples.Couple, id string) (Objective, error) {
	list, err := st.Objectives(ctx, c)
	if err != nil {
		return Objective{}, err
	}
	for _, o := range list {
		if o.ID == id {
			return o, nil
		}
	}
	return Objective{}, fmt.Errorf("objective %s: %w", id, fault.NotFound)
}

// AddObjective adds an objective to a goal of c. Repeating a form key changes nothing.
func (st *Store) AddObjective(ctx context.Context, c couples.Couple, o Objective, formKey string) error {
	if err := st.validate(c, &o); err != nil {
		return err
	}
	o.ID = rand.Text()
	err := st.change(ctx, c, func(ctx context.Context, tx *database.DB) error {
		r, err := st.sealed(ctx, tx, c, o)
		if err != nil {
			return err
		}
		_, err = audit.Exec(ctx, tx, eventOf(c, audit.Created, "objective", o.ID, ""), `
			INSERT INTO treatment_objectives (id, practice_id, couple_id, goal_id, position, text, step, interventions,
			  revision, form_key)
			VALUES (?, ?, ?, ?, (SELECT COUNT(*) FROM treatment_objectives WHERE practice_id = ? AND couple_id = ?), ?, ?, ?,
			  1, ?)
			ON CONFLICT (couple_id, form_key) DO NOTHING`, o.ID, c.PracticeID, c.ID, o.Goal, c.PracticeID, c.ID, r.Text,
			r.Step, r.Interventions, formKey)
		return err
	})
	if err != nil {
		return fmt.Errorf("objective of couple %s: %w", c.ID, err)
	}
	return nil
}

// sealed encrypts the objective.
func (st *Store) sealed(ctx context.Context, tx *database.DB, c couples.Couple, o Objective) (objectiveRow, error) {
	box, err := st.vault.Open(ctx, tx, c.Reader, jointRecordItem(c))
	if err != nil {
		return objectiveRow{}, err
	}
	row := box.Row("treatment_objectives", o.ID)
	r := objectiveRow{
		Text: row.Seal("text", o.Text), Step: row.Seal("step", o.Step),
		Interventions: row.Seal("interventions", strings.Join(o.Interventions, " ")),
	}
	return r, row.Err()
}

// SaveObjective stores o. It returns fault.Conflict if the objective was changed since o.Revision
// or is no longer in the plan.
func (st *Store) SaveObjective(ctx context.Context, c couples.Couple, o Objective) error {
	if err := st.validate(c, &o); err != nil {
		return err
	}
	err := st.change(ctx, c, func(ctx context.Context, tx *database.DB) error {
		r, err := st.sealed(ctx, tx, c, o)
		if err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, eventOf(c, audit.Changed, "objective", o.ID, ""), `
			UPDATE treatment_objectives SET goal_id = ?, text = ?, step = ?, interventions = ?, revision = revision + 1
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND revision = ? AND retired_at IS NULL`,
			o.Goal, r.Text, r.Step, r.Interventions, c.PracticeID, c.ID, o.ID, o.Revision)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("objective %s: %w", o.ID, err)
	}
	return nil
}

// RetireObjective removes an objective from the plan. Versions and notes that mention it keep it.
func (st *Store) RetireObjective(ctx context.Context, c couples.Couple, id string, now time.Time) error {
	err := st.change(ctx, c, func(ctx context.Context, tx *database.DB) error {
		_, err := audit.Exec(ctx, tx, eventOf(c, audit.Changed, "objective", id, "retired"), `
			UPDATE treatment_objectives SET retired_at = ?
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND retired_at IS NULL`, now, c.PracticeID, c.ID, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("objective %s: %w", id, err)
	}
	return nil
}
