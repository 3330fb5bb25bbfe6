package rowmac

import (
	"context"
	"fmt"
	"slices"

	"mend/internal/database"
	"mend/internal/vault"
)

// A Finding is a thing that is not as it was vouched for.
type Finding struct{ Practice, Kind, ID, What string }

// String is f as a line for whoever runs the server.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s of practice %s: %s", f.Kind, f.ID, f.Practice, f.What)
}

// Verify looks at every thing that is vouched for or ought to be, in one state of
// the database, and returns how many there are and what is wrong with them.
func Verify(ctx context.Context, db *database.DB, v *vault.Vault) (things int, found []Finding, err error) {
	err = db.Snapshot(ctx, func(ctx context.Context, tx *database.DB) error {
		practices, err := practices(ctx, tx)
		if err != nil {
			return err
		}
		for _, practice := range practices {
			for _, k := range Kinds {
				n, list, err := k.verify(ctx, tx, v, practice)
				if err != nil {
					return err
				}
				things, found = things+n, append(found, list...)
			}
		}
		return nil
	})
	return things, found, err
}

// practices are those that have something, or a MAC.
func practices(ctx context.Context, db *database.DB) (ids []string, err error) {
	err = db.Select(ctx, &ids, `SELECT id FROM practices UNION SELECT practice_id FROM row_macs ORDER BY 1`)
	return ids, err
}

func (k Kind) verify(ctx context.Context, db *database.DB, v *vault.Vault, practice string) (int, []Finding, error) {
	var there, vouched []string
	if err := db.Select(ctx, &there, k.ids, slices.Repeat([]any{practice}, k.marks())...); err != nil {
		return 0, nil, err
	}
	if err := db.Select(ctx, &vouched, `SELECT id FROM row_macs WHERE practice_id = ? AND kind = ?`,
		practice, k.name); err != nil {
		return 0, nil, err
	}
	all := slices.Concat(there, vouched)
	slices.Sort(all)
	all = slices.Compact(all)
	var found []Finding
	for chunk := range slices.Chunk(all, most) {
		macs, err := k.macs(ctx, db, v, practice, chunk)
		if err != nil { // the keys of a practice that was put there by hand
			return 0, append(found, Finding{practice, k.name, "", "it cannot be checked: " + err.Error()}), nil
		}
		kept, err := k.kept(ctx, db, practice, chunk)
		if err != nil {
			return 0, nil, err
		}
		for _, id := range chunk {
			if what := judge(macs[id], kept[id], k.isSet && !slices.Contains(there, id)); what != "" {
				found = append(found, Finding{practice, k.name, id, what})
			}
		}
	}
	return len(all), found, nil
}

// judge compares what a MAC has to be with what is kept.
func judge(mac, kept string, isOrphan bool) string {
	switch {
	case mac == "" || isOrphan:
		return "it is gone"
	case kept == "":
		return "the program did not write it"
	case mac != kept:
		return "it is not as it was written"
	}
	return ""
}

// marks is how many times the query for ids asks for the practice.
func (k Kind) marks() (n int) {
	for _, r := range k.ids {
		if r == '?' {
			n++
		}
	}
	return n
}

// StampAll vouches for everything of a practice that is not vouched for yet, for
// what was told to the database in bulk.
func StampAll(ctx context.Context, db *database.DB, v *vault.Vault, practice string) error {
	for _, k := range Kinds {
		var ids []string
		if err := db.Select(ctx, &ids, k.ids, slices.Repeat([]any{practice}, k.marks())...); err != nil {
			return err
		}
		for chunk := range slices.Chunk(ids, most) {
			if err := k.stampNew(ctx, db, v, practice, chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

var macTable = database.Table{Name: "row_macs", Columns: []string{"practice_id", "kind", "id", "mac"}}

func (k Kind) stampNew(ctx context.Context, db *database.DB, v *vault.Vault, practice string, ids []string) error {
	return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		macs, err := k.macs(ctx, tx, v, practice, ids)
		if err != nil {
			return err
		}
		kept, err := k.kept(ctx, tx, practice, ids)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, id := range ids {
			if kept[id] == "" {
				rows = append(rows, []any{practice, k.name, id, macs[id]})
			}
		}
		if len(rows) == 0 {
			return nil
		}
		return tx.InsertAll(ctx, macTable, rows)
	})
}
