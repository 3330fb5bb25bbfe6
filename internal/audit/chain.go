package audit

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mend/internal/database"
)

// An Entry is an event in the chain.
type Entry struct {
	Practice string    `db:"practice_id"`
	Seq      int64     `db:"seq"` // gapless per practice, from 1
	At       time.Time `db:"at"`
	Person   string    `db:"person"`
	Role     string    `db:"role"`
	Login    string    `db:"login"`
	Address  string    `db:"address"`
	Device   string    `db:"device"`
	Couple   string    `db:"couple"`
	Side     string    `db:"side"`
	Action   Action    `db:"action"`
	Object   string    `db:"object"`
	ID       string    `db:"object_id"`
	Reason   string    `db:"reason"`
	MAC      string    `db:"mac"` // of all fields above and the previous MAC
}

const columns = `practice_id, seq, at, person, role, login, address, device, couple, side, action, object,
	object_id, reason, mac`

// mac returns the MAC of e after an entry with the MAC before.
func (e Entry) mac(key []byte, before string) string {
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

// write appends events to the chains of their practices. It locks the head of each chain first, so
// that the numbers have no gaps.
func (l *Log) write(ctx context.Context, db *database.DB, who Who, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	of := map[string][]Event{}
	for _, e := range events {
		practice := cmp.Or(e.Practice, who.Practice)
		of[practice] = append(of[practice], e)
	}
	return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		for _, practice := range slices.Sorted(maps.Keys(of)) { // in order, to avoid deadlocks between requests
			if err := l.append(ctx, tx, practice, who, of[practice]); err != nil {
				return fmt.Errorf("audit: %w", err)
			}
		}
		return nil
	})
}

// append writes events of one practice in three statements.
func (l *Log) append(ctx context.Context, tx *database.DB, practice string, who Who, events []Event) error {
	var end head
	err := tx.Get(ctx, &end, `
		INSERT INTO audit_heads (practice_id, seq, mac) VALUES (?, ?, '')
		ON CONFLICT (practice_id) DO UPDATE SET seq = audit_heads.seq + excluded.seq
		RETURNING practice_id, seq, mac`, practice, len(events))
	if err != nil {
		return err
	}
	key, err := l.keys.MAC(ctx, tx, practice)
	if err != nil {
		return err
	}
	at, mac, seq := l.now().UTC().Truncate(time.Microsecond), end.MAC, end.Seq-int64(len(events))
	var rows []string
	var args []any
	for _, e := range events {
		seq++
		by := who
		if e.Who != nil {
			by.Person, by.Role, by.Login = e.Who.Person, e.Who.Role, e.Who.Login
		}
		entry := Entry{
			practice, seq, at, by.Person, by.Role, by.Login, by.Address, by.Device, e.Couple, e.Side, e.Action,
			e.Object, e.ID, e.Reason, "",
		}
		mac = entry.mac(key, mac)
		rows = append(rows, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
		args = append(args, practice, seq, at, by.Person, by.Role, by.Login, by.Address, by.Device, e.Couple, e.Side,
			string(e.Action), e.Object, e.ID, e.Reason, mac)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO audit_log (`+columns+`) VALUES `+strings.Join(rows, ", "),
		args...); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE audit_heads SET mac = ? WHERE practice_id = ?`, mac, practice)
	l.wrote(len(events))
	return err
}

// often is the number of entries after which a checkpoint is due.
const often = 1000

// wrote requests a checkpoint at every thousandth entry.
func (l *Log) wrote(n int) {
	if now := l.written.Add(int64(n)); now/often == (now-int64(n))/often {
		return
	}
	select {
	case l.due <- struct{}{}:
	default: // already requested
	}
}

// Due returns a channel that receives when enough was written for a checkpoint.
func (l *Log) Due() <-chan struct{} { return l.due }

// A Filter selects entries. Empty fields match everything.
type Filter struct {
	From, Until time.Time
	Person      string
	Action      Action
	Couple      string
	Side        string // the partner whose material it is
	Before      int64  // entries below this number, for the next page
	Limit       int
}

// Entries returns entries of a practice, newest first.
func (l *Log) Entries(ctx context.Context, practice string, f Filter) ([]Entry, error) {
	query, args := `SELECT `+columns+` FROM audit_log WHERE practice_id = ?`, []any{practice}
	add := func(condition string, arg any) { query, args = query+" AND "+condition, append(args, arg) }
	if !f.From.IsZero() {
		add("at >= ?", f.From)
	}
	if !f.Until.IsZero() {
		add("at < ?", f.Until)
	}
	if f.Person != "" {
		add("person = ?", f.Person)
	}
	if f.Action != "" {
		add("action = ?", string(f.Action))
	}
	if f.Couple != "" {
		add("couple = ?", f.Couple)
	}
	if f.Side != "" {
		add("side = ?", f.Side)
	}
	if f.Before > 0 {
		add("seq < ?", f.Before)
	}
	// The limit is part of the text: as a parameter, PostgreSQL would plan for a tenth of all
	// entries.
	var list []Entry
	err := l.db.Select(ctx, &list, query+fmt.Sprintf(" ORDER BY seq DESC LIMIT %d", max(f.Limit, 1)), args...)
	return list, err
}

// OpenedOf returns who opened the individual pages of the partner on side, newest first. It reads
// nothing about the other partner or both.
func (l *Log) OpenedOf(ctx context.Context, practice, couple, side string, limit int) ([]Entry, error) {
	var list []Entry
	err := l.db.Select(ctx, &list, `
		SELECT `+columns+`
		FROM audit_log
		WHERE practice_id = ? AND couple = ? AND side = ? AND object = ? AND action = '`+string(Opened)+
		`' AND role <> 'partner'
		ORDER BY seq DESC
		LIMIT ?`, practice, couple, side, PageObject, limit)
	return list, err
}

// PageObject is the object of a partner's individual page in the log. The individual file has
// another one: partners are not shown its entries, not even that there are any.
const PageObject = "page"
