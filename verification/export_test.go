package verification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mend/internal/database"
	"mend/internal/vault"
)

// Looks are the checks of Run, for tests that remove the guards.
var Looks = checks

// ofPractice are the sealed tables that do not belong to a couple, with an expression for the
// couple that a row may concern, or with "" and the reason why it concerns none.
var ofPractice = map[string]string{
	"counselors":      "", // a counselor's own
	"practice_safety": "", // the covering counselor
	"erasures":        "", // the reason for an erasure, which is kept
	"sign_ins":        "(SELECT p.couple_id FROM partners p WHERE p.id = t.partner_id)",
	"factors":         ownerOfSignIn,
	"passkeys":        ownerOfSignIn,
}

const ownerOfSignIn = `(SELECT p.couple_id FROM partners p JOIN sign_ins i ON i.partner_id = p.id WHERE i.id = t.owner_id)`

// StillOpens returns the columns of every table in which something of a couple can still be
// decrypted, as table.column and the side that it is sealed for.
func StillOpens(ctx context.Context, db *database.DB, v *vault.Vault, couple string) (left []string, err error) {
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		i := slices.IndexFunc(sealedTables, func(s sealedTable) bool { return s.name == table.Name })
		if i < 0 {
			continue // nothing is sealed in it, or the check of sealed values reports it as unknown
		}
		found, err := sealedTables[i].stillOpens(ctx, db, v, bytesOf(table), couple)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table.Name, err)
		}
		left = append(left, found...)
	}
	slices.Sort(left)
	return slices.Compact(left), nil
}

func (t sealedTable) stillOpens(ctx context.Context, db *database.DB, v *vault.Vault, columns []string,
	couple string,
) (left []string, err error) {
	whose := t.couple
	if whose == "" {
		whose = ofPractice[t.name]
	}
	if whose == "" {
		return nil, nil
	}
	query := strings.Replace(t.query(columns, false), " ORDER BY ", " WHERE "+whose+" = ? ORDER BY ", 1)
	rows, err := db.Values(ctx, query, couple)
	for _, row := range rows {
		const stands = 7
		at, values := texts(row[len(t.keys):len(t.keys)+stands]), row[len(t.keys)+stands:]
		for i, column := range columns {
			value, _ := values[i].([]byte)
			if len(value) == 0 {
				continue
			}
			s := vault.Sealed{
				Practice: at[0], Couple: at[3], Of: vault.Side(at[4]), Value: value,
				CellRef: vault.CellRef{Table: t.name, Column: column, Row: at[1], Owner: at[2]},
			}
			opens, err := t.opens(ctx, db, v, s)
			if err != nil {
				return nil, err
			}
			if opens {
				left = append(left, strings.TrimSpace(t.name+"."+column+" "+at[4]))
			}
		}
	}
	return left, err
}

// opens reports whether a value really decrypts. Decrypts also accepts a value whose key may have
// been destroyed; then a changed byte is accepted as well.
func (t sealedTable) opens(ctx context.Context, db *database.DB, v *vault.Vault, s vault.Sealed) (bool, error) {
	whole, err := v.Decrypts(ctx, db, s, t.materials)
	if err != nil || !whole {
		return false, err
	}
	s.Value = slices.Clone(s.Value)
	s.Value[len(s.Value)-1] ^= 1
	changed, err := v.Decrypts(ctx, db, s, t.materials)
	return !changed, err
}
