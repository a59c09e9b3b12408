package plots

import (
	"fmt"
	"image/color"
)

// A Look is how a page shows the points and the line of one row of an experiment, the
// same as in figures.
type Look struct {
	Color  string    `json:"color"`            // of CSS: #0072b2, or currentColor for that of text
	Dashes []float64 `json:"dashes"`           // of the line, in points; null for a solid one
	Mark   string    `json:"mark"`             // disc, triangle, square, diamond or droop
	Hollow bool      `json:"hollow,omitempty"` // the mark
}

// markNames are the names of the markers.
var markNames = [markers]string{"disc", "triangle", "square", "diamond", "droop"}

// LookOf is the look of the k-th row, counted from 0.
func LookOf(k int) Look {
	s := seriesOf(k, 0)
	look := Look{Color: cssColor(s.line.Color), Mark: markNames[s.form], Hollow: s.hollow}
	for _, d := range s.line.Dashes {
		look.Dashes = append(look.Dashes, float64(d))
	}
	return look
}

// PairColors are the colours of positive and of negative pairs, of CSS.
func PairColors() (positive, negative string) {
	return cssColor(positiveColor), cssColor(negativeColor)
}

// cssColor writes a colour; that of ink is the one of text, which a dark page inverts.
func cssColor(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n == inkColor {
		return "currentColor"
	}
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
