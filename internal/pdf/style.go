package pdf

// The look is that of a quiet consulting room: wide margins, ink that is not quite black, green for
// guiding the eye and a single line of gold. All lengths are in points.
const (
	millimetre = 72 / 25.4
	margin     = 20 * millimetre // left and right
	headTop    = 12 * millimetre // where the running line begins
	headGap    = 7 * millimetre  // between the running line and the text
	footHeight = 24 * millimetre // kept free of text at the bottom
	footTop    = 16 * millimetre // where the footer begins, from the bottom edge

	hairline = 0.5
	goldLine = 0.9
	boxLine  = 0.8
)

type colour struct{ r, g, b int }

var (
	ink   = colour{40, 38, 35}
	faint = colour{112, 106, 98}
	green = colour{38, 84, 66}
	gold  = colour{178, 141, 66}
	grey  = colour{206, 199, 188}
	pale  = colour{240, 235, 226}
)

// A style defines how a piece of text is set.
type style struct {
	face   face
	size   float64
	colour colour
}

var (
	practiceStyle   = style{serif, 13, green}
	letterheadStyle = style{regular, 8.5, faint}
	runningStyle    = style{regular, 8, faint}
	titleStyle      = style{serif, 17, ink}
	headingStyle    = style{serif, 11.5, green}
	subheadingStyle = style{serif, 10, ink}
	bodyStyle       = style{regular, 10.5, ink}
	asideStyle      = style{regular, 9.5, faint}
	labelStyle      = style{bold, 8, faint}
	columnStyle     = style{bold, 8.5, faint}
	cellStyle       = style{regular, 9.5, ink}
	draftStyle      = style{bold, 150, pale}
)

// leading returns the height of a line of text.
func (s style) leading() float64 { return 1.4 * s.size }

// baseline returns the distance from the top of a line to its baseline, such that ascent and
// descent have equal space above and below.
func (s style) baseline() float64 { return 1.05 * s.size }

// width returns the length of a line of text.
func (s style) width(text string) float64 {
	return float64(s.face.stack().Width(text)) * s.size / 1000
}
