package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// NTXent is the normalised temperature-scaled cross-entropy. It is InfoNCE with every
// positive pair of the batch:
//
//	L = −(1/|P|) Σ_{(i,p)} log( e^{S_ip/τ} / (e^{S_ip/τ} + Σ_{N_i} e^{S_in/τ}) )
//
// The other positives of the anchor are not in the denominator. With one positive for
// each anchor it is [SupCon]. It is [NPairs] with scale 1/τ. The sources are van den Oord
// et al., 2018, and Chen et al., ICML 2020. pytorch-metric-learning adds a tiny number
// inside the logarithm, so that in float32 the hardest pairs have no gradient. A positive
// pair without negatives has the value 0 and counts in |P|.
type NTXent struct {
	Temperature float64 `yaml:"temperature" sym:"τ" in:"(0,inf)" doc:"temperature of the similarities"`
}

// EvalAnchor implements [AnchorLoss].
func (l NTXent) EvalAnchor(a *Anchor) (sum, terms float64) {
	return NPairs{Scale: 1 / l.Temperature}.EvalAnchor(a)
}

var ntxent = Spec{
	Name:     "nt_xent",
	Title:    "NT-Xent",
	Cite:     "van den Oord et al., 2018; Chen et al., ICML 2020",
	Year:     2018,
	Family:   Tuples,
	Formula:  "L = −(1/|P|) Σ_{(i,p)} log( e^{S_ip/τ} / (e^{S_ip/τ} + Σ_{N_i} e^{S_in/τ}) )",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML,
			Departs: "the library adds a tiny number inside the logarithm, so that in float32 the hardest pairs have no gradient; here they keep it",
			Form:    "losses.NTXent", Value: NTXent{Temperature: 0.07}, Oracle: "golden ntxent_0.07"},
		{Name: "half", Source: "the commands for CIFAR in the READMEs of google-research/simclr and HobbitLong/SupContrast: τ 0.5", Form: "losses.NTXent", Value: NTXent{Temperature: 0.5}, Oracle: "golden ntxent_0.5"},
	},
}

// SupCon is the supervised contrastive loss with the mean over positives outside the
// logarithm:
//
//	L = −(1/k) Σ_i (1/|P_i|) Σ_{P_i} log( e^{S_ip/τ} / Σ_{j≠i} e^{S_ij/τ} )
//	k anchors that have both sides
//
// The source is Khosla et al., NeurIPS 2020, L_out. All positives are in the denominator,
// so a positive with a softmax share above 1/|P_i| is pushed away: G > 0.
//
// An anchor that lacks either side adds nothing. With anchors "all", as in the authors'
// code, every anchor counts in k. An anchor without positives then adds 0, and an anchor
// without negatives has its positives in the denominator. That code also multiplies by τ
// over a base temperature.
type SupCon struct {
	Temperature float64 `yaml:"temperature" sym:"τ" in:"(0,inf)" doc:"temperature of the similarities"`
	Anchors     string  `yaml:"anchors" sym:"anchors" in:"{valid,all}" doc:"which anchors the mean counts: those that have both sides, or all, of which one without negatives has its positives alone in the denominator"`
}

// EvalAnchor implements [AnchorLoss].
func (l SupCon) EvalAnchor(a *Anchor) (sum, terms float64) {
	all := l.Anchors == "all"
	if len(a.Pos) == 0 || len(a.Neg) == 0 && !all {
		if all {
			return 0, 1
		}
		return 0, 0
	}

	// ahead is e^{(S−nearest)/τ} − 1 of the positives, and wrong is the log-sum-exp of
	// the negatives. Both are relative to the nearest positive.
	nearest, perTemperature := f64.Max(a.Pos), 1/l.Temperature
	ahead := Scaled(a.GPos, a.Pos, perTemperature, nearest)
	wrong := LogSumExp(Scaled(a.GNeg, a.Neg, perTemperature, nearest))

	count, total := float64(len(ahead)), 0.0
	for k, z := range ahead {
		sum -= z / count
		ahead[k] = expm1(z)
		total += ahead[k]
	}
	positives := math.Log(count + total)

	value, share := SoftplusSlope(wrong - positives) // of the negatives
	sum += positives + value

	// The gradient of a positive is its share less 1/|P_i|. It is the sum of two terms
	// without cancellation: the excess over the mean of the positives, and the share of
	// the negatives.
	each := Sigmoid(positives-wrong) / (count + total)
	f64.Scale(a.GPos, ahead, perTemperature*each, total/count)
	for k := range a.GPos {
		a.GPos[k] -= perTemperature * share / count
	}
	f64.Scale(a.GNeg, a.GNeg, perTemperature*share, 0)
	return sum, 1
}

// SupConIn is [SupCon] with the mean over positives inside the logarithm:
//
//	L = −(1/k) Σ_i log( (1/|P_i|) Σ_{P_i} e^{S_ip/τ} / Σ_{j≠i} e^{S_ij/τ} )
//
// The source is Khosla et al., NeurIPS 2020, L_in, which the paper finds worse than
// L_out. G is never positive on a positive. The loss is [NCA] with scale 1/2τ, plus the
// constants log |P_i|. An anchor that lacks either side adds nothing.
type SupConIn struct {
	Temperature float64 `yaml:"temperature" sym:"τ" in:"(0,inf)" doc:"temperature of the similarities"`
}

// EvalAnchor implements [AnchorLoss].
func (l SupConIn) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 0
	}
	sum, terms = NCA{Scale: 1 / (2 * l.Temperature)}.EvalAnchor(a)
	return sum + math.Log(float64(len(a.Pos))), terms
}

var supcon = Spec{
	Name:     "supcon",
	Title:    "SupCon",
	Cite:     "Khosla et al., NeurIPS 2020",
	Year:     2020,
	Family:   Tuples,
	Formula:  "L = −(1/k) Σ_i (1/|P_i|) Σ_{P_i} log( e^{S_ip/τ} / Σ_{j≠i} e^{S_ij/τ} )",
	Notes:    []string{"The least value is the mean of log |P_i| and not 0: each of |P_i| positives then has the share 1/|P_i|, and no negative has one."},
	Revision: 3,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML,
			Departs: "with a miner or a memory bank, an anchor that is left with positives alone counts in the library and adds nothing here; values of exactly 0 count here and not there",
			Form:    "losses.SupCon", Value: SupCon{Temperature: 0.1, Anchors: "valid"}, Traits: SignChanging, Oracle: "golden supcon_0.1_avgnonzero"},
		{Name: "official", Source: "the authors' code (HobbitLong/SupContrast), its defaults: temperature and base temperature 0.07; its README trains with 0.1", Code: codeSupCon,
			Departs: "the code multiplies by τ over its base temperature, which is 1 by its defaults",
			Form:    "losses.SupCon", Value: SupCon{Temperature: 0.07, Anchors: "all"}, Traits: SignChanging, Oracle: "golden supcon_0.07_meanall"},
		{Name: "inside", Source: "Khosla et al., NeurIPS 2020, L_in; τ 0.1 as in the README of the authors' code", Form: "losses.SupConIn", Value: SupConIn{Temperature: 0.1}, Oracle: "golden supcon_in_0.1"},
	},
}
