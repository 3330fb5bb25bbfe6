package fields

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
)

// Replace stores values at p within tx, regardless of revisions: a whole form submitted without
// scripts. key identifies the saves of one form. Unchanged values keep their revision.
func Replace(ctx context.Context, tx *database.DB, p FieldSet, key string, at time.Time,
	values map[string]string,
) error {
	if len(values) == 0 {
		return nil
	}
	saved, err := All(ctx, tx, p)
	if err != nil {
		return err
	}
	for field, value := range values {
		if was, ok := saved[field]; ok && was.Value == value {
			continue
		}
		if err := put(ctx, tx, p, key, at, field, value); err != nil {
			return fmt.Errorf("field %s: %w", field, err)
		}
	}
	return nil
}

func put(ctx context.Context, tx *database.DB, p FieldSet, key string, at time.Time, field, value string) error {
	slot, err := p.slot(ctx, tx, field)
	if err != nil {
		return err
	}
	sealed, err := p.seal("fields", slot, field, value)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key)
		VALUES (?, ?, ?, ?, 1, ?, ?)
		ON CONFLICT (owner_id, slot) DO UPDATE
		SET sealed = excluded.sealed, revision = fields.revision + 1, saved_at = excluded.saved_at,
		  save_key = excluded.save_key, missing = 0`,
		p.Practice, p.Owner, slot, sealed, at, key+"."+slot)
	return err
}
