package growth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
)

// logTable is the audit log for bulk inserts.
var logTable = database.Table{Name: "audit_log", Columns: []string{
	"practice_id", "seq", "at", "person", "role", "login", "address", "device", "couple", "side", "action", "object",
	"object_id", "reason", "mac",
}}

// writeLog appends the collected audit entries of a practice in order of time. Mend itself writes
// no entry with a past time, so the chain is computed here a second time; audit.Verify checks it.
func (k *cloner) writeLog(ctx context.Context, practice string) error {
	entries := k.log[practice]
	delete(k.log, practice)
	if len(entries) == 0 {
		return nil
	}
	slices.SortStableFunc(entries, func(a, b audit.Entry) int { return a.At.Compare(b.At) })
	var end struct {
		Seq int64  `db:"seq"`
		MAC string `db:"mac"`
	}
	err := k.tx.Get(ctx, &end, `
		INSERT INTO audit_heads (practice_id, seq, mac) VALUES (?, 0, '')
		ON CONFLICT (practice_id) DO UPDATE SET seq = audit_heads.seq
		RETURNING seq, mac`, practice)
	if err != nil {
		return err
	}
	key, err := k.g.Vault.AuditKey(ctx, k.tx, practice)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(entries))
	for _, e := range entries {
		end.Seq++
		e.Practice, e.Seq, e.At = practice, end.Seq, e.At.UTC().Truncate(time.Microsecond)
		end.MAC = chainMAC(key, end.MAC, e)
		rows = append(rows, []any{
			practice, e.Seq, e.At, e.Person, e.Role, e.Login, e.Address, e.Device, e.Couple, e.Side, string(e.Action),
			e.Object, e.ID, e.Reason, end.MAC,
		})
	}
	if err := k.tx.InsertAll(ctx, logTable, rows); err != nil {
		return err
	}
	_, err = k.tx.Exec(ctx, `UPDATE audit_heads SET seq = ?, mac = ? WHERE practice_id = ?`, end.Seq, end.MAC, practice)
	return err
}

// chainMAC returns the MAC of e after an entry with the MAC before.
func chainMAC(key []byte, before string, e audit.Entry) string {
	h := hmac.New(sha256.New, key)
	for _, field := range []string{
		"mend/audit/1", before, e.Practice, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano),
		e.Person, e.Role, e.Login, e.Address, e.Device, e.Couple, e.Side, string(e.Action), e.Object, e.ID, e.Reason,
	} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(field)))
		h.Write(n[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}
