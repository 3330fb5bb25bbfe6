package accounts

import (
	"sync"
	"time"
)

// zones keeps the time zones that were read: reading one takes longer than a
// query.
var zones sync.Map // name -> *time.Location

// zoneNamed returns the time zone with a name, and UTC for one that is unknown.
func zoneNamed(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}
