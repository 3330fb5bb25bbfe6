package web

import "time"

// An Inspection is what was looked at and how much is wrong.
type Inspection struct {
	At       time.Time
	Findings int
	Entries  int64
	Things   int
}
