// Package backup copies a whole database into one file and back, between either engine. It is a
// separate package because it works with any tables and knows none of them.
//
// A file is lines of JSON, compressed and then encrypted with age for a recipient or a passphrase:
// a header, each table with its rows, and a manifest with the number of rows and a checksum of each
// table. Values that Mend encrypts stay encrypted in it; it never contains the master key.
package backup

import (
	"errors"
	"fmt"
	"time"
)

// A Header describes a file.
type Header struct {
	Format int       `json:"mend_backup"` // 1
	Schema int64     `json:"schema"`      // the latest migration of the database
	Engine string    `json:"engine"`
	MadeAt time.Time `json:"made_at"`
}

// A Manifest describes the contents of a file.
type Manifest struct {
	Tables map[string]Sum  `json:"tables"`
	Heads  map[string]Head `json:"heads"` // the end of each practice's log
}

// A Sum is the number of rows of a table and the sum of their digests, which does not depend on
// their order.
type Sum struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"`
}

// Rows returns the total number of rows.
func (m Manifest) Rows() (n int64) {
	for _, sum := range m.Tables {
		n += sum.Rows
	}
	return n
}

// damaged returns an error for a file that is broken, truncated or changed.
func damaged(why string, args ...any) error {
	return fmt.Errorf("the backup is damaged: "+why, args...)
}

var (
	// ErrKey means that the file was encrypted for somebody else.
	ErrKey = errors.New("the backup does not open with this passphrase or key")
	// ErrNotEmpty means that the target of a restore is not empty.
	ErrNotEmpty = errors.New("there is something already; a restore goes into an empty place")
	// ErrNewer means that a newer Mend made the backup.
	ErrNewer = errors.New("the backup was made by a newer Mend; use that version")
)
