package homework

import (
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/i18n"
	"mend/worksheets"
)

// PulsesShown is the number of pulses shown per partner: half a year of weeks. The first is always
// included for comparison.
const PulsesShown = 26

// A PulseLine is a row of the table of pulses.
type PulseLine struct {
	When, Who                     string
	Figure, Direction, SinceFirst i18n.Message
	Moved                         string
}

// PulseLines returns the pulses as table rows, newest first.
func PulseLines(c *gin.Context, list []worksheets.Pulse, couple couples.Couple, zone *time.Location) []PulseLine {
	var lines []PulseLine
	for _, p := range slices.Backward(list) {
		figure := i18n.Message("pulse.no_data")
		if p.Figure != nil {
			figure = i18n.Message(strconv.Itoa(*p.Figure))
		}
		lines = append(lines,
			PulseLine{
				web.Date(c, p.SentAt.In(zone), "date.day"), couple.Partner(p.Side).AddressAs, figure,
				p.Direction, p.SinceFirst, p.Moved,
			})
	}
	return lines
}

// PointsOf returns one partner's pulses as chart points.
func PointsOf(list []worksheets.Pulse, side couples.Side, zone *time.Location) []ChartPoint {
	var points []ChartPoint
	for _, p := range list {
		if p.Side == side {
			points = append(points, ChartPoint{p.SentAt.In(zone), p.Figure})
		}
	}
	return points
}
