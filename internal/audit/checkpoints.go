package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Checkpoint is a signed statement of a chain's length at a time. Stored outside the database, it
// reveals a chain that was truncated or rolled back, which the chain itself cannot.
type Checkpoint struct {
	Practice  string    `json:"practice"`
	Seq       int64     `json:"seq"`
	MAC       string    `json:"mac"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature"`
}

func (c Checkpoint) text() []byte {
	return []byte(strings.Join([]string{
		"mend/checkpoint/1", c.Practice, strconv.FormatInt(c.Seq, 10), c.MAC,
		c.At.UTC().Format(time.RFC3339Nano),
	}, "\n"))
}

// signedBy reports whether c was signed with the key of public.
func (c Checkpoint) signedBy(public ed25519.PublicKey) bool {
	signature, err := hex.DecodeString(c.Signature)
	return err == nil && ed25519.Verify(public, c.text(), signature)
}

// head is the end of a chain.
type head struct {
	Practice string `db:"practice_id"`
	Seq      int64  `db:"seq"`
	MAC      string `db:"mac"`
}

func (l *Log) heads(ctx context.Context) ([]head, error) {
	var list []head
	err := l.db.Select(ctx, &list, `SELECT practice_id, seq, mac FROM audit_heads ORDER BY practice_id`)
	return list, err
}

// Checkpoint appends a signed statement to the file for each chain that grew since the last one,
// and syncs it to disk. A chain that became shorter or was replaced is not signed and is returned
// as an error; the others are still signed.
func (l *Log) Checkpoint(ctx context.Context) error {
	if err := l.WriteRefusals(ctx); err != nil {
		return err
	}
	if l.checkpoints == "" {
		return nil
	}
	written, err := l.readCheckpoints()
	if err != nil {
		return err
	}
	list, err := l.heads(ctx)
	if err != nil {
		return err
	}
	last := map[string]Checkpoint{}
	for _, c := range written.points {
		if c.Seq >= last[c.Practice].Seq {
			last[c.Practice] = c
		}
	}
	var lines []byte
	for _, h := range list {
		line, signErr := l.sign(ctx, h, last[h.Practice])
		lines, err = append(lines, line...), errors.Join(err, signErr)
	}
	if len(lines) > 0 && written.torn {
		lines = append([]byte("\n"), lines...)
	}
	return errors.Join(err, l.addLines(lines))
}

// sign returns the signed line for h, or nothing if last already covers it.
func (l *Log) sign(ctx context.Context, h head, last Checkpoint) ([]byte, error) {
	switch {
	case h.Seq == last.Seq && h.MAC == last.MAC:
		return nil, nil
	case h.Seq <= last.Seq:
		return nil, fmt.Errorf("the log of practice %s is not the one that was signed: it ends at entry %d, and was at %d",
			h.Practice, h.Seq, last.Seq)
	}
	key, err := l.keys.Sign(ctx, l.db, h.Practice)
	if err != nil {
		return nil, fmt.Errorf("the log of practice %s: %w", h.Practice, err)
	}
	c := Checkpoint{Practice: h.Practice, Seq: h.Seq, MAC: h.MAC, At: l.now().UTC()}
	c.Signature = hex.EncodeToString(ed25519.Sign(key, c.text()))
	line, err := json.Marshal(c)
	return append(line, '\n'), err
}

func (l *Log) addLines(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(l.checkpoints), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(l.checkpoints, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(lines)
	return errors.Join(err, f.Sync(), f.Close())
}

// statements is the content of the file of checkpoints.
type statements struct {
	points []Checkpoint
	bad    []int // numbers of unreadable lines, from 1
	torn   bool  // the last line is incomplete, as after a power failure
}

// readCheckpoints reads the file. A missing file has no checkpoints, and unreadable lines are
// skipped.
func (l *Log) readCheckpoints() (statements, error) {
	var s statements
	text, err := os.ReadFile(l.checkpoints)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil || len(text) == 0 {
		return s, err
	}
	s.torn = !bytes.HasSuffix(text, []byte("\n"))
	for i, line := range bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) {
		var c Checkpoint
		if json.Unmarshal(line, &c) != nil {
			s.bad = append(s.bad, i+1)
			continue
		}
		s.points = append(s.points, c)
	}
	return s, nil
}
