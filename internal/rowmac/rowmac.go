// Package rowmac protects rows that decide something with MACs: who may sign in and in which role,
// whose client a couple is, what is shared, what was sent and signed. A MAC covers the columns of a
// row and of the rows that belong to it, under a key of the practice, so changes, additions and
// deletions made outside the program are detected. It is a separate package because every domain uses
// it: Stamp in the transaction of a change, and Valid before a row is acted on.
package rowmac

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// Stamp stores the MACs of things as they are now, in the transaction that changed them. The MAC of a
// deleted thing is deleted.
func Stamp(ctx context.Context, tx *database.DB, v *vault.Vault, practice string, k Kind, ids ...string) error {
	for chunk := range slices.Chunk(ids, most) {
		if err := stamp(ctx, tx, v, practice, k, chunk); err != nil {
			return fmt.Errorf("stamp %s: %w", k, err)
		}
	}
	return nil
}

// Lock locks the thing id until tx ends, after any other transaction that holds it.
func Lock(ctx context.Context, tx *database.DB, practice string, k Kind, id string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO row_macs (practice_id, kind, id, mac) VALUES (?, ?, ?, '')
		ON CONFLICT (practice_id, kind, id) DO UPDATE SET mac = row_macs.mac`, practice, k.name, id)
	if err != nil {
		return fmt.Errorf("lock %s %s: %w", k, id, err)
	}
	return nil
}

// stamp locks the MACs first. When two transactions change rows of one thing, the second waits and
// sees the changes of the first.
func stamp(ctx context.Context, tx *database.DB, v *vault.Vault, practice string, k Kind, ids []string) error {
	for _, id := range ids {
		if err := Lock(ctx, tx, practice, k, id); err != nil {
			return err
		}
	}
	macs, err := k.MACs(ctx, tx, v, practice, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		query, args := `UPDATE row_macs SET mac = ? WHERE practice_id = ? AND kind = ? AND id = ?`,
			[]any{macs[id], practice, k.name, id}
		if macs[id] == "" {
			query, args = `DELETE FROM row_macs WHERE practice_id = ? AND kind = ? AND id = ?`, args[1:]
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// Change runs do in a transaction of db and stores the new MAC of a thing. If the MAC was invalid
// before, it does nothing and returns fault.NotFound: a change made outside the program must not become
// valid with the next one.
func Change(ctx context.Context, db *database.DB, v *vault.Vault, practice string, k Kind, id string,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		good, err := IsValid(ctx, tx, v, practice, k, id)
		if err == nil && !good {
			err = fmt.Errorf("%s %s: %w", k, id, fault.NotFound)
		}
		if err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		return Stamp(ctx, tx, v, practice, k, id)
	})
}

// ChangeAnyway is Change for what must be stored even if the thing was changed outside the program,
// such as a hold. An invalid MAC stays invalid.
func ChangeAnyway(ctx context.Context, db *database.DB, v *vault.Vault, practice string, k Kind, id string,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		good, err := IsValid(ctx, tx, v, practice, k, id)
		if err == nil {
			err = do(ctx, tx)
		}
		if err != nil || !good {
			return err
		}
		return Stamp(ctx, tx, v, practice, k, id)
	})
}

// Exec runs audit.Exec in a Change and returns the number of rows.
func Exec(ctx context.Context, db *database.DB, v *vault.Vault, k Kind, id string, e audit.Event, query string,
	args ...any,
) (n int64, err error) {
	err = Change(ctx, db, v, e.Practice, k, id, func(ctx context.Context, tx *database.DB) error {
		n, err = audit.Exec(ctx, tx, e, query, args...)
		return err
	})
	return n, err
}

// tries is how often a thing that seems invalid is read: it and its MAC may have changed between the
// two reads.
const tries = 3

// Valid returns which of the things have a valid MAC. Callers treat any other as missing; the server's
// log names it.
func Valid(ctx context.Context, db *database.DB, v *vault.Vault, practice string, k Kind,
	ids ...string,
) (map[string]bool, error) {
	good, left, hasMAC := map[string]bool{}, slices.Clone(ids), map[string]bool{}
	for range tries {
		for chunk := range slices.Chunk(left, most) {
			macs, kept, err := k.computedAndStored(ctx, db, v, practice, chunk)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
			for _, id := range chunk {
				good[id] = macs[id] != "" && hmac.Equal([]byte(macs[id]), []byte(kept[id]))
				hasMAC[id] = kept[id] != ""
			}
		}
		if left = slices.DeleteFunc(left, func(id string) bool { return good[id] }); len(left) == 0 {
			return good, nil
		}
	}
	for _, id := range left {
		if !hasMAC[id] {
			continue // it has no MAC here: it belongs to another practice, or does not exist
		}
		slog.ErrorContext(ctx, "a row is not as it was written, and is treated as if it were not there",
			"kind", k.name, "id", id)
	}
	return good, nil
}

// IsValid is Valid for one id.
func IsValid(ctx context.Context, db *database.DB, v *vault.Vault, practice string, k Kind, id string) (bool, error) {
	good, err := Valid(ctx, db, v, practice, k, id)
	return good[id], err
}

// most is how many things are read with one query.
const most = 256

// computedAndStored returns the computed and the stored MACs of things. A thing of one row needs one
// query, because every page checks some.
func (k Kind) computedAndStored(ctx context.Context, db *database.DB, v *vault.Vault, practice string,
	ids []string,
) (macs, kept map[string]string, err error) {
	if len(k.parts) > 1 || k.isSet {
		if macs, err = k.MACs(ctx, db, v, practice, ids); err == nil {
			kept, err = k.kept(ctx, db, practice, ids)
		}
		return macs, kept, err
	}
	key, err := v.RowKey(ctx, db, practice)
	if err != nil {
		return nil, nil, err
	}
	p := k.parts[0]
	where, args := p.of(ids)
	rows, err := db.Values(ctx, `
		SELECT m.mac, `+p.thing+` AS thing, `+p.columns+`
		FROM `+p.from+`
		LEFT JOIN row_macs m ON m.practice_id = ? AND m.kind = ? AND m.id = `+p.thing+`
		WHERE `+where, append([]any{practice, k.name}, args...)...)
	macs, kept = map[string]string{}, map[string]string{}
	for _, row := range rows {
		id := say(row[1])[1:]
		sum := k.begin(key, practice, id)
		write(sum, p.table, "1")
		write(sum, byThing([][]any{row[1:]})[id]...)
		macs[id], kept[id] = hex.EncodeToString(sum.Sum(nil)), say(row[0])[1:]
	}
	return macs, kept, err
}

// begin returns the MAC of a thing before any row is added.
func (k Kind) begin(key []byte, practice, id string) hash.Hash {
	sum := hmac.New(sha256.New, key)
	write(sum, "mend/rows/1", practice, k.name, id)
	return sum
}

// of returns the WHERE condition for the rows of things, with its arguments.
func (p part) of(ids []string) (where string, args []any) {
	marks, args := database.In(ids)
	where = p.thing + ` IN (` + marks + `)`
	if p.where != "" {
		where += ` AND ` + p.where
	}
	return where, args
}

// kept returns the stored MACs of things.
func (k Kind) kept(ctx context.Context, db *database.DB, practice string, ids []string) (map[string]string, error) {
	marks, args := database.In(ids)
	var rows []struct {
		ID  string `db:"id"`
		MAC string `db:"mac"`
	}
	err := db.Select(ctx, &rows, `SELECT id, mac FROM row_macs WHERE practice_id = ? AND kind = ? AND id IN (`+marks+`)`,
		append([]any{practice, k.name}, args...)...)
	kept := map[string]string{}
	for _, r := range rows {
		kept[r.ID] = r.MAC
	}
	return kept, err
}

// MACs computes the MACs of things. A missing thing has none.
func (k Kind) MACs(ctx context.Context, db *database.DB, v *vault.Vault, practice string,
	ids []string,
) (map[string]string, error) {
	key, err := v.RowKey(ctx, db, practice)
	if err != nil {
		return nil, err
	}
	sums, isThere := map[string]hash.Hash{}, map[string]bool{}
	for _, id := range ids {
		sums[id] = k.begin(key, practice, id)
		isThere[id] = k.isSet
	}
	for i, p := range k.parts {
		where, args := p.of(ids)
		rows, err := db.Values(ctx, `SELECT `+p.thing+` AS thing, `+p.columns+` FROM `+p.from+` WHERE `+where, args...)
		if err != nil {
			return nil, err
		}
		for id, lines := range byThing(rows) {
			isThere[id] = isThere[id] || i == 0
			write(sums[id], p.table, strconv.Itoa(len(lines)))
			write(sums[id], lines...)
		}
	}
	macs := map[string]string{}
	for id, sum := range sums {
		if isThere[id] {
			macs[id] = hex.EncodeToString(sum.Sum(nil))
		}
	}
	return macs, nil
}

// byThing encodes the rows of each thing as texts and sorts them, because the two engines order text
// differently.
func byThing(rows [][]any) map[string][]string {
	lines := map[string][]string{}
	for _, row := range rows {
		var line strings.Builder
		for _, value := range row[1:] {
			write(&line, say(value))
		}
		id := say(row[0])[1:]
		lines[id] = append(lines[id], line.String())
	}
	for _, of := range lines {
		slices.Sort(of)
	}
	return lines
}

// say encodes a value as text, the same on both engines. NULL differs from every text.
func say(value any) string {
	switch x := value.(type) {
	case nil:
		return "-"
	case string:
		return "+" + x
	case []byte:
		return "+" + string(x)
	case time.Time:
		return "+" + x.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
	case int64:
		return "+" + strconv.FormatInt(x, 10)
	case bool:
		if x {
			return "+1"
		}
		return "+0"
	}
	return fmt.Sprintf("+%d", value)
}

// write writes each text after its length.
func write(to interface{ Write([]byte) (int, error) }, texts ...string) {
	for _, text := range texts {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(text)))
		to.Write(n[:])
		to.Write([]byte(text))
	}
}
