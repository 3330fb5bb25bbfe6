package audit

import (
	"bufio"
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

// A Checkpoint is a signed statement of how far a chain was at a time. Kept
// apart from the database, it finds a chain whose end was cut off or that was
// rolled back, which the chain itself cannot.
type Checkpoint struct {
	Practice  string    `json:"practice"`
	Seq       int64     `json:"seq"`
	MAC       string    `json:"mac"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature"`
}

func (c Checkpoint) text() []byte {
	return []byte(strings.Join([]string{"mend/checkpoint/1", c.Practice, strconv.FormatInt(c.Seq, 10), c.MAC, c.At.UTC().Format(time.RFC3339Nano)}, "\n"))
}

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

// Checkpoint appends a signed statement to the file for each chain that grew
// since the last one, and syncs it to disk.
func (l *Log) Checkpoint(ctx context.Context) error {
	if l.checkpoints == "" {
		return nil
	}
	list, err := l.heads(ctx)
	if err != nil {
		return err
	}
	written, err := l.readCheckpoints()
	if err != nil {
		return err
	}
	last := map[string]int64{}
	for _, c := range written {
		last[c.Practice] = c.Seq
	}
	if err := os.MkdirAll(filepath.Dir(l.checkpoints), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(l.checkpoints, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	for _, h := range list {
		if h.Seq == last[h.Practice] {
			continue
		}
		line, lineErr := l.sign(ctx, h)
		if lineErr == nil {
			_, lineErr = f.Write(line)
		}
		err = errors.Join(err, lineErr)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

func (l *Log) sign(ctx context.Context, h head) ([]byte, error) {
	key, err := l.keys.Sign(ctx, l.db, h.Practice)
	if err != nil {
		return nil, err
	}
	c := Checkpoint{Practice: h.Practice, Seq: h.Seq, MAC: h.MAC, At: l.now().UTC()}
	c.Signature = hex.EncodeToString(ed25519.Sign(key, c.text()))
	line, err := json.Marshal(c)
	return append(line, '\n'), err
}

func (l *Log) readCheckpoints() ([]Checkpoint, error) {
	f, err := os.Open(l.checkpoints)
	if errors.Is(err, fs.ErrNotExist) || l.checkpoints == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []Checkpoint
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var c Checkpoint
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("checkpoint %d cannot be read", len(list)+1)
		}
		list = append(list, c)
	}
	return list, lines.Err()
}

// A Finding is what is wrong with a chain.
type Finding struct {
	Practice string
	Seq      int64 // the first bad entry; 0 where it is not about one
	What     string
}

// Verify walks the chain of every practice and returns what is wrong: an entry
// that was changed, removed, added or moved, a tail that was cut off, a chain
// that was rebuilt. Nothing found is an empty list.
func (l *Log) Verify(ctx context.Context) ([]Finding, error) {
	list, err := l.heads(ctx)
	if err != nil {
		return nil, err
	}
	points, err := l.readCheckpoints()
	if err != nil {
		return []Finding{{What: err.Error()}}, nil
	}
	known, findings := map[string]bool{}, []Finding(nil)
	for _, h := range list {
		known[h.Practice] = true
		found, err := l.verifyChain(ctx, h, points)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	for _, c := range points {
		if !known[c.Practice] {
			findings = append(findings, Finding{c.Practice, 0, "the chain is gone; a checkpoint knows it"})
			known[c.Practice] = true
		}
	}
	var strays []string
	if err := l.db.Select(ctx, &strays, `SELECT DISTINCT practice_id FROM audit_log WHERE practice_id NOT IN (SELECT practice_id FROM audit_heads)`); err != nil {
		return nil, err
	}
	for _, practice := range strays {
		findings = append(findings, Finding{practice, 0, "there are entries without a head"})
	}
	return findings, nil
}

const batch = 1000

func (l *Log) verifyChain(ctx context.Context, h head, points []Checkpoint) ([]Finding, error) {
	key, err := l.keys.MAC(ctx, l.db, h.Practice)
	if err != nil {
		return nil, err
	}
	at := map[int64]Checkpoint{}
	for _, c := range points {
		if c.Practice == h.Practice {
			at[c.Seq] = c
		}
	}
	before, seq := "", int64(0)
	for {
		var entries []Entry
		err := l.db.Select(ctx, &entries, `SELECT `+columns+` FROM audit_log WHERE practice_id = ? AND seq > ? ORDER BY seq LIMIT ?`, h.Practice, seq, batch)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Seq != seq+1 {
				return []Finding{{h.Practice, seq + 1, "an entry is missing"}}, nil
			}
			if e.MAC != e.mac(key, before) {
				return []Finding{{h.Practice, e.Seq, "an entry is not as it was written"}}, nil
			}
			if c, ok := at[e.Seq]; ok && c.MAC != e.MAC {
				return []Finding{{h.Practice, e.Seq, "the chain is not the one that a checkpoint knows"}}, nil
			}
			before, seq = e.MAC, e.Seq
		}
		if len(entries) < batch {
			break
		}
	}
	return l.verifyEnd(ctx, h, at, seq, before)
}

// verifyEnd compares where the chain ends with its head and its checkpoints.
func (l *Log) verifyEnd(ctx context.Context, h head, at map[int64]Checkpoint, seq int64, mac string) ([]Finding, error) {
	var findings []Finding
	if h.Seq != seq || h.MAC != mac {
		findings = append(findings, Finding{h.Practice, seq + 1, "the end of the chain is not where its head says"})
	}
	signing, err := l.keys.Sign(ctx, l.db, h.Practice)
	if err != nil {
		return nil, err
	}
	for _, c := range at {
		signature, err := hex.DecodeString(c.Signature)
		if err != nil || !ed25519.Verify(signing.Public().(ed25519.PublicKey), c.text(), signature) {
			findings = append(findings, Finding{h.Practice, c.Seq, "a checkpoint is not signed by this practice"})
		} else if c.Seq > seq {
			findings = append(findings, Finding{h.Practice, seq + 1, fmt.Sprintf("the chain was cut off: a checkpoint knows entry %d", c.Seq)})
		}
	}
	return findings, nil
}
