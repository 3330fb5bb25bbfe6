package appointments

import (
	"slices"

	"mend/handlers/web"
)

// A zoneLine is a time zone as an option.
type zoneLine struct{ Zone, Name string }

// zonesWith returns the time zones to choose from, including the chosen one.
func zonesWith(chosen string) []zoneLine {
	list := make([]zoneLine, 0, len(web.Zones)+1)
	for _, zone := range web.Zones {
		list = append(list, zoneLine{zone, web.ZoneName(zone)})
	}
	if chosen != "" && !slices.Contains(web.Zones, chosen) {
		list = append(list, zoneLine{chosen, web.ZoneName(chosen)})
	}
	return list
}
