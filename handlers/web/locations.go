package web

import (
	"time"

	"mend/calendar"
)

// A LocationLine is a partner's location in a video session, as the counselor reads it.
type LocationLine struct {
	When, State, Place, Company, Telephone string
	Outside                                bool // outside the states of the counselor's licenses
}

var companyWords = map[string]string{
	"nobody": "Alone", "partner": "Only their partner is with them", "others": "Someone else is there or can hear them",
}

// LocationLineOf compares a partner's location with the counselor's settings.
func LocationLineOf(l calendar.PartnerLocation, set calendar.VideoSettings, zone *time.Location) LocationLine {
	return LocationLine{
		When: l.ToldAt.In(zone).Format("January 2, 2006, 3:04 PM"), State: l.StateName(), Place: l.Place,
		Company: companyWords[l.Company], Telephone: l.Telephone, Outside: !set.Licensed(l.State),
	}
}
