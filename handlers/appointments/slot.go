package appointments

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A slotForm is a time and a place as typed.
type slotForm struct {
	Key     string `form:"key"`
	Date    string `form:"date"`
	Time    string `form:"time"`
	Twice   string `form:"twice"` // which of the two times when clocks are set back
	Zone    string `form:"zone"`
	Minutes string `form:"minutes"`
	Place   string `form:"place"`
	Detail  string `form:"place_detail"`
	Anyway  string `form:"anyway"` // save despite conflicts
}

// slot parses the form and returns its problems by field.
func (f slotForm) slot() (calendar.Slot, fault.Fields) {
	bad := fault.Fields{}
	slot := calendar.Slot{Zone: f.Zone, Place: f.Place, PlaceDetail: strings.TrimSpace(f.Detail)}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil || f.Zone == "" || f.Zone == "Local" {
		bad["zone"] = "Choose a time zone from the list."
		return slot, bad
	}
	if slot.StartsAt, err = calendar.LocalTime(f.Date, f.Time, f.Twice, zone); err != nil {
		bad["date"] = web.TimeProblem(err, "Enter the date and time.")
	}
	if errors.Is(err, calendar.ErrTimeAmbiguous) {
		bad["twice"] = "Choose one."
	}
	if slot.Minutes, err = strconv.Atoi(strings.TrimSpace(f.Minutes)); err != nil {
		bad["minutes"] = "Enter the length in whole minutes."
	}
	if len(bad) == 0 {
		bad.Add(slot.Validate())
	}
	return slot, bad
}

// formOf returns the form of a slot.
func formOf(slot calendar.Slot, key string) slotForm {
	at := slot.Local()
	return slotForm{
		Key: key, Date: at.Format(time.DateOnly), Time: at.Format("15:04"), Twice: calendar.WhichOccurrence(at),
		Zone: slot.Zone, Minutes: strconv.Itoa(slot.Minutes), Place: slot.Place, Detail: slot.PlaceDetail,
	}
}

// conflictLines describes conflicts, with their times in zone.
func conflictLines(conflicts []calendar.Conflict, zone *time.Location) []string {
	words := map[calendar.ConflictKind]string{
		calendar.CounselorBusy:  "the counselor has another appointment",
		calendar.CoupleBusy:     "the couple has another appointment",
		calendar.RoomTaken:      "the room is in use",
		calendar.PracticeClosed: "this is outside of office hours",
		calendar.InThePast:      "this is in the past",
		calendar.FarAhead:       "this is more than two years ahead, so please check the year",
		calendar.DayOff:         "this is a day off",
	}
	var lines []string
	for i, found := range conflicts {
		if i == mostConflicts {
			lines = append(lines, "There are "+strconv.Itoa(len(conflicts)-mostConflicts)+" more.")
			break
		}
		lines = append(
			lines,
			found.At.In(zone).Format("Monday, January 2, 2006, 3:04 PM")+": "+words[found.Kind]+".",
		)
	}
	return lines
}

// mostConflicts is the maximum number of conflicts to list.
const mostConflicts = 12
