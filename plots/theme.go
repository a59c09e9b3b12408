package plots

import (
	"image/color"
)

// The look of every figure. Figures are printed at their own size: lengths are points, 72
// to the inch.
const (
	margin = 6.0 // white around a figure

	titleSize   = 9.0
	labelSize   = 8.0
	captionSize = 7.5
	tickSize    = 7.0
	leading     = 1.25 // from baseline to baseline, over the size of the text

	lineWidth      = 0.5
	curveWidth     = 0.6
	tickLength     = 2.5
	dotRadius      = 0.8 // of a pair, where each is drawn
	markRadius     = 1.8 // in a legend
	imageDotRadius = 0.7 // the same in an image of many

	// The space of an axis with its numbers and its label.
	underX = tickLength + tickSize + labelSize*leading + 4
	underY = 36.0

	// The length by which a number may extend over the sides of its panel; on the right
	// it would leave the page.
	overLeft  = 8.0
	overRight = margin
)

// Positive and negative pairs are vermilion and blue, which people with any common
// colour blindness tell apart (Okabe & Ito, 2008).
var (
	whiteColor     = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	inkColor       = color.NRGBA{A: 255}
	faintColor     = color.NRGBA{R: 0x59, G: 0x59, B: 0x59, A: 255}
	paleColor      = color.NRGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 255} // guide lines
	undefinedColor = color.NRGBA{R: 0x8c, G: 0x8c, B: 0x8c, A: 255} // a pair without N, or P
	positiveColor  = color.NRGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 255}
	negativeColor  = color.NRGBA{R: 0x00, G: 0x72, B: 0xb2, A: 255}
)
