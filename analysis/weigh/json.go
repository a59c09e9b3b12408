package weigh

import (
	"gpwbench/internal/output"
	"gpwbench/losses/describe"
)

// The JSON of a report.
type (
	reportJSON struct {
		Name     string      `json:"name"`
		Params   string      `json:"params"`
		Formula  string      `json:"formula,omitempty"` // of a user-defined loss
		Loss     float64     `json:"loss"`
		Note     string      `json:"note,omitempty"`
		Remarks  []string    `json:"remarks"` // Note among them
		Kinds    []sideJSON  `json:"kinds"`
		Gradient [][]float64 `json:"gradient"`
		Pooling  string      `json:"pooling"`
		Pairs    []pairJSON  `json:"pairs"`
	}
	// sideJSON is an analysis.SideStats.
	sideJSON struct {
		Pair      string   `json:"pair"` // positive or negative
		Pairs     int      `json:"pairs"`
		Weighted  int      `json:"weighted"`
		Mass      float64  `json:"mass"`         // Σw
		Effective float64  `json:"effective"`    // pairs
		Hardest   float64  `json:"hardest_1pct"` // a share
		Largest   float64  `json:"largest"`      // a share
		Force     float64  `json:"force"`        // Σ w·√(1−S²)
		Mean      *float64 `json:"mean_S"`       // null where there are no pairs
		Low       *float64 `json:"lowest_S"`
		High      *float64 `json:"highest_S"`
	}
	pairJSON struct {
		Anchor    int      `json:"anchor"`
		Candidate int      `json:"candidate"`
		Positive  bool     `json:"positive"`
		S         float64  `json:"S"`
		N         *float64 `json:"N"` // null where the anchor has no other negative
		P         *float64 `json:"P"` // null where the anchor has no other positive
		Weight    float64  `json:"weight"`
	}
)

func (r *Report) json() reportJSON {
	c, w := r.Choice, r.Weights
	j := reportJSON{
		Name: c.Name(), Params: c.Caption(), Formula: describe.Formula(c), Loss: w.Loss,
		Note:    describe.VectorMeansNote(c.Spec.Name, c.Traits()),
		Remarks: append([]string{}, r.Remarks()...), Gradient: [][]float64{},
		Pooling: w.Pooling.String(), Pairs: []pairJSON{},
	}

	for _, side := range r.sides() {
		s := side.stats
		j.Kinds = append(j.Kinds, sideJSON{
			Pair: side.name, Pairs: s.Pairs, Weighted: s.Weighted, Mass: s.Mass,
			Effective: s.Effective, Hardest: s.Hardest, Largest: s.Largest, Force: s.Force,
			Mean: output.OrNull(s.Mean), Low: output.OrNull(s.Low), High: output.OrNull(s.High),
		})
	}
	for i := range w.Anchors {
		candidates := len(r.Gradient) / w.Anchors
		j.Gradient = append(j.Gradient, r.Gradient[i*candidates:(i+1)*candidates])
	}
	for _, p := range w.Pairs {
		j.Pairs = append(j.Pairs, pairJSON{
			Anchor: p.Anchor, Candidate: p.Candidate, Positive: p.Positive, S: output.Unsigned(p.S),
			N: output.OrNull(p.N), P: output.OrNull(p.P), Weight: p.Weight(),
		})
	}
	return j
}
