package losses

// SmoothAP is one minus the average precision of each anchor's ranking, with a sigmoid for every comparison:
//
//	L = 1 − (1/k) Σ_q (1/|P_q|) Σ_{i∈P_q} R⁺_i / R_i
//	R⁺_i = 1 + Σ_{j∈P_q, j≠i} σ((S_qj − S_qi)/τ),  R_i = R⁺_i + Σ_{n∈N_q} σ((S_qn − S_qi)/τ)        k anchors that have a positive
//
// Brown et al., ECCV 2020. The anchor itself is not in its ranking, as the paper says; the authors' code counts it as a positive, which
// makes values smaller and weights different, and cuts exponents at ±50. A positive ahead of other positives can have G > 0. An anchor without
// negatives has precision 1, one without positives does not count; equal similarities stand half before each other. An
// anchor costs p·(p+n).
type SmoothAP struct {
	Temperature float64 `yaml:"temperature" alias:"anneal" sym:"τ" in:"(0,inf)" doc:"temperature of the comparisons"`
}

// Anchor implements [Anchored].
func (l SmoothAP) Anchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}
	pos, neg := a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	each := 1 / float64(len(a.Pos))
	for i, s := range a.Pos {
		ahead := 1 + compareAll(pos, a.Pos, s, l.Temperature) - 0.5 // i is not before itself
		behind := compareAll(neg, a.Neg, s, l.Temperature)
		r := ahead + behind
		sum += each * behind / r // 1 − R⁺/R
		pull := spread(a.GPos, pos, -each*behind/(r*r)/l.Temperature) + spread(a.GNeg, neg, each*ahead/(r*r)/l.Temperature)
		a.GPos[i] -= pull
	}
	return sum, 1
}

// compareAll sets c to σ((t − s)/τ) for every t of all and returns the sum.
func compareAll(c, all []float64, s, temperature float64) (sum float64) {
	for k, t := range all {
		c[k] = sigmoid((t - s) / temperature)
		sum += c[k]
	}
	return sum
}

// spread adds w·σ(1−σ) to g for every σ of c and returns what it added.
func spread(g, c []float64, w float64) (sum float64) {
	for k, v := range c {
		step := w * v * (1 - v)
		g[k] += step
		sum += step
	}
	return sum
}

var smoothAP = Spec{
	Name:     "smooth_ap",
	Title:    "Smooth-AP",
	Cite:     "Brown et al., ECCV 2020",
	Year:     2020,
	Family:   Ranking,
	Formula:  "L = 1 − (1/k) Σ_q (1/|P_q|) Σ_{i∈P_q} R⁺_i / R_i",
	Traits:   SignChanging,
	Revision: 1,
	Presets: []Preset{
		{Name: "paper", Source: "Brown et al., ECCV 2020, without the anchor in its own ranking", Value: SmoothAP{Temperature: 0.01}, Oracle: "golden smoothap_0.01"},
	},
}
