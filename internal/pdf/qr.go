package pdf

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

const (
	moduleSize = 2.2 // side length of a dark square of a QR code
	quietZone  = 4   // white modules around it
)

// composeQR draws the code at the left margin, with its caption beside it. If the text is too long
// for a QR code, it returns an error.
func composeQR(b QR, width float64) ([]row, error) {
	code, err := qr.Encode(b.Text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	modules := code.Bounds().Dx()
	side := moduleSize * float64(modules+2*quietZone)
	square, figure := row{height: side}, &element{role: "Figure", alternate: "QR: " + b.Text}
	for y := range modules {
		for x := 0; x < modules; x++ {
			from := x
			for x < modules && isDark(code.At(x, y).RGBA()) {
				x++
			}
			if x > from {
				run := darkRun(from, x, y)
				run.tag = figure
				square.paths = append(square.paths, run)
			}
		}
	}
	caption := tagged(setText(b.Caption, asideStyle, margin+side+gutter, width-side-gutter), &element{role: "P"})
	for i := range caption {
		caption[i].gap = 0
	}
	var texts []text
	top := moduleSize * quietZone
	for _, r := range caption {
		for _, t := range r.texts {
			t.y += top
			texts = append(texts, t)
		}
		top += r.height
	}
	square.texts = texts
	return withGap(10, []row{square}), nil
}

func isDark(r, _, _, _ uint32) bool { return r == 0 }

// darkRun draws the dark modules of a line from one column to before another: a stroke as wide as a
// module, whose square ends extend half a module further.
func darkRun(from, to, line int) path {
	y := moduleSize * (float64(line+quietZone) + 0.5)
	// A zero-length stroke would not be drawn.
	x1, x2 := moduleSize*(float64(from+quietZone)+0.5), moduleSize*(float64(to+quietZone)-0.49)
	return path{points: []point{{margin + x1, y}, {margin + x2, y}}, width: moduleSize, colour: ink}
}
