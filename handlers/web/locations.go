package web

import (
	"time"

	"mend/calendar"
)

// A LocationLine is where a partner said they are in a session by video, as their counselor
// reads it.
type LocationLine struct {
	When, State, Place, Company, Telephone string
	Outside                                bool // of the counselor's licenses on file
}

var companyWords = map[string]string{
	"nobody": "Alone", "partner": "Only their partner is with them", "others": "Someone else is there or can hear them",
}

// LocationLineOf returns what a partner told, beside what their counselor set.
func LocationLineOf(l calendar.PartnerLocation, set calendar.VideoSettings, zone *time.Location) LocationLine {
	return LocationLine{
		When: l.ToldAt.In(zone).Format("January 2, 2006, 3:04 PM"), State: l.StateName(), Place: l.Place,
		Company: companyWords[l.Company], Telephone: l.Telephone, Outside: !set.Licensed(l.State),
	}
}
