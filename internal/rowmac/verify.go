package rowmac

import (
	"context"
	"fmt"
	"slices"

	"mend/internal/database"
	"mend/internal/vault"
)

// A Finding is a thing whose MAC is invalid.
type Finding struct{ Practice, Kind, ID, What string }

// String returns the finding as a line for the administrator.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s of practice %s: %s", f.Kind, f.ID, f.Practice, f.What)
}

// Verify checks everything that has or must have a MAC, in one snapshot of the database. It returns
// the number of things and what is wrong with them.
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

// practices returns the practices that have data or a MAC.
func practices(ctx context.Context, db *database.DB) (ids []string, err error) {
	err = db.Select(ctx, &ids, `SELECT id FROM practices UNION SELECT practice_id FROM row_macs ORDER BY 1`)
	return ids, err
}

func (k Kind) verify(ctx context.Context, db *database.DB, v *vault.Vault, practice string) (int, []Finding, error) {
	var stored []string
	there, err := k.IDs(ctx, db, practice)
	if err != nil {
		return 0, nil, err
	}
	if err := db.Select(ctx, &stored, `SELECT id FROM row_macs WHERE practice_id = ? AND kind = ?`,
		practice, k.name); err != nil {
		return 0, nil, err
	}
	all := slices.Concat(there, stored)
	slices.Sort(all)
	all = slices.Compact(all)
	var found []Finding
	for chunk := range slices.Chunk(all, most) {
		macs, err := k.MACs(ctx, db, v, practice, chunk)
		if err != nil { // a practice inserted by hand has no keys
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

// judge compares the computed MAC with the stored one.
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

// IDs returns the ids in a practice that must have a MAC.
func (k Kind) IDs(ctx context.Context, db *database.DB, practice string) (ids []string, err error) {
	err = db.Select(ctx, &ids, k.ids, slices.Repeat([]any{practice}, k.marks())...)
	return ids, err
}

// marks returns how many times the query for ids takes the practice as a parameter.
func (k Kind) marks() (n int) {
	for _, r := range k.ids {
		if r == '?' {
			n++
		}
	}
	return n
}
