// Package backup copies a whole database into one file and back, between either
// engine. It is a package of its own because a copy must hold whatever tables
// there are: it knows none of them.
//
// A file is lines of JSON, compressed and then sealed with age, to a recipient
// or a passphrase: a header, each table with its rows, and a manifest of how
// many rows each has and what they add up to. What Mend seals stays sealed in
// it; the master key is never in it.
package backup

import (
	"errors"
	"fmt"
	"time"
)

// A Header says what a file is.
type Header struct {
	Format int       `json:"mend_backup"` // 1
	Schema int64     `json:"schema"`      // the newest migration that the database had
	Engine string    `json:"engine"`
	MadeAt time.Time `json:"made_at"`
}

// A Manifest says what a file holds.
type Manifest struct {
	Tables map[string]Sum  `json:"tables"`
	Heads  map[string]Head `json:"heads"` // where each practice's log ended
}

// A Sum is how many rows a table has, and their digests added up: the same in
// whatever order they come.
type Sum struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"`
}

// Rows returns how many rows there are in all.
func (m Manifest) Rows() (n int64) {
	for _, sum := range m.Tables {
		n += sum.Rows
	}
	return n
}

// A damaged file is not what was written: broken, cut off or changed.
func damaged(why string, args ...any) error {
	return fmt.Errorf("the backup is damaged: "+why, args...)
}

var (
	// ErrKey says that the file was sealed to somebody else.
	ErrKey = errors.New("the backup does not open with this passphrase or key")
	// ErrNotEmpty says that something is where a restore should go.
	ErrNotEmpty = errors.New("there is something already; a restore goes into an empty place")
	// ErrNewer says that a newer Mend made the backup.
	ErrNewer = errors.New("the backup was made by a newer Mend; use that version")
)
