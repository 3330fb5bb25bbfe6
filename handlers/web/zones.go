package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"mend/internal/i18n"
)

// Zones lists the time zones that forms offer.
var Zones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
}

// zoneNames maps these zones to their common names.
var zoneNames = map[string]i18n.Message{
	"America/New_York": "zone.eastern", "America/Chicago": "zone.central", "America/Denver": "zone.mountain",
	"America/Phoenix": "zone.arizona", "America/Los_Angeles": "zone.pacific", "America/Anchorage": "zone.alaska",
	"Pacific/Honolulu": "zone.hawaii", "America/Puerto_Rico": "zone.atlantic",
}

// ZoneName returns a zone's common name in English: "Eastern Time", or "Mexico City time" after its
// city.
func ZoneName(zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return name.String()
	}
	return i18n.English.Say("zone.of", city(zone))
}

// TellZone returns a zone's common name in the response's language.
func TellZone(c *gin.Context, zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return Tell(c, name)
	}
	return Tell(c, "zone.of", city(zone))
}

// city returns "Mexico City" for "America/Mexico_City".
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}
