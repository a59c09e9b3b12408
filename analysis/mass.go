package analysis

import (
	"cmp"
	"math"
	"slices"
)

// MassRange returns between which values the middle share of the points' weight lies, such as 0.98 of it: the range for a colour
// scale that is to tell apart the pairs that matter. A value of NaN, and a weight of 0, is left out. Of points without any weight, it
// is the middle share of their number; of no points, NaN.
func MassRange(points []Point, value func(Point) float64, share float64) (low, high float64) {
	type item struct{ value, mass float64 }
	var items []item
	total := 0.0
	for _, p := range points {
		if v := value(p); !math.IsNaN(v) {
			items = append(items, item{v, math.Abs(p.W)})
			total += math.Abs(p.W)
		}
	}
	if len(items) == 0 {
		return math.NaN(), math.NaN()
	}
	if total == 0 {
		for k := range items {
			items[k].mass = 1
		}
		total = float64(len(items))
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.value, b.value) })
	// From either end, skip what lies in the tail.
	tail := (1 - share) / 2 * total
	from, to := 0, len(items)-1
	for below := items[from].mass; below <= tail && from < to; below += items[from].mass {
		from++
	}
	for above := items[to].mass; above <= tail && from < to; above += items[to].mass {
		to--
	}
	return items[from].value, items[to].value
}
