package losses

// SoftTriple is the cross-entropy of the classes' similarities. Each class has several
// centres, over which its similarity is pooled:
//
//	L = (1/k) Σ_i log(1 + Σ_{c≠y_i} e^{λ (S'_ic − S'_iy + δ)})
//	S'_ic = Σ_k w_k S_ik
//	w = softmax_k(S_ik/γ)
//
// The mean is over the anchors that have both sides. An anchor that lacks either side
// adds nothing. The source is Qian et al., ICCV 2019, who add a regulariser that merges
// centres. A centre far below the pooled similarity of its class has a gradient of the
// other sign.
type SoftTriple struct {
	Lambda float64 `yaml:"lambda" alias:"la" sym:"λ" in:"(0,inf)" doc:"scale of the pooled similarities"`
	Gamma  float64 `yaml:"gamma" sym:"γ" in:"(0,inf)" doc:"temperature of the pooling"`
	Margin float64 `yaml:"margin" sym:"δ" in:"[0,2]" doc:"taken off the similarity of the right class"`
}

// Eval implements [Loss].
func (l SoftTriple) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	clear(g)

	logits := b.Scratch(b.n)
	value, anchors := 0.0, 0.0
	for i := range b.m {
		a := b.Anchor(i)
		if len(a.Pos) == 0 || len(a.Neg) == 0 {
			continue
		}

		others := logits[:0]
		for from := 0; from < len(a.Neg); {
			to := b.classEnd(i, from)
			others = append(others, l.Lambda*l.pool(a.GNeg[from:to], a.Neg[from:to]))
			from = to
		}

		own := l.pool(a.GPos, a.Pos)
		term, wrong := SoftplusSlope(LogSumExp(others) - l.Lambda*(own-l.Margin))
		value += term
		anchors++

		for k := range a.GPos {
			a.GPos[k] *= -l.Lambda * wrong
		}

		for from, c := 0, 0; from < len(a.Neg); c++ {
			to := b.classEnd(i, from)
			for k := from; k < to; k++ {
				a.GNeg[k] *= l.Lambda * wrong * others[c]
			}
			from = to
		}
		b.Store(a, g)
	}

	if anchors == 0 {
		return 0
	}
	for k := range g {
		g[k] /= anchors
	}
	return value / anchors
}

// pool returns S' of one class and sets slopes to its derivatives by the similarities.
func (l SoftTriple) pool(slopes, s []float64) (pooled float64) {
	LogSumExp(Scaled(slopes, s, 1/l.Gamma, 0))

	for k, w := range slopes {
		pooled += w * s[k]
	}

	for k := range slopes {
		slopes[k] *= 1 + (s[k]-pooled)/l.Gamma
	}
	return pooled
}

// classEnd returns the end, among anchor i's negatives, of the class that place k is in.
func (b *Batch) classEnd(i, k int) int {
	class := b.candidates[b.NegativeColumn(i, k)]
	for k < b.n-(b.to[i]-b.from[i]) && b.candidates[b.NegativeColumn(i, k)] == class {
		k++
	}
	return k
}

var softTriple = Spec{
	Name:     "soft_triple",
	Title:    "SoftTriple",
	Cite:     "Qian et al., ICCV 2019",
	Year:     2019,
	Family:   Proxies,
	Formula:  "L = (1/k) Σ_i log(1 + Σ_{c≠y} e^{λ (S'_ic − S'_iy + δ)}), S'_ic = Σ_k softmax_k(S_ik/γ) S_ik",
	Traits:   SignChanging,
	Revision: 1,
	Presets: []Preset{
		{Name: "paper", Source: "the authors' code (idstcv/SoftTriple), its defaults, without the regulariser τ 0.2", Code: codeSoftTriple, Form: "losses.SoftTriple", Value: SoftTriple{Lambda: 20, Gamma: 0.1, Margin: 0.01}, Oracle: "golden softtriple_K2"},
	},
}
