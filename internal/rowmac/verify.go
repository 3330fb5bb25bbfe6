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
	var vouched []string
	there, err := k.IDs(ctx, db, practice)
	if err != nil {
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
		macs, err := k.MACs(ctx, db, v, practice, chunk)
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

// IDs returns what of a practice must have a MAC.
func (k Kind) IDs(ctx context.Context, db *database.DB, practice string) (ids []string, err error) {
	err = db.Select(ctx, &ids, k.ids, slices.Repeat([]any{practice}, k.marks())...)
	return ids, err
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
