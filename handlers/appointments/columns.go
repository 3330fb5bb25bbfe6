package appointments

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
)

// columnsOf distributes appointments over the days of a span. At the front desk, a single day has a
// column per counselor.
func (s *Server) columnsOf(c *gin.Context, in span, today time.Time, list []calendar.Listed,
	people map[string]string,
) ([]column, error) {
	l, ctx := web.LoginOf(c), c.Request.Context()
	settings, err := s.Calendar.Settings(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	off, err := s.Calendar.DaysOff(ctx, l.PracticeID, l.CounselorID, in.from)
	if err != nil {
		return nil, err
	}
	var columns []column
	for day := in.from; day.Before(in.until); day = day.AddDate(0, 0, 1) {
		columns = append(columns, dayColumn(day, today, settings, off))
	}
	for _, a := range list {
		i := int(dateOf(a.StartsAt.In(l.Zone())).Sub(in.from).Hours() / 24)
		columns[i].Items = append(columns[i].Items, s.itemOf(c, a, l.Zone(), people))
	}
	if in.name == "day" && people != nil {
		return byCounselor(columns[0], people), nil
	}
	return columns, nil
}

// dayColumn returns the column of a day, without appointments.
func dayColumn(day, today time.Time, settings calendar.Settings, off []calendar.DaysOff) column {
	date := day.Format(time.DateOnly)
	col := column{
		Day: date, Title: day.Format("Monday, January 2"), Short: day.Format("Mon 2"), Today: day.Equal(today),
		Off: slices.ContainsFunc(off, func(d calendar.DaysOff) bool { return d.Include(date) }),
	}
	if hours, open := settings.Hours[int(day.Weekday())]; open {
		col.Hours = clockOf(hours.Opens) + "–" + clockOf(hours.Closes)
	}
	return col
}

// clockOf formats "17:30" as "5:30 PM".
func clockOf(clock string) string {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return clock
	}
	return at.Format("3:04 PM")
}

// byCounselor splits a day into a column per counselor, sorted by name.
func byCounselor(day column, people map[string]string) []column {
	var columns []column
	for _, name := range slices.SortedFunc(maps.Values(people), strings.Compare) {
		col := day
		col.Title, col.Items = name, nil
		for _, item := range day.Items {
			if item.Counselor == name {
				col.Items = append(col.Items, item)
			}
		}
		columns = append(columns, col)
	}
	if len(columns) == 0 {
		return []column{day}
	}
	return columns
}

var placeWords = map[string]string{"office": "Office", "video": "Video", "phone": "Phone"}

func (s *Server) itemOf(c *gin.Context, a calendar.Listed, zone *time.Location, people map[string]string) itemLine {
	item := itemLine{
		ID: a.ID, Names: web.NamesOf(c, a.RecordNo, a.Names()), Time: a.StartsAt.In(zone).Format("3:04 PM"),
		Place: placeWords[a.Place], State: stateWords[a.State], Counselor: people[a.CounselorID], Minutes: a.Minutes,
		Revision: a.Revision, Open: a.State == calendar.Planned,
	}
	if a.Local().Format("15:04") != a.StartsAt.In(zone).Format("15:04") {
		item.Zone = a.Local().Format("3:04 PM") + " " + web.ZoneName(a.Zone)
	}
	return item
}
