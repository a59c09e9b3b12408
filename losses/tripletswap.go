package losses

// TripletSwap is the triplet loss in which the positive may take the anchor's place, the mean over the triplets with a positive value:
//
//	L = (1/k) Σ [d_ap − min(d_an, d_pn) + μ]₊
//
// Balntas et al., BMVC 2016; the mean over active terms is pytorch-metric-learning's. The gradient of the negative goes to whichever pair
// is nearer, so to a pair of the positive's row; of equal ones to the anchor's. An anchor that lacks either side has no triplet. An anchor
// costs p·n.
type TripletSwap struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"by how much the negative should be farther than the positive"`
}

// Eval implements [Loss].
func (l TripletSwap) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the triplet loss with swap")
	clear(g)
	m := b.m
	// Distances and slopes of all pairs, once.
	memory := b.scratch(2 * m * m)
	d, slope := memory[:m*m], memory[m*m:]
	distances("distance", d, slope, b.s)
	sum, active := 0.0, 0.0
	for i := range m {
		own := b.order[b.from[i]:b.to[i]]
		for _, p := range own {
			if p == i {
				continue
			}
			h := d[i*m+p] + l.Margin
			for n := range m {
				if b.anchors[n] == b.anchors[i] {
					continue
				}
				near := i*m + n
				if d[p*m+n] < d[near] {
					near = p*m + n
				}
				if d[near] < h {
					sum += h - d[near]
					active++
					g[i*m+p] += slope[i*m+p]
					g[near] -= slope[near]
				}
			}
		}
	}
	if active == 0 {
		return 0
	}
	for k := range g {
		g[k] /= active
	}
	return sum / active
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
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning with swap", Value: TripletSwap{Margin: 0.05}, Oracle: "golden triplet_all_l2_swap"},
	},
}
