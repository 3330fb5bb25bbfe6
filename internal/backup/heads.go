package backup

import (
	"errors"

	"mend/internal/database"
)

// A Head is the end of a practice's log: the number of its last entry, and its MAC, which depends
// on the whole log before it.
type Head struct {
	Seq int64  `json:"seq"`
	MAC string `json:"mac"`
}

// ErrLog means that a log is not the one in the backup's source.
var ErrLog = errors.New("the log of a practice was cut off or rebuilt; look at it with mend verify, and restore it " +
	"nevertheless with --any-log")

// chainHeads are the ends of logs by practice: according to their entries, and according to the
// table of heads.
type chainHeads struct{ entries, known map[string]Head }

func newChainHeads() chainHeads { return chainHeads{map[string]Head{}, map[string]Head{}} }

// observe processes a row of the log or of its heads.
func (e chainHeads) observe(t *database.Table, row []any) {
	to := e.entries
	switch t.Name {
	case "audit_heads":
		to = e.known
	case "audit_log":
	default:
		return
	}
	var practice string
	var head Head
	for i, column := range t.Columns {
		switch column {
		case "practice_id":
			practice, _ = row[i].(string)
		case "seq":
			head.Seq, _ = row[i].(int64)
		case "mac":
			head.MAC, _ = row[i].(string)
		}
	}
	if last, ok := to[practice]; !ok || head.Seq > last.Seq {
		to[practice] = head
	}
}
