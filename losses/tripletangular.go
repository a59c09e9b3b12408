package losses

import "math"

// TripletAngular is the triplet loss over the triplets whose negative stands at a wide angle, the mean over those with a positive value:
//
//	L = (1/k) Σ [d_ap − d_an + μ]₊  over  atan( d_ap / 2‖x_n − (x_a+x_p)/2‖ ) > α
//
// The angle is that of [Angular]; the selection is pytorch-metric-learning's AngularMiner and carries no gradient. It needs S_pn,
// so the row of the positive. An anchor costs p·n.
type TripletAngular struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"by how much the negative should be farther than the positive"`
	Angle  float64 `yaml:"angle" sym:"α" in:"[0,89]" doc:"angle, in degrees, beyond which a triplet takes part"`
}

// Eval implements [Loss].
func (l TripletAngular) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the triplet loss with angular selection")
	clear(g)
	m, sum, active := b.m, 0.0, 0.0
	tan := math.Tan(l.Angle * math.Pi / 180)
	for i := range m {
		for _, p := range b.order[b.from[i]:b.to[i]] {
			if p == i {
				continue
			}
			near, slopeNear := distance(b.s[i*m+p])
			for n := range m {
				if b.anchors[n] == b.anchors[i] || !l.wide(tan, near, b.s[i*m+p], b.s[i*m+n], b.s[p*m+n]) {
					continue
				}
				far, slopeFar := distance(b.s[i*m+n])
				if far < near+l.Margin {
					sum += near + l.Margin - far
					active++
					g[i*m+p] += slopeNear
					g[i*m+n] -= slopeFar
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

// wide reports whether the angle is beyond the one whose tangent is tan. The squared distance of a negative to the middle of the pair
// is 1 + (1+S_ap)/2 − S_an − S_pn.
func (l TripletAngular) wide(tan, d, ap, an, pn float64) bool {
	return d > tan*2*math.Sqrt(max(0, 1.5+ap/2-an-pn))
}

var tripletAngular = Spec{
	Name:     "triplet_angular",
	Title:    "Triplet, angular selection",
	Cite:     "Wang et al., ICCV 2017, for the angle",
	Year:     2017,
	Family:   Triplets,
	Formula:  "L = (1/k) Σ [d_ap − d_an + μ]₊ over atan( d_ap / 2‖x_n − (x_a+x_p)/2‖ ) > α",
	Relation: Square,
	Traits:   BatchCoupled | CountDivisor,
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default triplet loss with its angular miner", Value: TripletAngular{Margin: 0.05, Angle: 20}, Oracle: "finite differences; the miner's golden triplets"},
	},
}
