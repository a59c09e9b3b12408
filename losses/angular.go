package losses

import "math"

// Angular bounds the angle at the negative in every triangle of a positive pair and a negative, a mean over positive pairs:
//
//	L = (1/|P|) Σ_{(a,p)} log(1 + Σ_n e^{4t (S_an + S_pn) − 2(1+t) S_ap}),  t = tan² α
//
// Wang et al., ICCV 2017. The negatives' similarities to the positive have a gradient in the positive's row. pytorch-metric-learning has
// the same on unit vectors, does not normalise negatives otherwise, and ignores mined ones. A positive pair costs its negatives. A positive
// pair without negatives has the value 0 and counts.
type Angular struct {
	Alpha float64 `yaml:"alpha" sym:"α" in:"(0,89]" doc:"bound of the angle, in degrees"`
}

// Eval implements [Loss].
func (l Angular) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the angular loss")
	clear(g)
	m := b.m
	pairs := 0
	for i := range m {
		pairs += b.to[i] - b.from[i] - 1
	}
	if pairs == 0 {
		return 0
	}
	tan := math.Tan(l.Alpha * math.Pi / 180)
	t := tan * tan
	scaleNeg, scalePos, perPair := 4*t, 2*(1+t), 1/float64(pairs)
	memory := b.scratch(m)
	value := 0.0
	for i := range m {
		own, before, after := b.order[b.from[i]:b.to[i]], b.order[:b.from[i]], b.order[b.to[i]:]
		for _, p := range own {
			if p == i {
				continue
			}
			logits := memory[:0]
			for _, others := range [2][]int{before, after} {
				for _, n := range others {
					logits = append(logits, scaleNeg*(b.s[i*m+n]+b.s[p*m+n])-scalePos*b.s[i*m+p])
				}
			}
			value += perPair * logSumExp1(logits)
			pull, k := 0.0, 0
			for _, others := range [2][]int{before, after} {
				for _, n := range others {
					w := perPair * scaleNeg * logits[k]
					g[i*m+n] += w
					g[p*m+n] += w
					pull += logits[k]
					k++
				}
			}
			g[i*m+p] -= perPair * scalePos * pull
		}
	}
	return value
}

var angular = Spec{
	Name:     "angular",
	Title:    "Angular",
	Cite:     "Wang et al., ICCV 2017",
	Year:     2017,
	Family:   Tuples,
	Formula:  "L = (1/|P|) Σ_{(a,p)} log(1 + Σ_n e^{4t (S_an + S_pn) − 2(1+t) S_ap}), t = tan² α",
	Relation: Square,
	Traits:   BatchCoupled,
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default: 40 degrees", Value: Angular{Alpha: 40}, Oracle: "golden angular"},
	},
}
