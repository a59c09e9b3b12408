package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A Print says how a figure is printed. It is [Page] or [Column], or [Options] with more
// than the width.
type Print interface{ options() Options }

// A Width is the width at which a figure is printed.
type Width int

// The widths of a paper in two columns, as CVPR prints it. Any other number is taken for
// Page.
const (
	Page   Width = iota // 6.875 inches, across both
	Column              // 3.25 inches
)

// MostHeight is the greatest height of a figure in inches: that of the text of a page,
// less a line of its caption. Figures of long names and many notes may be higher.
const MostHeight = 8.75

// Options are everything that can be chosen of a figure beside its data. The zero value
// is that of a page, with all else chosen from the data.
type Options struct {
	Width Width
	Scale Scale // of axes of weights

	// The ends of the horizontal axes, of the vertical ones, and of the colours. What
	// lies outside is not drawn, and a colour is that of the nearest end.
	X, Y, Colors Limits

	Title     string // "" for the figure's own
	NoTitle   bool   // leaves the title out; the files still name it
	NoCaption bool   // leaves out the sentences below the figure, as a paper has its own
	NoLetters bool   // leaves out the letters of panels
}

func (o Options) options() Options { return o }
func (w Width) options() Options   { return Options{Width: w} }

// Limits are the two ends of an axis, Low below High. Any others, as the zero value,
// stand for ends that follow from the data.
type Limits struct{ Low, High float64 }

// set reports whether the limits are the ends of an axis.
func (l Limits) set() bool { return distinctEnds(l.Low, l.High) }

// A Scale is how the weights of losses share their axes.
type Scale string

// The scales. Without one a figure chooses by its data, and its notes say how.
const (
	OwnScale        Scale = "own"        // each loss has its own linear axis
	SharedScale     Scale = "shared"     // all have one linear axis
	LogScale        Scale = "log"        // all have one logarithmic axis
	NormalisedScale Scale = "normalised" // weights are divided by the largest of the loss
)

// Scales are all scales.
var Scales = []Scale{OwnScale, SharedScale, LogScale, NormalisedScale}

func (w Width) length() vg.Length {
	if w == Column {
		return 3.25 * vg.Inch
	}
	return 6.875 * vg.Inch
}

// choose returns what holds for the width.
func (w Width) choose(page, column int) int {
	if w == Column {
		return column
	}
	return page
}

// grid returns how many of n panels stand side by side: at most most of them, and at
// least one fewer, so that as few places as possible stay free in at most rows lines.
func grid(n, most, rows int) int {
	if n <= most {
		return max(n, 1)
	}
	best, free := most, math.MaxInt
	for across := most; across >= max(2, most-1) && n <= across*rows; across-- {
		if left := (across - n%across) % across; left < free {
			best, free = across, left
		}
	}
	return best
}
