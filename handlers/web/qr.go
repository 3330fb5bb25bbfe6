package web

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// A QrCode is a QR code as one SVG path.
type QrCode struct {
	Size int    // modules per side, including the quiet zone
	Path string // the dark modules
}

// DrawQR encodes text as a QR code.
func DrawQR(text string) (QrCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QrCode{}, fmt.Errorf("QR code: %w", err)
	}
	const quiet = 4
	var path strings.Builder
	side := code.Bounds().Dx()
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return QrCode{side + 2*quiet, path.String()}, nil
}
