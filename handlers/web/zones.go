package web

import (
	"strings"

	"github.com/gin-gonic/gin"
)

// Zones are the time zones that forms offer.
var Zones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
}

// zoneNames are what people call these zones.
var zoneNames = map[string]string{
	"America/New_York": "Eastern Time", "America/Chicago": "Central Time", "America/Denver": "Mountain Time",
	"America/Phoenix": "Arizona Time", "America/Los_Angeles": "Pacific Time", "America/Anchorage": "Alaska Time",
	"Pacific/Honolulu": "Hawaii Time", "America/Puerto_Rico": "Atlantic Time (Puerto Rico)",
}

// ZoneName is what people call a zone: "Eastern Time", or of any other its city, as "Mexico City time".
func ZoneName(zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return name
	}
	return city(zone) + " time"
}

// TellZone is ZoneName in the words of who asks.
func TellZone(c *gin.Context, zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return Tell(c, name)
	}
	return Tell(c, "%s time", city(zone))
}

// city is "Mexico City" of "America/Mexico_City".
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}
