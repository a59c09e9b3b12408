package losses

// Contrastive is the contrastive loss on cosine similarities, as General Pair Weighting states it:
//
//	L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} [S_ij − λ]₊ ]
//
// Every positive has the weight 1/m, and so has every negative above λ: the weight of a pair depends on its own similarity alone.
// Wang et al., CVPR 2019, eq. 4, which writes −S for a positive: the gradient is the same. The reference code adds S instead of S − λ
// for an active negative: again the same gradient, and a value larger by λ a pair. Positives and negatives are separate sums, so an
// anchor that lacks one side keeps the other.
type Contrastive struct {
	Lambda float64 `yaml:"lambda" alias:"neg_margin,margin" sym:"λ" in:"[-1,1]" doc:"similarity above which a negative is pushed away"`
}

// Anchor implements [Anchored].
func (l Contrastive) Anchor(a *Anchor) (sum, terms float64) {
	for k, s := range a.Pos {
		sum += 1 - s
		a.GPos[k] = -1
	}
	for k, s := range a.Neg {
		if s > l.Lambda {
			sum += s - l.Lambda
			a.GNeg[k] = 1
		}
	}
	return sum, 1
}

var contrastive = Spec{
	Name:     "contrastive",
	Title:    "Contrastive",
	Cite:     "Hadsell et al., CVPR 2006; in cosine form Wang et al., CVPR 2019, eq. 4",
	Year:     2006,
	Family:   Pairwise,
	Formula:  "L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} [S_ij − λ]₊ ]",
	Uses:     Self,
	Revision: 1,
	Presets: []Preset{
		{Name: "gpw", Source: "Wang et al., CVPR 2019, eq. 4; λ as in the authors' earlier code", Value: Contrastive{Lambda: 0.5}, Oracle: "golden contrastive_cos"},
	},
}
