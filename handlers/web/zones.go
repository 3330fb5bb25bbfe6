package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"mend/internal/i18n"
)

// Zones are the time zones that forms offer.
var Zones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
}

// zoneNames are what people call these zones.
var zoneNames = map[string]i18n.Message{
	"America/New_York": "zone.eastern", "America/Chicago": "zone.central", "America/Denver": "zone.mountain",
	"America/Phoenix": "zone.arizona", "America/Los_Angeles": "zone.pacific", "America/Anchorage": "zone.alaska",
	"Pacific/Honolulu": "zone.hawaii", "America/Puerto_Rico": "zone.atlantic",
}

// ZoneName is what people call a zone: "Eastern Time", or of any other its city, as "Mexico City time".
func ZoneName(zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return name.String()
	}
	return i18n.English.Say("zone.of", city(zone))
}

// TellZone is ZoneName in the words of who asks.
func TellZone(c *gin.Context, zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return Tell(c, name)
	}
	return Tell(c, "zone.of", city(zone))
}

// city is "Mexico City" of "America/Mexico_City".
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}
