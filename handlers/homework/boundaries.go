package homework

import (
	"mend/couples"
	"mend/worksheets"
)

// A BoundaryLine is a topic that a partner has asked not to hear about.
type BoundaryLine struct {
	Name, Topic, Wish string
	Told              bool
}

// BoundaryLines returns the topics that both partners have asked not to hear about.
func BoundaryLines(list []worksheets.Boundary, couple couples.Couple) []BoundaryLine {
	var lines []BoundaryLine
	for _, b := range list {
		lines = append(lines, BoundaryLine{couple.Partner(b.Side).AddressAs, b.Topic, b.Wish, b.Told})
	}
	return lines
}
