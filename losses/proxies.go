package losses

import "math"

// ProxyLosses lists the losses that compare embeddings with trained proxies of the
// classes. General Pair Weighting does not cover them, but they are functions of S too.
// The candidates are the proxies, with their classes. For Proxy-Anchor the proxies are
// the anchors. A trainer keeps the proxies and gives them the gradient Gᵀ X. These losses
// are not in [Catalogue], so that "all losses" are those that need nothing but the batch.
var ProxyLosses = []Spec{
	proxyNCA,
	cosFace,
	normalizedSoftmax,
	arcFace,
	softTriple,
	proxyAnchor,
}

// ProxyNCA compares an embedding with the proxy of its class and with those of the other
// classes, on squared distances:
//
//	L = (1/k) Σ_i log( Σ_{N_i} e^{−s d²} / Σ_{P_i} e^{−s d²} )
//
// The source is Movshovitz-Attias et al., ICCV 2017. The positive proxy is not in the
// denominator of the softmax, so the value can be negative. With the positive proxy in
// it, L is [NCA]. That is ProxyNCA of pytorch-metric-learning, and ProxyNCA++ of Teh et
// al., ECCV 2020. An anchor that lacks either side adds nothing.
type ProxyNCA struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the squared distances"`
}

// EvalAnchor implements [AnchorLoss].
func (l ProxyNCA) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 0
	}

	pos, neg := Scaled(a.GPos, a.Pos, 2*l.Scale, 0), Scaled(a.GNeg, a.Neg, 2*l.Scale, 0)
	sum = LogSumExp(neg) - LogSumExp(pos)

	for k := range pos {
		pos[k] *= -2 * l.Scale
	}
	for k := range neg {
		neg[k] *= 2 * l.Scale
	}
	return sum, 1
}

// CosFace is the cross-entropy of scaled cosines with a margin on that of the right
// class. It has a term for every positive:
//
//	L = mean over (i,p) of log(1 + Σ_{N_i} e^{s (S_in − S_ip + m)})
//
// The source is Wang et al., CVPR 2018. An anchor that lacks negatives has the value 0
// and counts. An anchor that lacks positives does not count. With m = 0 the loss is
// [NTXent], and as such the normalised softmax of Zhai & Wu, BMVC 2019.
type CosFace struct {
	Margin float64 `yaml:"margin" sym:"m" in:"[0,2]" doc:"taken off the cosine of the right class"`
	Scale  float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the cosines"`
}

// EvalAnchor implements [AnchorLoss].
func (l CosFace) EvalAnchor(a *Anchor) (sum, terms float64) {
	return crossEntropy(a, l.Scale, func(s float64) (target, slope float64) { return s - l.Margin, 1 })
}

// ArcFace is [CosFace] with the margin on the angle: cos(θ + m) takes the place of S_ip −
// m. The source is Deng et al., CVPR 2019. Beyond θ = π − m the cosine would increase
// again. There S − m·sin m takes its place, as in pytorch-metric-learning. As S
// approaches 1 the derivative of sin θ grows without bound. At S = 1 it is infinite and
// is taken as 0.
type ArcFace struct {
	Margin float64 `yaml:"margin" sym:"m" in:"[0,90]" doc:"added to the angle of the right class, in degrees"`
	Scale  float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the cosines"`
}

// EvalAnchor implements [AnchorLoss].
func (l ArcFace) EvalAnchor(a *Anchor) (sum, terms float64) {
	sin, cos := sincos(l.Margin)
	return crossEntropy(a, l.Scale, func(s float64) (target, slope float64) {
		if s < -cos { // θ > π − m
			return s - l.Margin*(math.Pi/180)*sin, 1
		}
		root, slope := sine(s)
		return s*cos - root*sin, cos - slope*sin
	})
}

// crossEntropy sums log(1 + Σ_N e^{scale·(S_n − t)}) over the positives. target returns
// the t of a positive and slope, which is ∂t/∂S.
func crossEntropy(a *Anchor, scale float64, target func(s float64) (t, slope float64)) (sum, terms float64) {
	terms = float64(len(a.Pos))
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, terms
	}

	neg := Scaled(a.Scratch(len(a.Neg)), a.Neg, scale, 0)
	all := LogSumExp(neg)

	pull := 0.0
	for k, s := range a.Pos {
		t, slope := target(s)
		value, share := SoftplusSlope(all - scale*t)
		sum += value
		a.GPos[k] = -scale * share * slope
		pull += share
	}

	for k, share := range neg {
		a.GNeg[k] = scale * share * pull
	}
	return sum, terms
}

// ProxyAnchor has the proxies as anchors and the batch as candidates:
//
//	L = mean over proxies with a positive of log(1 + Σ_P e^{−α(S−δ)})
//	  + mean over all proxies of log(1 + Σ_N e^{α(S+δ)})
//
// So the weights of a proxy's positives are softmax shares among them, and those of its
// negatives are softmax shares among the negatives. The source is Kim et al., CVPR 2020.
// A proxy that lacks positives in the batch counts in the second mean alone. A proxy that
// lacks both has the value 0 in that mean and counts in it.
type ProxyAnchor struct {
	Margin float64 `yaml:"margin" sym:"δ" in:"[-1,1]" doc:"positives should exceed it, negatives stay below its negative"`
	Alpha  float64 `yaml:"alpha" sym:"α" in:"(0,inf)" doc:"scale of the similarities"`
}

// EvalSides implements [PerSideLoss].
func (l ProxyAnchor) EvalSides(a *Anchor) (pos, neg SideSum) {
	pos.Sum = Log1pSumExp(Scaled(a.GPos, a.Pos, -l.Alpha, l.Margin))
	neg.Sum = Log1pSumExp(Scaled(a.GNeg, a.Neg, l.Alpha, -l.Margin))

	for k := range a.GPos {
		a.GPos[k] *= -l.Alpha
	}
	for k := range a.GNeg {
		a.GNeg[k] *= l.Alpha
	}

	if len(a.Pos) > 0 {
		pos.Terms = 1
	}
	neg.Terms = 1
	return pos, neg
}

var proxyNCA = Spec{
	Name:     "proxy_nca",
	Title:    "ProxyNCA",
	Cite:     "Movshovitz-Attias et al., ICCV 2017",
	Year:     2017,
	Family:   Proxies,
	Formula:  "L = (1/k) Σ_i log( Σ_{N_i} e^{−s d²} / Σ_{P_i} e^{−s d²} )",
	Revision: 1,
	Presets: []Preset{
		{Name: "paper", Source: "Movshovitz-Attias et al., ICCV 2017", Form: "losses.ProxyNCA", Value: ProxyNCA{Scale: 1}, Oracle: "golden proxynca_paper"},
		{Name: "pml", Source: "pytorch-metric-learning's default: the positive in the denominator", Code: codePML, Form: "losses.NCA", Value: NCA{Scale: 1}, Oracle: "golden proxynca_pml"},
		{Name: "plus_plus", Source: "ProxyNCA++, Teh et al., ECCV 2020: temperature 1/9", Form: "losses.NCA", Value: NCA{Scale: 9}, Oracle: "golden proxyncapp_T1_9"},
	},
}

var cosFace = Spec{
	Name:     "cosface",
	Title:    "CosFace",
	Cite:     "Wang et al., CVPR 2018",
	Year:     2018,
	Family:   Proxies,
	Formula:  "L = mean_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − S_ip + m)})",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.CosFace", Value: CosFace{Margin: 0.35, Scale: 64}, Oracle: "golden cosface"},
	},
}

var normalizedSoftmax = Spec{
	Name:     "normalized_softmax",
	Title:    "Normalised softmax",
	Cite:     "Zhai & Wu, BMVC 2019",
	Year:     2019,
	Family:   Proxies,
	Formula:  "L = −mean_{(i,p)} log( e^{S_ip/τ} / (e^{S_ip/τ} + Σ_{N_i} e^{S_in/τ}) )",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.NTXent", Value: NTXent{Temperature: 0.05}, Oracle: "golden norm_softmax"},
	},
}

var arcFace = Spec{
	Name:     "arcface",
	Title:    "ArcFace",
	Cite:     "Deng et al., CVPR 2019",
	Year:     2019,
	Family:   Proxies,
	Formula:  "L = mean_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − cos(θ_ip + m))})",
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.ArcFace", Value: ArcFace{Margin: 28.6, Scale: 64}, Oracle: "golden arcface"},
	},
}

var proxyAnchor = Spec{
	Name:     "proxy_anchor",
	Title:    "Proxy-Anchor",
	Cite:     "Kim et al., CVPR 2020",
	Year:     2020,
	Family:   Proxies,
	Formula:  "L = mean_{P⁺} log(1 + Σ_P e^{−α(S−δ)}) + mean log(1 + Σ_N e^{α(S+δ)})",
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default; the proxies are the anchors", Code: codePML, Form: "losses.ProxyAnchor", Value: ProxyAnchor{Margin: 0.1, Alpha: 32}, Oracle: "golden proxy_anchor"},
	},
}
