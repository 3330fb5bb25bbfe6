package web

import "time"

// An Inspection is the result of an integrity check.
type Inspection struct {
	At       time.Time
	Findings int
	Entries  int64
	Things   int
}
