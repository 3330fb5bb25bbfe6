package homework

import (
	"mend/couples"
	"mend/worksheets"
)

// A BoundaryLine is what a partner has asked not to hear.
type BoundaryLine struct {
	Name, Topic, Wish string
	Told              bool
}

// BoundaryLines are what both partners have asked not to hear.
func BoundaryLines(list []worksheets.Boundary, couple couples.Couple) []BoundaryLine {
	var lines []BoundaryLine
	for _, b := range list {
		lines = append(lines, BoundaryLine{couple.Partner(b.Side).AddressAs, b.Topic, b.Wish, b.Told})
	}
	return lines
}
