package audit

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
)

// A Report holds what Verify checked and found.
type Report struct {
	Entries     int64
	Checkpoints int
	Findings    []Finding // empty for an unmodified log
}

// A Finding is an error in the log.
type Finding struct {
	Practice string
	Seq      int64 // the first bad entry; 0 if not about a single entry
	What     string
}

// String returns f as a line for the administrator.
func (f Finding) String() string {
	switch {
	case f.Practice == "" && f.Seq == 0:
		return f.What
	case f.Seq == 0:
		return fmt.Sprintf("log of practice %s: %s", f.Practice, f.What)
	}
	return fmt.Sprintf("log of practice %s, entry %d: %s", f.Practice, f.Seq, f.What)
}

// Verify checks the chain of every practice up to its end when Verify began, so that entries can be
// written meanwhile. It finds each chain's first entry that was changed, removed, added or moved, a
// truncated chain, and a chain that was rebuilt or rolled back.
func (l *Log) Verify(ctx context.Context) (Report, error) {
	written, err := l.readCheckpoints() // before the heads, which only grow
	if err != nil {
		return Report{}, err
	}
	list, err := l.heads(ctx)
	if err != nil {
		return Report{}, err
	}
	report := Report{Checkpoints: len(written.points)}
	for _, line := range written.bad {
		report.add(Finding{What: fmt.Sprintf("line %d of the checkpoints cannot be read", line)})
	}
	for _, h := range list {
		if err := l.verifyChain(ctx, &report, h, written.points); err != nil {
			return report, err
		}
	}
	gone := map[string]bool{}
	for _, c := range written.points {
		if !gone[c.Practice] && !slices.ContainsFunc(list, func(h head) bool { return h.Practice == c.Practice }) {
			gone[c.Practice] = true
			report.add(Finding{c.Practice, 0, fmt.Sprintf("the chain is gone; a checkpoint knows entry %d", c.Seq)})
		}
	}
	return report, l.findStrays(ctx, &report)
}

func (r *Report) add(f Finding) { r.Findings = append(r.Findings, f) }

// verifyChain checks one chain and its checkpoints.
func (l *Log) verifyChain(ctx context.Context, r *Report, h head, points []Checkpoint) error {
	key, err := l.keys.MAC(ctx, l.db, h.Practice)
	if err != nil {
		r.add(Finding{h.Practice, 0, "its keys are not to be had: " + err.Error()})
		return nil
	}
	signing, err := l.keys.Sign(ctx, l.db, h.Practice)
	if err != nil {
		r.add(Finding{h.Practice, 0, "its keys are not to be had: " + err.Error()})
		return nil
	}
	known := r.trusted(h, signing.Public().(ed25519.PublicKey), points)
	seq, what, err := l.walk(ctx, r, h, key, known)
	if what != "" {
		r.add(Finding{h.Practice, seq, what})
	}
	return err
}

// trusted returns the MACs in checkpoints of h's chain, by number. A number has two if a chain was
// truncated and grew again.
func (r *Report) trusted(h head, public ed25519.PublicKey, points []Checkpoint) map[int64][]string {
	known, furthest := map[int64][]string{}, h.Seq
	for _, c := range points {
		switch {
		case c.Practice != h.Practice:
		case !c.signedBy(public):
			r.add(Finding{h.Practice, c.Seq, "a checkpoint is not signed by this practice"})
		default:
			known[c.Seq] = append(known[c.Seq], c.MAC)
			furthest = max(furthest, c.Seq)
		}
	}
	if furthest > h.Seq {
		r.add(Finding{h.Practice, h.Seq + 1, fmt.Sprintf("the chain was cut off: a checkpoint knows entry %d", furthest)})
	}
	return known
}

// batch is the number of entries read at once.
const batch = 1000

// walk follows a chain to its head. It returns the first invalid entry and what is wrong with it.
func (l *Log) walk(ctx context.Context, r *Report, h head, key []byte,
	known map[int64][]string,
) (seq int64, what string, err error) {
	before := ""
	for seq < h.Seq {
		var entries []Entry
		err := l.db.Select(ctx, &entries, `
			SELECT `+columns+`
			FROM audit_log
			WHERE practice_id = ? AND seq > ? AND seq <= ?
			ORDER BY seq
			LIMIT ?`, h.Practice, seq, h.Seq, batch)
		if err != nil {
			return seq, "", err
		}
		if len(entries) == 0 {
			return seq + 1, fmt.Sprintf("the chain was cut off: its head knows entry %d", h.Seq), nil
		}
		for _, e := range entries {
			seq++
			if what := e.wrong(seq, key, before, known[seq]); what != "" {
				return seq, what, nil
			}
			before = e.MAC
			r.Entries++
		}
	}
	if before != h.MAC {
		return seq, "it is not the one that the head knows", nil
	}
	return seq, "", nil
}

// wrong returns what is wrong with e, which should have number seq, follow an entry with the MAC
// before, and have each of the MACs known from checkpoints.
func (e Entry) wrong(seq int64, key []byte, before string, known []string) string {
	switch {
	case e.Seq != seq:
		return "it is missing"
	case e.MAC != e.mac(key, before):
		return "it is not as it was written"
	case slices.ContainsFunc(known, func(mac string) bool { return mac != e.MAC }):
		return "it is not the one that a checkpoint knows"
	}
	return ""
}

// findStrays finds entries outside any chain: before its first, after its head, or of a practice
// without a chain. It is one statement, so that it sees a consistent state of a growing chain.
func (l *Log) findStrays(ctx context.Context, r *Report) error {
	var strays []head
	err := l.db.Select(ctx, &strays, `
		SELECT l.practice_id, MIN(l.seq) AS seq
		FROM audit_log l
		LEFT JOIN audit_heads h ON h.practice_id = l.practice_id
		WHERE l.seq < 1 OR l.seq > COALESCE(h.seq, 0)
		GROUP BY l.practice_id
		ORDER BY l.practice_id`)
	for _, s := range strays {
		r.add(Finding{s.Practice, 0, fmt.Sprintf("entry %d stands outside the chain", s.Seq)})
	}
	return err
}
