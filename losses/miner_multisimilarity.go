package losses

import "gpwbench/internal/f64"

// MultiSimilarityMiner keeps the pairs that violate the anchor's ranking by a slack ε:
//
//	a negative if S_in > min over P_i of S − ε
//	a positive if S_ip < max over N_i of S + ε
//
// The source is Wang et al., CVPR 2019, eqs. 11 and 12. Either both sets are empty or
// none is, because both conditions compare the hardest negative with the hardest
// positive.
type MultiSimilarityMiner struct {
	Eps float64 `yaml:"eps" alias:"epsilon" sym:"ε" in:"[0,2]" doc:"slack between the hardest positive and the hardest negative"`
}

// Keep implements [Miner].
func (m MultiSimilarityMiner) Keep(a *Anchor, pos, neg []bool) {
	f64.Below(pos, a.Pos, f64.Max(a.Neg)+m.Eps)
	f64.Above(neg, a.Neg, f64.Min(a.Pos)-m.Eps)
}
