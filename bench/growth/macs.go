package growth

import (
	"context"
	"slices"

	"mend/internal/database"
	"mend/internal/rowmac"
)

// macTable is the table of row MACs.
var macTable = database.Table{Name: "row_macs", Columns: []string{"practice_id", "kind", "id", "mac"}}

// stamp stamps everything in a practice that must have a MAC and has none.
func (g Target) stamp(ctx context.Context, practice string) error {
	for _, kind := range rowmac.Kinds {
		ids, err := kind.IDs(ctx, g.DB, practice)
		if err != nil {
			return err
		}
		var told []string
		if err := g.DB.Select(ctx, &told, `SELECT id FROM row_macs WHERE practice_id = ? AND kind = ?`,
			practice, kind.String()); err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(told, id) })
		for chunk := range slices.Chunk(ids, 256) {
			if err := g.stampAll(ctx, practice, kind, chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g Target) stampAll(ctx context.Context, practice string, kind rowmac.Kind, ids []string) error {
	return g.DB.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		macs, err := kind.MACs(ctx, tx, g.Vault, practice, ids)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, id := range ids {
			rows = append(rows, []any{practice, kind.String(), id, macs[id]})
		}
		return tx.InsertAll(ctx, macTable, rows)
	})
}
