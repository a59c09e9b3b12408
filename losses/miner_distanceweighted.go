package losses

import "math"

// DistanceWeightedMiner draws as many negatives as the anchor has positives, without
// replacement. The weight of a negative at distance d is the inverse of the density of
// distances between random points of the sphere in n dimensions:
//
//	w = 1 / q(d),  q(d) ∝ d^{n−2} (1 − d²/4)^{(n−3)/2},  d clipped below at a cut-off
//
// Negatives beyond a second cut-off are not drawn, because a loss with a margin is 0
// there. Wu et al., ICCV 2017, draw one negative for each positive, with replacement. All
// positives are kept. An anchor without a negative that can be drawn loses all its pairs.
//
// The draw is a hash of the anchor's similarities and the seed. So the same batch gives
// the same pairs, and every step gives new ones. L jumps with every change of S.
type DistanceWeightedMiner struct {
	Dim     int     `yaml:"dim" sym:"n" in:"[3,65536]" doc:"dimensions of the embeddings"`
	Cutoff  float64 `yaml:"cutoff" sym:"d₀" in:"(0,2]" doc:"nearer negatives have the chance of this distance"`
	Nonzero float64 `yaml:"nonzero" alias:"nonzero_loss_cutoff" sym:"d₁" in:"(0,2]" doc:"farther negatives are not drawn"`
	Seed    int     `yaml:"seed" sym:"seed" in:"[0,1000000000]" doc:"of the draws"`
}

// Keep implements [Miner]. The negatives with the smallest −log(u)/w, where u is uniform
// in (0, 1), are a weighted draw without replacement.
func (m DistanceWeightedMiner) Keep(a *Anchor, pos, neg []bool) {
	key := uint64(m.Seed)
	for _, side := range [2][]float64{a.Pos, a.Neg} {
		for _, s := range side {
			key += mix(math.Float64bits(s)) // the same in any order of the pairs
		}
	}

	races := a.Scratch(len(a.Neg))
	running := 0
	for k, s := range a.Neg {
		u := (float64(mix(key^math.Float64bits(s))>>11) + 0.5) / (1 << 53)
		races[k] = math.Log(-math.Log(u)) - m.logWeight(s)
		if !math.IsInf(races[k], 1) {
			running++
		}
	}

	draws := min(len(a.Pos), running)
	if draws == 0 {
		return
	}

	last := a.Sorted(races)[draws-1]
	for k, r := range races {
		neg[k] = r <= last
	}
	for k := range pos {
		pos[k] = true
	}
}

// logWeight returns log w up to a constant, −Inf for a negative that is not drawn.
func (m DistanceWeightedMiner) logWeight(s float64) float64 {
	d, _ := Distance(s)
	if d >= m.Nonzero {
		return math.Inf(-1)
	}
	d = max(d, m.Cutoff)
	n := float64(m.Dim)
	rest := max(1-d*d/4, 1e-12) // 0 for opposite points, which a cut-off of 2 allows
	return (2-n)*math.Log(d) - (n-3)/2*math.Log(rest)
}

// mix spreads the bits of x over all of the result, as the generator SplitMix64 does.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
