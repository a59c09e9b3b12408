package losses

import "math"

// TripletSwap is the triplet loss in which the positive may take the anchor's place, the mean over the triplets with a positive value:
//
//	L = (1/k) Σ [d_ap − min(d_an, d_pn) + μ]₊
//
// Balntas et al., BMVC 2016; the mean over active terms is pytorch-metric-learning's. The gradient of the negative goes to whichever pair
// is nearer, so to a pair of the positive's row; of equal ones to the anchor's. An anchor that lacks either side has no triplet.
// Which triplets are active depends on two rows at once, so no ordering of one serves: every triplet is looked at, by two comparisons of
// integers.
type TripletSwap struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"by how much the negative should be farther than the positive"`
}

// Eval implements [Loss].
func (l TripletSwap) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the triplet loss with swap")
	clear(g)
	sum, active := 0.0, 0
	for t := b.nextClass(0); t != nil; t = b.nextClass(t.to) {
		for x, i := range t.members {
			for y, p := range t.members {
				if x == y {
					continue
				}
				d, slope := distance(b.s[i*b.m+p])
				count := l.pair(t, x, y, d+l.Margin)
				sum += float64(count) * (d + l.Margin)
				active += count
				g[i*b.m+p] += float64(count) * slope
			}
		}
		sum -= t.put(b, g)
	}
	if active == 0 {
		return 0
	}
	for k := range g {
		g[k] /= float64(active)
	}
	return sum / float64(active)
}

// pair counts the negatives that are nearer than h to anchor x or positive y, each in the row where it is nearer. Distances are not
// negative, so that their bits are in the same order and differences of them have the sign.
func (l TripletSwap) pair(t *classRows, x, y int, h float64) (active int) {
	ofX, ofY := t.d[x*t.n:(x+1)*t.n], t.d[y*t.n:][:t.n]
	inX, inY := t.count[x*t.n:][:t.n], t.count[y*t.n:][:t.n]
	end := int64(math.Float64bits(h))
	for n := range ofX {
		d, e := int64(math.Float64bits(ofX[n])), int64(math.Float64bits(ofY[n]))
		swap := (e - d) >> 63
		in := (d + (e-d)&swap - end) >> 63
		active -= int(in)
		inX[n] -= int(in &^ swap)
		inY[n] -= int(in & swap)
	}
	return active
}

var tripletSwap = Spec{
	Name:     "triplet_swap",
	Title:    "Triplet with swap",
	Cite:     "Balntas et al., BMVC 2016",
	Year:     2016,
	Family:   Triplets,
	Formula:  "L = (1/k) Σ [d_ap − min(d_an, d_pn) + μ]₊",
	Relation: Square,
	Traits:   BatchCoupled | CountDivisor,
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning with swap", Value: TripletSwap{Margin: 0.05}, Oracle: "golden triplet_all_l2_swap"},
	},
}
