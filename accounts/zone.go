package accounts

import (
	"context"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no time zone data
)

// zones caches time zones: loading one takes longer than a query.
var zones sync.Map // name -> *time.Location

// CheckZones returns an error if a practice's time zone is unknown to this program, since all its
// times would be wrong.
func (st *Store) CheckZones(ctx context.Context) error {
	var names []string
	if err := st.db.Select(ctx, &names, `SELECT DISTINCT time_zone FROM practices ORDER BY time_zone`); err != nil {
		return fmt.Errorf("time zones: %w", err)
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			return fmt.Errorf("a practice has the time zone %q, which this program does not know: its times would be wrong; "+
				"start a version that knows the zone", name)
		}
	}
	return nil
}

// zoneNamed returns the time zone with a name. Unknown names cannot be stored (Practice.Validate),
// and the program does not start with one (CheckZones).
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
