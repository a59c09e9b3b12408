package plots

import (
	"math"
	"slices"
	"strings"

	"gpwbench/analysis"
)

// place returns where a weight is on an axis: its value, or of a logarithmic axis the
// logarithm of its size. A weight of zero, and one too small for the axis, is below its
// numbers.
func (a axis) place(weight float64) float64 {
	if a.over != 0 {
		weight /= a.over
	}
	if !a.log {
		return weight
	}
	if v := math.Log10(math.Abs(weight)); !a.floored || v >= a.base {
		return v
	}
	return a.zero
}

// holds reports whether a value is on the axis.
func (a axis) holds(v float64) bool { return v >= a.low && v <= a.high }

// weightName names an axis of weights: "m·w", with "log" where it is logarithmic, or the
// weight over its largest.
func (a axis) weightName() string {
	switch {
	case a.log:
		return "m·w, log"
	case a.over != 0:
		return "w / largest"
	}
	return "m·w"
}

// A weightGroup is the weights of one loss, or of one kind of pairs under it, in a
// figure.
type weightGroup struct {
	low, high float64 // of the weights, 0 among them
	weighted  int     // those that are not 0
	least     float64 // the smallest size of these
	small     int     // of these, those below the share buriedBelow of the largest
	zeros     bool    // there are others
}

// groupOf returns the weights of the positive or the negative pairs of batches.
func groupOf(positive bool, batches ...*analysis.Scatter) weightGroup {
	var g weightGroup
	for _, b := range batches {
		s := b.Summary(positive)
		g.low, g.high = min(g.low, s.Min), max(g.high, s.Max)
	}
	for _, b := range batches {
		for row := range b.Rows() {
			for _, p := range row {
				if p.Positive == positive {
					g.add(math.Abs(b.Weight(p)))
				}
			}
		}
	}
	return g
}

// add counts a weight of that size, of a group whose largest weight is known.
func (g *weightGroup) add(size float64) {
	if size == 0 {
		g.zeros = true
		return
	}
	if size < buriedBelow*g.largest() {
		g.small++
	}
	if g.weighted == 0 || size < g.least {
		g.least = size
	}
	g.weighted++
}

// withMeans is a group whose axis has room for the means of intervals, which may be
// smaller than any weight that is not 0.
func (g weightGroup) withMeans(bins []analysis.Bin) weightGroup {
	for _, b := range bins {
		if size := math.Abs(b.Mean); size > 0 && size < g.least {
			g.least = size
		}
	}
	return g
}

// with is a group and another.
func (g weightGroup) with(other weightGroup) weightGroup {
	if g.weighted == 0 || other.weighted > 0 && other.least < g.least {
		g.least = other.least
	}
	g.low, g.high, g.weighted, g.zeros = min(g.low, other.low), max(g.high, other.high), g.weighted+other.weighted, g.zeros || other.zeros
	return g
}

// largest is the size of the largest weight.
func (g weightGroup) largest() float64 { return max(g.high, -g.low) }

// Weights are buried where more than half of those that are not zero have less than this
// share of the largest: on a linear axis they lie on its zero line.
const buriedBelow = 0.01

func (g weightGroup) buried() bool { return 2*g.small > g.weighted }

// A decade is the most by which the largest weights of losses differ that share a linear
// axis unasked. The smaller of two would else be flat.
const sharedUpTo = 10

// scaleOf chooses the scale of groups that stand side by side.
func (o Options) scaleOf(groups []weightGroup) Scale {
	if o.Scale != "" {
		return o.Scale
	}
	if !o.Y.set() && slices.ContainsFunc(groups, weightGroup.buried) {
		return LogScale
	}
	most, least := 0.0, math.Inf(1)
	for _, g := range groups {
		if w := g.largest(); w > 0 {
			most, least = max(most, w), min(least, w)
		}
	}
	if most > sharedUpTo*least {
		return OwnScale
	}
	return SharedScale
}

// weightAxes returns the axis of each group, of a scale that scaleOf chose.
func (o Options) weightAxes(scale Scale, groups []weightGroup, ticks int) []axis {
	all := weightGroup{}
	for _, g := range groups {
		all = all.with(g)
	}

	axes := make([]axis, len(groups))
	for k, g := range groups {
		switch scale {
		case OwnScale:
			axes[k] = o.linearWeights(g.low, g.high, ticks)
		case LogScale:
			axes[k] = o.logWeights(all)
		case NormalisedScale:
			over := g.largest()
			if over == 0 {
				over = 1
			}
			low := 0.0
			for _, other := range groups {
				low = min(low, other.low/max(other.largest(), math.SmallestNonzeroFloat64))
			}
			axes[k] = o.linearWeights(max(low, -1), 1, ticks)
			axes[k].over = over
		default:
			axes[k] = o.linearWeights(all.low, all.high, ticks)
		}
	}
	return axes
}

// linearWeights is a linear axis between two weights, or between the limits.
func (o Options) linearWeights(low, high float64, ticks int) axis {
	if o.Y.set() {
		a := newAxis(o.Y.Low, o.Y.High, ticks)
		a.signed = o.Y.Low < 0
		return a
	}
	return span{low, high}.weightAxis(ticks)
}

// logWeights is a logarithmic axis of the weights of a group, with room at its foot for
// those that are zero.
func (o Options) logWeights(g weightGroup) axis {
	if o.Y.set() && o.Y.Low > 0 {
		return newLogAxis(math.Log10(o.Y.Low), math.Log10(o.Y.High))
	}
	s := newSpan()
	if g.weighted > 0 {
		s = span{g.least, g.largest()}
	}
	a := logAxis(s)
	a.floored, a.base = true, a.low
	if g.zeros || s.low <= s.high && math.Log10(s.low) < a.base {
		// The place of 0 is apart from the numbers, and has a tick.
		reach := a.high - a.low
		a.zero, a.low = a.low-zeroApart*reach, a.low-(zeroApart+2*floorMargin)*reach
		a.ticks, a.labels = append([]float64{a.zero}, a.ticks...), append([]string{"0"}, a.labels...)
	}
	return a
}

// zeroApart is how far 0 is below the numbers of a logarithmic axis, as a share of it.
const zeroApart = 0.1

// scaleNotes say how weights are scaled in the panels, of which there is more than one.
func scaleNotes(scales ...Scale) string {
	var said []string
	for _, s := range scales {
		text := map[Scale]string{
			OwnScale:        "Each loss has its own scale of weights.",
			NormalisedScale: "Weights are divided by the largest of the loss and the kind of pairs, which is said above its panel.",
			LogScale:        "On a logarithmic axis the tick 0 is for weights of 0 and for those five decades below its top; black ones have the opposite sign.",
		}[s]
		if text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return strings.Join(said, " ")
}
