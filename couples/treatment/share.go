package treatment

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A Version is a plan as shared with both partners. It never changes.
type Version struct {
	ID       string
	Number   int
	Plan     Plan
	SharedAt time.Time
}

// IsShared reports whether a plan was shared.
func (v Version) IsShared() bool { return v.ID != "" }

func sharedPlanOf(c couples.Couple) vault.Item {
	return vault.Item{Couple: c.ID, Material: vault.SharedPlan, State: vault.Kept}
}

// Newest returns the version of the plan that partners read, for either of them or the counselor,
// or the zero Version if none was shared.
func (st *Store) Newest(ctx context.Context, c couples.Couple) (Version, error) {
	v, err := st.newest(ctx, st.db, c)
	if err != nil {
		return Version{}, fmt.Errorf("plan of couple %s: %w", c.ID, err)
	}
	return v, nil
}

func (st *Store) newest(ctx context.Context, db *database.DB, c couples.Couple) (Version, error) {
	var r struct {
		ID       string    `db:"id"`
		Number   int       `db:"number"`
		Plan     []byte    `db:"plan"`
		SharedAt time.Time `db:"published_at"`
	}
	err := db.Get(ctx, &r, `
		SELECT id, number, plan, published_at
		FROM treatment_plan_versions
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY number DESC
		LIMIT 1`, c.PracticeID, c.ID)
	if errors.Is(err, fault.NotFound) {
		return Version{}, nil
	}
	if err != nil {
		return Version{}, err
	}
	if good, err := st.isValid(ctx, db, c); err != nil || !good {
		return Version{}, err // as if nothing had been shared
	}
	box, err := st.vault.Open(ctx, db, c.Reader, sharedPlanOf(c))
	if err != nil {
		return Version{}, err
	}
	row := box.Row("treatment_plan_versions", r.ID)
	text := row.Read("plan", r.Plan)
	if err := row.Err(); err != nil {
		return Version{}, err
	}
	v := Version{ID: r.ID, Number: r.Number, SharedAt: r.SharedAt}
	return v, json.Unmarshal([]byte(text), &v.Plan)
}

// A Check refuses texts that both partners must not read, in the transaction that shares them. Its
// faults use the keys of texts.
type Check func(ctx context.Context, tx *database.DB, texts map[string]string) error

// Share shares the plan with both partners as the counselor saw it, identified by its hash seen. It
// returns fault.Conflict if the plan has changed since, and fault.Fields if there is nothing to
// share or check refuses it. A plan that is already shared is not shared again.
func (st *Store) Share(ctx context.Context, c couples.Couple, seen string, check Check, now time.Time) error {
	err := st.change(ctx, c, func(ctx context.Context, tx *database.DB) error {
		objectives, err := st.objectives(ctx, tx, c)
		if err != nil {
			return err
		}
		plan := st.Draft(c, objectives)
		switch {
		case len(plan.Goals) == 0:
			return fault.Fields{"plan": "Add at least one goal before you share the plan."}
		case plan.Hash() != seen:
			return fault.Conflict
		}
		if err := check(ctx, tx, map[string]string{"plan": plan.words()}); err != nil {
			return err
		}
		last, err := st.newest(ctx, tx, c)
		if err != nil || last.IsShared() && last.Plan.Hash() == seen {
			return err
		}
		return st.insertVersion(ctx, tx, c, plan, last.Number+1, now)
	})
	if err != nil {
		return fmt.Errorf("share plan of couple %s: %w", c.ID, err)
	}
	return nil
}

func (st *Store) insertVersion(ctx context.Context, tx *database.DB, c couples.Couple, plan Plan, number int,
	now time.Time,
) error {
	box, err := st.vault.Open(ctx, tx, c.Reader, sharedPlanOf(c))
	if err != nil {
		return err
	}
	id := rand.Text()
	row := box.Row("treatment_plan_versions", id)
	sealed := row.Seal("plan", plan.encode())
	if err := row.Err(); err != nil {
		return err
	}
	_, err = audit.Exec(ctx, tx, eventOf(c, audit.Created, "treatment plan", id, "shared"), `
		INSERT INTO treatment_plan_versions (id, practice_id, couple_id, number, plan, published_by, published_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, c.ID, number, sealed, c.Reader.Person(), now)
	return err
}
