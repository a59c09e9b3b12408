package losses

import "math"

// PNP penalises the negatives ranked before each positive. The penalty is one of five
// functions f of their soft count:
//
//	L = (1/k) Σ_q (1/(|P_q|+1)) Σ_{i∈P_q∪{q}} f(R_i)        k anchors with a positive
//	R_i = Σ_{n∈N_q} σ((S_qn − S_qi)/τ)
//
//	o   R                      ds  log(1+R)        dq  1 − (1+R)^−α
//	iu  (1+R) log(1+R)         ib  (bR − log(1+bR))/b²
//
// The source is Li et al., AAAI 2022. The authors' code and pytorch-metric-learning count
// the anchor itself among its positives, with S = 1. The paper does not say so. The
// parameter query chooses between the two. dq and ds weigh well-ranked positives most,
// and iu and ib weigh badly ranked ones most.
//
// An anchor without positives does not count. An anchor without negatives has R = 0 and
// so no penalty. An anchor costs p+n, by [pairSums].
type PNP struct {
	Variant     string  `yaml:"variant" sym:"variant" in:"{o,ds,dq,iu,ib}" doc:"the penalty f"`
	Temperature float64 `yaml:"temperature" alias:"anneal" sym:"τ" in:"(0,inf)" doc:"temperature of the comparisons"`
	B           float64 `yaml:"b" sym:"b" in:"(0,inf)" doc:"of ib: R beyond which the penalty becomes linear, inversely"`
	Alpha       float64 `yaml:"alpha" sym:"α" in:"(0,inf)" doc:"of dq: how fast the penalty saturates"`
	Query       string  `yaml:"query" sym:"query" in:"{counted,left_out}" doc:"whether the anchor is among its own positives"`
}

// EvalAnchor implements [AnchorLoss].
func (l PNP) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}

	each := 1 / float64(len(a.Pos))
	x := a.Pos
	if l.Query == "counted" {
		each = 1 / float64(len(a.Pos)+1)
		x = append(append(a.Scratch(len(a.Pos) + 1)[:0], a.Pos...), 1)
	}

	count, slopes, w := a.Scratch(len(x)), a.Scratch(len(x)), a.Scratch(len(x))
	a.pairSums.reset(x, l.Temperature)
	from, to := a.pairSums.forward(a.Neg, nil, count, slopes)

	for i := range x {
		value, slope := l.penalty(count[i])
		sum += each * value
		w[i] = each * slope / a.pairSums.temperature
		if i < len(a.Pos) {
			a.GPos[i] = -w[i] * slopes[i]
		}
	}

	a.pairSums.backward(a.GNeg, w, from, to, false)
	return sum, 1
}

// penalty returns f and its derivative.
func (l PNP) penalty(r float64) (value, slope float64) {
	switch l.Variant {
	case "ds":
		return math.Log1p(r), 1 / (1 + r)
	case "dq":
		return -math.Expm1(-l.Alpha * math.Log1p(r)), l.Alpha * math.Exp(-(l.Alpha+1)*math.Log1p(r))
	case "iu":
		return (1 + r) * math.Log1p(r), math.Log1p(r) + 1
	case "ib":
		return l.inverse(r), r / (1 + l.B*r)
	}
	return r, 1
}

// inverse returns (bR − log(1+bR))/b² for any b. For a small bR the difference is smaller
// than the rounding of its terms, so a series is summed instead.
func (l PNP) inverse(r float64) float64 {
	x := min(l.B*r, math.MaxFloat64)
	if x < 0.01 {
		sum := 0.0
		for k := 9; k >= 2; k-- { // x²/2 − x³/3 + x⁴/4 …
			sum = 1/float64(k) - x*sum
		}
		return r * r * sum
	}
	return (r - math.Log1p(x)/l.B) / l.B
}

var pnp = Spec{
	Name:     "pnp",
	Title:    "PNP",
	Cite:     "Li et al., AAAI 2022",
	Year:     2022,
	Family:   Ranking,
	Formula:  "L = (1/k) Σ_q (1/(|P_q|+1)) Σ_{i∈P_q∪{q}} f(R_i), R_i = Σ_{N_q} σ((S_qn − S_qi)/τ)",
	Revision: 3,
	Presets: []Preset{
		{Name: "o", Source: "the authors' code and pytorch-metric-learning's default", Code: codePML, Form: "losses.PNP", Value: PNP{Variant: "o", Temperature: 0.01, B: 2, Alpha: 1, Query: "counted"}, Oracle: "golden pnp_O_0.01"},
		{Name: "ds", Source: "the authors' code, variant Ds", Code: codePNP, Form: "losses.PNP", Value: PNP{Variant: "ds", Temperature: 0.01, B: 2, Alpha: 1, Query: "counted"}, Oracle: "golden pnp_Ds_0.1 (τ 0.1)"},
		{Name: "dq", Source: "the authors' code, variant Dq", Code: codePNP, Form: "losses.PNP", Value: PNP{Variant: "dq", Temperature: 0.01, B: 2, Alpha: 1, Query: "counted"}, Oracle: "golden pnp_Dq_0.1 (τ 0.1)"},
		{Name: "iu", Source: "the authors' code, variant Iu", Code: codePNP, Form: "losses.PNP", Value: PNP{Variant: "iu", Temperature: 0.01, B: 2, Alpha: 1, Query: "counted"}, Oracle: "golden pnp_Iu_0.1 (τ 0.1)"},
		{Name: "ib", Source: "the authors' code, variant Ib", Code: codePNP, Form: "losses.PNP", Value: PNP{Variant: "ib", Temperature: 0.01, B: 2, Alpha: 1, Query: "counted"}, Oracle: "golden pnp_Ib_0.1 (τ 0.1)"},
		{Name: "ds_paper", Source: "Li et al., AAAI 2022, variant Ds without the anchor in its own ranking", Form: "losses.PNP", Value: PNP{Variant: "ds", Temperature: 0.01, B: 2, Alpha: 1, Query: "left_out"}, Oracle: "golden pnp_Ds_0.1_paper_selfexcl (τ 0.1)"},
	},
}
